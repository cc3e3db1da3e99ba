// faltung/linalg/pinv.hpp -- pseudo-inverses of a batch of matrices, their ranks, and their gradient
#pragma once

#include <Eigen/LU>
#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "../core/for_each.hpp"
#include "../simd/lane_samples.hpp"
#include "../view/overlap.hpp"
#include "../view/viewable.hpp"
#include "block_inverter.hpp"
#include "decomposition.hpp"

namespace faltung {

/// What a relative threshold is relative to: the largest singular value of each matrix, or of all of them.
enum class threshold_scope : unsigned char { matrix, batch };

/// A singular value counts as 0 unless it is above both thresholds.
struct pinv_options {
    std::optional<double> relative = {};  // max(m, n) units of the last place of 1, unless named
    double absolute = 0;
    threshold_scope scope = threshold_scope::matrix;
    bool is_hermitian = false;  // the matrices equal their conjugate transposes: only the lower triangles are read
};

/// How many singular values count, in two bytes: ranks of eight are an eighth of all that 2 x 4 matrices write.
using pinv_rank = std::uint16_t;

/// Pseudo-inverses, n x m each, and how many singular values of each matrix were above the thresholds.
template <class T>
struct pinv_result {
    tensor<T, 3> inverse;
    tensor<pinv_rank, 1> rank;
};

namespace detail {
inline namespace FALTUNG_COMPILED {

template <class T>
concept pinv_sample = (std::is_same_v<real_t<T>, float> || std::is_same_v<real_t<T>, double>);

template <class T>
void require_finite(tensor_view<T const, 3> const& a, char const* name) {
    using R = real_t<T>;
    const strides step = a.strides();
    if (step[2] == 1 && step[1] == a.extent(2) && step[0] == a.extent(1) * a.extent(2)) {
        bool all_finite = true;
        versions<finite_scan<R>>::of(best_instruction_set())(
            {reinterpret_cast<R const*>(a.data()), a.count() * (is_complex<T> ? 2 : 1), &all_finite});
        if (all_finite) return;
    }
    for_each_index(a.shape(), [&](index_list const& i) {
        if (!is_finite(a(i))) fail<option_error>(name, ": the sample at ", i, " is not finite");
    });
}

template <class T>
using dense_matrix = Eigen::Matrix<decomposed<T>, Eigen::Dynamic, Eigen::Dynamic>;

/// Matrix k of a batch, in double.
template <class T>
dense_matrix<T> dense_from(tensor_view<T const, 3> const& a, index_t k) {
    dense_matrix<T> m(a.extent(1), a.extent(2));
    for (index_t i = 0; i < m.rows(); ++i)
        for (index_t j = 0; j < m.cols(); ++j) m(i, j) = convert<decomposed<T>>(a(k, i, j));
    return m;
}
template <class T>
void store(tensor_view<T, 3> const& to, index_t k, dense_matrix<T> const& m) {
    for (index_t i = 0; i < m.rows(); ++i)
        for (index_t j = 0; j < m.cols(); ++j) to(k, i, j) = convert<T>(m(i, j));
}

/// A batch of matrices, checked, and where the pseudo-inverses go.
template <class T>
class pinv_batch {
    using R = real_t<T>;
    using groups = decomposition<decomposed<T>>;
    using route = lane_route<R, is_complex<T>>;

    tensor_view<T const, 3> a_;
    tensor_view<T, 3> to_;
    pinv_rank* rank_;
    bool is_hermitian_;
    index_t count_, rows_, columns_;
    double relative_, absolute_;
    std::vector<index_t> left_;  // matrices that may not have full rank

public:
    pinv_batch(tensor_view<T const, 3> const& a, tensor_view<T, 3> const& to, pinv_rank* rank, pinv_options const& o)
        : a_(a),
          to_(to),
          rank_(rank),
          is_hermitian_(o.is_hermitian),
          count_(a.extent(0)),
          rows_(a.extent(1)),
          columns_(a.extent(2)),
          relative_(threshold(o)),
          absolute_(o.absolute) {}

    void run(threshold_scope scope) {
        const index_t least = std::min(rows_, columns_), most = std::max(rows_, columns_);
        if (least == 0) {
            std::fill_n(rank_, count_, pinv_rank{0});
            return;
        }
        double largest = scope == threshold_scope::batch ? largest_norm() : -1;
        if (least <= most_columns && most <= most_rows)
            by_lanes(largest);
        else
            for (index_t k = 0; k < count_; ++k) left_.push_back(k);
        if (left_.empty()) return;
        groups group(best_instruction_set(), rows_, columns_);
        if (scope == threshold_scope::batch) {
            largest_singular_value found;
            for (index_t k = 0; k < count_; k += group.lanes()) {
                group.clear();
                for (index_t l = 0; l < std::min(group.lanes(), count_ - k); ++l) set(group, l, k + l);
                found.look_at(group);
            }
            largest = found.value();
        }
        by_values(group, largest);
    }

private:
    double threshold(pinv_options const& o) const {
        const double rounding =
            static_cast<double>(std::max(rows_, columns_)) * static_cast<double>(std::numeric_limits<R>::epsilon());
        return o.relative ? *o.relative : rounding;
    }

    decomposed<T> sample(index_t k, index_t i, index_t j) const {
        const bool mirrored = is_hermitian_ && i < j;
        auto v = convert<decomposed<T>>(mirrored ? a_(k, j, i) : a_(k, i, j));
        if constexpr (is_complex<T>)
            if (is_hermitian_ && i <= j) v = {v.real(), i == j ? 0 : -v.imag()};
        return v;
    }

    void set(groups& group, index_t lane, index_t k) const {
        for (index_t i = 0; i < rows_; ++i)
            for (index_t j = 0; j < columns_; ++j) group.set(lane, i, j, sample(k, i, j));
    }

    double largest_norm() const {
        double most = 0;
        for (index_t k = 0; k < count_; ++k) {
            double norm = 0;
            for (index_t i = 0; i < rows_; ++i)
                for (index_t j = 0; j < columns_; ++j) norm = std::hypot(norm, std::abs(sample(k, i, j)));
            most = std::max(most, norm);
        }
        return most;
    }

    // A wide matrix is its own conjugate transpose here; what is above the diagonal of a Hermitian one is the conjugate
    // of what is below.
    route from_matrix(block_inverter<T> const& block) const {
        const bool is_wide = rows_ < columns_;
        const index_t across = a_.strides()[is_wide ? 1 : 2], along = a_.strides()[is_wide ? 2 : 1];
        route r;
        for (index_t q = 0; q < block.columns(); ++q)
            for (index_t i = 0; i < block.rows(); ++i) {
                const bool mirrored = is_hermitian_ && i < q;
                r.add(mirrored ? q * along + i * across : q * across + i * along, is_hermitian_ && i == q ? R{0}
                                                                                  : is_wide != mirrored   ? R{-1}
                                                                                                          : R{1});
            }
        r.find_samples();
        return r;
    }

    route to_inverse(block_inverter<T> const& block) const {
        const bool is_wide = rows_ < columns_;
        const index_t across = to_.strides()[is_wide ? 2 : 1], along = to_.strides()[is_wide ? 1 : 2];
        route r;
        for (index_t q = 0; q < block.columns(); ++q)
            for (index_t i = 0; i < block.rows(); ++i) r.add(q * across + i * along, is_wide ? R{1} : R{-1});
        r.find_samples();
        return r;
    }

    // Where the lanes' matrices begin, in reals: the last of `valid` matrices again where there are no more.
    static std::vector<index_t> starts(index_t lanes, index_t valid, index_t step) {
        std::vector<index_t> at(static_cast<std::size_t>(lanes));
        for (index_t l = 0; l < lanes; ++l)
            at[static_cast<std::size_t>(l)] = std::min(l, valid - 1) * step * index_t{sizeof(T) / sizeof(R)};
        return at;
    }

    // Whether the inverses are more than is kept in caches, and each a whole number of their lines.
    bool is_large_in_lines() const {
        constexpr index_t line = 64, sample = sizeof(T);
        return to_.count() >= least_bytes_past_caches / sample && rows_ * columns_ * sample % line == 0 &&
               to_.strides()[0] * sample % line == 0 && reinterpret_cast<std::uintptr_t>(to_.data()) % line == 0;
    }

    // Asks for some matrices of the next run, there or not: while this one is computed nothing else is read.
    void fetch(index_t k, index_t matrices) const {
        const index_t step = a_.strides()[0] * index_t{sizeof(T)};
        for (index_t l = 0; l < matrices; ++l) fetch_ahead(a_.data(), static_cast<std::uintptr_t>((k + l) * step));
    }

    // A wide matrix is inverted as its conjugate transpose.
    void by_lanes(double largest) {
        const instruction_set set = best_instruction_set();
        const block_inverter<T> block(set, std::max(rows_, columns_), std::min(rows_, columns_));
        const index_t lanes = block.lanes();
        const route from = from_matrix(block), to = to_inverse(block);
        const auto gather = versions<lane_gather<R>>::of(set);
        const auto scatter = versions<lane_scatter<R>>::of(set);
        const index_t from_step = a_.strides()[0], to_step = to_.strides()[0];
        const bool past_caches = is_large_in_lines();
        const bool from_memory = a_.count() >= least_bytes_past_caches / index_t{sizeof(T)};
        std::vector<index_t> given = starts(lanes, lanes, from_step), found = starts(lanes, lanes, to_step);
        // the least singular value that an inverse without a decomposition may have, whatever was asked for
        const double trusted =
            static_cast<double>(block.rows()) * static_cast<double>(std::numeric_limits<R>::epsilon());
        const double of_norm = largest < 0 ? std::max(relative_, trusted) : trusted;
        const typename block_inverter<T>::limits below(of_norm,
                                                       std::max(largest < 0 ? 0 : relative_ * largest, absolute_));
        const auto full_rank = static_cast<pinv_rank>(block.columns());
        const index_t of_run = lanes * block.blocks();
        for (index_t first = 0; first < count_; first += of_run) {
            const index_t blocks = std::min(block.blocks(), checked::ceil_divide(count_ - first, lanes));
            for (index_t b = 0; b < blocks; ++b) {
                const index_t k = first + b * lanes;
                if (count_ - k < lanes) given = starts(lanes, count_ - k, from_step);
                gather({reinterpret_cast<R const*>(a_.data() + k * from_step), from.of(given), block.sample(b, 0, 0)});
            }
            block.run(blocks);
            for (index_t b = 0; b < blocks; ++b) {
                const index_t k = first + b * lanes;
                if (from_memory) fetch(k + of_run, lanes);
                if (count_ - k < lanes) found = starts(lanes, count_ - k, to_step);
                scatter({block.inverse(b, 0, 0), to.of(found), reinterpret_cast<R*>(to_.data() + k * to_step),
                         past_caches});
                std::fill_n(rank_ + k, std::min(lanes, count_ - k), full_rank);
                if (block.is_full_rank(b, below)) continue;
                for (index_t lane = 0; lane < std::min(lanes, count_ - k); ++lane)
                    if (!block.is_full_rank(b, lane, below)) left_.push_back(k + lane);
            }
        }
        if (past_caches) finish_stores_past_caches();
    }

    void by_values(groups& group, double largest) {
        const auto left = static_cast<index_t>(left_.size());
        for (index_t first = 0; first < left; first += group.lanes()) {
            index_t const* const of_lane = left_.data() + first;
            const index_t lanes = std::min(group.lanes(), left - first);
            group.clear();
            for (index_t l = 0; l < lanes; ++l) set(group, l, of_lane[l]);
            group.decompose();
            for (index_t l = 0; l < lanes; ++l) {
                const double least = std::max(relative_ * (largest < 0 ? group.value(l, 0) : largest), absolute_);
                index_t rank = 0;
                for (index_t v = 0; v < group.count(); ++v) {
                    const double s = group.value(l, v);
                    const bool counts = s > least;
                    group.set_weight(l, v, counts ? 1 / s : 0);
                    rank += counts ? 1 : 0;
                }
                rank_[of_lane[l]] = static_cast<pinv_rank>(rank);
            }
            group.compose();
            for (index_t l = 0; l < lanes; ++l)
                for (index_t i = 0; i < columns_; ++i)
                    for (index_t j = 0; j < rows_; ++j) to_(of_lane[l], i, j) = convert<T>(group.inverse(l, i, j));
        }
    }
};

/// A^H (A A^H)^-1 or (A^H A)^-1 A^H; empty where the product has no inverse.
template <class D>
D closed_form_of(D const& a) {
    const bool is_wide = a.rows() < a.cols();
    const D tall = is_wide ? D(a.adjoint()) : a, gram = tall.adjoint().lazyProduct(tall);
    const Eigen::PartialPivLU<D> lu(gram);
    if (gram.size() > 0 && !(std::abs(lu.determinant()) > 0)) return {};
    const D p = lu.solve(D(tall.adjoint()));
    return is_wide ? D(p.adjoint()) : p;
}

template <class D>
D pinv_adjoint_of(D const& a, D const& p, D const& g) {
    // Products of Eigen's other kind would take seconds to compile.
    const auto product = [](D const& x, D const& y) { return D(x.lazyProduct(y)); };
    const D p_h = p.adjoint(), g_h = g.adjoint(), gp = product(g_h, p), pg = product(p, g_h);
    const D rows = gp - product(a, product(p, gp)), columns = pg - product(product(pg, p), a) - product(g, p_h);
    return product(rows, p_h) + product(p_h, columns);
}

template <class T>
void require_pinv_options(pinv_options const& o, tensor_view<T const, 3> const& a, char const* name) {
    if (o.relative && !(*o.relative >= 0 && std::isfinite(*o.relative)))
        fail<option_error>(name, ": a relative threshold of ", *o.relative, " is not a number from 0 on");
    if (!(o.absolute >= 0 && std::isfinite(o.absolute)))
        fail<option_error>(name, ": an absolute threshold of ", o.absolute, " is not a number from 0 on");
    if (o.is_hermitian && a.extent(1) != a.extent(2))
        fail<shape_error>(name, ": matrices of ", a.extent(1), " x ", a.extent(2), " samples are not Hermitian");
    constexpr index_t most = std::numeric_limits<pinv_rank>::max();
    if (std::min(a.extent(1), a.extent(2)) > most)
        fail<shape_error>(name, ": matrices of ", a.extent(1), " x ", a.extent(2), " samples, and ranks up to ", most);
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// The pseudo-inverse (Moore and Penrose) of every matrix: of A = U diag(s) V^H it is V diag(1 / s) U^H, with 0 in
/// place of 1 / s where s counts as 0. Where A has full rank, A^+ is computed by reflections, several matrices at once;
/// all others, and those of more than 128 rows or whose smaller extent is above 64, by rotations of their columns.
///
/// Shapes: a (N, m, n), any strides, as those of transpose(a) for matrices that vary fastest; `to` (N, n, m). Returns
/// the ranks. Types: float, double and complex numbers of both.
/// Errors: option_error for thresholds below 0 or NaN, and for a sample that is not finite, with its index;
/// shape_error; overlap_error; then nothing is written. Cost: 4 m n^2 multiply-adds (m >= n) for full rank, some ten
/// times that for others. Accuracy: |error| <= about max(m, n) u cond(A) |A^+|.
template <viewable To, viewable A>
tensor<pinv_rank, 1> pinv_into(To&& to, A const& a, pinv_options const& o = {}) {
    using T = element_t<A>;
    static_assert(detail::pinv_sample<T>, "pinv: matrices of float, double or complex numbers of these");
    const tensor_view<T const, 3> from = as_view(a);
    const tensor_view<T, 3> out = as_view(to);
    detail::require_pinv_options<T>(o, from, "pinv");
    const shape wanted{from.extent(0), from.extent(2), from.extent(1)};
    if (!(out.shape() == wanted))
        detail::fail<shape_error>("pinv: the pseudo-inverses of shape ", from.shape(), " have shape ", wanted,
                                  ", the output has ", out.shape());
    if (overlaps_itself(out)) detail::fail<overlap_error>("pinv: two samples of the output are one in memory");
    if (overlap(out, from)) detail::fail<overlap_error>("pinv: the output overlaps the matrices");
    detail::require_finite(from, "pinv");
    auto rank = tensor<pinv_rank, 1>::uninitialized({from.extent(0)});
    detail::pinv_batch<T>(from, out, rank.data(), o).run(o.scope);
    return rank;
}

/// Likewise, in new memory.
template <viewable A>
pinv_result<element_t<A>> pinv(A const& a, pinv_options const& o = {}) {
    const auto from = as_view(a);
    static_assert(rank_of<A> == 3, "pinv: a batch of matrices has three axes, (N, m, n)");
    pinv_result<element_t<A>> r{
        tensor<element_t<A>, 3>::uninitialized({from.extent(0), from.extent(2), from.extent(1)}), {}};
    r.rank = pinv_into(r.inverse, a, o);
    return r;
}

/// A^H (A A^H)^-1 of every matrix with more columns than rows, (A^H A)^-1 A^H of the others: the pseudo-inverse of a
/// matrix of full rank, if it were not for rounding. It squares the condition: of a matrix with cond(A) = 1e8 no digit
/// is left in double, and a matrix without full rank has none. Take `pinv`, which is about as fast.
/// Shapes, types: as pinv. Errors: option_error for a sample that is not finite, or where the product has no inverse.
template <viewable A>
tensor<element_t<A>, 3> closed_form_pinv(A const& a) {
    using T = element_t<A>;
    const tensor_view<T const, 3> from = as_view(a);
    detail::require_finite(from, "closed_form_pinv");
    tensor<T, 3> to({from.extent(0), from.extent(2), from.extent(1)});
    for (index_t k = 0; k < from.extent(0); ++k) {
        const auto p = detail::closed_form_of(detail::dense_from(from, k));
        if (p.size() == 0 && to.count() > 0)
            detail::fail<option_error>("closed_form_pinv: matrix ", k, " times its transpose has no inverse");
        detail::store<T>(to.view(), k, p);
    }
    return to;
}

/// The gradient with respect to A of a function whose gradient with respect to P = pinv(A) is G, for changes of A that
/// do not change its rank:
///
///     -P^H G P^H + (I - A P) G^H P P^H + P^H P G^H (I - P A)
///
/// Shapes: a (N, m, n), inverse and gradient (N, n, m); the result (N, m, n). Of complex numbers a gradient is
/// df / d re + i df / d im. Errors: shape_error. Source: Golub and Pereyra, SIAM J. Numer. Anal. 10 (1973).
template <viewable A, viewable P, viewable G>
tensor<element_t<A>, 3> pinv_adjoint(A const& a, P const& inverse, G const& gradient) {
    using T = element_t<A>;
    const tensor_view<T const, 3> from = as_view(a), p_of = as_view(inverse), g_of = as_view(gradient);
    const index_t m = from.extent(1), n = from.extent(2);
    const shape wanted{from.extent(0), n, m};
    if (!(p_of.shape() == wanted) || !(g_of.shape() == wanted))
        detail::fail<shape_error>("pinv_adjoint: of matrices of shape ", from.shape(), " the inverses have shape ",
                                  wanted, ", not ", p_of.shape(), " and their gradient ", g_of.shape());
    tensor<T, 3> to(from.shape());
    for (index_t k = 0; k < from.extent(0); ++k)
        detail::store<T>(to.view(), k,
                         detail::pinv_adjoint_of(detail::dense_from(from, k), detail::dense_from(p_of, k),
                                                 detail::dense_from(g_of, k)));
    return to;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
