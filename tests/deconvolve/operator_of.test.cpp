// tests/deconvolve/operator_of.test.cpp -- operators against the defining sum and its transpose, rows dropped and
// weighted
#include <faltung/deconvolve/operator_of.hpp>

#include <faltung/linalg/lsmr.hpp>

#include <limits>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/least_squares.hpp"
#include "support/operators.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("operator_of: linear parts and their adjoints, every boundary", "[deconvolve]", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    constexpr double u = std::numeric_limits<real_t<T>>::epsilon();
    random_source random(541);
    for (auto const& edge : boundaries)
        for (method m : {method::direct, method::fft}) {
            tensor<T, 2> h({3, 2});
            h = tensor<T, 2>(h.shape(), unit_numbers<T>(random, 6));
            convolver<T> plan(as_correlation{}, {7, 6}, h,
                              {.padding = {{3, 2}, {1, 4}},
                               .boundary = edge.rule,
                               .stride = {2, 1},
                               .dilation = {1, 2},
                               .method = m});
            const auto offset = offset_of(plan);
            const shape outputs = plan.output_shape();
            const auto op = operator_of(std::move(plan));
            INFO(edge.map << ", " << name_of(m));
            REQUIRE(op.unknowns == 42);
            REQUIRE(op.equations == outputs[0] * outputs[1]);
            CHECK(dot_test(op, random) <= 20 * u);
            const std::vector<reference::line> axes{{7, 3, 2, 1, 3, 2, edge.map, 0}, {6, 2, 1, 2, 1, 4, edge.map, 0}};
            std::vector<T> taps;
            for (T t : h) taps.push_back(conjugate(t));
            const auto x = unit_numbers<T>(random, op.unknowns);
            std::vector<T> y(static_cast<std::size_t>(op.equations));
            op.apply(x, y);
            using W = detail::with_complexity<long double, is_complex<T>>;
            const auto wide = [](std::vector<T> const& v) {
                std::vector<W> w;
                for (T s : v) w.push_back(convert<W>(s));
                return w;
            };
            const auto expected = reference::correlate<W>(axes, wide(x), wide(taps));
            double largest_offset = 0;
            for (T s : offset) largest_offset = std::max(largest_offset, static_cast<double>(std::abs(s)));
            CHECK((largest_offset > 0) == (edge.map == 'c'));
            for (std::size_t o = 0; o < y.size(); ++o)
                CHECK(std::abs(convert<W>(y[o]) - expected[o]) <= 100 * u * (1 + largest_offset));
        }
}

TEST_CASE("masked and weighted: rows of the matrix, and of the right side", "[deconvolve]") {
    random_source random(542);
    const dense<double> a = unit_matrix<double>(random, 6, 4);
    const auto op = operator_from(a);
    const auto b = unit_numbers<double>(random, 6), x = unit_numbers<double>(random, 4);
    const tensor<bool, 2> mask({2, 3}, {true, false, true, true, false, false});
    const auto some = masked(op, mask);
    CHECK(some.equations == 3);
    CHECK(some.unknowns == 4);
    CHECK(dot_test(some, random) <= 1e-15);
    std::vector<double> y(3);
    some.apply(x, y);
    const column<double> whole = a * column_of(x);
    CHECK(y == std::vector<double>{whole(0), whole(2), whole(3)});
    std::vector<double> holes = b;
    holes[1] = holes[4] = std::numeric_limits<double>::quiet_NaN();
    CHECK(masked(holes, mask) == std::vector<double>{b[0], b[2], b[3]});

    const std::vector<double> w{4, 0, 1, 0.25, 9, 100};
    const auto heavy = weighted(op, w);
    CHECK(dot_test(heavy, random) <= 1e-15);
    std::vector<double> z(6);
    heavy.apply(x, z);
    const double roots[] = {2, 0, 1, 0.5, 3, 10};
    for (std::size_t o = 0; o < 6; ++o) {
        CHECK(z[o] == Approx(roots[o] * whole(static_cast<index_t>(o))).epsilon(1e-15));
        CHECK(weighted(b, w)[o] == roots[o] * b[o]);
    }
    CHECK(masked(op, tensor<bool, 1>({6})).equations == 0);
}

