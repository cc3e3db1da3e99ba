// tests/filter/edges.test.cpp -- edge magnitudes against the differences that define them
#include <faltung/filter/edges.hpp>

#include <faltung/view/copy.hpp>
#include <faltung/view/permute.hpp>
#include <faltung/view/slice.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::boundaries;
using testing::boundary_of;
using testing::message_of;
using testing::named_boundary;
using testing::small_tensor;

namespace {

/// The sum that defines it, in long double; the axes are rows and columns of a batch.
template <class X>
long double defined(tensor_view<X const, 3> const& x, index_list const& i, named_boundary const& edge) {
    const auto at = [&](index_t row, index_t column) -> long double {
        const index_t r = reference::walk(row, x.extent(1), edge.map);
        const index_t c = reference::walk(column, x.extent(2), edge.map);
        return r < 0 || c < 0 ? edge.rule.re : static_cast<long double>(x(i[0], r, c));
    };
    const long double dx = at(i[1], i[2] + 1) - at(i[1], i[2] - 1), dy = at(i[1] + 1, i[2]) - at(i[1] - 1, i[2]);
    return std::sqrt(dx * dx + dy * dy);
}

/// Differences round once, squares and their sum once each; a root halves a relative error and rounds once.
template <class T, class X>
void require_magnitude(tensor<T, 3> const& y, tensor_view<X const, 3> const& x, named_boundary const& edge) {
    REQUIRE(y.shape() == x.shape());
    for_each_index(x.shape(), [&](index_list const& i) {
        const long double expected = defined(x, i, edge);
        INFO(text(x.shape(), " at ", i, ": ", y(i), ", expected ", expected));
        REQUIRE(std::fabs(static_cast<long double>(y(i)) - expected) <=
                3.1L * std::numeric_limits<T>::epsilon() / 2 * expected);
    });
}

}  // namespace

TEMPLATE_TEST_CASE("edge_magnitude: every boundary and many sizes", "[filter]", float, double, long double) {
    testing::random_source random(81);
    for (auto const& edge : boundaries)
        for (shape const& n : {shape{2, 1, 1},
                               {2, 1, 5},
                               {2, 5, 1},
                               {1, 2, 2},
                               {3, 3, 3},
                               {2, 28, 28},
                               {1, 5, 67},
                               {1, 3, 4000},
                               {1, 400, 30}}) {
            const auto x = any_tensor<TestType, 3>(random, n);
            require_magnitude(edge_magnitude(x, {.boundary = edge.rule}), x.view(), edge);
        }
}

TEMPLATE_TEST_CASE("edge_magnitude: integers", "[filter]", std::uint8_t, std::int16_t, std::int32_t, bool) {
    testing::random_source random(82);
    const auto x = any_tensor<TestType, 3>(random, {2, 9, 21});
    const auto y = edge_magnitude(x);
    STATIC_REQUIRE(std::is_same_v<typename std::remove_cvref_t<decltype(y)>::value_type,
                                  std::conditional_t<(sizeof(TestType) > 2), double, float>>);
    require_magnitude(y, x.view(), boundary_of('s'));
}

TEST_CASE("edge_magnitude: views with other strides, on both sides", "[filter]") {
    testing::random_source random(83);
    const auto x = small_tensor<float, 3>(random, {12, 11, 4});
    const auto channels_first = permute(x, {2, 0, 1});
    tensor<float, 3> y({12, 11, 4});
    edge_magnitude_into(permute(y, {2, 0, 1}), channels_first);
    CHECK(testing::difference(copy(permute(y, {2, 0, 1})), edge_magnitude(copy(channels_first))) == "");

    const auto reversed = slice(x, range{11, -1, -2}, all, range{0, 3});
    tensor<float, 3> room({6, 11, 5});
    edge_magnitude_into(slice(room, all, all, range{1, 4}), reversed);
    CHECK(testing::difference(copy(slice(room, all, all, range{1, 4})), edge_magnitude(copy(reversed))) == "");
    for (index_t i = 0; i < 6; ++i) CHECK((room(i, 0, 0) == 0 && room(i, 0, 4) == 0));
}

