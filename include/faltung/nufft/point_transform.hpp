// faltung/nufft/point_transform.hpp -- Fourier sums from points to points, neither of which lie on a grid
#pragma once

#include <memory>

#include "../view/overlap.hpp"
#include "gridded_sums.hpp"
#include "nufft_call.hpp"

namespace faltung {

struct point_transform_options {
    double tolerance = 1e-6;  // as of nufft_options
    int sign = 1;             // of the exponent: -1 or 1
    int threads = 1;
};

namespace detail {

/// Of the points along an axis: the centre of their range, and half of its length.
struct point_range {
    double centre = 0, half = 0;
};
template <class P>
point_range range_of(strided<P const> const& x, int a, char const* what) {
    double low = 0, high = 0;
    for (index_t j = 0; j < x.n[0]; ++j) {
        const double v = static_cast<double>(x.data[j * x.stride[0] + a * x.stride[1]]);
        if (!std::isfinite(v))
            fail<option_error>("point_transform: coordinate ", a, " of ", what, " ", j, " is not finite");
        low = j == 0 || v < low ? v : low;
        high = j == 0 || v > high ? v : high;
    }
    return {low / 2 + high / 2, high / 2 - low / 2};
}

}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// With x[j] the sources, y[k] the targets and s the sign (type 3 of the literature)
///
///     u[k] = the sum over j of c[j] e^(i s x[j] . y[k])
///
/// Shapes: sources (M, axes), targets (N, axes), or (M) and (N), of 1 to 3 axes; c (M), u (N), or (batch, M) and
/// (batch, N). Units: none is periodic: a product x y is an angle in radians. Types: as nufft. Immutable; a call needs
/// a workspace of its own. Errors: as nufft; overflow_error for ranges whose product needs a grid beyond 64 bits. Cost:
/// a grid of about 4 X Y / pi nodes along each axis for half ranges X and Y, whatever M and N are, its transform to
/// points (type 2), and w^axes operations for each source. Source: Lee and Greengard, J. Comput. Phys. 206 (2005).
template <class R>
class point_transform {
    static_assert(std::is_same_v<R, float> || std::is_same_v<R, double>, "point_transform: float or double");
    using C = std::complex<R>;
    // Two steps, and targets at the very ends of their range, where a kernel is worst: each step does better than
    // asked.
    static double of_step(double tolerance) { return std::max(tolerance / 4, sizeof(R) == 4 ? 5e-7 : 3e-15); }
    static constexpr double oversampling = 2;  // nodes of the sources' grid for each one that their phases need

    // Along an axis: x lies at node (x - source.centre) / spacing of the sources' grid, the nodes are modes of a
    // transform to the targets, which lie at the angles spacing (y - target.centre).
    struct axis {
        detail::point_range source, target;
        double spacing = 1;
        index_t nodes = 0;
    };

    struct state {
        point_transform_options options;
        index_t sources, targets;
        axis axes[3];
        shape n;
        detail::spreading_kernel kernel;
        detail::band_spreader<R> spreader;
        detail::gridded_sums<R> sums;
        detail::sorted_points<R> of_sources, of_targets;
        std::vector<C> before, after;  // factors of each source, and of each target

