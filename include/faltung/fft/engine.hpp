// faltung/fft/engine.hpp -- what a Fourier transform must offer to the methods that convolve with it
#pragma once

#include <memory>
#include <vector>

#include "../core/index.hpp"
#include "../core/instruction_set.hpp"
#include "../core/scalar.hpp"

namespace faltung {

/// Real or complex data. The transform of either may be cyclic along an axis or, along the outermost one, negacyclic:
/// what leaves at one end comes back at the other with the other sign.
enum class number_kind : unsigned char { real, complex };

/// What a method needs of the outermost axis: any ring, cyclic or negacyclic, or a cyclic one.
enum class ring_kind : unsigned char { any, cyclic };

/// Whether a product of spectra takes the place of what stands in the array that it is written to, or is added to it.
enum class spectrum_update : unsigned char { replace, add };

/// What is transformed: an array of extents n, outermost first, row-major. Complex data is two planes, all real parts
/// before all imaginary parts.
struct transform_request {
    shape n;
    faltung::number_kind numbers = number_kind::real;
    faltung::ring_kind ring = ring_kind::any;
    faltung::instruction_set instruction_set = faltung::instruction_set::baseline;
};

/// A part of an array: [first, last) along each axis. Without axes it is the whole.
struct array_window {
    index_list first, last;
};

/// A transform of one kind and size, made by an engine: immutable, and shared between threads.
struct transform_plan {
    std::shared_ptr<void const> state;
    index_t data = 0, spectrum = 0;  // real numbers in the array and in its spectrum
    double scale = 1;                // backward(forward(x)) = scale x
    bool negacyclic = false;         // along the first axis whose extent is not 1
    /// Set by who uses the plan, for engines that can make use of it: beyond `held` the data is 0 on the way there; on
    /// the way back it may be anything beyond `wanted`.
    array_window held = {}, wanted = {};
};

/// Where the frequencies of a spectrum stand: complex numbers, `lanes` real parts side by side and then their imaginary
/// parts. Number k has its real part at k / lanes * 2 lanes + k % lanes, its imaginary part `lanes` further, and is
///
///     the sum over j of x[j] e^(-2 pi i sum over the axes a of half_turns[k rank + a] j[a] / (2 n[a]))
///
/// with 0 <= half_turns < 2 n[a], which are odd along a negacyclic axis. Of real data one of two conjugate frequencies
/// may be missing.
struct spectrum_order {
    index_t lanes = 1;
    std::vector<index_t> half_turns;
};

/// An engine is one constant table of functions. A spectrum's order and scale are the engine's own: it is multiplied
/// with another one of the same plan, or taken apart as order() says. All pointers are to arrays of `real`, and none
/// may be shared.
struct engine_table {
    char const* name;
    element real;  // float32 or float64, or float80
    /// It takes the extents whose factors are 2, 3 and 5 alone, and n[axis] a multiple of this.
    index_t (*multiple)(transform_request const&, int axis);
    /// Whether there is a transform of exactly these extents.
    bool (*takes)(transform_request const&);
    /// Real numbers of a spectrum; the array has room for as many.
    index_t (*spectrum)(transform_request const&);
    spectrum_order (*order)(transform_request const&);
    transform_plan (*make)(transform_request const&);
    void (*forward)(transform_plan const&, void* data, void* spectrum) noexcept;   // the data is lost
    void (*backward)(transform_plan const&, void* data, void* spectrum) noexcept;  // the spectrum is lost
    void (*multiply)(transform_plan const&, void const* x, void const* h, void* to, spectrum_update) noexcept;
    /// data = backward(forward(data) * h); `spectrum` is scratch.
    void (*convolve)(transform_plan const&, void* data, void const* h, void* spectrum) noexcept;
    bool convolves_in_place;  // `spectrum` is not used
};

/// Who transforms, as options name it: a function from a precision (float32, float64 or float80) to the table for it,
/// nullptr where the engine has none. Without a function it is the library's own engine. It owns
/// nothing and is copied freely.
struct engine {
    engine_table const* (*table)(element real) = nullptr;
};

}  // namespace faltung
