// tests/simd/position_tile.test.cpp -- sums of output channels in lanes: counts of positions, packs, taps; their rows;
// bytes joined in fours
#include <faltung/simd/position_tile.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
T product(T x, T w) {
    if constexpr (std::is_same_v<T, std::int32_t>)
        return static_cast<std::int16_t>(w & 0xffff) * static_cast<std::int16_t>(x & 0xffff) + (w >> 16) * (x >> 16);
    else
        return w * x;
}

/// Unsigned bytes of x by signed ones of w.
std::int32_t product_of_quads(std::int32_t x, std::int32_t w) {
    std::int32_t sum = 0;
    for (int i = 0; i < 4; ++i)
        sum += static_cast<std::uint8_t>(x >> 8 * i & 255) * static_cast<std::int8_t>(w >> 8 * i & 255);
    return sum;
}

/// Small integers make every order exact; halves and bytes may be any.
template <class T>
T some(random_source& r) {
    if constexpr (std::is_same_v<T, std::int32_t>)
        return detail::halves(static_cast<std::int32_t>(r.between(-32768, 32767)),
                              static_cast<std::int32_t>(r.between(-32767, 32767)));
    else
        return r.small<T>();
}

template <class Tile, class T, class Product>
void check(instruction_set set, index_t positions, index_t packs, index_t taps, Product times, random_source& r) {
    const index_t lanes = detail::bytes_of_vector(set) / index_t{sizeof(T)}, even = (positions + 1) / 2 * 2,
                  pack_step = even * lanes + r.between(0, 5);
    const bool begins = r.percent(50);
    INFO(name_of(set) << " positions " << positions << " packs " << packs << " taps " << taps);
    std::vector<std::int32_t> offset;
    for (index_t t = 0; t < taps; ++t) offset.push_back(static_cast<std::int32_t>(r.between(0, 40)));
    const guarded<T> data(even + 40, guard::after), weights(packs * lanes * taps, guard::after),
        start(packs * lanes, guard::after), sums((packs - 1) * pack_step + even * lanes, guard::after);
    for (auto const* g : {&data, &weights})
        for (T& v : g->span()) v = some<T>(r);
    for (auto const* g : {&start, &sums})
        for (T& v : g->span()) v = r.small<T>();
    std::vector<T> want(sums.data(), sums.data() + sums.count());
    for (index_t k = 0; k < packs; ++k)
        for (index_t i = 0; i < even; ++i)
            for (index_t l = 0; l < lanes; ++l) {
                T& sum = want[static_cast<std::size_t>(k * pack_step + i * lanes + l)];
                if (begins) sum = start.data()[k * lanes + l];
                for (index_t t = 0; t < taps; ++t)
                    sum = static_cast<T>(sum + times(data.data()[offset[static_cast<std::size_t>(t)] + i],
                                                     weights.data()[(k * taps + t) * lanes + l]));
            }
    detail::versions<Tile>::of(set)({data.data(), positions, offset.data(), taps, weights.data(), packs,
                                     begins ? start.data() : nullptr, sums.data(), pack_step});
    CHECK((std::vector<T>(sums.data(), sums.data() + sums.count()) == want));
}

}  // namespace

TEMPLATE_TEST_CASE("position_tile: all counts of positions, packs and taps", "[simd]", float, double, std::int32_t) {
    random_source r(1);
    for (const instruction_set s : instruction_sets())
        for (index_t positions = 1; positions <= detail::tile_positions(detail::bytes_of_vector(s)); ++positions)
            for (index_t packs = 1; packs <= 5; ++packs)
                for (const index_t taps : {1, 2, 9}) {
                    if constexpr (!std::is_same_v<TestType, std::int32_t>) {
                        check<detail::position_tile<TestType>, TestType>(s, positions, packs, taps, product<TestType>,
                                                                         r);
                    } else {
                        const auto pairs = [](std::int32_t x, std::int32_t w) {
                            return static_cast<std::int32_t>(static_cast<std::uint32_t>(product(x, w)));
                        };
                        check<detail::position_tile<TestType>, TestType>(s, positions, packs, 1, pairs, r);
                        if (s != instruction_set::avx512 || detail::best_byte_products() == byte_products::quads)
                            check<detail::position_tile<TestType, detail::quad_lanes>, TestType>(
                                s, positions, packs, taps, product_of_quads, r);
                    }
                }
}

TEMPLATE_TEST_CASE("position_rows: all counts of positions and output channels", "[simd]", float, double,
                   std::int32_t) {
    random_source r(2);
    for (const instruction_set s : instruction_sets()) {
        const index_t lanes = detail::bytes_of_vector(s) / index_t{sizeof(TestType)};
        for (index_t count = 1; count <= 3 * lanes + 1; ++count)
            for (index_t kernels = 1; kernels <= 2 * lanes + 1; ++kernels) {
                const index_t packs = (kernels + lanes - 1) / lanes, pack_step = std::max(count, lanes) * lanes;
                const guarded<TestType> sums(packs * pack_step, guard::after), to(kernels * count, guard::after);
                for (TestType& v : sums.span()) v = r.small<TestType>();
                detail::versions<detail::position_rows<TestType>>::of(s)(
                    {sums.data(), pack_step, kernels, count, to.data(), count});
                index_t wrong = 0;
                for (index_t k = 0; k < kernels; ++k)
                    for (index_t i = 0; i < count; ++i)
                        wrong += to.data()[k * count + i] != sums.data()[k / lanes * pack_step + i * lanes + k % lanes];
                INFO(name_of(s) << " count " << count << " output channels " << kernels);
                REQUIRE(wrong == 0);
            }
    }
}

TEST_CASE("join_bytes: a line's bytes beside those of the lines before", "[simd]") {
    random_source r(3);
    for (const instruction_set s : instruction_sets()) {
        std::vector<std::int32_t> to(64), next(64);
        for (auto* v : {&to, &next})
            for (std::int32_t& e : *v) e = static_cast<std::int32_t>(r.between(-128, 255));
        auto joined = to;
        const auto join = detail::versions<detail::join_bytes>::of(s);
        join({joined.data(), next.data(), 64, 8, 255, 0});
        join({joined.data(), nullptr, 64, 16, -1, 0});
        join({joined.data(), next.data(), 64, 24, -1, static_cast<std::int32_t>(0x80808080u)});
        for (std::size_t i = 0; i < 64; ++i) {
            const auto low = static_cast<std::uint32_t>(to[i] & 255), high = static_cast<std::uint32_t>(next[i] & 255);
            CHECK(static_cast<std::uint32_t>(joined[i]) == ((low | high << 8 | high << 24) ^ 0x80808080u));
        }
    }
}
