// faltung/simd/target.hpp -- which instruction sets are compiled in, which one this CPU runs, and how a loop is
// compiled for each
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/config.hpp"
#include "../core/instruction_set.hpp"

// A loop is written once, as an always_inline body templated on the bytes of a vector, and called from one function
// per instruction set that carries the target attribute. So a program built with plain -O2 runs at full width on the
// CPU it meets. What the compiler may use anyway (-march=...) is `baseline`, and only what is wider is compiled too.
#if defined(__x86_64__) && defined(__clang__)
// clang splits 64-byte vectors in two unless the function asks for the width
#define FALTUNG_TARGET_AVX512 \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"), min_vector_width(512)))
#define FALTUNG_TARGET_AVX2 __attribute__((target("avx2,fma")))
#elif defined(__x86_64__)
#define FALTUNG_TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define FALTUNG_TARGET_AVX2 __attribute__((target("avx2,fma")))
#else
#define FALTUNG_TARGET_AVX512
#define FALTUNG_TARGET_AVX2
#endif

// to = instruction(from), lane by lane, through a register that is as wide as the two objects: for what compilers make
// scalar code of (a square root may set errno). Objects in memory, since clang compares the width of a register operand
// with the target of the function that an always_inline body was written in.
#if defined(__x86_64__)
#define FALTUNG_EVERY_LANE(instruction, move, wide, to, from)                                           \
    __asm__(move " %1, %%" wide "\n\t" instruction " %%" wide ", %%" wide "\n\t" move " %%" wide ", %0" \
            : "=m"(to)                                                                                  \
            : "m"(from)                                                                                 \
            : "xmm0")
#else
#define FALTUNG_EVERY_LANE(instruction, move, wide, to, from) static_cast<void>(to = from)
#endif

// At the end of a function whose only wide registers are those of FALTUNG_EVERY_LANE: compilers do this by themselves
// where they see such a register, and until it is done the instructions of the baseline run at a fraction of their
// speed.
#if defined(__x86_64__)
#define FALTUNG_LEAVE_WIDE_REGISTERS()                                                                              \
    __asm__ volatile("vzeroupper" ::                                                                                \
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
                           "xmm11", "xmm12", "xmm13", "xmm14", "xmm15")
#else
#define FALTUNG_LEAVE_WIDE_REGISTERS() static_cast<void>(0)
#endif

// The compiler forgets what it knows of a pointer: what is read through it is read again, where it would be kept in a
// register and moved from there (a broadcast from a register takes a unit that multiplies, one from memory does not).
#define FALTUNG_FORGET(pointer) __asm__("" : "+r"(pointer))

// A vector of 64 bytes stays in its register: g++ reads it again from memory for every product that it is part of, and
// a load that splits a line of the cache takes as long as two.
#if defined(__x86_64__) && !defined(__clang__)
#define FALTUNG_LOAD_ONCE(v) __asm__("" : "+v"(v))
#else
#define FALTUNG_LOAD_ONCE(v) static_cast<void>(v)
#endif

// Stores a vector past the caches: no line is read only to be overwritten. `to` is aligned to the vector. clang
// compares the width of a register operand with the target of the function that an always_inline body was written in.
#if defined(__x86_64__) && defined(__clang__)
#define FALTUNG_STORE_PAST_CACHES(to, v) __builtin_nontemporal_store(v, &(to))
#elif defined(__x86_64__)
#define FALTUNG_STORE_PAST_CACHES(to, v)                     \
    do {                                                     \
        if constexpr (sizeof(v) == 64)                       \
            __asm__("vmovntps %1, %0" : "=m"(to) : "v"(v));  \
        else if constexpr (sizeof(v) == 32)                  \
            __asm__("vmovntps %1, %0" : "=m"(to) : "x"(v));  \
        else                                                 \
            __asm__("%vmovntps %1, %0" : "=m"(to) : "x"(v)); \
    } while (false)
