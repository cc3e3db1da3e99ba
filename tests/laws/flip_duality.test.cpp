// tests/laws/flip_duality.test.cpp -- convolution is correlation with the kernel reversed and conjugated
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T, std::size_t Rank>
tensor<T, Rank> conjugated(tensor<T, Rank> const& x) {
    return tensor_of<T, Rank>(x.shape(), [&](index_list const& i) { return conjugate(x(i)); });
}

}  // namespace

TEMPLATE_TEST_CASE("laws: convolve(x, h) = correlate(x, conj(flip(h))), to the bit", "[laws]", float,
                   std::complex<double>, std::int16_t) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (boundary const& edge : {boundary::zero, boundary::reflect, boundary::circular})
            for (const mode padding : {mode::full, mode::valid, mode::same_upper})
                for (int i = 0; i < 4; ++i) {
                    const auto x = any_tensor<TestType, 2>(r, {r.between(5, 9), r.between(5, 50)});
                    const auto h = any_tensor<TestType, 2>(r, {r.between(1, 5), r.between(1, 5)});
                    const convolve_options o{.padding = padding,
                                             .boundary = edge,
                                             .stride = r.between(1, 2),
                                             .dilation = r.between(1, 2),
                                             .method = m};
                    const auto conj_h = conjugated(h);
                    CHECK(difference(convolve(x, h, o), correlate(x, flip(conj_h), o)) == "");
                }
}

TEST_CASE("laws: reversing both operands reverses the result", "[laws]") {
    random_source r(2);
    for (int i = 0; i < 20; ++i) {
        const auto x = small_tensor<float, 2>(r, {r.between(1, 9), r.between(1, 40)}),
                   h = small_tensor<float, 2>(r, {r.between(1, 5), r.between(1, 5)});
        for (boundary const& edge : {boundary::zero, boundary::symmetric, boundary::circular}) {
            const auto y = convolve(x, h, {.boundary = edge}), z = correlate(x, h, {.boundary = edge});
            CHECK(difference(copy(flip(y)), convolve(flip(x), flip(h), {.boundary = edge})) == "");
            CHECK(difference(copy(flip(z)), correlate(flip(x), flip(h), {.boundary = edge})) == "");
        }
    }
}

TEST_CASE("laws: swapping the operands of a full correlation reverses and conjugates it", "[laws]") {
    random_source r(3);
    for (int i = 0; i < 20; ++i) {
        const auto x = small_tensor<std::complex<double>, 1>(r, {r.between(1, 40)}),
                   h = small_tensor<std::complex<double>, 1>(r, {r.between(1, 40)});
        // every sum is of small integers, and -0 has no place here: compare numbers
        const auto forth = correlate(x, h), back = correlate(h, x);
        REQUIRE(forth.shape() == back.shape());
        for (index_t l = 0; l < forth.extent(0); ++l) CHECK(forth(l) == std::conj(back(forth.extent(0) - 1 - l)));
    }
}
