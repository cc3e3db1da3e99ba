// tests/fft/own_engine.test.cpp -- our own engine against the defining sum, in every width, of every legal length; each
// frequency, each shift, and what it refuses
#include <faltung/fft/own_engine.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <set>
#include <thread>
#include <utility>

#include "fft/defining_product.hpp"
#include "fft/loops.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::own_engine;

namespace {

index_t product_of(shape const& n) {
    index_t count = 1;
    for (index_t extent : n) count *= extent;
    return count;
}

/// A plan whose loops need not be those of an instruction set that runs here.
template <class T>
transform_plan plan_with(detail::transform_loops const& loops, transform_request const& r) {
    const auto state =
        std::make_shared<detail::own_transform const>(loops, own_engine<T>::extents(r), r.numbers, r.ring);
    return {state, state->reals(), state->reals(), state->scale(),
            r.numbers == number_kind::real && r.ring == ring_kind::any};
}

/// Whether vectors of so many lanes can transform it: counted in complex numbers, four vectors fill a lonely axis, and
/// two vectors a last one that follows an even first one.
bool is_legal(transform_request const& r, index_t lanes) {
    int first = 0;
    while (first + 1 < r.n.rank() && r.n[first] == 1) ++first;
    const int last = r.n.rank() - 1;
    if (r.numbers == number_kind::real && r.ring == ring_kind::cyclic) {
        shape n;
        for (int a = first; a <= last; ++a) n.push_back(r.n[a]);
        return !detail::refusal_of(static_cast<int>(lanes), n, r).reason;
    }
    const index_t outermost = r.numbers == number_kind::real ? r.n[first] / 2 : r.n[first];
    if (r.numbers == number_kind::real && r.n[first] % 2 != 0) return false;
    return first == last ? outermost % (4 * lanes) == 0 : outermost % 2 == 0 && r.n[last] % (2 * lanes) == 0;
}

template <class T>
std::vector<T> narrowed(std::vector<long double> const& x) {
    return {x.begin(), x.end()};
}

/// x and h convolved by the table's functions, without the scale.
template <class T>
std::vector<long double> convolved(transform_plan const& plan, std::vector<long double> const& x,
                                   std::vector<long double> const& h) {
    std::vector<T> data = narrowed<T>(x), kernel = narrowed<T>(h), spectrum(static_cast<std::size_t>(plan.spectrum));
    data.resize(static_cast<std::size_t>(plan.data));  // a cyclic transform of real data takes some room
    kernel.resize(data.size());
    own_engine<T>::table.forward(plan, kernel.data(), spectrum.data());
    own_engine<T>::table.convolve(plan, data.data(), spectrum.data(), nullptr);
    std::vector<long double> y(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(x.size()));
    for (long double& v : y) v /= static_cast<long double>(plan.scale);
    return y;
}

/// |e|_2 <= 3 u sqrt(log2 P) |x|_2 |h|_2: what the project promises of a product of P samples.
template <class T>
long double promised(transform_request const& r) {
    return 3 * unit_roundoff<T> * std::sqrt(std::log2(static_cast<long double>(product_of(r.n))));
}

long double distance(std::vector<long double> x, std::vector<long double> const& y) {
    REQUIRE(x.size() == y.size());
    for (std::size_t k = 0; k < x.size(); ++k) x[k] -= y[k];
    return norm(x);
}

/// What kind of data makes a transform err most.
enum class content : unsigned char { random, spike, alternating, decades };
constexpr content contents[] = {content::random, content::spike, content::alternating, content::decades};

/// Numbers that are floats, so that both precisions have the same expected values.
std::vector<long double> make_data(transform_request const& r, content kind, random_source& source) {
    const index_t count = product_of(r.n) * (r.numbers == number_kind::complex ? 2 : 1);
    std::vector<long double> x(static_cast<std::size_t>(count));
    for (std::size_t k = 0; k < x.size(); ++k) {
        const long double v = static_cast<long double>(source.between(-(1 << 20), 1 << 20)) * 0x1p-20L;
        x[k] = kind == content::alternating ? (k % 2 == 0 ? 1.0L : -1.0L) : v;
        if (kind == content::decades)
            x[k] = static_cast<float>(v * std::pow(10.0L, static_cast<long double>(source.between(-150, 150)) / 10));
    }
    if (kind == content::spike) x[static_cast<std::size_t>(source.between(0, count - 1))] = 1e6L;
    return x;
}

/// `size` is |x|_2 |h|_2, or what else the error is measured by.
template <class T>
void check_product(transform_request const& r, std::vector<long double> const& x, std::vector<long double> const& h,
                   std::vector<long double> const& want, long double size) {
    const long double bound = promised<T>(r) * size;
    for (auto const& [name, loops] : all_loops<T>()) {
        if (!is_legal(r, loops.lanes)) continue;
        const long double error = distance(convolved<T>(plan_with<T>(loops, r), x, h), want);
        if (error <= bound) continue;
        INFO(text(r.n, r.numbers == number_kind::real ? " real " : " complex ", name_of(element_of<T>()), ", ", name));
        CHECK(error <= bound);
    }
}

/// One request in every width.
void check_product(transform_request const& r, content kind, random_source& source) {
    const auto x = make_data(r, kind, source), h = make_data(r, content::random, source);
    const auto want = defining_product(r)(x, h);
    // Alternating signs are all in the one or two highest frequencies: where the kernel's spectrum is larger there than
    // elsewhere, the result is larger than |x|_2 |h|_2, and its error is relative to itself.
    const long double size = norm(x) * norm(h), gained = kind == content::alternating ? norm(want) : 0;
    INFO("kind of data " << static_cast<int>(kind));
    check_product<float>(r, x, h, want, std::max(size, gained));
    check_product<double>(r, x, h, want, std::max(size, gained));
}

/// y += weight x, moved by the position of sample `at`: what leaves an axis comes back, and changes its sign along the
/// first one of real data whose extent is not 1.
void add_shifted(transform_request const& r, std::vector<long double> const& x, index_t at, long double weight,
                 std::vector<long double>& y) {
    const index_t count = product_of(r.n);
    for (index_t from = 0; from < static_cast<index_t>(x.size()); ++from) {
        index_t to = 0, step = 1, rest = from % count, shift = at;
        bool wraps = false;
        for (int a = r.n.rank(); a-- > 0;) {
            const index_t n = r.n[a], sum = rest % n + shift % n;
            if (n != 1) wraps = sum >= n;  // the last one that is looked at is the first axis
            to += sum % n * step;
            step *= n;
            rest /= n;
            shift /= n;
        }
        const long double factor = wraps && r.numbers == number_kind::real ? -weight : weight;
        y[static_cast<std::size_t>(from / count * count + to)] += factor * x[static_cast<std::size_t>(from)];
    }
}

struct spectrum_facts {
    std::size_t largest = 0;            // which complex number of the spectrum
    long double modulus = 0, rest = 0;  // its own, and the norm of all others

