// tests/convolve/choose.test.cpp -- the cheapest method within the limits, the reasons against the others, and the
// account
#include <faltung/convolve/choose.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
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
            p.kernel.terms = 1;
            p.engine = detail::methods_for<T>().engine;
            const method taken =
                detail::choose(detail::methods_for<T>(), "convolve", p, method::automatic).method->name;
            for (auto const* m : detail::methods_for<T>()) {
                if (m->name == method::winograd) continue;  // takes two axes
                const detail::offer other(*m, p);
                REQUIRE_FALSE(other.reason);
                if (m->name != taken)
                    CHECK(other.seconds(p) >= detail::cheapest(detail::methods_for<T>(), p, taken).seconds(p));
            }
            if (n >= 1000 && taps == 300) CHECK(taken != method::im2col);
        }
}

// 1764 us were predicted for transforms of the first one, which took 6500 where direct took 2000: their spectra are 16
// MB, and come from memory for every tile.
TEST_CASE("choose: layers of many channels are not transformed", "[convolve]") {
    const auto layer = [](index_t in, index_t out, std::vector<reference::line> const& axes) {
        problem p = problem_of(axes);
        p.types = example().types;
        p.in = in;
        p.out = out;
        p.kernel.known = true;
        return p;
    };
    const reference::line wide{56, 3, 1, 1, 1, 1, 'z'}, dilated{56, 3, 1, 2, 2, 2, 'z'}, narrow{14, 3, 1, 1, 1, 1, 'z'},
        strided{224, 7, 2, 1, 3, 3, 'z'}, cube{32, 3, 1, 1, 1, 1, 'z'}, line{4096, 9, 1, 1, 4, 4, 'z'};
    for (problem p : {layer(64, 64, {wide, wide}), layer(256, 256, {narrow, narrow}), layer(3, 64, {strided, strided}),
                      layer(64, 64, {dilated, dilated}), layer(16, 32, {cube, cube, cube}), layer(64, 64, {line})})
        for (const instruction_set set : {instruction_set::avx2, instruction_set::avx512}) {
            INFO(p.in << " to " << p.out << " channels, " << p.rank << " axes, " << name_of(set));
            p.limits.instruction_set = set;
            CHECK(detail::choose(detail::methods_for<T>(), "conv", p, method::automatic).method->name ==
                  method::direct);
        }
}

TEST_CASE("choose: the one that is asked for is taken, or its reason is the error", "[convolve]") {
    problem p = example();
    p.kernel.terms = 1;
    for (const method m : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save})
        CHECK(detail::choose(detail::methods_for<T>(), "convolve", p, m).method->name == m);
    p.kernel.finite = false;
    CHECK(detail::choose(detail::methods_for<T>(), "convolve", p, method::automatic).method->name == method::direct);
    CHECK(message_of<unsupported_error>(
              [&] { detail::choose(detail::methods_for<T>(), "correlate", p, method::im2col); }) ==
          "correlate: no method is left: im2col: a kernel with NaN or Inf needs direct: im2col multiplies zero padding "
          "by it");
    CHECK(
        message_of<unsupported_error>([&] { detail::choose(detail::methods_for<T>(), "correlate", p, method::fft); }) ==
        "correlate: no method is left: fft: a kernel with NaN or Inf needs direct: a transform spreads them over all "
        "sums");
    p.direction = direction::adjoint_x;
    CHECK(
        message_of<unsupported_error>(
            [&] { detail::choose(detail::methods_for<T>(), "convolve", p, method::automatic); }) ==
        "convolve: no method is left: direct: direct computes forward problems; the plan lowers its adjoints to them; "
        "im2col: im2col computes forward problems; the plan lowers its adjoints to them; separable: separable computes "
        "forward problems; the plan lowers its adjoints to them; fft: fft computes forward problems; the plan lowers "
        "its adjoints to them; overlap_save: overlap_save computes forward problems; the plan lowers its adjoints to "
        "them; winograd: winograd computes forward problems; the plan lowers its adjoints to them");
    p.direction = direction::forward;
    p.kernel.terms = 0;
    CHECK(message_of<unsupported_error>(
              [&] { detail::choose(detail::methods_for<T>(), "convolve", p, method::separable); }) ==
          "convolve: no method is left: separable: a kernel with NaN or Inf needs direct: separable multiplies zero "
          "padding by it");
    p.kernel.finite = true;
    CHECK(message_of<unsupported_error>(
              [&] { detail::choose(detail::methods_for<T>(), "convolve", p, method::separable); }) ==
          "convolve: no method is left: separable: its kernel (5,) is no sum of few products of one line per axis");
}