        template <class X, class Y>
        state(strided<X const> const& x, strided<Y const> const& y, point_transform_options const& o, instruction_set i)
            : options(o),
              sources(x.n[0]),
              targets(y.n[0]),
              n(laid_out(x, y)),
              kernel(detail::width_for(of_step(o.tolerance), oversampling), of_step(o.tolerance), oversampling),
              spreader(detail::grid_layout<R>(n, kernel.width(), i), kernel, i),
              sums(made_sums(i)) {
            const int rank = n.rank();
            constexpr double pi = 3.14159265358979323846;
            std::vector<double> angles(static_cast<std::size_t>(std::max(sources, targets) * rank));
            const auto view = [&](index_t count) {
                return strided<double const>{angles.data(), {count, rank}, {rank, 1}};
            };
            before.reserve(static_cast<std::size_t>(sources));
            for (index_t j = 0; j < sources; ++j) {
                long double phase = 0;
                for (int a = 0; a < rank; ++a) {
                    const double from_centre = coordinate(x, j, a) - axes[a].source.centre;
                    // half a turn on: the nodes count from the lowest one
                    angles[static_cast<std::size_t>(j * rank + a)] =
                        2 * pi * (from_centre / axes[a].spacing / static_cast<double>(axes[a].nodes) + 0.5);
                    phase += static_cast<long double>(axes[a].target.centre) * static_cast<long double>(from_centre);
                }
                before.push_back(C(std::polar(1.0L, o.sign * phase)));
            }
            of_sources = detail::sorted_points<R>(view(sources), spreader.layout());
            after.reserve(static_cast<std::size_t>(targets));
            for (index_t k = 0; k < targets; ++k) {
                long double phase = 0, factor = 1;
                for (int a = 0; a < rank; ++a) {
                    const double v = coordinate(y, k, a), xi = axes[a].spacing * (v - axes[a].target.centre);
                    angles[static_cast<std::size_t>(k * rank + a)] = xi;
                    factor *= kernel.transform(static_cast<long double>(xi));
                    phase += static_cast<long double>(axes[a].source.centre) * static_cast<long double>(v);
                }
                after.push_back(C(std::polar(1 / factor, o.sign * phase)));
            }
            of_targets = detail::sorted_points<R>(view(targets), sums.layout());
        }

        template <class P>
        static double coordinate(strided<P const> const& x, index_t j, int a) {
            return static_cast<double>(x.data[j * x.stride[0] + a * x.stride[1]]);
        }

        template <class X, class Y>
        shape laid_out(strided<X const> const& x, strided<Y const> const& y) {
            shape nodes;
            for (int a = 0; a < static_cast<int>(x.n[1]); ++a) {
                axis& along = axes[a];
                along.source = detail::range_of(x, a, "source");
                along.target = detail::range_of(y, a, "target");
                double of_x = along.source.half, of_y = along.target.half;
                if (!(of_x > 0)) of_x = of_y > 0 ? 1 / of_y : 1;
                of_y = std::max(of_y, 1 / of_x);
                constexpr double pi = 3.14159265358979323846;
                along.spacing = pi / (oversampling * of_y);
                const double reach = std::ceil(of_x / along.spacing);
                if (!(reach < 0x1p36) || !(along.spacing > 0))
                    detail::fail<overflow_error>("point_transform: axis ", a, ": half ranges of ", of_x, " and ", of_y,
                                                 " need a grid of ", 2 * reach, " nodes: at most 2^37 are possible");
                along.nodes = 2 * (static_cast<index_t>(reach) + detail::most_nodes);
                nodes.push_back(along.nodes);
            }
            checked::multiply(checked::product(nodes, "nodes of a grid"), 16, "bytes of a grid");
            return nodes;
        }

        detail::gridded_sums<R> made_sums(instruction_set i) const {
            nufft_options o{.tolerance = of_step(options.tolerance)};
            const double wanted = detail::best_oversampling<R>(n, targets, o, i);
            const detail::grid_layout<R> g(n, o.tolerance, wanted, i);
            return {g, detail::spreading_kernel(g.width, o.tolerance, g.oversampling), o.order, i};
        }

        index_t modes() const { return checked::product(n, "nodes of a grid"); }
        // complex numbers that all workers share, behind what the transform needs
        index_t shared_numbers() const { return modes() + std::max(sources, targets); }
    };
    std::shared_ptr<state const> state_;

public:
    template <viewable X, viewable Y>
    point_transform(X const& sources, Y const& targets, point_transform_options const& o = {}) {
        if (o.sign != 1 && o.sign != -1)
            detail::fail<option_error>("point_transform: .sign = ", o.sign, ": -1 or 1 is needed");
        detail::require_options<R>({.tolerance = o.tolerance, .threads = o.threads});
        const int rank = rank_of<X> == 1 ? 1 : static_cast<int>(as_view(sources).shape()[rank_of<X> - 1]);
        if (rank < 1 || rank > 3)
            detail::fail<shape_error>("point_transform: points of ", rank, " axes: 1 to 3 are possible");
        state_ = std::make_shared<state const>(detail::points_of(sources, rank), detail::points_of(targets, rank), o,
                                               detail::best_instruction_set());
    }

