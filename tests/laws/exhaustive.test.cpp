// tests/laws/exhaustive.test.cpp -- every small 1-D problem in integers, against the defining sum
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

// the first x[0 ... n - 1] and h[0 ... k - 1] of fixed sequences: full-range values, so that sums wrap
struct sequences {
    std::vector<std::int64_t> x, h;
    sequences() {
        random_source r(1);
        x = r.many<std::int64_t>(12);
        h = r.many<std::int64_t>(12);
    }
};

/// The sums of one problem with h as it is, which correlate answers, and with h reversed, which convolve answers.
struct expected {
    std::vector<std::uint64_t> correlated, convolved;

    expected(reference::line const& k, std::span<std::int64_t const> x, std::span<std::int64_t const> h)
        : correlated(static_cast<std::size_t>(reference::outputs(k))), convolved(correlated) {
        reference::for_each_term({k}, [&](std::size_t o, std::size_t t, std::size_t i, reference::line const* outside) {
            if (outside && outside->map == 'z') return;
            const auto sample = static_cast<std::uint64_t>(outside ? constant : x[i]);
            correlated[o] += static_cast<std::uint64_t>(h[t]) * sample;
            convolved[o] += static_cast<std::uint64_t>(h[h.size() - 1 - t]) * sample;
        });
    }
    static constexpr std::int64_t constant = -7;
};

bool is_equal(std::vector<std::uint64_t> const& l, tensor<std::int64_t, 1> const& r) {
    return std::equal(l.begin(), l.end(), r.begin(), r.end(),
                      [](std::uint64_t a, std::int64_t b) { return a == static_cast<std::uint64_t>(b); });
}

/// The boundaries, as letters of the reference.
constexpr char maps[] = {'z', 'c', 'e', 'r', 's', 'w'};

/// Call `visit` for every stride, dilation and pair of pads from -2 (a crop) to k + 1. Slow builds take one in 13.
template <class Visit>
void for_each_geometry(index_t n, index_t k, char map, Visit&& visit) {
    for (index_t stride = 1; stride <= 3; ++stride)
        for (index_t dilation = 1; dilation <= 3; ++dilation)
            for (index_t low = -2; low <= k + 1; ++low)
                for (index_t high = -2; high <= k + 1; ++high)
                    if (!is_slow_build || (n + stride + 3 * dilation + 9 * low + 4 * high) % 13 == 0)
                        visit(reference::line{n, k, stride, dilation, low, high, map, expected::constant});
}

convolve_options options_of(reference::line const& k, method m) {
    return {.padding = {{k.low, k.high}},
            .boundary = boundary_of(k),
            .stride = k.stride,
            .dilation = k.dilation,
            .method = m};
}

/// How many of the problems with these n, k and boundary are wrong by one of the methods.
index_t wrong_problems(index_t n, index_t k, char map, sequences const& s, index_t& problems) {
    const std::span<std::int64_t const> x(s.x.data(), static_cast<std::size_t>(n)),
        h(s.h.data(), static_cast<std::size_t>(k));
    index_t wrong = 0;
    for_each_geometry(n, k, map, [&](reference::line const& line) {
        const expected want(line, x, h);
        ++problems;
        for (const method m : {method::direct, method::im2col, method::separable}) {
            const convolve_options o = options_of(line, m);
            wrong += !is_equal(want.correlated, correlate(x, h, o)) + !is_equal(want.convolved, convolve(x, h, o));
        }
    });
    return wrong;
}

}  // namespace

TEST_CASE("exhaustive: every small 1-D problem", "[laws][shard_exhaustive]") {
    const sequences s;
    index_t problems = 0;
    for (const char map : maps)
        for (index_t n = 0; n <= 12; ++n)
            for (index_t k = 1; k <= 12; ++k) {
                INFO("boundary " << map << ", n " << n << ", taps " << k);
                CHECK(wrong_problems(n, k, map, s, problems) == 0);
            }
    // 6 boundaries, 13 lengths, 3 strides, 3 dilations, and (k + 4)^2 pairs of pads: 5^2 + ... + 16^2 = 1466
    const index_t every = 6 * 13 * 3 * 3 * 1466;
    CHECK((is_slow_build ? problems > every / 14 : problems == every));
}

TEST_CASE("exhaustive: a kernel without taps is refused, whatever else is asked for", "[laws]") {
    const std::vector<float> x(12, 1.0f), none;
    index_t not_refused = 0;
    for (const char map : maps)
        for (index_t n = 0; n <= 12; ++n) {
            const std::span<float const> first(x.data(), static_cast<std::size_t>(n));
            for_each_geometry(n, 0, map, [&](reference::line const& line) {
                for (const method m : {method::automatic, method::direct, method::im2col}) {
                    const convolve_options o = options_of(line, m);
                    not_refused += message_of<shape_error>([&] { convolve(first, none, o); }) !=
                                   "convolve: an empty kernel (0,): every axis needs at least 1 tap";
                    not_refused += message_of<shape_error>([&] { correlate(first, none, o); }) !=
                                   "correlate: an empty kernel (0,): every axis needs at least 1 tap";
                }
            });
            INFO("boundary " << map << ", n " << n);
            CHECK(not_refused == 0);
        }
    CHECK(message_of<shape_error>([&] { convolve(x, none); }) ==
          "convolve: an empty kernel (0,): every axis needs at least 1 tap");
    CHECK(message_of<shape_error>([&] { correlate(x, none); }) ==
          "correlate: an empty kernel (0,): every axis needs at least 1 tap");
}
