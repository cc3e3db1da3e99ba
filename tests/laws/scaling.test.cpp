// tests/laws/scaling.test.cpp -- factors of 2^k and of -1 pass through exactly
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
tensor<T, 2> times(tensor<T, 2> const& x, real_t<T> factor) {
    return tensor_of<T, 2>(x.shape(), [&](index_list const& i) { return x(i) * factor; });
}

}  // namespace

TEMPLATE_TEST_CASE("laws: powers of two and signs pass through, with ==", "[laws]", float, double,
                   std::complex<float>) {
    random_source r(1);
    using real = real_t<TestType>;
    for (const method m : {method::direct, method::im2col})
        for (boundary const& edge : {boundary::zero, boundary::reflect})
            for (const real factor : {real(-1), real(0x1p20), real(-0x1p-20), real(2)}) {
                const auto x = any_tensor<TestType, 2>(r, {7, 90}), h = any_tensor<TestType, 2>(r, {3, 4});
                const convolve_options o{.boundary = edge, .method = m};
                const auto y = convolve(x, h, o), of_x = convolve(times(x, factor), h, o),
                           of_h = convolve(x, times(h, factor), o);
                index_t different = 0;
                for (index_t i = 0; i < y.count(); ++i) {
                    different += !(of_x.data()[i] == y.data()[i] * factor);
                    different += !(of_h.data()[i] == y.data()[i] * factor);
                }
                CHECK(y.count() == 9 * 93);
                CHECK(different == 0);
            }
}
