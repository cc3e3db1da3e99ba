// tests/method/channel_tiles.test.cpp -- direct with many channels beside the defining sum: sizes about the edges of
// tiles, strides of memory, forbidden pages, types, threads
#include <faltung/method/channel_tiles.hpp>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

struct channels {
    index_t in, out, groups;
};

template <class X>
X sample(random_source& r) {
    if constexpr (sizeof(X) == 1)
        return r.any<X>();
    else
        return r.small<X>();
}

/// How an array lies in memory: row-major in the order of `axes` (0: channels), some of them backwards.
struct placed {
    shape n;
    strides step;
    index_t first = 0;

    placed(shape const& extents, std::vector<int> const& order, random_source& r) : n(extents), step(extents) {
        index_t each = 1;
        for (auto a = order.rbegin(); a != order.rend(); ++a) {
            const bool backwards = r.percent(20);
            step[*a] = backwards ? -each : each;
            first += backwards ? each * (n[*a] - 1) : 0;
            each *= n[*a];
        }
    }
};

template <class T>
void check(std::vector<reference::line> const& axes, channels const& c, bool channels_last, bool has_bias,
           random_source& r) {
    using X = typename T::X;
    using W = typename T::Weight;
    using Acc = typename T::Acc;
    using Y = typename T::Y;
    problem p = problem_of(axes);
    p.in = c.in;
    p.out = c.out;
    p.groups = c.groups;
    p.types = {element_of<X>(), element_of<typename T::H>(), element_of<Acc>(), element_of<Y>(), algebra::plus_times};
    const index_t samples = checked::product(p.inputs(), ""), taps = checked::product(p.taps(), ""),
                  each = c.in / c.groups, outputs = checked::product(p.outputs(), "");
    REQUIRE(detail::channel_tiles::takes(p) == (c.in > 1 || c.out > 1));

    std::vector<int> order;
    for (int a = 0; a <= p.rank; ++a) order.push_back(a);
    if (channels_last) std::rotate(order.begin(), order.begin() + 1, order.end());
    const placed in(with_axes({c.in}, p.inputs()), order, r), to(with_axes({c.out}, p.outputs()), order, r);
    const guard where = r.percent(50) ? guard::after : guard::before;
    const guarded<X> x(c.in * samples, where);
    const guarded<Y> y(c.out * outputs, where);
    for (X& v : x.span()) v = sample<X>(r);
    std::vector<W> h;
    for (index_t i = 0; i < c.out * each * taps; ++i) h.push_back(static_cast<W>(sample<typename T::H>(r)));
    const auto bias = r.many_small<Acc>(c.out);
    if (has_bias) p.store.bias = bias.data();
    const strided<X const> xs{x.data() + in.first, in.n, in.step};
    const strided<Y> ys{y.data() + to.first, to.n, to.step};

    std::vector<std::vector<X>> planes;
    for (index_t k = 0; k < c.in; ++k) {
        planes.emplace_back();
        for_each_index(p.inputs(), [&](index_list const& i) {
            index_t at = k * in.step[0];
            for (int a = 0; a < p.rank; ++a) at += i[a] * in.step[a + 1];
            planes.back().push_back(xs.data[at]);
        });
    }
    std::vector<Acc> want;
    for (index_t o = 0; o < c.out; ++o) {
        std::vector<Acc> sum(static_cast<std::size_t>(outputs), has_bias ? bias[static_cast<std::size_t>(o)] : Acc{});
        for (index_t k = 0; k < each; ++k) {
            const std::vector<W> w(h.begin() + (o * each + k) * taps, h.begin() + (o * each + k + 1) * taps);
            const auto part =
                reference::correlate<Acc>(axes, planes[static_cast<std::size_t>(o / (c.out / c.groups) * each + k)], w);
            for (std::size_t j = 0; j < part.size(); ++j) sum[j] += part[j];
        }
        want.insert(want.end(), sum.begin(), sum.end());
    }

    const bool has_quads = detail::best_byte_products() == byte_products::quads;
    for (const instruction_set s : instruction_sets())
        for (int threads = 1; threads <= (has_quads ? 3 : 2); ++threads) {  // the third time by four bytes at a time
            p.limits.instruction_set = s;
            p.limits.byte_products = threads == 3 ? byte_products::quads : byte_products::pairs;
            p.limits.threads = threads;
            const detail::lowered<T> plan("seam", p, array_of<W const>(h.data(), with_axes({c.out, each}, p.taps())),
                                          method::direct, nullptr);
            workspace scratch(plan.workspace(), 0, threads);
            std::fill(y.data(), y.data() + y.count(), Y(99));
            plan.run(xs, ys, scratch);
            index_t j = 0;
            INFO(name_of(s) << " channels " << c.in << " to " << c.out << " in " << c.groups << " groups, inputs "
                            << text(p.inputs()) << " taps " << text(p.taps()) << " boundary " << axes.back().map
                            << (channels_last ? " channels last" : "") << " threads " << threads);
            index_t wrong = 0;
            for (index_t o = 0; o < c.out; ++o)
                for_each_index(p.outputs(), [&](index_list const& i) {
                    index_t at = o * to.step[0];
                    for (int a = 0; a < p.rank; ++a) at += i[a] * to.step[a + 1];
                    wrong += ys.data[at] != static_cast<Y>(want[static_cast<std::size_t>(j++)]);
                });
            REQUIRE(wrong == 0);
        }
}

}  // namespace

