// faltung/nufft/point_convolver.hpp -- the convolution of scattered points with a kernel, at scattered points
#pragma once

#include <memory>

#include "../view/overlap.hpp"
#include "mode_coefficients.hpp"
#include "point_sums.hpp"

namespace faltung {

struct point_convolver_options {
    double tolerance = 1e-6;  // as of nufft_options; direct sums have an error of rounding alone
    point_method method = point_method::automatic;
    int threads = 1;
};

namespace detail {

inline void require_coefficients(char const* name, mode_coefficients const& k) {
    require_modes(k.n);
    checked_box(name, k.box, k.n.rank());
    const index_t count = checked::product(k.n, "modes");
    if (static_cast<index_t>(k.at.size()) != count)
        fail<shape_error>(name, ": ", k.at.size(), " coefficients for ", k.n, " modes, which are ", count);
    for (std::size_t m = 0; m < k.at.size(); ++m)
        if (!std::isfinite(k.at[m].real()) || !std::isfinite(k.at[m].imag()))
            fail<option_error>(name, ": coefficient ", m, " is not finite");
}

/// Coordinates modulo the box, in radians, axis by axis. Errors: option_error for one that is not finite.
template <class P>
std::vector<double> box_angles(char const* name, strided<P const> const& x, std::vector<double> const& box) {
    constexpr long double turn = 6.28318530717958647692528676655900577L;
    std::vector<double> found;
    found.reserve(static_cast<std::size_t>(checked::product(x.n, "coordinates")));
    for (index_t j = 0; j < x.n[0]; ++j)
        for (std::size_t a = 0; a < box.size(); ++a) {
            const long double v = x.data[j * x.stride[0] + static_cast<index_t>(a) * x.stride[1]], length = box[a];
            if (!std::isfinite(v)) fail<option_error>(name, ": coordinate ", a, " of point ", j, " is not finite");
            found.push_back(static_cast<double>(std::remainder(v, length) / length * turn));
        }
    return found;
}

}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// u[k] = the sum over j of K(y[k] - x[j]) w[j] c[j], with sources x, targets y and a periodic kernel K, given by its
/// Fourier coefficients; w are weights, 1 unless they are set.
///
///     point_convolver<double> smooth(points, gaussian_coefficients({64, 64}, {1, 1}, 0.05));   auto u = smooth(c);
///
/// Not periodic: a box as long as the points' range and the reach of K together, and no image of K meets another point.
/// Shapes: x (M, axes), y (N, axes), or (M), (N); the targets are the sources where none are given. c (M), u (N), or
/// (batch, M) and (batch, N). Units: points in those of the kernel's box, taken modulo the box. Types: T = float,
/// double (then u is the real part) or complex numbers of both. Immutable but for set_weights; a call needs a workspace
/// of its own. Errors: shape_error; option_error; overflow_error. Cost: one way to the grid and one back, the product
/// with K in between without leaving the cache; below a number of points that is found by measured costs, a
/// multiply-add for each point and mode: see explain(). Bits: the same for any number of threads.
template <class T>
class point_convolver {
    using R = real_t<T>;
    using C = std::complex<R>;
    static_assert(std::is_same_v<R, float> || std::is_same_v<R, double>, "point_convolver: float, double or complex");

    std::shared_ptr<detail::point_sums<R> const> sums_;
    std::shared_ptr<mode_coefficients const> kernel_;
    std::shared_ptr<std::vector<C> const> multiplier_;  // the kernel's coefficients as C
    std::vector<R> weights_;
    point_convolver_options options_;

public:
    template <viewable X>
    point_convolver(X const& points, mode_coefficients const& kernel, point_convolver_options const& o = {})
        : options_(o) {
        const std::vector<double> x = angles(points, checked(kernel, o));
        make(kernel, view(x, kernel), {});
    }
    template <viewable X, viewable Y>
    point_convolver(X const& sources, Y const& targets, mode_coefficients const& kernel,
                    point_convolver_options const& o = {})
        : options_(o) {
        const std::vector<double> x = angles(sources, checked(kernel, o)), y = angles(targets, kernel);
        make(kernel, view(x, kernel), view(y, kernel));
    }

    index_t sources() const { return sums_->count(detail::point_side::sources); }
    index_t targets() const { return sums_->count(detail::point_side::targets); }
    mode_coefficients const& kernel() const { return *kernel_; }
    point_method method() const { return sums_->method(); }

    /// The same points with other coefficients. Errors: shape_error unless their modes and their box are the same.
    point_convolver with_kernel(mode_coefficients const& kernel) const {
        point_convolver other = *this;
        if (!(kernel.n == kernel_->n) || kernel.box != kernel_->box)
            detail::fail<shape_error>("point_convolver: a kernel of ", kernel.n, " modes in the place of one of ",
                                      kernel_->n, ", or of another box");
        checked(kernel, options_);
        other.take_kernel(kernel);
        return other;
    }

    /// A factor for each source. Errors: shape_error for another number of them, option_error where one is not finite.
    void set_weights(std::vector<R> weights) {
        if (static_cast<index_t>(weights.size()) != sources())
            detail::fail<shape_error>("point_convolver: ", weights.size(), " weights for ", sources(), " sources");
        for (std::size_t j = 0; j < weights.size(); ++j)
            if (!std::isfinite(weights[j])) detail::fail<option_error>("point_convolver: weight ", j, " is not finite");
        weights_ = std::move(weights);
    }
    std::vector<R> const& weights() const { return weights_; }

    faltung::workspace workspace() const {
        return {sums_->bytes_per_worker(), checked::add(sums_->shared_bytes(), room(), "bytes of a call"),
                options_.threads};
    }

