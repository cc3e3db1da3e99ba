// tests/deconvolve/parameter.test.cpp -- lambdas against their equations, on problems whose singular values are known
#include <faltung/deconvolve/parameter.hpp>

#include <faltung/linalg/lsqr.hpp>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/operators.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// |A x - b| of the x of least |A x - b|^2 + lambda |x|^2 for a diagonal A.
double residual(std::vector<double> const& sigma, std::vector<double> const& c, double lambda) {
    double sum = 0;
    for (std::size_t i = 0; i < c.size(); ++i) sum += std::pow(lambda / (sigma[i] * sigma[i] + lambda) * c[i], 2);
    return std::sqrt(sum);
}
double norm(std::vector<double> const& sigma, std::vector<double> const& c, double lambda) {
    double sum = 0;
    for (std::size_t i = 0; i < c.size(); ++i) sum += std::pow(sigma[i] / (sigma[i] * sigma[i] + lambda) * c[i], 2);
    return std::sqrt(sum);
}

/// Singular values that fall to 1e-7, a solution of ones, and noise of one thousandth: Hansen's kind of problem.
struct noisy {
    std::vector<double> sigma, c;
    double noise = 0;
    noisy() {
        random_source random(611);
        for (int i = 0; i < 64; ++i) {
            sigma.push_back(std::pow(10.0, -7.0 * i / 63));
            const double e = 1e-3 * static_cast<double>(random.between(-1000, 1000)) / 577;
            noise += e * e;
            c.push_back(std::abs(sigma.back() * std::exp(-0.05 * i) + e));
        }
        noise = std::sqrt(noise);
    }
    /// |x_lambda - x| of the noise-free x.
    double error(double lambda) const {
        double sum = 0;
        for (std::size_t i = 0; i < c.size(); ++i)
            sum += std::pow(sigma[i] / (sigma[i] * sigma[i] + lambda) * c[i] - std::exp(-0.05 * static_cast<double>(i)),
                            2);
        return std::sqrt(sum);
    }
    double least_error() const {
        double best = 1e300;
        for (double l = -20; l < 5; l += 0.05) best = std::min(best, error(std::exp(l)));
        return best;
    }
};

}  // namespace

TEST_CASE("discrepancy_lambda: one singular value, by hand, in few calls", "[deconvolve]") {
    // lambda / (4 + lambda) * 10 = 2 at lambda = 1
    const auto found =
        discrepancy_lambda([](double lambda) { return 10 * lambda / (4 + lambda); }, 2, {.tolerance = 1e-10});
    CHECK(found.lambda == Approx(1).epsilon(1e-9));
    CHECK(found.value == Approx(2).epsilon(1e-10));
    CHECK(found.evaluations <= 40);
    const auto rough = discrepancy_lambda([](double lambda) { return 10 * lambda / (4 + lambda); }, 2);
    INFO(rough.evaluations << " evaluations");
    CHECK(rough.evaluations <= 20);
    CHECK(rough.value == Approx(2).epsilon(1e-3));
}

TEST_CASE("discrepancy_lambda: residuals of dense systems, steps, ends", "[deconvolve]") {
    random_source random(612);
    const dense<double> a = unit_matrix<double>(random, 10, 6);
    const column<double> b = column_of(unit_numbers<double>(random, 10));
    const auto residual_of = [&](double lambda) {
        const dense<double> normal = a.transpose() * a + lambda * dense<double>::Identity(6, 6);
        const column<double> x = dense_pinv(normal, 0) * (a.transpose() * b);
        return (b - a * x).norm();
    };
    const double least = residual_of(1e-12), most = b.norm();
    for (double share : {0.1, 0.5, 0.9}) {
        const double delta = least + share * (most - least);
        CHECK(residual_of(discrepancy_lambda(residual_of, delta).lambda) == Approx(delta).epsilon(1.1e-3));
    }
    const auto op = operator_from(a);
    const auto right = vector_of(b);
    const double delta = least + 0.4 * (most - least);
    // [discrepancy]
    std::vector<double> x;
    const auto chosen = discrepancy_lambda(
        [&](double lambda) {
            x = lsqr(op, right, {.damping = std::sqrt(lambda)}).x;
            return residual_norm(op, x, right);
        },
        delta);
    // [/discrepancy]
    CHECK(residual_of(chosen.lambda) == Approx(delta).epsilon(1.1e-3));

    const auto step = [](double lambda) { return lambda < 1 ? 1.0 : 3.0; };  // no lambda has a residual of 2
    const auto jump = discrepancy_lambda(step, 2);
    CHECK(jump.lambda == Approx(1).epsilon(1e-6));
    CHECK(discrepancy_lambda(step, 1).evaluations == 1);
    CHECK(discrepancy_lambda(step, 3).evaluations == 2);

    CHECK(message_of<option_error>([&] { (void)discrepancy_lambda(step, 5); }) ==
          "discrepancy_lambda: delta = 5 is not between the residuals 1 at lambda = 1e-12 and 3 at 1e+12");
    CHECK(message_of<option_error>([&] { (void)discrepancy_lambda(step, 0.5); }) ==
          "discrepancy_lambda: delta = 0.5 is not between the residuals 1 at lambda = 1e-12 and 3 at 1e+12");
    CHECK(message_of<option_error>([&] { (void)discrepancy_lambda(step, 0); }) ==
          "discrepancy_lambda: delta = 0: more than 0 and finite is needed");
    CHECK(message_of<option_error>([&] { (void)discrepancy_lambda(step, 2, {.least = 3, .most = 2}); }) ==
          "discrepancy_lambda: lambda from 3 to 2: 0 < .least < .most is needed");
    CHECK(message_of<option_error>([&] { (void)discrepancy_lambda([](double) { return std::nan(""); }, 2); }) ==
          "discrepancy_lambda: the residual at lambda = 1e-12 is nan");
}

