// tests/method/direct.test.cpp -- the packed-line layout, chunks of lines, and every split of the grains
#include <faltung/method/direct.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"
#include "support/stored.hpp"

using namespace faltung;
using namespace faltung::testing;

// a line packed by hand: sample(at + first + i * window_stride) at every place of every segment
TEST_CASE("line_layout: for consecutive outputs every tap reads consecutive places", "[method]") {
    for (index_t stride = 1; stride <= 6; ++stride)
        for (index_t dilation = 1; dilation <= 6; ++dilation)
            for (index_t taps = 1; taps <= 9; ++taps)
                for (const index_t n : {1, 2, 7, 50, 3000}) {
                    const axis k{n, taps, stride, dilation, 20, 20, {}};
                    if (k.outputs() == 0) continue;
                    const detail::line_layout layout(k, 1024);
                    CHECK(layout.outputs == std::min<index_t>(k.outputs(), 1024));
                    CHECK(layout.length <= taps * layout.outputs);  // never more than one segment per tap
                    const index_t count = std::min<index_t>(layout.outputs, 9);
                    std::vector<index_t> line(static_cast<std::size_t>(layout.length), -1);
                    index_t place = 0;
                    for (index_t s = 0; s < layout.segment_count; ++s) {
                        auto const& part = layout.segments.data()[s];
                        for (index_t i = 0; i < count + part.longer; ++i)
                            line[static_cast<std::size_t>(place + i)] = part.first + i * stride;
                        place += layout.outputs + part.longer;
                    }
                    CHECK(place == layout.length);
                    for (index_t t = 0; t < taps; ++t) {
                        CHECK(layout.in_place.data()[t] == t * dilation);
                        for (index_t o = 0; o < count; ++o)
                            CHECK(line[static_cast<std::size_t>(layout.packed.data()[t] + o)] ==
                                  o * stride + t * dilation);
                    }
                }
}

// 45 lines of 1200 samples do not fit the packed lines at once, and the last ones of the window are constant
TEST_CASE("direct: constant lines behind the first chunk of lines", "[method]") {
    random_source r(1);
    using T = detail::types<float, float, float, float>;
    for (const char last : {'z', 'c', 'r'}) {
        const std::vector<reference::line> axes{{20, 45, 1, 1, 44, 44, 'c', 1}, {1200, 3, 1, 1, 1, 1, last, 2}};
        const auto x = r.many_small<float>(20 * 1200), h = r.many_small<float>(45 * 3);
        const auto want = reference::correlate<float>(axes, x, h);  // small integers: exact
        problem p = problem_of(axes);
        for (const instruction_set s : instruction_sets()) {
            p.limits.instruction_set = s;
            CHECK(run_seam<T>(p, method::direct, x, h) == want);
        }
    }
}

// rows by themselves, where a window has two lines; in bands, where it has three
static void check_splits(index_t lines, index_t wanted) {
    random_source r(2);
    using T = detail::types<float, float, float, float>;
    problem p = problem_of({{70, lines, 1, 1, 1, lines - 2, 'r'}, {2100, 5, 1, 1, 2, 2, 'w'}});
    const auto x = r.many<float>(70 * 2100), h = r.many<float>(5 * lines);
    const auto want = run_seam<T>(p, method::direct, x, h);
    p.types.accumulator = element::float32;
    const auto ready = detail::direct::prepare<T>(p, array_of(h.data(), {1, 1, lines, 5}), nullptr);
    const buffer<std::byte> scratch(detail::direct::workspace<T>(p));
    const index_t grains = detail::direct::grains(p);
    REQUIRE(grains == wanted);
    for (index_t each = 1; each <= grains; each += 1 + each / 4) {
        std::vector<float> y(want.size(), -1);
        for (index_t first = 0; first < grains; first += each)
            detail::direct::run<T>(p, ready, array_of(x.data(), {1, 70, 2100}), array_of(y.data(), {1, 70, 2100}),
                                   scratch.data(), {first, std::min(first + each, grains)});
        CHECK(y == want);
    }
}

TEST_CASE("direct: any split of the grains gives the same outputs", "[method]") {
    check_splits(2, 210);
    check_splits(3, 5);
}

// small integers: exact in every order
template <class X, class Acc>
static void check_bands(std::vector<reference::line> const& axes, random_source& r) {
    using T = detail::types<X, Acc, Acc, Acc>;
    index_t samples = 1, taps = 1;
    problem p = problem_of(axes);
    for (reference::line const& k : axes) {
        samples *= k.n;
        taps *= k.taps;
    }
    const auto x = r.many_small<X>(samples);
    const auto h = r.many_small<Acc>(taps);
    const auto want = reference::correlate<Acc>(axes, x, h);
    for (const instruction_set s : instruction_sets()) {
        p.limits.instruction_set = s;
        INFO(name_of(s) << " " << axes[axes.size() - 2].n << " x " << axes.back().n);
        CHECK(run_seam<T>(p, method::direct, x, h) == want);
    }
}

