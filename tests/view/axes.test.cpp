// tests/view/axes.test.cpp -- axes that a rank does not have are refused by name
#include <faltung/view/axes.hpp>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

TEST_CASE("axes: what fits is accepted", "[view]") {
    CHECK_NOTHROW(detail::require_axis(0, 1, "call"));
    CHECK_NOTHROW(detail::require_axis(2, 3, "call"));
    CHECK_NOTHROW(detail::require_distinct_axes({2, 0}, 3, "call"));
    CHECK_NOTHROW(detail::require_distinct_axes({}, 3, "call"));
    CHECK_NOTHROW(detail::require_one_per_axis({5, 5}, 2, "call", "things"));
}

TEST_CASE("axes: every refusal shows the numbers", "[view]") {
    CHECK(message_of<shape_error>([] { detail::require_axis(3, 3, "call"); }) ==
          "call: axis 3, but the axes are 0 to 2");
    CHECK(message_of<shape_error>([] { detail::require_axis(-1, 3, "call"); }) ==
          "call: axis -1, but the axes are 0 to 2");
    CHECK(message_of<shape_error>([] {
              detail::require_distinct_axes({0, 3}, 3, "call");
          }) == "call: axis 3 in (0, 3), but the axes are 0 to 2");
    CHECK(message_of<shape_error>([] { detail::require_distinct_axes({-1}, 2, "call"); }) ==
          "call: axis -1 in (-1,), but the axes are 0 to 1");
    CHECK(message_of<shape_error>([] {
              detail::require_distinct_axes({1, 0, 1}, 2, "call");
          }) == "call: axis 1 is named twice in (1, 0, 1)");
    CHECK(message_of<shape_error>([] {
              detail::require_one_per_axis({1, 2}, 3, "call", "things");
          }) == "call: 2 things (1, 2) for 3 axes");
    CHECK(message_of<shape_error>([] {
              detail::require_one_per_axis({1, 2}, 1, "call", "things");
          }) == "call: 2 things (1, 2) for 1 axis");
}
