// tests/deconvolve/deconvolver.test.cpp -- periodic deconvolution against the dense matrix's pseudo-inverse
#include <faltung/deconvolve/deconvolver.hpp>

#include <complex>

#include "dense_layer.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace faltung;

using testing::as_column;
using testing::border;
using testing::dense_layer;
using testing::dense_of;
using testing::dense_pinv;
using testing::even_numbers;
using testing::message_of;
using testing::random_source;

namespace {

template <class T>
using number = detail::with_complexity<double, is_complex<T>>;

template <class T>
double u() {
    return static_cast<double>(testing::unit_roundoff<T>);
}

}  // namespace

TEMPLATE_TEST_CASE("deconvolver: the dense pseudo-inverse, of any channels, extents and sense", "[deconvolve]", float,
                   double, std::complex<float>, std::complex<double>) {
    using T = TestType;
    random_source r(1);
    const std::array<index_t, 2> channels[] = {{1, 1}, {3, 3}, {2, 4}, {4, 2}};
    for (auto const& [o, c] : channels)
        for (const shape& n : {shape{6, 5}, shape{4, 8}, shape{8, 16}})
            for (sense s : {sense::convolution, sense::correlation}) {
                const auto h = even_numbers<T, 4>(r, {o, c, 3, 2});
                const dense_of<T> a = dense_layer(h, n, s, border::periodic), p = dense_pinv(a, 1e-12);
                const auto y = even_numbers<T, 3>(r, {o, n[0], n[1]});
                const deconvolver undo(n, h, {.sense = s});
                INFO(o << " of " << c << " channels of " << text(n));
                const auto x = undo(y);
                REQUIRE(x.shape() == shape{c, n[0], n[1]});
                const auto expected = (p * as_column<number<T>>(y)).eval();
                const double condition = a.norm() * p.norm();
                CHECK((as_column<number<T>>(x) - expected).norm() <= 10 * u<T>() * condition * expected.norm());
                CHECK_FALSE(undo.warning());

                const auto x_gradient = even_numbers<T, 3>(r, {c, n[0], n[1]});
                const auto back = (p.adjoint() * as_column<number<T>>(x_gradient)).eval();
                CHECK((as_column<number<T>>(undo.adjoint(x_gradient)) - back).norm() <=
                      10 * u<T>() * condition * back.norm());
            }
}

TEST_CASE("deconvolver: one and three axes, a kernel larger than the period, batches, views, no channels",
          "[deconvolve]") {
    random_source r(2);
    {
        const auto h = even_numbers<double, 3>(r, {1, 1, 9});
        const auto y = even_numbers<double, 2>(r, {1, 7});
        const auto p = dense_pinv(dense_layer(h, {7}, sense::convolution, border::periodic), 1e-13);
        CHECK((as_column<double>(deconvolver({7}, h)(y)) - p * as_column<double>(y)).norm() <= 1e-12 * p.norm());
        tensor<double, 1> taps({9}, std::vector<double>(h.begin(), h.end())),
            line({7}, std::vector<double>(y.begin(), y.end()));
        CHECK((as_column<double>(deconvolve(line, taps)) - p * as_column<double>(y)).norm() <= 1e-12 * p.norm());
    }
    {
        const auto h = even_numbers<double, 5>(r, {2, 2, 2, 3, 2});
        const auto y = even_numbers<double, 5>(r, {3, 2, 3, 4, 6});  // three images
        const shape n{3, 4, 6};
        const auto p = dense_pinv(dense_layer(h, n, sense::convolution, border::periodic), 1e-13);
        const deconvolver undo(n, h);
        const auto x = undo(y);
        for (index_t b = 0; b < 3; ++b) {
            const auto image = copy(slice(y, b, all, all, all, all)), found = copy(slice(x, b, all, all, all, all));
            CHECK((as_column<double>(found) - p * as_column<double>(image)).norm() <= 1e-12 * p.norm());
        }
        // strided memory, without allocating: the same bits
        tensor<double, 5> memory({3, 6, 4, 3, 4}), input({2, 3, 6, 4, 3});
        const auto from = permute(input, {1, 0, 4, 3, 2});
        for_each_index(y.shape(), [&](index_list const& i) { from(i) = y(i); });
        const auto to = permute(slice(memory, all, all, all, all, range{0, 4, 2}), {0, 4, 3, 2, 1});
        workspace scratch = undo.workspace(3);
        undo(from, to, scratch);
        for_each_index(x.shape(), [&](index_list const& i) { CHECK(to(i) == x(i)); });
    }
}

