// tests/convolve/plan.test.cpp -- arrays as methods see them, what a call refuses, and that nothing is written then
#include <faltung/convolve/plan.hpp>

#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

constexpr detail::request convolution{"convolve", sense::convolution}, correlation{"correlate", sense::correlation};

template <class T>
detail::forward_plan<T> plan_of(detail::request const& r, shape const& x, std::vector<typename T::H> const& h,
                                convolve_options const& o = {}) {
    const shape taps{static_cast<index_t>(h.size())};
    return {r, detail::resolve(r, x, taps, o), array_of(h.data(), taps), o.method};
}

using floats = detail::types<float, float, float, float>;

}  // namespace

TEST_CASE("with_channel: a leading axis of extent 1", "[convolve]") {
    const std::vector<int> x(6);
    const auto v = detail::with_channel(strided<int const>{x.data(), {2, 3}, {3, 1}});
    CHECK(v.data == x.data());
    CHECK(v.n == shape{1, 2, 3});
    CHECK(v.stride == strides{0, 3, 1});
}

TEST_CASE("along_axes: the kernel in the order of the problem's axes, reversed for a convolution", "[convolve]") {
    const std::vector<int> h{0, 1, 2, 3, 4, 5};
    const auto r = detail::resolve(convolution, {9, 9, 9}, {2, 3}, {.axes = {2, 0}});
    const auto slid = detail::along_axes(r, sense::correlation, array_of(h.data(), {2, 3}));
    CHECK(slid.n == shape{3, 1, 2});
    CHECK(slid.stride == strides{1, 0, 3});
    CHECK(slid.data == h.data());
    const auto reversed = detail::along_axes(r, sense::convolution, array_of(h.data(), {2, 3}));
    CHECK(reversed.stride == strides{-1, 0, -3});
    CHECK(*reversed.data == 5);
}

TEST_CASE("forward_plan: what it was made for", "[convolve]") {
    const auto plan = plan_of<floats>(convolution, {10}, {1, 2, 3}, {.stride = 2, .method = method::im2col});
    CHECK(plan.problem().inputs() == shape{10});
    CHECK(plan.problem().outputs() == shape{6});
    CHECK(plan.kernel_shape() == shape{3});
    CHECK(plan.method() == method::im2col);
    CHECK(plan.wanted() == method::im2col);
    CHECK(plan.workspace() > 0);
    CHECK(plan.problem().types.x == element::float32);
    CHECK(plan.problem().kernel.norm_1 == 6);
    CHECK(plan.problem().limits.instruction_set == detail::best_instruction_set());
}

TEST_CASE("forward_plan: another kernel, or the error that shows both shapes", "[convolve]") {
    const auto plan = plan_of<floats>(correlation, {4}, {1, 2}, {.padding = mode::valid});
    const std::vector<float> other{10, 1}, longer{1, 2, 3}, x{1, 2, 3, 4};
    std::vector<float> y(3);
    workspace scratch(plan.workspace(), 0, 1);
    plan.with_kernel(array_of(other.data(), {2}))(array_of(x.data(), {4}), array_of(y.data(), {3}), scratch);
    CHECK(y == std::vector<float>{12, 23, 34});
    plan(array_of(x.data(), {4}), array_of(y.data(), {3}), scratch);
    CHECK(y == std::vector<float>{5, 8, 11});
    CHECK(message_of<shape_error>([&] { plan.with_kernel(array_of(longer.data(), {3})); }) ==
          "with_kernel: a kernel of shape (3,) for a plan made for (2,)");
}

TEST_CASE("forward_plan: a complex kernel is conjugated by a correlation, not by a convolution", "[convolve]") {
    using complex = std::complex<float>;
    using T = detail::types<complex, complex, complex, complex>;
    const std::vector<complex> x{{1, 0}};
    std::vector<complex> y(1);
    for (auto const& [request, want] :
         {std::pair{convolution, complex(2, 3)}, std::pair{correlation, complex(2, -3)}}) {
        const auto plan = plan_of<T>(request, {1}, {{2, 3}});
        workspace scratch(plan.workspace(), 0, 1);
        plan(array_of(x.data(), {1}), array_of(y.data(), {1}), scratch);
        CHECK(y[0] == want);
    }
}

