// tests/convolve/resolve.test.cpp -- options and shapes as the canonical problem, and every error with its text
#include <faltung/convolve/resolve.hpp>

#include <limits>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

namespace {

constexpr detail::request convolution{"convolve", sense::convolution}, correlation{"correlate", sense::correlation};
constexpr index_t most = std::numeric_limits<index_t>::max(), least = std::numeric_limits<index_t>::min(),
                  limit = index_t{1} << 61;

problem resolved(detail::request const& r, shape const& x, shape const& h, convolve_options const& o) {
    return detail::resolve(r, x, h, o).problem;
}

template <class Error>
std::string refusal(shape const& x, shape const& h, convolve_options const& o = {}) {
    return message_of<Error>([&] { resolved(convolution, x, h, o); });
}

low_high amounts(problem const& p, int a) { return {p[a].low, p[a].high}; }

}  // namespace

TEST_CASE("resolve: extents, taps, window stride, dilation and boundary go to their axes", "[convolve]") {
    const problem p = resolved(correlation, {9, 8}, {3, 2},
                               {.padding = {{1, 2}, {-1, 0}},
                                .boundary = {boundary::circular, boundary::constant(4)},
                                .stride = {2, 1},
                                .dilation = {1, 3}});
    REQUIRE(p.rank == 2);
    CHECK(p[0].n == 9);
    CHECK(p[0].taps == 3);
    CHECK(p[0].window_stride == 2);
    CHECK(p[0].dilation == 1);
    CHECK(p[0].edge == boundary::circular);
    CHECK(amounts(p, 0) == low_high{1, 2});
    CHECK(p[1].n == 8);
    CHECK(p[1].taps == 2);
    CHECK(p[1].window_stride == 1);
    CHECK(p[1].dilation == 3);
    CHECK(p[1].edge == boundary::constant(4));
    CHECK(amounts(p, 1) == low_high{-1, 0});
    CHECK(p.outputs() == shape{5, 4});  // floor((9 + 3 - 3) / 2) + 1, 8 - 1 - 4 + 1
    CHECK(p.direction == direction::forward);
}

TEST_CASE("resolve: modes as amounts of padding, for both senses", "[convolve]") {
    // 4 taps, dilation 2: the span is 7, the rim 6
    const auto of = [](detail::request const& r, mode m, index_t stride = 1) {
        return amounts(resolved(r, {10}, {4}, {.padding = m, .stride = stride, .dilation = 2}), 0);
    };
    CHECK(of(convolution, mode::full) == low_high{6, 6});
    CHECK(of(convolution, mode::valid) == low_high{0, 0});
    CHECK(of(convolution, mode::same) == low_high{3, 3});
    CHECK(of(correlation, mode::same) == low_high{3, 3});
    CHECK(of(convolution, mode::same_upper, 3) == low_high{3, 3});  // 4 outputs: 9 + 7 - 10 = 6
    CHECK(of(convolution, mode::same_upper, 2) == low_high{2, 3});  // 5 outputs: 8 + 7 - 10 = 5
    CHECK(of(convolution, mode::same_lower, 2) == low_high{3, 2});
    // an even kernel: convolution keeps full from sample 1 on, correlation from sample 2
    CHECK(amounts(resolved(convolution, {10}, {4}, {.padding = mode::same}), 0) == low_high{2, 1});
    CHECK(amounts(resolved(correlation, {10}, {4}, {.padding = mode::same}), 0) == low_high{1, 2});
    // the centre is a tap of the kernel as given: a convolution reverses it
    CHECK(amounts(resolved(convolution, {10}, {4}, {.padding = mode::same, .dilation = 2, .centre = 0}), 0) ==
          low_high{6, 0});
    CHECK(amounts(resolved(correlation, {10}, {4}, {.padding = mode::same, .dilation = 2, .centre = 0}), 0) ==
          low_high{0, 6});
    const problem p = resolved(convolution, {10, 10}, {4, 4}, {.padding = mode::same, .centre = {3, -1}});
    CHECK(amounts(p, 0) == low_high{0, 3});
    CHECK(amounts(p, 1) == low_high{2, 1});
}

