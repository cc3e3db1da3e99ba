// tests/convolve/adjoint.test.cpp -- phases, the part of the padded axis that matters, and the fold
#include <faltung/convolve/adjoint.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::adjoint_extent;
using detail::phase;
using detail::phase_count;

TEST_CASE("adjoint: as many phases as window-stride remainders that some tap has", "[convolve]") {
    const auto count = [](index_t taps, index_t stride, index_t dilation) {
        return phase_count({20, taps, stride, dilation, 0, 0, {}});
    };
    CHECK(count(3, 1, 1) == 1);
    CHECK(count(3, 2, 1) == 2);
    CHECK(count(3, 2, 2) == 1);
    CHECK(count(3, 5, 1) == 3);
    CHECK(count(7, 6, 4) == 3);
    // counted: how many different remainders t * dilation mod stride there are
    for (index_t taps = 1; taps <= 7; ++taps)
        for (index_t stride = 1; stride <= 7; ++stride)
            for (index_t dilation = 1; dilation <= 7; ++dilation) {
                std::vector<bool> seen(static_cast<std::size_t>(stride), false);
                for (index_t t = 0; t < taps; ++t) seen[static_cast<std::size_t>(t * dilation % stride)] = true;
                CHECK(count(taps, stride, dilation) == std::count(seen.begin(), seen.end(), true));
            }
}

TEST_CASE("adjoint: only the data where a constant stands outside, all that windows reach where the rim is folded",
          "[convolve]") {
    const auto extent = [](axis const& k) { return std::pair{adjoint_extent(k).begin, adjoint_extent(k).end}; };
    // 10 samples, 2 + 3 padded, 3 taps: windows reach all 15 padded positions
    CHECK(extent({10, 3, 1, 1, 2, 3, boundary::zero}) == std::pair<index_t, index_t>{2, 12});
    CHECK(extent({10, 3, 1, 1, 2, 3, boundary::constant(1)}) == std::pair<index_t, index_t>{2, 12});
    CHECK(extent({10, 3, 1, 1, 2, 3, boundary::reflect}) == std::pair<index_t, index_t>{0, 15});
    CHECK(extent({10, 3, 1, 1, 0, 0, boundary::reflect}) == std::pair<index_t, index_t>{0, 10});
    CHECK(extent({10, 3, 4, 1, 2, 3, boundary::zero}) == std::pair<index_t, index_t>{2, 12});  // windows at 0, 4, 8, 12
    CHECK(extent({10, 3, 8, 1, 2, 0, boundary::zero}) ==
          std::pair<index_t, index_t>{2, 11});  // at 0 and 8: 11 positions
    CHECK(extent({10, 3, 1, 1, -4, 0, boundary::zero}) == std::pair<index_t, index_t>{0, 6});
    CHECK(extent({2, 5, 1, 1, 0, 0, boundary::zero}) == std::pair<index_t, index_t>{0, 0});
}

// every (output, tap) pair of an axis, through the phases: each must appear once, at its padded position
TEST_CASE("adjoint: every term of the sum belongs to one phase, at the right position", "[convolve]") {
    for (index_t taps = 1; taps <= 5; ++taps)
        for (index_t stride = 1; stride <= 5; ++stride)
            for (index_t dilation = 1; dilation <= 4; ++dilation)
                for (const index_t low : {-2, 0, 1, 4})
                    for (boundary const& edge : {boundary::zero, boundary::circular}) {
                        const axis k{7, taps, stride, dilation, low, 3, edge};
                        if (k.outputs() == 0) continue;
                        const auto z = adjoint_extent(k);
                        std::vector<index_t> found(static_cast<std::size_t>(k.outputs() * taps), 0);
                        for (index_t first = 0; first < phase_count(k); ++first) {
                            const auto p = phase(k, first);
                            CHECK(p.forward.n == k.outputs());
                            for (index_t o = 0; o < p.forward.outputs(); ++o)
                                for (index_t u = 0; u < p.forward.taps; ++u) {
                                    const index_t output = p.forward.position(o, u);
                                    if (output < 0 || output >= k.outputs()) continue;
                                    const index_t tap =
                                        p.first_tap + (p.forward.taps - 1 - u) * p.tap_step;  // reversed
                                    CHECK(z.begin + p.position + o * stride == output * stride + tap * dilation);
                                    ++found[static_cast<std::size_t>(output * taps + tap)];
                                }
                        }
                        for (index_t o = 0; o < k.outputs(); ++o)
                            for (index_t t = 0; t < taps; ++t) {
                                const index_t at = o * stride + t * dilation;
                                CHECK(found[static_cast<std::size_t>(o * taps + t)] ==
                                      (at >= z.begin && at < z.end ? 1 : 0));
                            }
                    }
}

