// tests/deconvolve/richardson_lucy.test.cpp -- the iteration against its formula on a dense matrix, borders, holes
#include <faltung/deconvolve/richardson_lucy.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/operators.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// Rows of the convolution, in the order of the outputs whose mask is true.
dense<double> defined(std::vector<reference::line> const& axes, std::vector<double> reversed,
                      std::vector<bool> const& mask) {
    index_t columns = 1;
    for (auto const& k : axes) columns *= k.n;
    dense<double> a = dense<double>::Zero(static_cast<index_t>(mask.size()), columns), known(0, columns);
    reference::for_each_term(axes, [&](std::size_t o, std::size_t t, std::size_t i, reference::line const* outside) {
        if (!outside) a(static_cast<index_t>(o), static_cast<index_t>(i)) += reversed[t];
    });
    for (std::size_t o = 0; o < mask.size(); ++o)
        if (mask[o]) {
            known.conservativeResize(known.rows() + 1, columns);
            known.row(known.rows() - 1) = a.row(static_cast<index_t>(o));
        }
    return known;
}

column<double> iterated(dense<double> const& a, column<double> const& b, double background, int iterations) {
    const column<double> reach = a.transpose() * column<double>::Ones(a.rows());
    column<double> x = column<double>::Constant(a.cols(), (b.array() - background).cwiseMax(0).sum() / reach.sum());
    for (int k = 0; k < iterations; ++k) {
        const column<double> ratio = b.array() / ((a * x).array() + background), back = a.transpose() * ratio;
        for (index_t i = 0; i < x.size(); ++i)
            if (reach(i) > 0) x(i) *= back(i) / reach(i);
    }
    return x;
}

double scene(double i, double j) {
    return 20 + 10 * std::sin(0.35 * i) * std::cos(0.22 * j) + (std::abs(i - 24) < 3 && std::abs(j - 2) < 4 ? 60 : 0);
}

tensor<double, 2> bell(index_t n, double sigma) {
    auto h = tensor_of<double, 2>({n, n}, [&](index_list const& t) {
        const double r = static_cast<double>(n - 1) / 2, u = static_cast<double>(t[0]) - r,
                     v = static_cast<double>(t[1]) - r;
        return std::exp(-(u * u + v * v) / (2 * sigma * sigma));
    });
    double sum = 0;
    for (double t : h) sum += t;
    for (double& t : h) t /= sum;
    return h;
}

}  // namespace

TEST_CASE("richardson_lucy: the formula, with and without holes, by every method and border", "[deconvolve]") {
    random_source random(561);
    tensor<double, 2> y({7, 6}), h({3, 2}, {1, 4, 2, 0, 3, 1});
    for (double& v : y) v = static_cast<double>(random.between(1, 100));
    const std::vector<double> reversed{1, 3, 0, 2, 4, 1};
    for (bool holes : {false, true})
        for (auto const& edge : {boundary::zero, boundary::circular, boundary::symmetric})
            for (mode m : {mode::valid, mode::same})
                for (method by : {method::direct, method::fft}) {
                    const bool is_same = m == mode::same;
                    const char map = edge.map == boundary::rule::circular    ? 'w'
                                     : edge.map == boundary::rule::symmetric ? 's'
                                                                             : 'z';
                    const std::vector<reference::line> axes{
                        {is_same ? 7 : 9, 3, 1, 1, is_same ? 1 : 0, is_same ? 1 : 0, map, 0},
                        {is_same ? 6 : 7, 2, 1, 1, is_same ? 1 : 0, 0, map, 0}};
                    tensor<bool, 2> mask(y.shape());
                    tensor<double, 2> given = y;
                    std::vector<bool> known;
                    std::vector<double> b;
                    for (index_t o = 0; o < y.count(); ++o) {
                        mask.data()[o] = !holes || o % 5 != 2;
                        known.push_back(mask.data()[o]);
                        if (known.back())
                            b.push_back(y.data()[o]);
                        else
                            given.data()[o] = std::numeric_limits<double>::quiet_NaN();
                    }
                    const auto expected = iterated(defined(axes, reversed, known), column_of(b), 0.5, 12);
                    const auto found = richardson_lucy(given, h, mask,
                                                       {.convolution = {.padding = m, .boundary = edge, .method = by},
                                                        .likelihood = {.iterations = 12, .background = 0.5}});
                    INFO(map << ", " << name_of(by) << ", holes " << holes << ", same " << is_same);
                    REQUIRE(found.x.count() == expected.size());
                    CHECK(found.report.iterations == 12);
                    for (index_t i = 0; i < expected.size(); ++i)
                        CHECK(found.x.data()[i] == Approx(expected(i)).epsilon(1e-10).margin(1e-10));
                }
}

