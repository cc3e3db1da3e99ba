// tests/method/fft.test.cpp -- the whole signal in one transform: real, complex, periodic, prime, huge
#include <faltung/method/fft.hpp>

#include <cmath>

#include "method/lost_share.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

using T = detail::types<float, float, float, float>;

}  // namespace

TEST_CASE("fft: one transform for the whole signal, on every instruction set", "[method]") {
    random_source r(1);
    for (const char map : {'z', 'w'})
        for (const index_t n : {1, 2, 61, 64, 100, 128, 997})
            for (const index_t taps : {1, 2, 31, 150})
                for (const instruction_set s : instruction_sets()) {
                    const std::vector<reference::line> axes{{n, taps, 1, 1, (taps - 1) / 2, taps / 2, map}};
                    problem p = problem_of(axes);
                    p.limits.instruction_set = s;
                    INFO(n << " samples, " << taps << " taps, boundary " << map << ", " << name_of(s));
                    // a long kernel meets a short period several times
                    const double repeats = map == 'w' ? static_cast<double>(taps / n + 1) : 1;
                    CHECK(lost_share(method::fft, axes, p, n, taps, r, 64) <= std::sqrt(2 * repeats));
                }
}

TEST_CASE("fft: any split of the grains of a batch gives the same outputs", "[method]") {
    random_source r(2);
    problem p = problem_of({{7, 1, 1, 1, 0, 0, 'z'}, {210, 15, 1, 1, 7, 7, 'z'}});
    p.types = {element::float32, element::float32, element::float32, element::float32};
    p.engine = &detail::own_engine<float>::table;
    const auto x = r.many<float>(7 * 210), h = r.many<float>(15);
    const auto want = run_seam<T>(p, method::fft, x, h);
    const auto ready = detail::fft::prepare<T>(p, array_of(h.data(), {1, 1, 1, 15}), nullptr);
    const buffer<std::byte> scratch(detail::fft::workspace<T>(p));
    REQUIRE(detail::fft::grains(p) == 7);
    for (index_t each = 1; each <= 7; ++each) {
        std::vector<float> y(want.size(), -1);
        for (index_t first = 0; first < 7; first += each)
            detail::fft::run<T>(p, ready, array_of(x.data(), {1, 7, 210}), array_of(y.data(), {1, 7, 210}),
                                scratch.data(), {first, std::min<index_t>(first + each, 7)});
        CHECK(y == want);
    }
}

TEST_CASE("fft: predicts more time for more samples, and what its spectra hold", "[method]") {
    problem p = problem_of({{1000, 15, 1, 1, 7, 7, 'z'}});
    p.types = {element::float32, element::float32, element::float32, element::float32};
    p.engine = &detail::own_engine<float>::table;
    const auto small = detail::fft::predict(p);
    p[0].n = 100000;
    const auto large = detail::fft::predict(p);
    CHECK(large.seconds > 50 * small.seconds);
    CHECK(large.held >= 100014 * 4);
    CHECK(large.expected_error < large.certified_error);
    p[0].n = index_t{1} << 46;
    CHECK(detail::fft::supports(p).value_or("") == "a tile has at least 7.03687e+13 samples, more than 2^45");
}
