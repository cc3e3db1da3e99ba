// tests/documents/document_1.test.cpp -- questions about periods, chosen frames, and a picture shifted and convolved
#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <numeric>

#include "documents/arrays.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using testing::equal;
using testing::largest_difference;
using testing::noise;
using testing::relative_difference;

namespace {

constexpr method every_method[] = {method::direct, method::im2col, method::fft, method::overlap_save};

/// How far integers may be from the exact ones in the question's arrays: sums of products are exact, transforms are
/// not.
double bound_of(method m) { return m == method::fft || m == method::overlap_save ? 1e-14 : 0; }

tensor<double, 2> ten_times(std::vector<double> const& row) { return copy(broadcast_to<2>(row, {10, 10})); }

/// The question's picture: its left half is 1.
tensor<double, 2> half_white() { return ten_times({1, 1, 1, 1, 1, 0, 0, 0, 0, 0}); }

/// The question's kernel.
tensor<double, 2> edges() { return {{3, 3}, {1, 0, -1, 2, 0, -2, 1, 0, -1}}; }

/// The question's way to a period: four copies of the picture, with zeros around them, of whose result the middle is
/// kept.
template <class Call>
tensor<double, 2> middle_of_four(tensor<double, 2> const& x, Call&& call) {
    tensor<double, 2> four{{20, 20}};
    for (index_t i = 0; i < 20; ++i)
        for (index_t j = 0; j < 20; ++j) four(i, j) = x(i % 10, j % 10);
    const auto y = call(four);
    return copy(slice(y, range{5, 15}, range{5, 15}));
}
tensor<double, 2> convolved_in_four(tensor<double, 2> const& x, method m) {
    return middle_of_four(
        x, [m](auto const& four) { return convolve(four, edges(), {.padding = mode::same, .method = m}); });
}
tensor<double, 2> correlated_in_four(tensor<double, 2> const& x, method m) {
    return middle_of_four(
        x, [m](auto const& four) { return correlate(four, edges(), {.padding = mode::same, .method = m}); });
}

/// On the circle, with the kernel's middle or its corner on the output's own sample.
tensor<double, 2> on_circle(tensor<double, 2> const& x, index_t centre, method m) {
    return convolve(x, edges(), {.padding = mode::same, .boundary = boundary::circular, .centre = centre, .method = m});
}

using spectrum = tensor<std::complex<long double>, 2>;

/// The sum of x(i, j) exp(sign 2 pi i (u i / n + v j / m)), as it is defined.
spectrum defining_transform(auto const& x, long double sign) {
    const long double turn = 2 * std::acos(-1.0L);
    const index_t n = x.extent(0), m = x.extent(1);
    spectrum s{x.shape()};
    for_each_index(s.shape(), [&](index_list const& f) {
        for_each_index(s.shape(), [&](index_list const& i) {
            const long double part = static_cast<long double>(f[0] * i[0] % n) / static_cast<long double>(n) +
                                     static_cast<long double>(f[1] * i[1] % m) / static_cast<long double>(m);
            s(f) += std::complex<long double>(x(i)) * std::polar(1.0L, sign * turn * part);
        });
    });
    return s;
}

tensor<double, 2> real_part(auto const& x) {
    tensor<double, 2> y{x.shape()};
    for_each_index(x.shape(), [&](index_list const& i) { y(i) = static_cast<double>(x(i).real()); });
    return y;
}

tensor<double, 2> inverse(spectrum const& s) {
    spectrum x = defining_transform(s, 1);
    for (auto& v : x) v /= static_cast<long double>(x.count());
    return real_part(x);
}

/// The kernel in the upper left corner of a picture of zeros.
tensor<double, 2> in_corner(tensor<double, 2> const& h) {
    tensor<double, 2> x{{10, 10}};
    copy_into(slice(x, range{0, h.extent(0)}, range{0, h.extent(1)}), h);
    return x;
}

/// The product of two spectra, number by number.
template <class Product>
spectrum multiplied(spectrum const& l, spectrum const& r, Product&& product) {
    spectrum s{l.shape()};
    for_each_index(s.shape(), [&](index_list const& i) { s(i) = product(l(i), r(i)); });
    return s;
}
spectrum multiplied(spectrum const& l, spectrum const& r) { return multiplied(l, r, std::multiplies<>{}); }

/// Every sample moved by `shift` along an axis, to higher indices where it is positive; zeros come in.
template <class T, std::size_t Rank>
tensor<T, Rank> translated(tensor<T, Rank> const& x, int axis, index_t shift) {
    tensor<T, Rank> y{x.shape()};
    const index_t n = x.extent(axis);
    const range from{std::max<index_t>(-shift, 0), n - std::max<index_t>(shift, 0)};
    const range to{from.first + shift, from.last + shift};
    copy_into(slice_axis(y, axis, to), slice_axis(x, axis, from));
    return y;
}

/// A picture of three channels (rows, columns, channels) with a kernel of three, channel by channel and then summed.
template <class T, class H>
auto summed_over_channels(tensor<T, 3> const& x, tensor<H, 3> const& h, convolve_options const& options) {
    auto y = convolve(slice(x, all, all, 0), slice(h, all, all, 0), options);
    for (int c = 1; c < 3; ++c) {
        const auto next = convolve(slice(x, all, all, c), slice(h, all, all, c), options);
        std::transform(y.begin(), y.end(), next.begin(), y.begin(), std::plus<>{});
    }
    return y;
}

tensor<int, 3> three_channel_kernel() {
    return {{3, 3, 3}, {2, -1, 1, 0, 3, -2, -1, 1, 4, 1, -3, 0, 5, 2, 1, -2, 0, 1, 1, 1, -4, 3, 0, 2, -1, 2, 1}};
}

/// Samples of 8 bits as fractions of 1: differences, squares and their sums are exact in a float.
tensor<float, 4> eight_bits(shape const& n, std::uint64_t seed) {
    const auto bytes = noise<std::uint8_t, 4>(n, seed);
    tensor<float, 4> x(n);
    std::transform(bytes.begin(), bytes.end(), x.begin(), [](std::uint8_t v) { return static_cast<float>(v) / 256; });
    return x;
}

/// sqrt(dx^2 + dy^2), sample by sample.
template <viewable Dx, viewable Dy>
tensor<float, 4> magnitude_of(Dx const& across, Dy const& down) {
    const auto dx = as_view(across);
    const auto dy = as_view(down);
    tensor<float, 4> y(dx.shape());
    for_each_index(y.shape(), [&](index_list const& i) { y(i) = std::sqrt(dx(i) * dx(i) + dy(i) * dy(i)); });
    return y;
}

/// One sample more at each end of the last two axes.
tensor<float, 4> padded_by_one(tensor<float, 4> const& x, boundary edge) {
    const auto indices = [&](index_t n) {
        std::vector<index_t> list;
        for (index_t i = -1; i <= n; ++i) list.push_back(edge.source(i, n));
        return list;
    };
    return take(take(x, 2, indices(x.extent(2))), 3, indices(x.extent(3)));
}

/// The answer's magnitude of padded images: its slices begin at 1 and end `end` before the end.
struct answered_slices {
    tensor<float, 4> padded;
    index_t end;