    index_t sources() const { return state_->sources; }
    index_t targets() const { return state_->targets; }
    /// Extents of the grid between them.
    shape grid() const { return state_->n; }

    faltung::workspace workspace() const {
        const index_t bytes = state_->spreader.scratch(0) * static_cast<index_t>(sizeof(R)),
                      numbers = checked::multiply(state_->shared_numbers(), index_t{sizeof(C)}, "bytes of a grid");
        return {std::max(bytes, state_->sums.bytes_per_worker()),
                checked::add(state_->sums.shared_bytes(targets()), numbers, "bytes of a grid"),
                state_->options.threads};
    }

    /// u from c, and c from u by the adjoint, exact but for rounding: neither allocates. Errors, besides:
    /// overlap_error; shape_error for the workspace of another plan.
    template <viewable X, viewable Y>
    void execute(X const& c, Y&& u, faltung::workspace& scratch) const {
        run(tensor_view<C const, rank_of<X>>(as_view(c)).erased(), tensor_view<C, rank_of<Y>>(as_view(u)).erased(),
            scratch, way::forward);
    }
    template <viewable Y, viewable X>
    void adjoint(Y const& u, X&& c, faltung::workspace& scratch) const {
        run(tensor_view<C const, rank_of<Y>>(as_view(u)).erased(), tensor_view<C, rank_of<X>>(as_view(c)).erased(),
            scratch, way::adjoint);
    }

    /// u in new memory.
    template <viewable X>
    std::vector<C> operator()(X const& c) const {
        std::vector<C> u(static_cast<std::size_t>(targets()));
        auto scratch = workspace();
        execute(c, u, scratch);
        return u;
    }

    /// The relative L2 error of the sums of random strengths at `sample` targets, chosen at random, against sums in
    /// long double. The points are those of the plan.
    template <viewable X, viewable Y>
    double measured_error(X const& sources, Y const& targets, index_t sample = 16) const {
        const int rank = state_->n.rank();
        const auto x = detail::points_of(sources, rank);
        const auto y = detail::points_of(targets, rank);
        if (x.n[0] != state_->sources || y.n[0] != state_->targets)
            detail::fail<shape_error>("point_transform: ", x.n[0], " sources and ", y.n[0],
                                      " targets to measure with; ", state_->sources, " and ", state_->targets,
                                      " were set");
        if (sample < 1) detail::fail<option_error>("point_transform: a sample of ", sample, ": at least 1 is needed");
        detail::splitmix random{1};
        std::vector<C> c(static_cast<std::size_t>(state_->sources));
        for (C& v : c) v = {static_cast<R>(random.symmetric()), static_cast<R>(random.symmetric())};
        const std::vector<C> u = (*this)(c);
        long double difference = 0, norm = 0;
        for (index_t s = 0; s < sample; ++s) {
            const index_t k = random.below(state_->targets);
            std::complex<long double> sum = 0;
            for (index_t j = 0; j < state_->sources; ++j) {
                long double angle = 0;
                for (int a = 0; a < rank; ++a)
                    angle += static_cast<long double>(state::coordinate(x, j, a)) *
                             static_cast<long double>(state::coordinate(y, k, a));
                sum += std::complex<long double>(c[static_cast<std::size_t>(j)]) *
                       std::polar(1.0L, state_->options.sign * angle);
            }
            difference += std::norm(sum - std::complex<long double>(u[static_cast<std::size_t>(k)]));
            norm += std::norm(sum);
        }
        return static_cast<double>(std::sqrt(difference / norm));
    }

private:
    enum class way : unsigned char { forward, adjoint };

