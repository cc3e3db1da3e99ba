// faltung/core/error.hpp -- the exceptions of the library, and text() that puts the arithmetic into their messages
#pragma once

#include <concepts>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

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

/// A failed allocation of a buffer, with its bytes in the text.
class out_of_memory : public std::bad_alloc {
    char text_[64];

public:
    explicit out_of_memory(long long bytes) noexcept {
        std::snprintf(text_, sizeof text_, "faltung: %lld bytes of memory are not to be had", bytes);
    }
    char const* what() const noexcept override { return text_; }
};

/// How texts show a number: integers in decimal, floating values with 6 digits.
inline void append(std::string& s, std::integral auto value) { s += std::to_string(value); }
inline void append(std::string& s, long double value) {
    char digits[48];
    std::snprintf(digits, sizeof digits, "%.6Lg", value);
    s += digits;
}

namespace detail {

template <class T>
concept any_object = std::is_class_v<T>;

/// One part of a text, without its type: a call of text() then costs an array, not the code of its appends.
class text_part {
    enum class kind : unsigned char { literal, view, character, signed_integer, unsigned_integer, floating, object };

    struct erased_object {
        void const* at;
        void (*append_to)(std::string&, void const*);
    };

    kind kind_;
    union {
        char const* literal_;
        std::string_view view_;
        char character_;
        long long signed_;
        unsigned long long unsigned_;
        long double floating_;
        erased_object object_;
    };

    template <class T>
    static void append_object(std::string& s, void const* object) {
        append(s, *static_cast<T const*>(object));
    }

public:
    text_part(char const* part) : kind_(kind::literal), literal_(part) {}
    text_part(std::string_view part) : kind_(kind::view), view_(part) {}
    text_part(std::string const& part) : text_part(std::string_view(part)) {}
    text_part(char part) : kind_(kind::character), character_(part) {}
    text_part(std::signed_integral auto part) : kind_(kind::signed_integer), signed_(part) {}
    text_part(std::unsigned_integral auto part) : kind_(kind::unsigned_integer), unsigned_(part) {}
    text_part(std::floating_point auto part) : kind_(kind::floating), floating_(part) {}
    text_part(any_object auto const& part)
        : kind_(kind::object), object_{&part, append_object<std::remove_cvref_t<decltype(part)>>} {}

    void append_to(std::string& s) const {
        switch (kind_) {
            case kind::literal:
                s += literal_;
                break;
            case kind::view:
                s += view_;
                break;
            case kind::character:
                s += character_;
                break;
            case kind::signed_integer:
                append(s, signed_);
                break;
            case kind::unsigned_integer:
                append(s, unsigned_);
                break;
            case kind::floating:
                append(s, floating_);
                break;
            case kind::object:
                object_.append_to(s, object_.at);
                break;
        }
    }
};

[[gnu::noinline]] inline std::string join(text_part const* parts, std::size_t count) {
    std::string s;
    for (std::size_t i = 0; i < count; ++i) parts[i].append_to(s);
    return s;
}

template <class Error>
[[noreturn, gnu::cold, gnu::noinline]] void fail_with(text_part const* parts, std::size_t count) {
    FALTUNG_THROW(Error(join(parts, count)));
}

/// Leaves with an error whose text is the parts, one after the other.
template <class Error, class... Parts>
[[noreturn]] FALTUNG_ALWAYS_INLINE void fail(Parts const&... parts) {
    const text_part list[] = {parts...};
    fail_with<Error>(list, sizeof...(Parts));
}

}  // namespace detail

/// The parts, one after the other, as one string. A class takes part that has an `append(std::string&, it)`.
template <class... Parts>
FALTUNG_ALWAYS_INLINE std::string text(Parts const&... parts) {
    if constexpr (sizeof...(Parts) == 0) {
        return {};
    } else {
        const detail::text_part list[] = {parts...};
        return detail::join(list, sizeof...(Parts));
    }
}

}  // namespace faltung
