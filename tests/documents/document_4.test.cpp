// tests/documents/document_4.test.cpp -- the course's signals: sizes, a driven block, identities, strides and modes
#include <faltung/convolve.hpp>
#include <faltung/filter.hpp>
#include <faltung/geometry.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "documents/arrays.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/reference.hpp"

using namespace faltung;
using testing::equal;
using testing::noise;
using testing::relative_difference;

namespace {

constexpr method methods[] = {method::direct, method::im2col};

/// exp(-20 t) at 40 times from 0 to 1.
std::vector<double> decay() {
    std::vector<double> h;
    for (int i = 0; i < 40; ++i) h.push_back(std::exp(-20 * (i / 39.0)));
    return h;
}

/// 0, 0.1, ..., 0.9, six times.
std::vector<double> sawtooth() {
    std::vector<double> x;
    for (int i = 0; i < 60; ++i) x.push_back(i % 10 * 0.1);
    return x;
}

/// The normal density with deviation 0.1 at 30 places from -0.5 to 0.5.
std::vector<double> bell() {
    std::vector<double> g;
    for (int i = 0; i < 30; ++i) {
        const double t = (i / 29.0 - 0.5) / 0.1;
        g.push_back(std::exp(-t * t / 2) / std::sqrt(2 * std::acos(-1.0) * 0.01));
    }
    return g;
}

std::vector<double> between_zeros(std::vector<double> x, std::size_t count) {
    x.insert(x.begin(), count, 0.0);
    x.insert(x.end(), count, 0.0);
    return x;
}

double sum_of(auto const& x) { return std::accumulate(x.begin(), x.end(), 0.0); }

}  // namespace

TEST_CASE("4.1: convolution is correlation with the reversed kernel", "[documents]") {
    const auto f = noise<double, 2>({23, 31}, 41), g = noise<double, 2>({5, 4}, 42);
    for (mode m : {mode::full, mode::same, mode::valid}) {
        const auto by_convolution = convolve(f, g, {.padding = m, .method = method::direct});
        CHECK(equal(by_convolution, correlate(f, flip(g),
                                              {.padding = m == mode::same ? padding{{2, 2}, {2, 1}} : padding(m),
                                               .method = method::direct})));
        CHECK_FALSE(equal(by_convolution, correlate(f, g, {.padding = m, .method = method::direct})));
    }
}

TEST_CASE("4.2: n + m - 1 samples, and those of NumPy", "[documents]") {
    // NumPy 1.24: numpy.convolve(1 / arange(1, n + 1), (-1.) ** arange(m) / arange(2, m + 2))
    struct recorded {
        int n, m;
        std::vector<double> y;
    };
    const recorded cases[] = {
        {7,
         4,
         {0.5, -0.08333333333333331, 0.25, -0.061111111111111116, 0.0, 0.012499999999999997, 0.015873015873015872,
          -0.04595238095238096, 0.0023809523809523794, -0.02857142857142857}},
        {3,
         6,
         {0.5, -0.08333333333333331, 0.25, -0.18611111111111112, 0.14999999999999997, -0.1261904761904762,
          -0.015873015873015872, -0.047619047619047616}},
        {1, 5, {0.5, -0.3333333333333333, 0.25, -0.2, 0.16666666666666666}}};
    for (recorded const& c : cases) {
        std::vector<double> f, g;
        for (int i = 0; i < c.n; ++i) f.push_back(1.0 / (i + 1));
        for (int j = 0; j < c.m; ++j) g.push_back((j % 2 == 0 ? 1.0 : -1.0) / (j + 2));
        for (method m : methods) {
            const auto y = convolve(f, g, {.method = m});
            REQUIRE(y.shape() == shape{c.n + c.m - 1});
            CHECK(relative_difference(y, c.y) <= 2e-16);
            CHECK(relative_difference(convolve(g, f, {.method = m}), c.y) <= 2e-16);
        }
    }
}

TEST_CASE("4.3: the signals of the block", "[documents]") {
    CHECK(decay().size() == 40);
    CHECK(std::fabs(sum_of(decay()) - 2.492548893689) <= 1e-12);
    CHECK(sawtooth().size() == 60);
    for (int i = 0; i < 60; ++i) CHECK(std::fabs(sawtooth()[static_cast<std::size_t>(i)] * 10 - i % 10) <= 1e-14);
}