TEMPLATE_TEST_CASE("channel_tiles: random layers", "[method]", (detail::types<float, float, float, float>),
                   (detail::types<double, double, double, double>),
                   (detail::types<std::uint8_t, std::int8_t, std::int32_t, std::int32_t>),
                   (detail::types<std::int8_t, std::int8_t, std::int32_t, std::int32_t>),
                   (detail::types<std::uint8_t, float, float, float>)) {
    random_source r(1);
    constexpr channels layers[] = {{2, 1, 1}, {1, 2, 1}, {3, 3, 3}, {4, 8, 4}, {3, 5, 1},  {5, 9, 1},
                                   {6, 4, 2}, {8, 6, 2}, {1, 8, 1}, {9, 2, 1}, {7, 25, 1}, {33, 17, 1}};
    for (int i = 0; i < 400; ++i) {
        const char map = r.one_of<char>({'z', 'z', 'c', 'e', 'r', 's', 'w'});
        std::vector<reference::line> axes;
        const index_t rank = r.between(1, 3);
        for (index_t a = 1; a < rank; ++a) axes.push_back(some_axis(r, 9, 4, map));
        axes.push_back(some_axis(r, r.percent(20) ? 130 : 40, 5, map));
        check<TestType>(axes, layers[r.between(0, 11)], r.percent(30), r.percent(50), r);
    }
}

TEST_CASE("channel_tiles: sizes about the edges of tiles, with and without padding", "[method]") {
    random_source r(2);
    using T = detail::types<float, float, float, float>;
    for (index_t width = 1; width <= 74; ++width)
        for (const index_t out : {3, 4, 5, 8, 13})
            for (const index_t padding : {0, 1}) {
                const std::vector<reference::line> axes{{4, 3, 1, 1, padding, padding, 'z', 0},
                                                        {width + 2 - 2 * padding, 3, 1, 1, padding, padding, 'z', 0}};
                if (axes[1].n > 0) check<T>(axes, {2, out, 1}, false, false, r);
            }
    for (const index_t in : {1, 2, 31, 32, 33, 70}) {  // blocks of input channels
        check<T>({{6, 3, 1, 1, 1, 1, 'z', 0}, {17, 3, 1, 1, 1, 1, 'z', 0}}, {in, 9, 1}, false, true, r);
        check<T>({{6, 7, 2, 1, 3, 3, 'z', 0}, {24, 7, 2, 1, 3, 3, 'z', 0}}, {in, 130, 1}, false, true, r);
    }
    check<T>({{3, 1, 1, 1, 0, 0, 'z', 0}, {1100, 5, 1, 1, 2, 2, 'r', 0}}, {3, 5, 1}, false, false, r);
    check<T>({{70, 3, 1, 1, 1, 1, 'z', 0}, {70, 3, 1, 1, 1, 1, 'z', 0}}, {4, 4, 4}, false, false, r);
}

