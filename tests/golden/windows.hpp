// tests/golden/windows.hpp -- what the lines of TensorFlow, JAX and ONNX have in common: padding, stride, dilation
#pragma once

#include "golden.hpp"

namespace faltung::golden {

/// `padding=EXPLICIT low=... high=...`, or the name of a mode.
inline padding padding_of(line const& l) {
    static const std::map<std::string, mode> named{{"SAME", mode::same},
                                                   {"SAME_UPPER", mode::same_upper},
                                                   {"SAME_LOWER", mode::same_lower},
                                                   {"VALID", mode::valid},
                                                   {"NOTSET", mode::valid}};
    if (l["padding"] != "EXPLICIT") return named.at(l["padding"]);
    const index_list low = l.list("low", 0), high = l.list("high", 0);
    per_axis<low_high> amounts;
    for (int a = 0; a < low.rank(); ++a) amounts.push_back({low[a], high[a]});
    return padding(amounts);
}

inline dialect window_of(dialect const& system, line const& l) {
    return system(
        {.padding = padding_of(l), .stride = listed(l.list("stride", 1)), .dilation = listed(l.list("dilation", 1))});
}

inline bool has_dilation(line const& l) {
    for (index_t d : l.list("dilation", 1))
        if (d != 1) return true;
    return false;
}

/// "stride", "dilation", "stride and dilation" or "dense".
inline std::string steps_of(line const& l) {
    bool strides = false;
    for (index_t s : l.list("stride", 1)) strides = strides || s != 1;
    return strides ? has_dilation(l) ? "stride and dilation" : "stride" : has_dilation(l) ? "dilation" : "dense";
}

inline bool is_transposed(line const& l) { return l.call.find("ranspose") != std::string::npos; }

/// The adjoint of correlate(., h) with these amounts before each axis, from l.x to l.y; what is missing lies behind.
inline void require_adjoint(line const& l, index_list const& low, array const& h) {
    const per_axis<index_t> stride = listed(l.list("stride", 1)), dilation = listed(l.list("dilation", 1));
    per_axis<low_high> amounts;
    for (int a = 0; a < l.x.n.rank(); ++a) {
        const index_t reach = (l.x.n[a] - 1) * stride[a] + dilation[a] * (l.h.n[a] - 1) + 1;
        amounts.push_back({low[a], reach - l.y.n[a] - low[a]});
    }
    // jax, because an output padding can make amounts below 0
    const dialect d = jax({.padding = padding(amounts), .stride = stride, .dilation = dilation});
    require_equal(l, adjoint_answer(l, l.y.n, h, d), fourier_bound(l));  // automatic may transform
}

}  // namespace faltung::golden
