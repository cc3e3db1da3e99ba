// tests/geometry/dialect.test.cpp -- centres and sizes by the systems' documentation, and what each dialect refuses
#include <faltung/geometry/dialect.hpp>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

namespace {

constexpr problem placed(dialect const& d, sense s, shape const& n, shape const& taps) {
    problem p;
    for (int a = 0; a < n.rank(); ++a) {
        axis k;
        k.n = n[a];
        k.taps = taps[a];
        p.push_back(k);
    }
    d.place(p, s, "convolve");
    return p;
}

/// Where tap 0 of the slid kernel lies for output 0: of a correlation the anchor, of a convolution taps - 1 - centre.
constexpr index_t low(dialect const& d, sense s, index_t n, index_t taps) { return placed(d, s, {n}, {taps})[0].low; }
constexpr index_t centre(dialect const& d, index_t taps) { return taps - 1 - low(d, sense::convolution, 9, taps); }
constexpr index_t anchor(dialect const& d, index_t taps) { return low(d, sense::correlation, 9, taps); }
constexpr index_t outputs(dialect const& d, sense s, index_t n, index_t taps) {
    return placed(d, s, {n}, {taps})[0].outputs();
}

constexpr dialect with_same(dialect const& d) { return d(mode::same); }
constexpr dialect window(dialect const& d, padding const& p) { return d({.padding = p}); }

constexpr auto convolution = sense::convolution, correlation = sense::correlation;

// Everything at compile time. Even kernels of 4 taps: the lower middle is tap 1, the upper one tap 2.
static_assert(centre(with_same(numpy), 4) == 1 && anchor(with_same(numpy), 4) == 2);
static_assert(centre(with_same(scipy::signal), 4) == 1 && anchor(with_same(scipy::signal), 4) == 2);
static_assert(centre(with_same(scipy::signal2d), 4) == 1 && anchor(with_same(scipy::signal2d), 4) == 1);
static_assert(centre(scipy::ndimage, 4) == 2 && anchor(scipy::ndimage, 4) == 2);
static_assert(centre(with_same(octave), 4) == 2 && anchor(with_same(octave), 4) == 1);
static_assert(centre(opencv, 4) == 2 && anchor(opencv, 4) == 2);
static_assert(anchor(window(pytorch, mode::same), 4) == 1 && anchor(window(tensorflow_, mode::same), 4) == 1);
static_assert(anchor(window(jax, mode::same_lower), 4) == 2 && anchor(window(onnx, mode::same_upper), 4) == 1);

// Odd kernels: no choice.
static_assert(centre(with_same(numpy), 5) == 2 && anchor(with_same(octave), 5) == 2 && anchor(opencv, 5) == 2);
static_assert(centre(scipy::ndimage, 5) == 2 && anchor(window(onnx, mode::same_lower), 5) == 2);

static_assert(centre(scipy::ndimage({.origin = 1}), 4) == 3 && anchor(scipy::ndimage({.origin = -2}), 4) == 0);
static_assert(centre(opencv({.anchor = 3}), 4) == 3 && anchor(opencv({.anchor = 0}), 4) == 0);

// The modes when none is named.
static_assert(outputs(numpy, convolution, 9, 4) == 12 && outputs(numpy, correlation, 9, 4) == 6);
static_assert(outputs(scipy::signal, correlation, 9, 4) == 12 && outputs(octave, correlation, 9, 4) == 9);
static_assert(outputs(octave, convolution, 9, 4) == 12 && outputs(pytorch, correlation, 9, 4) == 6);

// A kernel longer than the input, 7 taps for 3 samples.
static_assert(outputs(numpy(mode::valid), convolution, 3, 7) == 5 &&
              outputs(numpy(mode::same), correlation, 3, 7) == 7);
static_assert(outputs(scipy::signal(mode::valid), convolution, 3, 7) == 5);
static_assert(outputs(scipy::signal(mode::same), convolution, 3, 7) == 3);
static_assert(outputs(octave(mode::valid), convolution, 3, 7) == 0 && outputs(jax, correlation, 3, 7) == 0);
static_assert(outputs(scipy::ndimage, convolution, 3, 7) == 3);

// A crop, and a stride with a dilation, where the system has them.
static_assert(outputs(window(jax, {{-1, 0}}), correlation, 9, 4) == 5);
static_assert(outputs(jax({.stride = 2, .dilation = 2}), correlation, 9, 4) == 2);
static_assert(outputs(pytorch({.stride = 2, .dilation = 2}), correlation, 9, 4) == 2);

// Borders, stores, conjugation.
static_assert(placed(scipy::ndimage, convolution, {9}, {3})[0].edge == boundary::symmetric);
static_assert(placed(opencv, correlation, {9}, {3})[0].edge == boundary::reflect);
static_assert(placed(scipy::signal2d(mode::same, boundary::constant(3)), convolution, {9}, {3})[0].edge ==
              boundary::constant(3));
static_assert(placed(scipy::signal2d(mode::valid, boundary::circular), convolution, {2}, {3})[0].edge ==
              boundary::zero);
static_assert(placed(opencv, correlation, {9}, {3}).store.overflow == overflow::saturate);
static_assert(placed(scipy::ndimage, correlation, {9}, {3}).store.rounding == rounding::toward_zero);
static_assert(numpy.conjugates(correlation) && !numpy.conjugates(convolution) && !octave.conjugates(correlation));
static_assert(scipy::ndimage.conjugates(correlation) && !pytorch.conjugates(correlation));

// Not default constructible and no aggregate, so `convolve(x, h, {...})` can only mean convolve_options.
static_assert(!std::is_default_constructible_v<dialect> && !std::is_aggregate_v<dialect>);

std::string refusal_of(dialect const& d, sense s, shape const& n, shape const& taps) {
    return message_of<error>([&] { placed(d, s, n, taps); });
}

}  // namespace

