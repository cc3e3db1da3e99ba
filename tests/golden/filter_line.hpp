// tests/golden/filter_line.hpp -- a golden line about a filter: its numbers, its operand, and the comparison
#pragma once

#include <faltung/view.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "golden.hpp"

namespace faltung::golden {

/// Half the distance from 1 to the next double, and to the next float.
inline constexpr long double u_double = 0x1p-53L, u_float = 0x1p-24L;

inline double number(line const& l, std::string const& key) { return std::stod(l[key]); }
inline index_t integer(line const& l, std::string const& key) { return std::stol(l[key]); }

/// The option 1.5,2 as numbers.
inline std::vector<double> numbers(line const& l, std::string const& key) {
    std::vector<double> values;
    std::string const& text = l[key];
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        values.push_back(std::stod(text.substr(from, comma - from)));
        from = comma + 1;
    }
    return values;
}

/// An operand in the element type that the line names.
template <class T, std::size_t Rank>
tensor<T, Rank> as_tensor(array const& a) {
    auto x = tensor<T, Rank>::uninitialized(a.n);
    for (std::size_t i = 0; i < a.values.size(); ++i) x.data()[i] = static_cast<T>(a.values[i].real());
    return x;
}

/// The boundary that OpenCV calls by the line's `border`; of CONSTANT with nothing outside.
inline boundary opencv_border(line const& l) {
    static const std::map<std::string, boundary> names{{"CONSTANT", boundary::zero},
                                                       {"REPLICATE", boundary::replicate},
                                                       {"REFLECT", boundary::symmetric},
                                                       {"REFLECT_101", boundary::reflect}};
    return names.at(l["border"]);
}

/// The boundary that scipy.ndimage calls by the line's `mode`, with this number beyond a constant one.
inline boundary ndimage_mode(line const& l, boundary const& constant) {
    static const std::map<std::string, boundary> names{{"reflect", boundary::symmetric},
                                                       {"mirror", boundary::reflect},
                                                       {"nearest", boundary::replicate},
                                                       {"wrap", boundary::circular}};
    return l["mode"] == "constant" ? constant : names.at(l["mode"]);
}

inline long double largest(array const& a) {
    long double most = 0;
    for (auto const& v : a.values) most = std::max(most, std::abs(v.real()));
    return most;
}

/// y has the shape of the line's result, and its values up to `allowed(i)` each, i counted in row-major order.
template <class T, std::size_t Rank, class Allowed>
void require_close(line const& l, tensor<T, Rank> const& y, Allowed allowed) {
    REQUIRE(y.shape() == l.y.n);
    for (std::size_t i = 0; i < l.y.values.size(); ++i) {
        const long double got = static_cast<long double>(y.data()[i]), expected = l.y.values[i].real();
        INFO("value " << i << " is " << text(got) << ", expected " << text(expected) << ", apart "
                      << text(got - expected) << ", allowed " << text(allowed(i)));
        REQUIRE(std::abs(got - expected) <= allowed(i));
    }
}

/// Likewise with one allowance for all of them.
template <class T, std::size_t Rank>
void require_within(line const& l, tensor<T, Rank> const& y, long double allowed) {
    require_close(l, y, [=](std::size_t) { return allowed; });
}

}  // namespace faltung::golden
