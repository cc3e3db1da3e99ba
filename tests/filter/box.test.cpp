// tests/filter/box.test.cpp -- box sums and means against the sums that define them
#include <faltung/filter/box.hpp>

#include <faltung/view/copy.hpp>
#include <faltung/view/flip.hpp>
#include <faltung/view/permute.hpp>
#include <faltung/view/slice.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/reference.hpp"
#include "support/stored.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::boundaries;
using testing::boundary_of;
using testing::message_of;
using testing::named_boundary;
using testing::small_tensor;

namespace {

/// The sums that define it, of a window with its middle, size / 2, on the output.
template <class Wide, class X, std::size_t Rank>
std::vector<Wide> defined(tensor<X, Rank> const& x, std::vector<index_t> const& size,
                          std::vector<named_boundary> const& edges) {
    std::vector<reference::line> lines;
    index_t samples = 1;
    for (std::size_t a = 0; a < Rank; ++a) {
        const index_t low = size[a] / 2;
        lines.push_back(
            {x.extent(static_cast<int>(a)), size[a], 1, 1, low, size[a] - 1 - low, edges[a].map, edges[a].rule.re});
        samples *= size[a];
    }
    return reference::correlate<Wide>(lines, std::vector<X>(x.begin(), x.end()),
                                      std::vector<int>(static_cast<std::size_t>(samples), 1));
}

per_axis<index_t> listed(std::vector<index_t> const& values) {
    per_axis<index_t> list;
    for (index_t v : values) list.push_back(v);
    return list;
}

box_options with(std::vector<named_boundary> const& edges) {
    box_options o;
    for (named_boundary const& edge : edges) o.boundary.push_back(edge.rule);
    return o;
}

template <class X, std::size_t Rank>
void require_integers(tensor<X, Rank> const& x, std::vector<index_t> const& size,
                      std::vector<named_boundary> const& edges) {
    const auto sums = defined<long double>(x, size, edges);
    long double samples = 1;
    for (index_t n : size) samples *= static_cast<long double>(n);
    const auto y = box_sum(x, listed(size), with(edges));
    const auto means = box_filter(x, listed(size), with(edges));
    const auto fractions = box_filter<double>(x, listed(size), with(edges));
    for (std::size_t i = 0; i < sums.size(); ++i) {
        INFO("output " << i << " of " << text(x.shape()));
        REQUIRE(static_cast<long double>(y.data()[i]) == sums[i]);
        REQUIRE(static_cast<long double>(means.data()[i]) == std::nearbyint(sums[i] / samples));
        REQUIRE(fractions.data()[i] == static_cast<double>(sums[i]) / static_cast<double>(samples));
    }
}

/// |computed - exact| <= (the sum of (size - 1), plus 2) u times the mean of |x|.
template <class T, std::size_t Rank>
void require_floats(tensor<T, Rank> const& x, std::vector<index_t> const& size,
                    std::vector<named_boundary> const& edges) {
    tensor<T, Rank> magnitudes = x;
    for (T& v : magnitudes) v = std::fabs(v);
    const auto sums = defined<long double>(x, size, edges), bounds = defined<long double>(magnitudes, size, edges);
    long double samples = 1, roundings = 2;
    for (index_t n : size) {
        samples *= static_cast<long double>(n);
        roundings += static_cast<long double>(n - 1);
    }
    const auto y = box_filter(x, listed(size), with(edges));
    REQUIRE(y.shape() == x.shape());
    for (std::size_t i = 0; i < sums.size(); ++i)
        REQUIRE(std::fabs(static_cast<long double>(y.data()[i]) - sums[i] / samples) <=
                (1 + 0x1p-9L) * roundings * testing::unit_roundoff<T> * bounds[i] / samples);
}

}  // namespace

TEMPLATE_TEST_CASE("box: integers of two axes, exactly", "[filter]", std::uint8_t, std::int8_t, std::int16_t,
                   std::uint16_t, std::int32_t, std::uint32_t) {
    testing::random_source random(31);
    for (auto const& edge : boundaries)
        for (std::vector<index_t> const& size :
             {std::vector<index_t>{1, 1}, {3, 3}, {2, 4}, {1, 5}, {7, 1}, {5, 31}, {16, 64}, {40, 70}})
            require_integers(any_tensor<TestType, 2>(random, {9, 23}), size, {edge, boundary_of('r')});
}