    void run(strided<C const> const& in, strided<C> const& out, faltung::workspace& w, way to) const {
        state const& s = *state_;
        const bool forward = to == way::forward;
        const index_t from_count = forward ? s.sources : s.targets, to_count = forward ? s.targets : s.sources;
        const index_t batch = detail::batch_of("point_transform", in.n, {from_count}, "an input"),
                      same = detail::batch_of("point_transform", out.n, {to_count}, "an output");
        if (batch != same) detail::fail<shape_error>("point_transform: ", batch, " inputs and ", same, " outputs");
        detail::require_dense("point_transform: an input", in.n, in.stride);
        detail::require_dense("point_transform: an output", out.n, out.stride);
        if (overlap(out, in)) detail::fail<overlap_error>("point_transform: the output overlaps the input");
        const index_t shared = s.sums.shared_bytes(s.targets) + s.shared_numbers() * static_cast<index_t>(sizeof(C));
        if (!s.sums.fits(w, s.targets) || w.shared_bytes() < shared ||
            w.bytes_per_worker() < s.spreader.scratch(0) * static_cast<index_t>(sizeof(R)))
            detail::fail<shape_error>("point_transform: a workspace of another plan");
        C* const numbers = reinterpret_cast<C*>(w.shared() + s.sums.shared_bytes(s.targets));
        for (index_t b = 0; b < batch; ++b)
            if (forward)
                to_targets(in.data + b * from_count, out.data + b * to_count, numbers, numbers + s.modes(), w);
            else
                to_sources(in.data + b * from_count, out.data + b * to_count, numbers, numbers + s.modes(), w);
    }

    // The nodes are modes that count from the middle. With sign -1 the targets lie on the other side: the transform to
    // them has the other sign.
    void to_targets(C const* c, C* u, C* grid, C* turned, faltung::workspace& w) const noexcept {
        state const& s = *state_;
        for (index_t j = 0; j < s.sources; ++j)
            turned[s.of_sources.staged(j)] = detail::finite_product(c[j], s.before[static_cast<std::size_t>(j)]);
        auto const& g = s.spreader.layout();
        R* const to = reinterpret_cast<R*>(grid);
        s.spreader.spread(s.of_sources, reinterpret_cast<R const*>(turned), R{1}, 0, w,
                          [&](R const* re, R const* im, index_t z, index_t count, R*) {
                              const index_t columns = g.rank == 1 ? count : g.nodes[2];
                              R* row = to + 2 * first_node(g, z);
                              for (index_t y = 0; y < g.nodes[1]; ++y, row += 2 * columns)
                                  for (index_t x = 0; x < columns; ++x) {
                                      row[2 * x] = re[y * g.row + x];
                                      row[2 * x + 1] = im[y * g.row + x];
                                  }
                          });
        s.sums.to_points(s.of_targets, to, reinterpret_cast<R*>(u), s.options.sign, w);
        for (index_t k = 0; k < s.targets; ++k)
            u[k] = detail::finite_product(u[k], s.after[static_cast<std::size_t>(k)]);
    }

    void to_sources(C const* u, C* c, C* grid, C* turned, faltung::workspace& w) const noexcept {
        state const& s = *state_;
        for (index_t k = 0; k < s.targets; ++k)
            turned[k] = detail::finite_product(u[k], std::conj(s.after[static_cast<std::size_t>(k)]));
        R* const of_grid = reinterpret_cast<R*>(grid);
        s.sums.to_modes(s.of_targets, reinterpret_cast<R const*>(turned), of_grid, -s.options.sign, w);
        auto const& g = s.spreader.layout();
        s.spreader.interpolate(s.of_sources, reinterpret_cast<R*>(turned), R{1}, 0, w,
                               [&](index_t z, index_t count, R* re, R* im, R*) {
                                   const index_t columns = g.rank == 1 ? count : g.nodes[2];
                                   if (g.rank > 1) {  // no kernel reaches beyond the ends
                                       std::fill_n(re, g.slice, R{});
                                       std::fill_n(im, g.slice, R{});
                                   }
                                   R const* row = of_grid + 2 * first_node(g, z);
                                   for (index_t y = 0; y < g.nodes[1]; ++y, row += 2 * columns)
                                       for (index_t x = 0; x < columns; ++x) {
                                           re[y * g.row + x] = row[2 * x];
                                           im[y * g.row + x] = row[2 * x + 1];
                                       }
                               });
        for (index_t j = 0; j < s.sources; ++j)
            c[j] = detail::finite_product(turned[s.of_sources.staged(j)],
                                          std::conj(s.before[static_cast<std::size_t>(j)]));
    }

    static index_t first_node(detail::grid_layout<R> const& g, index_t z) {
        return g.rank == 1 ? z : z * g.nodes[1] * g.nodes[2];
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