TEST_CASE("a call: wrong shapes, overlaps and foreign workspaces are refused, and y is untouched", "[convolve]") {
    const auto plan = plan_of<floats>(convolution, {10}, {1, 2, 3}, {.padding = mode::same});
    std::vector<float> memory(40, 7.0f);
    workspace scratch(plan.workspace(), 0, 1);
    const auto refusal = [&](strided<float const> const& x, strided<float> const& y, workspace& with) {
        std::string said = message_of<error>([&] { plan(x, y, with); });
        CHECK(memory == std::vector<float>(40, 7.0f));
        return said;
    };
    const strided<float> x{memory.data(), {10}, {1}}, y{memory.data() + 20, {10}, {1}};
    CHECK(refusal({x.data, {9}, {1}}, y, scratch) == "convolve: an input of shape (9,) for a plan made for (10,)");
    CHECK(refusal({x.data, {10, 1}, {1, 1}}, y, scratch) ==
          "convolve: an input of shape (10, 1) for a plan made for (10,)");
    CHECK(refusal(x, {y.data, {11}, {1}}, scratch) == "convolve: an output of shape (11,) where the result has (10,)");
    CHECK(refusal(x, {y.data, {10}, {0}}, scratch) ==
          "convolve: the output of shape (10,) with strides (0,) overlaps itself");
    const std::string overlaps = "convolve: the output overlaps the input; write into other memory, then copy";
    CHECK(refusal(x, {memory.data(), {10}, {1}}, scratch) == overlaps);
    CHECK(refusal(x, {memory.data() + 9, {10}, {1}}, scratch) == overlaps);
    CHECK(refusal(x, {memory.data() + 9, {10}, {-1}}, scratch) == overlaps);
    CHECK(refusal({memory.data(), {10}, {2}}, {memory.data() + 18, {10}, {1}}, scratch) == overlaps);
    workspace small(0, 0, 1);
    CHECK(refusal(x, y, small) == text("convolve: a workspace of 0 bytes per worker for a plan that needs ",
                                       plan.workspace(), "; make it with the plan's own workspace()"));
    CHECK(message_of<shape_error>([&] { plan({x.data, {9}, {1}}, y, scratch); }) != "nothing was thrown");
    CHECK(message_of<overlap_error>([&] { plan(x, {memory.data(), {10}, {1}}, scratch); }) != "nothing was thrown");
}

TEST_CASE("a call: interleaved and neighbouring outputs do not overlap", "[convolve]") {
    const auto plan = plan_of<floats>(convolution, {10}, {1}, {.padding = mode::same});
    std::vector<float> memory(40, 7.0f);
    workspace scratch(plan.workspace(), 0, 1);
    for (index_t i = 0; i < 10; ++i) memory[static_cast<std::size_t>(3 * i)] = static_cast<float>(i);
    plan(strided<float const>{memory.data(), {10}, {3}}, {memory.data() + 1, {10}, {3}},
         scratch);  // one channel to another
    for (std::size_t i = 0; i < 10; ++i) {
        CHECK(memory[3 * i] == static_cast<float>(i));
        CHECK(memory[3 * i + 1] == static_cast<float>(i));
        CHECK(memory[3 * i + 2] == 7);
    }
    plan(strided<float const>{memory.data(), {10}, {1}}, {memory.data() + 10, {10}, {1}}, scratch);
    CHECK(std::equal(memory.begin(), memory.begin() + 10, memory.begin() + 10));
}

