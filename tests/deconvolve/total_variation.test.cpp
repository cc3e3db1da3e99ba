// tests/deconvolve/total_variation.test.cpp -- minima against scikit-image's, coordinate descent over jumps, and by
// hand
#include <faltung/deconvolve/total_variation.hpp>

#include <complex>

#include "support/catch.hpp"
#include "support/operators.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

linear_operator<double> identity(index_t n) { return operator_from<double>(dense<double>::Identity(n, n)); }

/// |A x - b|^2 / 2 + lambda (sum of |jumps|) over the first sample and the jumps, one after the other.
column<double> by_jumps(dense<double> const& a, column<double> const& b, double lambda) {
    const index_t n = a.cols();
    dense<double> of_jumps = a;  // column j: samples j, ..., n - 1 rise by 1
    for (index_t j = n - 1; j-- > 0;) of_jumps.col(j) += of_jumps.col(j + 1);
    column<double> jump = column<double>::Zero(n), r = b;
    for (int sweep = 0; sweep < 200000; ++sweep)
        for (index_t j = 0; j < n; ++j) {
            const double squares = of_jumps.col(j).squaredNorm(), v = of_jumps.col(j).dot(r) + squares * jump(j),
                         to = std::max(std::abs(v) - (j == 0 ? 0 : lambda), 0.0) * (v < 0 ? -1 : 1) / squares;
            r -= (to - jump(j)) * of_jumps.col(j);
            jump(j) = to;
        }
    for (index_t j = 1; j < n; ++j) jump(j) += jump(j - 1);
    return jump;
}

}  // namespace

TEMPLATE_TEST_CASE("differences: the transposed is one", "[deconvolve]", float, std::complex<double>) {
    using T = TestType;
    random_source random(591);
    for (shape const& n : {shape{1}, shape{7}, shape{3, 4}, shape{4, 1, 3}, shape{2, 0}}) {
        const detail::differences d(n);
        linear_operator<T> op{d.count(), d.count() * n.rank(),
                              [&](std::span<T const> x, std::span<T> y) {
                                  std::vector<T> to(y.size(), T{7});
                                  d.apply(std::vector<T>(x.begin(), x.end()), to);
                                  std::copy(to.begin(), to.end(), y.begin());
                              },
                              [&](std::span<T const> y, std::span<T> x) {
                                  std::vector<T> to(x.size());
                                  d.add_transposed(std::vector<T>(y.begin(), y.end()), to);
                                  std::copy(to.begin(), to.end(), x.begin());
                              }};
        CHECK(dot_test(op, random) <= 1e-6);
    }
    std::vector<float> d(8);
    detail::differences(shape{2, 2}).apply(std::vector<float>{1, 2, 4, 8}, d);
    CHECK(d == std::vector<float>{3, 6, 0, 0, 1, 0, 4, 0});
}

TEST_CASE("total_variation: two samples, by hand", "[deconvolve]") {
    const auto solve = [](double lambda) {
        return total_variation(identity(2), {5, 1}, {2}, {.lambda = lambda, .iterations = 5000, .tolerance = 1e-10}).x;
    };
    CHECK(solve(0)[0] == Approx(5));
    CHECK(solve(0.5)[0] == Approx(4.5));
    CHECK(solve(0.5)[1] == Approx(1.5));
    CHECK(solve(2)[0] == Approx(3));
    CHECK(solve(9)[0] == Approx(3));
    CHECK(solve(9)[1] == Approx(3));
}

TEST_CASE("total_variation: denoise_tv_chambolle of scikit-image 0.19, 400000 iterations", "[deconvolve]") {
    std::vector<double> f;
    for (int i = 0; i < 5; ++i)
        for (int j = 0; j < 6; ++j) f.push_back((7 * i + 3 * j + i * j) % 11 / 2.0);
    struct row {
        double lambda, samples[4];  // 0, 7, 13, 29
    };
    constexpr row rows[] = {{0.3, {0.39722056163812597, 0.8235205687954565, 3.2042443709106028, 3.4}},
                            {1.0, {1.4073823951196767, 2.1169324906243694, 2.296979046763539, 2.266920980899912}}};
    for (row const& r : rows) {
        const auto s =
            total_variation(identity(30), f, {5, 6}, {.lambda = r.lambda, .iterations = 20000, .tolerance = 1e-9});
        INFO(r.lambda << ": " << s.report.iterations << " iterations");
        CHECK(s.report.reason == stop_reason::least_squares);
        const std::size_t at[] = {0, 7, 13, 29};
        for (std::size_t k = 0; k < 4; ++k) CHECK(s.x[at[k]] == Approx(r.samples[k]).epsilon(1e-6));
    }
}

