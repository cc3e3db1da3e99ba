// tests/fft/passes.test.cpp -- the inner loops in every width: against the defining sum, there and back, fused against
// unfused, and nothing touched beside them
#include <faltung/fft/passes.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "fft/loops.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::pass_arguments;
using detail::tail;
using detail::way;

namespace {

constexpr long double full_turn = 2 * std::numbers::pi_v<long double>;

/// `count` random numbers between margins that nobody may touch, at an address that is no multiple of a vector's size.
template <class T>
class fenced {
    static constexpr index_t margin = 37;
    static constexpr T sentinel = T(-12345);
    std::vector<T> memory_;
    index_t count_;

public:
    fenced(index_t count, random_source& r)
        : memory_(static_cast<std::size_t>(count + 2 * margin), sentinel), count_(count) {
        for (index_t k = 0; k < count; ++k) data()[k] = r.any<T>();
    }
    T* data() { return memory_.data() + margin; }
    std::vector<T> values() const { return {memory_.begin() + margin, memory_.begin() + margin + count_}; }
    bool is_intact() const {
        return std::all_of(memory_.begin(), memory_.begin() + margin, [](T v) { return v == sentinel; }) &&
               std::all_of(memory_.end() - margin, memory_.end(), [](T v) { return v == sentinel; });
    }
};

long double wide(auto v) { return static_cast<long double>(v); }

/// The twiddles of a pass, and the angle that each block's are made of.
template <class T>
struct pass_table {
    std::vector<long double> angles;
    std::vector<T> factors;

    pass_table(index_t period, int radix, random_source& r) {
        for (index_t b = 0; b < period; ++b) {
            angles.push_back(full_turn * wide(r.between(0, 9999)) / 10000);
            for (int q = 1; q < radix; ++q) {
                factors.push_back(static_cast<T>(std::cos(wide(q) * angles.back())));
                factors.push_back(static_cast<T>(std::sin(wide(q) * angles.back())));
            }
        }
    }
};

/// The worst error of one pass, in units of u and of the sum of the magnitudes that enter the number.
template <class T>
long double pass_error(detail::transform_loops const& loops, pass_arguments a, random_source& r) {
    const pass_table<T> table(a.period, a.radix, r);
    const index_t count = a.blocks * a.radix * a.stride;
    fenced<T> re(count, r), im(count, r);
    const std::vector<T> x = re.values(), y = im.values();
    a.re = re.data();
    a.im = im.data();
    a.twiddles = table.factors.data();
    loops.pass(a);
    REQUIRE(re.is_intact());
    REQUIRE(im.is_intact());
    long double worst = 0;
    for (index_t b = 0; b < a.blocks; ++b) {
        const long double angle = table.angles[static_cast<std::size_t>((a.first + b) % a.period)];
        for (index_t to = 0; to < a.radix; ++to)
            for (index_t j = 0; j < a.stride; ++j) {
                long double sum_re = 0, sum_im = 0, magnitude = 0;
                for (index_t from = 0; from < a.radix; ++from) {
                    // forward: w^from e^(from to); backward: its conjugate, from and to exchanged
                    const long double phase = a.way == way::forward
                                                  ? wide(from) * (angle + full_turn * wide(to) / wide(a.radix))
                                                  : -wide(to) * (angle + full_turn * wide(from) / wide(a.radix));
                    const std::size_t at = static_cast<std::size_t>((b * a.radix + from) * a.stride + j);
                    const long double c = std::cos(phase), s = std::sin(phase);
                    sum_re += c * wide(x[at]) - s * wide(y[at]);
                    sum_im += s * wide(x[at]) + c * wide(y[at]);
                    magnitude += std::hypot(wide(x[at]), wide(y[at]));
                }
                const index_t at = (b * a.radix + to) * a.stride + j;
                worst = std::max(worst, std::hypot(wide(re.data()[at]) - sum_re, wide(im.data()[at]) - sum_im) /
                                            (magnitude * unit_roundoff<T>));
            }
    }
    return worst;
}

/// Groups of four vectors, a spectrum, and twiddles of modulus 1 or all 1.
template <class T>
struct tail_experiment {
    detail::transform_loops const& loops;
    index_t lanes, groups, first, period;
    fenced<T> re, im, spectrum;
    std::vector<T> original_re, original_im, original_spectrum;
    std::shared_ptr<buffer<T>> twiddles;  // shared by copies
    void const* radix_4 = nullptr;        // those of a pass that comes first

