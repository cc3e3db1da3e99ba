// tests/documents/document_3.test.cpp -- the pseudo-inverse of a convolution of many channels: the question's recipe,
// why it fails on cropped data, and the answer; and the batch of small pseudo-inverses of another page
#include <faltung/convolve.hpp>
#include <faltung/deconvolve.hpp>
#include <faltung/linalg.hpp>

#include "documents/arrays.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

using image = tensor<double, 3>;   // channels, rows, columns
using kernel = tensor<double, 4>;  // channels out, channels in, rows, columns

template <std::size_t Rank>
tensor<double, Rank> normal_numbers(testing::random_source& r, shape const& n) {
    tensor<double, Rank> x(n);
    for (double& v : x) {  // of twelve even ones
        v = -6;
        for (int k = 0; k < 12; ++k) v += static_cast<double>(r.between(0, 1 << 20)) / (1 << 20);
    }
    return x;
}

/// Sums over channels and taps, sample by sample: correlation with `low` samples beyond the ends, which are 0 or wrap.
image by_loops(image const& x, kernel const& h, index_t low, index_t outputs, boundary const& edge) {
    image y({h.extent(0), outputs, outputs});
    for_each_index(y.shape(), [&](index_list const& o) {
        for (index_t c = 0; c < h.extent(1); ++c)
            for (index_t u = 0; u < h.extent(2); ++u)
                for (index_t v = 0; v < h.extent(3); ++v) {
                    const index_t i = edge.source(o[1] + u - low, x.extent(1)),
                                  j = edge.source(o[2] + v - low, x.extent(2));
                    if (i >= 0 && j >= 0) y(o) += h(o[0], c, u, v) * x(c, i, j);
                }
    });
    return y;
}

/// mean (x - y)^2 / mean x^2
double error_of(image const& x, image const& y) {
    double error = 0, energy = 0;
    for (index_t i = 0; i < x.count(); ++i) {
        error += std::pow(x.data()[i] - y.data()[i], 2);
        energy += std::pow(x.data()[i], 2);
    }
    return error / energy;
}

const deconvolve_options as_frameworks{.sense = sense::correlation};

}  // namespace

TEST_CASE("1.13: a batch of 2 x 4 matrices in a (2, 4, N) layout", "[documents]") {
    tensor<double, 3> a({2, 4, 3});
    for_each_index(a.shape(), [&](index_list const& i) { a(i) = static_cast<double>(8 * i[2] + 4 * i[0] + i[1]); });
    const auto p = pinv(permute(a, {2, 0, 1}));
    const double first[4][2] = {{-.475, .175}, {-.2, .1}, {.075, .025}, {.35, -.05}};
    for (index_t i = 0; i < 4; ++i)
        for (index_t j = 0; j < 2; ++j) CHECK(std::fabs(p.inverse(0, i, j) - first[i][j]) <= 1e-12);
    for (index_t k = 0; k < 3; ++k)
        for (index_t i = 0; i < 2; ++i)
            for (index_t j = 0; j < 2; ++j) {
                double sum = 0;
                for (index_t t = 0; t < 4; ++t) sum += a(i, t, k) * p.inverse(k, t, j);
                CHECK(std::fabs(sum - (i == j ? 1 : 0)) <= 1e-11);
            }
}

TEST_CASE("1.14: the closed form has no answer where the pseudo-inverse has one", "[documents]") {
    const tensor<double, 3> a({1, 2, 4}, {1, 2, 3, 4, 2, 4, 6, 8});  // of rank 1
    CHECK_THROWS_AS(closed_form_pinv(a), option_error);
    const auto p = pinv(a);
    CHECK(p.rank(0) == 1);
    for (index_t i = 0; i < 2; ++i)
        for (index_t j = 0; j < 4; ++j) {
            double sum = -a(0, i, j);
            for (index_t s = 0; s < 4; ++s)
                for (index_t t = 0; t < 2; ++t) sum += a(0, i, s) * p.inverse(0, s, t) * a(0, t, j);
            CHECK(std::fabs(sum) <= 1e-13);
        }
}