    /// u from c, and the adjoint, c = w times the sum over k of conj(K(y[k] - x[j])) u[k]: neither allocates. Errors,
    /// besides: overlap_error; shape_error for the workspace of another plan.
    template <viewable X, viewable Y>
    void execute(X const& c, Y&& u, faltung::workspace& scratch) const {
        run(tensor_view<T const, rank_of<X>>(as_view(c)).erased(), tensor_view<T, rank_of<Y>>(as_view(u)).erased(),
            scratch, way::forward);
    }
    template <viewable Y, viewable X>
    void adjoint(Y const& u, X&& c, faltung::workspace& scratch) const {
        run(tensor_view<T const, rank_of<Y>>(as_view(u)).erased(), tensor_view<T, rank_of<X>>(as_view(c)).erased(),
            scratch, way::adjoint);
    }

    /// u in new memory.
    template <viewable X>
    std::vector<T> operator()(X const& c) const {
        std::vector<T> u(static_cast<std::size_t>(targets()));
        auto scratch = workspace();
        execute(c, u, scratch);
        return u;
    }

    /// What each method is expected to take, and which one was taken.
    std::string explain() const {
        const detail::point_costs costs = sums_->costs();
        std::string s = text("point_convolver: ", sources(), " sources, ", targets(), " targets, modes ", kernel_->n,
                             "\n  direct: ", costs.direct / 1e6,
                             " ms, every point times every mode\n  grid: ", costs.grid / 1e6, " ms");
        if (method() == point_method::grid)
            s += text(", kernels of ", sums_->width(), " nodes on ", sums_->oversampling(), " nodes for each mode");
        s += text("\n  taken: ", name_of(method()),
                  options_.method == point_method::automatic ? ", expected to be faster" : ", as asked for", '\n');
        return s;
    }

    /// The sums behind it, for gradients.
    detail::point_sums<R> const& sums() const { return *sums_; }

private:
    enum class way : unsigned char { forward, adjoint };

    static mode_coefficients const& checked(mode_coefficients const& k, point_convolver_options const& o) {
        detail::require_options<R>({.tolerance = o.tolerance, .threads = o.threads});
        detail::require_coefficients("point_convolver", k);
        return k;
    }

    template <class X>
    static std::vector<double> angles(X const& points, mode_coefficients const& k) {
        return detail::box_angles("point_convolver", detail::points_of(points, k.n.rank()), k.box);
    }
    static strided<double const> view(std::vector<double> const& x, mode_coefficients const& k) {
        const index_t rank = k.n.rank();
        return {x.data(), {static_cast<index_t>(x.size()) / rank, rank}, {rank, 1}};
    }

    void make(mode_coefficients const& kernel, strided<double const> const& x, strided<double const> const& y) {
        const nufft_options o{.tolerance = options_.tolerance, .threads = options_.threads};
        sums_ = std::make_shared<detail::point_sums<R> const>(kernel.n, x, y, o, options_.method,
                                                              detail::best_instruction_set());
        take_kernel(kernel);
    }
    void take_kernel(mode_coefficients const& kernel) {
        kernel_ = std::make_shared<mode_coefficients const>(kernel);
        if constexpr (std::is_same_v<R, double>)
            multiplier_ = std::shared_ptr<std::vector<C> const>(kernel_, &kernel_->at);
        else
            multiplier_ = std::make_shared<std::vector<C> const>(kernel.at.begin(), kernel.at.end());
    }

    // bytes of the complex numbers of all points, in and out
    index_t room() const {
        return checked::multiply(2 * std::max(sources(), targets()), index_t{sizeof(C)}, "bytes of a call");
    }

    void run(strided<T const> const& in, strided<T> const& out, faltung::workspace& w, way to) const {
        const bool forward = to == way::forward;
        const index_t from = forward ? sources() : targets(), count = forward ? targets() : sources();
        const index_t batch = detail::batch_of("point_convolver", in.n, {from}, "an input"),
                      same = detail::batch_of("point_convolver", out.n, {count}, "an output");
        if (batch != same) detail::fail<shape_error>("point_convolver: ", batch, " inputs and ", same, " outputs");
        detail::require_dense("point_convolver: an input", in.n, in.stride);
        detail::require_dense("point_convolver: an output", out.n, out.stride);
        if (overlap(out, in)) detail::fail<overlap_error>("point_convolver: the output overlaps the input");
        if (w.bytes_per_worker() < sums_->bytes_per_worker() || w.shared_bytes() < sums_->shared_bytes() + room())
            detail::fail<shape_error>("point_convolver: a workspace of another plan");
        C* const c = reinterpret_cast<C*>(w.shared() + sums_->shared_bytes());
        C* const u = c + std::max(sources(), targets());
        const auto sources_side = detail::point_side::sources, targets_side = detail::point_side::targets;
        for (index_t b = 0; b < batch; ++b) {
            for (index_t j = 0; j < from; ++j) c[j] = C(in.data[b * from + j]) * (forward ? weight(j) : R{1});
            sums_->convolve(forward ? sources_side : targets_side, reinterpret_cast<R const*>(c),
                            reinterpret_cast<R const*>(multiplier_->data()), forward ? R{1} : R{-1},
                            forward ? targets_side : sources_side, reinterpret_cast<R*>(u), w);
            for (index_t k = 0; k < count; ++k) {
                const C v = u[k] * (forward ? R{1} : weight(k));
                if constexpr (is_complex<T>)
                    out.data[b * count + k] = v;
                else
                    out.data[b * count + k] = v.real();
            }
        }
    }
    R weight(index_t j) const { return weights_.empty() ? R{1} : weights_[static_cast<std::size_t>(j)]; }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
