// tests/method/im2col.test.cpp -- panels: more taps than one holds, widths, kernels of a group, every split of the
// grains
#include <faltung/method/im2col.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("im2col: sums go on from panel to panel", "[method]") {
    random_source r(1);
    using T = detail::types<double, double, double, double>;
    // a panel of doubles is at most 2048 taps deep: 2047, 2048, 2049 and 3 panels of taps
    for (const index_t taps : {2047, 2048, 2049, 5000}) {
        const std::vector<reference::line> axes{{taps + 30, taps, 1, 1, 10, 10, 'z'}};
        const auto x = r.many_small<double>(taps + 30), h = r.many_small<double>(taps);
        problem p = problem_of(axes);
        const auto want = reference::correlate<double>(axes, x, h);
        for (const instruction_set s : instruction_sets()) {
            p.limits.instruction_set = s;
            CHECK(run_seam<T>(p, method::im2col, x, h) == want);
        }
    }
}

TEST_CASE("im2col: kernels by four and one by one, outputs by blocks and one by one", "[method]") {
    random_source r(2);
    using T = detail::types<float, float, float, float>;
    for (index_t kernels = 1; kernels <= 9; ++kernels)
        for (index_t n = 1; n <= 70; n += kernels % 2 == 0 ? 7 : 3) {
            const std::vector<reference::line> axes{{n, 3, 1, 1, 1, 1, 's'}};
            problem p = problem_of(axes);
            p.out = kernels;
            const auto x = r.many_small<float>(n), h = r.many_small<float>(3 * kernels);
            std::vector<float> want;
            for (index_t k = 0; k < kernels; ++k) {
                const auto one =
                    reference::correlate<float>(axes, x, std::vector<float>(h.begin() + 3 * k, h.begin() + 3 * k + 3));
                want.insert(want.end(), one.begin(), one.end());
            }
            for (const instruction_set s : instruction_sets()) {
                p.limits.instruction_set = s;
                CHECK(run_seam<T>(p, method::im2col, x, h) == want);
            }
        }
}

TEST_CASE("im2col: any split of the grains gives the same outputs", "[method]") {
    random_source r(3);
    using T = detail::types<float, float, float, float>;
    problem p = problem_of({{3, 3, 1, 1, 1, 1, 'r'}, {2100, 5, 1, 1, 2, 2, 'w'}});
    const auto x = r.many<float>(3 * 2100), h = r.many<float>(15);
    const auto want = run_seam<T>(p, method::im2col, x, h);
    const auto ready = detail::im2col::prepare<T>(p, array_of(h.data(), {1, 1, 3, 5}), nullptr);
    const buffer<std::byte> scratch(detail::im2col::workspace<T>(p));
    const index_t grains = detail::im2col::grains(p);
    for (index_t each = 1; each <= grains; ++each) {
        std::vector<float> y(want.size(), -1);
        for (index_t first = 0; first < grains; first += each)
            detail::im2col::run<T>(p, ready, array_of(x.data(), {1, 3, 2100}), array_of(y.data(), {1, 3, 2100}),
                                   scratch.data(), {first, std::min(first + each, grains)});
        CHECK(y == want);
    }
}

TEST_CASE("im2col: the panel stays small, whatever the problem", "[method]") {
    using T = detail::types<float, float, float, float>;
    for (const index_t taps : {1, 100, 100000})
        CHECK(detail::im2col::workspace<T>(problem_of({{1000000, taps, 1, 1, 0, 0, 'z'}})) <= 256 * 1024 + 1024 * 4);
}

TEST_CASE("im2col: refuses kernels with NaN or Inf", "[method]") {
    problem p = problem_of({{5, 3, 1, 1, 1, 1, 'z'}});
    CHECK_FALSE(detail::im2col::supports(p));
    p.kernel.finite = false;
    CHECK(detail::im2col::supports(p).value_or("") ==
          "a kernel with NaN or Inf needs direct: im2col multiplies zero padding by it");
}

TEST_CASE("im2col: more work costs more time", "[method]") {
    problem p = problem_of({{1000, 3, 1, 1, 1, 1, 'z'}});
    const double three = detail::im2col::predict(p).seconds;
    p[0].taps = 300;
    p[0].low = 298;
    CHECK(detail::im2col::predict(p).seconds > three);
    CHECK(three > 0);
}