    tail_experiment(detail::transform_loops const& used, index_t count, index_t start, index_t repeat, random_source& r)
        : loops(used),
          lanes(used.lanes),
          groups(count),
          first(start),
          period(repeat),
          re(4 * used.lanes * count, r),
          im(4 * used.lanes * count, r),
          spectrum(8 * used.lanes * count, r),
          original_re(re.values()),
          original_im(im.values()),
          original_spectrum(spectrum.values()) {}

    /// An angle for each lane, the same in all twiddles of a radix 4; `angle()` gives the next one.
    template <class Angle>
    void make_twiddles(Angle angle) {
        auto const* const stages = detail::tail_stages_of(loops.lanes);
        const index_t vectors = detail::tail_twiddles(stages[0]) + detail::tail_twiddles(stages[1]);
        twiddles = std::make_shared<buffer<T>>(period * vectors * 2 * lanes);
        T* to = twiddles->data();
        for (index_t p = 0; p < period; ++p)
            for (int s = 0; s < 2; ++s) {
                const int some = detail::tail_twiddles(stages[s]);
                for (index_t k = 0; k < lanes; ++k) {
                    const long double common = angle();
                    for (int q = 0; q < some; ++q) {
                        const long double a = stages[s].radix == 4 ? wide(q + 1) * common : angle();
                        to[2 * q * lanes + k] = static_cast<T>(std::cos(a));
                        to[(2 * q + 1) * lanes + k] = static_cast<T>(std::sin(a));
                    }
                }
                to += 2 * some * lanes;
            }
    }
    void make_random_twiddles(random_source& r) {
        make_twiddles([&] { return full_turn * wide(r.between(0, 9999)) / 10000; });
    }

