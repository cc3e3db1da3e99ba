// tests/convolve/choose.test.cpp -- the cheapest method within the limits, the reasons against the others, and the
// account
#include <faltung/convolve/choose.hpp>

#include "support/catch.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

using T = detail::types<float, float, float, float>;

problem example() {
    problem p = problem_of({{100, 5, 1, 1, 2, 2, 'z'}});
    p.types = {element::float32, element::float32, element::float32, element::float32, algebra::plus_times};
    return p;
}

}  // namespace

TEST_CASE("choose: automatic takes the one that is predicted to be fastest", "[convolve]") {
    for (const index_t n : {10, 1000, 100000})
        for (const index_t taps : {1, 7, 300}) {
            problem p = example();
            p[0].n = n;
            p[0].taps = taps;
            p[0].low = p[0].high = taps;
            const method faster = detail::direct::predict(p).seconds <= detail::im2col::predict(p).seconds
                                      ? method::direct
                                      : method::im2col;
            CHECK(detail::choose<T>("convolve", p, method::automatic).name == faster);
        }
}

TEST_CASE("choose: the one that is asked for is taken, or its reason is the error", "[convolve]") {
    problem p = example();
    for (const method m : {method::direct, method::im2col}) CHECK(detail::choose<T>("convolve", p, m).name == m);
    p.kernel.finite = false;
    CHECK(detail::choose<T>("convolve", p, method::automatic).name == method::direct);
    CHECK(message_of<unsupported_error>([&] { detail::choose<T>("correlate", p, method::im2col); }) ==
          "correlate: no method is left: im2col: a kernel with NaN or Inf needs direct: im2col multiplies zero padding "
          "by it");
    p.direction = direction::adjoint_x;
    CHECK(
        message_of<unsupported_error>([&] { detail::choose<T>("convolve", p, method::automatic); }) ==
        "convolve: no method is left: direct: direct computes forward problems; the plan lowers its adjoints to them; "
        "im2col: im2col computes forward problems; the plan lowers its adjoints to them");
}

TEST_CASE("choose: a tolerance or a limit of memory refuses with both numbers", "[convolve]") {
    problem p = example();
    p.limits.tolerance = 1e-9;
    // gamma_5 sqrt(5) with u = 2^-24
    const std::string reason = "its certified error 6.664e-07 is larger than the tolerance 1e-09";
    CHECK(message_of<unsupported_error>([&] { detail::choose<T>("convolve", p, method::automatic); }) ==
          "convolve: no method is left: direct: " + reason + "; im2col: " + reason);
    p.limits.tolerance = 1e-6;
    CHECK_NOTHROW(detail::choose<T>("convolve", p, method::automatic));

    p[0].n = 10000;  // work for three threads
    p.limits.memory = 10000;
    p.limits.threads = 3;
    const index_t direct = 3 * detail::direct::workspace<T>(p), im2col = 3 * detail::im2col::workspace<T>(p);
    REQUIRE(std::min(direct, im2col) > 10000);
    CHECK(message_of<unsupported_error>([&] { detail::choose<T>("convolve", p, method::automatic); }) ==
          text("convolve: no method is left: direct: it needs ", direct,
               " bytes of scratch, the limit is 10000; im2col: it needs ", im2col,
               " bytes of scratch, the limit is 10000"));
    p.limits.memory = std::min(direct, im2col);
    CHECK(detail::choose<T>("convolve", p, method::automatic).name ==
          (direct < im2col ? method::direct : method::im2col));
}

TEST_CASE("choose: integers are exact, so that a tolerance of 0 is met", "[convolve]") {
    problem p = example();
    p.types.accumulator = p.types.y = element::int64;
    p.limits.tolerance = 0;
    CHECK_NOTHROW(detail::choose<detail::types<std::int32_t, std::int32_t, std::int64_t, std::int64_t>>(
        "convolve", p, method::automatic));
}

TEST_CASE("account: a line for every method, a star at the chosen one, reasons at the others", "[convolve]") {
    problem p = example();
    const std::string both = detail::account(detail::methods_for<T>(), p, method::im2col);
    CHECK(both.find("  direct: ") == 0);
    CHECK(both.find("\n* im2col: ") != std::string::npos);
    CHECK(both.find(text(detail::direct::predict(p).seconds * 1e6, " us, ", detail::direct::workspace<T>(p),
                         " bytes of scratch per thread, error ")) == 10);
    CHECK(both.find(" expected, 6.664e-07 certified\n") != std::string::npos);
    CHECK(std::count(both.begin(), both.end(), '\n') == 2);
    p.kernel.finite = false;
    const std::string direct_only = detail::account(detail::methods_for<T>(), p, method::automatic);
    CHECK(direct_only.find("* direct: ") == 0);
    CHECK(direct_only.find("\n  im2col: a kernel with NaN or Inf needs direct") != std::string::npos);
    const std::string none = detail::account(detail::methods_for<T>(), p, method::im2col);
    CHECK(std::count(none.begin(), none.end(), '\n') == 2);
    CHECK(none.find('*') == std::string::npos);
    CHECK(detail::account(detail::methods_for<T>(), p, method::direct, 1000)
              .find(text("* direct: ", detail::direct::predict(p).seconds * 1e9, " us, ")) == 0);
}

TEST_CASE("workers: no more than there are grains of work, and at least one", "[convolve]") {
    problem p = example();
    p[0].n = 10000;
    auto const& direct = detail::choose<T>("convolve", p, method::direct);
    const index_t grains = direct.grains(p);
    REQUIRE(grains > 1);
    for (const int threads : {1, 2, std::numeric_limits<int>::max()}) {
        p.limits.threads = threads;
        CHECK(detail::workers(direct, p) == std::min<index_t>(threads, grains));
    }
    p.limits.memory = direct.workspace(p) * grains;  // as much as those few need
    CHECK_NOTHROW(detail::choose<T>("convolve", p, method::direct));
    p[0].n = 0;
    p[0].low = p[0].high = 0;
    CHECK(detail::workers(direct, p) == 1);
}
