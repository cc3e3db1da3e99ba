// tests/laws/linear.test.cpp -- (a x + b z) * h = a (x * h) + b (z * h), and the same in h
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
tensor<T, 2> combined(T a, tensor<T, 2> const& x, T b, tensor<T, 2> const& z) {
    return tensor_of<T, 2>(x.shape(), [&](index_list const& i) { return a * x(i) + b * z(i); });
}

}  // namespace

TEMPLATE_TEST_CASE("laws: linear in the input and in the kernel, with every boundary", "[laws]", float,
                   std::complex<double>) {
    random_source r(1);
    for (boundary const& edge :
         {boundary::zero, boundary::replicate, boundary::reflect, boundary::symmetric, boundary::circular})
        for (const method m : {method::direct, method::im2col})
            for (const mode padding : {mode::full, mode::same, mode::valid})
                for (int i = 0; i < 3; ++i) {
                    const shape n{r.between(5, 9), r.between(5, 40)}, k{r.between(1, 5), r.between(1, 5)};
                    const convolve_options o{.padding = padding,
                                             .boundary = edge,
                                             .stride = r.between(1, 2),
                                             .dilation = r.between(1, 2),
                                             .method = m};
                    const auto x = small_tensor<TestType, 2>(r, n), z = small_tensor<TestType, 2>(r, n);
                    const auto h = small_tensor<TestType, 2>(r, k), g = small_tensor<TestType, 2>(r, k);
                    const TestType a(3), b(-2);
                    CHECK(difference(convolve(combined(a, x, b, z), h, o),
                                     combined(a, convolve(x, h, o), b, convolve(z, h, o))) == "");
                    CHECK(difference(convolve(x, combined(a, h, b, g), o),
                                     combined(a, convolve(x, h, o), b, convolve(x, g, o))) == "");
                }
}

TEST_CASE("laws: with a constant boundary the response to x is linear after that to 0 is taken away", "[laws]") {
    random_source r(2);
    const convolve_options o{.boundary = boundary::constant(5)};
    for (int i = 0; i < 10; ++i) {
        const shape n{r.between(1, 9), r.between(1, 20)};
        const auto x = small_tensor<double, 2>(r, n),
                   h = small_tensor<double, 2>(r, {r.between(1, 4), r.between(1, 4)});
        const tensor<double, 2> zeros(n);
        const auto offset = convolve(zeros, h, o), once = convolve(x, h, o),
                   twice = convolve(combined(2.0, x, 0.0, x), h, o);
        CHECK(difference(combined(1.0, twice, -1.0, offset), combined(2.0, once, -2.0, offset)) == "");
    }
}