    /// That along an axis: all of it, and of the other one what the slice leaves.
    tensor<float, 4> difference(int axis) const {
        const int other = 5 - axis;
        const auto others = slice_axis(padded, other, range{1, padded.extent(other) - end});
        const index_t n = padded.extent(axis);
        const auto low = slice_axis(others, axis, range{0, n - 2}), high = slice_axis(others, axis, range{2, n});
        tensor<float, 4> y(low.shape());
        for_each_index(y.shape(), [&](index_list const& i) { y(i) = low(i) - high(i); });
        return y;
    }
    tensor<float, 4> magnitude() const { return magnitude_of(difference(3), difference(2)); }
};

}  // namespace

TEST_CASE("1.1: a convolution of four periods, of which the middle is kept", "[documents]") {
    for (method m : every_method)
        CHECK(largest_difference(convolved_in_four(half_white(), m), ten_times({-4, 0, 0, 0, 4, 4, 0, 0, 0, -4})) <=
              bound_of(m));
}

TEST_CASE("1.2: a correlation is the exact negative of it here", "[documents]") {
    for (method m : every_method)
        CHECK(largest_difference(correlated_in_four(half_white(), m), ten_times({4, 0, 0, 0, -4, -4, 0, 0, 0, 4})) <=
              bound_of(m));
    auto negative = convolved_in_four(half_white(), method::direct);
    for (double& v : negative) v = -v;
    CHECK(equal(correlated_in_four(half_white(), method::direct), negative));
}

