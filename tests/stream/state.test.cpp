// tests/stream/state.test.cpp -- the memory of a stream: no two parts share a number, and a copy has all of them
#include <faltung/stream/state.hpp>

#include <faltung/fft/own_engine.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace faltung;
using detail::partitions;
using detail::stream_memory;

namespace {

struct part {
    float* first;
    index_t count;
};

std::vector<part> parts_of(stream_memory<float> const& m) {
    partitions const& g = m.grid();
    std::vector<part> all_of_them{{m.group(), g.plan.spectrum}, {m.damage(), g.block}};
    for (index_t i = 0; i < g.inputs; ++i) {
        all_of_them.push_back({m.recent(i), 2 * g.block});
        for (index_t age = 0; age < g.count; ++age) all_of_them.push_back({m.spectrum(i, age), g.plan.spectrum});
    }
    for (const int kernel : {0, 1})
        for (index_t o = 0; o < g.outputs; ++o) {
            all_of_them.push_back({m.sum(kernel, o), g.plan.spectrum});
            all_of_them.push_back({m.row(kernel, o), g.block});
        }
    return all_of_them;
}

std::shared_ptr<partitions const> grid_of(shape const& h, stream_options const& o) {
    return std::make_shared<partitions const>(h, o, detail::own_engine<float>::table);
}

}  // namespace

TEST_CASE("stream memory: its parts do not overlap and begin on cache lines", "[stream]") {
    for (shape const& h : {shape{1, 1, 1}, shape{1, 1, 100}, shape{3, 2, 100}, shape{1, 4, 7}})
        for (const index_t block : {1, 7, 64})
            for (const latency l : {latency::block, latency::zero}) {
                stream_memory<float> m(grid_of(h, {.block = block, .latency = l}));
                m.at.newest = m.grid().count / 2;
                const auto parts = parts_of(m);
                for (std::size_t k = 0; k < parts.size(); ++k) {
                    REQUIRE(reinterpret_cast<std::uintptr_t>(parts[k].first) % buffer_alignment == 0);
                    for (index_t j = 0; j < parts[k].count; ++j) {
                        REQUIRE(parts[k].first[j] == 0);  // as it was made, and not yet written as another part
                        parts[k].first[j] = static_cast<float>(k + 1);
                    }
                }
            }
}

TEST_CASE("stream memory: the delay line is a ring", "[stream]") {
    stream_memory<float> m(grid_of({1, 2, 100}, {.block = 10}));
    REQUIRE(m.grid().count == 10);
    float* const first = m.spectrum(1, 3);
    m.at.newest = 9;  // one block later
    CHECK(m.spectrum(1, 4) == first);
    m.at.newest = 4;
    CHECK(m.spectrum(1, 9) == first);
}

TEST_CASE("stream memory: a copy has every number, and forgetting leaves silence before a block", "[stream]") {
    const auto grid = grid_of({2, 2, 50}, {.block = 16});
    stream_memory<float> m(grid), copy(grid);
    float value = 0;
    for (part const& p : parts_of(m))
        for (index_t j = 0; j < p.count; ++j) p.first[j] = ++value;
    m.at.damaged = 17;
    m.at.in_block = 3;
    copy.copy_from(m);
    CHECK(copy.at.damaged == 17);
    CHECK(copy.at.in_block == 3);
    value = 0;
    for (part const& p : parts_of(copy))
        for (index_t j = 0; j < p.count; ++j) REQUIRE(p.first[j] == ++value);
    m.forget();
    CHECK(m.at.damaged == 0);
    CHECK(m.at.in_block == 16);
    for (part const& p : parts_of(m))
        for (index_t j = 0; j < p.count; ++j) REQUIRE(p.first[j] == 0);
}

TEST_CASE("stream memory: what was moved away is empty", "[stream]") {
    stream_memory<float> m(grid_of({1, 1, 5}, {.block = 4}));
    CHECK_FALSE(m.is_empty());
    const stream_memory<float> taken = std::move(m);
    CHECK(m.is_empty());
    CHECK_FALSE(taken.is_empty());
}
