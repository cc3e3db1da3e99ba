// tests/nufft/point_gradients.test.cpp -- derivatives of point convolutions against differences of their values
#include <faltung/nufft/point_gradients.hpp>

#include "direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;

namespace {

using C = std::complex<double>;

tensor_view<double const, 2> view_of_points(std::vector<double> const& x, int axes) {
    return tensor_view<double const, 2>(std::span<double const>(x), {static_cast<index_t>(x.size()) / axes, axes});
}

mode_coefficients random_kernel(testing::random_source& random, shape const& n, std::vector<double> const& box) {
    mode_coefficients k = gaussian_coefficients(n, box, 0.3);
    for (C& v : k.at) v *= C(1 + testing::real_between(random, -0.5, 0.5), testing::real_between(random, -0.5, 0.5));
    return k;
}

/// L = the sum over k of |u[k] - r[k]|^2 / 2, whose gradient is u - r.
template <class T>
double loss(std::vector<T> const& u, std::vector<T> const& r) {
    double sum = 0;
    for (std::size_t k = 0; k < u.size(); ++k) sum += std::norm(u[k] - r[k]) / 2;
    return sum;
}

// Central differences of steps h and h / 2, extrapolated: the error is of order h^4.
template <class F>
double slope(F const& f) {
    const double h = 2e-3;
    const double coarse = (f(h) - f(-h)) / (2 * h), fine = (f(h / 2) - f(-h / 2)) / h;
    return (4 * fine - coarse) / 3;
}

template <class T>
void require_gradients(int axes, point_method method) {
    INFO(text(axes, " axes, ", name_of(method), is_complex<T> ? ", complex" : ", real"));
    testing::random_source random(51);
    const shape n = axes == 1 ? shape{21} : axes == 2 ? shape{14, 17} : shape{7, 8, 9};
    const std::vector<double> box = axes == 1   ? std::vector<double>{2.5}
                                    : axes == 2 ? std::vector<double>{2, 3}
                                                : std::vector<double>{2, 3, 2.5};
    const auto kernel = random_kernel(random, n, box);
    const std::vector<double> x = testing::random_cloud(random, 9, axes).at,
                              y = testing::random_cloud(random, 11, axes).at;
    std::vector<T> c, r;
    const auto number = [&] {
        if constexpr (is_complex<T>)
            return T(testing::real_between(random, -1, 1), testing::real_between(random, -1, 1));
        else
            return testing::real_between(random, -1, 1);
    };
    for (int j = 0; j < 9; ++j) c.push_back(number());
    for (int k = 0; k < 11; ++k) r.push_back(number());
    std::vector<double> weights;
    for (int j = 0; j < 9; ++j) weights.push_back(testing::real_between(random, 0.5, 2));
    const point_convolver_options o{.tolerance = 1e-14, .method = method};
    const auto loss_of = [&](mode_coefficients const& k, std::vector<double> const& sources,
                             std::vector<double> const& targets, std::vector<T> const& strengths) {
        point_convolver<T> plan(view_of_points(sources, axes), view_of_points(targets, axes), k, o);
        plan.set_weights(weights);
        return loss(plan(strengths), r);
    };
    point_convolver<T> plan(view_of_points(x, axes), view_of_points(y, axes), kernel, o);
    plan.set_weights(weights);
    std::vector<T> g = plan(c);
    for (std::size_t k = 0; k < g.size(); ++k) g[k] -= r[k];

    const auto of_coefficients = coefficient_gradient(plan, c, g);
    double largest = 0;
    for (C const& v : of_coefficients) largest = std::max(largest, std::abs(v));
    for (std::size_t m = 0; m < kernel.at.size(); m += 5)
        for (const C direction : {C(1, 0), C(0, 1)}) {
            const double found = slope([&](double h) {
                auto moved = kernel;
                moved.at[m] += h * direction;
                return loss_of(moved, x, y, c);
            });
            REQUIRE(std::abs(found - std::real(std::conj(of_coefficients[m]) * direction)) <= 1e-7 * largest);
        }
    const auto of_strengths = strength_gradient(plan, g);
    largest = 0;
    for (T const& v : of_strengths) largest = std::max(largest, std::abs(v));
    std::vector<T> directions{T(1)};
    if constexpr (is_complex<T>) directions.push_back(T(0, 1));
    for (std::size_t j = 0; j < c.size(); ++j)
        for (T const& direction : directions) {
            const double found = slope([&](double h) {
                auto moved = c;
                moved[j] += h * direction;
                return loss_of(kernel, x, y, moved);
            });
            REQUIRE(std::abs(found - std::real(conjugate(of_strengths[j]) * direction)) <= 1e-7 * largest);
        }
    const position_gradients of_positions = position_gradient(plan, c, g);
    largest = 0;
    for (double v : of_positions.sources) largest = std::max(largest, std::abs(v));
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double found = slope([&](double h) {
            auto moved = x;
            moved[i] += h;
            return loss_of(kernel, moved, y, c);
        });
        REQUIRE(std::abs(found - of_positions.sources[i]) <= 1e-6 * largest);
    }
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double found = slope([&](double h) {
            auto moved = y;
            moved[i] += h;
            return loss_of(kernel, x, moved, c);
        });
        REQUIRE(std::abs(found - of_positions.targets[i]) <= 1e-6 * largest);
    }
}

}  // namespace

TEST_CASE("gradients by coefficients, strengths and positions are slopes") {
    for (int axes = 1; axes <= 3; ++axes)
        for (const point_method method : {point_method::direct, point_method::grid}) {
            require_gradients<double>(axes, method);
            require_gradients<C>(axes, method);
        }
}

TEST_CASE("gradients in float are those in double") {
    testing::random_source random(53);
    const std::vector<double> box{2, 3};
    const auto kernel = random_kernel(random, {14, 17}, box);
    const std::vector<double> x = testing::random_cloud(random, 9, 2).at;
    std::vector<float> c, g;
    for (int j = 0; j < 9; ++j) {
        c.push_back(static_cast<float>(testing::real_between(random, -1, 1)));
        g.push_back(static_cast<float>(testing::real_between(random, -1, 1)));
    }
    const std::vector<double> c2(c.begin(), c.end()), g2(g.begin(), g.end());
    const point_convolver<double> exact(view_of_points(x, 2), kernel, {.tolerance = 1e-12});
    for (const point_method method : {point_method::direct, point_method::grid}) {
        const point_convolver<float> plan(view_of_points(x, 2), kernel, {.tolerance = 1e-6, .method = method});
        REQUIRE(testing::relative_error(coefficient_gradient(plan, c, g), coefficient_gradient(exact, c2, g2)) <= 2e-5);
        REQUIRE(testing::relative_error(strength_gradient(plan, g), strength_gradient(exact, g2)) <= 2e-5);
        const auto found = position_gradient(plan, c, g), expected = position_gradient(exact, c2, g2);
        REQUIRE(testing::relative_error(found.sources, expected.sources) <= 2e-5);
        REQUIRE(testing::relative_error(found.targets, expected.targets) <= 2e-5);
    }
}

TEST_CASE("numbers that are not those of the points are refused") {
    const std::vector<double> x{0, 1};
    const point_convolver<double> plan(x, gaussian_coefficients({8}, {3}, 0.5));
    REQUIRE(testing::message_of<shape_error>([&] {
                coefficient_gradient(plan, {1.0}, {1.0, 2.0});
            }) == "point gradients: 1 numbers for 2 sources");
    REQUIRE(testing::message_of<shape_error>([&] {
                position_gradient(plan, {1.0, 2.0}, {1.0});
            }) == "point gradients: 1 numbers for 2 targets");
}
