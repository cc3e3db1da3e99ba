// tests/method/spectral.test.cpp -- tiles with NaN, with huge and with tiny numbers, and channels mixed in the spectrum
#include <faltung/method/spectral.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class R>
using types_of = detail::types<R, R, R, R>;

constexpr method transforms[] = {method::fft, method::overlap_save};

template <class R>
long double norm(std::vector<R> const& x) {
    long double sum = 0;
    for (const R v : x) sum += static_cast<long double>(v) * static_cast<long double>(v);
    return std::sqrt(sum);
}

}  // namespace

TEMPLATE_TEST_CASE("spectral: data and kernels of any magnitude keep their digits", "[method]", float, double) {
    using R = TestType;
    random_source r(1);
    const std::vector<reference::line> axes{{9, 3, 1, 1, 1, 1, 'z'}, {70, 5, 1, 1, 2, 2, 'r'}};
    const auto x = r.many<R>(9 * 70), h = r.many<R>(15);
    const auto want = reference::correlate<long double>(axes, x, h);
    constexpr int top = std::numeric_limits<R>::max_exponent - 20;
    for (const method m : transforms)
        for (const int at : {-top, -top / 2, -3, 0, top / 2, top})  // powers of 2: exact
            for (const int kernel_at : {-top, 0, top}) {
                if (std::abs(at + kernel_at) > top) continue;
                std::vector<R> scaled = x, kernel = h;
                for (R& v : scaled) v = std::ldexp(v, at);
                for (R& v : kernel) v = std::ldexp(v, kernel_at);
                const auto y = run_seam<types_of<R>>(problem_of(axes), m, scaled, kernel);
                long double lost = 0;
                for (std::size_t i = 0; i < y.size(); ++i) {
                    const long double d = std::ldexp(static_cast<long double>(y[i]), -at - kernel_at) - want[i];
                    lost += d * d;
                }
                INFO(name_of(m) << " at 2^" << at << " with a kernel at 2^" << kernel_at);
                // the boundary repeats a few samples: twice the norm
                CHECK(std::sqrt(lost) <= 3 * unit_roundoff<R> * std::sqrt(12.0L) * 2 * norm(x) * norm(h));
            }
}

TEMPLATE_TEST_CASE("spectral: the largest numbers of all have their sums where those are finite", "[method]", float,
                   double, std::complex<float>, std::complex<double>) {
    using V = TestType;
    using R = real_t<V>;
    random_source r(9);
    const std::vector<reference::line> axes{{7, 3, 1, 1, 1, 1, 'z'}, {50, 4, 1, 1, 2, 1, 'w'}};
    const R most = std::numeric_limits<R>::max();
    std::vector<V> x(7 * 50), h(12, V(R(1) / 32));  // the sum of the moduli is less than 1
    for (V& v : x)
        if constexpr (is_complex<V>)
            v = V(r.one_of({most, -most}), r.one_of({most, -most}));
        else
            v = r.one_of({most, -most});
    using Wide = std::conditional_t<is_complex<V>, std::complex<long double>, long double>;
    const auto want = reference::correlate<Wide>(axes, x, h);
    for (const method m : transforms) {
        const auto y = run_seam<types_of<V>>(problem_of(axes), m, x, h);
        long double lost = 0;  // relative to most, whose square is no number of R
        for (std::size_t o = 0; o < y.size(); ++o) {
            const long double d = std::abs(Wide(y[o]) - want[o]) / static_cast<long double>(most);
            REQUIRE(d <= 1);
            lost += d * d;
        }
        const long double of_x = std::sqrt((is_complex<V> ? 2.0L : 1.0L) * 350), of_h = std::sqrt(12.0L) / 32;
        CHECK(std::sqrt(lost) <= 3 * unit_roundoff<R> * std::sqrt(12.0L) * 2 * of_x * of_h);
    }
}

