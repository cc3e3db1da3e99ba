// tests/filter/separate.test.cpp -- products found again, nearest sums against Eigen's, bounds that hold, and errors
#include <faltung/convolve.hpp>
#include <faltung/filter/derivatives.hpp>
#include <faltung/filter/gaussian.hpp>
#include <faltung/filter/separate.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/dense.hpp"
#include "support/random.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::message_of;
using testing::random_source;

namespace {

template <std::size_t Rank>
double sum_of_magnitudes(tensor<double, Rank> const& h) {
    double sum = 0;
    for (double tap : h) sum += std::abs(tap);
    return sum;
}

template <std::size_t Rank>
double squared_distance(tensor<double, Rank> const& l, tensor<double, Rank> const& r) {
    REQUIRE(l.shape() == r.shape());
    double sum = 0;
    for (index_t i = 0; i < l.count(); ++i) sum += (l.data()[i] - r.data()[i]) * (l.data()[i] - r.data()[i]);
    return sum;
}

}  // namespace

TEST_CASE("separate: products are one term, and are found again to rounding", "[filter]") {
    const auto across = separate(sobel<int>(towards::right));
    REQUIRE(across.terms.size() == 1);
    auto const& [column, row] = across.terms.front();
    for (int i = 0; i < 3; ++i) {  // 1 2 1 and 1 0 -1, both with the length sqrt(sqrt(12))
        const double length = std::pow(12.0, 0.25);
        CHECK(std::abs(std::abs(column(i)) - length * (i == 1 ? 2 : 1) / std::sqrt(6.0)) <= 1e-15);
        CHECK(std::abs(std::abs(row(i)) - length * (i == 1 ? 0 : 1) / std::sqrt(2.0)) <= 1e-15);
    }
    CHECK(across.residual <= 8 * 0x1p-53 * 8);

    const auto blur = outer_product(gaussian_taps(1.5), gaussian_taps(3.0));
    CHECK(separate(blur).residual <= 8 * 0x1p-53);
    CHECK(separate(blur, {.rank = 5}).terms.size() == 1);
    CHECK(separate(blur, {.tolerance = 0}).terms.size() == 1);
}

TEST_CASE("separate: with r terms no sum of r products is nearer in the 2-norm", "[filter]") {
    random_source random(7);
    const auto h = any_tensor<double, 2>(random, {9, 6});
    Eigen::MatrixXd m(9, 6);
    for (int i = 0; i < 9; ++i)
        for (int j = 0; j < 6; ++j) m(i, j) = h(i, j);
    const Eigen::VectorXd values = testing::svd_of(m).values;
    for (index_t r = 1; r <= 6; ++r) {
        const auto near = separate(h, {.rank = r});
        CHECK(static_cast<index_t>(near.terms.size()) == r);
        const double expected = values.tail(6 - r).squaredNorm();
        CHECK(std::abs(squared_distance(near.sum(), h) - expected) <= 1e-14 * values.squaredNorm());
        double left_out = 0;
        const auto sum = near.sum();
        for (index_t i = 0; i < h.count(); ++i) left_out += std::abs(h.data()[i] - sum.data()[i]);
        CHECK(std::abs(left_out - near.residual) <= 1e-14 * sum_of_magnitudes(h));
    }
}

TEST_CASE("separate: a tolerance takes as many terms as it needs", "[filter]") {
    // 1, 1e-3 and 1e-6 times products that are orthogonal to each other
    const std::array<double, 3> a{1, 1, 1}, b{1, 0, -1}, c{1, -2, 1};
    const auto h =
        weighted_sum(1.0, outer_product(a, b), 1e-3, weighted_sum(1.0, outer_product(b, c), 1e-3, outer_product(c, a)));
    for (auto [tolerance, terms] : {std::pair{1.0, 1u}, {1e-2, 1u}, {1e-4, 2u}, {1e-5, 2u}, {1e-7, 3u}, {0.0, 3u}}) {
        const auto near = separate(h, {.tolerance = tolerance});
        INFO(tolerance);
        CHECK(near.terms.size() == terms);
        CHECK(near.residual <= std::max(tolerance, 8 * 0x1p-53) * sum_of_magnitudes(h));
    }
    CHECK(separate(h, {.rank = 2, .tolerance = 0}).terms.size() == 2);
}

