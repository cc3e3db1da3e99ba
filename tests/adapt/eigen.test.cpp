// tests/adapt/eigen.test.cpp -- Eigen's matrices, arrays, blocks and maps show their own memory, and convolve
#include <faltung/adapt/eigen.hpp>
#include <faltung/convolve.hpp>

#include <complex>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::samples;

namespace {

template <class T>
using row_major_matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// 100 * row + column, through Eigen's own indices.
template <class Matrix>
Matrix numbered(Eigen::Index rows, Eigen::Index columns) {
    Matrix m(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < columns; ++j) m(i, j) = static_cast<typename Matrix::Scalar>(100 * i + j);
    return m;
}

// A copy that knows nothing of the view.
template <class Matrix>
auto copied(Matrix const& m) {
    tensor<typename Matrix::Scalar, 2> t({m.rows(), m.cols()});
    for (Eigen::Index i = 0; i < m.rows(); ++i)
        for (Eigen::Index j = 0; j < m.cols(); ++j) t(i, j) = m(i, j);
    return t;
}

template <class Matrix>
void check_shows(Matrix&& m) {
    const auto v = as_view(m);
    CHECK(v.shape() == shape{m.rows(), m.cols()});
    CHECK(samples(v) == samples(copied(m)));
}

// As y(o) = sum of x(o - t) h(t) over the row: written out by hand.
const Eigen::RowVector2f pair{1, 10};

struct named_matrix : Eigen::Matrix2f {
    using Eigen::Matrix2f::Matrix2f;
};

}  // namespace

TEST_CASE("eigen: a matrix in either storage order, uncopied", "[adapt]") {
    auto columns = numbered<Eigen::MatrixXf>(3, 4);
    CHECK(as_view(columns).data() == columns.data());
    CHECK(as_view(columns).strides() == strides{1, 3});
    check_shows(columns);

    auto rows = numbered<row_major_matrix<double>>(3, 4);
    CHECK(as_view(rows).data() == rows.data());
    CHECK(as_view(rows).strides() == strides{4, 1});
    check_shows(rows);

    auto array = numbered<Eigen::ArrayXXi>(2, 5);
    CHECK(as_view(array).data() == array.data());
    check_shows(array);

    Eigen::Matrix<std::int8_t, 2, 3> fixed = numbered<Eigen::Matrix<std::int8_t, 2, 3>>(2, 3);
    check_shows(fixed);

    as_view(columns)(2, 3) = 7;
    CHECK(columns(2, 3) == 7);
}

TEST_CASE("eigen: samples of other types", "[adapt]") {
    Eigen::Matrix<bool, 2, 2> flags;
    flags << true, false, false, false;
    CHECK(as_view(flags)(0, 0));
    CHECK_FALSE(as_view(flags)(1, 0));
    Eigen::MatrixXcd numbers(1, 2);
    numbers << std::complex<double>(1, 2), std::complex<double>(3, 4);
    CHECK(as_view(numbers)(0, 1) == std::complex<double>(3, 4));
    STATIC_REQUIRE_FALSE(viewable<Eigen::Matrix<Eigen::half, 2, 2>>);
    STATIC_REQUIRE_FALSE(viewable<Eigen::DiagonalMatrix<float, 3>>);
}

TEST_CASE("eigen: what is a vector at compile time has one axis", "[adapt]") {
    Eigen::VectorXf column(3);
    column << 1, 2, 3;
    STATIC_REQUIRE(std::is_same_v<decltype(as_view(column)), tensor_view<float, 1>>);
    CHECK(as_view(column).data() == column.data());
    CHECK(samples(column) == std::vector<float>{1, 2, 3});
    Eigen::RowVector3d row(4, 5, 6);
    STATIC_REQUIRE(rank_of<Eigen::RowVector3d> == 1);
    CHECK(samples(row) == std::vector<double>{4, 5, 6});
    CHECK(samples(row.transpose()) == std::vector<double>{4, 5, 6});
    Eigen::Array4i array(1, 2, 3, 4);
    CHECK(samples(array.tail(2)) == std::vector<int>{3, 4});
    Eigen::Matrix<float, 1, 1> one(9.0f);
    CHECK(samples(one) == std::vector<float>{9});
    // A matrix that happens to have one column at run time stays a matrix.
    CHECK(as_view(Eigen::Map<Eigen::MatrixXf>(column.data(), 3, 1)).shape() == shape{3, 1});

    auto m = numbered<Eigen::MatrixXf>(3, 4);
    CHECK(as_view(m.row(1)).strides() == strides{3});
    CHECK(samples(m.row(1)) == std::vector<float>{100, 101, 102, 103});
    CHECK(as_view(m.col(2)).strides() == strides{1});
    CHECK(samples(m.col(2)) == std::vector<float>{2, 102, 202});
    CHECK(samples(m.diagonal()) == std::vector<float>{0, 101, 202});
    CHECK(samples(m.diagonal(1)) == std::vector<float>{1, 102, 203});
    CHECK(as_view(m.diagonal(-1)).data() == &m(1, 0));
}