TEST_CASE("edge_magnitude: every instruction set", "[filter]") {
    testing::random_source random(84);
    const auto x = small_tensor<float, 3>(random, {1, 7, 45});
    const float* lines[9];
    for (index_t r = 0; r < 9; ++r) lines[r] = &x(0, std::clamp<index_t>(r - 1, 0, 6), 0);
    for (auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (set > detail::best_instruction_set()) continue;
        tensor<float, 3> y({1, 7, 45});
        detail::versions<detail::squared_slopes<float>>::of(set)({lines, 7, 45, 0, 44, 0, y.data(), 45});
        for_each_index(y.shape(), [&](index_list const& i) {
            const long double expected = defined<float>(x.view(), i, boundary_of('s'));
            CHECK(y(i) == static_cast<float>(std::round(expected * expected)));  // small integers: exact
        });
    }
}

TEST_CASE("edge_magnitude: many images, rows side by side or apart, one column", "[filter]") {
    testing::random_source random(85);
    for (shape const& n : {shape{40, 170, 160}, shape{1100, 1000, 1}, shape{1050, 1, 1000}}) {  // 4 MiB and more
        const auto x = small_tensor<float, 3>(random, n);
        tensor<float, 3> apart({n[0], n[1], n[2] + 3});
        const auto y = edge_magnitude(x);
        edge_magnitude_into(slice(apart, all, all, range{0, n[2]}), x);
        index_t wrong = 0;
        for_each_index(n, [&](index_list const& i) {
            const auto expected = static_cast<float>(defined<float>(x.view(), i, boundary_of('s')));
            wrong += y(i) != expected || apart(i) != expected;
        });
        CHECK(wrong == 0);
    }
}

TEST_CASE("edge_magnitude: a NaN reaches its four neighbours alone", "[filter]") {
    tensor<float, 2> x({5, 40});
    x(2, 20) = std::numeric_limits<float>::quiet_NaN();
    const auto y = edge_magnitude(x);
    for_each_index(y.shape(), [&](index_list const& i) {
        const bool is_neighbour = std::abs(i[0] - 2) + std::abs(i[1] - 20) == 1;
        CHECK(std::isnan(y(i)) == is_neighbour);
    });
}

TEST_CASE("edge_magnitude: no pixels, and what is refused", "[filter]") {
    CHECK(edge_magnitude(tensor<float, 3>({0, 4, 4})).shape() == shape{0, 4, 4});
    CHECK(edge_magnitude(tensor<float, 3>({2, 0, 4})).shape() == shape{2, 0, 4});
    tensor<float, 2> x({3, 4}), y({4, 3});
    CHECK(message_of<shape_error>([&] { edge_magnitude_into(y, x); }) ==
          "edge_magnitude: an output of shape (4, 3) where the result has (3, 4)");
    CHECK(message_of<overlap_error>([&] { edge_magnitude_into(x, x); }) ==
          "edge_magnitude: the output overlaps the input; write into other memory, then copy");
    CHECK(message_of<option_error>([&] {
              (void)edge_magnitude(x, {.boundary = boundary::constant(std::complex<double>(0, 1))});
          }) == "edge_magnitude: the constant 0 + 1i beyond the ends of an input of type float");
    CHECK(message_of<option_error>([&] { (void)edge_magnitude(x, {.boundary = boundary::constant(1e300L)}); }) ==
          "edge_magnitude: the constant 1e+300 beyond the ends of an input of type float");
}

TEMPLATE_TEST_CASE("edge_magnitude: the same bits for any number of threads", "[filter][threads]", std::uint8_t, float,
                   double) {
    testing::random_source random(89);
    for (shape const& n : {shape{1, 1, 1}, {1, 700, 30}, {2, 100, 70}, {9, 5, 6}, {3, 2, 7000}}) {
        const auto x = any_tensor<TestType, 3>(random, n);
        for (auto const& edge : boundaries) {
            const auto one = edge_magnitude(x, {.boundary = edge.rule});
            for (int threads : {0, 2, 3, 5})
                REQUIRE(testing::difference(edge_magnitude(x, {.boundary = edge.rule, .threads = threads}), one) == "");
            auto turned = tensor<typename decltype(one)::value_type, 3>::uninitialized({n[2], n[0], n[1]});
            edge_magnitude_into(permute(turned.view(), {1, 2, 0}), x, {.boundary = edge.rule, .threads = 2});
            REQUIRE(testing::difference(copy(permute(turned, {1, 2, 0})), one) == "");
        }
    }
    CHECK(message_of<option_error>([] {
              (void)edge_magnitude(tensor<float, 2>{{2, 2}}, {.threads = -3});
          }) == "edge_magnitude: .threads = -3: 0 = all processors, or a number");
}
