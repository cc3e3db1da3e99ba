// tests/filter/gradient.test.cpp -- differences along axes equal the fixed kernels; length and direction of a gradient
#include <faltung/filter/gradient.hpp>

#include <numbers>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/given.hpp"
#include "support/random.hpp"

using namespace faltung;
using testing::message_of;

namespace {

const boundary edges[] = {boundary::zero,    boundary::constant(3), boundary::replicate,
                          boundary::reflect, boundary::symmetric,   boundary::circular};

tensor<std::int32_t, 2> digits(shape const& n) {
    testing::random_source random(9);
    tensor<std::int32_t, 2> x{n};
    for (std::int32_t& v : x) v = static_cast<std::int32_t>(random.between(-255, 255));
    return x;
}

template <class A, class B>
bool same(A const& l, B const& r) {
    return l.shape() == r.shape() && std::equal(l.begin(), l.end(), r.begin(), r.end());
}

}  // namespace

TEST_CASE("sobel_filter, prewitt_filter, laplace: the fixed kernels, at every boundary, exactly", "[filter]") {
    const auto x = digits({6, 9});
    for (boundary const& edge : edges) {
        const convolve_options how{.padding = mode::same, .boundary = edge};
        const filter_options at{.boundary = edge};
        CHECK(same(sobel_filter(x, 0, at), convolve(x, sobel<std::int32_t>(towards::bottom), how)));
        CHECK(same(sobel_filter(x, 1, at), convolve(x, sobel<std::int32_t>(towards::right), how)));
        CHECK(same(prewitt_filter(x, 0, at), convolve(x, prewitt<std::int32_t>(towards::bottom), how)));
        CHECK(same(prewitt_filter(x, 1, at), convolve(x, prewitt<std::int32_t>(towards::right), how)));
        CHECK(same(laplace(x, at), convolve(x, laplacian_4<std::int32_t>(), how)));
    }
}

TEST_CASE("sobel_filter: three axes and types", "[filter]") {
    tensor<std::uint8_t, 3> ramp{{5, 5, 5}};
    for_each_index(ramp.shape(), [&](index_list const& i) { ramp(i) = static_cast<std::uint8_t>(10 * i[1]); });
    static_assert(std::is_same_v<decltype(sobel_filter(ramp, 1)), tensor<std::int64_t, 3>>);
    CHECK(sobel_filter(ramp, 1)(2, 2, 2) == 16 * 20);
    CHECK(sobel_filter(ramp, 0)(2, 2, 2) == 0);
    CHECK(sobel_filter<std::int16_t>(ramp, 1)(2, 2, 2) == 320);
    CHECK(sobel_filter<std::uint8_t>(ramp, 1, {.overflow = overflow::saturate})(2, 2, 2) == 255);
    CHECK(laplace<std::int8_t>(ramp, {.overflow = overflow::saturate})(0, 0, 0) == 10);
    static_assert(std::is_same_v<decltype(sobel_filter(std::vector<float>{}, 0)), tensor<float, 1>>);
    CHECK(sobel_filter(std::vector<float>{1, 4, 9}, 0)(1) == 8);
}

TEST_CASE("sobel_filter, laplace, gradient_magnitude: negative differences of unsigned integers of 64 bits",
          "[filter]") {
    const std::vector<std::uint64_t> falling{std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 3, 0, 7};
    const filter_options at{.boundary = boundary::replicate, .overflow = overflow::saturate};
    const auto y = sobel_filter(falling, 0, at);
    static_assert(std::is_same_v<decltype(sobel_filter(falling, 0)), tensor<std::int64_t, 1>>);
    CHECK(y(0) == -3);
    CHECK(y(3) == 7);
    CHECK(laplace(falling, at)(0) == -3);
    CHECK(gradient_magnitude(falling, at)(0) == 3);
    CHECK(sobel_filter<std::int8_t>(falling, 0, at)(0) == -3);
}