TEST_CASE("l_curve_corner: a right angle, and a noisy problem", "[deconvolve]") {
    // down along residual 1, then to the right along norm 1
    CHECK(l_curve_corner({1, 1.001, 1.01, 10, 100, 1000}, {1000, 100, 1.01, 1.001, 1, 0.999}) == 2);
    const noisy p;
    std::vector<double> lambdas, residuals, norms;
    for (double l = -26; l < 2; l += 0.5) {
        lambdas.push_back(std::exp(l));
        residuals.push_back(residual(p.sigma, p.c, lambdas.back()));
        norms.push_back(norm(p.sigma, p.c, lambdas.back()));
    }
    const double lambda = lambdas[static_cast<std::size_t>(l_curve_corner(residuals, norms))];
    INFO("error " << p.error(lambda) << " at " << lambda << ", least " << p.least_error());
    CHECK(p.error(lambda) < 1.5 * p.least_error());

    CHECK(message_of<shape_error>([] {
              (void)l_curve_corner({1, 2}, {1, 2});
          }) == "l_curve_corner: 2 residuals and 2 norms: as many, and at least 3, are needed");
    CHECK(message_of<shape_error>([] {
              (void)l_curve_corner({1, 2, 3}, {1, 2, 3, 4});
          }) == "l_curve_corner: 3 residuals and 4 norms: as many, and at least 3, are needed");
    CHECK(message_of<option_error>([] {
              (void)l_curve_corner({1, 2, 0}, {1, 2, 3});
          }) == "l_curve_corner: residual 2 is 0: at least 2.22507e-308 and finite is needed");
}

TEST_CASE("cross_validated_lambda: the least of its function, near the best lambda", "[deconvolve]") {
    const noisy p;
    const auto found = cross_validated_lambda(p.sigma, p.c, 80, 4e-3);
    const auto score = [&](double lambda) {  // with traces of dense matrices, as it is defined
        const dense<double> sigma = column_of(p.sigma).asDiagonal();
        const dense<double> normal = sigma * sigma + lambda * dense<double>::Identity(64, 64);
        const dense<double> influence = sigma * dense_pinv(normal, 0) * sigma;
        const double lost = (column_of(p.c) - influence * column_of(p.c)).squaredNorm() + 1.6e-5;
        return lost / std::pow(80 - influence.trace(), 2);
    };
    CHECK(found.value == Approx(score(found.lambda)).epsilon(1e-10));
    for (double l = -40; l < 8; l += 0.37) CHECK(score(std::exp(l)) >= found.value * (1 - 1e-10));
    INFO("error " << p.error(found.lambda) << " at " << found.lambda << ", least " << p.least_error());
    CHECK(p.error(found.lambda) < 1.5 * p.least_error());

    CHECK(message_of<shape_error>([] {
              (void)cross_validated_lambda({1, 2}, {1}, 3);
          }) == "cross_validated_lambda: 2 singular values and 1 coefficients of 3 equations");
    CHECK(message_of<shape_error>([] {
              (void)cross_validated_lambda({1, 2}, {1, 1}, 1);
          }) == "cross_validated_lambda: 2 singular values and 2 coefficients of 1 equations");
    CHECK(message_of<option_error>([] {
              (void)cross_validated_lambda({1, -2}, {1, 1}, 2);
          }) == "cross_validated_lambda: singular value 1 is -2: at least 0 and finite is needed");
    CHECK(message_of<option_error>([] {
              (void)cross_validated_lambda({0, 0}, {1, 1}, 2);
          }) == "cross_validated_lambda: all 2 singular values are 0");
}
