// tests/simd/target.test.cpp -- which versions of a loop exist, and that each one that this CPU runs is the one asked
// for
#include <faltung/simd/target.hpp>

#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::detail;

namespace {

struct width_reporter {
    struct arguments {
        int* bytes;
    };
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        *a.bytes = Bytes;
    }
};

}  // namespace

TEST_CASE("target: the baseline is always there, and the best set is compiled in", "[simd]") {
    CHECK(is_compiled_in(instruction_set::baseline));
    CHECK(is_compiled_in(best_instruction_set()));
    CHECK(baseline_bytes >= 16);
}

TEST_CASE("target: every version runs the body with its own width", "[simd]") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > best_instruction_set()) continue;
        int bytes = 0;
        versions<width_reporter>::of(i)({&bytes});
        const int wanted = i == instruction_set::avx512 ? 64 : i == instruction_set::avx2 ? 32 : baseline_bytes;
        CHECK(bytes == (is_compiled_in(i) ? wanted : baseline_bytes));
    }
}

TEST_CASE("target: what the compiler may use anyway is not compiled a second time", "[simd]") {
    for (const instruction_set i : {instruction_set::avx2, instruction_set::avx512})
        if (!is_compiled_in(i))
            CHECK(versions<width_reporter>::of(i) == versions<width_reporter>::of(instruction_set::baseline));
    CHECK(is_compiled_in(instruction_set::avx2) == (has_wider_versions && baseline_bytes < 32));
    CHECK(is_compiled_in(instruction_set::avx512) == (has_wider_versions && baseline_bytes < 64));
}