TEST_CASE("deconvolver: one threshold for all frequencies", "[deconvolve]") {
    // a box of three: what it takes away of 66 x 66 samples are two frequencies along each axis
    random_source r(3);
    tensor<double, 2> box({3, 3});
    for (double& v : box) v = 1.0 / 9;
    const shape n{66, 66};
    const auto x = even_numbers<double, 2>(r, n);
    tensor<double, 2> y(n);
    for_each_index(n, [&](index_list const& i) {
        for (index_t a = -1; a <= 1; ++a)
            for (index_t b = -1; b <= 1; ++b) y(i) += x((i[0] + a + 66) % 66, (i[1] + b + 66) % 66) / 9;
        y(i) += 1e-12 * (static_cast<double>(r.between(-1000, 1000)) / 1000);
    });
    const deconvolver undo(n, box);
    const auto certificate = undo.certificate();
    CHECK(certificate.unknowns == 4356);
    CHECK(certificate.rank == 4096);
    CHECK(certificate.null_dimension() == 260);
    CHECK(certificate.largest == Approx(1));
    CHECK(certificate.lost_fraction() == Approx(260.0 / 4356));
    CHECK(certificate.smallest > 1e-4);
    const auto found = undo(y);
    double error = 0, norm = 0;
    for (index_t i = 0; i < x.count(); ++i) {
        error += std::pow(found.data()[i] - x.data()[i], 2);
        norm += std::pow(x.data()[i], 2);
    }
    // the part of x that is gone: about the share of its frequencies
    CHECK(std::sqrt(error / norm) == Approx(std::sqrt(260.0 / 4356)).epsilon(0.15));

    const auto warning = undo.warning();
    REQUIRE(warning);
    index_t lost = 0;
    for (auto const& f : warning->frequencies) {
        CHECK((f.at.m[0] % 22 == 0 || f.at.m[1] % 22 == 0));
        lost += f.lost * f.copies;
    }
    CHECK(lost == 260);
    CHECK(warning->text().find("deconvolver: 260 singular values count as 0; the first at frequency (") == 0);

    // asked not to cut anything: what is only rounding is kept, and said to be
    const deconvolver reckless(n, box, {.relative = 0});
    const auto of_reckless = reckless.warning();
    REQUIRE(of_reckless);
    index_t drowned = 0;
    for (auto const& f : of_reckless->frequencies) drowned += (f.drowned + f.lost) * f.copies;
    CHECK(drowned == 260);
}

TEMPLATE_TEST_CASE("deconvolver: regularizations make their sums least", "[deconvolve]", double, std::complex<double>) {
    using T = TestType;
    random_source r(4);
    const shape n{5, 6};
    const index_t samples = 30;
    const std::array<index_t, 2> channels[] = {{1, 1}, {3, 2}, {2, 3}};
    for (auto const& pair : channels) {
        const index_t o = pair[0], c = pair[1];  // clang 14 captures no bindings
        const auto h = even_numbers<T, 4>(r, {o, c, 3, 3});
        const auto y = even_numbers<T, 3>(r, {o, 5, 6});
        const dense_of<T> a = dense_layer(h, n, sense::convolution, border::periodic);
        // differences of neighbours around the torus, of every channel
        tensor<T, 4> unit({c, c, 1, 1});
        dense_of<T> gradient = dense_of<T>::Zero(2 * c * samples, c * samples),
                    laplacian = dense_of<T>::Zero(c * samples, c * samples);
        for (index_t k = 0; k < c; ++k)
            for_each_index(n, [&](index_list const& i) {
                const auto at = [&](index_t v, index_t w) {
                    return k * samples + (i[0] + v + 5) % 5 * 6 + (i[1] + w + 6) % 6;
                };
                const index_t row = at(0, 0);
                gradient(row, row) -= 1;
                gradient(row, at(1, 0)) += 1;
                gradient(c * samples + row, row) -= 1;
                gradient(c * samples + row, at(0, 1)) += 1;
                laplacian(row, row) -= 4;
                for (index_t step : {-1, 1}) {
                    laplacian(row, at(step, 0)) += 1;
                    laplacian(row, at(0, step)) += 1;
                }
            });
        const dense_of<T> identity = dense_of<T>::Identity(c * samples, c * samples);
        const auto require = [&](regularization const& w, dense_of<T> const& penalty) {
            dense_of<T> stacked(a.rows() + penalty.rows(), a.cols());
            stacked << a, penalty;
            // of several that are least, the one of least norm
            const dense_of<T> inverse = dense_pinv(stacked, 1e-12), of_y = inverse.leftCols(a.rows());
            const auto expected = (of_y * as_column<T>(y)).eval();
            const auto found = as_column<T>(deconvolver(n, h, {.regularization = w})(y));
            CHECK((found - expected).norm() <= 1e-10 * expected.norm());
        };
        require(tikhonov{0.3}, std::sqrt(0.3) * identity);
        require(gradient_penalty{0.2}, std::sqrt(0.2) * gradient);
        require(laplacian_penalty{0.1}, std::sqrt(0.1) * laplacian);
        require(wiener{[](wave_numbers const&) { return 0.02; }, [](wave_numbers const&) { return 0.1; }},
                std::sqrt(0.2) * identity);
        require([](wave_numbers const& f) { return f.m[0] == 0 && f.m[1] == 0 ? 0.5 : 0.5; },
                std::sqrt(0.5) * identity);
    }
}