TEST_CASE("direct: bands of rows, with extents about their steps", "[method]") {
    random_source r(3);
    for (const index_t rows : {5, 7, 8, 9, 15, 16, 17, 18, 31, 32, 33, 34, 49})
        for (const index_t columns : {16, 17, 23, 24, 25, 47, 48, 49, 71, 72, 73, 95, 96, 97, 130, 193, 500}) {
            const char map = r.one_of({'z', 'c', 'e', 'r', 's', 'w'});
            const index_t across = r.between(3, 5), along = r.between(1, 9), low = r.between(0, across - 1),
                          left = r.between(0, along - 1);
            const std::vector<reference::line> plane{{rows, across, 1, 1, low, across - 1 - low, map, 1},
                                                     {columns, along, 1, 1, left, along - 1 - left, map, 1}};
            check_bands<float, float>(plane, r);  // small ones as the plan wrote them down, others in bands
            check_bands<float, float>({{2, 1, 1, 1, 0, 0, 'z', 0}, plane[0], plane[1]}, r);
            check_bands<double, double>({{rows, 3, 1, 1, 2, 2, map, 2}, {columns, 3, 1, 1, 2, 2, 'z'}}, r);
        }
}

TEST_CASE("direct: bands of rows with dilations, window strides and axes further out", "[method]") {
    random_source r(4);
    for (int i = 0; i < 60; ++i) {
        const auto line = [&](index_t least, index_t most, index_t stride) -> reference::line {
            return {r.between(least, most),
                    r.between(3, 4),
                    stride,
                    r.between(1, 3),
                    r.between(-1, 5),
                    r.between(-1, 5),
                    r.one_of({'z', 'c', 'e', 'r', 's', 'w'}),
                    2};
        };
        check_bands<float, float>({line(14, 40, 1), line(40, 90, r.between(1, 3))}, r);
        check_bands<double, double>({line(12, 14, r.between(1, 2)), line(12, 20, r.between(1, 2)), line(30, 60, 1)}, r);
        check_bands<std::int32_t, std::int64_t>({line(12, 40, 1), line(30, 60, 1)}, r);
    }
}

// windows with a stride have no bands: rows and planes find lines that those before them packed, from a boundary or not
TEST_CASE("direct: rows that share packed lines with those before them", "[method]") {
    random_source r(9);
    const auto axis = [&](index_t most_n, index_t most_taps) {
        return some_axis(r, most_n, most_taps, r.one_of({'z', 'c', 'e', 'r', 's', 'w'}));
    };
    for (int i = 0; i < 80; ++i) {
        check_bands<float, float>({axis(30, 5), axis(70, 9)}, r);
        check_bands<double, double>({axis(9, 3), axis(12, 4), axis(40, 6)}, r);
        check_bands<std::int32_t, std::int64_t>({axis(5, 3), axis(7, 2), axis(9, 3), axis(20, 4)}, r);
    }
}

// Taps beside the edge of what 16 bits hold: 255 * 257 = 65535 from zero; 255 * 128 = 32640 around zero, and one more.
TEST_CASE("direct: bytes in bands, summed in 16 bits or not, have the same results", "[method]") {
    random_source r(5);
    using whole = detail::types<std::uint8_t, std::int16_t, std::int32_t, std::uint8_t>;
    using binary = detail::types<std::uint8_t, float, float, std::uint8_t>;
    const std::vector<reference::line> axes{{21, 3, 1, 1, 1, 1, 'r'}, {70, 3, 1, 1, 1, 1, 'c', 255}};
    const std::vector<std::vector<std::int32_t>> kernels{
        {1, 2, 1, 2, 4, 2, 1, 2, 1},       {1, 0, 0, 0, 255, 0, 0, 1, 0},      {1, 0, 0, 0, 255, 0, 0, 1, 1},
        {64, 64, 0, -64, -64, 0, 0, 0, 0}, {64, 64, 1, -64, -64, -1, 0, 0, 0}, {64, 64, 0, -64, -64, -1, 0, 0, 0},
        {0, -1, 0, -1, 5, -1, 0, -1, 0}};
    for (auto const& h : kernels) {
        auto x = r.many<std::uint8_t>(21 * 70);
        std::fill(x.begin(), x.begin() + 400, std::uint8_t{255});
        const auto sums = reference::correlate<std::int64_t>(axes, x, h);
        std::vector<float> scaled(h.begin(), h.end());
        for (float& v : scaled) v /= 16;
        for (const overflow beyond : {overflow::saturate, overflow::wrap}) {
            problem p = problem_of(axes);
            p.store.overflow = beyond;
            const auto stored = [beyond](std::int64_t v) {
                return static_cast<std::uint8_t>(beyond == overflow::wrap ? v & 255
                                                                          : std::clamp<std::int64_t>(v, 0, 255));
            };
            std::vector<std::uint8_t> want, rounded;
            for (const std::int64_t v : sums) {
                want.push_back(stored(v));
                rounded.push_back(stored(std::llrint(static_cast<double>(v) / 16)));  // ties to even
            }
            for (const instruction_set s : instruction_sets()) {
                p.limits.instruction_set = s;
                INFO(name_of(s));
                CHECK(run_seam<whole>(p, method::direct, x, h) == want);
                CHECK(run_seam<binary>(p, method::direct, x, scaled) == rounded);
            }
        }
    }
}

