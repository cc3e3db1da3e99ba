// faltung/nufft/point_gradients.hpp -- derivatives of a point convolution: by the kernel, the strengths, the positions
#pragma once

#include "point_convolver.hpp"

namespace faltung {

/// Of a real function, its derivatives by the coordinates of each source and of each target, axis by axis.
struct position_gradients {
    std::vector<double> sources, targets;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// The modes of weighted strengths, or of numbers at the targets.
template <class T>
std::vector<std::complex<real_t<T>>> modes_of(point_convolver<T> const& plan, std::vector<T> const& c, point_side side,
                                              workspace& w) {
    using R = real_t<T>;
    if (static_cast<index_t>(c.size()) != plan.sums().count(side))
        fail<shape_error>("point gradients: ", c.size(), " numbers for ", plan.sums().count(side),
                          side == point_side::sources ? " sources" : " targets");
    std::vector<std::complex<R>> from(c.begin(), c.end()), modes(plan.kernel().at.size());
    for (std::size_t j = 0; side == point_side::sources && j < plan.weights().size(); ++j) from[j] *= plan.weights()[j];
    plan.sums().to_modes(side, reinterpret_cast<R const*>(from.data()), reinterpret_cast<R*>(modes.data()), w);
    return modes;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// Let L be a real function of u = plan(c), and g its gradient: dL = Re of the sum of conj(g) du, so that of complex
/// numbers g is the derivative by the real part plus i times that by the imaginary part. In the same sense, the
/// gradient of L with respect to the kernel's coefficients: conj(modes of c) times the modes of g. Errors: shape_error.
/// Cost: two transforms to modes.
template <class T>
std::vector<std::complex<double>> coefficient_gradient(point_convolver<T> const& plan, std::vector<T> const& c,
                                                       std::vector<T> const& g) {
    auto scratch = plan.sums_workspace();
    const auto of_c = detail::modes_of(plan, c, detail::point_side::sources, scratch);
    const auto of_g = detail::modes_of(plan, g, detail::point_side::targets, scratch);
    std::vector<std::complex<double>> gradient;
    gradient.reserve(of_c.size());
    for (std::size_t m = 0; m < of_c.size(); ++m)
        gradient.push_back(std::conj(std::complex<double>(of_c[m])) * std::complex<double>(of_g[m]));
    return gradient;
}

/// With respect to the strengths: the adjoint of the convolution. Cost: that of a convolution.
template <class T>
std::vector<T> strength_gradient(point_convolver<T> const& plan, std::vector<T> const& g) {
    std::vector<T> gradient(static_cast<std::size_t>(plan.sources()));
    auto scratch = plan.workspace();
    plan.adjoint(g, gradient, scratch);
    return gradient;
}

/// With respect to the positions, in the units of the kernel's box: every mode is multiplied by i k. Where the sources
/// are the targets, a point's derivative is the sum of both. Cost: two transforms to modes, and two to points for each
/// axis.
template <class T>
position_gradients position_gradient(point_convolver<T> const& plan, std::vector<T> const& c, std::vector<T> const& g) {
    using R = real_t<T>;
    using C = std::complex<R>;
    auto scratch = plan.sums_workspace();
    const auto of_c = detail::modes_of(plan, c, detail::point_side::sources, scratch);
    const auto of_g = detail::modes_of(plan, g, detail::point_side::targets, scratch);
    mode_coefficients const& k = plan.kernel();
    const auto rank = static_cast<std::size_t>(k.n.rank());
    position_gradients found;
    found.sources.resize(c.size() * rank);
    found.targets.resize(g.size() * rank);
    std::vector<C> modes(of_c.size()), at_targets(g.size()), at_sources(c.size());
    for (std::size_t a = 0; a < rank; ++a) {
        const auto derivative = [&](std::size_t m) {
            index_t place = static_cast<index_t>(m), inner = 1;
            for (int b = k.n.rank() - 1; b > static_cast<int>(a); --b) inner *= k.n[b];
            const index_t n = k.n[static_cast<int>(a)];
            const double wave = 6.28318530717958648 *
                                static_cast<double>(mode_at(place / inner % n, n, mode_order::natural)) / k.box[a];
            return C(std::complex<double>(0, wave) * k.at[m]);
        };
        for (std::size_t m = 0; m < modes.size(); ++m) modes[m] = derivative(m) * of_c[m];
        plan.sums().to_points(detail::point_side::targets, reinterpret_cast<R const*>(modes.data()),
                              reinterpret_cast<R*>(at_targets.data()), scratch);
        for (std::size_t m = 0; m < modes.size(); ++m) modes[m] = std::conj(derivative(m)) * of_g[m];
        plan.sums().to_points(detail::point_side::sources, reinterpret_cast<R const*>(modes.data()),
                              reinterpret_cast<R*>(at_sources.data()), scratch);
        for (std::size_t i = 0; i < g.size(); ++i)
            found.targets[i * rank + a] = static_cast<double>(std::real(std::conj(C(g[i])) * at_targets[i]));
        for (std::size_t j = 0; j < c.size(); ++j) {
            const R weight = plan.weights().empty() ? R{1} : plan.weights()[j];
            found.sources[j * rank + a] = -static_cast<double>(weight * std::real(std::conj(at_sources[j]) * C(c[j])));
        }
    }
    return found;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
