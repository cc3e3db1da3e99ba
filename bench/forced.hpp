// bench/forced.hpp -- plans of one problem by every method that can compute it
#pragma once

#include <vector>

#include <faltung/convolve.hpp>

namespace faltung_bench {

/// One plan for each method that supports the problem within its limits. A method that a choice does not look at, as
/// separable where a kernel has many terms, is among them.
template <class T, class Kernel>
std::vector<faltung::convolver<T>> forced_plans(faltung::shape const& x, Kernel const& h, faltung::convolve_options o) {
    std::vector<faltung::convolver<T>> plans;
    for (auto const* m : faltung::detail::methods_for<faltung::detail::types<T, T, T, T>>()) {
        o.method = m->name;
        try {
            plans.emplace_back(x, h, o);
        } catch (faltung::unsupported_error const&) {
            // one method less
        }
    }
    return plans;
}

}  // namespace faltung_bench
