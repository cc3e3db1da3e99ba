// tests/filter/morphology.test.cpp -- what SciPy 1.10 and OpenCV 4.6 answered, duality, idempotence, and types
#include <faltung/filter/morphology.hpp>
#include <faltung/view.hpp>

#include "support/catch.hpp"
#include "support/given.hpp"
#include "support/random.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::difference;
using testing::message_of;

namespace {

// x and the elements that scipy.ndimage 1.10.0 and cv2 4.6.0 were asked about; all results below are theirs
const tensor<std::uint8_t, 2> image{{4, 6}, {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4}};
constexpr std::array<std::array<bool, 3>, 3> flat{{{false, true, false}, {true, true, true}, {false, true, true}}};
constexpr std::array<std::array<int, 3>, 2> grey{{{0, 2, 1}, {1, 3, 0}}};

void check_samples(auto const& y, std::vector<int> const& expected) {
    CHECK((std::vector<int>(y.begin(), y.end()) == expected));
}

tensor<std::int32_t, 2> wide_image() {
    return testing::tensor_of<std::int32_t, 2>({4, 6}, [](index_list const& i) { return image(i); });
}

}  // namespace

TEST_CASE("dilate, erode: flat elements", "[filter]") {
    check_samples(dilate(image, flat), {3, 6, 5, 5, 9, 9, 9, 7, 9, 5, 8, 9, 9, 9, 9, 9, 6, 8, 9, 9, 9, 9, 6, 6});
    check_samples(erode(image, flat), {1, 1, 1, 1, 1, 5, 2, 1, 3, 1, 2, 3, 2, 4, 2, 2, 2, 2, 4, 4, 2, 2, 2, 3});
    check_samples(dilate(image, flat, {.boundary = boundary::circular}),
                  {9, 8, 6, 6, 9, 9, 9, 7, 9, 5, 8, 9, 9, 9, 9, 9, 6, 9, 9, 9, 9, 9, 6, 9});
    check_samples(erode(image, flat, {.boundary = boundary::reflect}),
                  {1, 1, 1, 1, 1, 5, 2, 1, 3, 1, 2, 2, 2, 4, 2, 2, 2, 2, 4, 4, 2, 2, 2, 2});
    // OpenCV leaves out what is outside
    check_samples(dilate(image, flat, {.boundary = boundary::zero}),
                  {3, 6, 5, 5, 9, 9, 9, 7, 9, 5, 8, 9, 9, 9, 9, 9, 6, 8, 9, 9, 9, 9, 6, 6});
    check_samples(erode(image, flat, {.boundary = boundary::zero}),
                  {1, 1, 1, 1, 1, 5, 2, 1, 3, 1, 2, 3, 2, 4, 2, 2, 2, 2, 4, 4, 2, 2, 2, 3});
    static_assert(std::is_same_v<decltype(dilate(image, flat)), tensor<std::uint8_t, 2>>);
}

TEST_CASE("dilate, erode: grey elements", "[filter]") {
    check_samples(dilate(wide_image(), grey),
                  {6, 8, 7, 6, 10, 12, 11, 10, 11, 10, 9, 11, 12, 10, 12, 9, 8, 7, 11, 9, 9, 7, 9, 7});
    check_samples(erode(wide_image(), grey),
                  {0, -2, 0, -2, 0, 4, -1, -1, 0, -1, 1, 4, 0, 2, 2, 0, -1, 0, 4, 1, 2, -1, 0, 1});
}

TEST_CASE("dilate, erode: boxes, of even sizes too", "[filter]") {
    check_samples(dilate(image, {2, 4}, {.boundary = boundary::replicate}),
                  {6, 6, 6, 9, 9, 9, 9, 9, 9, 9, 8, 8, 9, 9, 9, 9, 6, 6, 8, 8, 6, 6, 6, 6});
    check_samples(erode(image, {2, 4}), {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 4, 4, 2, 2, 2, 2});
    tensor<bool, 2> box{{2, 4}};
    std::fill(box.begin(), box.end(), true);
    CHECK(difference(dilate(image, {2, 4}), dilate(image, box)) == "");
}