    void run(tail what) {
        loops.tail({re.data(), im.data(), spectrum.data(), groups, twiddles->data(), first, period, what, radix_4});
        REQUIRE(re.is_intact());
        REQUIRE(im.is_intact());
        REQUIRE(spectrum.is_intact());
    }
};

template <class T>
void check_there_and_back(detail::transform_loops const& loops, index_t groups, index_t first, index_t period,
                          random_source& r) {
    tail_experiment<T> e(loops, groups, first, period, r);
    e.make_random_twiddles(r);
    e.run(tail::to_spectrum);
    CHECK(e.re.values() == e.original_re);
    CHECK(e.im.values() == e.original_im);
    std::fill_n(e.re.data(), 4 * e.lanes * groups, T(7));
    std::fill_n(e.im.data(), 4 * e.lanes * groups, T(7));
    const std::vector<T> spectrum = e.spectrum.values();
    e.run(tail::from_spectrum);
    CHECK(e.spectrum.values() == spectrum);
    const std::vector<T> re = e.re.values(), im = e.im.values();
    long double error = 0, norm = 0, energy = 0;
    for (std::size_t k = 0; k < re.size(); ++k) {
        const long double x = wide(e.original_re[k]), y = wide(e.original_im[k]);
        const long double dx = wide(re[k]) / wide(e.lanes) - x, dy = wide(im[k]) / wide(e.lanes) - y;
        norm += x * x + y * y;
        error += dx * dx + dy * dy;
    }
    for (T v : spectrum) energy += wide(v) * wide(v);
    // A stage is sqrt(radix) times a unitary map whose factors are rounded: two stages, there and back, a few u each.
    CHECK(std::sqrt(error) <= 8 * unit_roundoff<T> * std::sqrt(norm));
    CHECK(std::abs(energy - wide(e.lanes) * norm) <= 16 * unit_roundoff<T> * energy);
}

/// With twiddles of 1 the two stages are the transform of each vector's lanes along two axes, the outer one as long as
/// the first radix: each of these sums stands somewhere.
template <class T>
void check_sums(detail::transform_loops const& loops, random_source& r) {
    const index_t outer = detail::tail_stages_of(loops.lanes)[0].radix, inner = loops.lanes / outer;
    tail_experiment<T> e(loops, 3, 0, 1, r);
    e.make_twiddles([] { return 0.0L; });
    e.run(tail::to_spectrum);
    const std::vector<T> spectrum = e.spectrum.values();
    std::vector<bool> used(e.original_re.size());
    index_t missing = 0;
    for (index_t v = 0; v < 4 * e.groups; ++v)
        for (index_t q = 0; q < e.lanes; ++q) {
            long double sum_re = 0, sum_im = 0, magnitude = 0;
            for (index_t j = 0; j < e.lanes; ++j) {
                const long double phase = full_turn * (wide(j / inner * (q / inner) % outer) / wide(outer) +
                                                       wide(j % inner * (q % inner)) / wide(inner));
                const long double x = wide(e.original_re[static_cast<std::size_t>(v * e.lanes + j)]),
                                  y = wide(e.original_im[static_cast<std::size_t>(v * e.lanes + j)]);
                sum_re += std::cos(phase) * x - std::sin(phase) * y;
                sum_im += std::sin(phase) * x + std::cos(phase) * y;
                magnitude += std::hypot(x, y);
            }
            bool found = false;
            for (std::size_t at = 0; at < used.size() && !found; ++at) {
                const std::size_t lanes = static_cast<std::size_t>(e.lanes), real = at / lanes * 2 * lanes + at % lanes;
                found = !used[at] && std::hypot(wide(spectrum[real]) - sum_re, wide(spectrum[real + lanes]) - sum_im) <=
                                         16 * unit_roundoff<T> * magnitude;
                if (found) used[at] = true;
            }
            missing += !found;
        }
    CHECK(missing == 0);
}

template <class T>
void check_radix_4(detail::transform_loops const& loops, index_t groups, index_t first, index_t period,
                   random_source& r) {
    tail_experiment<T> both(loops, groups, first, period, r);
    both.make_random_twiddles(r);
    const buffer<T> twiddles(6 * period);
    T* to = twiddles.data();
    for (index_t p = 0; p < period; ++p) {
        const long double angle = full_turn * wide(r.between(0, 9999)) / 10000;
        for (int q = 1; q < 4; ++q) {
            *to++ = static_cast<T>(std::cos(q * angle));
            *to++ = static_cast<T>(std::sin(q * angle));
        }
    }
    tail_experiment<T> apart = both;
    both.radix_4 = twiddles.data();
    const auto pass = [&](way w) {
        loops.pass(
            {apart.re.data(), apart.im.data(), loops.lanes, loops.lanes, groups, twiddles.data(), first, period, 4, w});
    };
    const auto distance = [](std::vector<T> const& a, std::vector<T> const& b) {
        long double squares = 0, norm = 0;
        for (std::size_t k = 0; k < a.size(); ++k) {
            squares += (wide(a[k]) - wide(b[k])) * (wide(a[k]) - wide(b[k]));
            norm += wide(b[k]) * wide(b[k]);
        }
        return std::sqrt(squares / norm) / wide(std::numeric_limits<T>::epsilon());
    };
    for (const tail what : {tail::to_spectrum, tail::from_spectrum, tail::product}) {
        both.run(what);
        if (what != tail::from_spectrum) pass(way::forward);
        apart.run(what);
        if (what != tail::to_spectrum) {
            pass(way::backward);
            CHECK(distance(both.re.values(), apart.re.values()) <= 8);  // a few roundings, fused or not
            CHECK(distance(both.im.values(), apart.im.values()) <= 8);
        } else {
            CHECK(distance(both.spectrum.values(), apart.spectrum.values()) <= 8);
        }
    }
}

template <class T>
void check_fused(detail::transform_loops const& loops, index_t groups, index_t first, index_t period,
                 random_source& r) {
    tail_experiment<T> fused(loops, groups, first, period, r);
    fused.make_random_twiddles(r);
    tail_experiment<T> apart = fused;
    fused.run(tail::product);
    CHECK(fused.spectrum.values() == fused.original_spectrum);
    apart.run(tail::to_spectrum);
    loops.product(
        {apart.spectrum.data(), fused.spectrum.data(), apart.spectrum.data(), 4 * groups, spectrum_update::replace});
    apart.run(tail::from_spectrum);
    CHECK(fused.re.values() == apart.re.values());
    CHECK(fused.im.values() == apart.im.values());
    CHECK(fused.re.values() != fused.original_re);
}

/// Two passes in the same registers over some columns, against one after the other over all of them.
template <class T>
void check_pair(detail::transform_loops const& loops, pass_arguments both, int next, random_source& r) {
    const pass_table<T> table(both.period, both.radix, r), next_table(both.period * both.radix, next, r);
    const index_t count = both.blocks * both.radix * next * both.stride;
    fenced<T> re(count, r), im(count, r), re_apart = re, im_apart = im;
    const std::vector<T> x = re.values(), y = im.values();
    both.re = re.data();
    both.im = im.data();
    both.twiddles = table.factors.data();
    pass_arguments first = both, second = both;
    both.next = next;
    both.next_twiddles = next_table.factors.data();
    loops.pass(both);
    REQUIRE(re.is_intact());
    REQUIRE(im.is_intact());
    for (pass_arguments* apart : {&first, &second}) {
        apart->re = re_apart.data();
        apart->im = im_apart.data();
    }
    first.count = first.stride *= next;
    second.count = second.stride;
    second.twiddles = next_table.factors.data();
    for (index_t* n : {&second.blocks, &second.first, &second.period}) *n *= both.radix;
    second.radix = next;
    if (both.way == way::forward) loops.pass(first);
    loops.pass(second);
    if (both.way == way::backward) loops.pass(first);
    long double worst = 0, largest = 0;
    for (index_t k = 0; k < count; ++k) {
        const std::size_t at = static_cast<std::size_t>(k);
        const bool counts = k % both.stride < both.count;
        worst = std::max(worst, std::fabs(wide(re.data()[k]) - wide(counts ? re_apart.data()[k] : x[at])));
        worst = std::max(worst, std::fabs(wide(im.data()[k]) - wide(counts ? im_apart.data()[k] : y[at])));
        largest = std::max(largest, std::hypot(wide(re_apart.data()[k]), wide(im_apart.data()[k])));
    }
    CHECK(worst <= 16 * unit_roundoff<T> * largest);  // fused or not, as the compiler likes
}

}  // namespace

