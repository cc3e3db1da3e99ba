// tests/convolve/kernel_gradient.test.cpp -- derivatives by the taps beside their defining sum: sizes about the edges
// of tiles on every instruction set, layouts of memory, forbidden pages, types, threads
#include <faltung/convolve/kernel_gradient.hpp>

#include "nn/layer_reference.hpp"
#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

// channels first, of an array (N, C, axes) that is row-major, or has its channels last
template <class E>
strided<E> channels_first(E* data, shape const& n, bool channels_last) {
    strides step(n);
    index_t each = channels_last ? n[1] : 1;
    for (int a = n.rank(); a-- > 2; each *= n[a]) step[a] = each;
    step[1] = channels_last ? 1 : each;
    step[0] = channels_last ? each : each * n[1];
    strided<E> to{data, n, step};
    std::swap(to.n[0], to.n[1]);
    std::swap(to.stride[0], to.stride[1]);
    return to;
}

// small integers; in row-major order of `n`
template <class E>
std::vector<E> filled(guarded<E> const& memory, shape const& n, bool channels_last, random_source& r) {
    std::vector<E> values;
    const auto v = channels_first(memory.data(), n, channels_last);
    for_each_index(n, [&](index_list const& i) {
        values.push_back(r.small<E>());
        index_list at = i;
        std::swap(at[0], at[1]);
        v.data[offset(at, v.stride)] = values.back();
    });
    return values;
}

template <class T>
void check(reference::layer const& l, bool channels_last, random_source& r) {
    using X = typename T::X;
    using H = typename T::H;
    using Acc = typename T::Acc;
    const index_t batch = static_cast<index_t>(l.batch), in = static_cast<index_t>(l.in),
                  out = static_cast<index_t>(l.out);
    std::vector<reference::line> with_batch{{batch, 1, 1, 1, 0, 0, 'z', 0}};
    with_batch.insert(with_batch.end(), l.axes.begin(), l.axes.end());
    problem p = problem_of(with_batch);
    p.in = in;
    p.out = out;
    p.groups = static_cast<index_t>(l.groups);
    p.types = {element_of<X>(), element_of<H>(), element_of<Acc>(), element_of<Acc>(), algebra::plus_times};
    REQUIRE(detail::kernel_gradient<T>::takes(p));
    shape x_shape{batch, in}, dy_shape{batch, out};
    for (int a = 1; a < p.rank; ++a) {
        x_shape.push_back(p[a].n);
        dy_shape.push_back(p[a].outputs());
    }
    const guard where = r.percent(50) ? guard::after : guard::before;
    const guarded<X> x(checked::product(x_shape, ""), where);
    const guarded<H> dy(checked::product(dy_shape, ""), where);
    const auto x_values = filled(x, x_shape, channels_last, r);
    const auto dy_values = filled(dy, dy_shape, channels_last, r);
    const auto want = reference::by_kernel<double>(l, x_values, dy_values);
    const guarded<Acc> dw(static_cast<index_t>(want.size()), where);
    for (const instruction_set s : instruction_sets())
        for (int threads = 1; threads <= 3; threads += 2) {
            p.limits.instruction_set = s;
            p.limits.threads = threads;
            const detail::kernel_gradient<T> plan(p);
            workspace scratch(plan.workspace(), plan.shared(), plan.workers());
            std::fill(dw.data(), dw.data() + dw.count(), Acc(99));
            plan.run(channels_first<X const>(x.data(), x_shape, channels_last),
                     channels_first<H const>(dy.data(), dy_shape, channels_last), dw.data(), scratch);
            INFO(name_of(s) << " x " << text(x_shape) << " dy " << text(dy_shape) << " taps " << text(p.taps())
                            << " groups " << l.groups << " boundary " << l.axes.back().map
                            << (channels_last ? " channels last" : "") << " threads " << threads);
            index_t wrong = 0;
            for (std::size_t i = 0; i < want.size(); ++i) wrong += static_cast<double>(dw.data()[i]) != want[i];
            REQUIRE(wrong == 0);
        }
}

using floats = detail::types<float, float, float, float>;

}  // namespace

