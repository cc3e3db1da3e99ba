// tests/filter/recursive_gaussian.test.cpp -- taps against the exact Gaussian, boundaries against sums, and errors
#include <faltung/filter/gaussian_filter.hpp>
#include <faltung/filter/recursive_gaussian.hpp>
#include <faltung/view.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::message_of;
using testing::random_source;

namespace {

// of the largest tap, and of the sum of all taps, as the options promise
constexpr double tap_deviation[] = {3.7e-4, 4e-6, 9e-8}, sum_deviation[] = {1e-3, 9e-6, 1.5e-7};

template <class T, std::size_t Rank>
double largest(tensor<T, Rank> const& x) {
    double most = 0;
    for (T v : x) most = std::max(most, std::abs(static_cast<double>(v)));
    return most;
}

template <class L, class R, std::size_t Rank>
double worst_difference(tensor<L, Rank> const& l, tensor<R, Rank> const& r) {
    REQUIRE(l.shape() == r.shape());
    double worst = 0;
    for (index_t i = 0; i < l.count(); ++i)
        worst = std::max(worst, std::abs(static_cast<double>(l.data()[i]) - static_cast<double>(r.data()[i])));
    return worst;
}

constexpr boundary edges[] = {boundary::zero,    boundary::constant(3), boundary::replicate,
                              boundary::reflect, boundary::symmetric,   boundary::circular};

}  // namespace

TEST_CASE("recursive_gaussian_filter: its taps are the Gaussian's, to the stated deviation", "[filter]") {
    for (int pairs : {2, 3, 4})
        for (double sigma : {0.2, 0.5, 0.8, 1.0, 3.0, 10.0, 50.0, 333.0}) {
            const auto reach = static_cast<index_t>(std::ceil(12 * sigma) + 2);
            tensor<double, 1> impulse{{2 * reach + 1}};
            impulse(reach) = 1;
            const auto taps = recursive_gaussian_filter(impulse, sigma, {.pairs = pairs, .boundary = boundary::zero});
            const auto exact = [&](index_t i) {
                const long double t = static_cast<long double>(i) / sigma;
                return std::exp(-t * t / 2);
            };
            long double sum = 1;
            for (index_t i = 1; i <= 4 * reach; ++i) sum += 2 * exact(i);
            double worst = 0, total = 0;
            for (index_t i = -reach; i <= reach; ++i) {
                const double d = std::abs(static_cast<double>(taps(reach + i) - exact(i) / sum));
                worst = std::max(worst, d);
                total += d;
            }
            INFO(pairs << " pairs, sigma " << sigma << ": " << worst * static_cast<double>(sum) << ", " << total);
            CHECK(worst * static_cast<double>(sum) <= tap_deviation[pairs - 2]);
            CHECK(total <= sum_deviation[pairs - 2]);
        }
}

TEST_CASE("recursive_gaussian_filter: every boundary, and lines shorter than sigma", "[filter]") {
    random_source random(51);
    for (index_t n : {1, 2, 3, 17, 40, 100})
        for (double sigma : {0.7, 4.0, 30.0})
            for (boundary const& edge : edges) {
                const auto x = any_tensor<double, 1>(random, {n});
                const auto expected = gaussian_filter(x, sigma, {.truncate = 9, .boundary = edge});
                for (int pairs : {2, 3, 4}) {
                    const auto y = recursive_gaussian_filter(x, sigma, {.pairs = pairs, .boundary = edge});
                    INFO(n << " samples, sigma " << sigma << ", " << name_of(edge.map) << ", " << pairs << " pairs");
                    CHECK(worst_difference(y, expected) <= sum_deviation[pairs - 2] * std::max(largest(x), 3.0));
                }
            }
}

TEST_CASE("recursive_gaussian_filter: all axes, views and element types", "[filter]") {
    random_source random(52);
    const per_axis<double> sigma{2, 5};
    for (shape const& n : {shape{40, 50}, {1, 90}, {37, 1}, {16, 16}, {33, 70}}) {
        const auto x = any_tensor<double, 2>(random, n);
        const auto expected = gaussian_filter(x, sigma, {.truncate = 9});
        const double allowed = 2 * sum_deviation[2] * largest(x);
        CHECK(worst_difference(recursive_gaussian_filter(x, sigma, {.pairs = 4}), expected) <= allowed);

        auto turned = recursive_gaussian_filter(transpose(x), {5, 2}, {.pairs = 4});
        CHECK(worst_difference(copy(transpose(turned)), expected) <= allowed);
        const auto backwards = recursive_gaussian_filter(flip(x), sigma, {.pairs = 4});
        CHECK(worst_difference(copy(flip(backwards)), expected) <= allowed);

        tensor<float, 2> narrow(n);
        for (index_t i = 0; i < x.count(); ++i) narrow.data()[i] = static_cast<float>(x.data()[i]);
        CHECK(worst_difference(recursive_gaussian_filter(narrow, sigma), expected) <=
              (2 * sum_deviation[1] + 16 * 0x1p-24) * largest(x));
    }
    const auto volume = any_tensor<double, 3>(random, {9, 20, 13});
    const per_axis<double> three{1, 2, 3};
    const per_axis<boundary> mixed{boundary::reflect, boundary::circular, boundary::replicate};
    CHECK(worst_difference(recursive_gaussian_filter(volume, three, {.pairs = 4, .boundary = mixed}),
                           gaussian_filter(volume, three, {.truncate = 9, .boundary = mixed})) <=
          3 * sum_deviation[2] * largest(volume));

    // bytes: rounded once, at the end
    tensor<std::uint8_t, 2> bytes{{60, 70}};
    for (std::uint8_t& v : bytes) v = static_cast<std::uint8_t>(random.between(0, 255));
    const auto sums = recursive_gaussian_filter(bytes, 3);
    static_assert(std::is_same_v<decltype(sums), tensor<float, 2> const>);
    const auto rounded = recursive_gaussian_filter<std::uint8_t>(bytes, 3, {.overflow = overflow::saturate});
    for (index_t i = 0; i < sums.count(); ++i)
        CHECK(rounded.data()[i] == static_cast<std::uint8_t>(std::nearbyint(sums.data()[i])));

    CHECK(recursive_gaussian_filter(tensor<float, 2>{{0, 5}}, 2).shape() == shape{0, 5});
    CHECK(recursive_gaussian_filter(tensor<float, 2>{{5, 0}}, 2).shape() == shape{5, 0});
}