TEST_CASE("dialect: windows carry stride and dilation to every axis", "[geometry]") {
    const problem p =
        placed(pytorch({.padding = {{1, 2}, {0, 3}}, .stride = {2, 1}, .dilation = 2}), correlation, {9, 8}, {3, 2});
    REQUIRE(p[0].low == 1);
    REQUIRE(p[0].high == 2);
    REQUIRE(p[1].high == 3);
    REQUIRE(p[0].window_stride == 2);
    REQUIRE(p[1].window_stride == 1);
    REQUIRE(p[1].dilation == 2);
    REQUIRE(p.outputs() == shape{4, 9});
}

TEST_CASE("dialect: refining again keeps what was not named", "[geometry]") {
    REQUIRE(placed(scipy::ndimage({.origin = 1})(boundary::circular), convolution, {9}, {3})[0].low == 0);
    REQUIRE(placed(scipy::ndimage(boundary::circular)({.origin = 1}), convolution, {9}, {3})[0].edge ==
            boundary::circular);
    REQUIRE(placed(scipy::ndimage({.origin = 1})({.origin = 0}), convolution, {9}, {3})[0].low == 1);
}

TEST_CASE("dialect: what a system does not know is refused when the dialect is refined", "[geometry]") {
    const auto text_of = [](auto make) { return message_of<option_error>(make); };
    REQUIRE(text_of([] { opencv(mode::same); }) == "the dialect opencv does not know a mode");
    REQUIRE(text_of([] { numpy(mode::same_upper); }) == "the dialect numpy does not know same_upper or same_lower");
    REQUIRE(text_of([] { numpy(boundary::reflect); }) == "the dialect numpy does not know the boundary reflect");
    REQUIRE(text_of([] { opencv(boundary::circular); }) == "the dialect opencv does not know the boundary circular");
    REQUIRE(text_of([] { scipy::signal2d(boundary::replicate); }) ==
            "the dialect scipy::signal2d does not know the boundary replicate");
    REQUIRE(text_of([] { pytorch(boundary::symmetric); }) ==
            "the dialect pytorch does not know the boundary symmetric");
    REQUIRE(text_of([] { opencv(boundary::constant(1)); }) ==
            "the dialect opencv does not know a constant boundary other than zero");
    REQUIRE(text_of([] { octave({.padding = 1}); }) == "the dialect octave does not know a padding");
    REQUIRE(text_of([] { opencv({.stride = 2}); }) == "the dialect opencv does not know a stride");
    REQUIRE(text_of([] { numpy({.dilation = {2}}); }) == "the dialect numpy does not know a dilation");
    REQUIRE(text_of([] { opencv({.origin = 1}); }) == "the dialect opencv does not know an origin");
    REQUIRE(text_of([] {
                scipy::ndimage({.anchor = {0, 0}});
            }) == "the dialect scipy::ndimage does not know an anchor");
    REQUIRE(text_of([] { pytorch({.padding = mode::full}); }) ==
            "the dialect pytorch does not know this padding, only amounts, valid, same");
    REQUIRE(text_of([] { jax({.padding = mode::full}); }) ==
            "the dialect jax does not know this padding, only amounts, valid, same, same_upper, same_lower");
    REQUIRE(text_of([] { onnx({.padding = mode::same}); }) ==
            "the dialect onnx does not know this padding, only amounts, valid, same_upper, same_lower");
    REQUIRE(text_of([] {
                onnx({.padding = {{1, 0}, {0, -1}}});
            }) == "the dialect onnx does not know a negative padding");
    REQUIRE(text_of([] { pytorch({.padding = -1}); }) == "the dialect pytorch does not know a negative padding");
    REQUIRE(text_of([] {
                tensorflow_({.stride = {2, 1}, .dilation = {1, 2}});
            }) == "the dialect tensorflow_ does not know a stride together with a dilation");
}