#else
#define FALTUNG_STORE_PAST_CACHES(to, v) static_cast<void>(to = v)
#endif

// sum = a.low * b.low + a.high * b.high in every lane of 32 bits, of signed halves: one instruction that compilers do
// not find by themselves. Three vectors of one type.
#if defined(__x86_64__) && !defined(__clang__)
#define FALTUNG_MULTIPLY_HALVES(bytes, sum, a, b)                        \
    do {                                                                 \
        if constexpr ((bytes) == 64)                                     \
            __asm__("vpmaddwd %2, %1, %0" : "=v"(sum) : "v"(a), "v"(b)); \
        else if constexpr ((bytes) == 32)                                \
            __asm__("vpmaddwd %2, %1, %0" : "=x"(sum) : "x"(a), "x"(b)); \
        else                                                             \
            __asm__("pmaddwd %1, %0" : "=x"(sum) : "x"(b), "0"(a));      \
    } while (false)
#else
#define FALTUNG_MULTIPLY_HALVES(bytes, sum, a, b) \
    static_cast<void>((sum) = (((a) << 16) >> 16) * (((b) << 16) >> 16) + ((a) >> 16) * ((b) >> 16))
#endif

// sum += the products of four bytes in every lane of 32 bits, unsigned in a and signed in b, exactly: one instruction
// that compilers do not find by themselves. Three vectors of one type, of signed lanes.
#if defined(__x86_64__) && !defined(__clang__)
#define FALTUNG_ADD_BYTE_PRODUCTS(bytes, sum, a, b)                      \
    do {                                                                 \
        if constexpr ((bytes) == 64)                                     \
            __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b)); \
        else                                                             \
            FALTUNG_ADD_EACH_BYTE_PRODUCT(sum, a, b);                    \
    } while (false)
#else
#define FALTUNG_ADD_BYTE_PRODUCTS(bytes, sum, a, b) FALTUNG_ADD_EACH_BYTE_PRODUCT(sum, a, b)
#endif
#define FALTUNG_ADD_EACH_BYTE_PRODUCT(sum, a, b)                                                            \
    static_cast<void>((sum) += ((a)&255) * (((b) << 24) >> 24) + (((a) >> 8) & 255) * (((b) << 16) >> 24) + \
                               (((a) >> 16) & 255) * (((b) << 8) >> 24) + (((a) >> 24) & 255) * ((b) >> 24))

// Conversions that g++ makes many instructions of. to = bytes, each as 32 bits; and 16 floats, in one vector or two, as
// 16 bytes: rounded to nearest even, clamped to [0, 255], NaN as 0; `highest` has 255 in every lane. Operands in
// registers: g++ 12 takes a function that reads or writes in such statements alone for one that touches no memory.
#if defined(__x86_64__) && !defined(__clang__)
#define FALTUNG_HAS_BYTE_CONVERSIONS 1
#define FALTUNG_WIDEN_BYTES(to, from)                           \
    do {                                                        \
        if constexpr (sizeof(to) == 64)                         \
            __asm__("vpmovzxbd %1, %0" : "=v"(to) : "v"(from)); \
        else                                                    \
            __asm__("vpmovzxbd %1, %0" : "=x"(to) : "x"(from)); \
    } while (false)
#define FALTUNG_BYTES_OF_16_FLOATS(to, from, highest)                                           \
    __asm__(                                                                                    \
        "vminps %1, %2, %%zmm0\n\tvcvtps2dq %%zmm0, %%zmm0\n\tvpxor %%xmm1, %%xmm1, %%xmm1\n\t" \
        "vpmaxsd %%zmm1, %%zmm0, %%zmm0\n\tvpmovusdb %%zmm0, %0"                                \
        : "=v"(to)                                                                              \
        : "v"(from), "v"(highest)                                                               \
        : "xmm0", "xmm1")