TEMPLATE_TEST_CASE("level_pass: the defining sum of every radix, and back, at any block of the table", "[fft]", float,
                   double) {
    random_source r(1);
    for (auto const& [name, loops] : all_loops<TestType>())
        for (const int radix : {2, 3, 4, 5})
            for (const way direction : {way::forward, way::backward}) {
                long double worst = 0;
                for (const index_t period : {1, 2, 3, 5})
                    for (const index_t blocks : {1, 2, 7})
                        for (const index_t vectors : {1, 3}) {
                            const pass_arguments a{nullptr, nullptr,  vectors * loops.lanes,    vectors * loops.lanes,
                                                   blocks,  nullptr,  r.between(0, period - 1), period,
                                                   radix,   direction};
                            worst = std::max(worst, pass_error<TestType>(loops, a, r));
                        }
                INFO(name << ", radix " << radix << ": " << worst);
                CHECK(worst <= 8);  // as tests/fft/butterfly.test.cpp derives
            }
}

TEMPLATE_TEST_CASE("level_pass: two passes in the same registers do what they do one after the other", "[fft]", float,
                   double) {
    random_source r(7);
    int pairs = 0;
    for (auto const& [name, loops] : all_loops<TestType>())
        for (const int radix : {2, 3, 4, 5})
            for (const int next : {2, 3, 4, 5}) {
                if (!detail::makes_pair(loops.lanes * loops.bytes, radix, next)) continue;
                ++pairs;
                for (const way direction : {way::forward, way::backward})
                    for (const index_t period : {1, 3})
                        for (const index_t blocks : {1, 2, 5})
                            for (const index_t vectors : {1, 3}) {
                                INFO(name << ", radix " << radix << " and " << next << ", " << blocks << " blocks");
                                check_pair<TestType>(loops,
                                                     {nullptr, nullptr, 3 * loops.lanes, vectors * loops.lanes, blocks,
                                                      nullptr, r.between(0, period - 1), period, radix, direction},
                                                     next, r);
                            }
            }
    CHECK(pairs >= 3);  // of vectors of 64 bytes, in plain functions at least
}

TEMPLATE_TEST_CASE("double_split: sums and differences of halves, and of the sums' halves, and its adjoint", "[fft]",
                   float, double) {
    using T = TestType;
    random_source r(8);
    for (auto const& [name, loops] : all_loops<T>())
        for (index_t vectors = 0; vectors < 4; ++vectors) {
            INFO(name << ", quarters of " << vectors << " vectors");
            const index_t n = vectors * loops.lanes;
            fenced<T> x(4 * n, r);
            const std::vector<T> given = x.values();
            const auto at = [n](std::vector<T> const& v, index_t quarter, index_t k) {
                return wide(v[static_cast<std::size_t>(quarter * n + k)]);
            };
            loops.split_twice({x.data(), n, way::forward});
            const std::vector<T> split = x.values();
            loops.split_twice({x.data(), n, way::backward});
            const std::vector<T> back = x.values();
            REQUIRE(x.is_intact());
            constexpr int signs[4][4] = {{1, 1, 1, 1}, {1, -1, 1, -1}, {1, 0, -1, 0}, {0, 1, 0, -1}};
            for (index_t k = 0; k < n; ++k)
                for (index_t to = 0; to < 4; ++to) {
                    long double sum = 0, adjoint = 0, magnitude = 0, adjoint_magnitude = 0;
                    for (index_t from = 0; from < 4; ++from) {
                        sum += signs[to][from] * at(given, from, k);
                        magnitude += std::fabs(at(given, from, k));
                        adjoint += signs[from][to] * at(split, from, k);
                        adjoint_magnitude += std::fabs(at(split, from, k));
                    }
                    CHECK(std::fabs(at(split, to, k) - sum) <= 3 * unit_roundoff<T> * magnitude);
                    CHECK(std::fabs(at(back, to, k) - adjoint) <= 3 * unit_roundoff<T> * adjoint_magnitude);
                }
        }
}