    /// Pairs of a real and an imaginary vector.
    template <class T>
    spectrum_facts(std::vector<T> const& s, std::size_t lanes) {
        std::vector<long double> moduli;
        for (std::size_t at = 0; at < s.size(); ++at)
            if (at / lanes % 2 == 0)
                moduli.push_back(std::hypot(static_cast<long double>(s[at]), static_cast<long double>(s[at + lanes])));
        const auto most = std::max_element(moduli.begin(), moduli.end());
        largest = static_cast<std::size_t>(most - moduli.begin());
        modulus = std::exchange(*most, 0.0L);
        rest = norm(moduli);
    }
};

/// The tone whose frequencies along the axes are the digits of `which`; of real data the real part, whose frequency
/// along the first axis is an odd number of half turns.
std::vector<long double> tone(transform_request const& r, index_t which) {
    const index_t count = product_of(r.n);
    const bool real = r.numbers == number_kind::real;
    std::vector<long double> x(static_cast<std::size_t>(real ? count : 2 * count));
    for (index_t at = 0; at < count; ++at) {
        long double turns = 0;
        index_t rest = at, frequency = which;
        for (int a = r.n.rank(); a-- > 0;) {
            const index_t n = r.n[a], j = rest % n, k = frequency % n;
            const index_t halves = a == 0 && real ? (2 * k + 1) * j % (2 * n) : 2 * k * j % (2 * n);
            turns += static_cast<long double>(halves) / static_cast<long double>(2 * n);
            rest /= n;
            frequency /= n;
        }
        x[static_cast<std::size_t>(at)] = std::cos(2 * std::numbers::pi_v<long double> * turns);
        if (!real) x[static_cast<std::size_t>(count + at)] = std::sin(2 * std::numbers::pi_v<long double> * turns);
    }
    return x;
}

/// Whether so many half turns along the axes are those of tone `which`, or, of real data, of its conjugate.
bool is_tone(transform_request const& r, index_t which, index_t const* half_turns) {
    bool same = true, conjugate = r.numbers == number_kind::real;
    for (int a = r.n.rank(); a-- > 0; which /= r.n[a]) {
        const index_t n = r.n[a], k = which % n;
        const index_t want = a == 0 && r.numbers == number_kind::real ? 2 * k + 1 : 2 * k;
        same = same && half_turns[a] == want;
        conjugate = conjugate && half_turns[a] == (2 * n - want) % (2 * n);
    }
    return same || conjugate;
}

/// Real data: the frequencies of the first half of the first axis, whose conjugates are the others.
template <class T>
void check_tones(transform_request const& r) {
    const index_t count = product_of(r.n), tones = r.numbers == number_kind::real ? count / 2 : count;
    // A complex tone of modulus 1 gathers all of it in one place; the real part of one gathers half.
    const long double gathered = static_cast<long double>(count) / (r.numbers == number_kind::real ? 2 : 1);
    const long double bound = promised<T>(r) * gathered;
    std::vector<std::vector<T>> all_tones;
    for (index_t which = 0; which < tones; ++which) all_tones.push_back(narrowed<T>(tone(r, which)));
    for (auto const& [name, loops] : all_loops<T>()) {
        if (!is_legal(r, loops.lanes)) continue;
        INFO(text(r.n, r.numbers == number_kind::real ? " real, " : " complex, ", name));
        const transform_plan plan = plan_with<T>(loops, r);
        const auto half_turns =
            detail::own_transform(loops, own_engine<T>::extents(r), r.numbers, r.ring).half_turns(r.n, r.numbers);
        REQUIRE(half_turns.size() == static_cast<std::size_t>(tones * r.n.rank()));
        std::set<std::size_t> places;
        long double worst_modulus = 0, worst_rest = 0;
        index_t which = 0, elsewhere = 0;
        for (std::vector<T> data : all_tones) {
            std::vector<T> spectrum(data.size());
            own_engine<T>::table.forward(plan, data.data(), spectrum.data());
            const spectrum_facts facts(spectrum, static_cast<std::size_t>(loops.lanes));
            worst_modulus = std::max(worst_modulus, std::abs(facts.modulus - gathered));
            worst_rest = std::max(worst_rest, facts.rest);
            places.insert(facts.largest);
            elsewhere += !is_tone(r, which++, half_turns.data() + facts.largest * static_cast<std::size_t>(r.n.rank()));
        }
        CHECK(elsewhere == 0);
        CHECK(worst_modulus <= bound);
        CHECK(worst_rest <= bound);
        CHECK(places.size() == static_cast<std::size_t>(tones));
    }
}

}  // namespace

