// tests/method/store.test.cpp -- rounding, clamping and wrapping into every output type, against an independent formula
#include <faltung/core/buffer.hpp>
#include <faltung/method/store.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/stored.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

constexpr overflow overflows[] = {overflow::wrap, overflow::saturate};
constexpr rounding roundings[] = {rounding::nearest_even, rounding::toward_zero};

/// Ties, the ends of every integer type and their neighbours, huge values, infinities, NaN; and random ones.
template <class Acc>
std::vector<Acc> floating_sums() {
    const Acc inf = std::numeric_limits<Acc>::infinity();
    std::vector<Acc> v{0,
                       Acc(-0.0),
                       inf,
                       -inf,
                       std::numeric_limits<Acc>::quiet_NaN(),
                       std::numeric_limits<Acc>::max(),
                       std::numeric_limits<Acc>::lowest(),
                       std::numeric_limits<Acc>::min(),
                       std::numeric_limits<Acc>::denorm_min(),
                       Acc(0.49999997f)};
    for (int half = -21; half <= 21; ++half) v.push_back(static_cast<Acc>(half) / 2);
    for (int bits = 6; bits <= 70; ++bits)
        for (const Acc at : {std::ldexp(Acc(1), bits), std::ldexp(Acc(-1), bits)})
            for (const Acc by :
                 {Acc(-1), Acc(-0.75), Acc(-0.5), Acc(-0.25), Acc(0), Acc(0.25), Acc(0.5), Acc(0.75), Acc(1), Acc(1.5)})
                v.push_back(at + by);
    for (const Acc at : {std::ldexp(Acc(1), 63), std::ldexp(Acc(1), 64), std::ldexp(Acc(1), 80)}) {
        v.push_back(std::nextafter(at, Acc(0)));
        v.push_back(std::nextafter(at, inf));
        v.push_back(-std::nextafter(at, Acc(0)));
        v.push_back(-std::nextafter(at, inf));
    }
    random_source r(1);
    for (int i = 0; i < 2000; ++i) v.push_back(r.any<Acc>() * std::ldexp(Acc(1), static_cast<int>(r.between(-4, 70))));
    while (v.size() % 16 != 7) v.push_back(Acc(0.5));  // whole groups of 16 and a rest
    return v;
}

