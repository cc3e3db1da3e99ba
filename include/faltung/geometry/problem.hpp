// faltung/geometry/problem.hpp -- all that a method may know: the canonical problem, rank a run-time number
#pragma once

#include <limits>

#include "../core/algebra.hpp"
#include "../core/for_each.hpp"
#include "../core/instruction_set.hpp"
#include "axis.hpp"
#include "epilogue.hpp"

namespace faltung {

struct engine_table;  // of a Fourier transform; geometry only carries the pointer

/// What is computed: y from x and h, or one of the two adjoints of that linear map. A plan lowers the adjoints to
/// forward problems unless a method takes the direction itself.
enum class direction : unsigned char { forward, adjoint_x, adjoint_h };

/// What happens to a result that the output type cannot hold: it is reduced modulo 2^bits, or clamped to the range
/// (NaN becomes 0 either way).
enum class overflow : unsigned char { wrap, saturate };

/// How a floating sum becomes an integer.
enum class rounding : unsigned char { nearest_even, toward_zero };

/// The canonical problem. Arrays have their axes in this order: channel, then `axes` (x and y); output channel, input
/// channel of the group, then `axes` (h). A batch axis is an axis with one tap.
struct problem {
    std::array<axis, max_axes> axes{};
    int rank = 0;
    index_t in = 1, out = 1, groups = 1;  // channels
    faltung::direction direction = faltung::direction::forward;

    struct element_types {
        element x = element::float32, h = element::float32, accumulator = element::float32, y = element::float32;
        faltung::algebra algebra = faltung::algebra::plus_times;
    } types;

    struct store_rule {
        faltung::overflow overflow = faltung::overflow::wrap;
        faltung::rounding rounding = faltung::rounding::nearest_even;
        faltung::epilogue epilogue{};
        void const* bias = nullptr;  // one value per output channel, in the accumulator's type
    } store;

    struct kernel_facts {  // of the plan's kernel, measured before a method is asked
        bool known = false, finite = true;
        double norm_1 = 0;  // of the output channel where it is largest
        double norm_2 = 0;
        index_t terms = 0;  // products of one line per axis that the kernel is a sum of; 0: too many
        double terms_norm_1 = 0, terms_residual = 0;  // of those products: sum of |f_0|_1 |f_1|_1 ..., |h - sum|_1
    } kernel;

    struct limit_values {
        double tolerance = std::numeric_limits<double>::infinity();  // of the certified error, relative to |x~|_2 |h|_2
        index_t memory = std::numeric_limits<index_t>::max();        // bytes beyond input, output and kernel
        int threads = 1;
        double calls = 1;  // expected of one plan: its preparation counts that much less
        faltung::instruction_set instruction_set = faltung::instruction_set::baseline;
        faltung::byte_products byte_products = faltung::byte_products::pairs;
    } limits;

    engine_table const* engine = nullptr;

    constexpr axis const& operator[](int a) const { return axes[static_cast<std::size_t>(a)]; }
    constexpr axis& operator[](int a) { return axes[static_cast<std::size_t>(a)]; }
    constexpr axis const& last() const { return (*this)[rank - 1]; }

    constexpr void push_back(axis const& k) { axes[static_cast<std::size_t>(rank++)] = k; }

private:
    template <class Extent>
    constexpr shape extents(Extent extent) const {
        shape n;
        for (int a = 0; a < rank; ++a) n.push_back(extent((*this)[a]));
        return n;
    }

public:
    /// The extents along the axes, without channels: of x, of the kernel's taps, of y.
    constexpr shape inputs() const {
        return extents([](axis const& k) { return k.n; });
    }
    constexpr shape taps() const {
        return extents([](axis const& k) { return k.taps; });
    }
    constexpr shape outputs() const {
        return extents([](axis const& k) { return k.outputs(); });
    }

    /// Taps behind one output: input channels of a group times the taps of all axes.
    constexpr index_t taps_per_output() const {
        return checked::multiply(in / groups, checked::product(taps(), "taps of the kernel"), "taps of one output");
    }
    constexpr index_t output_count() const {
        return checked::multiply(out, checked::product(outputs(), "samples of the output"), "samples of the output");
    }
};

}  // namespace faltung
