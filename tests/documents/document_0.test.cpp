// tests/documents/document_0.test.cpp -- a gaussian as large as the torus that it is convolved on
#include <faltung/convolve.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "documents/arrays.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using testing::largest_difference;
using testing::relative_difference;

namespace {

const double pi = std::acos(-1.0);

/// exp(-r^2 / (2 s^2)) with s = 0.5, at distances of `rows` and `columns` samples on a torus of n x n.
double gaussian(double rows, double columns, index_t n) {
    const double step = 2 * pi / static_cast<double>(n);
    return std::exp(-(rows * rows + columns * columns) * step * step / 0.5);
}

/// All n x n of them, 0 at index n / 2 - offset.
tensor<double, 2> gaussians(index_t n, double offset = 0) {
    tensor<double, 2> k{{n, n}};
    const double middle = static_cast<double>(n / 2) - offset;
    for_each_index(k.shape(), [&](index_list const& i) {
        k(i) = gaussian(static_cast<double>(i[0]) - middle, static_cast<double>(i[1]) - middle, n);
    });
    return k;
}

/// What the document's range from -pi to pi gives: for an odd n it passes 0 by.
tensor<double, 2> gaussians_of_document(index_t n) { return gaussians(n, n % 2 == 0 ? 0 : -0.5); }

/// The middle moved to the origin, as ifftshift does.
tensor<double, 2> to_origin(tensor<double, 2> const& k) { return roll(k, {-(k.extent(0) / 2), -(k.extent(1) / 2)}); }

std::pair<index_t, index_t> place_of_largest(tensor<double, 2> const& x) {
    const auto at = std::max_element(x.begin(), x.end()) - x.begin();
    return {at / x.extent(1), at % x.extent(1)};
}

tensor<double, 2> on_torus(tensor<double, 2> const& x, tensor<double, 2> const& k) {
    return convolve(x, k, {.padding = mode::same, .boundary = boundary::circular, .centre = 0, .method = method::fft});
}

/// 20 points on the grid.
struct cloud {
    std::vector<std::pair<index_t, index_t>> points;
    tensor<double, 2> picture;

    cloud(index_t n, std::uint64_t seed) : picture{{n, n}} {
        testing::random_source random(seed);
        for (int k = 0; k < 20; ++k) {
            points.emplace_back(random.between(0, n - 1), random.between(0, n - 1));
            picture(points.back().first, points.back().second) += 1;
        }
    }

    std::vector<double> at_points(tensor<double, 2> const& x) const {
        std::vector<double> values;
        for (auto const& [row, column] : points) values.push_back(x(row, column));
        return values;
    }

    /// The gaussians of all points, each at the nearest of its copies.
    tensor<double, 2> defining_sums() const {
        const index_t n = picture.extent(0);
        const auto nearest = [n](index_t distance) {
            while (distance > (n - 1) / 2) distance -= n;
            while (distance < -(n / 2)) distance += n;
            return static_cast<double>(distance);
        };
        tensor<double, 2> y{picture.shape()};
        for_each_index(y.shape(), [&](index_list const& i) {
            for (auto const& [row, column] : points) y(i) += gaussian(nearest(i[0] - row), nearest(i[1] - column), n);
        });
        return y;
    }
};

}  // namespace

TEST_CASE("0.1: a gaussian on 128 x 128 samples of the torus", "[documents]") {
    const auto k = gaussians(128);
    CHECK(k(64, 64) == 1);
    CHECK(largest_difference(k, gaussians_of_document(128)) == 0);
    CHECK(std::fabs(std::accumulate(k.begin(), k.end(), 0.0) - 651.8986464580) <= 1e-9);
    // not normalised: it multiplies every constant by its sum
    tensor<double, 2> ones{{128, 128}};
    std::fill(ones.begin(), ones.end(), 1.0);
    for (double v : on_torus(ones, k))
        if (!(std::fabs(v - 651.8986464580) <= 1e-9)) FAIL("a sum of " << v);
}

TEST_CASE("0.2: the kernel's middle at the origin moves nothing, for odd sizes too", "[documents]") {
    for (index_t n : {128, 33}) {
        INFO("n " << n);
        CHECK(place_of_largest(to_origin(gaussians(n))) == std::pair<index_t, index_t>(0, 0));
        CHECK(to_origin(gaussians(n))(0, 0) == 1);
        const cloud points(n, 2);
        const auto exact = points.defining_sums();
        CHECK(relative_difference(on_torus(points.picture, to_origin(gaussians(n))), exact) <= 1e-12);
        // the middle in the middle moves everything by half a period; or one says where it is
        const auto moved = on_torus(points.picture, gaussians(n));
        CHECK(relative_difference(moved, roll(exact, {n / 2, n / 2})) <= 1e-12);
        CHECK(relative_difference(moved, exact) > 0.5);
        const auto told =
            convolve(points.picture, gaussians(n),
                     {.padding = mode::same, .boundary = boundary::circular, .centre = n / 2, .method = method::fft});
        CHECK(relative_difference(told, exact) <= 1e-12);
    }

    // The document's odd range has no sample at 0: its nearest one, half a cell before it, comes to the origin.
    // Measured where the points are, as the document does, that is an error of 0.063 for one cloud, and about that for
    // others.
    std::vector<double> errors;
    for (std::uint64_t seed = 0; seed < 201; ++seed) {
        const cloud points(33, seed);
        const auto shifted = points.at_points(on_torus(points.picture, to_origin(gaussians_of_document(33))));
        errors.push_back(relative_difference(shifted, points.at_points(points.defining_sums())));
    }
    std::sort(errors.begin(), errors.end());
    CHECK(errors.front() > 0.03);
    CHECK(std::fabs(errors[100] - 0.063) <= 0.005);
}