TEST_CASE("own_engine: every length 2^a 3^b 5^c of one axis, real and complex, against the defining sum", "[fft]") {
    random_source source(1);
    int lengths = 0;
    for (index_t n = 8; n <= (is_slow_build ? 600 : 2048); n += 8) {
        if (!is_smooth(n)) continue;
        ++lengths;
        for (transform_request const& r : {transform_request{{2 * n}}, transform_request{{n}, number_kind::complex}}) {
            REQUIRE(is_legal(r, 2));
            for (const content kind : contents)
                if (n <= 320 || static_cast<int>(kind) == lengths % 4) check_product(r, kind, source);
        }
    }
    CHECK(lengths == (is_slow_build ? 29 : 52));
}

TEST_CASE("own_engine: two to four axes and leading axes of extent 1, against the defining sum", "[fft]") {
    random_source source(2);
    for (shape const& n :
         {shape{4, 8},        shape{4, 32},      shape{4, 64},       shape{12, 32},       shape{20, 16},
          shape{16, 96},      shape{36, 16},     shape{60, 4},       shape{4, 160},       shape{48, 32},
          shape{8, 3, 8},     shape{4, 5, 32},   shape{4, 9, 32},    shape{12, 15, 8},    shape{4, 2, 64},
          shape{4, 1, 32},    shape{4, 3, 5, 8}, shape{8, 2, 2, 32}, shape{4, 5, 1, 32},  shape{1, 128},
          shape{1, 96},       shape{1, 1, 160},  shape{1, 4, 32},    shape{1, 1, 12, 16}, shape{1, 1, 1, 256},
          shape{1, 4, 3, 32}, shape{1, 8, 1, 32}})
        for (transform_request const& r : {transform_request{n}, transform_request{n, number_kind::complex}}) {
            REQUIRE(is_legal(r, 2));
            for (const content kind : contents)
                if (product_of(n) <= 512 || kind == content::random) check_product(r, kind, source);
        }
}

