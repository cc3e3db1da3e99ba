// tests/documents/document_2.test.cpp -- sliding windows, a filter bank, and the same picture by every path
#include <faltung/convolve.hpp>
#include <faltung/fft.hpp>
#include <faltung/filter.hpp>

#include <cmath>
#include <map>
#include <numeric>

#include "documents/arrays.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/reference.hpp"

using namespace faltung;
using testing::equal;
using testing::largest_difference;
using testing::noise;
using testing::relative_difference;

namespace {

constexpr method methods[] = {method::direct, method::im2col, method::fft, method::overlap_save};

template <class Value>
tensor<double, 2> sampled(index_t size, Value value) {
    tensor<double, 2> h{{size, size}};
    for (index_t i = 0; i < size; ++i)
        for (index_t j = 0; j < size; ++j)
            h(i, j) = value(static_cast<double>(i - size / 2), static_cast<double>(j - size / 2));
    return h;
}

tensor<double, 2> gaussian(index_t size) {
    return sampled(size, [](double v, double u) { return std::exp(-(u * u + v * v) / 2); });
}

/// u / (u^2 + v^2): steep across, flat down.
tensor<double, 2> vertical(index_t size) {
    return sampled(size, [](double v, double u) { return u == 0 && v == 0 ? 0 : u / (u * u + v * v); });
}

/// The flat-top window of SciPy 1.10, scipy.signal.windows.flattop(7), times itself.
tensor<double, 2> flat_top() {
    constexpr double w[] = {-4.2105100e-04, -5.1263156e-02, 1.9821053e-01, 1,
                            1.9821053e-01,  -5.1263156e-02, -4.2105100e-04};
    return sampled(7, [&](double v, double u) { return w[static_cast<int>(v) + 3] * w[static_cast<int>(u) + 3]; });
}

/// A picture of 512 x 512 in [0, 0.6], broad waves under a little noise: as in a photograph, most of it is far from
/// white.
tensor<double, 2> picture() {
    auto x = noise<double, 2>({512, 512}, 2);
    for (index_t i = 0; i < 512; ++i)
        for (index_t j = 0; j < 512; ++j)
            x(i, j) = 0.1 * x(i, j) + 0.25 +
                      0.25 * std::sin(0.03 * static_cast<double>(i)) * std::cos(0.02 * static_cast<double>(j));
    return x;
}

/// The sum of h[k, l] * x[i + k - top, j + l - left] over the taps, for every (i, j) of an output of shape n; zeros
/// outside.
tensor<double, 2> defining_sums(tensor<double, 2> const& x, tensor<double, 2> const& h, shape const& n, index_t top,
                                index_t left) {
    tensor<double, 2> y{n};
    for (index_t i = 0; i < n[0]; ++i)
        for (index_t j = 0; j < n[1]; ++j) {
            long double sum = 0;
            for (index_t k = 0; k < h.extent(0); ++k)
                for (index_t l = 0; l < h.extent(1); ++l) {
                    const index_t row = i + k - top, column = j + l - left;
                    if (row < 0 || row >= x.extent(0) || column < 0 || column >= x.extent(1)) continue;
                    sum += static_cast<long double>(h.data()[k * h.extent(1) + l]) *
                           static_cast<long double>(x.data()[row * x.extent(1) + column]);
                }
            y(i, j) = static_cast<double>(sum);
        }
    return y;
}

}  // namespace

TEST_CASE("2.1: windows of 3 x 3 over 5 x 5 are a view", "[documents]") {
    tensor<int, 2> x{{5, 5}};
    std::iota(x.begin(), x.end(), 0);
    const auto windows = sliding_window(x, {3, 3});
    REQUIRE(windows.shape() == shape{3, 3, 3, 3});
    CHECK(windows.data() == x.data());
    for_each_index(windows.shape(), [&](index_list const& i) { CHECK(windows(i) == 5 * (i[0] + i[2]) + i[1] + i[3]); });

    // the same from explicit strides
    const tensor_view<int, 4> by_strides({x.data(), 25}, {3, 3, 3, 3}, {5, 1, 5, 1});
    CHECK(equal(windows, by_strides));
}

TEST_CASE("2.2: the output size is floor((i - k + 2p) / s) + 1", "[documents]") {
    for (index_t i = 1; i <= 16; ++i)
        for (index_t k = 1; k <= 6; ++k)
            for (index_t p = 0; p <= 4; ++p)
                for (index_t s = 1; s <= 4; ++s)
                    for (index_t d = 1; d <= 3; ++d) {
                        const index_t span = d * (k - 1) + 1;
                        index_t counted = 0;
                        for (index_t first = -p; first + span <= i + p; first += s) ++counted;
                        const axis a{i, k, s, d, p, p};
                        if (a.outputs() != counted) FAIL(i << ' ' << k << ' ' << p << ' ' << s << ' ' << d);
                        if (d == 1 && k <= i + 2 * p && counted != (i - k + 2 * p) / s + 1) FAIL("the formula itself");
                    }
    CHECK(axis{5, 3}.outputs() == 3);
    CHECK(axis{8, 5}.outputs() == 4);
}