namespace {

using T = detail::types<double, double, double, double>;

std::vector<double> adjoint_of(reference::line const& k, std::vector<double> const& h, std::vector<double> const& y,
                               index_t& shared) {
    problem p = problem_of({k});
    const detail::packed_kernel<double> kernel(array_of(h.data(), {k.taps}), [](double w) { return w; });
    p.kernel = kernel.facts;
    const detail::adjoint_plan<T> plan("adjoint", p, kernel, method::automatic);
    std::vector<double> x(static_cast<std::size_t>(k.n), -1);
    shared = plan.shared();
    workspace scratch(plan.workspace(), plan.shared(), 1);
    plan.run(array_of(y.data(), {1, static_cast<index_t>(y.size())}), array_of(x.data(), {1, k.n}), scratch);
    return x;
}

}  // namespace

TEST_CASE("adjoint: the rim is folded back to the samples that it shows", "[convolve]") {
    index_t shared = 0;
    // one tap and padding {2, 1} of a b c: y = 2 rim samples, a, b, c, 1 rim sample
    const std::vector<double> one{1}, y{1, 10, 100, 1000, 10000, 100000};
    const auto back = [&](char map) { return adjoint_of({3, 1, 1, 1, 2, 1, map, 5}, one, y, shared); };
    CHECK(back('z') == std::vector<double>{100, 1000, 10000});
    CHECK(shared == 0);
    CHECK(back('c') == std::vector<double>{100, 1000, 10000});
    CHECK(back('e') == std::vector<double>{111, 1000, 110000});
    CHECK(shared == 6 * 8);
    CHECK(back('r') == std::vector<double>{100, 101010, 10001});   // c b|a b c|b
    CHECK(back('s') == std::vector<double>{110, 1001, 110000});    // b a|a b c|c
    CHECK(back('w') == std::vector<double>{100100, 1001, 10010});  // b c|a b c|a
}

TEST_CASE("adjoint: samples that no window touches get 0", "[convolve]") {
    index_t shared = 0;
    CHECK(adjoint_of({7, 1, 3, 1, 0, 0, 'z'}, {2}, {1, 10, 100}, shared) ==
          std::vector<double>{2, 0, 0, 20, 0, 0, 200});
    CHECK(adjoint_of({4, 2, 1, 1, -2, 0, 'z'}, {1, 3}, {5}, shared) == std::vector<double>{0, 0, 5, 15});
    CHECK(adjoint_of({3, 1, 1, 1, -3, 2, 'z'}, {1}, {7, 8}, shared) == std::vector<double>{0, 0, 0});
    CHECK(adjoint_of({2, 5, 1, 1, 0, 0, 'z'}, {1, 1, 1, 1, 1}, {}, shared) == std::vector<double>{0, 0});
}

TEST_CASE("adjoint: window strides near the limit", "[convolve]") {
    const index_t far = (index_t{1} << 61) - 5;
    index_t shared = 0;
    CHECK(adjoint_of({3, 2, far - 1, 1, 0, far, 'z'}, {1, 2}, {5, 7}, shared) == std::vector<double>{5, 10, 0});
}
