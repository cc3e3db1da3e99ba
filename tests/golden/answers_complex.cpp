// tests/golden/answers_complex.cpp -- sums of std::complex
#include "answers.hpp"

namespace faltung::golden {

answerers with_complex_sums() {
    using c64 = std::complex<float>;
    using c128 = std::complex<double>;
    return {answers_and_adjoints<c64>(),         answers_and_adjoints<c128>(), answers<float, c64, c64>(),
            answers<double, c128, c128>(),       answers<c64, double, c64>(),  answers<c128, double, c128>(),
            answers<std::complex<long double>>()};
}

}  // namespace faltung::golden