TEST_CASE("own_engine: real data in a truly cyclic ring, split as often as its extents allow, against the defining sum",
          "[fft]") {
    random_source source(9);
    int plans = 0;
    for (shape const& n : {shape{64}, shape{96}, shape{128}, shape{160}, shape{320}, shape{1024}, shape{1, 256},
                           shape{1, 64}, shape{2, 64}, shape{3, 64}, shape{4, 64}, shape{16, 16}, shape{15, 64},
                           shape{30, 32}, shape{64, 16}, shape{4, 3, 32}, shape{8, 5, 16}, shape{1, 12, 2, 32}}) {
        const transform_request r{n, number_kind::real, ring_kind::cyclic};
        for (const content kind : contents) check_product(r, kind, source);
        for (auto const& [name, loops] : all_loops<float>()) {
            if (!is_legal(r, loops.lanes)) continue;
            ++plans;
            CHECK(plan_with<float>(loops, r).spectrum >= product_of(n));
        }
        CHECK(own_engine<double>::table.spectrum(r) == own_engine<double>::table.make(r).spectrum);
        CHECK_FALSE(own_engine<double>::table.make(r).negacyclic);
    }
    CHECK(plans > 40);
}

TEMPLATE_TEST_CASE(
    "own_engine: zeros beyond what is held, and anything beyond what is wanted, change no bit of the rest", "[fft]",
    float, double) {
    random_source source(10);
    for (transform_request const& r :
         {transform_request{{48, 96}}, transform_request{{4, 480}}, transform_request{{1, 20, 128}},
          transform_request{{12, 15, 32}}, transform_request{{96, 64}, number_kind::complex},
          transform_request{{8, 3, 5, 32}}, transform_request{{64, 96}, number_kind::real, ring_kind::cyclic}})
        for (auto const& [name, loops] : all_loops<TestType>())
            for (int i = 0; i < 20 && is_legal(r, loops.lanes); ++i) {
                const index_t count = product_of(r.n);
                const transform_plan whole = plan_with<TestType>(loops, r);
                transform_plan some = whole;
                for (index_t n : r.n)
                    for (array_window* w : {&some.held, &some.wanted}) {
                        w->first.push_back(source.between(0, n - 1));
                        w->last.push_back(source.between(w->first[w->first.rank() - 1] + 1, n));
                    }
                const auto is_in = [&](array_window const& w, index_t at) {
                    bool inside = true;
                    for (int a = r.n.rank(); a-- > 0; at /= r.n[a])
                        inside = inside && at % r.n[a] >= w.first[a] && at % r.n[a] < w.last[a];
                    return inside;
                };
                auto x = make_data(r, content::random, source), h = make_data(r, content::random, source);
                for (std::size_t k = 0; k < x.size(); ++k)
                    if (!is_in(some.held, static_cast<index_t>(k) % count)) x[k] = 0;
                const auto want = convolved<TestType>(whole, x, h);
                const auto got = [&] {
                    std::vector<TestType> data = narrowed<TestType>(x), taps = narrowed<TestType>(h),
                                          spectrum(static_cast<std::size_t>(whole.spectrum));
                    data.resize(static_cast<std::size_t>(whole.data));
                    taps.resize(data.size());
                    own_engine<TestType>::table.forward(whole, taps.data(), spectrum.data());
                    own_engine<TestType>::table.convolve(some, data.data(), spectrum.data(), nullptr);
                    return data;
                }();
                index_t wrong = 0, looked_at = 0;
                for (std::size_t k = 0; k < want.size(); ++k)
                    if (is_in(some.wanted, static_cast<index_t>(k) % count)) {
                        ++looked_at;
                        wrong += static_cast<long double>(got[k]) / static_cast<long double>(whole.scale) != want[k];
                    }
                INFO(text(r.n, ", ", name));
                CHECK(looked_at > 0);
                CHECK(wrong == 0);
            }
}

