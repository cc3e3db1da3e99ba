// faltung/core/config.hpp -- what depends on the build and the system: how errors leave, the namespace of
// compiled loops, large pages
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#if defined(__linux__)
#include <sys/mman.h>
#endif

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

// Everything that computes lives in FALTUNG_COMPILED, an inline namespace named after the instruction set that the
// compiler may use freely in this translation unit, and after whether it optimises. Two files compiled with other flags
// then never share a compute function: without it the linker keeps one copy, and may hand wide instructions to the file
// that was compiled without them, or the slow loops of a debugged file, which round otherwise, to an optimised one.
// FALTUNG_COMPILED_FOR is for what a debugged file may take from an optimised one where it is told to.
#if defined(__AVX512F__)
#define FALTUNG_COMPILED_FOR compiled_avx512
#elif defined(__AVX2__)
#define FALTUNG_COMPILED_FOR compiled_avx2
#else
#define FALTUNG_COMPILED_FOR compiled_baseline
#endif
#if defined(__OPTIMIZE__)
#define FALTUNG_COMPILED FALTUNG_COMPILED_FOR
#elif defined(__AVX512F__)
#define FALTUNG_COMPILED compiled_avx512_unoptimised
#elif defined(__AVX2__)
#define FALTUNG_COMPILED compiled_avx2_unoptimised
#else
#define FALTUNG_COMPILED compiled_baseline_unoptimised
#endif

namespace faltung::detail {

[[noreturn]] inline void terminate_with(char const* text) noexcept {
    std::fprintf(stderr, "faltung: %s\n", text);
    std::abort();
}

/// Asks for pages of 2 MB, which are entered and found in fewer steps, below memory of several MB that nobody has
/// touched yet. A system that has no such pages does nothing.
inline void ask_for_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(MADV_HUGEPAGE)
    constexpr std::uintptr_t page = 4096;
    if (bytes < std::size_t{4} << 20) return;
    const std::uintptr_t before = (page - reinterpret_cast<std::uintptr_t>(memory) % page) % page;  // a page begins
    ::madvise(static_cast<char*>(memory) + before, (bytes - before) / page * page, MADV_HUGEPAGE);
#endif
}

}  // namespace faltung::detail