TEMPLATE_TEST_CASE("channel_tiles: output channels in lanes", "[method]", (detail::types<float, float, float, float>),
                   (detail::types<double, double, double, double>),
                   (detail::types<std::uint8_t, std::int8_t, std::int32_t, std::int32_t>),
                   (detail::types<std::int8_t, std::int8_t, std::int32_t, std::int32_t>),
                   (detail::types<std::uint8_t, float, float, float>)) {
    random_source r(4);
    for (index_t width = 1; width <= 45; ++width) {
        const index_t padding = r.between(0, 1), out = r.one_of<index_t>({6, 11, 12, 16, 17, 32, 33, 40, 49}),
                      in = r.one_of<index_t>({1, 3, 4, 5, 30}), groups = r.one_of<index_t>({1, 1, 2});
        const reference::line across{5, 3, 1, 1, padding, padding, 'z', 0},
            along{width + 2 - 2 * padding, 3, 1, 1, padding, padding, r.one_of<char>({'z', 'c', 'r', 'w'}), 3};
        if (along.n <= 0) continue;
        check<TestType>({across, along}, {groups * in, groups * out, groups}, false, r.percent(50), r);
        check<TestType>({along}, {groups * in, groups * out, groups}, r.percent(50), r.percent(50), r);
    }
    for (const index_t in : {1, 20, 104, 105, 230})  // rows behind one another, in blocks of input channels
        for (const index_t width : {1, 7, 13, 30})
            check<TestType>({{6, 1, 1, 1, 0, 0, 'z', 0}, {width, 1, 1, 1, 0, 0, 'z', 0}}, {in, 24, 1}, r.percent(30),
                            r.percent(50), r);
    check<TestType>({{6, 3, 2, 1, 1, 1, 'z', 0}, {60, 3, 2, 2, 2, 2, 'z', 0}}, {40, 150, 1}, false, true, r);
}

TEMPLATE_TEST_CASE("channel_tiles: rows that lie one behind the other", "[method]",
                   (detail::types<float, float, float, float>), (detail::types<double, double, double, double>)) {
    random_source r(7);
    constexpr index_t tile = 48;
    for (index_t tiles = 0; tiles <= 3; ++tiles)
        for (index_t more = -1; more <= 1; ++more)
            for (const index_t rows : {1, 2, 3}) {
                const index_t width = (tiles * tile + more) / rows;
                if (width < 1) continue;
                const reference::line across{rows, 1, 1, 1, 0, 0, 'z', 0}, along{width, 1, 1, 1, 0, 0, 'z', 0};
                const index_t out = r.one_of<index_t>({3, 4, 8, 23, 24, 25, 64, 150}), groups = r.between(1, 2);
                check<TestType>({across, along}, {groups * r.one_of<index_t>({2, 5, 31}), groups * out, groups}, false,
                                r.percent(50), r);
            }
    // several bands and blocks; and where an axis stands before them
    check<TestType>({{40, 1, 1, 1, 0, 0, 'z', 0}, {48, 1, 1, 1, 0, 0, 'z', 0}}, {150, 40, 1}, false, true, r);
    check<TestType>({{2, 1, 1, 1, 0, 0, 'z', 0}, {6, 1, 1, 1, 0, 0, 'z', 0}, {32, 1, 1, 1, 0, 0, 'z', 0}}, {3, 40, 1},
                    r.percent(50), true, r);
}

TEST_CASE("channel_tiles: bytes at their ends", "[method]") {
    using T = detail::types<std::uint8_t, std::int8_t, std::int32_t, std::int32_t>;
    problem p = problem_of({{40, 3, 1, 1, 1, 1, 'z', 0}});
    p.in = 31;
    p.out = 5;
    const std::vector<std::uint8_t> x(31 * 40, 255);
    const std::vector<std::int32_t> h(5 * 31 * 3, -128);
    p.kernel.norm_1 = 1;
    for (const instruction_set s : instruction_sets()) {
        p.limits.instruction_set = s;
        const auto y = run_seam<T>(p, method::direct, x, h);
        CHECK(y[0] == -2 * 31 * 255 * 128);
        CHECK(y[1] == -3 * 31 * 255 * 128);
        CHECK(y.back() == -2 * 31 * 255 * 128);
    }
}

