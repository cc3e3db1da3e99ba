// tests/method/method.test.cpp -- names, and the table that is the seam
#include <faltung/method/direct.hpp>
#include <faltung/method/fft.hpp>
#include <faltung/method/im2col.hpp>
#include <faltung/method/method.hpp>
#include <faltung/method/overlap_save.hpp>
#include <faltung/method/winograd.hpp>

#include <complex>
#include <string>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("method: names", "[method]") {
    CHECK(std::string(name_of(method::automatic)) == "automatic");
    CHECK(std::string(name_of(method::direct)) == "direct");
    CHECK(std::string(name_of(method::im2col)) == "im2col");
    CHECK(std::string(name_of(method::fft)) == "fft");
    CHECK(std::string(name_of(method::overlap_save)) == "overlap_save");
    CHECK(std::string(name_of(method::winograd)) == "winograd");
}

TEST_CASE("types: operands are held in the accumulator's precision, real ones as real numbers", "[method]") {
    using T = detail::types<std::uint8_t, std::complex<float>, std::complex<double>, std::complex<double>>;
    STATIC_REQUIRE(std::is_same_v<T::Data, double>);
    STATIC_REQUIRE(std::is_same_v<T::Weight, std::complex<double>>);
    using I = detail::types<std::int8_t, std::int16_t, std::int32_t, std::uint8_t>;
    STATIC_REQUIRE(std::is_same_v<I::Data, std::int32_t>);
    STATIC_REQUIRE(std::is_same_v<I::Weight, std::int32_t>);
}

TEST_CASE("method_table: one constant table for every method and types, every member filled", "[method]") {
    using T = detail::types<float, float, float, float>;
    for (auto const* t :
         {&detail::table_of<detail::direct, T>, &detail::table_of<detail::im2col, T>, &detail::table_of<detail::fft, T>,
          &detail::table_of<detail::overlap_save, T>, &detail::table_of<detail::winograd, T>}) {
        CHECK(t->supports);
        CHECK(t->predict);
        CHECK(t->workspace);
        CHECK(t->prepare);
        CHECK(t->grains);
        CHECK(t->run);
    }
    CHECK(detail::table_of<detail::direct, T>.name == method::direct);
    CHECK(detail::table_of<detail::im2col, T>.name == method::im2col);
    CHECK(detail::table_of<detail::fft, T>.name == method::fft);
    CHECK(detail::table_of<detail::overlap_save, T>.name == method::overlap_save);
    CHECK(detail::table_of<detail::winograd, T>.name == method::winograd);
}

TEST_CASE("methods: an adjoint direction is refused in a sentence", "[method]") {
    problem p;
    p.push_back({});
    CHECK_FALSE(detail::direct::supports(p));
    CHECK_FALSE(detail::im2col::supports(p));
    for (const direction d : {direction::adjoint_x, direction::adjoint_h}) {
        p.direction = d;
        CHECK(detail::direct::supports(p).value_or("") ==
              "direct computes forward problems; the plan lowers its adjoints to them");
        CHECK(detail::im2col::supports(p).value_or("") ==
              "im2col computes forward problems; the plan lowers its adjoints to them");
        CHECK(detail::fft::supports(p).value_or("") ==
              "fft computes forward problems; the plan lowers its adjoints to them");
        CHECK(detail::overlap_save::supports(p).value_or("") ==
              "overlap_save computes forward problems; the plan lowers its adjoints to them");
    }
}