TEST_CASE("2.3: a picture as n x n views", "[documents]") {
    const auto views_of = [](tensor<int, 2> const& x, index_t n) {
        const index_t stride = x.extent(0) / n;
        return sliding_window(x, x.extent(0) - (n - 1) * stride, {.stride = stride});
    };
    const auto times_seen = [](tensor<int, 2> const& x, tensor_view<int const, 4> const& views) {
        std::vector<int> seen(static_cast<std::size_t>(x.count()), 0);
        for_each_index(views.shape(), [&](index_list const& i) { ++seen[static_cast<std::size_t>(views(i))]; });
        std::map<int, int> histogram;
        for (int times : seen) ++histogram[times];
        return histogram;
    };

    tensor<int, 2> even{{512, 512}}, odd{{510, 510}};
    std::iota(even.begin(), even.end(), 0);
    std::iota(odd.begin(), odd.end(), 0);
    const auto disjoint = views_of(even, 4), overlapping = views_of(odd, 4);
    CHECK(disjoint.shape() == shape{4, 4, 128, 128});
    CHECK(disjoint.strides() == strides{128 * 512, 128, 512, 1});
    CHECK(times_seen(even, disjoint) == std::map<int, int>{{1, 512 * 512}});

    CHECK(overlapping.shape() == shape{4, 4, 129, 129});
    CHECK(overlapping.strides() == strides{127 * 510, 127, 510, 1});
    // 3 seams of 2 samples on each axis: 6 of 510 rows and columns are seen twice, their crossings four times
    CHECK(times_seen(odd, overlapping) == std::map<int, int>{{1, 504 * 504}, {2, 2 * 6 * 504}, {4, 36}});
}

TEST_CASE("2.5: a gaussian over the digit zero", "[documents]") {
    // the first of scikit-learn's digits
    const tensor<double, 2> zero{
        {8, 8},
        {0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0,  11, 8, 0, 0, 4, 12, 0,  0,  8, 8, 0,
         0, 5, 8, 0,  0, 9, 8, 0, 0, 4, 11, 0,  1,  12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6,  13, 10, 0, 0, 0}};
    const auto weights = gaussian(5);
    CHECK(std::fabs(std::accumulate(weights.begin(), weights.end(), 0.0) - 6.168924081) <= 1e-9);
    // NumPy 1.24: (sliding_window_view(zero, (5, 5)) * gaussian).sum(axis=(2, 3))
    const tensor<double, 2> expected{{4, 4},
                                     {44.40820856718015, 41.02265239567008, 37.65216633419823, 42.75252425839247,
                                      37.064256023264385, 26.34584874916497, 24.449234652338028, 36.84984172701384,
                                      33.10087858618507, 22.53592561047033, 23.201071330015395, 36.58738049259022,
                                      36.15517217981403, 30.824434136065836, 32.36046945568652, 39.41995961254845}};
    for (method m : methods) {
        const auto map = convolve(zero, weights, {.padding = mode::valid, .method = m});
        REQUIRE(map.shape() == shape{4, 4});
        CHECK(std::fabs(map(0, 0) - 44.4082085672) <= 1e-9);
        CHECK(std::fabs(map(0, 3) - 42.7525242584) <= 1e-9);
        CHECK(std::fabs(map(3, 0) - 36.1551721798) <= 1e-9);
        CHECK(std::fabs(map(3, 3) - 39.4199596125) <= 1e-9);
        CHECK(largest_difference(map, expected) <= 1e-13);
    }
}

TEST_CASE("2.6: what its two equations compute", "[documents]") {
    const auto a = noise<int, 2>({7, 9}, 26), w = noise<int, 2>({3, 4}, 27);
    const auto z = correlate(a, w, {.padding = mode::valid});
    std::int64_t total = 0;
    for (index_t i = 0; i < 5; ++i)
        for (index_t j = 0; j < 6; ++j) {
            std::int64_t sum = 0;
            for (index_t k = 0; k < 3; ++k)
                for (index_t l = 0; l < 4; ++l) sum += std::int64_t{a(i + k, j + l)} * w(k, l);
            CHECK(z(i, j) == sum);  // (2): the kernel is not reversed, so it is a correlation
            total += sum;
        }
    // (1) sums over i and j as well: one number, not a picture
    CHECK(std::accumulate(z.begin(), z.end(), std::int64_t{0}) == total);
    CHECK_FALSE(equal(z, convolve(a, w, {.padding = mode::valid})));
}