TEST_CASE("channel_tiles: bytes at their ends, four at a time", "[method]") {
    problem p = problem_of({{40, 3, 1, 1, 1, 1, 'z', 0}});
    p.in = 31;
    p.out = 16;
    p.kernel.norm_1 = 1;
    p.limits.instruction_set = instruction_sets().back();
    p.limits.byte_products = detail::best_byte_products();
    const std::vector<std::int32_t> h(16 * 31 * 3, -128);
    const auto y = run_seam<detail::types<std::uint8_t, std::int8_t, std::int32_t, std::int32_t>>(
        p, method::direct, std::vector<std::uint8_t>(31 * 40, 255), h);
    CHECK(y[0] == -2 * 31 * 255 * 128);
    CHECK(y[1] == -3 * 31 * 255 * 128);
    const auto z = run_seam<detail::types<std::int8_t, std::int8_t, std::int32_t, std::int32_t>>(
        p, method::direct, std::vector<std::int8_t>(31 * 40, -128), h);
    CHECK(z[0] == 2 * 31 * 128 * 128);
    CHECK(z[1] == 3 * 31 * 128 * 128);
}

TEST_CASE("channel_tiles: which layers take four bytes at a time", "[method]") {
    problem p = problem_of({{40, 3, 1, 1, 1, 1, 'z', 0}});
    p.in = 8;
    p.out = 16;
    p.types = {element::uint8, element::int8, element::int32, element::int32, algebra::plus_times};
    p.limits.byte_products = byte_products::quads;
    p.limits.instruction_set = instruction_set::avx512;
    const bool wide = detail::bytes_of_vector(instruction_set::avx512) == 64;
    CHECK(detail::takes_quads(p) == wide);
    p[0].edge = boundary::constant(255.0L);
    CHECK(detail::takes_quads(p) == wide);
    p[0].edge = boundary::constant(-1.0L);  // no byte of x
    CHECK_FALSE(detail::takes_quads(p));
    p.types.x = element::int8;
    CHECK(detail::takes_quads(p) == wide);
    p.types.h = element::uint8;
    CHECK_FALSE(detail::takes_quads(p));
    p.types.h = element::int8;
    p.out = 11;
    CHECK_FALSE(detail::takes_quads(p));
    p.out = 16;
    p.limits.byte_products = byte_products::pairs;
    CHECK_FALSE(detail::takes_quads(p));
}

TEST_CASE("channel_tiles: what is left to the row by row way", "[method]") {
    problem p = problem_of({{40, 3, 1, 1, 1, 1, 'z', 0}});
    p.types = {element::float32, element::float32, element::float32, element::float32, algebra::plus_times};
    CHECK_FALSE(detail::channel_tiles::takes(p));  // one channel
    p.in = 2;
    CHECK(detail::channel_tiles::takes(p));
    p.kernel.finite = false;
    CHECK_FALSE(detail::channel_tiles::takes(p));
    p.kernel.finite = true;
    p.types.accumulator = element::int64;
    CHECK_FALSE(detail::channel_tiles::takes(p));
    p.types = {element::uint8, element::int8, element::int32, element::int32, algebra::plus_times};
    CHECK(detail::channel_tiles::takes(p));
    p[0].edge = boundary::constant(40000.0L);  // no 16 bits
    CHECK_FALSE(detail::channel_tiles::takes(p));
    p.types.x = element::int16;
    p[0].edge = boundary::zero;
    CHECK_FALSE(detail::channel_tiles::takes(p));
    p.types.accumulator = element::float32;
    p[0].n = index_t{1} << 40;
    p[0].taps = index_t{1} << 30;  // more than is packed at a time
    CHECK_FALSE(detail::channel_tiles::takes(p));
}
