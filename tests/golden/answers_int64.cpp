// tests/golden/answers_int64.cpp -- sums of int64, stored in the operands' type
#include "answers.hpp"

namespace faltung::golden {

answerers with_int64_sums() {
    return {answers<bool>(),
            answers<std::int8_t>(),
            answers<std::uint8_t>(),
            answers<std::int16_t>(),
            answers<std::uint16_t>(),
            answers<std::int32_t>(),
            answers<std::uint32_t>(),
            answers_and_adjoints<std::int64_t>(),
            answers<std::int8_t, std::uint8_t, std::int16_t>()};
}

}  // namespace faltung::golden