TEST_CASE("3.1, 3.2: a layer by sums over channels, and by one matrix for each frequency", "[documents]") {
    testing::random_source r(31);
    const auto x = normal_numbers<3>(r, {4, 12, 12});
    const auto h = normal_numbers<4>(r, {3, 4, 3, 3});
    const image padded = by_loops(x, h, 1, 12, boundary::zero), periodic = by_loops(x, h, 1, 12, boundary::circular);
    image y({3, 12, 12}), around({3, 12, 12});
    for (index_t o = 0; o < 3; ++o)
        for (index_t c = 0; c < 4; ++c) {
            const auto plane = slice(x, c, all, all), taps = slice(h, o, c, all, all);
            const auto zero = correlate(plane, taps, {.padding = mode::same});
            const auto by_transforms =
                correlate(plane, taps, {.padding = mode::same, .boundary = boundary::circular, .method = method::fft});
            for_each_index(zero.shape(), [&](index_list const& i) {
                y(o, i[0], i[1]) += zero(i);
                around(o, i[0], i[1]) += by_transforms(i);
            });
        }
    CHECK(error_of(padded, y) <= 1e-24);
    CHECK(error_of(periodic, around) <= 1e-24);
    // inside, where no window reaches the border, both are the same
    for (index_t o = 0; o < 3; ++o)
        for (index_t i = 1; i < 11; ++i)
            for (index_t j = 1; j < 11; ++j) CHECK(std::fabs(around(o, i, j) - padded(o, i, j)) <= 1e-12);
}

TEST_CASE("3.3, 3.4: the recipe recovers x from all of a periodic y, for any kernel size", "[documents]") {
    testing::random_source r(34);
    const auto x = normal_numbers<3>(r, {8, 32, 32});
    for (index_t taps : {1, 3, 5}) {
        const auto h = normal_numbers<4>(r, {8, 8, taps, taps});
        const image y = by_loops(x, h, (taps - 1) / 2, 32, boundary::circular);
        CHECK(error_of(x, deconvolver({32, 32}, h, as_frameworks)(y)) <= 1e-24);
        tensor<float, 3> single({8, 32, 32});
        tensor<float, 4> taps_of_float(h.shape());
        std::copy(h.begin(), h.end(), taps_of_float.begin());
        std::copy(y.begin(), y.end(), single.begin());
        const auto found = deconvolver({32, 32}, taps_of_float, as_frameworks)(single);
        image wide({8, 32, 32});
        std::copy(found.begin(), found.end(), wide.begin());
        CHECK(error_of(x, wide) <= 1e-9);
    }
}

TEST_CASE("3.5: A A^+ y is y where the rows of A are independent, and A A^+ A is always A", "[documents]") {
    testing::random_source r(35);
    for (index_t outputs : {4, 8, 16}) {
        const auto h = normal_numbers<4>(r, {outputs, 8, 3, 3});
        const auto x = normal_numbers<3>(r, {8, 16, 16}), any = normal_numbers<3>(r, {outputs, 16, 16});
        const deconvolver undo({16, 16}, h, as_frameworks);
        const auto applied = [&](image const& v) { return by_loops(v, h, 1, 16, boundary::circular); };
        const image y = applied(x);
        CHECK(error_of(y, applied(undo(y))) <= 1e-20);
        const double of_any = error_of(any, applied(undo(any)));
        if (outputs <= 8)
            CHECK(of_any <= 1e-20);
        else
            CHECK(of_any == Approx(0.5).epsilon(0.1));  // 8 of its 16 channels
        CHECK(undo.certificate().rank == std::min<index_t>(outputs, 8) * 256);
    }
}

