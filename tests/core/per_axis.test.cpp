// tests/core/per_axis.test.cpp -- one value for every axis, or a list
#include <faltung/core/per_axis.hpp>

#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::message_of;

TEST_CASE("per_axis: a value without braces holds for every axis", "[core]") {
    const per_axis<index_t> stride = 2;
    CHECK_FALSE(stride.is_list());
    CHECK(stride.count() == 0);
    for (int a = 0; a < max_axes; ++a) CHECK(stride[a] == 2);
    for (int axes = 0; axes <= max_axes; ++axes) CHECK_NOTHROW(stride.require_axes(axes, "stride"));
    CHECK(per_axis<index_t>()[3] == 0);
}

TEST_CASE("per_axis: braces are a list, also with one value in them", "[core]") {
    const per_axis<index_t> one = {2};
    CHECK(one.is_list());
    CHECK(one.count() == 1);
    CHECK_NOTHROW(one.require_axes(1, "stride"));
    const per_axis<index_t> three = {4, -5, 6};
    CHECK(three.count() == 3);
    CHECK(three[0] == 4);
    CHECK(three[1] == -5);
    CHECK(three[2] == 6);
    CHECK_NOTHROW(three.require_axes(3, "stride"));
}

TEST_CASE("per_axis: a list of another length than the problem has axes is refused", "[core]") {
    CHECK(message_of<shape_error>([] { per_axis<index_t>{2}.require_axes(2, "stride"); }) ==
          "stride: a list of 1 value for 2 axes; give one value per axis, or one without braces for all");
    CHECK(message_of<shape_error>([] {
              per_axis<index_t>{2, 3}.require_axes(1, "dilation");
          }) == "dilation: a list of 2 values for 1 axis; give one value per axis, or one without braces for all");
    CHECK(message_of<shape_error>([] { per_axis<index_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}; }) ==
          "a list of more than 8 values: a problem has at most 8 axes");
}