TEST_CASE("eigen: parts of a matrix in place", "[adapt]") {
    auto m = numbered<Eigen::MatrixXf>(5, 6);
    const auto block = as_view(m.block(1, 2, 3, 4));  // a temporary that only borrows
    CHECK(block.data() == &m(1, 2));
    CHECK(block.strides() == strides{1, 5});
    CHECK(block(2, 3) == 305);
    check_shows(m.block<2, 2>(3, 0));
    check_shows(m.topRightCorner(2, 3).bottomRows(1));
    check_shows(m.block(1, 1, 3, 3).transpose());
    CHECK(as_view(m.transpose()).data() == m.data());
    check_shows(m.block(1, 1, 3, 3).array());
    auto array = numbered<Eigen::ArrayXXf>(2, 3);
    CHECK(as_view(array.matrix()).data() == array.data());

    auto rows = numbered<row_major_matrix<float>>(5, 6);
    CHECK(as_view(rows.block(1, 2, 3, 4)).strides() == strides{6, 1});
    check_shows(rows.block(1, 2, 3, 4));
}

TEST_CASE("eigen: the real and the imaginary part of a complex matrix in place", "[adapt]") {
    Eigen::MatrixXcf m(2, 3);
    for (Eigen::Index i = 0; i < 2; ++i)
        for (Eigen::Index j = 0; j < 3; ++j)
            m(i, j) = {static_cast<float>(10 * i + j), static_cast<float>(-10 * i - j - 1)};
    auto real = m.real();
    CHECK(as_view(real).data() == reinterpret_cast<float*>(m.data()));
    CHECK(as_view(real).strides() == strides{2, 4});
    CHECK(samples(m.real()) == std::vector<float>{0, 1, 2, 10, 11, 12});
    CHECK(samples(m.imag()) == std::vector<float>{-1, -2, -3, -11, -12, -13});
    CHECK(samples(m.block(0, 1, 2, 2).imag()) == std::vector<float>{-2, -3, -12, -13});
    as_view(m.block(0, 1, 2, 2).imag())(1, 1) = 5;
    CHECK(m(1, 2) == std::complex<float>(12, 5));
}

TEST_CASE("eigen: maps with any strides, and references", "[adapt]") {
    std::vector<float> memory(24);
    std::iota(memory.begin(), memory.end(), 0.0f);

    Eigen::Map<Eigen::MatrixXf, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> spread(
        memory.data() + 1, 2, 3, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(8, 2));
    CHECK(as_view(spread).data() == memory.data() + 1);
    CHECK(as_view(spread).strides() == strides{2, 8});
    CHECK(samples(spread) == std::vector<float>{1, 9, 17, 3, 11, 19});

    Eigen::Map<row_major_matrix<float>, 0, Eigen::OuterStride<>> padded(memory.data(), 3, 4, Eigen::OuterStride<>(6));
    CHECK(samples(padded) == std::vector<float>{0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14, 15});

    Eigen::Map<Eigen::VectorXf, 0, Eigen::InnerStride<3>> every_third(memory.data(), 4);
    CHECK(samples(every_third) == std::vector<float>{0, 3, 6, 9});
    Eigen::Map<Eigen::RowVectorXf, 0, Eigen::InnerStride<>> every_fifth(memory.data(), 3, Eigen::InnerStride<>(5));
    CHECK(samples(every_fifth) == std::vector<float>{0, 5, 10});

    auto m = numbered<Eigen::MatrixXf>(4, 4);
    Eigen::Ref<Eigen::MatrixXf> reference(m.topLeftCorner(2, 3));
    CHECK(as_view(reference).data() == m.data());
    CHECK(as_view(reference).strides() == strides{1, 4});
    const Eigen::Ref<Eigen::MatrixXf const> shown(m.bottomRows(2));
    CHECK(as_view(shown).data() == &m(2, 0));
    // This one had to copy, so the samples are its own.
    const Eigen::Ref<Eigen::MatrixXf const> evaluated(m + m);
    CHECK(as_view(evaluated)(1, 2) == 204);
}

