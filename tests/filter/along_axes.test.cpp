// tests/filter/along_axes.test.cpp -- one kernel an axis equals their product, and sums are stored once, at the end
#include <faltung/filter/along_axes.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

using taps = tensor<std::int32_t, 1>;

/// h[t] = the product over the axes.
tensor<std::int32_t, 3> product_of(std::vector<taps> const& factors) {
    tensor<std::int32_t, 3> h{{factors[0].count(), factors[1].count(), factors[2].count()}};
    for_each_index(h.shape(),
                   [&](index_list const& t) { h(t) = factors[0](t[0]) * factors[1](t[1]) * factors[2](t[2]); });
    return h;
}

}  // namespace

TEST_CASE("along_axes: the convolution with the product, exactly, at every boundary", "[filter]") {
    testing::random_source random(3);
    const tensor<std::int32_t, 3> x{{4, 6, 5}, random.many_small<std::int32_t>(120)};
    const std::vector<taps> factors{{{3}, {1, 2, -1}}, {{1}, {2}}, {{5}, {1, 0, 3, 1, -2}}};
    const auto h = product_of(factors);
    for (boundary const& edge : {boundary::zero, boundary::constant(4), boundary::replicate, boundary::reflect,
                                 boundary::symmetric, boundary::circular}) {
        const auto y = detail::convolve_along_axes<by_rule>(x, factors, {.boundary = edge});
        const auto whole = convolve(x, h, {.padding = mode::same, .boundary = edge});
        REQUIRE(y.shape() == whole.shape());
        CHECK(std::equal(y.begin(), y.end(), whole.begin(), whole.end()));
    }
    const per_axis<boundary> mixed{boundary::constant(2), boundary::circular, boundary::constant(-3)};
    const auto y = detail::convolve_along_axes<by_rule>(x, factors, {.boundary = mixed});
    const auto whole = convolve(x, h, {.padding = mode::same, .boundary = mixed});
    CHECK(std::equal(y.begin(), y.end(), whole.begin(), whole.end()));
}

TEST_CASE("along_axes: a narrow result is made of whole sums", "[filter]") {
    const tensor<std::uint8_t, 2> x{{1, 3}, {100, 100, 100}};
    const std::vector<taps> factors{{{1}, {4}}, {{3}, {1, -3, 1}}};
    const auto y = detail::convolve_along_axes<std::int8_t>(x, factors, {.overflow = overflow::saturate});
    CHECK(y(0, 1) == -128);
    const std::vector<taps> back{{{1}, {4}}, {{3}, {0, 0, 0}}};
    CHECK(detail::convolve_along_axes<std::int8_t>(x, back, {.overflow = overflow::saturate})(0, 1) == 0);
    CHECK(detail::stored<std::uint8_t>(tensor<float, 1>{{3}, {2.5f, -1, 300}}, {.overflow = overflow::saturate})(0) ==
          2);
    CHECK(detail::stored<by_rule>(tensor<float, 1>{{3}, {2.5f, -1, 300}}, {})(2) == 300);
}