TEST_CASE("2.7: the filters of the bank", "[documents]") {
    CHECK(equal(vertical(3), fixed_kernel<double, 3, 3>{{{-0.5, 0, 0.5}, {-1, 0, 1}, {-0.5, 0, 0.5}}}));
    // which is Sobel's, halved and turned: a correlation's
    const auto across = sobel(towards::right);
    const auto turned = flip(across);
    CHECK(equal(vertical(3), weighted_sum(0.5, turned, 0, turned)));
    const auto bell = gaussian_samples(5, 1, {.scale = gaussian_scale::unit_peak});
    const auto gaussian_of_5 = outer_product(bell, bell);
    CHECK(largest_difference(gaussian_of_5, gaussian(5)) <= 1e-16);
    CHECK(std::fabs(std::accumulate(gaussian_of_5.begin(), gaussian_of_5.end(), 0.0) - 6.168924081) <= 1e-9);
    const auto window = windows::flat_top(7);
    CHECK(largest_difference(outer_product(window, window), flat_top()) <= 1e-8);
}

TEST_CASE("2.8: four filters of 7 x 7, by every path", "[documents]") {
    const auto x = picture();
    const auto across = vertical(7);
    const tensor<double, 2> filters[] = {across, copy(transpose(across)), gaussian(7), flat_top()};
    tensor<double, 3> by_loop{{4, 506, 506}};
    for (index_t f = 0; f < 4; ++f)
        copy_into(slice(by_loop, f, all, all), defining_sums(x, filters[f], {506, 506}, 0, 0));
    for (method m : methods) {
        tensor<double, 3> maps{{4, 506, 506}};
        for (index_t f = 0; f < 4; ++f)
            correlate_into(slice(maps, f, all, all), x, filters[f], {.padding = mode::valid, .method = m});
        CHECK(largest_difference(maps, by_loop) <= 1e-12);
        // and with the windows as a view, one dot product each
        const auto windows = sliding_window(x, 7);
        for (index_t f = 0; f < 4; ++f)
            for (index_t i = 0; i < 506; i += 101) {
                const auto window = slice(windows, i, 505 - i, all, all);
                const auto dot = correlate(window, filters[f], {.padding = mode::valid, .method = m});
                CHECK(std::fabs(dot(0, 0) - by_loop(f, i, 505 - i)) <= 1e-12);
            }
    }
}

TEST_CASE("2.9: which pairs of convolution and correlation agree", "[documents]") {
    const auto x = picture(), symmetric = gaussian(7), across = vertical(7);
    const auto expected = defining_sums(x, symmetric, {512, 512}, 3, 3);
    const auto reversed = defining_sums(x, copy(flip(across)), {512, 512}, 3, 3);
    for (method m : {method::direct, method::im2col, method::fft}) {
        const convolve_options same{.padding = mode::same, .method = m};
        // a symmetric kernel: no difference
        CHECK(largest_difference(correlate(x, symmetric, same), expected) <= 5e-15);
        CHECK(largest_difference(convolve(x, symmetric, same), expected) <= 5e-15);
        // another one: reversed by hand it is the same
        CHECK(largest_difference(convolve(x, across, same), reversed) <= 5e-15);
        CHECK(largest_difference(correlate(x, flip(across), same), reversed) <= 5e-15);
        CHECK(largest_difference(correlate(x, across, same), reversed) > 0.1);
    }
    // Of overlap_save the norm is compared: its worst sample depends on the tiles, and they on the machine. The taps of
    // the second kernel cancel one another.
    const convolve_options tiles{.padding = mode::same, .method = method::overlap_save};
    CHECK(relative_difference(correlate(x, symmetric, tiles), expected) <= 1e-15);
    CHECK(relative_difference(convolve(x, symmetric, tiles), expected) <= 1e-15);
    CHECK(relative_difference(convolve(x, across, tiles), reversed) <= 1e-14);
    CHECK(relative_difference(correlate(x, flip(across), tiles), reversed) <= 1e-14);
    CHECK(relative_difference(correlate(x, across, tiles), reversed) > 1);
}

