// faltung/fftw/wisdom.hpp -- FFTW's wisdom, what `measure` has found out, kept in a file
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <system_error>

#include "../core/error.hpp"
#include "planner.hpp"

namespace faltung::detail {

struct close_file {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
};
using open_file = std::unique_ptr<std::FILE, close_file>;

struct free_text {
    void operator()(char* text) const noexcept { std::free(text); }
};

[[noreturn, gnu::cold]] inline void refuse_wisdom(char const* what, std::string const& path) {
    fail<option_error>(what, " '", path, "': ", std::generic_category().message(errno));
}

template <class R>
std::string fftw_wisdom() {
    const std::unique_ptr<char, free_text> wisdom(fftw_functions<R>::export_wisdom());
    if (!wisdom) FALTUNG_THROW(std::bad_alloc());
    return wisdom.get();
}

// The end of the parenthesis that `from` stands before or at; npos where it is not closed.
inline std::size_t end_of_wisdom(std::string const& s, std::size_t from) {
    int depth = 0;
    for (std::size_t i = from; i < s.size(); ++i) {
        if (s[i] == '(') ++depth;
        if (s[i] == ')' && --depth == 0) return i + 1;
    }
    return std::string::npos;
}

}  // namespace faltung::detail

namespace faltung::fftw {

/// Writes what FFTW has learnt in this process into the file `path`, in place of what it held: a part for each of the
/// precisions R, all three without a list.
/// Errors: option_error with the path and the system's reason.
template <class... R>
void save_wisdom(std::string const& path) {
    if constexpr (sizeof...(R) == 0) {
        save_wisdom<float, double, long double>(path);
    } else {
        std::string wisdom;
        {
            const std::lock_guard lock(planner_mutex());
            ((wisdom += detail::fftw_wisdom<R>()), ...);
        }
        detail::open_file file(std::fopen(path.c_str(), "wb"));
        if (!file || std::fwrite(wisdom.data(), 1, wisdom.size(), file.get()) != wisdom.size() ||
            std::fclose(file.release()) != 0)
            detail::refuse_wisdom("fftw::save_wisdom: cannot write", path);
    }
}

/// Adds to what FFTW knows what save_wisdom, or FFTW itself in one precision, has written. Plans that are made
/// afterwards use it.
/// Errors: option_error with the path where the file cannot be read, or a part of it is for no precision of R or is
/// refused by FFTW, because another version wrote it or it is damaged. Parts before that one stay known.
template <class... R>
void load_wisdom(std::string const& path) {
    if constexpr (sizeof...(R) == 0) {
        load_wisdom<float, double, long double>(path);
    } else {
        const detail::open_file file(std::fopen(path.c_str(), "rb"));
        if (!file) detail::refuse_wisdom("fftw::load_wisdom: cannot read", path);
        std::string wisdom;
        char block[4096];
        while (const std::size_t count = std::fread(block, 1, sizeof block, file.get())) wisdom.append(block, count);
        if (std::ferror(file.get())) detail::refuse_wisdom("fftw::load_wisdom: cannot read", path);

        const std::lock_guard lock(planner_mutex());
        std::size_t part = 0, begin = 0;
        do {
            const std::size_t end = detail::end_of_wisdom(wisdom, begin);
            const std::string text = wisdom.substr(begin, end - begin);
            if (!(detail::fftw_functions<R>::import_wisdom(text.c_str()) || ...))
                detail::fail<option_error>("fftw::load_wisdom: '", path, "': part ", part + 1,
                                           " is no wisdom that this FFTW takes");
            ++part;
            begin = wisdom.find('(', end);
        } while (begin != std::string::npos);
    }
}

}  // namespace faltung::fftw
