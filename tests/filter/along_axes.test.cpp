// tests/filter/along_axes.test.cpp -- one kernel an axis equals their product, and sums are stored once, at the end
#include <faltung/filter/along_axes.hpp>
#include <faltung/view/permute.hpp>
#include <faltung/view/slice.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"

using namespace faltung;
using testing::message_of;

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
        const auto y = detail::convolve_along_axes<by_rule>("a filter", x, factors, {.boundary = edge});
        const auto whole = convolve(x, h, {.padding = mode::same, .boundary = edge});
        REQUIRE(y.shape() == whole.shape());
        CHECK(std::equal(y.begin(), y.end(), whole.begin(), whole.end()));
    }
    const per_axis<boundary> mixed{boundary::constant(2), boundary::circular, boundary::constant(-3)};
    const auto y = detail::convolve_along_axes<by_rule>("a filter", x, factors, {.boundary = mixed});
    const auto whole = convolve(x, h, {.padding = mode::same, .boundary = mixed});
    CHECK(std::equal(y.begin(), y.end(), whole.begin(), whole.end()));
}

TEST_CASE("along_axes: a narrow result is made of whole sums", "[filter]") {
    const tensor<std::uint8_t, 2> x{{1, 3}, {100, 100, 100}};
    const std::vector<taps> factors{{{1}, {4}}, {{3}, {1, -3, 1}}};
    const auto y = detail::convolve_along_axes<std::int8_t>("a filter", x, factors, {.overflow = overflow::saturate});
    CHECK(y(0, 1) == -128);
    const std::vector<taps> back{{{1}, {4}}, {{3}, {0, 0, 0}}};
    CHECK(detail::convolve_along_axes<std::int8_t>("a filter", x, back, {.overflow = overflow::saturate})(0, 1) == 0);
}

TEST_CASE("along_axes: sums are the output where it has their type, else they are stored in it", "[filter]") {
    const tensor<float, 1> x{{3}};
    const auto fill = [](auto& sums) {
        STATIC_REQUIRE(std::is_same_v<element_t<decltype(sums)>, float>);
        sums(0) = 2.5f, sums(1) = -1, sums(2) = 300;
    };
    tensor<float, 1> whole{{3}};
    detail::fill_given<float>("a filter", whole, x, {}, fill);
    CHECK((whole(0) == 2.5f && whole(1) == -1 && whole(2) == 300));
    tensor<std::uint8_t, 1> bytes{{3}};
    detail::fill_given<float>("a filter", bytes, x, {.overflow = overflow::saturate}, fill);
    CHECK((bytes(0) == 2 && bytes(1) == 0 && bytes(2) == 255));

    tensor<float, 1> other{{2}};
    CHECK(message_of<shape_error>([&] { detail::fill_given<float>("a filter", other, x, {}, fill); }) ==
          "a filter: an output of shape (2,) where the result has (3,)");
    CHECK_THROWS_AS(detail::fill_given<float>("a filter", whole, whole, {}, fill), overlap_error);
}

TEST_CASE("along_axes: every axis's values are combined in the output, which may be any view", "[filter]") {
    tensor<int, 3> wide{{3, 2, 5}};
    const auto y = permute(slice(wide, all, all, range{1, 5}), {2, 0, 1});  // 4 x 3 x 2
    const auto index = [](auto& of_axis, int a) {
        for_each_index(as_view(of_axis).shape(), [&](index_list const& i) { of_axis(i) = static_cast<int>(i[a]); });
    };
    detail::over_axes(y, index, [](int l, int r) { return 10 * l + r; });
    for_each_index(y.shape(), [&](index_list const& i) { CHECK(y(i) == 100 * i[0] + 10 * i[1] + i[2]); });
    for (index_t i = 0; i < 3; ++i) CHECK((wide(i, 0, 0) == 0 && wide(i, 1, 0) == 0));

    tensor<double, 1> line{{6}};
    const auto every_other = slice(line, range{0, 6, 2});
    detail::length_over_axes(every_other, [](auto& slope, int) { slope(0) = -3, slope(1) = 0, slope(2) = 4; });
    CHECK((line(0) == 3 && line(1) == 0 && line(2) == 0 && line(4) == 4));
}
