// tests/deconvolve/operator_matrix.test.cpp -- matrices against the terms of the defining sum
#include <faltung/deconvolve/operator_matrix.hpp>

#include <faltung/convolve.hpp>

#include <limits>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// Every term h[t] x[i] of output o adds h[t] to element (o, i).
template <class T, std::size_t Rank>
tensor<T, 2> defined(std::vector<reference::line> const& axes, tensor<T, Rank> const& h) {
    index_t rows = 1, columns = 1;
    for (auto const& k : axes) {
        rows *= reference::outputs(k);
        columns *= k.n;
    }
    tensor<T, 2> a({rows, columns});
    reference::for_each_term(axes, [&](std::size_t o, std::size_t t, std::size_t i, reference::line const* outside) {
        if (!outside) a(static_cast<index_t>(o), static_cast<index_t>(i)) += h.data()[t];
    });
    return a;
}

}  // namespace

TEMPLATE_TEST_CASE("operator_matrix: every boundary, window stride and dilation", "[deconvolve]", float, double,
                   std::complex<double>, std::int64_t) {
    using T = TestType;
    random_source random(531);
    for (auto const& edge : boundaries)
        for (index_t stride : {1, 2, 3})
            for (index_t dilation : {1, 2}) {
                const std::vector<reference::line> axes{{5, 2, stride, dilation, 2, 1, edge.map, 3},
                                                        {4, 3, 1, 1, 5, 6, edge.map, 3}};
                const auto h = small_tensor<T, 2>(random, {2, 3});
                convolve_options o{.padding = {{2, 1}, {5, 6}},
                                   .boundary = edge.rule,
                                   .stride = {stride, 1},
                                   .dilation = {dilation, 1}};
                INFO(edge.map << ", stride " << stride << ", dilation " << dilation);
                tensor<T, 2> conjugated = h, reversed = h;
                for (index_t t = 0; t < h.count(); ++t) {
                    conjugated.data()[t] = conjugate(h.data()[t]);
                    reversed.data()[t] = h.data()[h.count() - 1 - t];
                }
                CHECK(difference(operator_matrix(as_correlation{}, {5, 4}, h, o), defined(axes, conjugated)) == "");
                CHECK(difference(operator_matrix({5, 4}, h, o), defined(axes, reversed)) == "");
            }
}

TEST_CASE("operator_matrix: boundaries of their own for each axis, a batch, other methods", "[deconvolve]") {
    const tensor<double, 2> h({2, 2}, {1, 2, 3, 4}), reversed({2, 2}, {4, 3, 2, 1});
    convolve_options o{.padding = mode::same, .boundary = {boundary::constant(7), boundary::circular}};
    const std::vector<reference::line> axes{{3, 2, 1, 1, 1, 0, 'c', 7}, {4, 2, 1, 1, 1, 0, 'w', 0}};
    CHECK(difference(operator_matrix({3, 4}, h, o), defined(axes, reversed)) == "");
    o.method = method::fft;
    const auto by_fft = operator_matrix({3, 4}, h, o);
    const auto exact = defined(axes, reversed);
    for (index_t k = 0; k < exact.count(); ++k) CHECK(by_fft.data()[k] == Approx(exact.data()[k]).margin(1e-13));

    const std::vector<float> line{1, -1};
    const auto rows = operator_matrix({2, 2}, line, {.axes = {1}});
    CHECK(difference(rows, tensor<float, 2>({6, 4}, {1, 0, 0, 0, -1, 1, 0,  0, 0, -1, 0, 0,  //
                                                     0, 0, 1, 0, 0,  0, -1, 1, 0, 0,  0, -1})) == "");
    CHECK(operator_matrix({1}, line, {.padding = mode::valid}).shape() == shape{0, 1});
    CHECK(operator_matrix({0}, line).shape() == shape{0, 0});
}

TEST_CASE("operator_matrix: of an operator, and what is refused", "[deconvolve]") {
    const std::vector<double> h{1, 2};
    const auto op = operator_of(convolver{{3}, h, {.boundary = boundary::constant(5)}});
    CHECK(difference(operator_matrix(op), tensor<double, 2>({4, 3}, {1, 0, 0, 2, 1, 0, 0, 2, 1, 0, 0, 2})) == "");
    CHECK(message_of<unsupported_error>([&] {
              (void)operator_matrix({1000}, h, {.padding = mode::same, .memory = 7999999});
          }) == "operator_matrix: 1000 x 1000 elements are 8000000 bytes; the limit is 7999999");
    CHECK(message_of<option_error>([&] {
              (void)operator_matrix({3}, std::vector<double>{1, std::numeric_limits<double>::infinity()});
          }) == "operator_matrix: the tap at (1,) is not finite");
    CHECK(message_of<shape_error>([&] { (void)operator_matrix({3}, std::vector<double>{}); }) != "nothing was thrown");
    CHECK(message_of<overflow_error>([&] { (void)operator_matrix({index_t{1} << 40}, h, {.padding = mode::same}); }) !=
          "nothing was thrown");
}
