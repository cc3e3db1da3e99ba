// tests/fft/butterfly.test.cpp -- transforms of 2 to 5 numbers against the defining sum, in vectors of every width
#include <faltung/fft/butterfly.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::butterfly;

namespace {

constexpr long double full_turn = 2 * std::numbers::pi_v<long double>;

enum class twiddles_are : unsigned char { numbers, vectors };

/// `Radix` planes of `count` complex numbers, and for each lane the angle of its twiddle.
template <class T, int Bytes, int Radix, twiddles_are Twiddles>
struct experiment {
    using B = butterfly<T, Bytes>;
    static constexpr std::size_t count = B::L::count, radix = Radix;
    using factor = std::conditional_t<Twiddles == twiddles_are::numbers, T, typename B::V>;

    T re[radix][count], im[radix][count];
    long double angle[count];
    typename B::complex x[radix];
    typename B::template twiddle<factor> w[radix - 1];

    explicit experiment(random_source& r) {
        const long double common = full_turn * static_cast<long double>(r.between(0, 999)) / 1000;
        for (std::size_t k = 0; k < count; ++k) {
            angle[k] = Twiddles == twiddles_are::numbers
                           ? common
                           : full_turn * static_cast<long double>(r.between(0, 999)) / 1000;
            for (std::size_t q = 0; q < radix; ++q) {
                re[q][k] = r.any<T>();
                im[q][k] = r.any<T>();
            }
        }
        for (std::size_t q = 0; q < radix; ++q) B::load(x[q], re[q], im[q]);
        for (std::size_t q = 1; q < radix; ++q)
            for (std::size_t k = 0; k < count; ++k) {
                const T c = static_cast<T>(std::cos(angle[k] * static_cast<long double>(q))),
                        s = static_cast<T>(std::sin(angle[k] * static_cast<long double>(q)));
                if constexpr (Twiddles == twiddles_are::numbers) {
                    w[q - 1] = {c, s};
                } else {
                    w[q - 1].r[k] = c;
                    w[q - 1].i[k] = s;
                }
            }
    }

    /// The sum of |x| over the planes of one lane.
    long double magnitude(std::size_t k) const {
        long double sum = 0;
        for (std::size_t q = 0; q < radix; ++q)
            sum += std::hypot(static_cast<long double>(re[q][k]), static_cast<long double>(im[q][k]));
        return sum;
    }

    /// The largest distance of a plane q from what `want(q, k, re, im)` gives, in units of u and of the magnitude.
    template <class Want>
    long double distance(Want want) const {
        long double worst = 0;
        for (std::size_t q = 0; q < radix; ++q) {
            T got_re[count], got_im[count];
            B::store(got_re, got_im, x[q]);
            for (std::size_t k = 0; k < count; ++k) {
                long double want_re = 0, want_im = 0;
                want(q, k, want_re, want_im);
                worst = std::max(worst, std::hypot(static_cast<long double>(got_re[k]) - want_re,
                                                   static_cast<long double>(got_im[k]) - want_im) /
                                            (unit_roundoff<T> * magnitude(k)));
            }
        }
        return worst;
    }

    /// The angle of w^j e^(j q).
    long double phase(std::size_t j, std::size_t q, std::size_t k) const {
        return static_cast<long double>(j) * (angle[k] + full_turn * static_cast<long double>(q) / Radix);
    }
    void add_turned(std::size_t q, std::size_t k, long double a, long double& sum_re, long double& sum_im) const {
        const long double c = std::cos(a), s = std::sin(a);
        sum_re += c * static_cast<long double>(re[q][k]) - s * static_cast<long double>(im[q][k]);
        sum_im += s * static_cast<long double>(re[q][k]) + c * static_cast<long double>(im[q][k]);
    }