TEST_CASE("richardson_lucy: a window stride and a batch axis", "[deconvolve]") {
    const std::vector<double> h{1, 2, 1};
    const tensor<double, 2> y({2, 4}, {4, 8, 6, 5, 1, 2, 3, 9});
    const auto found = richardson_lucy(
        y, h, {.convolution = {.padding = mode::valid, .stride = 2, .axes = {1}}, .likelihood = {.iterations = 5}});
    REQUIRE(found.x.shape() == shape{2, 9});
    const std::vector<reference::line> axes{{2, 1, 1, 1, 0, 0, 'z', 0}, {9, 3, 2, 1, 0, 0, 'z', 0}};
    const auto expected =
        iterated(defined(axes, {1, 2, 1}, std::vector<bool>(8, true)), column_of(as_vector<double>(y)), 0, 5);
    for (index_t i = 0; i < 18; ++i) CHECK(found.x.data()[i] == Approx(expected(i)).epsilon(1e-12));
}

TEMPLATE_TEST_CASE("richardson_lucy: no artefacts at the edge of the data", "[deconvolve]", float, double) {
    using T = TestType;
    const auto bell_of_double = bell(9, 1.6);
    tensor<T, 2> h({9, 9});
    for (index_t t = 0; t < h.count(); ++t) h.data()[t] = static_cast<T>(bell_of_double.data()[t]);
    const auto whole = tensor_of<double, 2>({56, 56}, [](index_list const& i) {
        return scene(static_cast<double>(i[0]) - 4, static_cast<double>(i[1]) - 4);
    });
    tensor<T, 2> y({48, 48});
    for_each_index(y.shape(), [&](index_list const& o) {
        double sum = 0;
        for_each_index(h.shape(),
                       [&](index_list const& t) { sum += bell_of_double(t) * whole(o[0] + t[0], o[1] + t[1]); });
        y(o) = static_cast<T>(sum);
    });
    const auto worst = [&](tensor<T, 2> const& x, index_t first) {  // root of the mean square near the edge
        double squares = 0, count = 0;
        for (index_t i = 0; i < 48; ++i)
            for (index_t j = 0; j < 48; ++j)
                if (i < 4 || j < 4 || i >= 44 || j >= 44) {
                    const double off = static_cast<double>(x(i + first, j + first)) - whole(i + 4, j + 4);
                    squares += off * off;
                    ++count;
                }
        return std::sqrt(squares / count);
    };
    const auto open = richardson_lucy(y, h, {.likelihood = {.iterations = 60}});
    REQUIRE(open.x.shape() == shape{56, 56});
    const auto closed =
        richardson_lucy(y, h, {.convolution = {.padding = mode::same}, .likelihood = {.iterations = 60}});
    INFO("near the edge " << worst(open.x, 4) << ", between zeros " << worst(closed.x, 0));
    CHECK(worst(open.x, 4) < 0.25 * worst(closed.x, 0));
    for (T v : open.x) CHECK((v >= 0 && std::isfinite(v)));
}