TEST_CASE("own_engine: transforms that are larger than the first-level cache are finished part by part", "[fft]") {
    // Too large for the sum over all pairs: the kernel has few samples, and each one shifts the data.
    random_source source(3);
    for (transform_request const& r :
         {transform_request{{20480}, number_kind::complex}, transform_request{{2 * 13824}},
          transform_request{{96, 320}}, transform_request{{64, 3, 160}, number_kind::complex}}) {
        const index_t count = product_of(r.n);
        const auto x = make_data(r, content::random, source);
        std::vector<long double> h(x.size(), 0.0L), want = h;
        for (const index_t at : {index_t{0}, index_t{1}, count / 3, count / 2, count / 2 + 77, count - 1}) {
            const long double weight = 0.5L + static_cast<long double>(source.between(1, 8));
            h[static_cast<std::size_t>(at)] = weight;
            add_shifted(r, x, at, weight, want);
        }
        check_product<float>(r, x, h, want, norm(x) * norm(h));
        check_product<double>(r, x, h, want, norm(x) * norm(h));
    }
}

TEMPLATE_TEST_CASE("own_engine: an impulse shifts, and what wraps along the outermost axis changes its sign", "[fft]",
                   float, double) {
    random_source source(4);
    for (transform_request const& r :
         {transform_request{{128}}, transform_request{{96}}, transform_request{{160}}, transform_request{{1, 4, 32}},
          transform_request{{64}, number_kind::complex}, transform_request{{2, 32}, number_kind::complex}})
        for (index_t at = 0; at < product_of(r.n); ++at) {
            const auto x = make_data(r, content::random, source);
            std::vector<long double> h(x.size(), 0.0L), want = h;
            h[static_cast<std::size_t>(at)] = 1;
            add_shifted(r, x, at, 1, want);
            check_product<TestType>(r, x, h, want, norm(x));
        }
}

