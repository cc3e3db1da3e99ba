// tests/adapt/eigen_tensor.test.cpp -- Eigen's tensors show their own memory in either storage order, and convolve
#include <faltung/adapt/eigen_tensor.hpp>
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::samples;

namespace {

template <class Tensor>
void number(Tensor&& t) {
    for (int i = 0; i < t.dimension(0); ++i)
        for (int j = 0; j < t.dimension(1); ++j)
            for (int k = 0; k < t.dimension(2); ++k) t(i, j, k) = static_cast<float>(100 * i + 10 * j + k);
}

// 100 i + 10 j + k in row-major order, without a view.
tensor<float, 3> numbered(shape const& n) {
    tensor<float, 3> t(n);
    float* to = t.data();
    for (index_t i = 0; i < n[0]; ++i)
        for (index_t j = 0; j < n[1]; ++j)
            for (index_t k = 0; k < n[2]; ++k) *to++ = static_cast<float>(100 * i + 10 * j + k);
    return t;
}

}  // namespace

TEST_CASE("eigen tensor: both storage orders, uncopied", "[adapt]") {
    Eigen::Tensor<float, 3> columns(2, 3, 4);
    number(columns);
    CHECK(as_view(columns).data() == columns.data());
    CHECK(as_view(columns).shape() == shape{2, 3, 4});
    CHECK(as_view(columns).strides() == strides{1, 2, 6});
    CHECK(samples(columns) == samples(numbered({2, 3, 4})));
    as_view(columns)(1, 2, 3) = 7;
    CHECK(columns(1, 2, 3) == 7);

    Eigen::Tensor<float, 3, Eigen::RowMajor, int> rows(2, 3, 4);
    number(rows);
    CHECK(as_view(rows).data() == rows.data());
    CHECK(as_view(rows).strides() == strides{12, 4, 1});
    CHECK(samples(rows) == samples(numbered({2, 3, 4})));

    Eigen::TensorFixedSize<float, Eigen::Sizes<2, 3, 4>> fixed;
    number(fixed);
    CHECK(as_view(fixed).data() == fixed.data());
    CHECK(samples(fixed) == samples(numbered({2, 3, 4})));
}

TEST_CASE("eigen tensor: maps", "[adapt]") {
    std::vector<float> memory(6);
    std::iota(memory.begin(), memory.end(), 0.0f);
    const auto v = as_view(Eigen::TensorMap<Eigen::Tensor<float, 2>>(memory.data(), 2, 3));  // borrows
    CHECK(v.data() == memory.data());
    CHECK(samples(v) == std::vector<float>{0, 2, 4, 1, 3, 5});
    Eigen::TensorMap<Eigen::Tensor<float const, 2, Eigen::RowMajor>> shown(memory.data(), 3, 2);
    CHECK(samples(shown) == memory);
    CHECK(as_view(shown).shape() == shape{3, 2});
}

TEST_CASE("eigen tensor: who owns samples, and who shows them as const", "[adapt]") {
    using owner = Eigen::Tensor<double, 2>;
    STATIC_REQUIRE(view_traits<owner>::owns);
    STATIC_REQUIRE(view_traits<Eigen::TensorFixedSize<int, Eigen::Sizes<2>>>::owns);
    STATIC_REQUIRE_FALSE(view_traits<Eigen::TensorMap<owner>>::owns);
    STATIC_REQUIRE(std::is_same_v<view_of<owner&>, tensor_view<double, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<owner const&>, tensor_view<double const, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::TensorMap<owner>>, tensor_view<double, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::TensorMap<owner const>>, tensor_view<double const, 2>>);
    STATIC_REQUIRE(
        std::is_same_v<view_of<Eigen::TensorMap<Eigen::Tensor<double const, 1>>>, tensor_view<double const, 1>>);
    STATIC_REQUIRE_FALSE(viewable<Eigen::Tensor<std::string, 1>>);
}

TEST_CASE("eigen tensor: without a sample", "[adapt]") {
    Eigen::Tensor<float, 3> none(2, 0, 3);
    CHECK(as_view(none).shape() == shape{2, 0, 3});
}

TEST_CASE("eigen tensor: convolve takes tensors, and writes them", "[adapt]") {
    Eigen::Tensor<int, 1> x(3), h(2);
    x.setValues({1, 2, 3});
    h.setValues({1, 10});
    CHECK(samples(convolve(x, h)) == std::vector<std::int64_t>{1, 12, 23, 30});

    Eigen::Tensor<float, 3> volume(3, 4, 5);
    number(volume);
    Eigen::Tensor<float, 3, Eigen::RowMajor> kernel(2, 1, 3);
    number(kernel);
    const auto expected = convolve(numbered({3, 4, 5}), numbered({2, 1, 3}));
    CHECK(expected.shape() == shape{4, 4, 7});
    CHECK(samples(convolve(volume, kernel)) == samples(expected));
    Eigen::Tensor<float, 3> y(4, 4, 7);
    convolve_into(y, volume, kernel);
    CHECK(y(2, 1, 3) == expected(2, 1, 3));
    CHECK(samples(y) == samples(expected));
}