TEMPLATE_TEST_CASE("tail_pass: into the spectrum and back is the data times the lanes of a vector", "[fft]", float,
                   double) {
    random_source r(2);
    for (auto const& [name, loops] : all_loops<TestType>())
        for (const index_t period : {1, 2, 5})
            for (const index_t groups : {1, 2, 9}) {
                INFO(name << ", " << groups << " groups, twiddles repeat after " << period);
                check_there_and_back<TestType>(loops, groups, r.between(0, period - 1), period, r);
            }
}

TEMPLATE_TEST_CASE("tail_pass: with twiddles of 1 the spectrum of each vector along its digits, in an order of its own",
                   "[fft]", float, double) {
    random_source r(3);
    for (auto const& [name, loops] : all_loops<TestType>()) {
        INFO(name);
        check_sums<TestType>(loops, r);
    }
}

TEMPLATE_TEST_CASE("tail_pass: with a pass of radix 4 over the vectors of each group it does what the two do", "[fft]",
                   float, double) {
    random_source r(6);
    for (auto const& [name, loops] : all_loops<TestType>())
        for (const index_t period : {1, 3})
            for (const index_t groups : {1, 2, 9}) {
                INFO(name << ", " << groups << " groups, twiddles repeat after " << period);
                check_radix_4<TestType>(loops, groups, r.between(0, period - 1), period, r);
            }
}

TEMPLATE_TEST_CASE("tail_pass: the fused product has the bits of the three steps", "[fft]", float, double) {
    random_source r(4);
    for (auto const& [name, loops] : all_loops<TestType>())
        for (const index_t period : {1, 3})
            for (const index_t groups : {1, 8}) {
                INFO(name << ", " << groups << " groups, twiddles repeat after " << period);
                check_fused<TestType>(loops, groups, r.between(0, period - 1), period, r);
            }
}

TEMPLATE_TEST_CASE("spectrum_product: replaces or adds, and stays within its pairs", "[fft]", float, double) {
    random_source r(5);
    for (auto const& [name, loops] : all_loops<TestType>())
        for (const spectrum_update how : {spectrum_update::replace, spectrum_update::add})
            for (const index_t pairs : {1, 2, 7}) {
                const index_t lanes = loops.lanes;
                fenced<TestType> x(2 * pairs * lanes, r), h(2 * pairs * lanes, r), y(2 * pairs * lanes, r);
                const std::vector<TestType> before = y.values();
                loops.product({x.data(), h.data(), y.data(), pairs, how});
                INFO(name << ", " << pairs << " pairs");
                CHECK(y.is_intact());
                long double worst = 0;
                for (index_t at = 0; at < 2 * pairs * lanes; ++at) {
                    if (at / lanes % 2 == 1) continue;  // an imaginary part
                    const long double xr = wide(x.data()[at]), xi = wide(x.data()[at + lanes]), hr = wide(h.data()[at]),
                                      hi = wide(h.data()[at + lanes]);
                    long double want_re = xr * hr - xi * hi, want_im = xr * hi + xi * hr;
                    long double magnitude = std::hypot(xr, xi) * std::hypot(hr, hi);
                    if (how == spectrum_update::add) {
                        const long double old_re = wide(before[static_cast<std::size_t>(at)]),
                                          old_im = wide(before[static_cast<std::size_t>(at + lanes)]);
                        want_re += old_re;
                        want_im += old_im;
                        magnitude += std::hypot(old_re, old_im);
                    }
                    worst =
                        std::max(worst, std::hypot(wide(y.data()[at]) - want_re, wide(y.data()[at + lanes]) - want_im) /
                                            (magnitude * unit_roundoff<TestType>));
                }
                // sqrt(5) u for a product (Brent, Percival, Zimmermann, 2007), and a rounding more of each sum
                CHECK(worst <= 2.237L + 1.01L);
            }
}
