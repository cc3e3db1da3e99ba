// tests/method/kept_lines.test.cpp -- the lines of a window have places of their own, and neighbours find those they
// share
#include <faltung/method/kept_lines.hpp>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;
using namespace faltung::testing;

static problem random_problem(random_source& r) {
    problem p;
    for (int a = 0, rank = static_cast<int>(r.between(1, 4)); a < rank; ++a) {
        const index_t taps = r.between(1, 4), dilation = r.one_of<index_t>({1, 1, 1, 2, 3});
        p.push_back({r.between(dilation * (taps - 1) + 1, 9 + dilation * (taps - 1)), taps, r.between(1, 3), dilation,
                     0, 0, boundary::zero});
    }
    p.groups = r.between(1, 2);
    p.in = p.groups * r.between(1, 3);
    p.out = p.groups * r.between(1, 2);
    return p;
}

TEST_CASE("kept_lines: a place for every line of a window, and a number for every line", "[method]") {
    random_source r(1);
    int with_places = 0, with_rings = 0;
    for (int i = 0; i < 300; ++i) {
        const problem p = random_problem(r);
        const index_t channels = p.in / p.groups, lines = detail::lines_per_row(p), most = lines + r.between(-2, 60);
        const detail::kept_lines kept(p, most);
        if (kept.count() == 0) {
            CHECK((lines > most || (p.out == p.groups && lines == channels)));
            continue;
        }
        ++with_places;
        with_rings += kept.count() == lines;
        CHECK(kept.count() <= most);
        shape outputs, taps;
        for (int a = 0; a + 1 < p.rank; ++a) {
            outputs.push_back(p[a].outputs());
            taps.push_back(p[a].taps);
        }
        std::map<index_t, std::vector<index_t>> position_of;  // by number: channel and positions
        for_each_index(outputs, [&](index_list const& o) {
            const detail::kept_lines::row row(kept, o);
            std::set<index_t> places;
            for (index_t c = 0; c < channels; ++c)
                for_each_index(taps, [&](index_list const& t) {
                    const index_t channel = (p.groups - 1) * channels + c;
                    const auto to = row(c, channel, t);
                    std::vector<index_t> at{channel};
                    for (int a = 0; a + 1 < p.rank; ++a) at.push_back(p[a].position(o[a], t[a]));
                    CHECK((to.at >= 0 && to.at < kept.count()));
                    CHECK(places.insert(to.at).second);
                    CHECK(position_of.try_emplace(to.line, at).first->second == at);
                });
        });
    }
    CHECK(with_places > 100);
    CHECK(with_rings > 20);
}

// 3 x 5 taps: a row shares all lines of its window but those of 3 taps with the one before; where all lines of a plane
// have places, a plane but those of the last tap
TEST_CASE("kept_lines: rows and planes find what those before them packed", "[method]") {
    problem p;
    p.push_back({20, 3, 1, 1, 0, 0, boundary::zero});
    p.push_back({30, 5, 1, 1, 0, 0, boundary::zero});
    p.push_back({16, 1, 1, 1, 0, 0, boundary::zero});
    for (const auto& [most, wanted] : {std::pair<index_t, index_t>{89, 15 + (26 - 1) * 3}, {90, 30}}) {
        const detail::kept_lines kept(p, most);
        std::vector<index_t> held(static_cast<std::size_t>(kept.count()), -1);
        index_t packed = 0;
        for (index_t plane = 0; plane < 10; ++plane) {
            packed = 0;
            for (index_t i = 0; i < 26; ++i) {
                const detail::kept_lines::row row(kept, {plane, i});
                for_each_index({3, 5}, [&](index_list const& t) {
                    const auto to = row(0, 0, t);
                    packed += std::exchange(held[static_cast<std::size_t>(to.at)], to.line) != to.line;
                });
            }
        }
        CHECK(packed == wanted);
    }
}
