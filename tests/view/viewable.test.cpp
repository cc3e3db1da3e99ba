// tests/view/viewable.test.cpp -- everything that as_view accepts, its shape, its constness and its memory
#include <faltung/view/viewable.hpp>

#include <complex>
#include <string>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::samples;

namespace {

struct strip {  // a foreign type, viewable through view_traits
    int values[3];
};

}  // namespace

template <>
struct faltung::view_traits<strip> {
    static constexpr bool owns = true;
    static constexpr auto make(auto& x) { return as_view(x.values); }
};

TEST_CASE("as_view: std::vector", "[view]") {
    std::vector<double> x{1, 2, 3};
    const auto v = as_view(x);
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(x)), tensor_view<double, 1>>);
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(std::as_const(x))), tensor_view<double const, 1>>);
    CHECK(v.data() == x.data());
    CHECK(v.shape() == shape{3});
    CHECK(samples(x) == x);
    CHECK(as_view(std::as_const(x))(2) == 3);
    std::vector<double> empty;
    CHECK(as_view(empty).count() == 0);
}

TEST_CASE("as_view: C arrays of any rank", "[view]") {
    int line[4] = {1, 2, 3, 4};
    CHECK(as_view(line).shape() == shape{4});
    int box[2][3][2] = {{{0, 1}, {2, 3}, {4, 5}}, {{6, 7}, {8, 9}, {10, 11}}};
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(box)), tensor_view<int, 3>>);
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(std::as_const(box))), tensor_view<int const, 3>>);
    CHECK(as_view(box).shape() == shape{2, 3, 2});
    CHECK(as_view(box).data() == &box[0][0][0]);
    CHECK(as_view(box)(1, 0, 1) == 7);
    CHECK(samples(box) == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    static constexpr float three[3] = {1, 2, 3};
    STATIC_REQUIRE(as_view(three)(1) == 2);
}

TEST_CASE("as_view: std::array, nested and mixed", "[view]") {
    static constexpr std::array<int, 3> line{4, 5, 6};
    STATIC_REQUIRE(as_view(line)(2) == 6);
    std::array<std::array<float, 3>, 2> nested{{{0, 1, 2}, {3, 4, 5}}};
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(nested)), tensor_view<float, 2>>);
    CHECK(as_view(nested).shape() == shape{2, 3});
    CHECK(samples(nested) == std::vector<float>{0, 1, 2, 3, 4, 5});
    as_view(nested)(1, 2) = 9;
    CHECK(nested[1][2] == 9);
    std::array<int[2], 2> mixed{{{1, 2}, {3, 4}}};
    CHECK(samples(mixed) == std::vector<int>{1, 2, 3, 4});
    const std::array<std::complex<float>, 1> numbers{std::complex<float>(1, 2)};
    CHECK(as_view(numbers)(0).imag() == 2);
    std::array<std::array<int, 0>, 2> no_columns;
    CHECK(as_view(no_columns).shape() == shape{2, 0});
    std::array<std::array<int, 2>, 0> no_rows;
    CHECK(as_view(no_rows).shape() == shape{0, 2});
}

TEST_CASE("as_view: what borrows may be a temporary", "[view]") {
    std::vector<int> memory{1, 2, 3, 4};
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(std::span<int>(memory))), tensor_view<int, 1>>);
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(std::span<int const>(memory))), tensor_view<int const, 1>>);
    CHECK(as_view(std::span<int, 2>(memory.data(), 2)).shape() == shape{2});
    CHECK(as_view(tensor_view<int, 2>(memory, {2, 2}))(1, 0) == 3);
    // A const span or view of mutable samples may still write them.
    const std::span<int> fixed(memory);
    as_view(fixed)(0) = 7;
    CHECK(memory[0] == 7);
}

TEST_CASE("as_view: tensor, and a type with its own view_traits", "[view]") {
    tensor<int, 2> t({1, 2}, {3, 4});
    CHECK(as_view(t).data() == t.data());
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(std::as_const(t))), tensor_view<int const, 2>>);
    strip s{{1, 2, 3}};
    as_view(s)(1) = 5;
    CHECK(samples(s) == std::vector<int>{1, 5, 3});
}

TEST_CASE("viewable: the concept, element_t and rank_of see through const and references", "[view]") {
    STATIC_REQUIRE(viewable<std::vector<float>>);
    STATIC_REQUIRE(viewable<std::vector<float> const&>);
    STATIC_REQUIRE(viewable<float const(&)[2][3]>);
    STATIC_REQUIRE_FALSE(viewable<float>);
    STATIC_REQUIRE_FALSE(viewable<float*>);
    STATIC_REQUIRE_FALSE(viewable<std::string>);
    STATIC_REQUIRE_FALSE(viewable<std::vector<std::vector<float>>>);
    STATIC_REQUIRE_FALSE(viewable<std::array<std::string, 2>>);
    STATIC_REQUIRE(std::is_same_v<element_t<std::vector<float> const&>, float>);
    STATIC_REQUIRE(std::is_same_v<element_t<std::span<float const>>, float>);
    STATIC_REQUIRE(std::is_same_v<view_of<std::span<float const>&>, tensor_view<float const, 1>>);
    STATIC_REQUIRE(rank_of<float[2][3]> == 2);
    STATIC_REQUIRE(rank_of<tensor<float, 4> const&> == 4);
}

namespace {
// What only reads during its own call: a temporary owner may come in.
template <viewable X>
double total(X const& x) {
    double sum = 0;
    for (auto v : samples(as_view(x))) sum += v;
    return sum;
}
}  // namespace

TEST_CASE("as_view: a temporary owner behind X const& is alive for the whole call", "[view]") {
    CHECK(total(std::vector<double>{1, 2, 3}) == 6);
    CHECK(total(tensor<double, 2>({2, 2}, {1, 2, 3, 4})) == 10);
}
