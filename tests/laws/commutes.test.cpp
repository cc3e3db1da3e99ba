// tests/laws/commutes.test.cpp -- x * h = h * x
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T, std::size_t Rank>
void check_full(random_source& r, method m) {
    shape n, k;
    for (std::size_t a = 0; a < Rank; ++a) {
        n.push_back(r.between(1, Rank == 1 ? 90 : 9));
        k.push_back(r.between(1, Rank == 1 ? 90 : 9));
    }
    const auto x = small_tensor<T, Rank>(r, n), h = small_tensor<T, Rank>(r, k);
    INFO("x " << text(n) << " h " << text(k));
    CHECK(difference(convolve(x, h, {.method = m}), convolve(h, x, {.method = m})) == "");
}

}  // namespace

TEMPLATE_TEST_CASE("laws: full convolution commutes", "[laws]", std::int32_t, float, std::complex<double>) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (int i = 0; i < 20; ++i) {
            check_full<TestType, 1>(r, m);
            check_full<TestType, 2>(r, m);
            check_full<TestType, 3>(r, m);
        }
}

TEST_CASE("laws: circular convolution of two signals of one length commutes", "[laws]") {
    random_source r(2);
    for (index_t n = 1; n <= 40; ++n) {
        const auto x = small_tensor<double, 1>(r, {n}), h = small_tensor<double, 1>(r, {n});
        const convolve_options once_around{.padding = {{n - 1, 0}}, .boundary = boundary::circular};
        const auto y = convolve(x, h, once_around);
        REQUIRE(y.shape() == shape{n});
        CHECK(difference(y, convolve(h, x, once_around)) == "");
    }
}
