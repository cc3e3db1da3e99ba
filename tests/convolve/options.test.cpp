// tests/convolve/options.test.cpp -- what a caller may ask for: defaults, names in their order, values and lists
#include <faltung/convolve/options.hpp>

#include <type_traits>

#include "support/catch.hpp"

using namespace faltung;

TEST_CASE("options: the defaults are a full, dense convolution over all axes, with zeros outside", "[convolve]") {
    const convolve_options o;
    CHECK(o.padding.mode() == mode::full);
    CHECK(o.boundary[0] == boundary::zero);
    CHECK_FALSE(o.boundary.is_list());
    CHECK(o.stride[7] == 1);
    CHECK(o.dilation[7] == 1);
    CHECK_FALSE(o.stride.is_list());
    CHECK_FALSE(o.dilation.is_list());
    CHECK(o.centre[0] == -1);
    CHECK(o.axes.rank() == 0);
    CHECK(o.method == method::automatic);
    CHECK(o.tolerance == std::numeric_limits<double>::infinity());
    CHECK(o.memory == std::numeric_limits<index_t>::max());
    CHECK(o.threads == 1);
    CHECK(o.overflow == overflow::wrap);
    CHECK(o.rounding == rounding::nearest_even);
}

TEST_CASE("options: the order of the names is a promise", "[convolve]") {
    STATIC_REQUIRE(std::is_aggregate_v<convolve_options>);
    const convolve_options o{.padding = mode::same,
                             .boundary = boundary::reflect,
                             .stride = 2,
                             .dilation = 3,
                             .centre = 1,
                             .axes = {0},
                             .method = method::direct,
                             .tolerance = 0.5,
                             .memory = 1000,
                             .threads = 4,
                             .overflow = overflow::saturate,
                             .rounding = rounding::toward_zero};
    CHECK(o.padding.mode() == mode::same);
    CHECK(o.stride[0] == 2);
    CHECK(o.dilation[0] == 3);
    CHECK(o.centre[0] == 1);
    CHECK(o.axes == index_list{0});
    CHECK(o.rounding == rounding::toward_zero);
}

TEST_CASE("options: one value for every axis, or a list with one per axis", "[convolve]") {
    const convolve_options o{.padding = {{1, 2}, {0, 0}},
                             .boundary = {boundary::zero, boundary::circular},
                             .stride = {2, 1},
                             .dilation = {3}};
    CHECK_FALSE(o.padding.mode());
    CHECK(o.padding.amounts()[0] == low_high{1, 2});
    CHECK(o.padding.amounts()[1] == low_high{0, 0});
    CHECK(o.boundary[1] == boundary::circular);
    CHECK(o.stride.count() == 2);
    CHECK(o.dilation.count() == 1);
    const convolve_options symmetric{.padding = {1, 2}};
    CHECK(symmetric.padding.amounts()[0] == low_high{1, 1});
    CHECK(symmetric.padding.amounts()[1] == low_high{2, 2});
    const convolve_options uniform{.padding = 3};
    CHECK_FALSE(uniform.padding.amounts().is_list());
    CHECK(uniform.padding.amounts()[5] == low_high{3, 3});
}