TEMPLATE_TEST_CASE("kernel_gradient: random layers", "[convolve]", floats,
                   (detail::types<double, double, double, double>), (detail::types<std::uint8_t, float, float, float>),
                   (detail::types<float, std::int8_t, float, float>), (detail::types<float, float, double, double>)) {
    random_source r(1);
    struct channels {
        std::size_t in, out, groups;
    };
    constexpr channels layers[] = {{1, 1, 1}, {2, 1, 1}, {1, 2, 1}, {3, 3, 3}, {4, 8, 4}, {3, 5, 1},
                                   {5, 9, 1}, {6, 4, 2}, {8, 6, 2}, {1, 8, 1}, {9, 2, 1}, {7, 25, 1}};
    for (int i = 0; i < 200; ++i) {
        const char map = r.one_of<char>({'z', 'z', 'c', 'e', 'r', 's', 'w'});
        reference::layer l;
        const index_t rank = r.between(1, 3);
        for (index_t a = 1; a < rank; ++a) l.axes.push_back(some_axis(r, 8, 3, map));
        l.axes.push_back(some_axis(r, r.percent(20) ? 90 : 25, 5, map));
        l.batch = static_cast<std::size_t>(r.between(1, 3));
        auto const& c = layers[r.between(0, 11)];
        l.in = c.in;
        l.out = c.out;
        l.groups = c.groups;
        check<TestType>(l, r.percent(30), r);
    }
}

TEST_CASE("kernel_gradient: output channels about the edges of vectors and panels", "[convolve]") {
    random_source r(2);
    for (std::size_t out = 1; out <= 200; out += out < 70 || (out > 125 && out < 132) ? 1 : 9)
        check<floats>({{{3, 2, 1, 1, 0, 0, 'z', 0}, {5, 2, 1, 1, 1, 0, 'z', 0}}, 1, 2, out, 1}, out % 3 == 0, r);
}

TEST_CASE("kernel_gradient: taps about the edges of tiles, outputs about those of vectors", "[convolve]") {
    random_source r(3);
    for (index_t taps = 1; taps <= 20; ++taps)
        for (const std::size_t out : {1u, 2u, 3u})
            check<floats>({{{2, 1, 1, 1, 0, 0, 'z', 0}, {30, taps, 1, 1, 2, 2, 'z', 0}}, 1, 1, out, 1}, false, r);
    for (index_t width = 1; width <= 66; ++width)
        for (const std::size_t out : {1u, 4u})
            check<floats>({{{3, 3, 1, 1, 1, 1, 'z', 0}, {width, 3, 1, 1, 1, 1, 'z', 0}}, 1, 1, out, 1}, false, r);
}

TEST_CASE("kernel_gradient: several bands, pieces of rows, blocks of channels and images", "[convolve]") {
    random_source r(4);
    check<floats>({{{70, 3, 1, 1, 1, 1, 'z', 0}, {70, 3, 1, 1, 1, 1, 'z', 0}}, 1, 4, 4, 4}, false, r);
    check<floats>({{{70, 3, 1, 1, 1, 1, 'z', 0}, {40, 3, 1, 1, 1, 1, 'r', 0}}, 2, 2, 5, 1}, false, r);
    check<floats>({{{1100, 5, 1, 1, 2, 2, 'r', 0}}, 2, 3, 5, 1}, false, r);
    check<floats>({{{2300, 3, 1, 1, 1, 1, 'z', 0}}, 1, 2, 2, 2}, false, r);
    for (const std::size_t in : {31u, 32u, 33u, 70u})
        check<floats>({{{4, 3, 1, 1, 1, 1, 'z', 0}, {9, 3, 2, 1, 1, 1, 'z', 0}}, 1, in, 9, 1}, false, r);
    check<floats>({{{5, 3, 1, 1, 1, 1, 'z', 0}, {5, 3, 1, 1, 1, 1, 'z', 0}}, 17, 3, 4, 1}, false, r);
    check<floats>({{{12, 3, 1, 1, 1, 1, 'z', 0}}, 9, 40, 3, 1}, false, r);
}

TEST_CASE("kernel_gradient: what is too large for a band's lines is not taken", "[convolve]") {
    problem p = problem_of({{index_t{1} << 40, index_t{1} << 30, 1, 1, 0, 0, 'z', 0}});
    CHECK_FALSE(detail::kernel_gradient<floats>::takes(p));
    CHECK_FALSE(detail::kernel_gradient<detail::types<int, int, std::int64_t, std::int64_t>>::has);
    CHECK_FALSE(
        detail::kernel_gradient<
            detail::types<std::complex<float>, std::complex<float>, std::complex<float>, std::complex<float>>>::has);
}
