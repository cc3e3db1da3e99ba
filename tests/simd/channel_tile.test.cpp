// tests/simd/channel_tile.test.cpp -- sums of many channels on every instruction set: counts of taps, vectors, channels
#include <faltung/simd/channel_tile.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

index_t bytes_of(instruction_set s) {
    return s == instruction_set::avx512 ? 64 : s == instruction_set::avx2 ? 32 : detail::baseline_bytes;
}

/// What a lane multiplies: one sample and one weight, or two of each.
template <class T>
T product(T w, T x) {
    if constexpr (std::is_same_v<T, std::int32_t>) {
        return static_cast<std::int16_t>(w & 0xffff) * static_cast<std::int16_t>(x & 0xffff) + (w >> 16) * (x >> 16);
    } else {
        return w * x;
    }
}

/// Small integers make every order exact.
template <class T>
T some(random_source& r) {
    if constexpr (std::is_same_v<T, std::int32_t>)
        return detail::halves(static_cast<std::int32_t>(r.between(-128, 255)),
                              static_cast<std::int32_t>(r.between(-128, 255)));
    else
        return r.small<T>();
}

template <class T>
void check_tile(instruction_set set, index_t taps, index_t vectors, index_t kernels, random_source& r) {
    const index_t lanes = bytes_of(set) / index_t{sizeof(T)}, rows = detail::tile_rows(static_cast<int>(bytes_of(set))),
                  packs = (kernels + rows - 1) / rows;
    const bool begins = r.percent(50), ends = r.percent(50);
    INFO(name_of(set) << " taps " << taps << " vectors " << vectors << " kernels " << kernels);
    std::vector<std::int32_t> offset;
    for (index_t t = 0; t < taps; ++t) offset.push_back(static_cast<std::int32_t>(r.between(0, 40)));
    const guarded<T> data(vectors * lanes + 40, guard::after), weights(packs * rows * taps, guard::after),
        start(packs * rows, guard::after), sums(packs * rows * vectors * lanes, guard::after),
        out(kernels * vectors * lanes, guard::after);
    for (auto const* g : {&data, &weights})
        for (T& v : g->span()) v = some<T>(r);
    for (auto const* g : {&start, &sums})
        for (T& v : g->span()) v = r.small<T>();
    std::vector<T> want;
    for (index_t k = 0; k < kernels; ++k)
        for (index_t i = 0; i < vectors * lanes; ++i) {
            T sum = begins ? start.data()[k] : sums.data()[k * vectors * lanes + i];
            for (index_t t = 0; t < taps; ++t)
                sum += product(weights.data()[k / rows * rows * taps + t * rows + k % rows],
                               data.data()[offset[static_cast<std::size_t>(t)] + i]);
            want.push_back(sum);
        }
    typename detail::channel_tile<T>::arguments a{};
    for (index_t v = 0; v < vectors; ++v) {
        a.data[v] = data.data() + v * lanes;
        a.out[v] = ends ? out.data() + v * lanes : nullptr;
    }
    a.vectors = vectors;
    a.offset = offset.data();
    a.taps = taps;
    a.weights = weights.data();
    a.kernels = kernels;
    a.start = begins ? start.data() : nullptr;
    a.sums = sums.data();
    a.out_step = vectors * lanes;
    a.ahead = r.percent(50) ? 0 : 4096;
    const guarded<T> panel(taps * vectors * lanes, guard::after);
    a.panel = panel.data();
    detail::versions<detail::channel_tile<T>>::of(set)(a);
    T const* const got = ends ? out.data() : sums.data();
    CHECK((std::vector<T>(got, got + kernels * vectors * lanes) == want));
}

template <class T>
void check_rows(instruction_set set, index_t rows, index_t count, index_t lines, bool shares, random_source& r) {
    const index_t lanes = bytes_of(set) / index_t{sizeof(T)}, line_taps = shares ? 3 : r.between(1, 5),
                  step = count + line_taps + lanes;
    INFO(name_of(set) << " rows " << rows << " count " << count << " lines " << lines << " shared " << shares);
    const index_t planes = r.between(1, 2), plane = (rows + lines) * step;
    const guarded<T> data(planes * plane + lanes, guard::after), out(rows * count, guard::after);
    for (T& v : data.span()) v = some<T>(r);
    std::vector<std::int32_t> offset;
    std::vector<T> weights;
    for (index_t p = 0; p < planes; ++p)
        for (index_t l = 0; l < lines; ++l)
            for (index_t t = 0; t < line_taps; ++t) {
                offset.push_back(static_cast<std::int32_t>(p * plane + l * step + t));
                weights.push_back(some<T>(r));
            }
    const T start = r.small<T>();
    std::vector<T> want;
    for (index_t y = 0; y < rows; ++y)
        for (index_t i = 0; i < count; ++i) {
            T sum = start;
            for (std::size_t t = 0; t < offset.size(); ++t)
                sum += product(weights[t], data.data()[y * step + offset[t] + i]);
            want.push_back(sum);
        }
    detail::versions<detail::channel_rows<T>>::of(set)({data.data(), step, offset.data(),
                                                        static_cast<index_t>(offset.size()), shares ? lines : 0,
                                                        weights.data(), start, out.data(), count, rows, count});
    CHECK((std::vector<T>(out.data(), out.data() + out.count()) == want));
}

}  // namespace

