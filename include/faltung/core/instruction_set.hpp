// faltung/core/instruction_set.hpp -- the names of the instruction sets that inner loops are compiled for
#pragma once

namespace faltung {

/// In the order of preference: a later one is wider. `baseline` is what the compiler's flags allow everywhere.
enum class instruction_set : unsigned char { baseline, avx2, avx512 };

constexpr char const* name_of(instruction_set i) {
    constexpr char const* names[] = {"baseline", "avx2", "avx512"};
    return names[static_cast<int>(i)];
}

/// How sums of 32 bits take products of bytes: those of two channels, as 16 bits each, which every set has; or those of
/// four, of an unsigned and a signed byte (AVX-512 VNNI).
enum class byte_products : unsigned char { pairs, quads };

}  // namespace faltung