TEST_CASE("recursive_gaussian_filter: a constant stays, and float sums are as good as they are said to be",
          "[filter]") {
    random_source random(53);
    for (double sigma : {1.0, 10.0, 50.0, 200.0}) {
        tensor<float, 2> constant{{30, 500}};
        for (float& v : constant) v = 1;
        const double units = (16 + sigma / 4) * 0x1p-24;
        const auto same = recursive_gaussian_filter(constant, sigma);
        CHECK(worst_difference(same, constant) <= 2 * units);

        const auto x = any_tensor<float, 1>(random, {3000});
        tensor<double, 1> wide{{3000}};
        for (index_t i = 0; i < 3000; ++i) wide(i) = static_cast<double>(x(i));
        INFO("sigma " << sigma);
        CHECK(worst_difference(recursive_gaussian_filter(x, sigma), recursive_gaussian_filter(wide, sigma)) <=
              units * largest(x));
    }
}

TEST_CASE("recursive_gaussian_filter: the same bits for any number of threads", "[filter][threads]") {
    random_source random(54);
    const auto x = any_tensor<float, 2>(random, {130, 90});
    const auto one = recursive_gaussian_filter(x, 7);
    for (int threads : {0, 2, 3, 5})
        CHECK(testing::difference(recursive_gaussian_filter(x, 7, {.threads = threads}), one) == "");
}

TEST_CASE("recursive_gaussian_filter_into: the same bits, into views and other types", "[filter]") {
    random_source random(55);
    const auto x = any_tensor<float, 2>(random, {23, 41});
    const per_axis<double> sigma{2, 5};
    const auto expected = recursive_gaussian_filter(x, sigma);
    tensor<float, 2> y{{41, 23}};
    recursive_gaussian_filter_into(transpose(y.view()), x, sigma);
    CHECK(testing::difference(copy(transpose(y)), expected) == "");

    tensor<std::int16_t, 2> whole{{23, 41}};
    const recursive_gaussian_options towards_zero{.rounding = rounding::toward_zero};
    recursive_gaussian_filter_into(whole, x, sigma, towards_zero);
    for (index_t i = 0; i < x.count(); ++i)
        REQUIRE(whole.data()[i] == static_cast<std::int16_t>(std::trunc(expected.data()[i])));

    tensor<float, 2> other{{23, 40}};
    CHECK(message_of<shape_error>([&] { recursive_gaussian_filter_into(other, x, sigma); }) ==
          "recursive_gaussian_filter: an output of shape (23, 40) where the result has (23, 41)");
    auto same = x;
    CHECK_THROWS_AS(recursive_gaussian_filter_into(same, same, sigma), overlap_error);
    CHECK(testing::difference(same, x) == "");
}

TEST_CASE("recursive_gaussian_filter: what is refused", "[filter]") {
    const tensor<float, 2> x{{4, 5}};
    CHECK(message_of<option_error>([&] { recursive_gaussian_filter(x, 0); }) ==
          "recursive_gaussian_filter: sigma 0; a finite number above 0 is needed");
    CHECK(message_of<option_error>([&] {
              recursive_gaussian_filter(x, {1, std::nan("")});
          }) == "recursive_gaussian_filter: sigma nan; a finite number above 0 is needed");
    CHECK(message_of<option_error>([&] { recursive_gaussian_filter(x, 2, {.pairs = 5}); }) ==
          "recursive_gaussian_filter: 5 pairs of exponentials; 2, 3 or 4 are possible");
    CHECK(message_of<option_error>([&] { recursive_gaussian_filter(x, 2, {.threads = -2}); }) ==
          "recursive_gaussian_filter: .threads = -2: 0 = all processors, or a number");
    CHECK(message_of<shape_error>([&] {
              recursive_gaussian_filter(x, {1, 2, 3});
          }) ==
          "recursive_gaussian_filter: sigma: a list of 3 values for 2 axes; give one value per axis, or one without "
          "braces for all");
}
