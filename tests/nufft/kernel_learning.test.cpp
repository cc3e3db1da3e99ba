// tests/nufft/kernel_learning.test.cpp -- kernels that come back from what they did to clouds
#include <faltung/nufft/kernel_learning.hpp>

#include <faltung/linalg/lsqr.hpp>

#include "direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

using C = std::complex<double>;

const std::vector<double> box{1, 1};

/// A cloud with random strengths, and the kernel's results in sums over all modes.
cloud_example example_of(testing::random_source& random, mode_coefficients const& k, index_t count) {
    cloud_example e;
    e.points = testing::random_cloud(random, count, 2, 0, 1).at;
    for (index_t j = 0; j < count; ++j) e.strengths.push_back(testing::real_between(random, -1, 1));
    const point_convolver<double> plan(tensor_view<double const, 2>(std::span<double const>(e.points), {count, 2}), k,
                                       {.method = point_method::direct});
    e.results = plan(e.strengths);
    return e;
}

learned_kernel learned(kernel_parameters parameters, double scale, index_t steps, std::uint64_t seed,
                       mode_coefficients const& truth) {
    mode_coefficients start = truth;
    std::fill(start.at.begin(), start.at.end(), C{});
    testing::random_source random(seed);
    return learn_kernel(
        start,
        {.steps = steps, .parameters = parameters, .scale = scale, .optimiser = {.rate = 0.03, .weight_decay = 0}},
        [&](index_t) {
            return std::vector<cloud_example>{example_of(random, truth, 20), example_of(random, truth, 20)};
        },
        [](index_t, double) { return true; });
}

}  // namespace

TEST_CASE("least squares finds the coefficients from some clouds") {
    testing::random_source random(71);
    const auto truth = gaussian_coefficients({8, 9}, box, 0.1);
    std::vector<linear_operator<C>> operators;
    std::vector<C> results;
    for (int cloud = 0; cloud < 12; ++cloud) {
        const auto e = example_of(random, truth, 20);
        const std::vector<C> c(e.strengths.begin(), e.strengths.end());
        const point_convolver<C> plan(tensor_view<double const, 2>(std::span<double const>(e.points), {20, 2}), truth);
        operators.push_back(coefficient_operator(plan, c));
        const auto u = plan(c);
        results.insert(results.end(), u.begin(), u.end());
        // <u, A k> = <A^H u, k>
        const auto k = testing::random_numbers<double>(random, 72), v = testing::random_numbers<double>(random, 20);
        std::vector<C> ak(20), av(72);
        operators.back().apply(k, ak);
        operators.back().adjoint(v, av);
        REQUIRE(std::abs(testing::product(v, ak) - testing::product(av, k)) <= 1e-12L);
    }
    const auto solved = lsqr(stacked(operators), results, {.a_tolerance = 1e-14, .b_tolerance = 1e-14});
    REQUIRE(testing::relative_error(solved.x, truth.at) <= 1e-10);
}

TEST_CASE("gradient steps find the samples of a kernel, and the same examples the same bits") {
    const auto truth = gaussian_coefficients({8, 8}, box, 0.12);
    const auto found = learned(kernel_parameters::samples, 1, 1500, 73, truth);
    REQUIRE(found.losses.size() == 1500);
    REQUIRE(found.losses.front() > 0.1);
    REQUIRE(found.losses.back() < 1e-12);
    REQUIRE(testing::relative_error(found.kernel.at, truth.at) <= 1e-6);
    const auto again = learned(kernel_parameters::samples, 1, 1500, 73, truth);
    REQUIRE(again.losses == found.losses);
    REQUIRE(again.kernel.at == found.kernel.at);
}

TEST_CASE("gradient steps find coefficients that are near enough") {
    const auto truth = gaussian_coefficients({6, 7}, box, 0.15);
    const auto found = learned(kernel_parameters::coefficients, 1, 1500, 75, truth);
    REQUIRE(found.losses.back() < 1e-8);
    // a step moves a coefficient by about 0.03 / 3200: the largest one, 0.14, is out of reach of 100 steps
    const auto near = learned(kernel_parameters::coefficients, 1.0 / 3200, 100, 75, truth);
    for (C const& v : near.kernel.at) REQUIRE(std::abs(v.real()) <= 100 * 0.03 * 3.2 / 3200);
    REQUIRE(near.losses.back() > 0.01);
}

TEST_CASE("progress ends learning, and what cannot be learned is refused") {
    const auto truth = gaussian_coefficients({6, 6}, box, 0.15);
    testing::random_source random(77);
    const auto examples = [&](index_t) { return std::vector<cloud_example>{example_of(random, truth, 5)}; };
    const auto ended = learn_kernel(truth, {}, examples, [](index_t t, double) { return t < 3; });
    REQUIRE(ended.losses.size() == 4);
    REQUIRE(ended.losses[0] <= 1e-25);  // it began at the truth
    const auto go_on = [](index_t, double) { return true; };
    REQUIRE(message_of<option_error>([&] { learn_kernel(truth, {.steps = 0}, examples, go_on); }) ==
            "learn_kernel: .steps = 0: at least 1 is needed");
    REQUIRE(message_of<option_error>([&] { learn_kernel(truth, {.tolerance = 0}, examples, go_on); }) ==
            "nufft: .tolerance = 0: the smallest one in double is 1e-14, and it is less than 1");
    std::vector<double> seen;
    const auto noted = learn_kernel(truth, {.steps = 5}, examples, [&](index_t t, double loss) {
        REQUIRE(t == static_cast<index_t>(seen.size()));
        seen.push_back(loss);
        return true;
    });
    REQUIRE(seen == noted.losses);
    REQUIRE(message_of<option_error>([&] { learn_kernel(truth, {.scale = 0}, examples, go_on); }) ==
            "learn_kernel: .scale = 0: it must be above 0");
    REQUIRE(message_of<shape_error>([&] {
                learn_kernel(
                    truth, {},
                    [](index_t) {
                        return std::vector<cloud_example>{{{1, 2, 3}, {1}, {1}}};
                    },
                    go_on);
            }) == "learn_kernel: an example of 3 coordinates, 1 strengths and 1 results, of 2 axes");
    REQUIRE(message_of<option_error>([&] { stacked<C>({}); }) == "stacked: no operators");
    REQUIRE(message_of<shape_error>([&] {
                stacked<C>({linear_operator<C>{2, 1, {}, {}}, linear_operator<C>{3, 1, {}, {}}});
            }) == "stacked: operators of 3 and of 2 unknowns");
}