TEST_CASE("4.4: the block that is pushed six times", "[documents]") {
    for (method m : methods) {
        const auto response = convolve(between_zeros(sawtooth(), 5), decay(), {.method = m});
        REQUIRE(response.shape() == shape{109});
        const auto highest = std::max_element(response.begin(), response.end());
        CHECK(highest - response.begin() == 44);
        CHECK(std::fabs(*highest - 1.8861307930) <= 1e-10);
        CHECK(std::fabs(sum_of(response) - 67.2988201296) <= 1e-9);
        // every push is worth the same in the end
        CHECK(std::fabs(sum_of(response) - sum_of(sawtooth()) * sum_of(decay())) <= 1e-12);
    }
}

TEST_CASE("4.5: a gaussian that sums to one", "[documents]") {
    CHECK(std::fabs(sum_of(bell()) / 29 - 0.9999997982) <= 1e-10);
    const auto noisy = noise<double, 1>({50}, 45);
    const std::vector<double> f = between_zeros({noisy.begin(), noisy.end()}, 5);
    CHECK(convolve(f, bell()).shape() == shape{89});
}

TEST_CASE("4.6: sifting, linearity, order and grouping", "[documents]") {
    const auto x = noise<double, 1>({40}, 461), f = noise<double, 1>({9}, 462), g = noise<double, 1>({6}, 463);
    for (method m : methods) {
        const auto conv = [&](auto const& l, auto const& r) { return convolve(l, r, {.method = m}); };
        const std::vector<double> impulse{1}, late_impulse{0, 0, 0, 1};
        CHECK(equal(conv(x, impulse), x));
        const auto late = conv(x, late_impulse);
        CHECK(equal(slice(late, range{3, 43}), x));
        CHECK(std::count(late.begin(), late.begin() + 3, 0.0) == 3);

        tensor<double, 1> combined{{40}};
        const auto z = noise<double, 1>({40}, 464);
        for (index_t i = 0; i < 40; ++i) combined(i) = 3 * x(i) - 0.7 * z(i);
        const auto of_x = conv(x, f), of_z = conv(z, f);
        tensor<double, 1> of_parts{of_x.shape()};
        for (index_t i = 0; i < of_x.count(); ++i) of_parts(i) = 3 * of_x(i) - 0.7 * of_z(i);
        CHECK(relative_difference(conv(combined, f), of_parts) <= 1e-13);
        CHECK(relative_difference(conv(x, f), conv(f, x)) <= 1e-13);
        CHECK(relative_difference(conv(conv(x, f), g), conv(x, conv(f, g))) <= 1e-13);
    }
}

TEST_CASE("4.7: the sizes of full, valid and same", "[documents]") {
    for (index_t n : {7, 8})
        for (index_t k : {1, 2, 3, 4, 7}) {
            const std::vector<int> x(static_cast<std::size_t>(n), 1), h(static_cast<std::size_t>(k), 1);
            CHECK(convolve(x, h, {.padding = mode::full}).extent(0) == n + k - 1);
            CHECK(convolve(x, h, {.padding = mode::valid}).extent(0) == n - k + 1);
            CHECK(convolve(x, h, {.padding = mode::same}).extent(0) == n);
            // the longer one's size, whichever it is, is NumPy's rule
            CHECK(convolve(x, h, numpy(mode::same)).extent(0) == n);
            CHECK(convolve(h, x, numpy(mode::same)).extent(0) == n);
        }
}

TEST_CASE("4.8: the padding for an output of the input's size", "[documents]") {
    for (index_t i = 1; i <= 20; ++i)
        for (index_t k = 1; k <= 8; ++k)
            for (index_t s = 1; s <= 3; ++s) {
                const index_t twice = s * (i - 1) - i + k;
                const solution p = solve(unknown::padding, axis{i, k, s}, i);
                INFO("i " << i << " k " << k << " s " << s);
                CHECK((twice % 2 == 0) == p.reason().empty());
                if (twice % 2 == 0) {
                    REQUIRE(p);
                    CHECK(*p.value == twice / 2);
                    CHECK((i + 2 * *p.value - k) / s + 1 == i);
                }
                // unequal amounts always exist
                const solution both = solve(unknown::total_padding, axis{i, k, s}, i);
                REQUIRE(both);
                CHECK(*both.value == twice);
            }
    CHECK(solve(unknown::padding, axis{16, 4}, 16).reason() ==
          "needs p = 1.5: 2 p = (16 - 1) * 1 + 4 - 16 = 3 is odd; {1, 2} has 16 outputs");

    // every axis by itself
    const tensor<int, 3> x{{6, 7, 8}}, h{{3, 4, 5}};
    index_list amounts;
    for (int a = 0; a < 3; ++a)
        amounts.push_back(*solve(unknown::total_padding, axis{x.extent(a), h.extent(a)}, x.extent(a)).value);
    CHECK(amounts == index_list{2, 3, 4});
    CHECK(convolve(x, h, {.padding = {{1, 1}, {1, 2}, {2, 2}}}).shape() == x.shape());
}

