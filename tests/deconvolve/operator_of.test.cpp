// tests/deconvolve/operator_of.test.cpp -- operators against the defining sum and its transpose, rows dropped and
// weighted
#include <faltung/deconvolve/operator_of.hpp>

#include <limits>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
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
    const column<double> all = a * column_of(x);
    CHECK(y == std::vector<double>{all(0), all(2), all(3)});
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
        CHECK(z[o] == Approx(roots[o] * all(static_cast<index_t>(o))).epsilon(1e-15));
        CHECK(weighted(b, w)[o] == roots[o] * b[o]);
    }
    CHECK(masked(op, tensor<bool, 1>({6})).equations == 0);
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