TEST_CASE("resolve: the kernel's axes lie where .axes says, options count in its order", "[convolve]") {
    const detail::resolved r = detail::resolve(convolution, {5, 6, 7}, {2, 3}, {.stride = {4, 1}, .axes = {2, 0}});
    CHECK(r.problem.taps() == shape{3, 1, 2});
    CHECK(r.problem[0].window_stride == 1);
    CHECK(r.problem[2].window_stride == 4);
    CHECK(amounts(r.problem, 1) == low_high{0, 0});
    CHECK(r.kernel_axis[0] == 1);
    CHECK(r.kernel_axis[1] == -1);
    CHECK(r.kernel_axis[2] == 0);
}

TEST_CASE("resolve: only a correlation conjugates", "[convolve]") {
    CHECK_FALSE(detail::resolve(convolution, {5}, {2}, convolve_options{}).conjugates);
    CHECK(detail::resolve(correlation, {5}, {2}, convolve_options{}).conjugates);
}

TEST_CASE("resolve: limits and the store rule are taken over, 0 threads are all there are", "[convolve]") {
    const problem p = resolved(convolution, {5}, {2},
                               {.tolerance = 0.25,
                                .memory = 77,
                                .threads = 3,
                                .overflow = overflow::saturate,
                                .rounding = rounding::toward_zero});
    CHECK(p.limits.tolerance == 0.25);
    CHECK(p.limits.memory == 77);
    CHECK(p.limits.threads == 3);
    CHECK(p.store.overflow == overflow::saturate);
    CHECK(p.store.rounding == rounding::toward_zero);
    CHECK(resolved(convolution, {5}, {2}, {.threads = 0}).limits.threads ==
          static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
}

TEST_CASE("resolve: extents of 0 have no outputs, in every mode and for amounts", "[convolve]") {
    for (const mode m : {mode::full, mode::same, mode::valid, mode::same_upper, mode::same_lower})
        CHECK(resolved(convolution, {0, 5}, {3, 2}, {.padding = m}).outputs()[0] == 0);
    CHECK(resolved(convolution, {0}, {3}, {.padding = {{5, 5}}}).outputs() == shape{0});
    CHECK(resolved(convolution, {2}, {5}, {.padding = mode::valid}).outputs() == shape{0});
}

TEST_CASE("resolve: arrays that no option could make sense of", "[convolve]") {
    CHECK(refusal<shape_error>({}, {3}) == "convolve: an array of rank 0");
    CHECK(refusal<shape_error>({3}, {}) == "convolve: an array of rank 0");
    CHECK(refusal<shape_error>(shape::repeated(9, 2), shape::repeated(9, 1)) ==
          "convolve: an input of 9 axes: at most 8 are possible");
    CHECK(refusal<shape_error>({5, 5}, {3, 0}) == "convolve: an empty kernel (3, 0): every axis needs at least 1 tap");
    CHECK(refusal<shape_error>({5}, {-2}) == "convolve: an empty kernel (-2,): every axis needs at least 1 tap");
    CHECK(refusal<option_error>({-1}, {2}) == "convolve: axis 0: an extent of -1");
    CHECK(refusal<shape_error>({5, 6}, {3}) ==
          "convolve: an input of 2 axes (5, 6) and a kernel of 1 (3,); name the kernel's axes with .axes = {...}");
    CHECK(refusal<shape_error>({5}, {3, 3}) ==
          "convolve: an input of 1 axis (5,) and a kernel of 2 (3, 3); name the kernel's axes with .axes = {...}");
    CHECK(message_of<shape_error>([] { resolved(correlation, {5}, {}, {}); }) == "correlate: an array of rank 0");
}

TEST_CASE("resolve: axes that do not fit", "[convolve]") {
    CHECK(refusal<shape_error>({5, 6}, {3, 3}, {.axes = {1}}) ==
          "convolve: .axes lists 1 axis (1,) for a kernel of 2 (3, 3): a plan holds one kernel, a batch of them is for "
          "convolve");
    CHECK(refusal<shape_error>({5, 6}, {3}, {.axes = {1, 0}}) ==
          "convolve: .axes lists 2 axes (1, 0) for a kernel of 1 (3,)");
    CHECK(refusal<shape_error>({5, 6}, {3}, {.axes = {2}}) ==
          "convolve: .axes = (2,): axis 2 of an input with axes 0 to 1");
    CHECK(refusal<shape_error>({5, 6}, {3}, {.axes = {-1}}) ==
          "convolve: .axes = (-1,): axis -1 of an input with axes 0 to 1");
    CHECK(refusal<shape_error>({5, 6}, {3, 3}, {.axes = {1, 1}}) == "convolve: .axes = (1, 1) names axis 1 twice");
}

TEST_CASE("resolve: lists of another length than the kernel has axes", "[convolve]") {
    const std::string one_or_all = "; give one value per axis, or one without braces for all";
    CHECK(refusal<shape_error>({5, 6}, {3, 3}, {.stride = {2}}) == "stride: a list of 1 value for 2 axes" + one_or_all);
    CHECK(refusal<shape_error>({5}, {3}, {.dilation = {2, 2}}) ==
          "dilation: a list of 2 values for 1 axis" + one_or_all);
    CHECK(refusal<shape_error>({5}, {3}, {.boundary = {boundary::zero, boundary::zero}}) ==
          "boundary: a list of 2 values for 1 axis" + one_or_all);
    CHECK(refusal<shape_error>({5, 6}, {3, 3}, {.padding = mode::same, .centre = {0}}) ==
          "centre: a list of 1 value for 2 axes" + one_or_all);
    CHECK(refusal<shape_error>({5}, {3}, {.padding = {1, 2}}) ==
          "padding: a list of 2 for 1 axis: {1, 2} is one symmetric amount per axis, {{1, 2}} is {low, high} of one "
          "axis");
    CHECK(refusal<shape_error>({5, 5}, {3, 3}, {.padding = {{1, 2}}}) ==
          "padding: a list of 1 for 2 axes: {1, 2} is one symmetric amount per axis, {{1, 2}} is {low, high} of one "
          "axis");
}

TEST_CASE("resolve: options without a meaning", "[convolve]") {
    CHECK(refusal<option_error>({5}, {3}, {.padding = mode::full, .centre = 1}) ==
          "convolve: .centre = 1 needs .padding = mode::same: every other padding says itself where output 0 lies");
    CHECK(refusal<option_error>({5}, {3}, {.padding = mode::same, .centre = 3}) ==
          "convolve: axis 0: .centre = 3 of a kernel with taps 0 to 2");
    CHECK(refusal<option_error>({5}, {3}, {.padding = mode::same, .centre = -2}) ==
          "convolve: axis 0: .centre = -2 of a kernel with taps 0 to 2");
    CHECK(refusal<option_error>({5, 5}, {3, 3}, {.stride = {1, 0}}) ==
          "convolve: axis 1: a window stride of 0: at least 1 is needed");
    CHECK(refusal<option_error>({5}, {3}, {.stride = -1}) ==
          "convolve: axis 0: a window stride of -1: at least 1 is needed");
    CHECK(refusal<option_error>({5}, {3}, {.dilation = 0}) ==
          "convolve: axis 0: a dilation of 0: at least 1 is needed (1 = dense)");
    CHECK(refusal<option_error>({5}, {3}, {.threads = -1}) ==
          "convolve: .threads = -1: 0 = all processors, or a number");
    CHECK(refusal<option_error>({5}, {3}, {.tolerance = -1}) == "convolve: .tolerance = -1: at least 0 is needed");
    CHECK(refusal<option_error>({5}, {3}, {.tolerance = std::numeric_limits<double>::quiet_NaN()})
              .find("convolve: .tolerance = ") == 0);
    CHECK(refusal<option_error>({5}, {3}, {.memory = -1}) == "convolve: .memory = -1 bytes");
}

TEST_CASE("resolve: values near 2^63 are refused by name, before anything overflows", "[convolve]") {
    CHECK(refusal<overflow_error>({5}, {3}, {.padding = {{most, 0}}}) ==
          "convolve: axis 0: a low padding of 9223372036854775807 is beyond 2^61");
    CHECK(refusal<overflow_error>({5}, {3}, {.padding = {{least, 0}}}) ==
          "convolve: axis 0: a low padding of -9223372036854775808 is beyond 2^61");
    CHECK(refusal<overflow_error>({5}, {3}, {.padding = {{0, most}}}) ==
          "convolve: axis 0: a high padding of 9223372036854775807 is beyond 2^61");
    CHECK(refusal<overflow_error>({5}, {3}, {.padding = {{0, least}}}) ==
          "convolve: axis 0: a high padding of -9223372036854775808 is beyond 2^61");
    CHECK(refusal<overflow_error>({5}, {3}, {.stride = most}) ==
          "convolve: axis 0: a window stride of 9223372036854775807 is beyond 2^61");
    CHECK(refusal<option_error>({5}, {3}, {.stride = least}) ==
          "convolve: axis 0: a window stride of -9223372036854775808: at least 1 is needed");
    CHECK(refusal<overflow_error>({5}, {3}, {.dilation = most}) ==
          "convolve: axis 0: the span 9223372036854775807 * (3 - 1) + 1 is beyond 2^61");
    CHECK(refusal<option_error>({5}, {3}, {.dilation = least}) ==
          "convolve: axis 0: a dilation of -9223372036854775808: at least 1 is needed (1 = dense)");
    CHECK(refusal<overflow_error>({5}, {1}, {.dilation = most}) ==
          "convolve: axis 0: a dilation of 9223372036854775807 is beyond 2^61");
    CHECK(refusal<overflow_error>({most}, {1}) == "convolve: axis 0: an extent of 9223372036854775807 is beyond 2^61");
    CHECK(refusal<overflow_error>({5}, {most}) ==
          "convolve: axis 0: a number of taps of 9223372036854775807 is beyond 2^61");
    CHECK(refusal<option_error>({5}, {3}, {.padding = mode::same, .centre = most}) ==
          "convolve: axis 0: .centre = 9223372036854775807 of a kernel with taps 0 to 2");
}

TEST_CASE("resolve: the limits themselves are accepted, and all formulas fit", "[convolve]") {
    const problem far = resolved(convolution, {5}, {3}, {.padding = {{limit, limit}}, .stride = limit});
    CHECK(far.outputs() == shape{3});  // floor((5 + 2 limit - 3) / limit) + 1
    CHECK(far[0].position(2, 2) == 2 * limit + 2 - limit);
    CHECK(resolved(convolution, {5}, {3}, {.padding = {{-limit, -limit}}}).outputs() == shape{0});
    const problem wide = resolved(convolution, {5}, {3}, {.dilation = limit / 2 - 1});
    CHECK(wide[0].span() == limit - 1);
    CHECK(wide.outputs() == shape{limit + 3});
}

TEST_CASE("resolve: products of all axes are checked", "[convolve]") {
    const index_t big = index_t{1} << 32;
    CHECK(refusal<overflow_error>({big, big}, {1, 1}) ==
          "samples of the output: 4294967296 * 4294967296 does not fit 64 bits");
    CHECK(refusal<overflow_error>({1, 1}, {big, big}) ==
          "taps of the kernel: 4294967296 * 4294967296 does not fit 64 bits");
    CHECK(resolved(convolution, {big, big, 0}, {1, 1, 1}, {}).output_count() == 0);
}
