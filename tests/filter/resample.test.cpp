// tests/filter/resample.test.cpp -- zero stuffing, convolution and a window stride by the defining sum; a tone
// resampled
#include <faltung/filter/resample.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/given.hpp"
#include "support/random.hpp"

using namespace faltung;
using testing::message_of;

namespace {

/// sum over k of h[m down - k up] x[k], for as many m as the full convolution of the stuffed signal has.
std::vector<std::int64_t> defining(std::vector<std::int64_t> const& h, std::vector<std::int64_t> const& x, index_t up,
                                   index_t down) {
    std::vector<std::int64_t> stuffed;
    for (std::size_t k = 0; k < x.size(); ++k) {
        if (k > 0) stuffed.insert(stuffed.end(), static_cast<std::size_t>(up - 1), 0);
        stuffed.push_back(x[k]);
    }
    std::vector<std::int64_t> full(stuffed.size() + h.size() - 1, 0), kept;
    for (std::size_t i = 0; i < stuffed.size(); ++i)
        for (std::size_t t = 0; t < h.size(); ++t) full[i + t] += h[t] * stuffed[i];
    for (std::size_t m = 0; m < full.size(); m += static_cast<std::size_t>(down)) kept.push_back(full[m]);
    return kept;
}

}  // namespace

TEST_CASE("upfirdn: the defining sum, exactly", "[filter]") {
    testing::random_source random(5);
    for (index_t n : {1, 2, 7, 20})
        for (index_t taps : {1, 2, 3, 8, 21})
            for (index_t up : {1, 2, 3, 5, 8})
                for (index_t down : {1, 2, 3, 4, 6, 30}) {
                    INFO(n << " samples, " << taps << " taps, " << up << " up, " << down << " down");
                    const auto x = random.many_small<std::int64_t>(n), h = random.many_small<std::int64_t>(taps);
                    const auto y = upfirdn(h, x, up, down);
                    CHECK(std::vector<std::int64_t>(y.begin(), y.end()) == defining(h, x, up, down));
                }
}

TEST_CASE("upfirdn: along an axis of several", "[filter]") {
    const std::vector<int> h{1, 2, 3};
    const tensor<int, 2> x{{3, 2}, {1, 10, 2, 20, 3, 30}};
    const auto down = upfirdn(h, x, 2, 3, {.axis = 0}), across = upfirdn(h, x, 2, 3);
    CHECK(down.shape() == shape{3, 2});
    CHECK(std::vector<std::int64_t>(down.begin(), down.end()) == std::vector<std::int64_t>{1, 10, 4, 40, 9, 90});
    CHECK(across.shape() == shape{3, 2});
    CHECK(std::vector<std::int64_t>(across.begin(), across.end()) == std::vector<std::int64_t>{1, 20, 2, 40, 3, 60});
    CHECK(upfirdn(h, tensor<int, 2>{{3, 0}}, 2, 3).shape() == shape{3, 0});
    static_assert(std::is_same_v<decltype(upfirdn<float>(h, x, 1, 1)), tensor<float, 2>>);
}

TEST_CASE("resample_poly: a tone keeps its frequency, and a constant its value", "[filter]") {
    for (auto [up, down] : {std::pair<index_t, index_t>{3, 2}, {2, 3}, {5, 1}, {1, 4}, {6, 4}, {147, 160}}) {
        const index_t n = 1200;
        std::vector<double> x;
        for (index_t i = 0; i < n; ++i) x.push_back(2 + std::sin(0.05 * static_cast<double>(i)));
        const auto y = resample_poly(x, up, down);
        REQUIRE(y.extent(0) == (n * up + down - 1) / down);
        for (index_t m = y.extent(0) / 4; m < 3 * y.extent(0) / 4; ++m) {
            const double at = static_cast<double>(m) * static_cast<double>(down) / static_cast<double>(up);
            CHECK(std::abs(y(m) - (2 + std::sin(0.05 * at))) <= 2e-3);
        }
    }
    // at its own rate it is itself
    const std::vector<double> same{1, 2, 3};
    const auto y = resample_poly(same, 4, 4);
    CHECK(std::vector<double>(y.begin(), y.end()) == same);
}

TEST_CASE("resample: the same bits in memory that is there", "[filter]") {
    using testing::require_given;
    testing::random_source random(6);
    auto x = testing::any_tensor<double, 2>(random, {6, 7});
    const std::vector<double> h{1, -2, 0.5};
    for (int axis : {0, 1}) {
        const resample_options along{.axis = axis};
        // of 5 remainders 2 meet no tap
        require_given("upfirdn", upfirdn(h, x, 5, 2, along), [&](auto y) { upfirdn_into(y, h, x, 5, 2, along); });
        require_given("resample_poly", resample_poly(x, 3, 2, along),
                      [&](auto y) { resample_poly_into(y, x, 3, 2, along); });
    }
    require_given("resample_poly", resample_poly<float>(x, 3, 2), [&](auto y) { resample_poly_into(y, x, 3, 2); });
    const auto before = x;
    CHECK_THROWS_AS(resample_poly_into(x, x, 1, 1), overlap_error);
    CHECK_THROWS_AS(upfirdn_into(x, std::vector<double>{1}, x, 1, 1), overlap_error);
    CHECK(testing::difference(x, before) == "");
}

TEST_CASE("resample: what is refused", "[filter]") {
    const std::vector<double> x{1, 2}, none;
    CHECK(message_of<option_error>([&] { upfirdn(x, x, 0, 1); }) ==
          "upfirdn: rates 0 up and 1 down; both have to be 1 or more");
    CHECK(message_of<option_error>([&] { resample_poly(x, 1, -3); }) ==
          "resample_poly: rates 1 up and -3 down; both have to be 1 or more");
    CHECK(message_of<shape_error>([&] { upfirdn(none, x, 1, 1); }) == "upfirdn: 0 taps; 1 to 2147483648 are possible");
    CHECK(message_of<shape_error>([&] { upfirdn(x, x, 1, 1, {.axis = 1}); }) ==
          "upfirdn: axis 1, but the axes are 0 to 0");
    CHECK(message_of<shape_error>([&] { resample_poly(x, 1, index_t{1} << 40); }) ==
          "resample_poly: 21990232555521 taps; 1 to 2147483648 are possible");
    CHECK(message_of<overflow_error>([&] { upfirdn(x, std::vector<double>(5), index_t{1} << 62, 1); }) ==
          "samples of upfirdn: 4 * 4611686018427387904 does not fit 64 bits");
}
