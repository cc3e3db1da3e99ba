// tests/deconvolve/bordered_deconvolver.test.cpp -- convolutions with a border against the dense pseudo-inverse
#include <faltung/deconvolve/bordered_deconvolver.hpp>

#include <complex>

#include "dense_layer.hpp"
#include "support/catch.hpp"

using namespace faltung;

using testing::as_column;
using testing::border;
using testing::dense_layer;
using testing::dense_of;
using testing::dense_pinv;
using testing::even_numbers;
using testing::message_of;
using testing::random_source;

TEMPLATE_TEST_CASE("bordered_deconvolver: valid is the dense pseudo-inverse", "[deconvolve]", double,
                   std::complex<double>) {
    using T = TestType;
    random_source r(1);
    const std::array<index_t, 2> channels[] = {{1, 1}, {4, 4}, {2, 3}};
    for (auto const& [o, c] : channels)
        for (sense s : {sense::convolution, sense::correlation}) {
            const shape n{8, 9};
            const auto h = even_numbers<T, 4>(r, {o, c, 3, 2});
            const auto y = even_numbers<T, 3>(r, {o, 6, 8});
            const dense_of<T> a = dense_layer(h, n, s, border::valid);
            const auto expected = (dense_pinv(a, 1e-12) * as_column<T>(y)).eval();
            const bordered_deconvolver undo(n, h, mode::valid, {.sense = s});
            CHECK(undo.solver() == border_solver::least_norm);
            const auto found = undo(y);
            INFO(o << " of " << c);
            CHECK(found.report.reason == stop_reason::converged);
            CHECK((as_column<T>(found.x) - expected).norm() <= 1e-11 * expected.norm());
            CHECK((a * as_column<T>(found.x) - as_column<T>(y)).norm() <= 1e-12 * as_column<T>(y).norm());
        }
}

TEST_CASE("bordered_deconvolver: valid of 16 x 16 samples and 4 channels", "[deconvolve]") {
    random_source r(2);
    const shape n{16, 16};
    const auto h = even_numbers<double, 4>(r, {2, 4, 3, 3});
    const auto y = even_numbers<double, 3>(r, {2, 14, 14});
    const Eigen::MatrixXd a = dense_layer(h, n, sense::correlation, border::valid);
    const Eigen::VectorXd expected = testing::least_norm(a, as_column<double>(y));
    const auto found = bordered_deconvolver(n, h, mode::valid, {.sense = sense::correlation})(y);
    CHECK((as_column<double>(found.x) - expected).norm() <= 1e-11 * expected.norm());
}

TEMPLATE_TEST_CASE("bordered_deconvolver: same between zeros is the dense solution", "[deconvolve]", double,
                   std::complex<double>) {
    using T = TestType;
    random_source r(3);
    for (index_t c : {1, 3})
        for (sense s : {sense::convolution, sense::correlation}) {
            const shape n{9, 7};
            auto h = even_numbers<T, 4>(r, {c, c, 3, 3});
            for (index_t k = 0; k < c; ++k) h(k, k, 1, 1) += T(4);  // invertible, with a condition that a test can have
            const auto y = even_numbers<T, 3>(r, {c, 9, 7});
            const dense_of<T> a = dense_layer(h, n, s, border::zeros);
            const auto expected = (dense_pinv(a, 0) * as_column<T>(y)).eval();
            const bordered_deconvolver undo(n, h, mode::same, {.sense = s});
            CHECK(undo.solver() == border_solver::square);
            const auto found = undo(y);
            CHECK((as_column<T>(found.x) - expected).norm() <= 1e-8 * expected.norm());
        }
}

TEST_CASE("bordered_deconvolver: all other layers, over all of x", "[deconvolve]") {
    random_source r(4);
    struct layer {
        index_t o, c;
        mode m;
    };
    for (layer const& l : {layer{3, 2, mode::valid}, layer{2, 3, mode::same}, layer{3, 2, mode::same}}) {
        const shape n{6, 7};
        const auto h = even_numbers<double, 4>(r, {l.o, l.c, 2, 3});
        const bool valid = l.m == mode::valid;
        const auto y = even_numbers<double, 3>(r, {l.o, valid ? 5 : 6, valid ? 5 : 7});
        const auto a = dense_layer(h, n, sense::convolution, valid ? border::valid : border::zeros);
        const Eigen::VectorXd expected = dense_pinv(a, 1e-12) * as_column<double>(y);
        const bordered_deconvolver undo(n, h, l.m);
        CHECK(undo.solver() == border_solver::general);
        CHECK((as_column<double>(undo(y).x) - expected).norm() <= 1e-8 * expected.norm());
    }
    // blind on the torus: a box of 3 on 6 samples
    const tensor<double, 3> box({1, 1, 3}, {1.0, 1.0, 1.0});
    const auto y = even_numbers<double, 2>(r, {1, 4});
    const Eigen::VectorXd expected =
        dense_pinv(dense_layer(box, {6}, sense::convolution, border::valid), 1e-12) * as_column<double>(y);
    const bordered_deconvolver undo({6}, box, mode::valid);
    CHECK(undo.solver() == border_solver::general);
    CHECK((as_column<double>(undo(y).x) - expected).norm() <= 1e-10 * expected.norm());
}

TEST_CASE("bordered_deconvolver: one image without channels, and what stops it", "[deconvolve]") {
    random_source r(5);
    const auto h = even_numbers<double, 2>(r, {3, 3});
    const tensor<double, 4> with_channels({1, 1, 3, 3}, std::vector<double>(h.begin(), h.end()));
    const auto y = even_numbers<double, 2>(r, {10, 9});
    const bordered_deconvolver undo({12, 11}, h, mode::valid);
    const auto found = undo(y);
    REQUIRE(found.x.shape() == shape{12, 11});
    const auto a = dense_layer(with_channels, {12, 11}, sense::convolution, border::valid);
    CHECK((a * as_column<double>(found.x) - as_column<double>(y)).norm() <= 1e-12 * as_column<double>(y).norm());

    index_t seen = 0;
    const bordered_deconvolver some({12, 11}, h, mode::valid, {.progress = [&](solver_report const& s) {
                                        seen = s.iterations;
                                        return s.iterations < 3;
                                    }});
    CHECK(some(y).report.reason == stop_reason::stopped);
    CHECK(seen == 3);
    CHECK(message_of<shape_error>([&] {
              bordered_deconvolver({2, 11}, h, mode::valid);
          }) == "bordered_deconvolver: axis 0: the kernel spans 3 of 2 samples: there are no outputs");
    CHECK(message_of<option_error>([&] {
              bordered_deconvolver({5, 5}, h, mode::full);
          }) == "bordered_deconvolver: mode::full has no border to find: its outputs say all");
    CHECK(message_of<shape_error>([&] {
              undo(tensor<double, 2>({10, 10}));
          }) == "bordered_deconvolver: an input of shape (10, 10); its last axes must be (10, 9)");
    tensor<double, 2> broken = y;
    broken(2, 3) = std::nan("");
    CHECK(message_of<option_error>([&] { undo(broken); }) ==
          "bordered_deconvolver: the sample at (2, 3) is not finite");
}