TEST_CASE("gradient_magnitude, gradient_direction: of planes", "[filter]") {
    for (double angle : {0.0, 0.5, 1.5, 3.0, -2.0}) {
        tensor<double, 2> plane{{5, 6}};
        for_each_index(plane.shape(), [&](index_list const& i) {
            plane(i) = std::sin(angle) * static_cast<double>(i[0]) + std::cos(angle) * static_cast<double>(i[1]);
        });
        const auto length = gradient_magnitude(plane), direction = gradient_direction(plane);
        for (index_t i = 1; i < 4; ++i)
            for (index_t j = 1; j < 5; ++j) {
                CHECK(std::abs(length(i, j) - 8) <= 1e-13);
                CHECK(std::abs(direction(i, j) - angle) <= 1e-14);
            }
    }
    for (double v : gradient_direction(tensor<double, 2>{{3, 3}, {7, 7, 7, 7, 7, 7, 7, 7, 7}})) CHECK(v == 0);
    const std::vector<std::uint8_t> falling{4, 3, 2, 1, 0};
    CHECK(gradient_magnitude(falling)(2) == 2);
    // no overflow on the way
    const std::vector<float> far{0, 1e30f, 2e30f};
    CHECK(std::isfinite(gradient_magnitude(tensor<float, 2>{{1, 3}, far})(0, 1)));
}

TEST_CASE("gradient: the same bits in memory that is there", "[filter]") {
    using testing::require_given;
    testing::random_source random(10);
    auto x = testing::any_tensor<float, 3>(random, {4, 5, 6});
    const auto bytes = testing::small_tensor<std::uint8_t, 2>(random, {5, 7});
    for (int axis : {0, 1, 2}) {
        require_given("sobel_filter", sobel_filter(x, axis), [&](auto y) { sobel_filter_into(y, x, axis); });
        require_given("prewitt_filter", prewitt_filter(x, axis), [&](auto y) { prewitt_filter_into(y, x, axis); });
    }
    const filter_options clamped{.boundary = boundary::reflect, .overflow = overflow::saturate};
    require_given("sobel_filter", sobel_filter<std::int8_t>(bytes, 1, clamped),
                  [&](auto y) { sobel_filter_into(y, bytes, 1, clamped); });
    require_given("laplace", laplace(x), [&](auto y) { laplace_into(y, x); });
    require_given("laplace", laplace<std::uint8_t>(bytes, clamped), [&](auto y) { laplace_into(y, bytes, clamped); });
    require_given("gradient_magnitude", gradient_magnitude(x), [&](auto y) { gradient_magnitude_into(y, x); });
    require_given("gradient_magnitude", gradient_magnitude<std::uint8_t>(bytes),
                  [&](auto y) { gradient_magnitude_into(y, bytes); });
    require_given("gradient_direction", gradient_direction(bytes), [&](auto y) { gradient_direction_into(y, bytes); });

    const auto before = x;
    CHECK_THROWS_AS(sobel_filter_into(x, x, 1), overlap_error);
    CHECK_THROWS_AS(prewitt_filter_into(x, x, 1), overlap_error);
    CHECK_THROWS_AS(laplace_into(x, x), overlap_error);
    CHECK_THROWS_AS(gradient_magnitude_into(x, x), overlap_error);
    tensor<float, 2> plane{{3, 4}};
    CHECK_THROWS_AS(gradient_direction_into(plane, plane), overlap_error);
    CHECK(testing::difference(x, before) == "");
}

TEST_CASE("gradient: an output is untouched where the boundary of a later axis is refused", "[filter]") {
    const tensor<std::uint8_t, 2> x{{4, 5}};
    tensor<std::int64_t, 2> y{{4, 5}};
    std::fill(y.begin(), y.end(), 77);
    const filter_options beyond{.boundary = {boundary::zero, boundary::constant(0.5L)}};
    CHECK_THROWS_AS(laplace_into(y, x, beyond), option_error);
    CHECK_THROWS_AS(sobel_filter_into(y, x, 0, beyond), option_error);
    for (std::int64_t v : y) CHECK(v == 77);
}

TEST_CASE("gradient: what is refused", "[filter]") {
    const tensor<float, 2> x{{4, 5}};
    for (int axis : {-1, 2})
        CHECK(message_of<shape_error>([&] { sobel_filter(x, axis); }) ==
              text("sobel_filter: axis ", axis, ", but the axes are 0 to 1"));
    CHECK(message_of<shape_error>([&] { prewitt_filter(x, 2); }) == "prewitt_filter: axis 2, but the axes are 0 to 1");
    CHECK(message_of<shape_error>([&] { laplace(x, {.boundary = {boundary::zero}}); }) ==
          "laplace: boundary: a list of 1 value for 2 axes; give one value per axis, or one without braces for all");
}