TEST_CASE("1.3: with the kernel in the corner the result is moved by a row and a column", "[documents]") {
    const auto expected = ten_times({4, 4, 0, 0, 0, -4, -4, 0, 0, 0});
    const auto product = multiplied(defining_transform(half_white(), -1), defining_transform(in_corner(edges()), -1));
    CHECK(largest_difference(inverse(product), expected) <= 1e-14);
    for (method m : every_method) {
        CHECK(largest_difference(on_circle(half_white(), 0, m), expected) <= bound_of(m));
        CHECK(largest_difference(on_circle(half_white(), 0, m), roll(on_circle(half_white(), 1, m), {1, 1})) <=
              bound_of(m));
        // rows move, too, which a picture of equal rows does not show
        const auto x = noise<double, 2>({10, 10}, 13);
        const auto moved = on_circle(x, 0, m);
        CHECK(largest_difference(moved, roll(on_circle(x, 1, m), {1, 1})) <= 1e-14);
        CHECK(largest_difference(moved, roll(on_circle(x, 1, m), {0, 1})) > 0.1);
    }
}

TEST_CASE("1.4: with the kernel's centre at the origin it is the periodic convolution", "[documents]") {
    const auto expected = ten_times({4, 0, 0, 0, -4, -4, 0, 0, 0, 4});
    const auto centred = roll(in_corner(edges()), {-1, -1});
    CHECK(centred(0, 0) == 0);
    CHECK(centred(9, 9) == 1);
    const auto product = multiplied(defining_transform(half_white(), -1), defining_transform(centred, -1));
    CHECK(largest_difference(inverse(product), expected) <= 1e-14);
    for (method m : every_method) {
        CHECK(largest_difference(on_circle(half_white(), 1, m), expected) <= bound_of(m));
        // which is what the options say without a centre
        const auto plain =
            convolve(half_white(), edges(), {.padding = mode::same, .boundary = boundary::circular, .method = m});
        CHECK(equal(plain, on_circle(half_white(), 1, m)));
    }
}

TEST_CASE("1.5: why the transforms seemed to correlate", "[documents]") {
    // Half a period is cut off four copies, so the first sample that is kept is not the picture's first one.
    const auto any = noise<double, 2>({10, 10}, 15);
    for (method m : every_method)
        for (auto const& x : {half_white(), any})
            CHECK(largest_difference(convolved_in_four(x, m), roll(on_circle(x, 1, m), {-5, -5})) <= 1e-14);

    // Moving this picture by half a period inverts it, and a kernel whose taps sum to 0 turns that into a sign.
    const auto moved = roll(half_white(), {-5, -5});
    for_each_index(moved.shape(), [&](index_list const& i) { CHECK(moved(i) == 1 - half_white()(i)); });
    for (method m : every_method) {
        CHECK(largest_difference(on_circle(half_white(), 1, m), correlated_in_four(half_white(), m)) <= 1e-14);
        CHECK(largest_difference(on_circle(any, 1, m), correlated_in_four(any, m)) > 1);
        CHECK(largest_difference(on_circle(any, 1, m), convolved_in_four(any, m)) > 1);
    }
}

TEST_CASE("1.6: products of spectra in real and imaginary parts, and half of a spectrum", "[documents]") {
    using number = std::complex<long double>;
    const auto x = defining_transform(half_white(), -1), h = defining_transform(in_corner(edges()), -1);
    const auto whole = multiplied(x, h);
    const auto parts = multiplied(x, h, [](number l, number r) {
        return number(l.real() * r.real() - l.imag() * r.imag(), l.real() * r.imag() + l.imag() * r.real());
    });
    CHECK(equal(real_part(parts), real_part(whole)));
    CHECK(largest_difference(inverse(parts), inverse(whole)) == 0);
    // The question's first version has ad - bc: the conjugate of one factor, but for the real part.
    const auto first_version = multiplied(x, h, [](number l, number r) {
        return number(l.real() * r.real() - l.imag() * r.imag(), l.real() * r.imag() - l.imag() * r.real());
    });
    CHECK(largest_difference(inverse(first_version), inverse(whole)) > 1);

    // The other half of a real picture's spectrum is the conjugate of the first.
    spectrum from_half = whole;
    for (index_t u = 0; u < 10; ++u)
        for (index_t v = 6; v < 10; ++v) from_half(u, v) = std::conj(whole((10 - u) % 10, 10 - v));
    CHECK(largest_difference(inverse(from_half), inverse(whole)) <= 1e-15);

    // Real pictures are transformed by half of their spectra, complex ones by all of them.
    for (shape const& n : {shape{10, 10}, {16, 32}}) {
        const auto real = noise<double, 2>(n, 16);
        tensor<std::complex<double>, 2> complex{n}, complex_edges{{3, 3}};
        std::copy(real.begin(), real.end(), complex.begin());
        const auto kernel = edges();
        std::copy(kernel.begin(), kernel.end(), complex_edges.begin());
        const convolve_options circle{.padding = mode::same, .boundary = boundary::circular, .method = method::fft};
        const auto by_half = convolve(real, kernel, circle);
        const auto by_all = convolve(complex, complex_edges, circle);
        CHECK(relative_difference(by_half, real_part(by_all)) <= 1e-15);
    }
}