TEST_CASE("forward_plan: constants that the sums cannot hold", "[convolve]") {
    using integers = detail::types<std::uint8_t, std::int32_t, std::int64_t, std::int64_t>;
    const auto refusal = [](boundary const& edge) {
        return message_of<option_error>([&] { plan_of<integers>(convolution, {5}, {1, 2}, {.boundary = edge}); });
    };
    CHECK(refusal(boundary::constant(-300)) == "nothing was thrown");
    CHECK(refusal(boundary::constant(0.5L)) ==
          "convolve: axis 0: the constant 0.5 is no value of the accumulator int64");
    CHECK(refusal(boundary::constant(0x1p63L)) ==
          "convolve: axis 0: the constant 9.22337e+18 is no value of the accumulator int64");
    CHECK(refusal(boundary::constant(std::numeric_limits<long double>::infinity())) ==
          "convolve: axis 0: the constant inf is no value of the accumulator int64");
    CHECK(refusal(boundary::constant(std::complex<double>(1, 2))) ==
          "convolve: axis 0: the constant 1 + 2i beyond the ends of an input of type uint8");
    CHECK(message_of<option_error>([] {
              plan_of<floats>(correlation, {5}, {1, 2}, {.boundary = boundary::constant(std::complex<double>(1, 2))});
          }) == "correlate: axis 0: the constant 1 + 2i beyond the ends of an input of type float");
    CHECK(message_of<option_error>([] {
              plan_of<floats>(convolution, {5}, {1, 2}, {.boundary = boundary::constant(1e300L)});
          }) == "convolve: axis 0: the constant 1e+300 is no value of the accumulator float");
    CHECK_NOTHROW(plan_of<floats>(convolution, {5}, {1, 2},
                                  {.boundary = boundary::constant(-std::numeric_limits<long double>::infinity())}));
    using unsigned_sums = detail::types<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;
    CHECK(message_of<option_error>([] {
              plan_of<unsigned_sums>(convolution, {5}, {1, 2}, {.boundary = boundary::constant(-1)});
          }) == "convolve: axis 0: the constant -1 is no value of the accumulator uint64");
    using complex = std::complex<float>;
    using complexes = detail::types<complex, complex, complex, complex>;
    CHECK_NOTHROW(
        plan_of<complexes>(convolution, {5}, {1, 2}, {.boundary = boundary::constant(std::complex<double>(1, 2))}));
    CHECK(message_of<option_error>([] {
              plan_of<complexes>(convolution, {5}, {1, 2},
                                 {.boundary = boundary::constant(std::complex<double>(1, -1e99))});
          }) == "convolve: axis 0: the constant 1 + -1e+99i is no value of the accumulator complex<float>");
}

// the extremes that are accepted: a window stride, a dilation and paddings near 2^61 on memory with its own stride
TEST_CASE("forward_plan: window strides and dilations near the limit do not overflow behind the checks", "[convolve]") {
    const index_t far = (index_t{1} << 61) - 5;
    std::vector<float> memory(64, 1.0f);
    for (const method m : {method::direct, method::im2col})
        for (const index_t step : {1, 16, -16}) {
            const strided<float const> x{memory.data() + (step < 0 ? 32 : 0), {3}, {step}};
            std::vector<float> y(2, -1.0f);
            const auto strided_plan =
                plan_of<floats>(correlation, {3}, {1, 2}, {.padding = {{0, far}}, .stride = far - 1, .method = m});
            REQUIRE(strided_plan.problem().outputs() == shape{2});
            workspace scratch(strided_plan.workspace(), 0, 1);
            strided_plan(x, array_of(y.data(), {2}), scratch);
            CHECK(y == std::vector<float>{3, 0});
            const auto dilated = plan_of<floats>(
                correlation, {3}, {1, 2},
                {.padding = {{0, far - 1}}, .boundary = boundary::replicate, .dilation = far, .method = m});
            REQUIRE(dilated.problem().outputs() == shape{2});
            workspace more(dilated.workspace(), 0, 1);
            dilated(x, array_of(y.data(), {2}), more);
            CHECK(y == std::vector<float>{3, 3});
        }
}
