// tests/method/lost_share.hpp -- how much of what it may lose a transform loses
#pragma once

#include <cmath>

#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"
#include "support/tolerance.hpp"

namespace faltung::testing {

/// |y - sum|_2 relative to 3 u sqrt(log2 P) |x|_2 |h|_2.
inline double lost_share(method m, std::vector<reference::line> const& axes, problem p, index_t samples, index_t taps,
                         random_source& r, double tile) {
    const auto x = r.many<float>(samples), h = r.many<float>(taps);
    const auto y = run_seam<detail::types<float, float, float, float>>(p, m, x, h);
    const auto want = reference::correlate<long double>(axes, x, h);
    long double lost = 0, of_x = 0, of_h = 0;
    for (std::size_t i = 0; i < y.size(); ++i) lost += (y[i] - want[i]) * (y[i] - want[i]);
    for (const float v : x) of_x += static_cast<long double>(v) * static_cast<long double>(v);
    for (const float v : h) of_h += static_cast<long double>(v) * static_cast<long double>(v);
    return static_cast<double>(std::sqrt(lost / of_x / of_h) / (3 * unit_roundoff<float> * std::sqrt(std::log2(tile))));
}

}  // namespace faltung::testing