TEST_CASE("operator_of: LSQR and LSMR with holes and weights, against the singular values of the defining sum",
          "[deconvolve]") {
    random_source random(543);
    for (auto const& edge : boundaries)
        for (index_t stride : {1, 2})
            for (double damping : {0.0, 0.3}) {
                const auto taps = unit_numbers<double>(random, 6);
                const tensor<double, 2> h({2, 3}, taps);
                const std::vector<reference::line> axes{{6, 2, stride, 1, 2, 1, edge.map, 3},
                                                        {5, 3, 1, 2, 1, 2, edge.map, 3}};
                convolver<double> plan(
                    as_correlation{}, {6, 5}, h,
                    {.padding = {{2, 1}, {1, 2}}, .boundary = edge.rule, .stride = {stride, 1}, .dilation = {1, 2}});
                const index_t outputs = reference::outputs(axes[0]) * reference::outputs(axes[1]);
                tensor<bool, 1> mask({outputs});
                std::vector<double> weights, y = unit_numbers<double>(random, outputs);
                for (index_t o = 0; o < outputs; ++o) {
                    mask(o) = random.percent(85);
                    if (mask(o)) weights.push_back(0.25 + 0.01 * static_cast<double>(random.between(0, 100)));
                }
                dense<double> whole = dense<double>::Zero(outputs, 30);
                reference::for_each_term(
                    axes, [&](std::size_t o, std::size_t t, std::size_t i, reference::line const* outside) {
                        if (!outside) whole(static_cast<index_t>(o), static_cast<index_t>(i)) += taps[t];
                    });
                const auto offset = offset_of(plan);
                std::vector<double> b;
                dense<double> a(static_cast<index_t>(weights.size()), 30);
                for (index_t o = 0, k = 0; o < outputs; ++o) {
                    const auto at = static_cast<std::size_t>(o);
                    if (!mask(o)) {
                        y[at] = std::nan("");
                        continue;
                    }
                    const double root = std::sqrt(weights[static_cast<std::size_t>(k)]);
                    b.push_back(root * (y[at] - offset[at]));
                    a.row(k++) = root * whole.row(o);
                }
                const column<double> expected = least_squares_of(a, b, damping, {});
                // [masked]
                std::vector<double> right = y;
                for (std::size_t o = 0; o < right.size(); ++o) right[o] -= offset[o];  // of a constant boundary
                const auto known = weighted(masked(operator_of(std::move(plan)), mask), weights);
                const auto found = lsqr(known, weighted(masked(right, mask), weights),
                                        {.damping = damping, .a_tolerance = 1e-14, .b_tolerance = 1e-14});
                // [/masked]
                INFO(edge.map << ", stride " << stride << ", damping " << damping << ": " << found.report.iterations
                              << " iterations, " << name_of(found.report.reason));
                CHECK(dot_test(known, random) <= 1e-14);
                CHECK((column_of(found.x) - expected).norm() <= 1e-8 * expected.norm());
                const auto as_smooth = lsmr(known, weighted(masked(right, mask), weights),
                                            {.damping = damping, .a_tolerance = 1e-14, .b_tolerance = 1e-14});
                CHECK((column_of(as_smooth.x) - expected).norm() <= 1e-8 * expected.norm());
            }
}

TEST_CASE("operator_of, masked, weighted: what is refused", "[deconvolve]") {
    const auto op = operator_of(convolver{{3}, std::vector<double>{1, 2}});
    std::vector<double> three(3), four(4);
    CHECK(message_of<shape_error>([&] { op.apply(four, four); }) ==
          "apply: 4 numbers in and 4 out; the operator takes 3 to 4");
    CHECK(message_of<shape_error>([&] { op.adjoint(three, four); }) ==
          "adjoint: 3 numbers in and 4 out; the operator takes 4 to 3");
    CHECK(message_of<shape_error>([&] {
              (void)masked(op, tensor<bool, 2>({2, 3}));
          }) == "masked: a mask of shape (2, 3) for 4 rows");
    CHECK(message_of<shape_error>([&] { (void)weighted(op, three); }) == "weighted: weights of shape (3,) for 4 rows");
    CHECK(message_of<option_error>([&] {
              (void)weighted(op, std::vector<double>{1, 2, -3, 4});
          }) == "weighted: the weight at (2,) is -3: at least 0 and finite is needed");
}
