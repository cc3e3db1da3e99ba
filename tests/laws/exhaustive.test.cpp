// tests/laws/exhaustive.test.cpp -- every small 1-D problem in integers, against the defining sum
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
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

/// How many of the problems with these n, k and boundary are wrong by one of the methods.
index_t wrong_problems(index_t n, index_t k, char map, sequences const& s, index_t& problems) {
    const std::vector<std::uint64_t> x(s.x.begin(), s.x.begin() + n), h(s.h.begin(), s.h.begin() + k);
    const std::vector<std::uint64_t> reversed(h.rbegin(), h.rend());
    const std::span<std::int64_t const> x_span(s.x.data(), static_cast<std::size_t>(n)),
        h_span(s.h.data(), static_cast<std::size_t>(k));
    index_t wrong = 0;
    for (index_t stride = 1; stride <= 3; ++stride)
        for (index_t dilation = 1; dilation <= 3; ++dilation)
            for (index_t low = -1; low <= k + 1; ++low)
                for (const index_t high : {low, index_t{-2}, index_t{0}, index_t{1}, k + 1}) {
                    if (is_slow_build && (low + high + stride + dilation) % 5 != 0) continue;
                    const reference::line line{n, k, stride, dilation, low, high, map, -7};
                    const auto want = reference::correlate<std::uint64_t>({line}, x, h),
                               turned = reference::correlate<std::uint64_t>({line}, x, reversed);
                    convolve_options o{.padding = {{low, high}},
                                       .boundary = boundary_of(line),
                                       .stride = stride,
                                       .dilation = dilation};
                    ++problems;
                    for (const method m : {method::direct, method::im2col}) {
                        o.method = m;
                        const auto correlated = correlate(x_span, h_span, o), convolved = convolve(x_span, h_span, o);
                        const auto is_equal = [](std::vector<std::uint64_t> const& l, auto const& r) {
                            return std::equal(
                                l.begin(), l.end(), r.begin(), r.end(),
                                [](std::uint64_t a, std::int64_t b) { return a == static_cast<std::uint64_t>(b); });
                        };
                        wrong += !is_equal(want, correlated) + !is_equal(turned, convolved);
                    }
                }
    return wrong;
}

}  // namespace

TEST_CASE("exhaustive: every small 1-D problem", "[laws][shard_exhaustive]") {
    const sequences s;
    index_t problems = 0;
    for (const char map : {'z', 'c', 'e', 'r', 's', 'w'})
        for (index_t n = 0; n <= 12; ++n)
            for (index_t k = 1; k <= 12; ++k) {
                INFO("boundary " << map << ", n " << n << ", taps " << k);
                CHECK(wrong_problems(n, k, map, s, problems) == 0);
            }
    CHECK(problems > (is_slow_build ? 50000 : 300000));
}

TEST_CASE("exhaustive: a kernel without taps is an error at every length", "[laws]") {
    const std::vector<float> none;
    for (index_t n = 0; n <= 12; ++n) {
        const std::vector<float> x(static_cast<std::size_t>(n), 1.0f);
        CHECK(message_of<shape_error>([&] { convolve(x, none); }) ==
              "convolve: an empty kernel (0,): every axis needs at least 1 tap");
        CHECK(message_of<shape_error>([&] { correlate(x, none); }) ==
              "correlate: an empty kernel (0,): every axis needs at least 1 tap");
    }
}