TEMPLATE_TEST_CASE("own_engine: forward, multiply and backward are convolve; products add up; linear", "[fft]", float,
                   double) {
    random_source source(5);
    const auto& table = own_engine<TestType>::table;
    for (transform_request const& r :
         {transform_request{{480}}, transform_request{{128}, number_kind::complex}, transform_request{{12, 5, 32}}})
        for (auto const& [name, loops] : all_loops<TestType>()) {
            if (!is_legal(r, loops.lanes)) continue;
            INFO(text(r.n, ", ", name));
            const transform_plan plan = plan_with<TestType>(loops, r);
            const auto x = make_data(r, content::random, source), h = make_data(r, content::random, source);
            std::vector<TestType> a = narrowed<TestType>(x), b = narrowed<TestType>(h), fused = a, a_spectrum(a.size()),
                                  b_spectrum(a.size()), sum(a.size()), back(a.size());
            table.forward(plan, a.data(), a_spectrum.data());
            table.forward(plan, b.data(), b_spectrum.data());
            const std::vector<TestType> kernel = b_spectrum;
            table.convolve(plan, fused.data(), b_spectrum.data(), nullptr);
            CHECK(b_spectrum == kernel);
            table.multiply(plan, a_spectrum.data(), b_spectrum.data(), sum.data(), spectrum_update::replace);
            std::vector<TestType> spectrum = sum;
            table.backward(plan, back.data(), spectrum.data());
            CHECK(back == fused);

            // x h + x h, transformed back, is twice as much
            table.multiply(plan, a_spectrum.data(), b_spectrum.data(), sum.data(), spectrum_update::add);
            table.backward(plan, back.data(), sum.data());
            std::vector<long double> halves(back.begin(), back.end()), once(fused.begin(), fused.end());
            for (long double& v : halves) v /= 2;
            const long double scale = static_cast<long double>(plan.scale);
            CHECK(distance(halves, once) <= promised<TestType>(r) * scale * norm(x) * norm(h));

            // backward(forward(x)) = scale x
            std::vector<TestType> copy = a_spectrum;
            table.backward(plan, back.data(), copy.data());
            std::vector<long double> again(back.begin(), back.end());
            for (long double& v : again) v /= scale;
            CHECK(distance(again, x) <= promised<TestType>(r) * norm(x));

            // forward(2 x - 3 h) = 2 forward(x) - 3 forward(h); a spectrum's norm is sqrt(scale) times the data's
            std::vector<long double> mixed = x, expected(x.size());
            for (std::size_t k = 0; k < x.size(); ++k) {
                mixed[k] = 2 * x[k] - 3 * h[k];
                expected[k] = 2 * static_cast<long double>(a_spectrum[k]) - 3 * static_cast<long double>(b_spectrum[k]);
            }
            std::vector<TestType> data = narrowed<TestType>(mixed);
            table.forward(plan, data.data(), spectrum.data());
            CHECK(distance({spectrum.begin(), spectrum.end()}, expected) <=
                  promised<TestType>(r) * std::sqrt(scale) * (2 * norm(x) + 3 * norm(h)));
        }
}

TEMPLATE_TEST_CASE("own_engine: each frequency has one place in the spectrum, and no two have the same", "[fft]", float,
                   double) {
    for (shape const& n :
         {shape{64}, shape{128}, shape{192}, shape{320}, shape{2, 32}, shape{6, 32}, shape{4, 3, 32}}) {
        check_tones<TestType>({n, number_kind::complex});
        shape twice = n;
        twice[0] *= 2;
        check_tones<TestType>({twice});
    }
}

TEMPLATE_TEST_CASE("own_engine: a plan of each instruction set has the bits of its loops", "[fft]", float, double) {
    random_source source(6);
    const transform_request base{{384}};
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (!detail::is_compiled_in(i) || i > detail::best_instruction_set()) continue;
        transform_request r = base;
        r.instruction_set = i;
        const transform_plan made = own_engine<TestType>::table.make(r);
        CHECK(made.data == 384);
        CHECK(made.spectrum == 384);
        CHECK(made.scale == 192);
        CHECK(made.negacyclic);
        const auto x = make_data(r, content::random, source), h = make_data(r, content::random, source);
        const auto by_hand = plan_with<TestType>(detail::transform_loops::of<TestType>(i), r);
        CHECK(convolved<TestType>(made, x, h) == convolved<TestType>(by_hand, x, h));
    }
    const transform_plan complex = own_engine<TestType>::table.make({{64}, number_kind::complex});
    CHECK(complex.data == 128);
    CHECK(complex.scale == 64);
    CHECK_FALSE(complex.negacyclic);
}

