// tests/nufft/point_transform.test.cpp -- sums from points to points against the sums that define them
#include <faltung/nufft/point_transform.hpp>

#include "direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

tensor_view<double const, 2> view_of_cloud(testing::cloud const& x) {
    return tensor_view<double const, 2>(std::span<double const>(x.at), {x.count(), x.axes});
}

template <class R>
void require_sums(testing::cloud const& x, testing::cloud const& y, point_transform_options const& o) {
    INFO(text(sizeof(R) == 4 ? "float " : "double ", x.axes, " axes, tolerance ", o.tolerance, " sign ", o.sign));
    testing::random_source random(8);
    const point_transform<R> plan(view_of_cloud(x), view_of_cloud(y), o);
    const auto c = testing::random_numbers<R>(random, x.count());
    std::vector<testing::wide> expected;
    for (index_t k = 0; k < y.count(); ++k) {
        testing::wide sum = 0;
        for (index_t j = 0; j < x.count(); ++j) {
            long double angle = 0;
            for (int a = 0; a < x.axes; ++a)
                angle += static_cast<long double>(x(j, a)) * static_cast<long double>(y(k, a));
            sum += testing::wide(c[static_cast<std::size_t>(j)]) * std::polar(1.0L, o.sign * angle);
        }
        expected.push_back(sum);
    }
    const auto found = plan(c);
    REQUIRE(testing::relative_error(found, expected) <= std::max(sizeof(R) == 4 ? 2e-5 : 3e-14, 4 * o.tolerance));
    // <u, A c> = <A^H u, c>
    const auto u = testing::random_numbers<R>(random, y.count());
    auto back = c;
    auto scratch = plan.workspace();
    plan.adjoint(u, back, scratch);
    const testing::wide l = testing::product(u, found), r = testing::product(back, c);
    REQUIRE(std::abs(l - r) <= (sizeof(R) == 4 ? 1e-5L : 1e-13L) * (std::abs(l) + 1));
}

}  // namespace

TEST_CASE("every tolerance holds for sums from points to points, of one to three axes") {
    testing::random_source random(2);
    for (int axes = 1; axes <= 3; ++axes) {
        const double reach = axes == 1 ? 40 : axes == 2 ? 8 : 3;
        const auto x = testing::random_cloud(random, 40, axes, -2, 3),
                   y = testing::random_cloud(random, 33, axes, -reach, 0.5 * reach);
        for (int digits = 1; digits <= 14; ++digits) {
            require_sums<double>(x, y, {.tolerance = std::pow(10.0, -digits), .sign = digits % 2 == 0 ? 1 : -1});
            if (digits <= 6) require_sums<float>(x, y, {.tolerance = std::pow(10.0, -digits), .sign = -1});
        }
    }
}

TEST_CASE("ranges far from zero, without extent, and of very different sizes") {
    testing::random_source random(12);
    const auto x = testing::random_cloud(random, 20, 2, 100, 101), y = testing::random_cloud(random, 30, 2, -3, 50);
    require_sums<double>(x, y, {.tolerance = 1e-9});
    const testing::cloud one{2, {1, -2}}, same{2, {3, 4, 3, 4}};
    require_sums<double>(one, y, {.tolerance = 1e-12});
    require_sums<double>(x, one, {.tolerance = 1e-12});
    require_sums<double>(one, same, {.tolerance = 1e-12});
    require_sums<double>(testing::random_cloud(random, 9, 1, -1e-6, 1e-6), testing::random_cloud(random, 9, 1, 0, 1e8),
                         {.tolerance = 1e-12});
    require_sums<double>(testing::random_cloud(random, 9, 1, 0, 1e9), testing::random_cloud(random, 9, 1, -1e-8, 1e-8),
                         {.tolerance = 1e-12});
}

TEST_CASE("a batch from points to points, on any number of threads", "[threads]") {
    testing::random_source random(14);
    const auto x = testing::random_cloud(random, 300, 2, -1, 1), y = testing::random_cloud(random, 200, 2, -60, 60);
    const point_transform<double> one(view_of_cloud(x), view_of_cloud(y)),
        many(view_of_cloud(x), view_of_cloud(y), {.threads = 3});
    const auto c = testing::random_numbers<double>(random, 600);
    std::vector<std::complex<double>> u(400);
    auto scratch = many.workspace();
    many.execute(tensor_view<std::complex<double> const, 2>(std::span(c), {2, 300}),
                 tensor_view<std::complex<double>, 2>(std::span(u), {2, 200}), scratch);
    for (std::size_t b = 0; b < 2; ++b) {
        const auto single = one(std::span(c).subspan(b * 300, 300));
        REQUIRE(std::equal(single.begin(), single.end(), u.begin() + static_cast<std::ptrdiff_t>(b * 200)));
    }
    const double error = one.measured_error(view_of_cloud(x), view_of_cloud(y), 50);
    REQUIRE(error <= 4e-6);
    REQUIRE(error >= 1e-9);
}

TEST_CASE("what cannot be summed from points to points is refused") {
    const std::vector<double> x{0, 1}, huge{-1e12, 1e12}, broken{0, HUGE_VAL}, none;
    REQUIRE(message_of<option_error>([&] { point_transform<double>(x, broken); }) ==
            "point_transform: coordinate 0 of target 1 is not finite");
    REQUIRE(message_of<option_error>([&] { point_transform<double>(broken, x); }) ==
            "point_transform: coordinate 0 of source 1 is not finite");
    REQUIRE(message_of<option_error>([&] { point_transform<double>(none, x); }) == "nufft: no points");
    REQUIRE(message_of<option_error>([&] { point_transform<double>(x, none); }) == "nufft: no points");
    REQUIRE(message_of<option_error>([&] { point_transform<double>(x, x, {.tolerance = 0}); }) ==
            "nufft: .tolerance = 0: the smallest one in double is 1e-14, and it is less than 1");
    REQUIRE(
        message_of<overflow_error>([&] { point_transform<double>(huge, huge); }) ==
        "point_transform: axis 0: half ranges of 1e+12 and 1e+12 need a grid of 1.27324e+24 nodes: at most 2^37 are "
        "possible");
    REQUIRE(message_of<option_error>([&] { point_transform<double>(x, x, {.sign = 0}); }) ==
            "point_transform: .sign = 0: -1 or 1 is needed");
    REQUIRE(message_of<option_error>([&] { point_transform<float>(x, x, {.tolerance = 1e-9}); }) ==
            "nufft: .tolerance = 1e-09: the smallest one in float is 1e-06, and it is less than 1");
    const point_transform<double> plan(x, x);
    auto scratch = plan.workspace();
    std::vector<std::complex<double>> c(2), u(3);
    REQUIRE(message_of<shape_error>([&] { plan.execute(c, u, scratch); }) ==
            "point_transform: an output of shape (3,): (2,) is needed, after any batch axes");
    REQUIRE(message_of<overlap_error>([&] { plan.execute(c, c, scratch); }) ==
            "point_transform: the output overlaps the input");
}