TEST_CASE("1.8: edges of a batch by kernels of four axes", "[documents]") {
    const auto x = eight_bits({3, 4, 28, 28}, 18);
    const tensor<float, 4> across({1, 1, 3, 3}, {0, 0, 0, 1, 0, -1, 0, 0, 0}),
        down({1, 1, 3, 3}, {0, 1, 0, 0, 0, 0, 0, -1, 0});
    // ndimage's default border, "reflect", is half a sample beyond the last one
    const auto by_kernels = magnitude_of(convolve(x, across, scipy::ndimage), convolve(x, down, scipy::ndimage));
    CHECK(equal(edge_magnitude(x), by_kernels));
}

TEST_CASE("1.9: the answer's slices, as printed and as they should be", "[documents]") {
    const auto x = eight_bits({2, 3, 12, 15}, 19);
    const answered_slices printed{padded_by_one(x, boundary::reflect), 2};
    CHECK(printed.difference(3).shape() == shape{2, 3, 11, 15});  // these two cannot be added
    CHECK(printed.difference(2).shape() == shape{2, 3, 12, 14});

    const answered_slices mended{printed.padded, 1}, replicated{padded_by_one(x, boundary::replicate), 1};
    const auto y = edge_magnitude(x);
    const auto inside = [](auto const& v) { return copy(slice(v, all, all, range{1, 11}, range{1, 14})); };
    REQUIRE(mended.magnitude().shape() == y.shape());
    CHECK(equal(inside(mended.magnitude()), inside(y)));
    CHECK_FALSE(equal(mended.magnitude(), y));  // its padding mirrors about the end samples
    CHECK(equal(mended.magnitude(), edge_magnitude(x, {.boundary = boundary::reflect})));
    CHECK(equal(replicated.magnitude(), y));
}

TEST_CASE("1.10: the tensor of the question, a part of it", "[documents]") {
    const auto x = noise<float, 4>({10, 128, 28, 28}, 110);
    tensor<float, 4> y(x.shape());
    edge_magnitude_into(y, x);
    const answered_slices slices{padded_by_one(x, boundary::replicate), 1};
    CHECK(largest_difference(y, slices.magnitude()) <= 0x1p-23);
}

TEST_CASE("1.11: the loss of a disparity", "[documents]") {
    const auto image = noise<double, 4>({1, 3, 4, 8}, 111);
    tensor<double, 4> constant({1, 1, 4, 8}), ramp({1, 1, 4, 8});
    std::fill(constant.begin(), constant.end(), 0.7);
    for_each_index(ramp.shape(), [&](index_list const& i) { ramp(i) = static_cast<double>(i[3]); });
    CHECK(disparity_smoothness(constant, image) == 0);
    CHECK(disparity_smoothness(ramp, tensor<double, 4>({1, 3, 4, 8})) == 0.875);  // 7 slopes of 1 for 8 columns

    // One slope of 1, where the image's channels change by 3 and 4: the weight is exp(-5).
    tensor<double, 4> step({1, 1, 1, 2}, {0, 1}), two_channels({1, 2, 1, 2}, {0, 3, 0, -4});
    CHECK(disparity_smoothness(step, two_channels) == Approx(std::exp(-5.0) / 2).epsilon(1e-15));

    auto d = noise<double, 4>({2, 1, 4, 8}, 112), x = noise<double, 4>({2, 3, 4, 8}, 113);
    const auto gradients = disparity_smoothness_gradients(d, x);
    CHECK(gradients.loss == Approx(disparity_smoothness(d, x)).epsilon(1e-14));
    const auto require_gradient = [&](tensor<double, 4>& operand, tensor<double, 4> const& gradient) {
        for (index_t i = 0; i < operand.count(); ++i) {
            double& sample = operand.data()[i];
            const double kept = sample;
            sample = kept + 1e-6;
            const double above = disparity_smoothness(d, x);
            sample = kept - 1e-6;
            const double below = disparity_smoothness(d, x);
            sample = kept;
            REQUIRE(std::fabs((above - below) / 2e-6 - gradient.data()[i]) <= 1e-8);
        }
    };
    require_gradient(d, gradients.disparity);
    require_gradient(x, gradients.image);
}