#define FALTUNG_BYTES_OF_8_AND_8_FLOATS(to, low, high, highest)                                               \
    __asm__(                                                                                                  \
        "vminps %1, %3, %%ymm0\n\tvminps %2, %3, %%ymm1\n\tvcvtps2dq %%ymm0, %%ymm0\n\t"                      \
        "vcvtps2dq %%ymm1, %%ymm1\n\tvpackssdw %%ymm1, %%ymm0, %%ymm0\n\tvextracti128 $1, %%ymm0, %%xmm1\n\t" \
        "vpackuswb %%xmm1, %%xmm0, %%xmm0\n\tvpshufd $0xd8, %%xmm0, %0"                                       \
        : "=x"(to)                                                                                            \
        : "x"(low), "x"(high), "x"(highest)                                                                   \
        : "xmm0", "xmm1")
#else
#define FALTUNG_HAS_BYTE_CONVERSIONS 0
#define FALTUNG_WIDEN_BYTES(to, from) static_cast<void>(0)
#define FALTUNG_BYTES_OF_16_FLOATS(to, from, highest) static_cast<void>(from)
#define FALTUNG_BYTES_OF_8_AND_8_FLOATS(to, low, high, highest) static_cast<void>(high)
#endif

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Asks for the line of the cache that lies so many bytes further on, whether memory is there or not: as a number, an
/// address may leave its array.
FALTUNG_ALWAYS_INLINE void fetch_ahead(void const* from, std::uintptr_t bytes) noexcept {
    const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(from) + bytes;
    void const* at = nullptr;
    __builtin_memcpy(&at, &address, sizeof at);
    __builtin_prefetch(at);
}

/// The same of a line that will be written: stores do not wait for it then.
FALTUNG_ALWAYS_INLINE void fetch_to_write(void* to, std::uintptr_t bytes) noexcept {
    fetch_ahead(to, bytes);  // the line is nobody else's: a fetch to read gives it away, too
}

/// How far ahead of the stores the lines of an output are asked for.
inline constexpr std::uintptr_t bytes_to_write_ahead = 1024;

/// The same for the second-level cache alone.
FALTUNG_ALWAYS_INLINE void fetch_nearer(void const* from, std::uintptr_t bytes) noexcept {
    const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(from) + bytes;
    void const* at = nullptr;
    __builtin_memcpy(&at, &address, sizeof at);
    __builtin_prefetch(at, 0, 2);
}

/// An output of so many bytes or more is stored past the caches where that is possible: little of it would be left
/// there when it is read, and its lines would be fetched only to be overwritten.
inline constexpr std::ptrdiff_t least_bytes_past_caches = std::ptrdiff_t{4} << 20;

/// Where results go.
enum class destination : unsigned char {
    caches,
    caches_from_afar,  // their lines come from far away: they are asked for ahead
    past_caches        // they are not needed soon; whoever asks for that finishes such stores
};

#if defined(__x86_64__)
/// Other threads see what was stored past the caches before what is stored after this.
inline void finish_stores_past_caches() noexcept { __builtin_ia32_sfence(); }
#else
inline void finish_stores_past_caches() noexcept {}
#endif

/// Where an output of so many bytes goes, straight from the sums. On Intel's processors ordinary stores to lines that
/// are asked for ahead are the faster ones, whether these lie in the caches or not.
inline destination destination_of(std::ptrdiff_t bytes) noexcept {
#if defined(__x86_64__)
    if (__builtin_cpu_is("intel"))
        return bytes < least_bytes_past_caches / 8 ? destination::caches : destination::caches_from_afar;
#endif
    return bytes < least_bytes_past_caches ? destination::caches : destination::past_caches;
}