TEST_CASE("4.9: two dimensions with a window stride, in every mode", "[documents]") {
    const auto f = noise<int, 2>({11, 14}, 491);
    for (shape const& taps : {shape{3, 3}, {4, 4}, {2, 5}}) {
        const auto g = noise<int, 2>(taps, 492);
        const std::vector<int> reversed(std::make_reverse_iterator(g.end()), std::make_reverse_iterator(g.begin()));
        for (mode m : {mode::full, mode::same, mode::valid})
            for (index_list const& s : {index_list{1, 1}, {2, 2}, {2, 1}, {1, 3}}) {
                std::vector<reference::line> axes;
                for (int a = 0; a < 2; ++a) {
                    const index_t rim = taps[a] - 1, low = m == mode::full ? rim : m == mode::same ? taps[a] / 2 : 0;
                    const index_t high = m == mode::full ? rim : m == mode::same ? rim - low : 0;
                    axes.push_back({f.extent(a), taps[a], s[a], 1, low, high, 'z'});
                }
                const auto expected =
                    reference::correlate<std::int64_t>(axes, std::vector<int>(f.begin(), f.end()), reversed);
                for (method by : methods) {
                    const auto y = convolve(f, g, {.padding = m, .stride = {s[0], s[1]}, .method = by});
                    CHECK(std::vector<std::int64_t>(y.begin(), y.end()) == expected);
                    if (m == mode::same) CHECK(y.shape() == shape{(11 + s[0] - 1) / s[0], (14 + s[1] - 1) / s[1]});
                }
            }
        // one number is a stride for both axes
        CHECK(equal(convolve(f, g, {.padding = mode::same, .stride = 2}),
                    convolve(f, g, {.padding = mode::same, .stride = {2, 2}})));
    }
}

TEST_CASE("4.9: where the document's window strides and even kernels go wrong", "[documents]") {
    const auto f = noise<int, 2>({11, 14}, 493);
    // Its loops step by the option, not by the pair made of it, so a pair is no step; here a pair is what it says.
    const auto g = noise<int, 2>({3, 3}, 494);
    CHECK(convolve(f, g, {.padding = mode::valid, .stride = {2, 1}}).shape() == shape{5, 12});
    // With one number they step, but store at the step's place: i = 0, 2, 4, ... instead of i / 2.
    const auto y = convolve(f, g, {.padding = mode::valid, .stride = 2});
    const auto windows = convolve(f, g, {.padding = mode::valid});
    CHECK(y.shape() == shape{5, 6});
    for (index_t i = 0; i < 9; i += 2)
        for (index_t j = 0; j < 12; j += 2) CHECK(y(i / 2, j / 2) == windows(i, j));
    CHECK(testing::message_of<shape_error>([&] { static_cast<void>(slice(y, 6, all)); }) ==
          "slice: axis 0: index 6, but the extent is 5");
    // The padding (s (i - 1) - i + k) / 2, rounded down, on both sides: one sample too few for every even kernel.
    for (index_t k = 1; k <= 8; ++k) {
        const index_t p = (11 - 1 - 11 + k) / 2;
        const auto h = noise<int, 1>({k}, 495);
        INFO("k " << k);
        CHECK(convolve(slice(f, all, 0), h, {.padding = p}).extent(0) == (k % 2 == 0 ? 10 : 11));
        CHECK(convolve(slice(f, all, 0), h, {.padding = mode::same}).extent(0) == 11);
    }
}

TEST_CASE("4.10: the unit impulse gives the picture back", "[documents]") {
    tensor<double, 2> picture{{237, 229}};  // grey levels of 8 bits, as numbers from 0 to 1
    const auto bytes = noise<std::uint8_t, 2>(picture.shape(), 410);
    for_each_index(picture.shape(), [&](index_list const& i) { picture(i) = bytes(i) / 255.0; });
    const tensor<double, 2> impulse{{3, 3}, {0, 0, 0, 0, 1, 0, 0, 0, 0}};
    for (method m : methods)
        for (boundary const& edge : {boundary::zero, boundary::constant(7), boundary::replicate, boundary::reflect,
                                     boundary::symmetric, boundary::circular}) {
            const auto same = convolve(picture, impulse, {.padding = mode::same, .boundary = edge, .method = m});
            REQUIRE(same.shape() == picture.shape());
            CHECK(std::equal(same.begin(), same.end(), picture.begin(), picture.end()));
        }
    // an impulse beside the centre moves it: the images differ
    const tensor<double, 2> beside{{3, 3}, {0, 0, 0, 0, 0, 1, 0, 0, 0}};
    CHECK_FALSE(equal(convolve(picture, beside, {.padding = mode::same}), picture));
}

