// tests/filter/gaussian_filter.test.cpp -- smoothing equals one convolution with the whole kernel, of every sample type
#include <faltung/filter/band_pass.hpp>
#include <faltung/filter/gaussian_filter.hpp>
#include <faltung/view/slice.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/given.hpp"
#include "support/random.hpp"

using namespace faltung;
using testing::message_of;

namespace {

const boundary edges[] = {boundary::zero,    boundary::constant(3), boundary::replicate,
                          boundary::reflect, boundary::symmetric,   boundary::circular};

template <class T>
tensor<T, 2> bytes(shape const& n) {
    testing::random_source random(7);
    tensor<T, 2> x{n};
    for (T& v : x) v = static_cast<T>(random.between(0, 255));
    return x;
}

template <class A, class B>
double apart(A const& l, B const& r) {
    REQUIRE(l.shape() == r.shape());
    double most = 0;
    for (index_t i = 0; i < l.count(); ++i)
        most = std::max(most, std::abs(static_cast<double>(l.data()[i]) - static_cast<double>(r.data()[i])));
    return most;
}

}  // namespace

TEST_CASE("gaussian_filter: one convolution with the outer product of the taps, at every boundary", "[filter]") {
    const auto x = bytes<double>({9, 12});
    for (boundary const& edge : edges) {
        const auto down = gaussian_taps(1.2, {.order = 1}), across = gaussian_taps(0.8);
        const auto whole = convolve(x, outer_product(down, across), {.padding = mode::same, .boundary = edge});
        const auto y = gaussian_filter(x, {1.2, 0.8}, {.order = {1, 0}, .boundary = edge});
        CHECK(apart(y, whole) <= 1e-13 * 255);
    }
    // a boundary for each axis: the last one that is outside wins
    const per_axis<boundary> both{boundary::constant(5), boundary::constant(-7)};
    const auto taps = gaussian_taps(1.0);
    CHECK(apart(gaussian_filter(x, 1.0, {.boundary = both}),
                convolve(x, outer_product(taps, taps), {.padding = mode::same, .boundary = both})) <= 1e-13 * 255);
}

TEST_CASE("gaussian_filter: types", "[filter]") {
    const auto x = bytes<std::uint8_t>({6, 7});
    const auto exact = gaussian_filter(bytes<double>({6, 7}), 1.0);
    static_assert(std::is_same_v<decltype(gaussian_filter(x, 1.0)), tensor<float, 2>>);
    static_assert(std::is_same_v<decltype(gaussian_filter(bytes<std::int32_t>({6, 7}), 1.0)), tensor<double, 2>>);
    CHECK(apart(gaussian_filter(x, 1.0), exact) <= 255e-6);
    const auto rounded = gaussian_filter<std::uint8_t>(x, 1.0);
    static_assert(std::is_same_v<decltype(rounded), tensor<std::uint8_t, 2> const>);
    CHECK(apart(rounded, exact) <= 0.5 + 255e-6);
    // of one axis, and of none of the samples
    CHECK(gaussian_filter(std::vector<float>{0, 0, 0, 0, 1, 0, 0, 0, 0}, 1.0)(4) == gaussian_taps<float>(1.0)(4));
    CHECK(gaussian_filter(tensor<float, 2>{{0, 3}}, 1.0).shape() == shape{0, 3});
}

TEST_CASE("gaussian_filter_into: the same bits in memory that is there, or an error that leaves it alone", "[filter]") {
    const auto differing = [](auto const& l, auto const& r) {
        index_t count = 0;
        for_each_index(r.shape(), [&](index_list const& i) { count += l(i) != r(i); });
        return count;
    };
    const auto x = bytes<float>({40, 30});
    tensor<float, 2> wide{{40, 64}};
    const auto y = slice(wide, faltung::all, faltung::range{8, 38});
    gaussian_filter_into(y, x, 1.5, {.boundary = boundary::reflect});
    CHECK(differing(y, gaussian_filter(x, 1.5, {.boundary = boundary::reflect})) == 0);
    CHECK((wide(3, 7) == 0 && wide(3, 38) == 0));
    // more taps than samples: axis after axis
    gaussian_filter_into(y, x, {9, 20});
    CHECK(differing(y, gaussian_filter(x, {9, 20})) == 0);
    tensor<std::uint8_t, 2> rounded{{40, 30}};
    gaussian_filter_into(rounded, x, 1.5, {.overflow = overflow::saturate});
    CHECK(differing(rounded, gaussian_filter<std::uint8_t>(x, 1.5, {.overflow = overflow::saturate})) == 0);

    tensor<float, 2> other{{40, 31}};
    CHECK(message_of<shape_error>([&] { gaussian_filter_into(other, x, 1.5); }).find("31") != std::string::npos);
    CHECK_THROWS_AS(gaussian_filter_into(wide, wide, 1.5), overlap_error);
    CHECK((other(0, 0) == 0 && wide(3, 7) == 0));
}