std::vector<std::int64_t> integer_sums() {
    std::vector<std::int64_t> v{0, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    for (int bits = 0; bits < 63; ++bits)
        for (std::int64_t by = -2; by <= 2; ++by) {
            v.push_back((std::int64_t{1} << bits) + by);
            v.push_back(-(std::int64_t{1} << bits) + by);
        }
    random_source r(2);
    for (int i = 0; i < 1000; ++i) v.push_back(r.any<std::int64_t>() >> r.between(0, 60));
    return v;
}

/// How many of the sums a row of stores turns into something else than `want(sum)`, at steps 1 to 3 and backwards; or
/// between which something is written.
template <class Acc, class Y, class Want>
int wrong_stores(std::vector<Acc> const& sums, problem::store_rule const& rule, Want want) {
    int wrong = 0;
    const index_t count = static_cast<index_t>(sums.size());
    for (const index_t step : {1, 2, 3, -1}) {
        const index_t distance = step < 0 ? -step : step;
        const buffer<Y> memory(distance * count);
        std::fill_n(memory.data(), distance * count, Y(1));
        Y* const to = step < 0 ? memory.data() + count - 1 : memory.data();
        detail::store_row(sums.data(), to, step, count, rule);
        for (index_t i = 0; i < count; ++i) {
            wrong += to[i * step] != want(sums[static_cast<std::size_t>(i)]);
            for (index_t gap = 1; gap < distance; ++gap) wrong += memory.data()[i * distance + gap] != Y(1);
        }
    }
    return wrong;
}

template <class Acc, class Y>
void check_floating() {
    const std::vector<Acc> sums = floating_sums<Acc>();
    for (const overflow o : overflows)
        for (const rounding r : roundings) {
            INFO(name_of(element_of<Acc>())
                 << " to " << name_of(element_of<Y>()) << (o == overflow::wrap ? " wrap" : " saturate")
                 << (r == rounding::nearest_even ? " nearest_even" : " toward_zero"));
            CHECK(wrong_stores<Acc, Y>(sums, {o, r, epilogue::none},
                                       [&](Acc v) { return stored<Y>(static_cast<long double>(v), o, r); }) == 0);
        }
}

template <class Acc, class Y>
void check_integer() {
    std::vector<Acc> sums;
    for (std::int64_t v : integer_sums()) sums.push_back(static_cast<Acc>(v));
    for (const overflow o : overflows) {
        INFO(name_of(element_of<Acc>()) << " to " << name_of(element_of<Y>())
                                        << (o == overflow::wrap ? " wrap" : " saturate"));
        CHECK(wrong_stores<Acc, Y>(sums, {o, rounding::nearest_even, epilogue::none},
                                   [&](Acc v) { return stored<Y>(static_cast<wide_integer>(v), o); }) == 0);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("store: floating sums into every integer type", "[method]", bool, char, std::int8_t, std::uint8_t,
                   std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t) {
    check_floating<float, TestType>();
    check_floating<double, TestType>();
    check_floating<long double, TestType>();
}

TEMPLATE_TEST_CASE("store: integer sums into every integer type", "[method]", bool, char, std::int8_t, std::uint8_t,
                   std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t) {
    check_integer<std::int64_t, TestType>();
    check_integer<std::uint64_t, TestType>();
    check_integer<std::int32_t, TestType>();
}

TEST_CASE("store: what the rules are, in numbers", "[method]") {
    using detail::store_as;
    constexpr problem::store_rule wrap{}, clamp{overflow::saturate, rounding::nearest_even, epilogue::none},
        cut{overflow::saturate, rounding::toward_zero, epilogue::none};
    CHECK(store_as<std::uint8_t>(2.5f, clamp) == 2);
    CHECK(store_as<std::uint8_t>(3.5f, clamp) == 4);
    CHECK(store_as<std::uint8_t>(3.99f, cut) == 3);
    CHECK(store_as<std::int8_t>(-3.99f, cut) == -3);
    CHECK(store_as<std::uint8_t>(-1.0f, clamp) == 0);
    CHECK(store_as<std::uint8_t>(-1.0f, wrap) == 255);
    CHECK(store_as<std::uint8_t>(256.0f, wrap) == 0);
    CHECK(store_as<std::int8_t>(std::int64_t{200}, wrap) == -56);
    CHECK(store_as<std::int8_t>(std::int64_t{200}, clamp) == 127);
    CHECK(store_as<std::uint8_t>(std::numeric_limits<float>::quiet_NaN(), clamp) == 0);
    CHECK(store_as<std::int16_t>(std::numeric_limits<double>::infinity(), clamp) == 32767);
    CHECK(store_as<std::int16_t>(std::numeric_limits<double>::infinity(), wrap) == 0);
    CHECK(store_as<bool>(0.25f, clamp));
    CHECK(store_as<bool>(std::int64_t{256}, wrap));
    CHECK_FALSE(store_as<bool>(0.0, wrap));
}

TEST_CASE("store: floating outputs are rounded once, real sums fill complex outputs", "[method]") {
    using detail::store_as;
    CHECK(store_as<float>(0.1, {}) == 0.1f);
    CHECK(store_as<float>(1e300, {}) == std::numeric_limits<float>::infinity());
    CHECK(store_as<double>(std::int64_t{1} << 60, {}) == 0x1p60);
    CHECK(store_as<std::complex<double>>(0.5f, {}) == std::complex<double>(0.5, 0));
    CHECK(store_as<std::complex<float>>(std::complex<double>(0.1, -0.1), {}) == std::complex<float>(0.1f, -0.1f));
}