TEST_CASE("box: ties go to even", "[filter]") {
    const std::vector<std::uint8_t> x{0, 1, 2, 3, 4, 5, 254, 255};
    const box_options whole{.padding = mode::valid};
    CHECK(box_filter(x, 2, whole).count() == 7);
    const std::vector<int> expected{0, 2, 2, 4, 4, 130, 254};  // 0.5 1.5 2.5 3.5 4.5 129.5 254.5
    for (index_t i = 0; i < 7; ++i) CHECK(box_filter(x, 2, whole)(i) == expected[static_cast<std::size_t>(i)]);
    const auto upwards = box_filter(x, 2, {.padding = mode::valid, .ties = mean_ties::upwards});
    const std::vector<int> expected_upwards{1, 2, 3, 4, 5, 130, 255};
    for (index_t i = 0; i < 7; ++i) CHECK(upwards(i) == expected_upwards[static_cast<std::size_t>(i)]);
    const std::vector<std::int64_t> wide{-1, -2, 3, 0};  // -1.5 0.5 1.5
    const auto of_wide = box_filter(wide, 2, {.padding = mode::valid, .ties = mean_ties::upwards});
    CHECK(std::vector<std::int64_t>(of_wide.begin(), of_wide.end()) == std::vector<std::int64_t>{-1, 1, 2});
    const std::vector<std::int16_t> negative{-1, -2, -3, 0};
    CHECK(box_filter(negative, 2, {.padding = mode::valid, .ties = mean_ties::upwards})(0) == -1);
    CHECK(box_filter(negative, 2, whole)(0) == -2);
    CHECK(box_filter(negative, 2, whole)(1) == -2);
    CHECK(box_filter(negative, 2, whole)(2) == -2);
    CHECK(box_filter(negative, 2, {.padding = mode::valid, .rounding = rounding::toward_zero})(0) == -1);
}

TEMPLATE_TEST_CASE("box: floating samples within the bound", "[filter]", float, double, long double) {
    testing::random_source random(32);
    for (auto const& edge : boundaries)
        for (std::vector<index_t> const& size : {std::vector<index_t>{1, 1}, {3, 3}, {2, 4}, {31, 5}, {11, 90}})
            require_floats(any_tensor<TestType, 2>(random, {13, 37}), size, {edge, boundary_of('s')});
    require_floats(any_tensor<TestType, 1>(random, {500}), {100}, {boundary_of('s')});
    require_floats(any_tensor<TestType, 1>(random, {500}), {13}, {boundary_of('w')});
}

TEST_CASE("box: one, three and four axes, each with its own boundary", "[filter]") {
    testing::random_source random(33);
    for (auto const& edge : boundaries) {
        require_integers(small_tensor<std::int32_t, 1>(random, {40}), {9}, {edge});
        require_integers(small_tensor<std::int16_t, 3>(random, {5, 6, 7}), {3, 2, 4}, {edge, boundary_of('c'), edge});
        require_integers(small_tensor<std::int16_t, 3>(random, {5, 6, 7}), {3, 1, 4}, {boundary_of('z'), edge, edge});
        require_integers(small_tensor<std::int16_t, 3>(random, {5, 6, 7}), {1, 3, 2}, {edge, edge, boundary_of('c')});
        require_integers(small_tensor<std::uint8_t, 4>(random, {3, 4, 2, 5}), {2, 5, 1, 3},
                         {edge, boundary_of('c'), boundary_of('e'), boundary_of('c')});
    }
}