TEST_CASE("gaussian_laplace, gaussian_gradient_magnitude, unsharp_mask: the same bits in memory that is there",
          "[filter]") {
    using testing::require_given;
    auto x = bytes<float>({9, 8});
    const auto of_bytes = bytes<std::uint8_t>({9, 8});
    require_given("gaussian_laplace", gaussian_laplace(x, 1.1), [&](auto y) { gaussian_laplace_into(y, x, 1.1); });
    require_given("gaussian_laplace", gaussian_laplace<std::int16_t>(of_bytes, 1.1),
                  [&](auto y) { gaussian_laplace_into(y, of_bytes, 1.1); });
    require_given("gaussian_gradient_magnitude", gaussian_gradient_magnitude(x, 1.1),
                  [&](auto y) { gaussian_gradient_magnitude_into(y, x, 1.1); });
    require_given("unsharp_mask", unsharp_mask(x, 1.1, 2), [&](auto y) { unsharp_mask_into(y, x, 1.1, 2); });
    const gaussian_filter_options clamped{.overflow = overflow::saturate};
    require_given("unsharp_mask", unsharp_mask<std::uint8_t>(of_bytes, 1.1, 2, clamped),
                  [&](auto y) { unsharp_mask_into(y, of_bytes, 1.1, 2, clamped); });
    CHECK_THROWS_AS(gaussian_laplace_into(x, x, 1.1), overlap_error);
    CHECK_THROWS_AS(gaussian_gradient_magnitude_into(x, x, 1.1), overlap_error);
    CHECK_THROWS_AS(unsharp_mask_into(x, x, 1.1, 2), overlap_error);
    CHECK(apart(x, bytes<float>({9, 8})) == 0);
}

TEST_CASE("gaussian_filter: threads change no bit", "[filter][threads]") {
    const auto x = bytes<float>({150, 170});
    CHECK(apart(gaussian_filter(x, 2.0, {.threads = 3}), gaussian_filter(x, 2.0)) == 0);
}

TEST_CASE("gaussian_laplace, gaussian_gradient_magnitude, unsharp_mask: from their parts", "[filter]") {
    const auto x = bytes<double>({10, 8});
    const auto log = convolve(x, laplacian_of_gaussian(1.1), {.padding = mode::same, .boundary = boundary::symmetric});
    CHECK(apart(gaussian_laplace(x, 1.1), log) <= 1e-13 * 255);
    const auto down = gaussian_filter(x, 1.5, {.order = {1, 0}}), across = gaussian_filter(x, 1.5, {.order = {0, 1}}),
               length = gaussian_gradient_magnitude(x, 1.5), smooth = gaussian_filter(x, 1.5),
               sharp = unsharp_mask(x, 1.5, 0.5);
    for (index_t i = 0; i < x.count(); ++i) {
        CHECK(std::abs(length.data()[i] - std::hypot(down.data()[i], across.data()[i])) <= 1e-13);
        CHECK(std::abs(sharp.data()[i] - (1.5 * x.data()[i] - 0.5 * smooth.data()[i])) <= 1e-12);
    }
    const std::vector<double> falling{4, 3, 2, 1, 0};
    for (double v : gaussian_gradient_magnitude(falling, 0.7)) CHECK(v >= 0);
    const auto clipped =
        unsharp_mask<std::uint8_t>(bytes<std::uint8_t>({10, 8}), 1.5, 0.5, {.overflow = overflow::saturate});
    for (index_t i = 0; i < x.count(); ++i)
        CHECK(std::abs(clipped.data()[i] - std::clamp(sharp.data()[i], 0.0, 255.0)) <= 0.5 + 1e-3);
}

TEST_CASE("gaussian_filter: a NaN stays inside its window", "[filter]") {
    auto x = bytes<double>({15, 15});
    const auto clean = gaussian_filter(x, 1.0);
    x(7, 7) = std::nan("");
    const auto y = gaussian_filter(x, 1.0);
    for (index_t i = 0; i < 15; ++i)
        for (index_t j = 0; j < 15; ++j)
            if (std::abs(i - 7) <= 4 && std::abs(j - 7) <= 4)
                CHECK(std::isnan(y(i, j)));
            else
                CHECK(y(i, j) == clean(i, j));
}

TEST_CASE("gaussian_filter: what is refused", "[filter]") {
    const tensor<float, 2> x{{4, 5}};
    CHECK(message_of<option_error>([&] { gaussian_filter(x, 0.0); }) ==
          "gaussian_filter: sigma 0; a finite number above 0 is needed");
    CHECK(message_of<option_error>([&] {
              gaussian_filter(x, {1, std::nan("")});
          }) == "gaussian_filter: sigma nan; a finite number above 0 is needed");
    CHECK(message_of<shape_error>([&] {
              gaussian_filter(x, {1, 2, 3});
          }) ==
          "gaussian_filter: sigma: a list of 3 values for 2 axes; give one value per axis, or one without braces for "
          "all");
    CHECK(message_of<shape_error>([&] {
              gaussian_filter(x, 1.0, {.order = {1, 0, 0}});
          }) ==
          "gaussian_filter: order: a list of 3 values for 2 axes; give one value per axis, or one without braces for "
          "all");
    CHECK(message_of<shape_error>([&] { gaussian_filter(x, 1e12); }) ==
          "gaussian_filter: a radius of 4e+12 taps; 0 to less than 2^30 are possible");
    CHECK(message_of<option_error>([&] { unsharp_mask(x, 1.0, HUGE_VAL); }) ==
          "unsharp_mask: amount inf; a finite number is needed");
    CHECK(message_of<option_error>([&] { gaussian_laplace(x, -1); }) ==
          "gaussian_laplace: sigma -1; a finite number above 0 is needed");
    CHECK(message_of<shape_error>([&] { gaussian_gradient_magnitude(x, 1, {.boundary = {boundary::zero}}); }) ==
          "gaussian_gradient_magnitude: boundary: a list of 1 value for 2 axes; give one value per axis, or one "
          "without braces for all");
    CHECK(message_of<option_error>([&] { unsharp_mask(x, 1, 1, {.threads = -1}); }) ==
          "unsharp_mask: .threads = -1: 0 = all processors, or a number");
}
