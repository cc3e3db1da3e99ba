// tests/method/spectral_layout.test.cpp -- every layout proved by integers: what meets at a sum's place is its window
#include <faltung/method/spectral_layout.hpp>

#include <faltung/fft/own_engine.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::spectral_layout;
using detail::spectral_search;

namespace {

engine_table const& ours = detail::own_engine<float>::table;

problem floats(std::vector<reference::line> const& axes) {
    problem p = problem_of(axes);
    p.types = {element::float32, element::float32, element::float32, element::float32};
    return p;
}

/// Empty if, along one axis, the samples and taps that meet at the place of every sum in the ring are those of its
/// window: anything else that meets there is a sample of 0 beyond the data.
std::string wrong_axis(axis const& k, detail::spectral_axis const& tile) {
    index_t covered = 0;
    for (index_t t = 0; t < tile.tiles; ++t) {
        const index_t e0 = t * tile.step, sums = std::min(tile.step, tile.sums(k) - e0);
        if (sums < 1) return text("tile ", t, " holds no sum");
        const index_t loaded = tile.loaded(sums);
        if (loaded > tile.length) return text("loads ", loaded, " samples into a ring of ", tile.length);
        for (index_t e = e0; e < e0 + sums; ++e) {
            ++covered;
            const index_t place = e - e0 + tile.first;
            if (place < 0 || place >= tile.length) return text("sum ", e, " stands at ", place);
            std::vector<index_t> source(static_cast<std::size_t>(k.taps),
                                        -2);                // of every tap: a sample, or -1 for none
            const index_t begin = e * tile.phases - k.low;  // the sample of the first tap
            for (index_t i = 0; i < loaded; ++i)
                for (index_t tap = 0; tap < k.taps; ++tap) {
                    const index_t meets = i + tile.place_of(k, tap);
                    if (meets % tile.length != place) continue;
                    const index_t at =
                                      (e0 + tile.origin - tile.first + i) * tile.phases + tile.phase_of(k, tap) - k.low,
                                  from = k.edge.source(at, k.n);
                    if (at == begin + tap * k.dilation || tile.is_period)
                        source[static_cast<std::size_t>(tap)] = from;
                    else if (from >= 0 || !k.edge.is_zero())
                        return text("sample ", at, " meets tap ", tap, " at sum ", e);
                }
            for (index_t tap = 0; tap < k.taps; ++tap) {
                const index_t want = k.edge.source(begin + tap * k.dilation, k.n);
                const index_t got = source[static_cast<std::size_t>(tap)];
                if (got != want && !(got == -2 && want == -1 && k.edge.is_zero()))
                    return text("tap ", tap, " of sum ", e, " meets sample ", got, ", not ", want);
            }
        }
    }
    const bool all_phases = tile.phases == 1 || tile.phases == k.window_stride;
    if (!all_phases || tile.stride(k) * tile.phases != k.window_stride) return text(tile.phases, " phases");
    return covered == tile.sums(k) ? "" : text(covered, " sums of ", tile.sums(k));
}

}  // namespace

TEST_CASE("spectral_layout: exactly the window of every sum meets at its place, for any axis", "[method]") {
    random_source r(1);
    int periods = 0, shortened = 0, many_tiles = 0, phases = 0;
    constexpr int cases = is_sanitized ? 600 : 3000;
    for (int i = 0; i < cases; ++i) {
        const index_t n = r.percent(20) ? r.one_of<index_t>({64, 128, 96, 320}) : r.between(1, 150);
        const char map = r.one_of({'z', 'z', 'c', 'r', 's', 'e', 'w', 'w'});
        reference::line k{n, r.between(1, 9), r.between(1, 3), r.between(1, 4), 0, 0, map, 3};
        k.low = r.between(-3, 30);
        k.high = r.between(-3, 30);
        if (r.percent(30)) {  // same, for a period
            k.stride = 1;
            k.low = k.high = (k.taps - 1) * k.dilation / 2;
            if (k.low + k.high < (k.taps - 1) * k.dilation) ++k.high;
        }
        if (k.n + k.low + k.high < (k.taps - 1) * k.dilation + 1) continue;
        const problem p = floats({k});
        spectral_layout const one = spectral_search(p, ours).one_tile(), tiles = spectral_search(p, ours).tiles();
        INFO(text("n ", k.n, " taps ", k.taps, " stride ", k.stride, " dilation ", k.dilation, " low ", k.low, " high ",
                  k.high, " boundary ", std::string(1, map)));
        CHECK(wrong_axis(p[0], one[0]) == "");
        CHECK(wrong_axis(p[0], tiles[0]) == "");
        CHECK(one[0].tiles == 1);
        for (spectral_layout const* l : {&one, &tiles}) CHECK(ours.takes(detail::request_of(p, *l)));
        periods += one[0].is_period;
        many_tiles += tiles[0].tiles > 1;
        shortened += one[0].first < one[0].origin;
        phases += one[0].phases > 1 || tiles[0].phases > 1;
    }
    CHECK(periods > cases / 300);
    CHECK(many_tiles > cases / 300);
    CHECK(shortened > cases / 30);
    CHECK(phases > cases / 30);
}

