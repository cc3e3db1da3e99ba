// tests/golden/answers_int64_as_double.cpp -- sums of int64 stored as double: Octave and fftconvolve of integers
#include "answers.hpp"

namespace faltung::golden {

answerers with_int64_sums_as_double() {
    return {answers<bool, bool, double>(),
            answers<std::int8_t, std::int8_t, double>(),
            answers<std::uint8_t, std::uint8_t, double>(),
            answers<std::int16_t, std::int16_t, double>(),
            answers<std::uint16_t, std::uint16_t, double>(),
            answers<std::int32_t, std::int32_t, double>(),
            answers<std::uint32_t, std::uint32_t, double>(),
            answers<std::int64_t, std::int64_t, double>()};
}

}  // namespace faltung::golden