TEMPLATE_TEST_CASE("own_engine: what its table says", "[fft]", float, double) {
    const auto& table = own_engine<TestType>::table;
    CHECK(std::strcmp(table.name, "faltung") == 0);
    CHECK(table.real == element_of<TestType>());
    CHECK(table.convolves_in_place);
    const index_t lanes = detail::baseline_bytes / static_cast<int>(sizeof(TestType));
    CHECK(table.multiple({{100}}, 0) == 8 * lanes);
    CHECK(table.multiple({{100}, number_kind::complex}, 0) == 4 * lanes);
    CHECK(table.multiple({{1, 1, 100}}, 2) == 8 * lanes);
    for (const int axis : {0, 1}) CHECK(table.multiple({{1, 1, 100}}, axis) == 1);
    const transform_request four{{1, 10, 10, 10}};
    CHECK(table.multiple(four, 0) == 1);
    CHECK(table.multiple(four, 1) == 4);
    CHECK(table.multiple(four, 2) == 1);
    CHECK(table.multiple(four, 3) == 2 * lanes);
    CHECK(table.multiple({{10, 10}, number_kind::complex}, 0) == 2);
    if (detail::is_compiled_in(instruction_set::avx512))
        CHECK(table.multiple({{100}, number_kind::real, ring_kind::any, instruction_set::avx512}, 0) ==
              8 * 64 / static_cast<int>(sizeof(TestType)));
}

TEST_CASE("own_engine: extents that it cannot transform are refused with the numbers", "[fft]") {
    const auto refusal = [](shape const& n, number_kind kind = number_kind::real) {
        return message_of<option_error>([&] { own_engine<double>::table.make({n, kind}); });
    };
    const std::string vectors = text(", in vectors of ", detail::baseline_bytes / 8);
    const std::string four = "complex numbers that do not fill four vectors at a time: ";
    CHECK(refusal({100}) == "a transform of (100,): " + four + "50" + vectors);
    CHECK(refusal({1}) == "a transform of (1,): real data in halves along an odd extent: 1" + vectors);
    CHECK(refusal({0}) == "a transform of (0,): an extent of 0" + vectors);
    CHECK(refusal({-128}) == "a transform of (-128,): an extent of -128" + vectors);
    CHECK(refusal({1, 1}, number_kind::complex) ==
          "a transform of (1, 1): a last extent that fills no vectors: 1" + vectors);
    CHECK(refusal({64, 1}) == "a transform of (64, 1): a last extent that fills no vectors: 1" + vectors);
    CHECK(refusal({5, 64}) == "a transform of (5, 64): real data in halves along an odd extent: 5" + vectors);
    CHECK(refusal({4, 0, 64}) == "a transform of (4, 0, 64): an extent of 0" + vectors);
    CHECK(refusal({448}) == "a transform of (448,): an extent with other factors than 2, 3 and 5: 448" + vectors);
    CHECK(refusal({4, 77, 64}) ==
          "a transform of (4, 77, 64): an extent with other factors than 2, 3 and 5: 77" + vectors);
    CHECK(message_of<overflow_error>([] {
              own_engine<double>::table.make({{index_t{1} << 40, index_t{1} << 40}});
          }) == "samples of a transform: 1099511627776 * 1099511627776 does not fit 64 bits");
    CHECK(message_of<overflow_error>([] { own_engine<float>::table.make({{index_t{1} << 60}}); }) ==
          "bytes of a transform: 576460752303423488 * 64 does not fit 64 bits");
}

TEST_CASE("own_engine: threads share one plan and get the same bits", "[fft][threads]") {
    random_source source(7);
    const transform_request r{{48, 96}, number_kind::real, ring_kind::any, detail::best_instruction_set()};
    const transform_plan plan = own_engine<float>::table.make(r);
    const auto x = make_data(r, content::random, source), h = make_data(r, content::random, source);
    const auto alone = convolved<float>(plan, x, h);
    std::vector<long double> results[2];
    std::vector<std::thread> threads;
    for (auto& result : results)
        threads.emplace_back([&] {
            for (int k = 0; k < 20; ++k) result = convolved<float>(plan, x, h);
        });
    for (std::thread& t : threads) t.join();
    for (auto const& result : results) CHECK(result == alone);
}
