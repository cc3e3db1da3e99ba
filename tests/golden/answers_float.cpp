// tests/golden/answers_float.cpp -- sums of float: OpenCV's depths
#include "answers.hpp"

namespace faltung::golden {

answerers with_float_sums() {
    using i16 = std::int16_t;
    using u16 = std::uint16_t;
    using u8 = std::uint8_t;
    return {answers_and_adjoints<float>(), answers<u8, float, u8>(),    answers<u8, float, i16>(),
            answers<u8, float, u16>(),     answers<u8, float, float>(), answers<u16, float, u16>(),
            answers<u16, float, float>(),  answers<i16, float, i16>(),  answers<i16, float, float>()};
}

}  // namespace faltung::golden