TEST_CASE("dilate, erode, opening, closing: the same bits in memory that is there", "[filter]") {
    using testing::require_given;
    const per_axis<index_t> box{2, 3};
    require_given("dilate", dilate(image, flat), [&](auto y) { dilate_into(y, image, flat); });
    require_given("erode", erode<float>(image, flat), [&](auto y) { erode_into(y, image, flat); });
    require_given("dilate", dilate(image, box), [&](auto y) { dilate_into(y, image, box); });
    require_given("erode", erode(image, box), [&](auto y) { erode_into(y, image, box); });
    require_given("opening", opening(image, flat), [&](auto y) { opening_into(y, image, flat); });
    require_given("closing", closing(image, box), [&](auto y) { closing_into(y, image, box); });
    const tensor<double, 1> line{{5}, {3.0, 1, 4, 1, 5}};
    require_given("erode", tensor<double, 1>{{5}, {1.0, 1, 1, 1, 1}}, [&](auto y) { erode_into(y, line, {3}); });
    auto same = image;
    CHECK_THROWS_AS(dilate_into(same, same, flat), overlap_error);
    CHECK_THROWS_AS(erode_into(same, same, box), overlap_error);
    CHECK_THROWS_AS(opening_into(same, same, box), overlap_error);
    CHECK_THROWS_AS(closing_into(same, same, flat), overlap_error);
    CHECK(difference(same, image) == "");
}

TEST_CASE("opening, closing", "[filter]") {
    const per_axis<index_t> three{3, 3};
    check_samples(opening(image, three), {1, 1, 1, 1, 5, 5, 2, 2, 2, 2, 5, 5, 4, 4, 4, 2, 2, 2, 4, 4, 4, 2, 2, 2});
    check_samples(closing(image, three), {6, 6, 5, 5, 5, 9, 6, 6, 5, 5, 5, 8, 9, 9, 9, 6, 6, 6, 9, 9, 9, 6, 6, 6});
    check_samples(opening(image, flat), {2, 1, 3, 1, 5, 5, 2, 4, 3, 3, 3, 5, 4, 4, 4, 3, 2, 3, 4, 4, 4, 2, 3, 3});

    testing::random_source r(91);
    const auto x = testing::any_tensor<float, 2>(r, {20, 31});
    const auto opened = opening(x, flat, {.boundary = boundary::zero}),
               closed = closing(x, flat, {.boundary = boundary::zero});
    CHECK(difference(opening(opened, flat, {.boundary = boundary::zero}), opened) == "");
    CHECK(difference(closing(closed, flat, {.boundary = boundary::zero}), closed) == "");
    for (index_t i = 0; i < x.count(); ++i) {
        CHECK(opened.data()[i] <= x.data()[i]);
        CHECK(x.data()[i] <= closed.data()[i]);
    }
}

TEST_CASE("dilate, erode: of yes and no", "[filter]") {
    tensor<bool, 2> bright{{4, 6}};
    for (index_t i = 0; i < image.count(); ++i) bright.data()[i] = image.data()[i] > 4;
    check_samples(dilate(bright, flat, {.boundary = boundary::zero}),
                  {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    check_samples(erode(bright, flat, {.boundary = boundary::zero}),
                  {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    // an element without a sample reaches nothing
    const std::array<std::array<bool, 1>, 1> none{};
    for (bool v : dilate(bright, none)) CHECK_FALSE(v);
    for (bool v : erode(bright, none)) CHECK(v);
}

TEST_CASE("erode is the dilation of the negative, in three axes, floats and infinities too", "[filter]") {
    testing::random_source r(92);
    auto x = testing::any_tensor<double, 3>(r, {5, 6, 40});
    x(2, 3, 4) = std::numeric_limits<double>::infinity();
    x(0, 0, 0) = -x(2, 3, 4);
    auto negative = x;
    for (double& v : negative) v = -v;
    tensor<bool, 3> element{{3, 1, 5}};
    for (bool& v : element) v = r.percent(60);
    element(1, 0, 2) = true;
    for (boundary const& edge : {boundary::zero, boundary::symmetric, boundary::circular}) {
        const auto eroded = erode(x, element, {.boundary = edge});
        auto dual = dilate(negative, flip(element), {.boundary = edge});
        for (double& v : dual) v = -v;
        CHECK(difference(eroded, dual) == "");
    }
    CHECK(message_of<shape_error>([&] { dilate(x, {3, 0, 1}); }) == "dilate: 0 taps; 1 to 2147483648 are possible");
    CHECK(message_of<shape_error>([&] {
              erode(x, {3, 1});
          }) == "erode: size: a list of 2 values for 3 axes; give one value per axis, or one without braces for all");
}
