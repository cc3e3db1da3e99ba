// tests/core/instruction_set.test.cpp -- the names and the order of the instruction sets
#include <faltung/core/instruction_set.hpp>

#include <string>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("instruction_set: a later one is wider, and each has the name that compilers use", "[core]") {
    STATIC_REQUIRE(instruction_set::baseline < instruction_set::avx2);
    STATIC_REQUIRE(instruction_set::avx2 < instruction_set::avx512);
    CHECK(std::string(name_of(instruction_set::baseline)) == "baseline");
    CHECK(std::string(name_of(instruction_set::avx2)) == "avx2");
    CHECK(std::string(name_of(instruction_set::avx512)) == "avx512");
}