TEMPLATE_TEST_CASE("channel_tile: all counts of taps, vectors and output channels", "[simd]", float, double,
                   std::int32_t) {
    random_source r(1);
    for (const instruction_set s : instruction_sets())
        for (index_t vectors = 1; vectors <= detail::vectors_of<TestType>; ++vectors)
            for (const index_t taps : {1, 2, 9, 30})
                for (index_t kernels = 1; kernels <= 25; ++kernels) check_tile<TestType>(s, taps, vectors, kernels, r);
}

TEMPLATE_TEST_CASE("channel_rows: all counts of rows and outputs, lines shared or not", "[simd]", float, double) {
    random_source r(2);
    for (const instruction_set s : instruction_sets()) {
        const index_t lanes = bytes_of(s) / index_t{sizeof(TestType)};
        for (index_t rows = 1; rows <= 9; ++rows)
            for (index_t count = lanes; count <= 8 * lanes + 1; count += r.between(1, lanes))
                for (index_t lines = 1; lines <= 5; ++lines) {
                    check_rows<TestType>(s, rows, count, lines, false, r);
                    if (lines > 1) check_rows<TestType>(s, rows, count, lines, true, r);
                }
    }
}

TEMPLATE_TEST_CASE("line_copy: ends, steps, and lines that are not there", "[simd]", float, double) {
    random_source r(3);
    for (const instruction_set s : instruction_sets())
        for (index_t count = 0; count <= 70; ++count)
            for (const index_t step : {1, 2, 3}) {
                const index_t before = r.between(0, 9), after = r.between(0, 9), shift = r.between(0, 5),
                              lanes = bytes_of(s) / index_t{sizeof(TestType)}, pitch = before + count + after + lanes;
                const guarded<TestType> first(std::max<index_t>(shift + (count - 1) * step + 1, 1), guard::after),
                    second(first.count(), guard::after), to(3 * pitch, guard::after);
                for (auto const* g : {&first, &second})
                    for (TestType& v : g->span()) v = r.small<TestType>();
                const detail::copied_line<TestType> lines[] = {{first.data(), 0}, {nullptr, 5}, {second.data(), 0}};
                detail::versions<detail::line_copy<TestType>>::of(s)(
                    {lines, 3, shift, step, before, count, after, 7, to.data(), pitch});
                for (index_t l = 0; l < 3; ++l)
                    for (index_t i = 0; i < before + count + after; ++i) {
                        const bool inside = i >= before && i < before + count;
                        auto const* from = lines[l].data;
                        INFO(name_of(s) << " count " << count << " step " << step << " line " << l << " at " << i);
                        REQUIRE(to.data()[l * pitch + i] == (!inside ? 7
                                                             : from  ? from[shift + (i - before) * step]
                                                                     : 5));
                    }
            }
}

TEST_CASE("panel_copy and join_halves: pieces of lines side by side, and two lines in one", "[simd]") {
    random_source r(4);
    for (const instruction_set s : instruction_sets()) {
        const index_t lanes = bytes_of(s) / 4, width = 3 * lanes, taps = 5;
        const auto data = r.many_small<float>(400);
        const std::int32_t offset[] = {0, 3, 50, 51, 120};
        const index_t cut = r.between(1, width - 1);
        const detail::tile_piece pieces[] = {{7, 0, cut, 0, 0}, {90, cut, width - cut, 1, 0}};
        const guarded<float> panel(taps * width + lanes, guard::after);
        detail::versions<detail::panel_copy<float>>::of(s)({data.data(), offset, taps, pieces, 2, panel.data(), width});
        for (index_t t = 0; t < taps; ++t)
            for (index_t i = 0; i < width; ++i)
                CHECK(panel.data()[t * width + i] ==
                      data[static_cast<std::size_t>(offset[t] + (i < cut ? 7 + i : 90 + i - cut))]);

        std::vector<std::int32_t> low(64), high(64);
        for (auto* v : {&low, &high})
            for (std::int32_t& e : *v) e = static_cast<std::int32_t>(r.between(-32768, 32767));
        for (std::int32_t const* other :
             {static_cast<std::int32_t const*>(high.data()), static_cast<std::int32_t const*>(nullptr)}) {
            auto joined = low;
            detail::versions<detail::join_halves>::of(s)({joined.data(), other, 64});
            for (std::size_t i = 0; i < 64; ++i) CHECK(joined[i] == detail::halves(low[i], other ? high[i] : 0));
        }
    }
}