TEST_CASE("4.11: the filter bank", "[documents]") {
    using rows = std::vector<std::vector<int>>;
    const auto listed = [](auto const& h) {
        rows taps;
        for (auto const& row : h) taps.emplace_back(row.begin(), row.end());
        return taps;
    };
    CHECK(equal(unit_impulse<int>({3, 3}), fixed_kernel<int, 3, 3>{{{0, 0, 0}, {0, 1, 0}, {0, 0, 0}}}));
    for (double tap : box_kernel({5, 5})) CHECK(tap == 1 / 25.0);
    CHECK(listed(prewitt<int>(towards::right)) == rows{{1, 0, -1}, {1, 0, -1}, {1, 0, -1}});
    CHECK(listed(sobel<int>(towards::right)) == rows{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}});
    CHECK(listed(high_pass<int>()) == rows{{-1, -1, -1}, {-1, 8, -1}, {-1, -1, -1}});
    // the document's Laplacian is the negative of the second differences
    const auto laplacian = laplacian_4<int>();
    CHECK(equal(weighted_sum(-1, laplacian, 0, laplacian),
                fixed_kernel<int, 3, 3>{{{0, -1, 0}, {-1, 4, -1}, {0, -1, 0}}}));
    // the four orientations: across, its transpose, and the sum and the difference of both
    for (auto const& bank : {prewitt<int>, sobel<int>}) {
        const auto across = bank(towards::right), down = bank(towards::bottom);
        CHECK(equal(down, transpose(across)));
        CHECK(equal(bank(towards::bottom_right), weighted_sum(1, across, 1, down)));
        CHECK(equal(bank(towards::top_right), weighted_sum(1, across, -1, down)));
    }
    const std::array<int, 3> even{1, 1, 1}, centred{1, 2, 1};
    CHECK(equal(prewitt<int>(towards::right), outer_product(even, centred_difference<int>())));
    CHECK(equal(sobel<int>(towards::right), outer_product(centred, centred_difference<int>())));
}

TEST_CASE("4.12: a blur of 5 taps, as the document has it and normalised", "[documents]") {
    // samples of the normal density from -sigma to sigma alone: it brightens 2.5 times
    const auto samples = gaussian_samples(5, 1, {.spacing = 0.5, .scale = gaussian_scale::density});
    CHECK(std::fabs(sum_of(outer_product(samples, samples)) - 2.5186146517) <= 1e-10);
    const auto normalised = gaussian_samples(5, 1, {.spacing = 0.5});
    CHECK(std::fabs(sum_of(outer_product(normalised, normalised)) - 1) <= 1e-15);
}

TEST_CASE("4.13: sharpening is a sum of kernels", "[documents]") {
    const double a = 1.0 / 4;
    const auto sharpening = sharpening_kernel(a, high_pass());
    for_each_index(sharpening.shape(), [&](index_list const& t) {
        CHECK(sharpening(t) == (t == index_list{1, 1} ? 3 : -0.25));
    });
    CHECK(sum_of(sharpening) == 1);
    const auto picture = noise<double, 2>({40, 50}, 413);
    for (method m : methods)
        for (boundary const& edge : {boundary::zero, boundary::replicate}) {
            const convolve_options how{.padding = mode::same, .boundary = edge, .method = m};
            auto sum = convolve(picture, high_pass(), how);
            for (index_t i = 0; i < sum.count(); ++i) sum.data()[i] = picture.data()[i] + a * sum.data()[i];
            CHECK(relative_difference(convolve(picture, sharpening, how), sum) <= 1e-15);
        }
    // nothing of a constant passes, but at a border of zeros 3 and 5 neighbours are missing
    const tensor<int, 2> constant{{4, 5}, std::vector<int>(20, 1)};
    const auto passed = convolve(constant, high_pass<int>(), {.padding = mode::same});
    for_each_index(passed.shape(), [&](index_list const& i) {
        const bool top = i[0] == 0 || i[0] == 3, side = i[1] == 0 || i[1] == 4;
        CHECK(passed(i) == (top && side ? 5 : top || side ? 3 : 0));
    });
}

