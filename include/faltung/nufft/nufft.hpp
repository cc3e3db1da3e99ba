// faltung/nufft/nufft.hpp -- the plan of a non-uniform Fourier transform between points and modes
#pragma once

#include <memory>

#include "../view/overlap.hpp"
#include "../view/viewable.hpp"
#include "gridded_sums.hpp"
#include "nufft_call.hpp"

namespace faltung {
inline namespace FALTUNG_COMPILED {

/// With k the modes of the extents n, x[j] the points and s the sign, of points to modes and of modes to points
///
///     f[k] = the sum over j of c[j] e^(i s k . x[j]),        c[j] = the sum over k of f[k] e^(i s k . x[j])
///
///     nufft<double> transform(nufft_type::points_to_modes, {64, 64}, points, {.tolerance = 1e-9});
///     auto f = transform(c);
///
/// Shapes: n of 1 to 3 axes; points (M, axes), or (M) for one; c (any batch axes, M), f (the same batch axes, n), or
/// one f as a row of all modes; row-major without gaps. Units: points in radians, taken modulo 2 pi. Types: R = float
/// or double; c and f of std::complex<R>; points of any floating type. Immutable but for set_points; a call needs a
/// workspace of its own. Errors: shape_error; option_error for no points or modes, a tolerance that cannot be reached,
/// with the smallest one, and points that are not finite, with their number; overflow_error. Cost: about w^axes
/// operations for a point, w = width(), and a transform of a grid oversampling() times as fine along each axis. Bits:
/// the same for any number of threads. Source: Barnett, Magland and af Klinteberg, SIAM J. Sci. Comput. 41 (2019).
template <class R>
class nufft {
    static_assert(std::is_same_v<R, float> || std::is_same_v<R, double>, "nufft: float or double");
    using C = std::complex<R>;

    struct state {
        nufft_options options;
        detail::grid_layout<R> layout;
        detail::gridded_sums<R> sums;

        state(shape const& n, nufft_options const& o, double oversampling, instruction_set i)
            : options(o),
              layout(n, o.tolerance, oversampling, i),
              sums(layout, detail::spreading_kernel(layout.width, o.tolerance, layout.oversampling), o.order, i) {}
    };

    nufft_type type_;
    int sign_;
    shape n_;
    std::shared_ptr<state const> state_;
    std::shared_ptr<detail::sorted_points<R>> points_;  // of copies of a plan, as long as none sets others

public:
    template <viewable P>
    nufft(nufft_type type, shape const& n, P const& points, nufft_options const& o = {})
        : type_(type),
          sign_(o.sign != 0                           ? o.sign
                : type == nufft_type::points_to_modes ? -1
                                                      : 1),
          n_(n) {
        detail::require_modes(n);
        detail::require_options<R>(o);
        const auto x = detail::points_of(points, n.rank());
        const auto i = detail::best_instruction_set();
        const double oversampling = o.oversampling > 0 ? o.oversampling : detail::best_oversampling<R>(n, x.n[0], o, i);
        state_ = std::make_shared<state const>(n, o, oversampling, i);
        points_ = std::make_shared<detail::sorted_points<R>>(x, state_->layout);
    }

    /// Other points for the same modes; more of them need another workspace. Where it fails, the earlier ones stay.
    template <viewable P>
    void set_points(P const& points) {
        const auto x = detail::points_of(points, n_.rank());
        if (points_.use_count() == 1)
            points_->sort(x, state_->layout);
        else
            points_ = std::make_shared<detail::sorted_points<R>>(x, state_->layout);
    }

    shape modes() const { return n_; }
    index_t points() const { return points_->count(); }
    nufft_type type() const { return type_; }
    int sign() const { return sign_; }
    nufft_options const& options() const { return state_->options; }
    /// Nodes of the kernel along each axis, and nodes of the grid for each mode.
    int width() const { return state_->layout.width; }
    double oversampling() const { return state_->layout.oversampling; }

    faltung::workspace workspace() const {
        return {state_->sums.bytes_per_worker(), state_->sums.shared_bytes(points()), state_->options.threads};
    }

    /// Into y, without allocating. Errors, besides: overlap_error; shape_error for the workspace of another plan.
    template <viewable X, viewable Y>
    void execute(X const& x, Y&& y, faltung::workspace& scratch) const {
        run(tensor_view<C const, rank_of<X>>(as_view(x)).erased(), tensor_view<C, rank_of<Y>>(as_view(y)).erased(),
            type_, sign_, scratch);
    }
    /// The adjoint, exact but for rounding: the other type with the other sign.
    template <viewable Y, viewable X>
    void adjoint(Y const& y, X&& x, faltung::workspace& scratch) const {
        run(tensor_view<C const, rank_of<Y>>(as_view(y)).erased(), tensor_view<C, rank_of<X>>(as_view(x)).erased(),
            other_type(), -sign_, scratch);
    }

    /// y of one vector in new memory: (n) or (M), row-major.
    template <viewable X>
    std::vector<C> operator()(X const& x) const {
        return computed(tensor_view<C const, rank_of<X>>(as_view(x)).erased());
    }

    /// The relative L2 error that the transform of random numbers has at `sample` of its outputs, chosen at random,
    /// against sums in long double over all of its inputs. `points` are those that were set.
    template <viewable P>
    double measured_error(P const& points, index_t sample = 16) const {
        const auto x = detail::points_of(points, n_.rank());
        if (x.n[0] != points_->count())
            detail::fail<shape_error>("nufft: ", x.n[0], " points to measure with, ", points_->count(), " were set");
        if (sample < 1) detail::fail<option_error>("nufft: a sample of ", sample, ": at least 1 is needed");
        detail::splitmix random{1};
        std::vector<C> c(static_cast<std::size_t>(count(type_)));
        for (C& v : c) v = {static_cast<R>(random.symmetric()), static_cast<R>(random.symmetric())};
        const std::vector<C> y = computed({c.data(), shape_of(type_), row_major(shape_of(type_))});
        long double difference = 0, norm = 0;
        for (index_t s = 0; s < sample; ++s) {
            const index_t at = random.below(count(other_type()));
            const bool to_modes = type_ == nufft_type::points_to_modes;
            std::complex<long double> sum = 0;
            for (index_t i = 0; i < count(type_); ++i)
                sum += std::complex<long double>(c[static_cast<std::size_t>(i)]) *
                       detail::wave(x, to_modes ? i : at, n_, to_modes ? at : i, state_->options.order, sign_);
            difference += std::norm(sum - std::complex<long double>(y[static_cast<std::size_t>(at)]));
            norm += std::norm(sum);
        }
        return static_cast<double>(std::sqrt(difference / norm));
    }

private:
    nufft_type other_type() const {
        return type_ == nufft_type::points_to_modes ? nufft_type::modes_to_points : nufft_type::points_to_modes;
    }
    // of what a transform of this type takes
    shape shape_of(nufft_type t) const { return t == nufft_type::points_to_modes ? shape{points_->count()} : n_; }
    index_t count(nufft_type t) const { return checked::product(shape_of(t), "inputs of a transform"); }

    std::vector<C> computed(strided<C const> const& x) const {
        std::vector<C> y(static_cast<std::size_t>(count(other_type())));
        auto scratch = workspace();
        run(x, {y.data(), shape_of(other_type()), row_major(shape_of(other_type()))}, type_, sign_, scratch);
        return y;
    }

    void run(strided<C const> const& x, strided<C> const& y, nufft_type t, int sign,
             faltung::workspace& scratch) const {
        const bool to_modes = t == nufft_type::points_to_modes;
        const shape strengths{points_->count()};
        const index_t batch = detail::batch_of("nufft", x.n, to_modes ? strengths : n_, "an input");
        const index_t same = detail::batch_of("nufft", y.n, to_modes ? n_ : strengths, "an output");
        if (batch != same) detail::fail<shape_error>("nufft: ", batch, " inputs and ", same, " outputs");
        detail::require_dense("nufft: an input", x.n, x.stride);
        detail::require_dense("nufft: an output", y.n, y.stride);
        if (overlap(y, x)) detail::fail<overlap_error>("nufft: the output overlaps the input");
        if (!state_->sums.fits(scratch, points())) detail::fail<shape_error>("nufft: a workspace of another plan");
        R const* from = reinterpret_cast<R const*>(x.data);
        R* to = reinterpret_cast<R*>(y.data);
        const index_t modes = 2 * checked::product(n_, "modes"), strengths_of = 2 * points_->count();
        for (index_t b = 0; b < batch; ++b) {
            if (to_modes)
                state_->sums.to_modes(*points_, from, to, sign, scratch);
            else
                state_->sums.to_points(*points_, from, to, sign, scratch);
            from += to_modes ? strengths_of : modes;
            to += to_modes ? modes : strengths_of;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