TEST_CASE("richardson_lucy: the likelihood never falls, the sum is kept, and when it ends", "[deconvolve]") {
    random_source random(562);
    dense<double> a = unit_matrix<double>(random, 30, 20).cwiseAbs();
    std::vector<double> b;
    for (int o = 0; o < 30; ++o) b.push_back(static_cast<double>(random.between(0, 50)));
    b[7] = 0;
    const auto op = operator_from(a);
    const auto likelihood = [&](std::vector<double> const& x) {
        const column<double> m = a * column_of(x);
        double sum = 0;
        for (index_t o = 0; o < 30; ++o)
            sum += (b[static_cast<std::size_t>(o)] > 0 ? b[static_cast<std::size_t>(o)] * std::log(m(o)) : 0) - m(o);
        return sum;
    };
    double before = -1e300;
    for (index_t k : {1, 2, 3, 5, 10, 40, 200}) {
        const auto s = richardson_lucy(op, b, {.iterations = k});
        CHECK(likelihood(s.x) >= before);
        before = likelihood(s.x);
        const column<double> m = a * column_of(s.x);
        CHECK(m.sum() == Approx(column_of(b).sum()).epsilon(1e-12));
        CHECK(s.report.residual == Approx((column_of(b) - m).norm()).epsilon(1e-10));
        CHECK(s.report.reason == stop_reason::exhausted);
    }
    const auto two = richardson_lucy(op, b, {.iterations = 2}), five = richardson_lucy(op, b, {.iterations = 5}),
               warm = richardson_lucy(op, b, {.iterations = 3}, two.x);
    CHECK(warm.x == five.x);
    const auto some = richardson_lucy(op, b, {.residual = two.report.residual});
    CHECK(some.report.reason == stop_reason::converged);
    CHECK(some.x == two.x);
    const auto stopped = richardson_lucy(op, b, {.progress = [](solver_report const& r) { return r.iterations < 2; }});
    CHECK(stopped.report.reason == stop_reason::stopped);
    CHECK(stopped.x == two.x);
    const auto dark = richardson_lucy(op, std::vector<double>(30), {.iterations = 3});
    CHECK(dark.x == std::vector<double>(20));
}

TEST_CASE("richardson_lucy: what is refused", "[deconvolve]") {
    tensor<double, 2> y({4, 5}), h({2, 2}, {1, 1, 1, 1});
    y(2, 3) = -0.5;
    CHECK(message_of<option_error>([&] { (void)richardson_lucy(y, h); }) ==
          "richardson_lucy: the sample at (2, 3) is -0.5: at least 0 and finite is needed");
    y(2, 3) = std::nan("");
    CHECK(message_of<option_error>([&] { (void)richardson_lucy(y, h); }) ==
          "richardson_lucy: the sample at (2, 3) is nan: at least 0 and finite is needed");
    y(2, 3) = 1;
    CHECK(message_of<option_error>([&] {
              (void)richardson_lucy(y, tensor<double, 2>({1, 2}, {1, -1}));
          }) == "richardson_lucy: the tap at (0, 1) is -1: at least 0 and finite is needed");
    CHECK(message_of<shape_error>([&] {
              (void)richardson_lucy(y, h, tensor<bool, 2>({5, 4}));
          }) == "richardson_lucy: a mask of shape (5, 4) for data of shape (4, 5)");
    CHECK(message_of<option_error>([&] { (void)richardson_lucy(y, h, {.likelihood = {.iterations = 0}}); }) ==
          "richardson_lucy: .iterations = 0: at least 1 is needed");
    CHECK(message_of<option_error>([&] { (void)richardson_lucy(y, h, {.likelihood = {.background = -1}}); }) ==
          "richardson_lucy: .background = -1: a number from 0 on is needed");
    CHECK(message_of<shape_error>([&] { (void)richardson_lucy(y, std::vector<double>{1}); }) != "nothing was thrown");
    CHECK(message_of<shape_error>([&] {
              (void)richardson_lucy(tensor<double, 2>({0, 5}), h);
          }) == "richardson_lucy: axis 0: no extent of x has 0 outputs");
    const auto op = operator_from<double>(dense<double>::Ones(2, 2));
    CHECK(message_of<option_error>([&] {
              (void)richardson_lucy(op, {1, -2});
          }) == "richardson_lucy: sample 1 is -2: at least 0 and finite is needed");
    CHECK(message_of<option_error>([&] {
              (void)richardson_lucy(op, {1, 2}, {}, {1, -1});
          }) == "richardson_lucy: number 1 of the start is -1: at least 0 is needed");
}