TEST_CASE("1.12: chosen frames keep their axis", "[documents]") {
    tensor<int, 5> x{{2, 3, 50, 25, 1}};
    std::iota(x.begin(), x.end(), 0);
    for (std::vector<index_t> const& frames : {std::vector<index_t>{2, 3, 4, 5, 6}, {2, 3, 4, 5, 11}}) {
        const auto y = take(x, 2, frames);
        REQUIRE(y.shape() == shape{2, 3, 5, 25, 1});
        std::vector<int> by_loop;
        for (index_t n = 0; n < 2; ++n)
            for (index_t c = 0; c < 3; ++c)
                for (index_t frame : frames)
                    for (index_t v = 0; v < 25; ++v)
                        by_loop.push_back(static_cast<int>(((n * 3 + c) * 50 + frame) * 25 + v));
        CHECK(std::vector<int>(y.begin(), y.end()) == by_loop);
    }

    // NumPy: x[1, :, [2, 3, 4, 5, 6], :, :] has shape (5, 3, 25, 1) and 6424 at [4, 2, 24, 0]: an index beside a list
    // moves the list's axis to the front. Here that is a permutation, and one has to ask for it.
    const auto kept = take(slice(x, 1, all, all, all, all), 1, {2, 3, 4, 5, 6});
    CHECK(kept.shape() == shape{3, 5, 25, 1});
    const auto as_numpy = permute(kept, {1, 0, 2, 3});
    CHECK(as_numpy.shape() == shape{5, 3, 25, 1});
    CHECK(as_numpy(4, 2, 24, 0) == 6424);
}

TEST_CASE("1.15: translate, then convolve, or the other way round", "[documents]") {
    const auto run = [](auto const& picture, auto const& kernel) {
        const auto both_ways = [&](method m) {
            const convolve_options options{.method = m};
            return std::pair{translated(summed_over_channels(picture, kernel, options), 1, 100),
                             summed_over_channels(translated(picture, 1, 100), kernel, options)};
        };
        for (method m : {method::direct, method::im2col}) {
            const auto [convolved_first, translated_first] = both_ways(m);
            const index_t rows = convolved_first.extent(0), columns = convolved_first.extent(1);
            REQUIRE(convolved_first.shape() == shape{62, 242});
            const auto inner = [&](auto const& y) { return slice(y, range{2, rows - 2}, range{2, columns - 2}); };
            CHECK(equal(inner(convolved_first), inner(translated_first)));
            for (index_t j = 0; j < columns; ++j) {
                INFO("column " << j);
                CHECK(equal(slice(convolved_first, all, j), slice(translated_first, all, j)) == (j < columns - 2));
            }
        }
    };
    run(noise<std::uint8_t, 3>({60, 240, 3}, 115), three_channel_kernel());
    run(noise<double, 3>({60, 240, 3}, 116), noise<double, 3>({3, 3, 3}, 117));
}

TEST_CASE("1.16: with a window stride of 2 a shift of 100 becomes one of 50", "[documents]") {
    const auto picture = noise<std::uint8_t, 3>({300, 120, 3}, 121);
    const auto kernel = three_channel_kernel();
    const auto from_row = [](auto const& x, index_t row) { return slice_axis(x, 0, range{row, x.extent(0)}); };
    const auto halved = [&](auto const& x) {
        return correlate(x, kernel, {.padding = mode::valid, .stride = {2, 2, 1}});
    };
    const auto translated_first = halved(from_row(picture, 100)), convolved_first = halved(picture);
    REQUIRE(translated_first.shape() == shape{99, 59, 1});
    REQUIRE(convolved_first.shape() == shape{149, 59, 1});
    CHECK(equal(translated_first, from_row(convolved_first, 50)));
    CHECK(from_row(convolved_first, 100).extent(0) == 49);

    // The document's size leaves out the last window: 98 and 148 rows, of which a shift by 100 leaves 48.
    const auto without_last_row = [](auto const& x) { return slice_axis(x, 0, range{0, x.extent(0) - 1}); };
    const auto its_98 = without_last_row(translated_first), its_148 = without_last_row(convolved_first);
    CHECK(its_98.extent(0) == 98);
    CHECK(equal(its_98, from_row(its_148, 50)));
    CHECK(from_row(its_148, 100).extent(0) == 48);
}