TEST_CASE("box: views, other results, centres, paddings", "[filter]") {
    testing::random_source random(34);
    const auto x = small_tensor<float, 3>(random, {9, 12, 3});
    const auto v = flip(permute(x, {2, 1, 0}), {1});
    tensor<float, 3> y({9, 12, 3});
    box_sum_into(permute(y, {2, 1, 0}), v, {1, 3, 5});
    CHECK(testing::difference(copy(permute(y, {2, 1, 0})), box_sum(copy(v), {1, 3, 5})) == "");

    const std::vector<std::uint8_t> bytes{250, 251, 252, 253, 254, 255};
    std::vector<std::uint8_t> narrow(6);
    box_sum_into(narrow, bytes, 3, {.boundary = boundary::zero});
    CHECK(narrow == std::vector<std::uint8_t>{245, 241, 244, 247, 250, 253});  // modulo 256
    box_sum_into(narrow, bytes, 3, {.boundary = boundary::zero, .overflow = overflow::saturate});
    CHECK(narrow == std::vector<std::uint8_t>(6, 255));
    box_filter_into(narrow, bytes, 2, {.centre = 0, .overflow = overflow::saturate});
    CHECK(narrow == std::vector<std::uint8_t>{250, 252, 252, 254, 254, 255});

    const std::vector<double> line{1, 2, 4, 8, 16};
    CHECK(box_sum(line, 3, {.padding = mode::full, .boundary = boundary::zero}).shape() == shape{7});
    CHECK(box_sum(line, 3, {.padding = mode::valid}).shape() == shape{3});
    CHECK(box_sum(line, 2, {.padding = {{2, -1}}, .boundary = boundary::replicate}).shape() == shape{5});
    CHECK(box_sum(line, 2, {.padding = {{2, -1}}, .boundary = boundary::replicate})(0) == 2);
    CHECK(box_sum(line, 9, {.padding = mode::valid}).shape() == shape{0});
    const tensor<bool, 1> bits({4}, {true, true, false, true});
    STATIC_REQUIRE(std::is_same_v<decltype(box_filter(bits, 2)), tensor<float, 1>>);
    CHECK(box_filter(bits, 2, {.padding = mode::valid})(1) == 0.5f);
    CHECK(box_sum(bits, 4, {.padding = mode::valid})(0) == 3);
}

TEST_CASE("box: 64 bits", "[filter]") {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const std::vector<std::int64_t> x{most, most, most, -most};
    const auto y = box_filter(x, 3, {.padding = mode::valid});
    CHECK(y(0) == most);
    CHECK(y(1) == 3074457345618258602);  // (2^63 - 1) / 3 = ...602.33
    const std::vector<std::uint64_t> u(5, std::numeric_limits<std::uint64_t>::max());
    for (auto v : box_filter(u, 5)) CHECK(v == u[0]);
    CHECK(box_sum(x, 2, {.padding = mode::valid})(0) == -2);  // wraps
    CHECK(box_sum(x, 2, {.padding = mode::valid, .overflow = overflow::saturate})(0) == most);
}