#if defined(__x86_64__)
/// 16 floats as bytes: rounded to nearest even, clamped to [0, 255], NaN as 0. Every x86-64 has the instructions.
inline constexpr bool has_rounding_to_bytes = true;
FALTUNG_ALWAYS_INLINE void round_to_bytes(float const* from, unsigned char* to) noexcept {
    typedef float floats __attribute__((vector_size(16)));
    typedef int integers __attribute__((vector_size(16)));
    typedef short halves __attribute__((vector_size(16)));
    typedef char bytes __attribute__((vector_size(16)));
    const floats highest = {255, 255, 255, 255};
    integers part[4];
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
        floats v;
        __builtin_memcpy(&v, from + 4 * i, sizeof v);
        part[i] = __builtin_ia32_cvtps2dq(__builtin_ia32_minps(highest, v));  // the second one if it is NaN
    }
    const bytes all = __builtin_ia32_packuswb128(static_cast<halves>(__builtin_ia32_packssdw128(part[0], part[1])),
                                                 static_cast<halves>(__builtin_ia32_packssdw128(part[2], part[3])));
    __builtin_memcpy(to, &all, sizeof all);
}
#else
inline constexpr bool has_rounding_to_bytes = false;
inline void round_to_bytes(float const*, unsigned char*) noexcept {}
#endif

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
inline constexpr int baseline_bytes = 64;
#elif defined(__AVX2__) && defined(__FMA__)
inline constexpr int baseline_bytes = 32;
#else
inline constexpr int baseline_bytes = 16;
#endif

#if defined(__x86_64__)
inline constexpr bool has_wider_versions = true;

/// The widest instruction set that is compiled in and that this CPU runs.
inline instruction_set best_instruction_set() noexcept {
    if (baseline_bytes < 64 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return instruction_set::avx512;
    if (baseline_bytes < 32 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return instruction_set::avx2;
    return instruction_set::baseline;
}
#else
inline constexpr bool has_wider_versions = false;
inline instruction_set best_instruction_set() noexcept { return instruction_set::baseline; }
#endif

#if defined(__x86_64__) && !defined(__clang__)
/// The most that the instructions of this CPU take at once.
inline byte_products best_byte_products() noexcept {
    return best_instruction_set() == (baseline_bytes == 64 ? instruction_set::baseline : instruction_set::avx512) &&
                   __builtin_cpu_supports("avx512vnni")
               ? byte_products::quads
               : byte_products::pairs;
}
#else
inline byte_products best_byte_products() noexcept { return byte_products::pairs; }
#endif

/// Whether the loops have a version of their own for this set; otherwise they run the baseline.
constexpr bool is_compiled_in(instruction_set i) {
    return i == instruction_set::baseline ||
           (has_wider_versions && baseline_bytes < (i == instruction_set::avx512 ? 64 : 32));
}

/// Of the vectors that a loop's version for this set has.
constexpr int bytes_of_vector(instruction_set i) {
    if (i == instruction_set::baseline || !is_compiled_in(i)) return baseline_bytes;
    return i == instruction_set::avx512 ? 64 : 32;
}

/// The versions of a loop. `Loop` has a type `arguments` and an always_inline `body<Bytes>(arguments const&)`, which
/// must not contain a lambda: a lambda does not inherit the target. The body gets a copy: no store that it makes can
/// change its arguments, and so they stay in registers.
template <class Loop>
struct versions {
    using arguments = typename Loop::arguments;
    using function = void (*)(arguments const&) noexcept;

    static void baseline(arguments const& given) noexcept {
        const arguments a = given;
        Loop::template body<baseline_bytes>(a);
    }
    FALTUNG_TARGET_AVX2 static void avx2(arguments const& given) noexcept {
        const arguments a = given;
        Loop::template body<32>(a);
    }
    FALTUNG_TARGET_AVX512 static void avx512(arguments const& given) noexcept {
        const arguments a = given;
        Loop::template body<64>(a);
    }

    static function of(instruction_set i) noexcept {
        if constexpr (is_compiled_in(instruction_set::avx512))
            if (i == instruction_set::avx512) return avx512;
        if constexpr (is_compiled_in(instruction_set::avx2))
            if (i == instruction_set::avx2) return avx2;
        return baseline;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