TEST_CASE("deconvolver: a penalty where the operator is blind", "[deconvolve]") {
    random_source r(5);
    tensor<double, 2> box({1, 3}, {1.0, 1.0, 1.0});
    const shape n{4, 6};  // blind at two frequencies along the rows
    const auto y = even_numbers<double, 2>(r, n);
    const auto a =
        dense_layer(tensor<double, 4>({1, 1, 1, 3}, {1.0, 1.0, 1.0}), n, sense::convolution, border::periodic);
    const Eigen::MatrixXd normal = a.transpose() * a + 1e-3 * Eigen::MatrixXd::Identity(24, 24);
    const Eigen::VectorXd expected = dense_pinv(normal, 0) * (a.transpose() * as_column<double>(y));
    const deconvolver undo(n, box, {.regularization = tikhonov{1e-3}});
    CHECK((as_column<double>(undo(y)) - expected).norm() <= 1e-10 * expected.norm());
    CHECK_FALSE(undo.warning());
    // no penalty on means, no response at their frequency: x of least norm
    tensor<double, 2> difference({1, 2}, {1.0, -1.0});
    const deconvolver slope(n, difference, {.regularization = gradient_penalty{1}});
    for (double v : slope(y)) CHECK(std::isfinite(v));
    REQUIRE(slope.warning());
    CHECK(slope.warning()->frequencies.size() == 1);
}

TEMPLATE_TEST_CASE("deconvolver: gradients as finite differences", "[deconvolve]", double, std::complex<double>) {
    using T = TestType;
    random_source r(6);
    const shape n{6, 5};
    const std::array<index_t, 2> channels[] = {{1, 1}, {3, 2}, {2, 3}};
    for (auto const& [o, c] : channels)
        for (sense s : {sense::convolution, sense::correlation})
            for (double weight : {0.0, 0.1}) {
                deconvolve_options options{.sense = s};
                if (weight > 0) options.regularization = tikhonov{weight};
                const auto h = even_numbers<T, 4>(r, {o, c, 2, 3}), dh = even_numbers<T, 4>(r, {o, c, 2, 3});
                const auto y = even_numbers<T, 4>(r, {2, o, 6, 5}), g = even_numbers<T, 4>(r, {2, c, 6, 5});
                const auto value = [&](double t) {
                    tensor<T, 4> moved = h;
                    for (index_t i = 0; i < h.count(); ++i) moved.data()[i] += t * dh.data()[i];
                    const auto x = deconvolver(n, moved, options)(y);
                    double sum = 0;
                    for (index_t i = 0; i < x.count(); ++i) sum += std::real(conjugate(g.data()[i]) * x.data()[i]);
                    return sum;
                };
                const double step = 1e-6, difference = (value(step) - value(-step)) / (2 * step);
                const auto found = deconvolver(n, h, options).template kernel_gradient<4>(y, g);
                double sum = 0, size = 0;
                for (index_t i = 0; i < h.count(); ++i) {
                    sum += std::real(conjugate(found.data()[i]) * dh.data()[i]);
                    size += std::abs(found.data()[i]) * std::abs(dh.data()[i]);
                }
                INFO(o << " of " << c << ", weight " << weight);
                CHECK(std::fabs(sum - difference) <= 1e-6 * size);
            }
}

