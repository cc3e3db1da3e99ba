// faltung/nufft/point_convolver.hpp -- the convolution of scattered points with a kernel, at scattered points
#pragma once

#include <memory>
#include <mutex>

#include "../view/overlap.hpp"
#include "mode_coefficients.hpp"
#include "point_pairs.hpp"
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
    double sum = 0;
    versions<products_with_zero>::of(best_instruction_set())(
        {reinterpret_cast<double const*>(k.at.data()), 2 * count, &sum});
    if (sum == 0) return;
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
            const P v = x.data[j * x.stride[0] + static_cast<index_t>(a) * x.stride[1]];
            const double part = static_cast<double>(v) / box[a];
            if (sizeof(P) <= 8 && part < 1 && part > -1) {  // as exact as v is
                found.push_back(part * static_cast<double>(turn));
                continue;
            }
            if (!std::isfinite(v)) fail<option_error>(name, ": coordinate ", a, " of point ", j, " is not finite");
            const long double length = box[a];
            found.push_back(static_cast<double>(std::remainder(static_cast<long double>(v), length) / length * turn));
        }
    return found;
}

/// Sums that are made when they are first asked for.
template <class R>
class deferred_sums {
    shape n_;
    std::vector<double> x_, y_;  // angles; the targets are the sources where y is empty
    nufft_options options_;
    point_method method_;
    mutable std::once_flag once_;
    mutable std::optional<point_sums<R>> sums_;

    strided<double const> view(std::vector<double> const& x) const {
        const index_t rank = n_.rank();
        return {x.empty() ? nullptr : x.data(), {static_cast<index_t>(x.size()) / rank, rank}, {rank, 1}};
    }

public:
    deferred_sums(shape const& n, std::vector<double> x, std::vector<double> y, nufft_options const& o, point_method m)
        : n_(n), x_(std::move(x)), y_(std::move(y)), options_(o), method_(m) {}

    point_sums<R> const& get() const {
        std::call_once(once_,
                       [this] { sums_.emplace(n_, view(x_), view(y_), options_, method_, best_instruction_set()); });
        return *sums_;
    }
    strided<double const> sources() const { return view(x_); }
    strided<double const> targets() const { return view(y_.empty() ? x_ : y_); }
    nufft_options const& options() const { return options_; }
};

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
/// with K in between without leaving the cache; below numbers of points that are found by measured costs, multiply-adds
/// for each point and mode, or one product with a matrix of all pairs: see explain(). Bits: the same for any number of
/// threads.
template <class T>
class point_convolver {
    using R = real_t<T>;
    using C = std::complex<R>;
    static_assert(std::is_same_v<R, float> || std::is_same_v<R, double>, "point_convolver: float, double or complex");

    std::shared_ptr<detail::deferred_sums<R> const> sums_;
    std::shared_ptr<detail::point_pairs<R> const> pairs_;  // none where it is not the method
    std::shared_ptr<mode_coefficients const> kernel_;
    std::shared_ptr<std::vector<C> const> multiplier_;  // the kernel's coefficients as C
    std::vector<R> weights_;
    point_convolver_options options_;

public:
    template <viewable X>
    point_convolver(X const& points, mode_coefficients kernel, point_convolver_options const& o = {}) : options_(o) {
        std::vector<double> x = angles(points, checked(kernel, o));
        make(std::move(kernel), std::move(x), {});
    }
    template <viewable X, viewable Y>
    point_convolver(X const& sources, Y const& targets, mode_coefficients kernel, point_convolver_options const& o = {})
        : options_(o) {
        std::vector<double> x = angles(sources, checked(kernel, o)), y = angles(targets, kernel);
        make(std::move(kernel), std::move(x), std::move(y));
    }

    index_t sources() const { return sums_->sources().n[0]; }
    index_t targets() const { return sums_->targets().n[0]; }
    mode_coefficients const& kernel() const { return *kernel_; }
    point_method method() const { return pairs_ ? point_method::pairs : sums().method(); }

    /// The same points with other coefficients. Errors: shape_error unless their modes and their box are the same.
    point_convolver with_kernel(mode_coefficients kernel) const {
        point_convolver other = *this;
        if (!(kernel.n == kernel_->n) || kernel.box != kernel_->box)
            detail::fail<shape_error>("point_convolver: a kernel of ", kernel.n, " modes in the place of one of ",
                                      kernel_->n, ", or of another box");
        checked(kernel, options_);
        other.take_kernel(std::move(kernel));
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
        return {pairs_ ? 0 : sums().bytes_per_worker(),
                checked::add(pairs_ ? 0 : sums().shared_bytes(), room(), "bytes of a call"), options_.threads};
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
        const detail::point_costs expected = costs();
        std::string s = text("point_convolver: ", sources(), " sources, ", targets(), " targets, modes ", kernel_->n,
                             "\n  direct: ", expected.direct / 1e6,
                             " ms, every point times every mode\n  grid: ", expected.grid / 1e6, " ms");
        if (method() == point_method::grid)
            s += text(", kernels of ", sums().width(), " nodes on ", sums().oversampling(), " nodes for each mode");
        s += text("\n  pairs: ", detail::point_pairs<R>::expected(kernel_->n, sources(), targets()) / 1e6,
                  " ms with the plan, if the kernel is a product of one for each axis\n  taken: ", name_of(method()),
                  options_.method == point_method::automatic ? ", expected to be faster" : ", as asked for", '\n');
        return s;
    }

