// faltung/nufft/nufft_call.hpp -- what is checked and chosen before a non-uniform transform runs
#pragma once

#include <complex>

#include "../view/viewable.hpp"
#include "grid_layout.hpp"

namespace faltung {
namespace detail {

/// Numbers that are the same on every machine (SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
struct splitmix {
    std::uint64_t state;

    std::uint64_t next() {
        std::uint64_t z = state += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // in [0, 1)
    double symmetric() { return 2 * unit() - 1; }
    index_t below(index_t count) { return static_cast<index_t>(next() % static_cast<std::uint64_t>(count)); }
};

/// a b; the operator of std::complex looks for infinities after each product.
template <class R>
std::complex<R> finite_product(std::complex<R> const& a, std::complex<R> const& b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// e^(i sign k . x) of point j and mode m.
template <class P>
std::complex<long double> wave(strided<P const> const& x, index_t j, shape const& n, index_t m, mode_order order,
                               int sign) {
    long double angle = 0;
    for (int a = n.rank(); a-- > 0; m /= n[a])
        angle += static_cast<long double>(mode_at(m % n[a], n[a], order)) *
                 static_cast<long double>(x.data[j * x.stride[0] + a * x.stride[1]]);
    return std::polar(1.0L, sign * angle);
}

inline void require_modes(shape const& n) {
    if (n.rank() < 1 || n.rank() > 3) fail<shape_error>("nufft: modes of shape ", n, ": 1 to 3 axes are possible");
    for (int a = 0; a < n.rank(); ++a)
        if (n[a] < 1) fail<option_error>("nufft: axis ", a, " has ", n[a], " modes: at least 1 is needed");
    checked::multiply(checked::product(n, "modes"), 16, "bytes of the modes");
}

template <class R>
void require_options(nufft_options const& o) {
    const double smallest = sizeof(R) == 4 ? 1e-6 : 1e-14;
    if (!(o.tolerance >= smallest && o.tolerance < 1))
        fail<option_error>("nufft: .tolerance = ", o.tolerance, ": the smallest one in ",
                           sizeof(R) == 4 ? "float" : "double", " is ", smallest, ", and it is less than 1");
    if (o.sign < -1 || o.sign > 1) fail<option_error>("nufft: .sign = ", o.sign, ": -1, 1 or 0 for the usual one");
    if (o.threads < 1) fail<option_error>("nufft: .threads = ", o.threads, ": at least 1 is needed");
    if (o.oversampling == 0) return;
    if (!(o.oversampling >= 1.25 && o.oversampling <= 4))
        fail<option_error>("nufft: .oversampling = ", o.oversampling, ": from 1.25 to 4, or 0 for the best one");
    if (width_for(o.tolerance, o.oversampling) == 0)
        fail<option_error>("nufft: .tolerance = ", o.tolerance, ": the smallest one with ", o.oversampling,
                           " nodes for each mode is ", expected_error(most_nodes, o.oversampling) / 1.6);
}

/// (M, axes), or (M) for one axis.
template <viewable P>
auto points_of(P const& points, int rank) {
    using T = element_t<P>;
    static_assert(std::is_floating_point_v<T>, "nufft: points of a floating type");
    static_assert(rank_of<P> <= 2, "nufft: points of shape (count, axes)");
    strided<T const> x = tensor_view<T const, rank_of<P>>(as_view(points)).erased();
    if (x.n.rank() == 1 && rank == 1) {
        x.n.push_back(1);
        x.stride.push_back(0);
    }
    if (x.n.rank() != 2 || x.n[1] != rank)
        fail<shape_error>("nufft: points of shape ", x.n, ": (count, ", rank, ") is needed");
    if (x.n[0] < 1) fail<option_error>("nufft: no points");
    return x;
}

/// How many arrays of shape `each` there are in one of shape n, along its first axes. One array may be a single row.
inline index_t batch_of(char const* name, shape const& n, shape const& each, char const* what) {
    if (n.rank() == 1 && n[0] == checked::product(each, what)) return 1;
    const int lead = n.rank() - each.rank();
    bool equal = lead >= 0;
    for (int a = 0; equal && a < each.rank(); ++a) equal = n[lead + a] == each[a];
    if (!equal) fail<shape_error>(name, ": ", what, " of shape ", n, ": ", each, " is needed, after any batch axes");
    index_t batch = 1;
    for (int a = 0; a < lead; ++a) batch = checked::multiply(batch, n[a], "arrays of a batch");
    return batch;
}

inline void require_dense(char const* what, shape const& n, strides const& stride) {
    if (!is_row_major(n, stride))
        fail<shape_error>(what, " of shape ", n, " with strides ", stride, ": row-major without gaps is needed");
}

inline namespace FALTUNG_COMPILED {

/// Nanoseconds that a transform is expected to take on a core with AVX2, for each point and for the grid: measured on
/// an AMD processor of the Zen 3 kind on 27 November 2026, with up to a million points and 1024 x 1024 modes. Grids
/// beyond a shared cache and those of three axes take twice as long.
struct transform_cost {
    double of_point = 0, of_grid = 0;
};
template <class R>
transform_cost cost_of(shape const& n, int width, double oversampling, instruction_set i) {
    constexpr bool is_float = sizeof(R) == 4;
    double nodes = 1, modes = 1, vectors = window_of<R>(i, width).vectors;
    for (int a = 0; a < n.rank(); ++a) {
        nodes *= std::max(oversampling * static_cast<double>(n[a]), 2.0 * most_nodes);
        modes *= static_cast<double>(n[a]);
        if (a > 0) vectors *= width;
    }
    const bool is_slow = n.rank() == 3 || modes * sizeof(R) > 0x1p21;
    return {is_float ? 16 + 0.8 * vectors : 22 + (n.rank() == 3 ? 0.95 : 0.56) * vectors,
            (5.3 * nodes + 8 * modes) * (is_slow ? 1 : 0.5) * (is_float ? 0.55 : 1)};
}

/// The oversampling for which points and grid together are expected to cost least. Few nodes for each mode need wide
/// kernels, and kernels have 16 nodes at most.
template <class R>
double best_oversampling(shape const& n, index_t points, nufft_options const& o, instruction_set i) {
    double best = 2, least = 0;
    for (const double oversampling : {2.0, 1.5, 1.25}) {
        const int width = width_for(o.tolerance, oversampling);
        if (width == 0) continue;
        const transform_cost each = cost_of<R>(n, width, oversampling, i);
        const double cost = static_cast<double>(points) * each.of_point + each.of_grid;
        if (least == 0 || cost < least) {
            best = oversampling;
            least = cost;
        }
    }
    return best;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

}  // namespace faltung
