// tests/golden/answers_wide.cpp -- sums of uint64 and of long double
#include "answers.hpp"

namespace faltung::golden {

answerers with_wide_sums() {
    return {answers<std::uint64_t>(), answers<std::uint64_t, std::uint64_t, double>(), answers<long double>()};
}

}  // namespace faltung::golden
