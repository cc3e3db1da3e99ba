// tests/support/seam.hpp -- a problem given to a method directly: channels, groups and instruction sets that no option
// names
#pragma once

#include <algorithm>
#include <vector>

#include <faltung/convolve/lowered.hpp>

#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"

namespace faltung::testing {

/// The instruction sets whose loops are compiled in and that this machine runs.
inline std::vector<instruction_set> instruction_sets() {
    std::vector<instruction_set> sets;
    for (instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512})
        if (detail::is_compiled_in(i) && i <= detail::best_instruction_set()) sets.push_back(i);
    return sets;
}

/// The boundary that a letter of the reference stands for.
inline boundary boundary_of(reference::line const& k) {
    switch (k.map) {
        case 'c':
            return boundary::constant(k.constant);
        case 'e':
            return boundary::replicate;
        case 'r':
            return boundary::reflect;
        case 's':
            return boundary::symmetric;
        case 'w':
            return boundary::circular;
        default:
            return boundary::zero;
    }
}

/// The canonical problem of the same axes: a correlation of one channel.
inline problem problem_of(std::vector<reference::line> const& axes) {
    problem p;
    for (reference::line const& k : axes)
        p.push_back({k.n, k.taps, k.stride, k.dilation, k.low, k.high, boundary_of(k)});
    return p;
}

/// An axis with some stride, dilation and padding, and at least one output.
inline reference::line some_axis(random_source& r, index_t most_n, index_t most_taps, char map) {
    const index_t n = r.between(1, most_n), taps = r.between(1, most_taps), dilation = r.one_of<index_t>({1, 1, 2, 5});
    const index_t span = (taps - 1) * dilation + 1;
    const index_t low = r.between(0, span), high = std::max<index_t>(r.between(0, span), span - n - low);
    return {n, taps, r.one_of<index_t>({1, 1, 1, 2, 3}), dilation, low, high, map, 3};
}

/// A row-major array as methods see it: channels first, then the axes.
template <class T>
strided<T> array_of(T* data, shape const& n) {
    return {data, n, row_major(n)};
}

inline shape with_axes(shape n, shape const& axes) {
    for (index_t extent : axes) n.push_back(extent);
    return n;
}

/// The sums of a problem by one method. x: input channels, then axes; h: output channels, input channels of a group,
/// then taps (slid as it is); the result: output channels, then axes; all row-major.
template <class T>
std::vector<typename T::Y> run_seam(problem p, method m, std::vector<typename T::X> const& x,
                                    std::vector<typename T::Weight> const& h, int threads = 1) {
    p.types = {element_of<typename T::X>(), element_of<typename T::H>(), element_of<typename T::Acc>(),
               element_of<typename T::Y>(), algebra::plus_times};
    p.limits.threads = threads;
    const bool one_channel = p.in == 1 && p.out == 1;
    const detail::packed_kernel<typename T::Weight> facts_of(
        array_of(h.data(), one_channel ? p.taps() : shape{static_cast<index_t>(h.size())}), [](auto w) { return w; });
    p.kernel = facts_of.facts;
    if (one_channel) facts_of.measure_terms(p, m);
    const detail::lowered<T> plan("seam", p, array_of(h.data(), with_axes({p.out, p.in / p.groups}, p.taps())), m,
                                  nullptr);
    std::vector<typename T::Y> y(static_cast<std::size_t>(p.output_count()));
    workspace scratch(plan.workspace(), 0, threads);
    plan.run(array_of(x.data(), with_axes({p.in}, p.inputs())), array_of(y.data(), with_axes({p.out}, p.outputs())),
             scratch);
    return y;
}

}  // namespace faltung::testing