TEST_CASE("spectral: a sample that is not finite reaches its window, and nothing else is touched", "[method]") {
    random_source r(2);
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    for (int i = 0; i < 60; ++i) {
        const char map = r.one_of({'z', 'r', 'w', 'e'});
        const std::vector<reference::line> axes{{16, r.between(1, 4), r.between(1, 2), 1, 2, 2, map},
                                                {64, r.between(1, 6), r.between(1, 2), r.between(1, 2), 3, 3, map}};
        auto x = r.many<float>(16 * 64);
        const auto h = r.many<float>(axes[0].taps * axes[1].taps);
        for (int k = 0; k < 3; ++k) x[static_cast<std::size_t>(r.between(0, 16 * 64 - 1))] = r.one_of({nan, infinity});
        const auto want = run_seam<types_of<float>>(problem_of(axes), method::direct, x, h);
        std::vector<float> finite = x;
        for (float& v : finite) v = std::isfinite(v) ? v : 0;
        for (const method m : transforms) {
            const auto y = run_seam<types_of<float>>(problem_of(axes), m, x, h),
                       clean = run_seam<types_of<float>>(problem_of(axes), m, finite, h);
            for (std::size_t o = 0; o < y.size(); ++o) {
                CHECK(same_kind(y[o], want[o]));
                if (std::isfinite(want[o])) CHECK(y[o] == clean[o]);
            }
        }
    }
}

TEST_CASE("spectral: channels are summed in the spectrum, also extreme ones and such with NaN", "[method]") {
    random_source r(3);
    struct channels {
        index_t in, out, groups;
    };
    for (const channels c : {channels{3, 2, 1}, channels{1, 4, 1}, channels{4, 6, 2}, channels{3, 3, 3}})
        for (const int extreme : {0, 1, 2}) {
            const std::vector<reference::line> axes{{5, 2, 1, 1, 1, 1, 'z'}, {40, 3, 1, 1, 1, 1, 's'}};
            problem p = problem_of(axes);
            p.in = c.in;
            p.out = c.out;
            p.groups = c.groups;
            const index_t each = c.in / c.groups;
            auto x = r.many<float>(c.in * 200);
            const auto h = r.many<float>(c.out * each * 6);
            if (extreme == 1) x[static_cast<std::size_t>(200 * (c.in - 1) + 77)] = 0x1p120f;
            if (extreme == 2) x[77] = std::numeric_limits<float>::quiet_NaN();
            const auto want = run_seam<types_of<float>>(p, method::direct, x, h);
            std::vector<float> finite = x;
            for (float& v : finite) v = std::isfinite(v) ? v : 0;
            const long double bound = 3 * unit_roundoff<float> * std::sqrt(12.0L) * 2 * norm(finite) * norm(h);
            for (const method m : transforms)
                for (int threads = 1; threads <= 2; ++threads) {
                    const auto y = run_seam<types_of<float>>(p, m, x, h, threads);
                    for (std::size_t o = 0; o < y.size(); ++o) {
                        CHECK(same_kind(y[o], want[o]));
                        if (std::isfinite(want[o])) CHECK(std::fabs(y[o] - want[o]) <= bound);
                    }
                }
        }
}

TEST_CASE("spectral: zeros beyond one axis are not zeros where the constant of a later axis wins", "[method]") {
    random_source r(5);
    for (const char first : {'z', 'c', 'r'})
        for (const char last : {'z', 'c', 'w'})
            for (const index_t low : {0, 2, 5}) {
                const std::vector<reference::line> axes{{6, 3, 1, 1, low, 5, first, 2}, {9, 4, 1, 1, 3, 3, last, 7}};
                const auto x = r.many<double>(54), h = r.many<double>(12);
                const auto want = reference::correlate<long double>(axes, x, h);
                for (const method m : transforms) {
                    const auto y = run_seam<types_of<double>>(problem_of(axes), m, x, h);
                    for (std::size_t o = 0; o < y.size(); ++o)
                        CHECK(std::fabs(y[o] - want[o]) <= 1e-11L * norm(h) * (1 + norm(x)));
                }
            }
}