    long double forward_error() {
        B::template forward<Radix>(x, w);
        return distance([this](std::size_t q, std::size_t k, long double& sum_re, long double& sum_im) {
            for (std::size_t j = 0; j < radix; ++j) add_turned(j, k, phase(j, q, k), sum_re, sum_im);
        });
    }
    /// Backward is the conjugate transpose of forward.
    long double backward_error() {
        B::template backward<Radix>(x, w);
        return distance([this](std::size_t j, std::size_t k, long double& sum_re, long double& sum_im) {
            for (std::size_t q = 0; q < radix; ++q) add_turned(q, k, -phase(j, q, k), sum_re, sum_im);
        });
    }
    long double round_trip_error() {
        B::template forward<Radix>(x, w);
        B::template backward<Radix>(x, w);
        return distance([this](std::size_t q, std::size_t k, long double& want_re, long double& want_im) {
            want_re = Radix * static_cast<long double>(re[q][k]);
            want_im = Radix * static_cast<long double>(im[q][k]);
        });
    }
};

/// Every number passes a twiddle that is rounded itself and at most four sums, or two nested ones of the kind 2 a - s,
/// which carry the error of s on: 8 u of the sum of all magnitudes, and `Radix` times as much after the way back too.
template <class T, int Bytes, int Radix, twiddles_are Twiddles>
void check() {
    random_source r(Bytes, Radix);
    INFO("radix " << Radix << " in " << Bytes << " bytes");
    long double forward = 0, backward = 0, both = 0;
    for (int k = 0; k < 50; ++k) {
        forward = std::max(forward, experiment<T, Bytes, Radix, Twiddles>(r).forward_error());
        backward = std::max(backward, experiment<T, Bytes, Radix, Twiddles>(r).backward_error());
        both = std::max(both, experiment<T, Bytes, Radix, Twiddles>(r).round_trip_error());
    }
    CAPTURE(forward, backward, both);
    CHECK(forward <= 8);
    CHECK(backward <= 8);
    CHECK(both <= 16 * Radix);
}

template <class T, int Bytes>
void check_radices() {
    check<T, Bytes, 2, twiddles_are::numbers>();
    check<T, Bytes, 3, twiddles_are::numbers>();
    check<T, Bytes, 4, twiddles_are::numbers>();
    check<T, Bytes, 5, twiddles_are::numbers>();
    check<T, Bytes, 2, twiddles_are::vectors>();
    check<T, Bytes, 4, twiddles_are::vectors>();
}

}  // namespace

// 64 bytes need no AVX-512 here: the compiler makes what it has of them.
TEMPLATE_TEST_CASE("butterfly: the defining sum, its adjoint, and both in a row, with one twiddle or one for each lane",
                   "[fft]", float, double) {
    check_radices<TestType, 16>();
    check_radices<TestType, 32>();
    check_radices<TestType, 64>();
}

TEST_CASE("butterfly: a twiddle of 1 and small integers are exact", "[fft]") {
    using B = butterfly<double, 16>;
    const double re[4][2] = {{1, 5}, {2, -7}, {3, 1}, {4, 0}}, im[4][2] = {{0, 2}, {1, 0}, {-2, 3}, {6, -1}};
    const B::twiddle<double> one[3] = {{1, 0}, {1, 0}, {1, 0}};
    B::complex x[4];
    for (int q = 0; q < 4; ++q) B::load(x[q], re[q], im[q]);
    B::forward<4>(x, one);
    // lane 0: 1, 2 + i, 3 - 2i, 4 + 6i: the sum, then with i^j, (-1)^j and (-i)^j
    const double want_re[4] = {10, 3, -2, -7}, want_im[4] = {5, 0, -9, 4};
    for (int q = 0; q < 4; ++q) {
        CHECK(x[q].r[0] == want_re[q]);
        CHECK(x[q].i[0] == want_im[q]);
    }
    B::backward<4>(x, one);
    for (int q = 0; q < 4; ++q)
        for (int k = 0; k < 2; ++k) {
            CHECK(x[q].r[k] == 4 * re[q][k]);
            CHECK(x[q].i[k] == 4 * im[q][k]);
        }
}
