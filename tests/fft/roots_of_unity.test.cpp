// tests/fft/roots_of_unity.test.cpp -- every root is the nearest float and double to what a Taylor series in wider
// arithmetic gives, also beside the axes
#include <faltung/fft/roots_of_unity.hpp>

#include <algorithm>
#include <limits>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::roots_of_unity;

namespace {

struct wide_root {
    widest re, im;
};

/// e^(2 pi i j / m): whole quarter turns are taken off in integers, the rest is the Taylor series of e^(i angle).
wide_root true_root(index_t j, index_t m) {
    const widest pi = static_cast<widest>(0x3.243f6a8885a308dp0L) + static_cast<widest>(0x0.313198a2e0370734p-60L);
    const index_t quarters = 4 * j / m;
    const widest angle = static_cast<widest>(4 * j - quarters * m) * pi / static_cast<widest>(2 * m);
    widest term = 1, part[2] = {0, 0};
    for (int k = 0; k < 44; ++k) {
        part[k % 2] += k % 4 < 2 ? term : -term;
        term = term * angle / static_cast<widest>(k + 1);
    }
    const widest c = part[0], s = part[1];
    const wide_root turned[] = {{c, s}, {-s, c}, {-c, -s}, {s, -c}};
    return turned[quarters];
}

widest magnitude(widest v) { return v < 0 ? -v : v; }

struct findings {
    index_t components = 0, not_nearest_double = 0, not_nearest_float = 0;
    long double worst = 0, worst_length = 0;  // relative errors in units of the unit roundoff of long double

    void look_at(long double got, widest want) {
        ++components;
        not_nearest_double += static_cast<double>(got) != static_cast<double>(want);
        not_nearest_float += static_cast<float>(got) != static_cast<float>(want);
        const widest error = magnitude(static_cast<widest>(got) - want);
        // a component on an axis, where the series leaves 2^-113 or so, must be 0 itself
        const widest scale = magnitude(want) < 0x1p-100L ? static_cast<widest>(0x1p-100L) : magnitude(want);
        worst = std::max(worst, static_cast<long double>(error / scale) / unit_roundoff<long double>);
    }
    void look_at(roots_of_unity const& roots, index_t j, index_t m) {
        const auto got = roots[j];
        const wide_root want = true_root(j, m);
        look_at(got.re, want.re);
        look_at(got.im, want.im);
        const widest re = static_cast<widest>(got.re), im = static_cast<widest>(got.im);
        worst_length = std::max(
            worst_length, static_cast<long double>(magnitude(re * re + im * im - 1)) / 2 / unit_roundoff<long double>);
    }
};

/// A table's angle is off by 3 roundings and so are its sine and cosine, which then are off by an ulp of their own, two
/// roundings: 5. A product of two adds 5 + 5 and its own rounding, a sum another one: 12. Where the cosine of the sum
/// is a difference of two products, their sum is at most 1.21 / 0.71 times as much: 21.
void check(findings const& f) {
    CHECK(f.worst <= 21);
    CHECK(f.worst_length <= 21);
    // An error of 4 roundings, which is typical, crosses the middle between two numbers with a probability of 8 2^-64 /
    // 2^-53 at most: 1 in 256 for a double, and 2^-37 for a float.
    CHECK(f.not_nearest_float == 0);
    if (std::numeric_limits<long double>::digits >= 64) CHECK(f.not_nearest_double <= f.components / 256 + 1);
}

}  // namespace

TEST_CASE("roots_of_unity: the whole circle of small orders", "[fft]") {
    for (const index_t m : {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 24, 48, 100, 121, 1000, 1024}) {
        const roots_of_unity roots(m);
        findings f;
        for (index_t j = 0; j < m; ++j) f.look_at(roots, j, m);
        INFO("order " << m << ": " << f.worst << " roundings, " << f.not_nearest_double << " of " << f.components);
        check(f);
    }
}

TEST_CASE("roots_of_unity: large orders, at random and beside the axes and diagonals", "[fft]") {
    random_source r(1);
    for (const index_t order : {index_t{4 * 4096}, index_t{4 * 6561}, index_t{4 * 15625}, index_t{4 * 1500},
                                index_t{99991}, index_t{1} << 30}) {
        const roots_of_unity roots(order);
        findings at_random, beside;
        for (int k = 0; k < 400; ++k) at_random.look_at(roots, r.between(0, order - 1), order);
        for (index_t octant = 0; octant < 8; ++octant)
            for (index_t step = -30; step <= 30; ++step) {
                const index_t j = octant * order / 8 + step;
                if (j >= 0 && j < order) beside.look_at(roots, j, order);
            }
        INFO("order " << order << ": " << at_random.worst << " and " << beside.worst << " roundings, "
                      << at_random.not_nearest_double << " of " << at_random.components << " and "
                      << beside.not_nearest_double << " of " << beside.components);
        check(at_random);
        check(beside);
    }
}

TEST_CASE("roots_of_unity: the axes are exact, and between axes and diagonals mirror images have the same bits",
          "[fft]") {
    for (const index_t m : {4, 8, 48, 1000, 4 * 3645, 4 * 4096}) {
        const roots_of_unity roots(m);
        const auto right = roots[0], up = roots[m / 4], left = roots[m / 2], down = roots[3 * m / 4];
        CHECK((right.re == 1 && right.im == 0));
        CHECK((up.re == 0 && up.im == 1));
        CHECK((left.re == -1 && left.im == 0));
        CHECK((down.re == 0 && down.im == -1));
        index_t different = 0;
        for (index_t j = 1; j < m; ++j) {
            if (8 * j % m == 0) continue;  // a sine and a cosine that meet in a diagonal are rounded apart
            const auto a = roots[j], b = roots[m - j], c = roots[(j + m / 4) % m];
            different += a.re != b.re || a.im != -b.im;
            different += c.re != -a.im || c.im != a.re;
        }
        CHECK(different == 0);
    }
}
