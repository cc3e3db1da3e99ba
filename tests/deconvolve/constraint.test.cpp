// tests/deconvolve/constraint.test.cpp -- projections, and the order of reasons to end
#include <faltung/deconvolve/constraint.hpp>

#include <complex>

#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

TEST_CASE("constraint: projections, and complex numbers without an order", "[deconvolve]") {
    CHECK(detail::projected(-2.0, constraint::none) == -2);
    CHECK(detail::projected(-2.0, constraint::non_negative) == 0);
    CHECK(detail::projected(3.0f, constraint::non_negative) == 3);
    CHECK(message_of<option_error>([] {
              detail::require_constraint<std::complex<float>>("solve", constraint::non_negative);
          }) == "solve: .constraint = non_negative for complex numbers, which have no order");
}

TEST_CASE("ends_descent: why", "[deconvolve]") {
    const auto why = [](solver_report r, progress_function const& progress = {}) {
        return detail::ends_descent(r, 1, 2, 10, progress) ? text(name_of(r.reason)) : text("goes on");
    };
    const progress_function stop = [](solver_report const&) { return false; };
    CHECK(why({3, 5, 5}) == "goes on");
    CHECK(why({3, 1, 5}) == "converged");
    CHECK(why({3, 5, 2}) == "least squares");
    CHECK(why({0, 5, 2}) == "goes on");  // no gradient is known yet
    CHECK(why({10, 5, 5}) == "exhausted");
    CHECK(why({3, 5, 5}, stop) == "stopped");
    CHECK(why({0, 5, 5}, stop) == "goes on");
    CHECK(why({3, std::nan(""), 5}) == "breakdown");
}