TEST_CASE("spectral_layout: samples that are not there are not transformed", "[method]") {
    // full, zeros outside: n + taps - 1 = 1100 is enough, though the windows reach over 1200
    const problem full = floats({{1000, 101, 1, 1, 100, 100, 'z'}});
    CHECK(spectral_search(full, ours).one_tile()[0].length == fast_length(1100, ours.multiple({{1100}}, 0)));
    const problem reflected = floats({{1000, 101, 1, 1, 100, 100, 'r'}});
    CHECK(spectral_search(reflected, ours).one_tile()[0].length == fast_length(1200, ours.multiple({{1200}}, 0)));
}

TEST_CASE("spectral_layout: a period is the ring itself where its extent can be transformed", "[method]") {
    const auto along = [](index_t rows, index_t columns) {
        const problem p = floats({{rows, 5, 1, 1, 2, 2, 'w'}, {columns, 5, 1, 1, 2, 2, 'w'}});
        const spectral_layout l = spectral_search(p, ours).one_tile();
        return std::pair{l[0].is_period, l[1].is_period};
    };
    CHECK(along(64, 64) == std::pair{true, true});
    CHECK(along(15, 64) == std::pair{true, true});
    CHECK(along(17, 64) == std::pair{false, true});  // a prime is extended
    CHECK(along(64, 61) == std::pair{false, false});
}

TEST_CASE("spectral_layout: an axis with one tap is a batch, but for the last one", "[method]") {
    const problem p = floats({{7, 1, 2, 1, 0, 0, 'z'}, {100, 5, 1, 1, 2, 2, 'z'}});
    for (const spectral_layout& l : {spectral_search(p, ours).one_tile(), spectral_search(p, ours).tiles()}) {
        CHECK(l[0].length == 1);
        CHECK(l[0].tiles == 4);
        CHECK(l[0].step == 2);
        CHECK(detail::spectral_grains(p, l) == 4 * l[1].tiles);
    }
    const problem columns = floats({{100, 5, 1, 1, 2, 2, 'z'}, {7, 1, 1, 1, 0, 0, 'z'}});
    CHECK(spectral_search(columns, ours).one_tile()[1].length > 1);
}

TEST_CASE("spectral_layout: tiles keep a limit of memory, and do not depend on threads", "[method]") {
    problem p = floats({{4096, 31, 1, 1, 15, 15, 'z'}, {4096, 31, 1, 1, 15, 15, 'z'}});
    const auto bytes = [&] {
        const spectral_layout l = spectral_search(p, ours).tiles();
        return detail::spectral_scratch(p, l, ours).bytes() + detail::spectra_bytes(p, l, ours);
    };
    REQUIRE(bytes() > 100000);
    for (const index_t limit : {1 << 20, 1 << 18, 1 << 16}) {
        p.limits.memory = limit;
        CHECK(bytes() <= limit);
    }
    const spectral_layout one = spectral_search(p, ours).tiles();
    p.limits.threads = 64;
    const spectral_layout many = spectral_search(p, ours).tiles();
    for (int a = 0; a < 2; ++a) CHECK(one[a].length == many[a].length);
    p.limits.memory = 100;  // none fits: the least of all, so that its bytes can be told
    CHECK(bytes() > 100);
    CHECK(bytes() < 1 << 16);
}

TEST_CASE("spectral_layout: an axis that no memory holds has tiles of a size that it holds", "[method]") {
    const index_t huge = index_t{1} << 61;
    const problem p = floats({{huge, 2, 1, 1, huge, huge, 'c', 3}});
    const spectral_layout l = spectral_search(p, ours).tiles();
    CHECK(l[0].length <= index_t{1} << 41);
    CHECK((l[0].tiles - 1) * l[0].step < detail::sum_extent(p[0]));
    CHECK(l[0].tiles >= detail::sum_extent(p[0]) / l[0].step);
}

TEST_CASE("spectral_layout: no output, no tile", "[method]") {
    for (const index_t n : {0, 3}) {
        const problem p = floats({{n, 5, 1, 1, 0, 0, 'r'}});
        for (const spectral_layout& l : {spectral_search(p, ours).one_tile(), spectral_search(p, ours).tiles()})
            CHECK(detail::spectral_grains(p, l) == 0);
    }
}

TEST_CASE("spectral_error: grows with the size of a tile, and certified is more than expected", "[method]") {
    double before = 0;
    for (const index_t n : {100, 10000, 1000000}) {
        const problem p = floats({{n, 65, 1, 1, 32, 32, 'z'}});
        const auto e = detail::spectral_error(p, spectral_search(p, ours).one_tile());
        CHECK(e.expected > before);
        CHECK(e.certified > 10 * e.expected);
        CHECK(e.certified < 1e-2);
        before = e.expected;
    }
}