TEST_CASE("total_variation: any operator, against coordinate descent over the jumps", "[deconvolve]") {
    random_source random(592);
    const dense<double> a = unit_matrix<double>(random, 9, 7);
    const auto b = unit_numbers<double>(random, 9);
    for (double scale : {1.0, 1000.0})  // of the data: the steps balance themselves
        for (double lambda : {0.01, 0.2, 5.0}) {
            std::vector<double> scaled = b;
            for (double& v : scaled) v *= scale;
            const column<double> expected = by_jumps(a, column_of(scaled), lambda * scale);
            const auto s = total_variation(operator_from(a), scaled, {7},
                                           {.lambda = lambda * scale, .iterations = 50000, .tolerance = 1e-9});
            INFO(lambda << " times " << scale << ": " << s.report.iterations << " iterations, "
                        << name_of(s.report.reason));
            CHECK(s.report.reason == stop_reason::least_squares);
            CHECK((column_of(s.x) - expected).norm() <= 1e-6 * expected.norm());
            CHECK(s.report.residual == Approx((column_of(scaled) - a * column_of(s.x)).norm()).epsilon(1e-8));
        }
}

TEST_CASE("total_variation: complex numbers, non-negative ones, warm starts, and how it ends", "[deconvolve]") {
    using C = std::complex<float>;
    const auto turned = total_variation(operator_from<C>(dense<C>::Identity(2, 2)), {C(0, 5), C(0, 1)}, {2},
                                        {.lambda = 0.5, .iterations = 2000, .tolerance = 1e-6});
    CHECK(std::abs(turned.x[0] - C(0, 4.5)) < 1e-4);
    const auto cut = total_variation(
        identity(3), {-5, -4, 3}, {3},
        {.lambda = 0.5, .iterations = 5000, .tolerance = 1e-10, .constraint = constraint::non_negative});
    CHECK(cut.x[0] == Approx(0).margin(1e-8));
    CHECK(cut.x[1] == Approx(0).margin(1e-8));
    CHECK(cut.x[2] == Approx(2.5));

    random_source random(593);
    const dense<double> a = unit_matrix<double>(random, 20, 12);
    const auto b = unit_numbers<double>(random, 20);
    const auto op = operator_from(a);
    const auto s = total_variation(op, b, {3, 4}, {.lambda = 0.1});
    CHECK(s.report.reason == stop_reason::least_squares);
    CHECK(total_variation(op, b, {3, 4}, {.lambda = 0.1, .iterations = 3}).report.reason == stop_reason::exhausted);
    const auto stop = [](solver_report const& r) { return r.iterations < 4; };
    CHECK(total_variation(op, b, {3, 4}, {.lambda = 0.1, .progress = stop}).report.iterations == 4);
    const auto warm = total_variation(op, b, {3, 4}, {.lambda = 0.1}, s.x);
    for (std::size_t i = 0; i < 12; ++i) CHECK(warm.x[i] == Approx(s.x[i]).margin(1e-3));
    CHECK(total_variation(op, std::vector<double>(20), {3, 4}, {.lambda = 1}).x == std::vector<double>(12));

    CHECK(message_of<shape_error>([&] {
              (void)total_variation(op, b, {3, 5});
          }) == "total_variation: an x of shape (3, 5) has 15 samples; the operator takes 12");
    CHECK(message_of<shape_error>([&] { (void)total_variation(op, b, {}); }) != "nothing was thrown");
    CHECK(message_of<option_error>([&] {
              (void)total_variation(op, b, {3, 4}, {.lambda = -2});
          }) == "total_variation: .lambda = -2: a number from 0 on is needed");
}