TEST_CASE("box: windows far larger than the input", "[filter]") {
    constexpr index_t size = 1 << 14;
    const tensor<std::int16_t, 2> x({3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    for (std::int64_t sum :
         box_sum(x, 12 * size,
                 {.padding = {{6 * size, 6 * size - 1}, {6 * size, 6 * size - 1}}, .boundary = boundary::circular}))
        CHECK(sum == 78 * 12 * size * size);  // each sample as often
    tensor<float, 2> y({3, 4});
    std::fill(y.begin(), y.end(), 0.5f);
    for (float mean : box_filter(y, {size, 3 * size})) CHECK(mean == 0.5f);
    CHECK(box_sum(y, {3, size}, {.boundary = boundary::zero})(1, 2) == 6);
}

TEST_CASE("box: NaN and infinity stay in their windows, and large samples leave no error behind", "[filter]") {
    for (index_t size : {3, 16, 31, 100}) {
        tensor<float, 2> x({150, 151});
        x(70, 71) = std::numeric_limits<float>::quiet_NaN();
        const auto y = box_filter(x, size);
        for_each_index(y.shape(), [&](index_list const& i) {
            const bool is_touched = i[0] - size / 2 <= 70 && 70 < i[0] - size / 2 + size && i[1] - size / 2 <= 71 &&
                                    71 < i[1] - size / 2 + size;
            REQUIRE(std::isnan(y(i)) == is_touched);
        });
        std::vector<float> line(1000, 1.0f);
        line[500] = 1e30f;
        const auto sums = box_sum(line, size);
        for (index_t o = 0; o < 1000; ++o)
            if (o - size / 2 > 500 || o - size / 2 + size <= 500) REQUIRE(sums(o) == static_cast<float>(size));
    }
}

TEST_CASE("box: the error does not grow along a line", "[filter]") {
    testing::random_source random(35);
    const auto x = any_tensor<float, 1>(random, {200000});
    const auto y = box_filter(x, 200, {.padding = mode::valid});
    for (index_t o = 0; o < y.count(); o += 997) {
        long double sum = 0, magnitude = 0;
        for (index_t t = 0; t < 200; ++t) {
            sum += static_cast<long double>(x(o + t));
            magnitude += std::fabs(static_cast<long double>(x(o + t)));
        }
        REQUIRE(std::fabs(static_cast<long double>(y(o)) - sum / 200) <= 202 * 0x1p-24L * magnitude / 200);
    }
}

TEST_CASE("moving_average: of the past, of whole windows, along any axis", "[filter]") {
    const std::vector<double> x{1, 2, 4, 8, 16};
    const auto whole = moving_average(x, 2, {.padding = mode::valid});
    CHECK(std::vector<double>(whole.begin(), whole.end()) == std::vector<double>{1.5, 3, 6, 12});
    const auto past = moving_average(x, 2, {.boundary = boundary::zero, .centre = 1});
    CHECK(std::vector<double>(past.begin(), past.end()) == std::vector<double>{0.5, 1.5, 3, 6, 12});
    const tensor<double, 2> rows({2, 3}, {1, 2, 3, 5, 8, 13});
    const auto down = moving_average(rows, 2, {.padding = mode::valid}, 0);
    CHECK(down.shape() == shape{1, 3});
    CHECK(down(0, 2) == 8);
    CHECK(moving_average(rows, 3, {.padding = mode::valid}).shape() == shape{2, 1});
}

TEST_CASE("box: results of more than 4 MiB", "[filter]") {
    testing::random_source random(95);
    const auto x = small_tensor<float, 2>(random, {1001, 1100});
    tensor<float, 2> apart({1001, 1103});
    const auto y = box_filter(x, 3, {.boundary = boundary::zero});
    box_filter_into(slice(apart, all, range{1, 1101}), x, 3, {.boundary = boundary::zero});
    index_t wrong = 0;
    for (index_t i = 0; i < 1001; ++i)
        for (index_t j = 0; j < 1100; ++j) {
            float sum = 0;  // of small integers
            for (index_t r = std::max<index_t>(i - 1, 0); r <= std::min<index_t>(i + 1, 1000); ++r)
                for (index_t c = std::max<index_t>(j - 1, 0); c <= std::min<index_t>(j + 1, 1099); ++c) sum += x(r, c);
            wrong += y(i, j) != 1.0f / 9 * sum || apart(i, j + 1) != y(i, j);
        }
    for (index_t i = 0; i < 1001; ++i) wrong += apart(i, 0) != 0 || apart(i, 1101) != 0;
    CHECK(wrong == 0);
}

TEST_CASE("box: what is empty, and what is refused", "[filter]") {
    CHECK(box_filter(tensor<float, 2>({0, 5}), 3).shape() == shape{0, 5});
    const tensor<float, 2> x({4, 5});
    tensor<float, 2> y({4, 4});
    const auto refused = [&](auto call) { return message_of<faltung::error>(call); };
    CHECK(refused([&] {
              (void)box_filter(x, {3, 0});
          }) == "box_filter: axis 1: a window of 0 samples: at least 1 and at most 2^31 are possible");
    CHECK(refused([&] { (void)box_filter(x, (index_t{1} << 31) + 1); }) ==
          "box_filter: axis 0: a window of 2147483649 samples: at least 1 and at most 2^31 are possible");
    CHECK(refused([&] { (void)box_sum(x, {3}); }) ==
          "box_sum: size: a list of 1 value for 2 axes; give one value per axis, or one without braces for all");
    CHECK(refused([&] { (void)box_sum(x, 3, {.centre = 3}); }) ==
          "box_sum: axis 0: .centre = 3 of a window with samples 0 to 2");
    CHECK(refused([&] { (void)box_sum(x, 3, {.padding = mode::valid, .centre = 1}); }) ==
          "box_sum: .centre = 1 needs .padding = mode::same");
    CHECK(refused([&] { box_filter_into(y, x, 3); }) ==
          "box_filter: an output of shape (4, 4) where the result has (4, 5)");
    CHECK(refused([&] { (void)box_filter(std::vector<int>{1}, 3, {.boundary = boundary::constant(0.5L)}); }) ==
          "box_filter: axis 0: the constant 0.5 beyond the ends of an input of type int32");
    CHECK(refused([&] { (void)box_filter(x, 3, {.boundary = boundary::constant(1e39L)}); }) ==
          "box_filter: axis 0: the constant 1e+39 beyond the ends of an input of type float");
    CHECK(refused([&] { (void)box_filter(tensor<float, 9>(shape::repeated(9, 1)), 1); }) ==
          "box_filter: an input of 9 axes: at most 8 are possible");
    CHECK(refused([&] { (void)moving_average(x, 0); }) ==
          "moving_average: axis 1: a window of 0 samples: at least 1 and at most 2^31 are possible");
    CHECK(refused([&] {
              (void)moving_average(x, 3, {.boundary = {boundary::zero, boundary::zero}});
          }) ==
          "moving_average: boundary: a list of 2 values for 1 axis; give one value per axis, or one without braces for "
          "all");
    CHECK(refused([&] { (void)moving_average(x, 3, {}, 2); }) ==
          "moving_average: axis 2 of an input with axes 0 to 1; -1 is the last one");
    CHECK(refused([&] {
              (void)box_filter(tensor<std::uint32_t, 2>({1, 1}), {1 << 20, 1 << 20});
          }) == "box_filter: sums of 1099511627776 samples of up to 4.29497e+09 do not fit 64 bits");
}

namespace {

/// x in several shapes of windows, by 0, 2, 3 and 7 workers and by one.
template <class T, std::size_t Rank>
void require_same_for_threads(tensor<T, Rank> const& x, std::vector<index_t> const& size) {
    for (auto const& edge : boundaries)
        for (mode padding : {mode::same, mode::full, mode::valid}) {
            box_options options{.padding = padding, .boundary = edge.rule};
            const auto sums = box_sum(x, listed(size), options);
            const auto means = box_filter(x, listed(size), options);
            for (int threads : {0, 2, 3, 7}) {
                INFO(text(threads, " threads, ", x.shape(), ", boundary ", std::string(1, edge.map), ", a window of ",
                          size[0]));
                options.threads = threads;
                REQUIRE(testing::difference(box_sum(x, listed(size), options), sums) == "");
                REQUIRE(testing::difference(box_filter(x, listed(size), options), means) == "");
            }
        }
}

}  // namespace

TEMPLATE_TEST_CASE("box: the same bits for any number of threads", "[filter][threads]", std::uint8_t, std::int16_t,
                   std::int32_t, std::int64_t, float, double) {
    testing::random_source random(39);
    for (std::vector<index_t> const& size : {std::vector<index_t>{3, 3}, {5, 1}, {1, 7}, {31, 11}, {1, 1}, {50, 2}})
        require_same_for_threads(any_tensor<TestType, 2>(random, {40, 29}), size);
    for (index_t size : {1, 2, 30, 300, 900}) require_same_for_threads(any_tensor<TestType, 1>(random, {1000}), {size});
    // idle axes before the windows: a batch of one, of two, and of many
    for (index_t batch : {1, 2, 9})
        require_same_for_threads(any_tensor<TestType, 3>(random, {batch, 21, 17}), {1, 4, 3});
}

TEST_CASE("moving_average_into: along any axis, into a view, by several workers", "[filter][threads]") {
    testing::random_source random(40);
    const auto x = any_tensor<float, 2>(random, {30, 47});
    for (int along : {0, 1, -1}) {
        const auto expected = moving_average(x, 4, {}, along);
        tensor<float, 2> y{{47, 30}};
        moving_average_into(permute(y.view(), {1, 0}), x, 4, {.threads = 3}, along);
        CHECK(testing::difference(copy(permute(y, {1, 0})), expected) == "");
    }
    tensor<float, 2> other{{30, 46}};
    CHECK_THROWS_AS(moving_average_into(other, x, 4), shape_error);
    CHECK(message_of<option_error>([&] { (void)moving_average(x, 4, {.threads = -1}); }) ==
          "moving_average: .threads = -1: 0 = all processors, or a number");
}
