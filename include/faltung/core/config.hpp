// faltung/core/config.hpp -- what a build may switch: how errors leave, and the namespace of compiled loops
#pragma once

#include <cstdio>
#include <cstdlib>

// Errors are exceptions. A build without exceptions prints the text and aborts, or defines FALTUNG_THROW itself
// (a macro that receives the exception object and does not return).
#if !defined(FALTUNG_THROW)
#if defined(__cpp_exceptions)
#define FALTUNG_THROW(exception) throw exception
#else
#define FALTUNG_THROW(exception) ::faltung::detail::terminate_with((exception).what())
#endif
#endif

#define FALTUNG_ALWAYS_INLINE inline __attribute__((always_inline))

// Everything that computes lives in an inline namespace named after the instruction set that the compiler may use
// freely in this translation unit. Two files compiled with different -m flags then never share a compute function:
// without it the linker keeps one copy and may hand wide instructions to the file that was compiled without them.
#if defined(__AVX512F__)
#define FALTUNG_COMPILED compiled_avx512
#elif defined(__AVX2__)
#define FALTUNG_COMPILED compiled_avx2
#else
#define FALTUNG_COMPILED compiled_baseline
#endif

namespace faltung::detail {

[[noreturn]] inline void terminate_with(char const* text) noexcept {
    std::fprintf(stderr, "faltung: %s\n", text);
    std::abort();
}

}  // namespace faltung::detail