TEST_CASE("deconvolver: all singular values of a layer", "[deconvolve]") {
    random_source r(7);
    const auto h = even_numbers<double, 4>(r, {3, 2, 3, 3});
    const shape n{4, 5};
    const auto a = dense_layer(h, n, sense::convolution, border::periodic);
    const Eigen::VectorXd expected = testing::svd_of(a).values;
    const deconvolver undo(n, h);
    const auto spectrum = undo.spectrum();
    REQUIRE(spectrum.shape() == shape{20, 2});
    std::vector<double> sorted(spectrum.begin(), spectrum.end());
    std::sort(sorted.rbegin(), sorted.rend());
    for (index_t i = 0; i < 40; ++i) CHECK(sorted[static_cast<std::size_t>(i)] == Approx(expected(i)).epsilon(1e-12));
    CHECK(undo.certificate().rank == 40);
    CHECK(undo.certificate().condition() == Approx(expected(0) / expected(39)));
    // row m is frequency m: that of means has the sums of the taps
    Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(3, 2);
    for_each_index(h.shape(), [&](index_list const& i) { sums(i[0], i[1]) += h(i); });
    CHECK(spectrum(0, 0) == Approx(testing::svd_of(sums).values(0)));
}

TEST_CASE("deconvolver: what cannot be undone", "[deconvolve]") {
    const tensor<double, 4> h({2, 3, 3, 3});
    const auto made = [&](shape const& n, deconvolve_options const& o = {}) { deconvolver undo(n, h, o); };
    CHECK(message_of<shape_error>([&] { made({4}); }) ==
          "deconvolver: a kernel (2, 3, 3, 3) of shape (O, C, taps along each axis) for an array of 1 axis (4,)");
    CHECK(message_of<shape_error>([&] {
              made({4, 0});
          }) == "deconvolver: an array (4, 0) without samples has no frequencies");
    CHECK(message_of<option_error>([&] {
              made({4, 4}, {.relative = -1});
          }) == "deconvolver: .relative = -1: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] {
              made({4, 4}, {.absolute = std::nan("")});
          }) == "deconvolver: .absolute = nan: a number from 0 on is needed");
    CHECK(message_of<option_error>([&] {
              made({4, 4}, {.regularization = tikhonov{-2}});
          }) == "deconvolver: a regularization of -2 at frequency (0, 0): a number from 0 on is needed");
    const std::string refused = message_of<unsupported_error>([&] { made({32, 192}, {.memory = 1000}); });
    CHECK(refused.find("deconvolver: matrices of 2 x 3 numbers at the frequencies of (32, 192) take ") == 0);
    CHECK(refused.find(" bytes with their inverses, .memory allows 1000") != std::string::npos);
    const auto bytes = std::stoll(refused.substr(refused.find("take ") + 5));
    CHECK(bytes >= 2 * 6 * (32 * 97) * 16);  // matrices and inverses, 32 x 97 complex frequencies
    CHECK(bytes <= 2 * 6 * (32 * 104) * 16);
    CHECK_NOTHROW(made({32, 192}, {.memory = bytes}));
    tensor<double, 4> broken = h;
    broken(1, 2, 0, 1) = std::nan("");
    CHECK(message_of<option_error>([&] {
              deconvolver undo({4, 4}, broken);
          }) == "deconvolver: the tap at (1, 2, 0, 1) is not finite");

    // nothing comes back from nothing
    const deconvolver undo({4, 4}, h);
    tensor<double, 3> y({2, 4, 4});
    for (double& v : y) v = 1;
    for (double v : undo(y)) CHECK(v == 0);
    CHECK(undo.certificate().rank == 0);
    CHECK(undo.certificate().lost_fraction() == 1);

    CHECK(message_of<shape_error>([&] {
              undo(tensor<double, 3>({3, 4, 4}));
          }) == "deconvolver: an input of shape (3, 4, 4); its last axes must be (2, 4, 4)");
    y(1, 2, 3) = std::numeric_limits<double>::infinity();
    tensor<double, 3> x({3, 4, 4});
    for (double& v : x) v = 7;
    workspace scratch = undo.workspace();
    CHECK(message_of<option_error>([&] { undo(y, x, scratch); }) ==
          "deconvolver: the sample at (2, 3) of plane 1 is not finite");
    for (double v : x) CHECK(v == 7);
    tensor<double, 4> many({5, 2, 4, 4}), to({5, 3, 4, 4});
    CHECK_THROWS_AS(undo(many, to, scratch), shape_error);
    CHECK(undo(tensor<double, 4>({0, 2, 4, 4})).shape() == shape{0, 3, 4, 4});
}
