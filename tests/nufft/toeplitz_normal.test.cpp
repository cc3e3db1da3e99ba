// tests/nufft/toeplitz_normal.test.cpp -- the normal matrix against the products that it is made of
#include <faltung/nufft/toeplitz_normal.hpp>

#include <faltung/linalg/conjugate_gradients.hpp>

#include "direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;

namespace {

using C = std::complex<double>;

tensor_view<double const, 2> view_of_cloud(testing::cloud const& x) {
    return tensor_view<double const, 2>(std::span<double const>(x.at), {x.count(), x.axes});
}

}  // namespace

TEST_CASE("the normal matrix is the transform to points, the weights, and its adjoint") {
    testing::random_source random(61);
    for (shape const& n : {shape{1}, shape{8}, shape{13}, shape{6, 9}, shape{3, 4, 5}}) {
        const auto x = testing::random_cloud(random, 21, n.rank());
        std::vector<double> weights;
        for (int j = 0; j < 21; ++j) weights.push_back(testing::real_between(random, 0, 2));
        const auto normal = toeplitz_normal<double>(n, view_of_cloud(x), weights);
        const index_t count = checked::product(n, "modes");
        REQUIRE(normal.unknowns == count);
        const auto f = testing::random_numbers<double>(random, count);
        std::vector<C> found(f.size());
        normal.apply(f, found);
        const auto modes = testing::all_modes(n, false);
        auto at_points = testing::direct_points(x, f, modes, 1);
        std::vector<C> weighted;
        for (std::size_t j = 0; j < at_points.size(); ++j) weighted.push_back(C(at_points[j]) * weights[j]);
        REQUIRE(testing::relative_error(found, testing::direct_modes(x, weighted, modes, -1)) <= 1e-11);
    }
}

TEST_CASE("modes come back from their values at points") {
    testing::random_source random(63);
    const auto x = testing::random_cloud(random, 400, 2);
    const auto modes = testing::all_modes({8, 9}, false);
    const auto f = testing::random_numbers<double>(random, 72);
    std::vector<C> values;
    for (auto const& v : testing::direct_points(x, f, modes, 1)) values.push_back(C(v));
    std::vector<C> right;
    for (auto const& v : testing::direct_modes(x, values, modes, -1)) right.push_back(C(v));
    const auto solved =
        conjugate_gradients(toeplitz_normal<double>({8, 9}, view_of_cloud(x)), right, {.tolerance = 1e-12});
    REQUIRE(solved.report.reason == stop_reason::converged);
    REQUIRE(testing::relative_error(solved.x, f) <= 1e-9);
}

TEST_CASE("weights and numbers that do not fit are refused") {
    const std::vector<double> x{0, 1};
    REQUIRE(testing::message_of<shape_error>([&] { toeplitz_normal<double>({4}, x, {1.0}); }) ==
            "nufft: an input of shape (1,): (2,) is needed, after any batch axes");
    REQUIRE(testing::message_of<option_error>([&] {
                toeplitz_normal<double>({4}, x, {1.0, HUGE_VAL});
            }) == "toeplitz_normal: weight 1 is not finite");
    REQUIRE(testing::message_of<option_error>([&] { toeplitz_normal<double>({0}, x); }) ==
            "nufft: axis 0 has 0 modes: at least 1 is needed");
    REQUIRE(testing::message_of<option_error>([&] { toeplitz_normal<double>({4}, x, {}, 0); }) ==
            "nufft: .tolerance = 0: the smallest one in double is 1e-14, and it is less than 1");
    const auto normal = toeplitz_normal<double>({4}, x);
    std::vector<C> three(3), four(4);
    REQUIRE(testing::message_of<shape_error>([&] { normal.apply(three, four); }) ==
            "toeplitz_normal: 3 numbers in and 4 out for 4 modes");
}
