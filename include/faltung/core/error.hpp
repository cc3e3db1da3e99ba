// faltung/core/error.hpp -- the exceptions of the library, and text() that puts the arithmetic into their messages
#pragma once

#include <concepts>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "config.hpp"

namespace faltung {

/// The base of everything that the library throws on purpose. (A failed allocation stays std::bad_alloc.)
struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Ranks or extents that do not fit each other, or a view that leaves its memory.
struct shape_error : error {
    using error::error;
};

/// An option whose value or combination has no meaning for the problem at hand.
struct option_error : error {
    using error::error;
};

/// A size or position that does not fit 64 bits, or a sum that does not fit the accumulator that was named.
struct overflow_error : error {
    using error::error;
};

/// An output that overlaps an input or itself.
struct overlap_error : error {
    using error::error;
};

/// A method that was asked for by name but does not support the problem.
struct unsupported_error : error {
    using error::error;
};

inline void append(std::string& s, std::string_view part) { s += part; }
inline void append(std::string& s, char const* part) { s += part; }
inline void append(std::string& s, char one) { s += one; }
inline void append(std::string& s, std::integral auto value) { s += std::to_string(value); }
inline void append(std::string& s, std::floating_point auto value) {
    char digits[48];
    std::snprintf(digits, sizeof digits, "%.6Lg", static_cast<long double>(value));
    s += digits;
}

namespace detail {

// One part of a text with its type erased: a call of text() then costs an array of pointers, not the code of its
// appends.
struct text_part {
    void const* object;
    void (*append_to)(std::string&, void const*);
};

template <class Part>
void append_part(std::string& s, void const* part) {
    append(s, *static_cast<Part const*>(part));
}

[[gnu::noinline]] inline std::string join(text_part const* parts, std::size_t count) {
    std::string s;
    for (std::size_t i = 0; i < count; ++i) parts[i].append_to(s, parts[i].object);
    return s;
}

}  // namespace detail

/// The parts, one after the other, as one string: integers in decimal, floating values with 6 digits, lists as "(3,
/// 4)".
template <class... Parts>
std::string text(Parts const&... parts) {
    // one more than there are parts, since an array has at least one element
    const detail::text_part list[sizeof...(Parts) + 1] = {
        {static_cast<void const*>(&parts), detail::append_part<Parts>}...};
    return detail::join(list, sizeof...(Parts));
}

}  // namespace faltung
