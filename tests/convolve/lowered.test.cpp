// tests/convolve/lowered.test.cpp -- the packed kernel and its facts, accumulators with room, one problem ready to run
#include <faltung/convolve/lowered.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class W, class H>
detail::packed_kernel<W> packed(std::vector<H> const& h) {
    return {array_of(h.data(), {static_cast<index_t>(h.size())}), [](auto w) { return w; }};
}

template <class T>
std::string refusal(std::vector<typename T::H> const& h, boundary const& edge = {}) {
    problem p = problem_of({{10, static_cast<index_t>(h.size()), 1, 1, 0, 0, 'z'}});
    p[0].edge = edge;
    const auto kernel = packed<typename T::Weight>(h);
    p.kernel = kernel.facts;
    return message_of<overflow_error>(
        [&] { detail::lowered<T>("convolve", p, kernel.view(), method::automatic, nullptr); });
}

constexpr char const* no_error = "nothing was thrown";

}  // namespace

TEST_CASE("packed_kernel: row-major behind two channel axes, converted and mapped", "[convolve]") {
    const std::vector<float> memory{0, 1, 2, 3, 4, 5};
    const strided<float const> h{memory.data() + 5, {3, 2}, {-1, -3}};
    const detail::packed_kernel<double> kernel(h, [](double w) { return w * 10; });
    const auto view = kernel.view();
    CHECK(view.n == shape{1, 1, 3, 2});
    CHECK(view.stride == strides{6, 6, 2, 1});
    CHECK(std::vector<double>(view.data, view.data + 6) == std::vector<double>{50, 20, 40, 10, 30, 0});
}

TEST_CASE("packed_kernel: the facts that methods ask for", "[convolve]") {
    const auto real = packed<float>(std::vector<float>{3, -4, 0});
    CHECK(real.facts.known);
    CHECK(real.facts.finite);
    CHECK(real.facts.norm_1 == 7);
    CHECK(real.facts.norm_2 == 5);
    const auto complex = packed<std::complex<double>>(std::vector<std::complex<double>>{{3, 4}, {0, -12}});
    CHECK(complex.facts.norm_1 == 17);
    CHECK(complex.facts.norm_2 == 13);
    CHECK(packed<std::int64_t>(std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()}).facts.norm_1 ==
          0x1p63);
    CHECK_FALSE(packed<float>(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}).facts.finite);
    CHECK_FALSE(packed<float>(std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 1}).facts.finite);
    CHECK_FALSE(packed<float>(std::vector<float>{1, -std::numeric_limits<float>::infinity()}).facts.finite);
    CHECK_FALSE(
        packed<std::complex<float>>(std::vector<std::complex<float>>{{0, std::numeric_limits<float>::infinity()}})
            .facts.finite);
    CHECK_FALSE(packed<float>(std::vector<double>{1e300}).facts.finite);  // as the sums hold it
}

TEST_CASE("lowered: an accumulator of 32 bits needs room for the largest sum", "[convolve]") {
    using bytes = detail::types<std::uint8_t, std::int32_t, std::int32_t, std::int32_t>;
    // 255 * 8421504 = 2147483520 fits, 255 * 8421505 = 2147483775 does not
    CHECK(refusal<bytes>({8421503, -1}) == no_error);
    CHECK(refusal<bytes>({8421504, -1}) ==
          "convolve: sums of up to 255 * 8421505 (the largest sample times the kernel's absolute sum) do not fit "
          "the accumulator int32 "
          "with its 2147483647; name a wider one");
    using shorts = detail::types<std::int16_t, std::int8_t, std::int32_t, std::int32_t>;
    CHECK(refusal<shorts>({1, 2, 3}) == no_error);
    CHECK(refusal<shorts>(std::vector<std::int8_t>(520, -127)).find("sums of up to 32768 * 66040") !=
          std::string::npos);
    using words = detail::types<std::uint8_t, std::uint8_t, std::uint32_t, std::uint32_t>;
    CHECK(refusal<words>(std::vector<std::uint8_t>(66051, 255)) == no_error);  // 255 * 16843005 = 2^32 - 1 - 1020
    CHECK(refusal<words>(std::vector<std::uint8_t>(66052, 255)).find("uint32") != std::string::npos);
}

TEST_CASE("lowered: the room is judged before the kernel is converted, and with the boundary's constant",
          "[convolve]") {
    using wide_kernel = detail::types<std::uint8_t, std::int64_t, std::int32_t, std::int32_t>;
    CHECK(refusal<wide_kernel>({std::int64_t{1} << 32}).find("sums of up to 255 * 4294967296") !=
          std::string::npos);  // 0 as an int32
    using bytes = detail::types<std::uint8_t, std::int8_t, std::int32_t, std::int32_t>;
    CHECK(refusal<bytes>({1, 2}, boundary::constant(700000000)) == no_error);
    CHECK(refusal<bytes>({1, 2}, boundary::constant(-800000000)).find("sums of up to 800000000 * 3") !=
          std::string::npos);
}

TEST_CASE("lowered: sums of 64 bits are never refused, they wrap", "[convolve]") {
    using T = detail::types<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    problem p = problem_of({{1, 2, 1, 1, 1, 1, 'z'}});
    for (const method m : {method::direct, method::im2col}) {
        p.limits.instruction_set = detail::best_instruction_set();
        CHECK(run_seam<T>(p, m, {most}, {2, most}) ==
              std::vector<std::int64_t>{1, -2});  // most * most and 2 most, modulo 2^64
    }
}

TEST_CASE("lowered: says its method and scratch, and runs", "[convolve]") {
    using T = detail::types<float, float, float, float>;
    const std::vector<float> h{1, 10, 100}, x{1, 2, 3, 4};
    problem p = problem_of({{4, 3, 1, 1, 1, 1, 'z'}});
    const auto kernel = packed<float>(h);
    p.kernel = kernel.facts;
    for (const method m : {method::direct, method::im2col}) {
        const detail::lowered<T> one("convolve", p, kernel.view(), m, nullptr);
        CHECK(one.method() == m);
        CHECK(one.workspace() ==
              (m == method::direct ? detail::direct::workspace<T>(p) : detail::im2col::workspace<T>(p)));
        CHECK(one.problem().kernel.norm_1 == 111);
        std::vector<float> y(4);
        workspace scratch(one.workspace(), 0, 1);
        one.run(array_of(x.data(), {1, 4}), array_of(y.data(), {1, 4}), scratch);
        CHECK(y == std::vector<float>{210, 321, 432, 43});
        const detail::lowered<T> other("convolve", p, packed<float>(std::vector<float>{0, 1, 0}).view(), m, &one);
        other.run(array_of(x.data(), {1, 4}), array_of(y.data(), {1, 4}), scratch);
        CHECK(y == x);
    }
}