TEST_CASE("choose: a tolerance or a limit of memory refuses with both numbers", "[convolve]") {
    problem p = example();
    p.limits.tolerance = 1e-9;
    // gamma_5 sqrt(5) with u = 2^-24
    const std::string reason = "its certified error 6.664e-07 is larger than the tolerance 1e-09";
    CHECK(
        message_of<unsupported_error>(
            [&] { detail::choose(detail::methods_for<T>(), "convolve", p, method::automatic); })
            .find("convolve: no method is left: direct: " + reason + "; im2col: " + reason +
                  "; separable: its kernel (5,) is no sum of few products of one line per axis; fft: its certified ") ==
        0);
    p.limits.tolerance = 1e-6;  // which no transform keeps
    for (const method m : {method::fft, method::overlap_save})
        CHECK_THROWS_AS(detail::choose(detail::methods_for<T>(), "convolve", p, m), unsupported_error);
    CHECK_NOTHROW(detail::choose(detail::methods_for<T>(), "convolve", p, method::automatic));

    p[0].n = 10000;
    p.limits.memory = 3000;
    const index_t direct = detail::direct::workspace<T>(p), im2col = detail::im2col::workspace<T>(p);
    REQUIRE(std::min(direct, im2col) > 3000);
    for (const method m : {method::direct, method::im2col}) {
        const index_t bytes = m == method::direct ? direct : im2col;
        CHECK(message_of<unsupported_error>([&] { detail::choose(detail::methods_for<T>(), "convolve", p, m); }) ==
              text("convolve: no method is left: ", name_of(m), ": it needs ", bytes,
                   " bytes of scratch, the limit is 3000"));
        p.limits.memory = bytes;
        CHECK(detail::choose(detail::methods_for<T>(), "convolve", p, m).method->name == m);
        p.limits.memory = 3000;
    }
    p.limits.tolerance = std::numeric_limits<double>::infinity();
    p.limits.memory = 100;  // below one tile
    const std::string refused = message_of<unsupported_error>(
        [&] { detail::choose(detail::methods_for<T>(), "convolve", p, method::overlap_save); });
    CHECK(refused.find("convolve: no method is left: overlap_save: it needs ") == 0);
    CHECK(refused.find(" bytes of scratch, the limit is 100") != std::string::npos);
}

TEST_CASE("choose: integers are exact, so that a tolerance of 0 is met", "[convolve]") {
    problem p = example();
    p.types.accumulator = p.types.y = element::int64;
    p.limits.tolerance = 0;
    CHECK_NOTHROW(
        detail::choose(detail::methods_for<detail::types<std::int32_t, std::int32_t, std::int64_t, std::int64_t>>(),
                       "convolve", p, method::automatic));
}

TEST_CASE("account: a line for every method, a star at the chosen one, reasons at the others", "[convolve]") {
    problem p = example();
    const std::string both = detail::account(detail::methods_for<T>(), p, method::im2col);
    CHECK(both.find("  direct: ") == 0);
    CHECK(both.find("\n* im2col: ") != std::string::npos);
    CHECK(both.find(text(detail::direct::predict(p).seconds * 1e6, " us, ",
                         detail::direct::predict(p).preparation * 1e6, " us to prepare, ",
                         detail::direct::workspace<T>(p), " bytes of scratch per thread, error ")) == 10);
    CHECK(both.find(" expected, 6.664e-07 certified\n") != std::string::npos);
    CHECK(std::count(both.begin(), both.end(), '\n') == 6);
    p.kernel.finite = false;
    const std::string direct_only = detail::account(detail::methods_for<T>(), p, method::automatic);
    CHECK(direct_only.find("* direct: ") == 0);
    CHECK(direct_only.find("\n  im2col: a kernel with NaN or Inf needs direct") != std::string::npos);
    const std::string none = detail::account(detail::methods_for<T>(), p, method::im2col);
    CHECK(std::count(none.begin(), none.end(), '\n') == 6);
    CHECK(none.find('*') == std::string::npos);
    CHECK(detail::account(detail::methods_for<T>(), p, method::direct, 1000)
              .find(text("* direct: ", detail::direct::predict(p).seconds * 1e9, " us, ")) == 0);
}

TEST_CASE("workers: no more than there are grains of work, and at least one", "[convolve]") {
    problem p = example();
    p[0].n = 10000;
    detail::method_facts const& direct = detail::table_of<detail::direct, T>;
    const index_t grains = direct.grains(p);
    REQUIRE(grains > 1);
    for (const int threads : {1, 2, std::numeric_limits<int>::max()}) {
        p.limits.threads = threads;
        CHECK(detail::workers(direct, p, 0) == std::min<index_t>(threads, grains));
    }
    p.limits.memory = direct.workspace(p) * 2 + 1000;
    CHECK(detail::workers(direct, p, 0) == 2);  // a limit of memory means fewer threads
    CHECK(detail::workers(direct, p, 1001) == 1);
    CHECK_NOTHROW(detail::choose(detail::methods_for<T>(), "convolve", p, method::direct));
    p[0].n = 0;
    p[0].low = p[0].high = 0;
    CHECK(detail::workers(direct, p, 0) == 1);
}