TEST_CASE("2.10: the same size for every kernel", "[documents]") {
    const auto x = noise<int, 2>({16, 16}, 210);
    for (index_t rows = 1; rows <= 6; ++rows)
        for (index_t columns = 1; columns <= 6; ++columns) {
            const auto h = noise<int, 2>({rows, columns}, 211);
            const auto pad = [](index_t k) {
                return reference::line{16, k, 1, 1, (k - 1) / 2, k - 1 - (k - 1) / 2, 'z'};
            };
            const auto sums = reference::correlate<std::int64_t>(
                {pad(rows), pad(columns)}, std::vector<int>(x.begin(), x.end()), std::vector<int>(h.begin(), h.end()));
            for (method m : {method::direct, method::im2col}) {
                const auto y = correlate(x, h, {.padding = mode::same, .method = m});
                REQUIRE(y.shape() == shape{16, 16});
                CHECK(std::vector<std::int64_t>(y.begin(), y.end()) == sums);
                CHECK(convolve(x, h, {.padding = mode::same, .method = m}).shape() == shape{16, 16});
            }
            // by transforms in double, the same integers once they are rounded
            const auto floating_x = convolve<double, double>(x, tensor<int, 2>{{1, 1}, {1}});
            const auto floating_h = convolve<double, double>(h, tensor<int, 2>{{1, 1}, {1}});
            for (method m : {method::fft, method::overlap_save}) {
                const auto y = correlate(floating_x, floating_h, {.padding = mode::same, .method = m});
                REQUIRE(y.shape() == shape{16, 16});
                std::vector<std::int64_t> rounded;
                for (double v : y) rounded.push_back(std::llround(v));
                CHECK(rounded == sums);
                CHECK(convolve(floating_x, floating_h, {.padding = mode::same, .method = m}).shape() == shape{16, 16});
            }
        }

    // The document's sizes. {1, 2} meant as rows and columns, but read as before and after, for 3 x 5:
    CHECK(correlate(x, noise<int, 2>({3, 5}, 1), {.padding = {{1, 2}, {1, 2}}}).shape() == shape{17, 15});
    CHECK(correlate(x, noise<int, 2>({3, 5}, 1), {.padding = {1, 2}}).shape() == shape{16, 16});
    // (k - 1) / 2 samples on both sides of x, or cut off both ends of the full convolution by [p:-p], where -0 counts
    // from the beginning. Every second k has another size than x, k = 1 and 2 have nothing at all.
    const std::map<index_t, index_t> padded{{1, 16}, {2, 15}, {3, 16}, {4, 15}, {5, 16}, {6, 15}};
    const std::map<index_t, index_t> cut{{1, 0}, {2, 0}, {3, 16}, {4, 17}, {5, 16}, {6, 17}};
    for (index_t k = 1; k <= 6; ++k) {
        const auto h = noise<int, 2>({k, k}, 2);
        const auto full = convolve(x, h);
        const index_t p = (k - 1) / 2;
        const range kept{p, p == 0 ? 0 : full.extent(0) - p};
        INFO("k " << k);
        CHECK(correlate(x, h, {.padding = p}).shape() == shape{padded.at(k), padded.at(k)});
        CHECK(slice(full, kept, kept).shape() == shape{cut.at(k), cut.at(k)});
        CHECK(correlate(x, h, {.padding = mode::same}).shape() == shape{16, 16});
        CHECK(convolve(x, h, {.padding = mode::same}).shape() == shape{16, 16});
    }
}

TEST_CASE("2.11: a length that is cheap, not the next power of two", "[documents]") {
    const auto first_with_factors_up_to = [](index_t most) {
        for (index_t n = 518;; ++n) {
            index_t rest = n;
            for (index_t factor = 2; factor <= most; ++factor)
                while (rest % factor == 0) rest /= factor;
            if (rest == 1) return n;
        }
    };
    CHECK(axis{.n = 512, .taps = 7, .low = 6, .high = 6}.outputs() == 518);
    CHECK(first_with_factors_up_to(2) == 1024);  // the document's
    CHECK(first_with_factors_up_to(7) == 525);
    CHECK(first_with_factors_up_to(5) == 540);

    // The shortest is not the cheapest. Passes over the data, loading and storing counted as one: 540 = 4 * 3^3 * 5
    // needs 1 + 3 * 1.05 + 1.5 + 1 of them, 576 = 4^3 * 3^2 only 3 + 2 * 1.05 + 1, and 1024 = 4^5 needs 5 + 1.
    const auto cost = [](index_t n) { return static_cast<double>(n) * (transform_work(n) + 1); };
    CHECK(fast_length(518) == 576);
    CHECK(std::fabs(cost(540) - 540 * 6.65) <= 1e-9);
    CHECK(std::fabs(cost(576) - 576 * 6.1) <= 1e-9);
    CHECK(std::fabs(cost(1024) - 1024 * 6) <= 1e-9);
    CHECK(cost(576) < cost(540));
    CHECK(cost(576) < 0.6 * cost(1024));
    CHECK_FALSE(is_smooth(525));

    // What a plan for the document's picture takes, on both axes: a third of the samples of 1024 x 1024.
    const convolver plan{{512, 512}, gaussian(7), {.method = method::fft}};
    problem const& p = plan.problem();
    const detail::spectral_layout layout = detail::spectral_search(p, *p.engine).one_tile();
    CHECK(layout[0].length == 576);
    CHECK(layout[1].length == 576);
}
