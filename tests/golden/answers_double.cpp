// tests/golden/answers_double.cpp -- sums of double: scipy.ndimage, whose kernels are float64 for every input
#include "answers.hpp"

namespace faltung::golden {

answerers with_double_sums() {
    return {answers_and_adjoints<double>(),
            answers<std::int8_t, double, std::int8_t>(),
            answers<std::uint8_t, double, std::uint8_t>(),
            answers<std::int16_t, double, std::int16_t>(),
            answers<std::uint16_t, double, std::uint16_t>(),
            answers<std::int32_t, double, std::int32_t>(),
            answers<std::uint32_t, double, std::uint32_t>(),
            answers<std::int64_t, double, std::int64_t>(),
            answers<std::uint64_t, double, std::uint64_t>(),
            answers<float, double, float>(),
            answers<std::uint8_t, double, std::int16_t>(),
            answers<std::uint8_t, double, float>(),
            answers<std::uint8_t, double, double>(),
            answers<std::int8_t, double, std::uint8_t>(),
            answers<float, double, std::int16_t>(),
            answers<double, double, std::uint8_t>(),
            answers<double, double, float>(),
            answers<std::int32_t, float, double>(),
            answers<std::uint8_t, float, double>(),
            answers<std::uint16_t, float, double>(),
            answers<std::int16_t, float, double>()};
}

}  // namespace faltung::golden
