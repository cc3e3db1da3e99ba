// tests/laws/impulse_identity.test.cpp -- an impulse leaves the other operand as it is, or moves it
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("laws: an impulse in the centre is the identity of mode same, to the bit", "[laws]", float,
                   long double, std::complex<double>, std::int64_t) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (boundary const& edge : {boundary::zero, boundary::constant(3), boundary::replicate, boundary::reflect,
                                     boundary::symmetric, boundary::circular})
            for (index_t taps = 1; taps <= 6; ++taps)
                for (index_t centre = 0; centre < taps; ++centre) {
                    const auto x = any_tensor<TestType, 1>(r, {r.between(1, 80)});
                    tensor<TestType, 1> impulse({taps});
                    impulse(centre) = TestType(1);
                    const convolve_options o{.padding = mode::same,
                                             .boundary = edge,
                                             .dilation = r.between(1, 3),
                                             .centre = centre,
                                             .method = m};
                    INFO(name_of(m) << " taps " << taps << " centre " << centre);
                    CHECK(difference(convolve(x, impulse, o), x) == "");
                    CHECK(difference(correlate(x, impulse, o), x) == "");
                }
}

TEST_CASE("laws: the response to an impulse is the kernel, where the impulse stands", "[laws]") {
    random_source r(2);
    const auto h = any_tensor<float, 2>(r, {3, 4});
    for (const method m : {method::direct, method::im2col})
        for (index_t row = 0; row < 5; ++row)
            for (index_t column = 0; column < 70; ++column) {
                tensor<float, 2> impulse({5, 70});
                impulse(row, column) = 1;
                const auto y = convolve(impulse, h, {.method = m});
                const auto want = tensor_of<float, 2>({7, 73}, [&](index_list const& i) {
                    const index_t t = i[0] - row, u = i[1] - column;
                    return t >= 0 && t < 3 && u >= 0 && u < 4 ? h(t, u) : 0.0f;
                });
                CHECK(difference(y, want) == "");
            }
}
