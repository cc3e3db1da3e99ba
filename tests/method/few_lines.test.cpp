// tests/method/few_lines.test.cpp -- small planes between forbidden pages, against the defining sum
#include <faltung/method/few_lines.hpp>

#include <faltung/method/direct.hpp>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

// Every array and the scratch end or begin where nothing may be touched; rows of y are `step` samples apart.
template <class T>
static void check_plane(std::vector<reference::line> const& axes, index_t step, random_source& r) {
    using types = detail::types<T, T, T, T>;
    problem p = problem_of(axes);
    const element e = element_of<T>();
    p.types = {e, e, e, e, algebra::plus_times};
    REQUIRE(detail::few_lines::suits(p));
    CHECK(detail::direct::grains(p) == 1);
    const index_t samples = axes[0].n * axes[1].n, outputs = p.output_count();
    const auto values = r.many_small<T>(samples), h = r.many_small<T>(axes[0].taps * axes[1].taps);
    const auto want = reference::correlate<T>(axes, values, h);
    for (const instruction_set s : instruction_sets()) {
        p.limits.instruction_set = s;
        const auto ready = detail::direct::prepare<types>(p, array_of(h.data(), with_axes({1, 1}, p.taps())), nullptr);
        for (const guard where : {guard::before, guard::after}) {
            const guarded<std::byte> scratch(detail::direct::workspace<types>(p), where);
            const guarded<T> x(samples, where), y((outputs - 1) * step + 1, where);
            std::copy(values.begin(), values.end(), x.data());
            strided<T> to = array_of(y.data(), with_axes({1}, p.outputs()));
            for (int a = 0; a < to.n.rank(); ++a) to.stride[a] *= step;
            detail::direct::run<types>(p, ready, array_of<T const>(x.data(), with_axes({1}, p.inputs())), to,
                                       scratch.data(), {0, 1});
            INFO(name_of(s) << " " << axes[0].n << " x " << axes[1].n);
            index_t wrong = 0;
            for (std::size_t o = 0; o < want.size(); ++o) wrong += y.data()[static_cast<index_t>(o) * step] != want[o];
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("few_lines: every width, height and boundary, and nothing beyond the arrays", "[method]") {
    random_source r(1);
    for (const char map : {'z', 'c', 'e', 'r', 's', 'w'})
        for (index_t width = 16; width <= 70; width += 1 + width / 16) {
            const index_t height = r.between(4, 20), across = r.between(3, 5), along = r.between(1, 7),
                          above = r.between(0, 4), left = r.between(0, 6), stride = r.between(1, 2);
            const std::vector<reference::line> axes{
                {stride * height + across * stride, across, stride, stride, above, across - 1, map, 3},
                {width + along, along, 1, 1, left, along - 1, map, 5}};
            check_plane<float>(axes, 1, r);
            check_plane<double>(axes, r.between(1, 2), r);
            check_plane<std::int64_t>(axes, 1, r);
        }
}

TEST_CASE("few_lines: padding that is wider than the plane", "[method]") {
    random_source r(2);
    for (const char map : {'z', 'c', 'e', 'r', 's', 'w'})
        for (const index_t n : {1, 2, 3})
            check_plane<float>({{n, 3, 1, 1, 7, 6, map, 2}, {n, 4, 1, 1, 20, 17, map, -1}}, 1, r);
}

TEST_CASE("few_lines: not of planes that take more than a few kilobytes, nor of other numbers", "[method]") {
    const auto plane = [](index_t rows, index_t columns) {
        return problem_of({{rows, 3, 1, 1, 1, 1, 'z'}, {columns, 3, 1, 1, 1, 1, 'z'}});
    };
    CHECK(detail::few_lines::suits(plane(16, 16)));
    CHECK(detail::few_lines::suits(plane(60, 62)));
    CHECK_FALSE(detail::few_lines::suits(plane(63, 63)));
    CHECK_FALSE(detail::few_lines::suits(plane(16, 4096)));
    CHECK_FALSE(detail::few_lines::suits(plane(16, 15)));
    problem p = plane(16, 16);
    p.types.x = element::uint8;
    CHECK_FALSE(detail::few_lines::suits(p));
}
