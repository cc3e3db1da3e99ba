// tests/filter/disparity.test.cpp -- the loss by its definition, and its gradients by differences
#include <faltung/filter/disparity.hpp>

#include <faltung/view/copy.hpp>
#include <faltung/view/permute.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::message_of;
using testing::tensor_of;

namespace {

/// The mean, with the arrays padded by their last row and column as the definition says.
long double defined(tensor<double, 4> const& d, tensor<double, 4> const& image) {
    long double sum = 0;
    for_each_index(d.shape(), [&](index_list const& i) {
        for (int axis : {2, 3}) {
            index_list next = i;
            next[axis] = std::min(i[axis] + 1, d.extent(axis) - 1);
            long double squares = 0;
            for (index_t c = 0; c < image.extent(1); ++c) {
                index_list from = i, to = next;
                from[1] = to[1] = c;
                squares += std::pow(static_cast<long double>(image(from)) - image(to), 2.0L);
            }
            sum += std::fabs(static_cast<long double>(d(i)) - d(next)) * std::exp(-std::sqrt(squares));
        }
    });
    return sum / static_cast<long double>(d.count());
}

tensor<double, 4> smooth(shape const& n, double phase) {
    return tensor_of<double, 4>(n, [&](index_list const& i) {
        return std::sin(phase + 1.3 * static_cast<double>(i[3]) + 0.7 * static_cast<double>(i[2] * i[2]) +
                        2.1 * static_cast<double>(i[1]) + 0.4 * static_cast<double>(i[0]));
    });
}

}  // namespace

TEST_CASE("disparity_smoothness: the definition", "[filter]") {
    for (shape const& n : {shape{2, 3, 5, 7}, {1, 1, 1, 1}, {1, 2, 1, 6}, {3, 1, 4, 1}, {1, 0, 3, 3}}) {
        const auto image = smooth(n, 0.1), d = smooth({n[0], 1, n[2], n[3]}, 0.5);
        const long double expected = defined(d, image);
        CHECK(std::fabs(static_cast<long double>(disparity_smoothness(d, image)) - expected) <=
              1e-15L * std::fabs(expected));
        CHECK(disparity_smoothness_gradients(d, image).loss == Approx(static_cast<double>(expected)).epsilon(1e-14));
    }
}

TEST_CASE("disparity_smoothness: the gradients by differences of the loss", "[filter]") {
    auto image = smooth({2, 3, 4, 5}, 0.1), d = smooth({2, 1, 4, 5}, 0.5);
    const auto y = disparity_smoothness_gradients(d, image);
    REQUIRE(y.disparity.shape() == d.shape());
    REQUIRE(y.image.shape() == image.shape());
    // No slope is near 0, so the loss is smooth within a step; a centred difference errs by step^2.
    constexpr double step = 1e-5;
    const auto derivative = [&](double& sample) {
        const double kept = sample;
        sample = kept + step;
        const long double above = defined(d, image);
        sample = kept - step;
        const long double below = defined(d, image);
        sample = kept;
        return static_cast<double>((above - below) / (2 * step));
    };
    for_each_index(d.shape(),
                   [&](index_list const& i) { CHECK(std::fabs(y.disparity(i) - derivative(d(i))) <= 1e-10); });
    for_each_index(image.shape(),
                   [&](index_list const& i) { CHECK(std::fabs(y.image(i) - derivative(image(i))) <= 1e-10); });
}

TEST_CASE("disparity_smoothness: corners have the derivative 0", "[filter]") {
    const auto flat = disparity_smoothness_gradients(tensor<float, 3>({1, 3, 4}), tensor<float, 3>({2, 3, 4}));
    STATIC_REQUIRE(std::is_same_v<decltype(flat.loss), double>);
    CHECK(flat.loss == 0);
    for (float v : flat.disparity) CHECK(v == 0);
    for (float v : flat.image) CHECK(v == 0);
    // a slope of the disparity beside a flat image
    const tensor<double, 3> d({1, 1, 3}, {0.0, 2.0, 1.0}), image({1, 1, 3});
    const auto y = disparity_smoothness_gradients(d, image);
    CHECK(y.loss == Approx(1));
    CHECK(y.disparity(0, 0, 0) == Approx(-1.0 / 3));
    CHECK(y.disparity(0, 0, 1) == Approx(2.0 / 3));
    CHECK(y.disparity(0, 0, 2) == Approx(-1.0 / 3));
    for (double v : y.image) CHECK(v == 0);
}

TEST_CASE("disparity_smoothness: views, and a NaN that stays visible", "[filter]") {
    const auto image = smooth({2, 3, 4, 5}, 0.1);
    auto d = smooth({2, 1, 4, 5}, 0.5);
    const auto channels_last = copy(permute(image, {0, 2, 3, 1}));
    CHECK(disparity_smoothness(d, permute(channels_last, {0, 3, 1, 2})) == disparity_smoothness(d, image));
    CHECK(testing::difference(disparity_smoothness_gradients(d, permute(channels_last, {0, 3, 1, 2})).image,
                              disparity_smoothness_gradients(d, image).image) == "");
    d(1, 0, 2, 2) = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(disparity_smoothness(d, image)));
    const auto y = disparity_smoothness_gradients(d, image);
    CHECK(std::isnan(y.disparity(1, 0, 2, 2)));
    CHECK(std::isnan(y.disparity(1, 0, 2, 1)));
    CHECK_FALSE(std::isnan(y.disparity(1, 0, 1, 1)));
}

TEST_CASE("disparity_smoothness: the same bits for any number of threads", "[filter][threads]") {
    for (shape const& n : {shape{3, 3, 7, 5}, {1, 2, 9, 4}, {5, 1, 1, 3}, {2, 1, 2, 1}}) {
        const auto image = smooth(n, 0.1), d = smooth({n[0], 1, n[2], n[3]}, 0.5);
        const auto one = disparity_smoothness_gradients(d, image);
        const double loss = disparity_smoothness(d, image);
        for (int threads : {0, 2, 3, 64}) {
            const disparity_options how{.threads = threads};
            REQUIRE(disparity_smoothness(d, image, how) == loss);
            const auto y = disparity_smoothness_gradients(d, image, how);
            REQUIRE(y.loss == one.loss);
            REQUIRE(testing::difference(y.disparity, one.disparity) == "");
            REQUIRE(testing::difference(y.image, one.image) == "");
        }
    }
}

TEST_CASE("disparity_smoothness: what is refused", "[filter]") {
    CHECK(message_of<shape_error>([] {
              (void)disparity_smoothness(tensor<float, 4>({2, 3, 4, 5}), tensor<float, 4>({2, 3, 4, 5}));
          }) ==
          "disparity_smoothness: a disparity of shape (2, 3, 4, 5) for an image of shape (2, 3, 4, 5), which "
          "needs (2, 1, 4, 5)");
    CHECK(message_of<shape_error>([] {
              (void)disparity_smoothness_gradients(tensor<float, 3>({1, 0, 5}), tensor<float, 3>({3, 0, 5}));
          }) == "disparity_smoothness: no mean over the pixels of a disparity of shape (1, 0, 5)");
    CHECK(message_of<option_error>([] {
              (void)disparity_smoothness(tensor<float, 3>({1, 4, 5}), tensor<float, 3>({3, 4, 5}), {.threads = -1});
          }) == "disparity_smoothness: .threads = -1: 0 = all processors, or a number");
}