TEMPLATE_TEST_CASE("spectral: integers of the extreme values of their type have exactly their sums", "[method]",
                   std::uint8_t, std::int8_t, std::int16_t, std::uint16_t) {
    using X = TestType;
    random_source r(6);
    const X low = std::numeric_limits<X>::lowest(), high = std::numeric_limits<X>::max();
    int transformed = 0;
    for (const char map : {'z', 'r', 'w'})
        for (const index_t stride : {1, 3})
            for (const int pattern : {0, 1, 2, 3}) {
                const std::vector<reference::line> axes{{23, 9, stride, 1, 4, 4, map},
                                                        {64, 30, stride, 1, 15, 14, map}};
                std::vector<X> x(23 * 64);
                std::vector<std::int64_t> h(9 * 30);
                for (std::size_t k = 0; k < x.size(); ++k)
                    x[k] = pattern == 0                 ? high
                           : pattern == 1               ? low
                           : pattern == 2 && k % 2 == 0 ? high
                                                        : r.one_of({low, high});
                for (std::size_t k = 0; k < h.size(); ++k) h[k] = k % 3 == 0 && pattern == 3 ? -4096 : 4095;
                std::vector<std::int64_t> widened(x.begin(), x.end());
                const auto want = reference::correlate<std::int64_t>(axes, widened, h);
                for (const method m : transforms) {
                    try {
                        CHECK(run_seam<detail::types<X, std::int64_t, std::int64_t, std::int64_t>>(problem_of(axes), m,
                                                                                                   x, h) == want);
                        ++transformed;
                    } catch (unsupported_error const& e) {
                        CHECK(text(e.what()).find("may be wrong by") != std::string::npos);
                    }
                }
            }
    CHECK(transformed == 48);
}

TEMPLATE_TEST_CASE("spectral: integers that no transform can tell apart are refused, and summed exactly by automatic",
                   "[method]", std::int32_t, std::uint32_t, std::int64_t, std::uint64_t) {
    using X = TestType;
    using Acc = std::conditional_t<std::is_same_v<X, std::uint64_t>, std::uint64_t, std::int64_t>;
    using T = detail::types<X, Acc, Acc, Acc>;
    random_source r(8);
    const X low = std::numeric_limits<X>::lowest(), high = std::numeric_limits<X>::max();
    const std::vector<reference::line> axes{{23, 9, 1, 1, 4, 4, 'r'}, {64, 30, 1, 1, 15, 14, 'z'}};
    for (const int pattern : {0, 1, 2}) {
        std::vector<X> x(23 * 64);
        for (X& v : x) v = pattern == 0 ? high : pattern == 1 ? low : r.one_of<X>({low, high, 1});
        std::vector<Acc> h(9 * 30);
        if (sizeof(X) == 8)
            h[77] = 1;  // every sum is a sample
        else
            for (std::size_t k = 0; k < h.size(); ++k) h[k] = static_cast<Acc>(k % 3 == 0 ? -4096 : 4095);
        const auto want = reference::correlate<Acc>(axes, x, h);
        for (const method m : transforms)
            CHECK(message_of<unsupported_error>([&] {
                      run_seam<T>(problem_of(axes), m, x, h);
                  }).find("may be wrong by") != std::string::npos);
        CHECK(run_seam<T>(problem_of(axes), method::automatic, x, h) == want);
    }
}

