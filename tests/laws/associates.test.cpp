// tests/laws/associates.test.cpp -- (x * g) * h = x * (g * h)
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("laws: full convolution associates", "[laws]", std::int64_t, double, std::complex<float>) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (int i = 0; i < 20; ++i) {
            const auto x = small_tensor<TestType, 2>(r, {r.between(1, 12), r.between(1, 40)});
            const auto g = small_tensor<TestType, 2>(r, {r.between(1, 4), r.between(1, 5)});
            const auto h = small_tensor<TestType, 2>(r, {r.between(1, 3), r.between(1, 4)});
            INFO("x " << text(x.shape()) << " g " << text(g.shape()) << " h " << text(h.shape()));
            const auto left = convolve(convolve(x, g, {.method = m}), h, {.method = m});
            const auto right = convolve(x, convolve(g, h, {.method = m}), {.method = m});
            CHECK(difference(left, right) == "");
        }
}

TEST_CASE("laws: under a circular boundary kernels combine to their full convolution", "[laws]") {
    random_source r(2);
    for (int i = 0; i < 40; ++i) {
        const index_t n = r.between(1, 30), k = r.between(1, 7), l = r.between(1, 7);
        const auto x = small_tensor<double, 1>(r, {n}), g = small_tensor<double, 1>(r, {k}),
                   h = small_tensor<double, 1>(r, {l});
        const auto causal = [](index_t taps) {
            return convolve_options{.padding = {{taps - 1, 0}}, .boundary = boundary::circular};
        };
        INFO("n " << n << " taps " << k << " and " << l);
        CHECK(difference(convolve(convolve(x, g, causal(k)), h, causal(l)),
                         convolve(x, convolve(g, h), causal(k + l - 1))) == "");
    }
}