    /// The sums behind it, and a workspace for them: for gradients.
    detail::point_sums<R> const& sums() const { return sums_->get(); }
    faltung::workspace sums_workspace() const {
        return {sums().bytes_per_worker(), sums().shared_bytes(), options_.threads};
    }

private:
    enum class way : unsigned char { forward, adjoint };

    static constexpr index_t most_pairs = index_t{1} << 20;

    static mode_coefficients const& checked(mode_coefficients const& k, point_convolver_options const& o) {
        detail::require_options<R>({.tolerance = o.tolerance, .threads = o.threads});
        detail::require_coefficients("point_convolver", k);
        return k;
    }

    template <class X>
    static std::vector<double> angles(X const& points, mode_coefficients const& k) {
        return detail::box_angles("point_convolver", detail::points_of(points, k.n.rank()), k.box);
    }
    void make(mode_coefficients kernel, std::vector<double> x, std::vector<double> y) {
        const nufft_options o{.tolerance = options_.tolerance, .threads = options_.threads};
        const point_method of_sums = options_.method == point_method::pairs ? point_method::automatic : options_.method;
        sums_ = std::make_shared<detail::deferred_sums<R> const>(kernel.n, std::move(x), std::move(y), o, of_sums);
        take_kernel(std::move(kernel));
        if (!pairs_) sums_->get();
    }
    void take_kernel(mode_coefficients kernel) {
        kernel_ = std::make_shared<mode_coefficients const>(std::move(kernel));
        multiplier_ = nullptr;
        pairs_ = made_pairs();
        if (pairs_) return;
        if constexpr (std::is_same_v<R, double>)
            multiplier_ = std::shared_ptr<std::vector<C> const>(kernel_, &kernel_->at);
        else
            multiplier_ = std::make_shared<std::vector<C> const>(kernel_->at.begin(), kernel_->at.end());
    }
    std::shared_ptr<detail::point_pairs<R> const> made_pairs() const {
        const auto i = detail::best_instruction_set();
        const bool asked = options_.method == point_method::pairs;
        const bool may_pay = options_.method == point_method::automatic && targets() <= most_pairs / sources() &&
                             costs().least() > detail::point_pairs<R>::expected(kernel_->n, sources(), targets());
        if (!asked && !may_pay) return nullptr;
        const auto factors = detail::factors_of(*kernel_, i);
        if (factors)
            return std::make_shared<detail::point_pairs<R> const>(*factors, kernel_->n, sums_->sources(),
                                                                  sums_->targets(), i);
        if (asked)
            detail::fail<option_error>(
                "point_convolver: .method = pairs: the kernel's coefficients are no real "
                "products of one number for each axis");
        return nullptr;
    }
    detail::point_costs costs() const {
        return detail::point_sums<R>::expected(kernel_->n, sources() + targets(), sums_->options(),
                                               detail::best_instruction_set());
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
        const index_t each = pairs_ ? 0 : sums().bytes_per_worker(), shared = pairs_ ? 0 : sums().shared_bytes();
        if (w.bytes_per_worker() < each || w.shared_bytes() < shared + room())
            detail::fail<shape_error>("point_convolver: a workspace of another plan");
        C* const c = reinterpret_cast<C*>(w.shared() + shared);
        C* const u = c + std::max(sources(), targets());
        for (index_t b = 0; b < batch; ++b) {
            if constexpr (is_complex<T>)
                if (weights_.empty()) {
                    one(reinterpret_cast<R const*>(in.data + b * from), reinterpret_cast<R*>(out.data + b * count), w,
                        to);
                    continue;
                }
            for (index_t j = 0; j < from; ++j) c[j] = C(in.data[b * from + j]) * (forward ? weight(j) : R{1});
            one(reinterpret_cast<R const*>(c), reinterpret_cast<R*>(u), w, to);
            for (index_t k = 0; k < count; ++k) {
                const C v = u[k] * (forward ? R{1} : weight(k));
                if constexpr (is_complex<T>)
                    out.data[b * count + k] = v;
                else
                    out.data[b * count + k] = v.real();
            }
        }
    }
    void one(R const* c, R* u, faltung::workspace& w, way to) const noexcept {
        using detail::point_side;
        if (pairs_) return to == way::forward ? pairs_->convolve(c, u) : pairs_->adjoint(c, u);
        R const* const h = reinterpret_cast<R const*>(multiplier_->data());
        if (to == way::forward)
            sums().convolve(point_side::sources, c, h, R{1}, point_side::targets, u, w);
        else
            sums().convolve(point_side::targets, c, h, R{-1}, point_side::sources, u, w);
    }
    R weight(index_t j) const { return weights_.empty() ? R{1} : weights_[static_cast<std::size_t>(j)]; }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