TEST_CASE("spectral: window strides, summed by phases or picked out, are every s-th sum", "[method]") {
    random_source r(7);
    int by_phases = 0;
    for (int i = 0; i < (is_sanitized ? 60 : 300); ++i) {
        const char map = r.one_of({'z', 'c', 'r', 'w'});
        std::vector<reference::line> axes{
            {r.between(1, 20), r.between(1, 9), r.between(1, 4), r.between(1, 2), 3, 4, map, 2},
            {r.between(1, 90), r.between(1, 30), r.between(1, 6), r.between(1, 3), r.between(-2, 12), 70, map, 5}};
        problem p = problem_of(axes);
        p.in = r.between(1, 2);
        if (p[0].outputs() < 1 || p[1].outputs() < 1) continue;
        const auto x = r.many<double>(p.in * axes[0].n * axes[1].n),
                   h = r.many<double>(p.in * axes[0].taps * axes[1].taps);
        const auto want = run_seam<types_of<double>>(p, method::direct, x, h);
        p.types = {element::float64, element::float64, element::float64, element::float64};
        by_phases += detail::spectral_search(p, detail::own_engine<double>::table).tiles().phases() > 1;
        // no sample of the extended input is larger than 2^8
        const double extended = static_cast<double>(p.in * (axes[0].n + 7) * (axes[1].n + 82)),
                     bound = 3 * 0x1p-53 * std::sqrt(14.0) * 256 * std::sqrt(extended) * static_cast<double>(norm(h));
        for (const method m : transforms) {
            const auto y = run_seam<types_of<double>>(p, m, x, h);
            double worst = 0;
            for (std::size_t o = 0; o < y.size(); ++o) worst = std::max(worst, std::fabs(y[o] - want[o]));
            INFO(name_of(m));
            CHECK(worst <= bound);
        }
    }
    CHECK(by_phases > 10);
}

TEST_CASE("spectral: a result that is stored past the caches, with NaN in its data or without", "[method]") {
    random_source r(11);
    const std::vector<reference::line> axes{{1090, 2, 1, 1, 1, 0, 'r'}, {1003, 3, 1, 1, 1, 1, 'z'}};
    auto x = r.many<float>(1090 * 1003);
    const auto h = r.many<float>(6);
    const long double bound = 3 * unit_roundoff<float> * std::sqrt(21.0L) * norm(x) * norm(h);
    REQUIRE(problem_of(axes).output_count() * 4 >= detail::least_bytes_past_caches);
    for (const bool is_damaged : {false, true}) {
        if (is_damaged) x[500 * 1003 + 77] = std::numeric_limits<float>::quiet_NaN();
        const auto want = run_seam<types_of<float>>(problem_of(axes), method::direct, x, h);
        for (const method m : transforms) {
            const auto y = run_seam<types_of<float>>(problem_of(axes), m, x, h);
            std::size_t wrong = 0;
            for (std::size_t o = 0; o < y.size(); ++o)
                if (!same_kind(y[o], want[o]) || std::fabs(y[o] - want[o]) > bound) ++wrong;
            INFO(name_of(m));
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("spectral: long lines are looked at where they lie and beyond their ends", "[method]") {
    random_source r(12);
    for (const char map : {'z', 'c', 'r', 's', 'e', 'w'})
        for (const index_t low : {-5, 0, 140})
            for (const index_t high : {-5, 0, 140}) {
                const std::vector<reference::line> axes{{3, 2, 1, 1, 1, 0, 'z'}, {300, 9, 1, 1, low, high, map}};
                const auto h = r.many<float>(18), ordinary = r.many<float>(3 * 300);
                const long double bound = 3 * unit_roundoff<float> * std::sqrt(20.0L) * 2 * norm(ordinary) * norm(h);
                for (const float odd : {0.f, std::numeric_limits<float>::quiet_NaN(), 1e30f})
                    for (const std::size_t at : {0u, 1u, 298u, 299u, 440u, 899u}) {
                        auto x = ordinary;
                        x[at] = odd;
                        const auto want = run_seam<types_of<float>>(problem_of(axes), method::direct, x, h);
                        for (const method m : transforms) {
                            const auto y = run_seam<types_of<float>>(problem_of(axes), m, x, h);
                            std::size_t wrong = 0;
                            for (std::size_t o = 0; o < y.size(); ++o)
                                if (!same_kind(y[o], want[o]) ||
                                    (odd < 1 && std::fabs(y[o] - want[o]) > bound))  // not beside 1e30
                                    ++wrong;
                            INFO(text(name_of(m), " ", std::string(1, map), " ", low, " ", high, " ", odd, " at ", at));
                            CHECK(wrong == 0);
                        }
                    }
            }
}