TEST_CASE("direct: another kernel keeps the geometry of the first", "[method]") {
    using T = detail::types<float, float, float, float>;
    const problem p = problem_of({{50, 3, 1, 1, 1, 1, 'z'}});
    const std::vector<float> h{1, 2, 3}, g{4, 5, 6};
    const auto first = detail::direct::prepare<T>(p, array_of(h.data(), {1, 1, 3}), nullptr);
    const auto second = detail::direct::prepare<T>(p, array_of(g.data(), {1, 1, 3}), &first);
    CHECK(second.geometry == first.geometry);
    CHECK(second.kernel != first.kernel);
    const std::vector<float> x(50, 1);
    std::vector<float> y(50);
    const buffer<std::byte> scratch(detail::direct::workspace<T>(p));
    detail::direct::run<T>(p, second, array_of(x.data(), {1, 50}), array_of(y.data(), {1, 50}), scratch.data(),
                           {0, detail::direct::grains(p)});
    CHECK((y.front() == 11 && y[1] == 15 && y.back() == 9));
}

TEST_CASE("direct: more work costs more time, and a kernel with NaN much more", "[method]") {
    problem p = problem_of({{1000, 3, 1, 1, 1, 1, 'z'}});
    const double three = detail::direct::predict(p).seconds;
    p.kernel.finite = false;
    CHECK(detail::direct::predict(p).seconds > three);
    p.kernel.finite = true;
    p[0].taps = 300;
    p[0].low = 298;
    CHECK(detail::direct::predict(p).seconds > three);
    CHECK(three > 0);
}

TEST_CASE("direct: supports every forward problem", "[method]") {
    problem p = problem_of({{5, 3, 2, 2, 9, -1, 'w'}});
    CHECK_FALSE(detail::direct::supports(p));
    p.kernel.finite = false;
    CHECK_FALSE(detail::direct::supports(p));
}

// bytes, summed in 16 bits where rows are wide enough, else in 32: between forbidden pages
TEST_CASE("direct: bands of any width stay within their scratch", "[method]") {
    using T = detail::types<std::uint8_t, float, float, std::uint8_t>;
    random_source r(8);
    for (index_t width = 14; width <= 70; ++width) {
        const std::vector<reference::line> axes{{9, 3, 1, 1, 1, 1, 'e', 0}, {width, 3, 1, 1, 1, 1, 'e', 0}};
        const auto x = r.many<std::uint8_t>(9 * width);
        const std::vector<float> h{0.0625F, 0.125F, 0.0625F, 0.125F, 0.25F, 0.125F, 0.0625F, 0.125F, 0.0625F};
        const auto sums = reference::correlate<long double>(axes, x, h);
        problem p = problem_of(axes);
        p.types = {element::uint8, element::float32, element::float32, element::uint8, algebra::plus_times};
        const auto taps = array_of(h.data(), p.taps());
        p.kernel = detail::packed_kernel<float>(taps, [](auto w) { return w; }).facts;
        for (const instruction_set s : instruction_sets()) {
            p.limits.instruction_set = s;
            const auto ready = detail::direct::prepare<T>(p, array_of(h.data(), with_axes({1, 1}, p.taps())), nullptr);
            for (const guard where : {guard::before, guard::after}) {
                const guarded<std::byte> scratch(detail::direct::workspace<T>(p), where);
                std::vector<std::uint8_t> y(sums.size());
                detail::direct::run<T>(p, ready, array_of(x.data(), with_axes({1}, p.inputs())),
                                       array_of(y.data(), with_axes({1}, p.outputs())), scratch.data(),
                                       {0, detail::direct::grains(p)});
                INFO(name_of(s) << " width " << width);
                index_t wrong = 0;
                for (std::size_t o = 0; o < y.size(); ++o)
                    wrong += y[o] != stored<std::uint8_t>(sums[o], overflow::wrap, rounding::nearest_even);
                CHECK(wrong == 0);
            }
        }
    }
}