TEST_CASE("3.6, 3.7: cropped data is not a period, and what its pseudo-inverse is", "[documents]") {
    testing::random_source r(37);
    const auto x = normal_numbers<3>(r, {8, 64, 64});
    const auto h = normal_numbers<4>(r, {8, 8, 3, 3});
    const image y = by_loops(x, h, 0, 62, boundary::zero);  // valid
    image embedded({8, 64, 64});
    for_each_index(y.shape(), [&](index_list const& i) { embedded(i[0], i[1] + 1, i[2] + 1) = y(i); });
    CHECK(error_of(x, deconvolver({64, 64}, h, as_frameworks)(embedded)) > 0.5);

    const bordered_deconvolver undo({64, 64}, h, mode::valid, {.sense = sense::correlation});
    const auto found = undo(y);
    CHECK(found.report.reason == stop_reason::converged);
    CHECK(error_of(y, by_loops(found.x, h, 0, 62, boundary::zero)) <= 1e-24);
    // as many unknowns as there are more of them than equations stay unknown
    CHECK(error_of(x, found.x) == Approx(1 - 62.0 * 62 / 4096).epsilon(0.1));
}

TEST_CASE("3.8: with zeros around the samples", "[documents]") {
    testing::random_source r(38);
    const auto x = normal_numbers<3>(r, {2, 16, 16});
    auto h = normal_numbers<4>(r, {2, 2, 3, 3});
    for (index_t c : {0, 1}) h(c, c, 1, 1) += 8;  // without it this layer's condition is what random taps have: 1e6
    const image y = by_loops(x, h, 1, 16, boundary::zero);
    const bordered_deconvolver undo({16, 16}, h, mode::same, {.sense = sense::correlation});
    CHECK(std::sqrt(error_of(x, undo(y).x)) <= 1e-8);
}

TEST_CASE("3.9: the matrix of all samples gives the same x, for N^2 numbers in place of N", "[documents]") {
    // the times of both: docs/performance.md
    testing::random_source r(39);
    const shape n{8, 8};
    const auto h = normal_numbers<2>(r, {3, 3}), x = normal_numbers<2>(r, n);
    const convolve_options periodic{.padding = mode::same, .boundary = boundary::circular};
    const auto y = convolve(x, h, periodic);
    const auto a = operator_matrix(n, h, periodic);
    REQUIRE(a.shape() == shape{64, 64});
    tensor<double, 3> batch({1, 64, 64});
    std::copy(a.begin(), a.end(), batch.begin());
    const auto dense = pinv(batch);
    const auto by_frequency = deconvolver(n, h)(y);
    CHECK(dense.rank(0) == 64);
    for (index_t i = 0; i < 64; ++i) {
        double product = 0, found = 0;
        for (index_t j = 0; j < 64; ++j) {
            product += a(i, j) * x(j / 8, j % 8);
            found += dense.inverse(0, i, j) * y.data()[j];
        }
        CHECK(std::fabs(product - y.data()[i]) <= 1e-13);
        CHECK(std::fabs(found - x(i / 8, i % 8)) <= 1e-11);
        CHECK(std::fabs(by_frequency.data()[i] - x(i / 8, i % 8)) <= 1e-11);
    }
}

TEST_CASE("3.10: one threshold for all frequencies", "[documents]") {
    testing::random_source r(310);
    tensor<double, 2> box({3, 3}), x({66, 66}), y({66, 66});
    for (double& v : box) v = 1.0 / 9;
    for (double& v : x) v = static_cast<double>(r.between(-1000, 1000)) / 1000;
    for_each_index(y.shape(), [&](index_list const& i) {
        for (index_t a = 65; a <= 67; ++a)
            for (index_t b = 65; b <= 67; ++b) y(i) += x((i[0] + a) % 66, (i[1] + b) % 66) / 9;
        y(i) += 1e-12 * static_cast<double>(r.between(-1000, 1000)) / 1000;
    });
    const auto error = [&](tensor<double, 2> const& found) {
        double sum = 0, energy = 0;
        for (index_t i = 0; i < x.count(); ++i) {
            sum += std::pow(found.data()[i] - x.data()[i], 2);
            energy += x.data()[i] * x.data()[i];
        }
        return std::sqrt(sum / energy);
    };
    const deconvolver undo({66, 66}, box);
    CHECK(undo.certificate().rank == 4096);
    CHECK(error(undo(y)) < 0.3);  // the part that is gone: sqrt(260 / 4356) = 0.244 of white samples
    CHECK(error(deconvolver({66, 66}, box, {.relative = 0})(y)) > 100);
}
