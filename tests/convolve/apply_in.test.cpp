// tests/convolve/apply_in.test.cpp -- every algebra against its defining formula, and laws that they share
#include <faltung/convolve.hpp>

#include <algorithm>
#include <functional>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::message_of;
using testing::random_source;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

/// The defining formula with long double numbers, along two axes: the products that each output is made of are given to
/// `sum`. `e[a]`: the boundaries; low: the padding at the low ends.
template <class X, class H, class Sum>
std::vector<double> defined(tensor<X, 2> const& x, tensor<H, 2> const& h, std::array<boundary, 2> const& e,
                            std::array<index_t, 2> low, std::array<index_t, 2> step, shape const& outputs, Sum sum) {
    std::vector<double> y;
    for_each_index(outputs, [&](index_list const& o) {
        std::vector<std::array<double, 2>> pairs;  // tap, sample
        for_each_index(h.shape(), [&](index_list const& t) {
            index_list at;
            bool nothing = false;
            double constant = 0;
            bool is_constant = false;
            for (int a = 0; a < 2; ++a) {
                const auto k = static_cast<std::size_t>(a);
                const index_t i = e[k].source(o[a] * step[k] + t[a] - low[k], x.extent(a));
                at.push_back(std::max<index_t>(i, 0));
                if (i >= 0) continue;
                nothing = e[k].is_zero();  // outside on both axes: the last one wins
                is_constant = true;
                constant = static_cast<double>(e[k].re);
            }
            if (!nothing)
                pairs.push_back({static_cast<double>(h(t)), is_constant ? constant : static_cast<double>(x(at))});
        });
        y.push_back(sum(pairs));
    });
    return y;
}

using pairs = std::vector<std::array<double, 2>>;

double largest(pairs const& p) {
    double most = -inf;
    for (auto [tap, sample] : p) most = std::max(most, tap + sample);
    return most;
}
double smallest(pairs const& p) {
    double least = inf;
    for (auto [tap, sample] : p) least = std::min(least, tap + sample);
    return least;
}
double logarithm(pairs const& p) {
    long double sum = 0;
    for (auto [tap, sample] : p) sum += std::exp(static_cast<long double>(tap) + static_cast<long double>(sample));
    return static_cast<double>(std::log(sum));
}
double any(pairs const& p) {
    return std::any_of(p.begin(), p.end(), [](auto const& both) { return both[0] != 0 && both[1] != 0; });
}

template <class Algebra, class X, class H, class Formula>
void check_everything(Formula formula, double tolerance) {
    random_source r(81);
    const boundary edges[] = {boundary::zero,    boundary::constant(2), boundary::replicate,
                              boundary::reflect, boundary::symmetric,   boundary::circular};
    for (int round = 0; round < 60; ++round) {
        const tensor<X, 2> x = testing::small_tensor<X, 2>(r, {r.between(1, 6), r.between(1, 90)});
        const tensor<H, 2> h = testing::small_tensor<H, 2>(r, {r.between(1, 4), r.between(1, 5)});
        const std::array<boundary, 2> e{edges[r.between(0, 5)], edges[r.between(0, 5)]};
        const std::array<index_t, 2> low{r.between(0, 3), r.between(0, 5)}, step{r.between(1, 2), r.between(1, 3)};
        convolve_options o{.boundary = {e[0], e[1]}, .stride = {step[0], step[1]}};
        o.padding = padding{{low[0], low[0] + h.extent(0)}, {low[1], low[1] + h.extent(1)}};
        const auto y = correlate_in<Algebra>(x, h, o);
        const auto expected = defined(x, h, e, low, step, y.shape(), formula);
        REQUIRE(static_cast<std::size_t>(y.count()) == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const double got = static_cast<double>(y.data()[i]);
            INFO("round " << round << ", output " << i << ": " << got << ", not " << expected[i]);
            if (std::is_integral_v<X> && std::isinf(expected[i]))
                REQUIRE(std::abs(got) > 9.2e18);  // nothing was there: the end of int64
            else
                REQUIRE((got == expected[i] || std::abs(got - expected[i]) <= tolerance));
        }
        // a convolution slides the kernel reversed; the bits depend neither on threads nor on views
        REQUIRE((testing::difference(convolve_in<Algebra>(x, flip(h), o), y) == ""));
        o.threads = 3;
        REQUIRE((testing::difference(correlate_in<Algebra>(x, h, o), y) == ""));
        const auto turned = copy(transpose(x));
        REQUIRE((testing::difference(correlate_in<Algebra>(transpose(turned), h, o), y) == ""));
    }
}

}  // namespace

TEST_CASE("convolve_in: the largest and the smallest sum", "[convolve]") {
    check_everything<max_plus, float, float>(largest, 0);
    check_everything<max_plus, double, double>(largest, 0);
    check_everything<min_plus, float, float>(smallest, 0);
    check_everything<max_plus, std::uint8_t, std::int16_t>(largest, 0);
    check_everything<min_plus, std::int32_t, std::int32_t>(smallest, 0);
    check_everything<min_plus, std::int16_t, float>(smallest, 0);
}