TEST_CASE("1.17: (n - 3) / 2 loses one position", "[documents]") {
    index_t windows = 0;
    for (index_t first = 0; first + 3 <= 300; first += 2) ++windows;
    CHECK(windows == 149);
    CHECK(axis{300, 3, 2}.outputs() == 149);
    const std::vector<int> x(300, 1), h(3, 1);
    const auto y = convolve(x, h, {.padding = mode::valid, .stride = 2});
    CHECK(y.shape() == shape{149});
    CHECK(y.shape()[0] == (300 - 3) / 2 + 1);  // the document's 148, and the one that is missing there
    CHECK(y(148) == 3);
}

TEST_CASE("1.18: convolution commutes with shifts of the circle", "[documents]") {
    const auto x = noise<double, 2>({24, 36}, 181), h = noise<double, 2>({5, 4}, 182);
    const convolve_options circle{.padding = mode::same, .boundary = boundary::circular, .method = method::direct};
    for (index_list const& shift : {index_list{1, 0}, {0, 1}, {7, 11}, {-3, 50}})
        CHECK(equal(convolve(roll(x, shift), h, circle), roll(convolve(x, h, circle), shift)));

    // With a window stride s only shifts by a multiple of s become shifts of the output.
    convolve_options strided = circle;
    strided.stride = {2, 3};
    const auto y = convolve(x, h, strided);
    REQUIRE(y.shape() == shape{12, 12});
    CHECK(equal(convolve(roll(x, {4, -9}), h, strided), roll(y, {2, -3})));
    for (index_list const& shift : {index_list{1, 0}, {0, 1}, {0, 2}, {4, 1}}) {
        const auto shifted = convolve(roll(x, shift), h, strided);
        for_each_index(y.shape(), [&](index_list const& any) { CHECK_FALSE(equal(shifted, roll(y, any))); });
    }
}

TEST_CASE("1.18: by transforms it commutes to rounding", "[documents]") {
    const auto x = noise<double, 2>({24, 36}, 181), h = noise<double, 2>({5, 4}, 182);
    for (method m : {method::fft, method::overlap_save}) {
        const convolve_options circle{.padding = mode::same, .boundary = boundary::circular, .method = m};
        for (index_list const& shift : {index_list{1, 0}, {0, 1}, {7, 11}, {-3, 50}})
            CHECK(relative_difference(convolve(roll(x, shift), h, circle), roll(convolve(x, h, circle), shift)) <=
                  1e-13);

        convolve_options strided = circle;
        strided.stride = {2, 3};
        const auto y = convolve(x, h, strided);
        CHECK(relative_difference(convolve(roll(x, {4, -9}), h, strided), roll(y, {2, -3})) <= 1e-13);
        const auto shifted = convolve(roll(x, {4, 1}), h, strided);
        for_each_index(y.shape(), [&](index_list const& any) {
            if (relative_difference(shifted, roll(y, any)) <= 1e-3) FAIL("a shift of the output by " << text(any));
        });
    }
}

TEST_CASE("1.19: a kernel of three channels, summed over the depth", "[documents]") {
    const auto picture = noise<std::uint8_t, 3>({40, 31, 3}, 191);
    const auto kernel = three_channel_kernel();
    // As a kernel of three axes: the one place along the depth where it fits is the sum over the channels. The depth is
    // reversed beforehand, since a convolution reverses it.
    const auto deep = convolve(picture, flip(kernel, {2}), {.padding = {{2, 2}, {2, 2}, {0, 0}}});
    REQUIRE(deep.shape() == shape{42, 33, 1});
    CHECK(equal(squeeze(deep, 2), summed_over_channels(picture, kernel, {})));
}
