// tests/laws/view_equals_copy.test.cpp -- a view gives the bits that a dense copy of it gives, whatever its strides
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// Every method, several options: x and h as they are and copied; y dense, reversed, padded and as one of three
/// channels.
template <class T, class X, class H>
void check_view(X const& x, H const& h) {
    for (const method m : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save})
        for (boundary const& edge : {boundary::zero, boundary::reflect})
            for (index_t stride = 1; stride <= 2; ++stride) {
                const convolve_options o{.padding = mode::same, .boundary = edge, .stride = stride, .method = m};
                const auto want = convolve(copy(x), copy(h), o);
                CHECK(difference(convolve(x, h, o), want) == "");
                tensor<T, 3> packed({want.extent(0), want.extent(1) + 3, 3});
                const auto narrow = slice(packed, all, range{1, want.extent(1) + 1}, 1);
                convolve_into(narrow, x, h, o);
                CHECK(difference(copy(narrow), want) == "");
                tensor<T, 2> turned({want.extent(1), want.extent(0)});
                const auto reversed = flip(transpose(turned));
                convolve_into(reversed, x, h, o);
                CHECK(difference(copy(reversed), want) == "");
            }
}

}  // namespace

TEMPLATE_TEST_CASE("laws: a view equals its copy, to the bit", "[laws]", float, std::complex<double>) {
    random_source r(1);
    const auto image = any_tensor<TestType, 2>(r, {9, 150}), kernel = any_tensor<TestType, 2>(r, {3, 4});
    const auto rgb = any_tensor<TestType, 3>(r, {6, 70, 3});
    const auto row = any_tensor<TestType, 2>(r, {1, 80});
    SECTION("reversed") { check_view<TestType>(flip(image), kernel); }
    SECTION("reversed rows") { check_view<TestType>(flip(image, {1}), flip(kernel, {0})); }
    SECTION("transposed") { check_view<TestType>(transpose(image), transpose(kernel)); }
    SECTION("padded rows") { check_view<TestType>(slice(image, all, range{3, 140}), kernel); }
    SECTION("every second sample") { check_view<TestType>(slice(image, range{0, 9, 2}, range{0, 150, 2}), kernel); }
    SECTION("one channel of packed RGB") { check_view<TestType>(slice(rgb, all, all, 1), kernel); }
    SECTION("one row, broadcast") { check_view<TestType>(broadcast_to<2>(row, {5, 80}), kernel); }
    SECTION("one column, broadcast") {
        check_view<TestType>(broadcast_to<2>(slice(image, all, range{4, 5}), {9, 60}), kernel);
    }
    SECTION("a kernel of one repeated value") {
        check_view<TestType>(image, broadcast_to<2>(slice(kernel, range{1, 2}, range{2, 3}), {3, 5}));
    }
    SECTION("windows") { check_view<TestType>(slice(sliding_window(image, {4, 5}), 2, all, 3, all), kernel); }
}