TEST_CASE("dialect: what a system refuses for a shape is refused with its numbers", "[geometry]") {
    REQUIRE(refusal_of(pytorch, convolution, {5}, {3}) ==
            "convolve: pytorch calls a correlation its convolution: call correlate, or reverse the kernel");
    REQUIRE(
        refusal_of(pytorch({.padding = 1, .dilation = 4}), correlation, {9, 5}, {1, 3}) ==
        "convolve: axis 1: the kernel spans 9 (3 taps, dilation 4) but the padded input only 7, which pytorch refuses");
    REQUIRE(refusal_of(pytorch({.padding = mode::same, .stride = 2}), correlation, {5}, {3}) ==
            "convolve: axis 0: pytorch has no padding same with a stride of 2");
    REQUIRE(refusal_of(scipy::ndimage({.origin = {0, 2}}), convolution, {5, 5}, {3, 3}) ==
            "convolve: axis 1: origin 2 of a kernel with 3 taps: -1 to 1 are possible");
    REQUIRE(refusal_of(scipy::ndimage({.origin = -3}), convolution, {5}, {4}) ==
            "convolve: axis 0: origin -3 of a kernel with 4 taps: -2 to 1 are possible");
    REQUIRE(refusal_of(opencv({.anchor = {0, 3}}), correlation, {5, 5}, {3, 3}) ==
            "convolve: axis 1: anchor 3 of a kernel with taps 0 to 2 (-1 = the middle)");
    REQUIRE(refusal_of(scipy::signal(mode::valid), convolution, {2, 6}, {4, 3}) ==
            "convolve: scipy::signal in mode valid needs one operand that is the larger one on every axis: the kernel "
            "has 4 taps for "
            "2 samples on axis 0, but 3 for 6 on axis 1");
    REQUIRE(refusal_of(numpy, convolution, {2, 6}, {4, 3}) == "convolve: numpy has arrays of 1 axis, not of 2");
    REQUIRE(refusal_of(opencv({.anchor = {0, 1, 2}}), correlation, {5, 5}, {3, 3}) ==
            "anchor: a list of 3 values for 2 axes; give one value per axis, or one without braces for all");
    REQUIRE(refusal_of(pytorch({.padding = index_limit + 1}), correlation, {5}, {3}) ==
            "convolve: axis 0: a low padding of 2305843009213693953 is beyond 2^61");
    REQUIRE(refusal_of(pytorch({.dilation = index_limit}), correlation, {5}, {3}) ==
            "convolve: axis 0: the span 2305843009213693952 * (3 - 1) + 1 is beyond 2^61");
}
