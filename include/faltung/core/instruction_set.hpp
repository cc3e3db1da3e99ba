// faltung/core/instruction_set.hpp -- the names of the instruction sets that inner loops are compiled for
#pragma once

namespace faltung {

/// In the order of preference: a later one is wider. `baseline` is what the compiler's flags allow everywhere.
enum class instruction_set : unsigned char { baseline, avx2, avx512 };

constexpr char const* name_of(instruction_set i) {
    constexpr char const* names[] = {"baseline", "avx2", "avx512"};
    return names[static_cast<int>(i)];
}

}  // namespace faltung