TEST_CASE("convolve_in: any and all", "[convolve]") {
    check_everything<or_and, bool, bool>(any, 0);
    check_everything<or_and, std::uint8_t, std::int8_t>(any, 0);
    check_everything<or_and, float, double>(any, 0);
}

TEST_CASE("convolve_in: logarithms of sums of exponentials", "[convolve]") {
    check_everything<log_plus, double, double>(logarithm, 1e-13);
    check_everything<log_plus, float, double>(logarithm, 1e-13);
}

TEST_CASE("convolve_in: taps that are the algebra's zero are holes", "[convolve]") {
    const std::vector<double> x{1, inf, -inf, 5, 2, 4, 8, 1, 0};
    const std::vector<double> h{0, -inf, 3};
    const auto y = correlate_in<max_plus>(x, h);
    // the windows of x, with nothing outside, through the first and the last tap
    const std::vector<double> expected{4, inf, 1, inf, 5, 7, 11, 4, 8, 1, 0};
    REQUIRE(static_cast<std::size_t>(y.count()) == expected.size());
    for (index_t i = 0; i < y.count(); ++i) CHECK(y(i) == expected[static_cast<std::size_t>(i)]);
}

TEST_CASE("convolve_in: known results", "[convolve]") {
    // the infimal convolution of two convex sequences merges their slopes in order
    const std::vector<int> a{0, 1, 3, 6}, b{0, 2, 4, 9};
    const auto y = convolve_in<min_plus>(a, b);
    CHECK(std::vector<std::int64_t>(y.begin(), y.end()) == std::vector<std::int64_t>{0, 1, 3, 5, 7, 10, 15});

    // the least cost of reaching a total in two steps
    const std::vector<float> cost{0, 5, 6, 20};
    const auto two = convolve_in<min_plus>(cost, cost);
    CHECK(std::vector<float>(two.begin(), two.end()) == std::vector<float>{0, 5, 6, 11, 12, 26, 40});

    // probabilities of the sum of two dice, by their logarithms
    const std::vector<double> die(6, std::log(1.0 / 6));
    const auto sum = convolve_in<log_plus>(die, die);
    for (index_t i = 0; i < 11; ++i)
        CHECK(std::abs(std::exp(sum(i)) - static_cast<double>(6 - std::abs(i - 5)) / 36) <= 1e-15);

    // bytes are clamped, and so is what nothing reaches
    const std::vector<std::uint8_t> x{250, 10};
    const auto up = convolve_in<max_plus, std::uint8_t>(x, std::vector<int>{10});
    CHECK(std::vector<int>(up.begin(), up.end()) == std::vector<int>{255, 20});
    const auto nothing = correlate_in<max_plus, std::int16_t>(x, std::vector<int>{1}, {.padding = {{1, 1}}});
    CHECK(std::vector<int>(nothing.begin(), nothing.end()) == std::vector<int>{-32768, 251, 11, -32768});
    using limits = std::numeric_limits<std::int64_t>;
    const auto wide = correlate_in<max_plus>(x, std::vector<int>{-3}, {.padding = {{1, 1}}});
    CHECK(std::vector<std::int64_t>(wide.begin(), wide.end()) ==
          std::vector<std::int64_t>{limits::min(), 247, 7, limits::min()});
    const std::vector<std::int32_t> ends{std::numeric_limits<std::int32_t>::min()};
    const auto least = correlate_in<min_plus>(ends, ends, {.padding = {{1, 1}}});
    CHECK(std::vector<std::int64_t>(least.begin(), least.end()) ==
          std::vector<std::int64_t>{limits::max(), -4294967296, limits::max()});
    const auto floating = correlate_in<min_plus, double>(x, std::vector<int>{-3}, {.padding = {{1, 1}}});
    CHECK(std::vector<double>(floating.begin(), floating.end()) == std::vector<double>{inf, 247, 7, inf});
}

TEST_CASE("convolve_in: NaN spreads over its windows", "[convolve]") {
    std::vector<float> x(200, 1.0f);
    x[100] = std::nanf("");
    for (auto const& y :
         {correlate_in<max_plus>(x, std::vector<float>(5)), correlate_in<min_plus>(x, std::vector<float>(5)),
          correlate_in<log_plus>(x, std::vector<float>(5))})
        for (index_t i = 0; i < y.count(); ++i) CHECK(std::isnan(y(i)) == (100 <= i && i <= 104));
}

TEST_CASE("convolve_in: options and errors are those of convolve", "[convolve]") {
    const tensor<float, 2> x{{4, 5}}, h{{2, 2}};
    CHECK(correlate_in<max_plus>(x, std::vector<float>{1, 2}, {.axes = {1}}).shape() == shape{4, 6});
    CHECK(message_of<shape_error>([&] { convolve_in<max_plus>(x, std::vector<float>{1}); }).find("convolve_in: ") == 0);
    CHECK(message_of<unsupported_error>([&] { convolve_in<max_plus>(x, h, {.method = method::fft}); }) ==
          "convolve_in: no method is left: ");
}