TEST_CASE("4.14: partial derivatives of a ramp", "[documents]") {
    tensor<int, 2> ramp{{5, 6}};
    for_each_index(ramp.shape(), [&](index_list const& i) { ramp(i) = static_cast<int>(i[1]); });
    const fixed_kernel<int, 1, 3> across{centred_difference<int>()};
    const auto inside = [&](auto const& y, int value) {
        CHECK(std::all_of(y.begin(), y.end(), [=](std::int64_t v) { return v == value; }));
    };
    for (method m : methods) {
        const convolve_options how{.padding = mode::valid, .method = m};
        inside(convolve(ramp, across, how), 2);
        inside(correlate(ramp, across, how), -2);
        inside(convolve(ramp, prewitt<int>(towards::right), how), 6);
        inside(convolve(ramp, sobel<int>(towards::right), how), 8);
        inside(convolve(ramp, sobel<int>(towards::bottom), how), 0);
    }
    CHECK(sobel_filter(ramp, 1)(2, 3) == 8);
    CHECK(prewitt_filter(ramp, 1)(2, 3) == 6);
}

TEST_CASE("4.15: a product of two lines is applied as two lines", "[documents]") {
    // a kernel of integers is taken apart without a rounding, one of fractions to rounding
    const std::array<int, 3> centred{1, 2, 1};
    CHECK(equal(outer_product(centred, centred_difference<int>()), sobel<int>(towards::right)));
    const auto picture = noise<double, 2>({60, 70}, 415);
    for (index_t k : {3, 5, 9, 15}) {
        const auto line = gaussian_samples(k, static_cast<double>(k) / 5);
        const auto square = outer_product(line, line);
        const convolve_options how{.padding = mode::same, .boundary = boundary::reflect, .method = method::separable};
        const auto first =
            convolve(picture, line,
                     {.padding = mode::same, .boundary = boundary::reflect, .axes = {0}, .method = method::direct});
        const auto second = convolve(
            first, line, {.padding = mode::same, .boundary = boundary::reflect, .axes = {1}, .method = method::direct});
        CHECK(relative_difference(convolve(picture, square, how), second) <= 1e-13);
        convolve_options as_it_is = how;
        as_it_is.method = method::direct;
        CHECK(relative_difference(convolve(picture, square, as_it_is), second) <= 1e-13);

        // multiplications of an output: k for every line, and k * k of the square
        const auto terms = separate(square).terms;
        REQUIRE(terms.size() == 1);
        index_t products = 0;
        for (auto const& along_axis : terms.front()) products += along_axis.count();
        CHECK(products == 2 * k);
        CHECK(square.count() == k * k);
    }
    // found without being told, where it pays; and not where a kernel is no product
    const auto line = gaussian_samples(15, 3);
    const convolve_options same{.padding = mode::same, .boundary = boundary::reflect};
    CHECK(convolver<double>({600, 700}, outer_product(line, line), same).method() == method::separable);
    CHECK(convolver<double>({600, 700}, noise<double, 2>({15, 15}, 416), same).method() != method::separable);
}

TEST_CASE("4.16: a box keeps the mean of what lies inside", "[documents]") {
    // a disc that is dark around: nothing of it reaches the border
    tensor<double, 2> moon{{61, 73}};
    const auto noisy = noise<double, 2>(moon.shape(), 4160);
    for_each_index(moon.shape(), [&](index_list const& i) {
        const index_t row = i[0] - 30, column = i[1] - 36;
        if (row * row + column * column < 26 * 26) moon(i) = 0.5 + 0.3 * noisy(i);
    });
    for (index_t k : {3, 5, 7}) {
        for (method m : methods)
            for (boundary const& edge : {boundary::zero, boundary::replicate, boundary::circular}) {
                const auto blurred =
                    convolve(moon, box_kernel({k, k}), {.padding = mode::same, .boundary = edge, .method = m});
                CHECK(std::fabs(sum_of(blurred) / sum_of(moon) - 1) <= 1e-14);
            }
        CHECK(std::fabs(sum_of(box_filter(moon, k)) / sum_of(moon) - 1) <= 1e-14);
    }
    // the document's blur of 5 taps does not: it brightens
    const auto samples = gaussian_samples(5, 1, {.spacing = 0.5, .scale = gaussian_scale::density});
    const auto brightened = convolve(moon, outer_product(samples, samples), {.padding = mode::same});
    CHECK(std::fabs(sum_of(brightened) / sum_of(moon) - 2.5186146517) <= 1e-9);
}