TEST_CASE("separate: a factor changes the lines' lengths and nothing else", "[filter]") {
    random_source random(8);
    const auto h = any_tensor<double, 2>(random, {5, 5});
    const auto near = separate(h, {.rank = 2});
    for (int exponent : {-1040, -500, -56, 56, 500, 990}) {
        auto scaled = h;
        double largest = 0;
        for (double tap : h) largest = std::max(largest, std::abs(tap));
        for (double& tap : scaled) tap = std::ldexp(tap / largest, exponent);
        const auto other = separate(scaled, {.rank = 2});
        INFO(exponent);
        REQUIRE(other.terms.size() == 2);
        CHECK(std::abs(std::ldexp(other.residual, -exponent) * largest / near.residual - 1) <=
              (exponent < -1000 ? 1e-6 : 1e-12));
    }
    auto tiny = h;
    for (double& tap : tiny) tap *= 1e-17;
    CHECK(std::abs(separate(tiny, {.rank = 2}).residual / near.residual / 1e-17 - 1) <= 1e-12);
}

TEST_CASE("separate: three axes, one axis and zeros", "[filter]") {
    const auto line = [](auto const& taps) { return std::vector<double>(taps.begin(), taps.end()); };
    const auto p = line(gaussian_taps(0.7)), q = line(gaussian_taps(1.0)), r = line(gaussian_taps(1.3));
    const auto size = [](auto const& v) { return static_cast<index_t>(v.size()); };
    const auto at = [](auto const& v, index_t i) { return v[static_cast<std::size_t>(i)]; };
    const auto blur = testing::tensor_of<double, 3>(
        {size(p), size(q), size(r)}, [&](index_list const& i) { return at(p, i[0]) * at(q, i[1]) * at(r, i[2]); });
    const auto one = separate(blur);
    CHECK(one.terms.size() == 1);
    CHECK(one.residual <= 8 * 0x1p-53);

    random_source random(9);
    const auto h = any_tensor<double, 3>(random, {4, 3, 5});
    double before = std::numeric_limits<double>::infinity();
    for (index_t terms = 1; terms <= 12; ++terms) {  // orthogonal ones: each takes away as much as it weighs
        const auto near = separate(h, {.rank = terms});
        const double now = squared_distance(near.sum(), h);
        CHECK(now < before);
        before = now;
    }
    CHECK(std::sqrt(before) <= 1e-14 * sum_of_magnitudes(h));
    CHECK(std::sqrt(squared_distance(separate(h, {.tolerance = 0}).sum(), h)) <= 1e-14 * sum_of_magnitudes(h));

    const std::array<float, 4> taps{1, -2, 3, 0.5f};
    const auto same = separate(taps);
    CHECK(same.terms.size() == 1);
    CHECK(same.residual <= 4 * 0x1p-24 * 6.5);

    const auto zeros = separate(tensor<double, 2>{{3, 4}}, {.rank = 3});
    CHECK(zeros.terms.size() == 1);
    CHECK(zeros.residual == 0);
    CHECK(zeros.sum().shape() == shape{3, 4});
}

TEST_CASE("separate: no output of the sum is further off than the bound says", "[filter]") {
    random_source random(10);
    const auto x = any_tensor<double, 2>(random, {40, 50});
    double largest = 0;
    for (double v : x) largest = std::max(largest, std::abs(v));
    const auto h = any_tensor<double, 2>(random, {7, 7});
    const auto whole = convolve(x, h, {.method = method::direct});
    for (index_t r : {1, 3, 5}) {
        const auto near = separate(h, {.rank = r});
        const auto y = convolve(x, near.sum(), {.method = method::separable});
        double worst = 0;
        for (index_t i = 0; i < y.count(); ++i) worst = std::max(worst, std::abs(y.data()[i] - whole.data()[i]));
        CHECK(worst <= near.bound(largest));
        CHECK(worst >= near.bound(largest) / 1000);
    }
}

TEST_CASE("separate: what is refused", "[filter]") {
    CHECK(message_of<shape_error>([] {
              separate(tensor<double, 2>{{3, 0}});
          }) == "separate: a kernel of shape (3, 0) has no taps");
    CHECK(message_of<option_error>([] { separate(sobel(towards::right), {.rank = 0}); }) ==
          "separate: rank 0; 1 or more is needed");
    CHECK(message_of<option_error>([] { separate(sobel(towards::right), {.tolerance = -0.5}); }) ==
          "separate: tolerance -0.5; 0 or more is needed");
    CHECK(message_of<option_error>([] { separate(sobel(towards::right), {.tolerance = std::nan("")}); }) ==
          "separate: tolerance nan; 0 or more is needed");
    CHECK(message_of<option_error>([] {
              separate(std::array<std::array<float, 2>, 2>{{{1, 2}, {std::numeric_limits<float>::infinity(), 3}}});
          }) == "separate: the tap at (1, 0) is inf");
}