TEST_CASE("eigen: who owns samples, and who shows them as const", "[adapt]") {
    STATIC_REQUIRE(view_traits<Eigen::MatrixXf>::owns);
    STATIC_REQUIRE(view_traits<Eigen::Array3d>::owns);
    STATIC_REQUIRE(view_traits<named_matrix>::owns);
    STATIC_REQUIRE(view_traits<Eigen::Ref<Eigen::MatrixXf const>>::owns);
    STATIC_REQUIRE_FALSE(view_traits<Eigen::Ref<Eigen::MatrixXf>>::owns);
    STATIC_REQUIRE_FALSE(view_traits<Eigen::Map<Eigen::MatrixXf>>::owns);
    STATIC_REQUIRE_FALSE(view_traits<Eigen::Block<Eigen::MatrixXf>>::owns);
    STATIC_REQUIRE_FALSE(view_traits<Eigen::Transpose<Eigen::MatrixXf>>::owns);

    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::MatrixXf&>, tensor_view<float, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::MatrixXf const&>, tensor_view<float const, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::Map<Eigen::VectorXd const>>, tensor_view<double const, 1>>);
    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::Block<Eigen::MatrixXf>>, tensor_view<float, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::Block<Eigen::MatrixXf const> const>, tensor_view<float const, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<Eigen::Ref<Eigen::MatrixXf const>>, tensor_view<float const, 2>>);
    STATIC_REQUIRE(std::is_same_v<view_of<named_matrix&>, tensor_view<float, 2>>);
    named_matrix named;
    named << 1, 2, 3, 4;
    CHECK(as_view(named)(1, 0) == 3);
}

TEST_CASE("eigen: matrices without a sample", "[adapt]") {
    Eigen::MatrixXf none;
    CHECK(as_view(none).shape() == shape{0, 0});
    Eigen::MatrixXcf no_columns(3, 0);
    CHECK(as_view(no_columns).shape() == shape{3, 0});
    CHECK(as_view(no_columns.real()).shape() == shape{3, 0});
    CHECK(as_view(no_columns.diagonal()).count() == 0);
    Eigen::VectorXf empty;
    CHECK(as_view(empty).shape() == shape{0});
}

TEST_CASE("eigen: convolve takes what Eigen shows", "[adapt]") {
    Eigen::Matrix2f x;
    x << 1, 2, 3, 4;
    Eigen::MatrixXf h(1, 2);
    h << 1, 10;
    CHECK(samples(convolve(x, h)) == std::vector<float>{1, 12, 20, 3, 34, 40});
    CHECK(samples(convolve(x.row(1), pair)) == std::vector<float>{3, 34, 40});
    CHECK(samples(convolve(Eigen::Matrix2f(x + x), h)) == std::vector<float>{2, 24, 40, 6, 68, 80});

    const auto m = numbered<Eigen::MatrixXf>(6, 7);
    const auto kernel = numbered<row_major_matrix<float>>(2, 3);
    const auto expected = samples(convolve(copied(m.block(1, 1, 3, 4)), copied(kernel)));
    CHECK(expected.size() == 4 * 6);
    CHECK(samples(convolve(m.block(1, 1, 3, 4), kernel)) == expected);
    CHECK(samples(convolve(row_major_matrix<float>(m).block(1, 1, 3, 4), kernel)) == expected);
    CHECK(samples(convolve(m.block(1, 1, 3, 4), Eigen::MatrixXf(kernel))) == expected);
}

TEST_CASE("eigen: convolve_into writes a matrix, a block and a map in place", "[adapt]") {
    Eigen::RowVector3f x(1, 2, 3);
    auto m = numbered<Eigen::MatrixXf>(3, 6);
    convolve_into(m.row(1).segment(1, 4), x, pair);
    Eigen::MatrixXf expected = numbered<Eigen::MatrixXf>(3, 6);
    expected.row(1) << 100, 1, 12, 23, 30, 105;
    CHECK(m == expected);

    std::vector<float> memory(8, -1.0f);
    convolve_into(Eigen::Map<Eigen::VectorXf, 0, Eigen::InnerStride<2>>(memory.data(), 4), x, pair);
    CHECK(memory == std::vector<float>{1, -1, 12, -1, 23, -1, 30, -1});
}
