// faltung/geometry/epilogue.hpp -- what happens to a finished sum before it is stored, as plain data
#pragma once

#include <array>

#include "../core/index.hpp"

namespace faltung {

/// One step, applied to a sum s. NaN stays NaN.
///
///     add          s + r, r = the residual's sample at the output's place
///     clamp        first where s < first, second where s > second
///     leaky_relu   first * s where s < 0
///     requantise   s * scale, rounded to nearest even, + second; the scale is per_channel[output channel], or first
struct epilogue_step {
    enum class rule : unsigned char { add, clamp, leaky_relu, requantise };

    rule what = rule::clamp;
    double first = 0, second = 0;
    double const* per_channel = nullptr;
};

/// Steps, one after the other, on the sum in the accumulator's type; the store follows. Plain data: whoever makes the
/// problem keeps what it points to.
struct epilogue {
    static constexpr int most_steps = 4;

    std::array<epilogue_step, std::size_t{most_steps}> steps{};
    int count = 0;
    void const* residual = nullptr;  // of y's element type, at index 0
    strides residual_stride;         // as y has it: output channel, then the axes

    static const epilogue none;

    constexpr bool is_none() const { return count == 0; }
    constexpr epilogue_step const* begin() const { return steps.data(); }
    constexpr epilogue_step const* end() const { return steps.data() + count; }

    constexpr bool has(epilogue_step::rule what) const {
        for (epilogue_step const& s : *this)
            if (s.what == what) return true;
        return false;
    }
};

inline constexpr epilogue epilogue::none{};

}  // namespace faltung
