// tests/must_not_allocate/nufft.test.cpp -- transforms between points and modes, and plans that run out of memory
#include <faltung/nufft.hpp>

#include <new>
#include <vector>

#include "support/allocation_count.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("must not allocate: transforms of points and their adjoints", "[must_not_allocate]") {
    const std::vector<double> x{0.5, 1, -2, 3, 2, 1, 0, 6};
    const tensor_view<double const, 2> points(std::span<double const>(x), {4, 2});
    for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points})
        for (const int threads : {1, 2}) {
            const nufft<double> plan(type, {40, 30}, points, {.threads = threads});
            std::vector<std::complex<double>> c(4, 1), f(1200, 1);
            auto scratch = plan.workspace();
            const allocation_watch watch;
            if (type == nufft_type::points_to_modes) {
                plan.execute(c, f, scratch);
                plan.adjoint(f, c, scratch);
            } else {
                plan.execute(f, c, scratch);
                plan.adjoint(c, f, scratch);
            }
            CHECK(watch.count() == 0);
        }
}

TEST_CASE("must not allocate: sums from points to points, and convolutions of points", "[must_not_allocate]") {
    const std::vector<double> x{0.5, 1, -2, 3, 2, 1, 0, 6};
    std::vector<std::complex<double>> c(8, 1), u(8);
    const point_transform<double> sums(x, x);
    auto room = sums.workspace();
    {
        const allocation_watch watch;
        sums.execute(c, u, room);
        sums.adjoint(u, c, room);
        CHECK(watch.count() == 0);
    }
    for (const point_method method : {point_method::direct, point_method::grid, point_method::pairs}) {
        const point_convolver<double> plan(x, gaussian_coefficients({30}, {7}, 0.5), {.method = method});
        std::vector<double> from(8, 1), to(8);
        auto scratch = plan.workspace();
        const allocation_watch watch;
        plan.execute(from, to, scratch);
        plan.adjoint(to, from, scratch);
        CHECK(watch.count() == 0);
    }
}

TEST_CASE("plans of non-uniform transforms that run out of memory leak nothing and keep their points",
          "[must_not_allocate]") {
    const std::vector<double> x{0.5, 1, -2, 3, 2, 1, 0, 6},
        other(12, 1);  // more: fewer find room where the earlier ones were
    nufft<double> plan(nufft_type::points_to_modes, {40}, x);
    const std::vector<std::complex<double>> c(8, 1);
    const auto before = plan(c);
    std::size_t failures = 0;
    for (std::size_t failing = 0;; ++failing, ++failures) {
        allocation_watch watch(failing);
        try {
            plan.set_points(other);
            break;
        } catch (std::bad_alloc const&) {
            REQUIRE(watch.balance() == 0);
            REQUIRE(plan.points() == 8);
        }
    }
    REQUIRE(failures >= 4);
    plan.set_points(x);
    REQUIRE(plan(c) == before);
    for (std::size_t failing = 0;; ++failing) {
        allocation_watch watch(failing);
        try {
            const nufft<double> made(nufft_type::points_to_modes, {40}, x);
            REQUIRE(failing >= 10);
            break;
        } catch (std::bad_alloc const&) {
            REQUIRE(watch.balance() == 0);
        }
    }
}
