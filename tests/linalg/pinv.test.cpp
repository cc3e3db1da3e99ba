// tests/linalg/pinv.test.cpp -- pseudo-inverses against exact ones, the four identities, thresholds, and the gradient
#include <faltung/linalg/pinv.hpp>

#include <cstring>
#include <limits>

#include <faltung/view.hpp>

#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;

using testing::message_of;
using testing::product;
using testing::random_source;

namespace {

/// Numbers in double; those of float are exact in it.
template <class T>
using dense = detail::dense_matrix<T>;

/// Numbers of about 1.
template <class T>
dense<T> random_matrix(random_source& r, index_t m, index_t n) {
    dense<T> a(m, n);
    const auto number = [&] { return static_cast<double>(r.between(-1000000, 1000000)) / 1e6; };
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j)
            if constexpr (is_complex<T>)
                a(i, j) = {number(), number()};
            else
                a(i, j) = number();
    return a;
}

template <class T>
tensor<T, 3> batch_of(std::vector<dense<T>> const& list) {
    tensor<T, 3> a({static_cast<index_t>(list.size()), list.front().rows(), list.front().cols()});
    for_each_index(a.shape(),
                   [&](index_list const& i) { a(i) = convert<T>(list[static_cast<std::size_t>(i[0])](i[1], i[2])); });
    return a;
}

template <viewable X>
auto matrix_of(X const& x, index_t k) {
    return detail::dense_from<element_t<X>>(as_view(x), k);
}

/// The four identities of Moore and Penrose, to 100 u of the norms that meet in them; they make the inverse unique.
template <class T>
void require_identities(dense<T> const& a, dense<T> const& p) {
    const double u = static_cast<double>(testing::unit_roundoff<T>), in_a = a.norm(), in_p = p.norm();
    const dense<T> ap = product(a, p), pa = product(p, a);
    REQUIRE((product(ap, a) - a).norm() <= 100 * u * in_a * in_p * in_a);
    REQUIRE((product(pa, p) - p).norm() <= 100 * u * in_p * in_a * in_p);
    REQUIRE((ap - ap.adjoint()).norm() <= 100 * u * in_a * in_p);
    REQUIRE((pa - pa.adjoint()).norm() <= 100 * u * in_a * in_p);
}

/// As the batch will hold it.
template <class T>
dense<T> rounded(dense<T> const& a) {
    dense<T> to = a;
    for (index_t i = 0; i < a.rows(); ++i)
        for (index_t j = 0; j < a.cols(); ++j) to(i, j) = convert<typename dense<T>::Scalar>(convert<T>(a(i, j)));
    return to;
}

/// A matrix of so many singular values, from `largest` down to largest / condition.
template <class T>
dense<T> matrix_of_rank(random_source& r, index_t m, index_t n, index_t rank, double condition, double largest = 1) {
    const dense<T> u = testing::basis_of(random_matrix<T>(r, m, m));
    const dense<T> v = testing::basis_of(random_matrix<T>(r, n, n));
    dense<T> s = dense<T>::Zero(m, n);
    for (index_t k = 0; k < rank; ++k)
        s(k, k) = (largest *
                   std::pow(condition, -static_cast<double>(k) / static_cast<double>(std::max<index_t>(rank - 1, 1))));
    return product(product(u, s), dense<T>(v.adjoint()));
}

/// The closed form of two rows, in numbers of which the product keeps enough digits.
dense<double> wide_closed_form(dense<double> const& a) {
    testing::widest aa = 0, ab = 0, bb = 0;
    for (index_t j = 0; j < a.cols(); ++j) {
        const testing::widest x = a(0, j), y = a(1, j);
        aa += x * x;
        ab += x * y;
        bb += y * y;
    }
    dense<double> p(a.cols(), 2);
    for (index_t j = 0; j < a.cols(); ++j) {
        const testing::widest x = a(0, j), y = a(1, j), determinant = aa * bb - ab * ab;
        p(j, 0) = static_cast<double>((bb * x - ab * y) / determinant);
        p(j, 1) = static_cast<double>((aa * y - ab * x) / determinant);
    }
    return p;
}

}  // namespace

TEST_CASE("pinv: the matrices of a page of questions, strided", "[linalg]") {
    tensor<double, 3> a({2, 4, 3});  // sample (i, j) of matrix k is a(i, j, k) = 8 k + 4 i + j
    for_each_index(a.shape(), [&](index_list const& i) { a(i) = static_cast<double>(8 * i[2] + 4 * i[0] + i[1]); });
    const auto r = pinv(permute(a, {2, 0, 1}));
    CHECK(r.inverse.shape() == shape{3, 4, 2});
    const double first[4][2] = {{-.475, .175}, {-.2, .1}, {.075, .025}, {.35, -.05}};
    for (index_t i = 0; i < 4; ++i)
        for (index_t j = 0; j < 2; ++j) CHECK(std::fabs(r.inverse(0, i, j) - first[i][j]) <= 1e-14);
    for (index_t k = 0; k < 3; ++k) {
        CHECK(r.rank(k) == 2);
        const auto m = matrix_of(permute(a, {2, 0, 1}), k);
        CHECK((product(m, matrix_of(r.inverse, k)) - dense<double>::Identity(2, 2)).norm() <= 1e-13);
    }
}

TEMPLATE_TEST_CASE("pinv: the identities, of any shape and rank", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    random_source r(1);
    const std::array<index_t, 2> shapes[] = {{1, 1},   {2, 4},  {4, 2},   {3, 3},   {5, 1},
                                             {1, 6},   {7, 5},  {16, 9},  {31, 31}, {20, 64},
                                             {64, 64}, {70, 3}, {128, 8}, {130, 2}, {66, 65}};
    for (auto const& [m, n] : shapes) {
        const index_t least = std::min(m, n);
        std::vector<dense<TestType>> list;
        std::vector<index_t> ranks;
        for (index_t k = 0; k < 11; ++k) {  // matrices of several ranks side by side
            const index_t rank = k % 3 == 0 ? least : r.between(0, least);
            list.push_back(matrix_of_rank<TestType>(r, m, n, rank, k % 2 ? 10 : 1e3, k == 5 ? 1e9 : k == 6 ? 1e-9 : 1));
            ranks.push_back(rank);
        }
        const auto found = pinv(batch_of<TestType>(list), {.relative = 1e-5});
        for (std::size_t k = 0; k < list.size(); ++k) {
            INFO(m << " x " << n << " of rank " << ranks[k]);
            CHECK(found.rank(static_cast<index_t>(k)) == ranks[k]);
            // what counts as 0 leaves the identities, too: it is rounding here
            require_identities<TestType>(list[k], matrix_of(found.inverse, static_cast<index_t>(k)));
        }
    }
}

TEMPLATE_TEST_CASE("pinv: as near to the exact inverse as its condition allows", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    // of numbers (i + j choose i), whose inverse has integers, too
    using R = real_t<TestType>;
    for (index_t n : {2, 4, 6}) {
        Eigen::MatrixXd pascal(n, n), signs(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) {
                pascal(i, j) = i == 0 || j == 0 ? 1 : pascal(i - 1, j) + pascal(i, j - 1);
                double choose = i < j ? 0 : 1;  // i over j, with alternating signs: its own inverse
                for (index_t t = 0; t < j && i >= j; ++t)
                    choose *= static_cast<double>(i - t) / static_cast<double>(t + 1);
                signs(i, j) = j % 2 ? -choose : choose;
            }
        const Eigen::MatrixXd exact = product(Eigen::MatrixXd(signs.transpose()), signs);
        REQUIRE((product(pascal, exact) - Eigen::MatrixXd::Identity(n, n)).norm() == 0);
        const dense<TestType> a = pascal.template cast<typename dense<TestType>::Scalar>();
        const dense<TestType> wide = exact.template cast<typename dense<TestType>::Scalar>();
        const auto found = matrix_of(pinv(batch_of<TestType>({a, a, a})).inverse, 2);
        INFO(n);
        CHECK((found - wide).norm() <= 10 * pascal.norm() * exact.norm() *
                                           static_cast<double>(std::numeric_limits<R>::epsilon()) * exact.norm());
    }
}

TEST_CASE("pinv: what counts as 0", "[linalg]") {
    const auto diagonal = [](double a, double b) { return (dense<double>(2, 2) << a, 0, 0, b).finished(); };
    const auto a = batch_of<double>({diagonal(1, 1e-3), diagonal(100, 1e-3), diagonal(1e-3, 0), diagonal(0, 0)});
    const auto ranks = [&](pinv_options const& o) {
        const auto r = pinv(a, o);
        return std::vector<index_t>(r.rank.begin(), r.rank.end());
    };
    using list = std::vector<index_t>;
    CHECK(ranks({}) == list{2, 2, 1, 0});
    CHECK(ranks({.relative = 1e-4}) == list{2, 1, 1, 0});
    CHECK(ranks({.relative = 0}) == list{2, 2, 1, 0});
    CHECK(ranks({.relative = 1e-4, .scope = threshold_scope::batch}) == list{1, 1, 0, 0});
    CHECK(ranks({.relative = 1e-6, .scope = threshold_scope::batch}) == list{2, 2, 1, 0});
    CHECK(ranks({.relative = 0, .absolute = 1e-3}) == list{1, 1, 0, 0});  // above, not at
    CHECK(ranks({.relative = 0, .absolute = 0.9e-3}) == list{2, 2, 1, 0});
    CHECK(pinv(a, {.relative = 1e-4}).inverse(1, 0, 0) == Approx(0.01));
    CHECK(pinv(a, {.relative = 1e-4}).inverse(1, 1, 1) == 0);
    for (double v : pinv(a).inverse) CHECK(std::isfinite(v));
}

TEST_CASE("pinv: a threshold of the batch is one of the largest singular value, not of a bound", "[linalg]") {
    random_source r(7);
    std::vector<dense<double>> list;
    for (int k = 0; k < 20; ++k) list.push_back(matrix_of_rank<double>(r, 12, 9, 9, 1.5, 1 + 0.01 * k));
    list.push_back(matrix_of_rank<double>(r, 12, 9, 9, 100, 1.19));  // its least: 0.0119
    const auto ranks = [&](double relative) {
        return pinv(batch_of<double>(list), {.relative = relative, .scope = threshold_scope::batch}).rank(20);
    };
    CHECK(ranks(0.01 * (1 - 1e-9)) == 9);
    CHECK(ranks(0.01 * (1 + 1e-9)) == 8);
}

TEMPLATE_TEST_CASE("pinv: Hermitian matrices read from their lower triangles", "[linalg]", double,
                   std::complex<double>) {
    random_source r(3);
    std::vector<dense<TestType>> list, spoilt;
    for (index_t k = 0; k < 5; ++k) {
        const auto half = matrix_of_rank<TestType>(r, 6, 6, k == 3 ? 4 : 6, 10);
        list.push_back(product(half, dense<TestType>(half.adjoint())) -
                       dense<TestType>::Identity(6, 6) * (k == 3 ? 0.0 : 0.3));
        spoilt.push_back(list.back());
        for (index_t i = 0; i < 6; ++i)
            for (index_t j = i + 1; j < 6; ++j) spoilt.back()(i, j) = TestType(77);
    }
    const auto found = pinv(batch_of<TestType>(spoilt), {.is_hermitian = true});
    for (index_t k = 0; k < 5; ++k) {
        CHECK(found.rank(k) == (k == 3 ? 4 : 6));
        const auto p = matrix_of(found.inverse, k);
        require_identities<TestType>(list[static_cast<std::size_t>(k)], p);
        CHECK((p - p.adjoint()).norm() <= 1e-12 * p.norm());
    }
}

TEST_CASE("pinv: into strided memory, and nothing else is written", "[linalg]") {
    random_source r(4);
    std::vector<dense<float>> list;
    for (int k = 0; k < 9; ++k) list.push_back(matrix_of_rank<float>(r, 3, 2, k == 4 ? 1 : 2, 3));
    const auto a = batch_of<float>(list);
    tensor<float, 3> memory({2, 4, 9});
    for (float& v : memory) v = 77;
    const auto to = permute(slice(memory, all, range{0, 3}, all), {2, 0, 1});
    const auto rank = pinv_into(to, a);
    const auto expected = pinv(a);
    for_each_index(to.shape(), [&](index_list const& i) { CHECK(to(i) == expected.inverse(i)); });
    for (index_t k = 0; k < 9; ++k) {
        CHECK(rank(k) == (k == 4 ? 1 : 2));
        CHECK(memory(0, 3, k) == 77);
        CHECK(memory(1, 3, k) == 77);
    }
}

TEST_CASE("pinv: the closed form has no digit left where the pseudo-inverse has eight", "[linalg]") {
    random_source r(5);
    double of_pinv = 0, of_form = 0;  // the worst of some matrices
    for (int k = 0; k < 10; ++k) {
        const auto a = matrix_of_rank<double>(r, 2, 4, 2, 1e8);
        const dense<double> exact = wide_closed_form(a);
        const auto batch = batch_of<double>({a});
        of_pinv = std::max(of_pinv, (matrix_of(pinv(batch).inverse, 0) - exact).norm() / exact.norm());
        of_form = std::max(of_form, (matrix_of(closed_form_pinv(batch), 0) - exact).norm() / exact.norm());
    }
    CHECK(of_pinv <= 1e-7);
    CHECK(of_form >= 1e-2);
    const auto well = batch_of<double>({matrix_of_rank<double>(r, 4, 2, 2, 3)});
    CHECK((matrix_of(closed_form_pinv(well), 0) - matrix_of(pinv(well).inverse, 0)).norm() <= 1e-14);
    tensor<double, 3> singular({1, 2, 3}, {1, 2, 3, 2, 4, 6});
    CHECK(message_of<option_error>([&] { closed_form_pinv(singular); }) ==
          "closed_form_pinv: matrix 0 times its transpose has no inverse");
    const auto p = matrix_of(pinv(singular).inverse, 0);
    require_identities<double>(matrix_of(singular, 0), p);
}

TEMPLATE_TEST_CASE("pinv_adjoint: as finite differences of constant rank", "[linalg]", double, std::complex<double>) {
    using T = TestType;
    random_source r(6);
    for (index_t rank : {2, 4}) {
        const dense<T> left = random_matrix<T>(r, 5, rank), right = random_matrix<T>(r, rank, 4);
        const dense<T> a = product(left, right), g = random_matrix<T>(r, 4, 5);
        // a change that keeps the rank: of the factors
        const dense<T> d_left = random_matrix<T>(r, 5, rank), d_right = random_matrix<T>(r, rank, 4);
        const auto value = [&](double t) {
            const dense<T> moved = product(dense<T>(left + t * d_left), dense<T>(right + t * d_right));
            const auto p = matrix_of(pinv(batch_of<T>({moved}), {.relative = 1e-9}).inverse, 0);
            return std::real((g.conjugate().cwiseProduct(p)).sum());
        };
        const double step = 1e-5, difference = (value(step) - value(-step)) / (2 * step);
        const auto batch = batch_of<T>({a}), gradients = batch_of<T>({g});
        const auto found = matrix_of(pinv_adjoint(batch, pinv(batch, {.relative = 1e-9}).inverse, gradients), 0);
        const dense<T> d = product(d_left, right) + product(left, d_right);
        CHECK(std::real((found.conjugate().cwiseProduct(d)).sum()) == Approx(difference).epsilon(1e-6));
    }
}

TEST_CASE("pinv: what cannot be inverted", "[linalg]") {
    tensor<double, 3> a({2, 2, 3}), out({2, 3, 2}), wrong({2, 2, 3});
    CHECK(message_of<option_error>([&] { pinv(a, {.relative = -1}); }) ==
          "pinv: a relative threshold of -1 is not a number from 0 on");
    CHECK(message_of<option_error>([&] { pinv(a, {.relative = std::nan("")}); }) ==
          "pinv: a relative threshold of nan is not a number from 0 on");
    CHECK(message_of<option_error>([&] { pinv(a, {.absolute = -2}); }) ==
          "pinv: an absolute threshold of -2 is not a number from 0 on");
    CHECK(message_of<shape_error>([&] { pinv(a, {.is_hermitian = true}); }) ==
          "pinv: matrices of 2 x 3 samples are not Hermitian");
    CHECK(message_of<shape_error>([] {
              pinv(tensor<double, 3>({0, 65536, 70000}));
          }) == "pinv: matrices of 65536 x 70000 samples, and ranks up to 65535");
    CHECK(message_of<shape_error>([&] { pinv_into(wrong, a); }) ==
          "pinv: the pseudo-inverses of shape (2, 2, 3) have shape (2, 3, 2), the output has (2, 2, 3)");
    a(1, 0, 2) = std::numeric_limits<double>::infinity();
    for (double& v : out) v = 5;
    CHECK(message_of<option_error>([&] { pinv_into(out, a); }) == "pinv: the sample at (1, 0, 2) is not finite");
    for (double v : out) CHECK(v == 5);
    CHECK(message_of<option_error>([&] { closed_form_pinv(a); }) ==
          "closed_form_pinv: the sample at (1, 0, 2) is not finite");
    tensor<double, 3> square({2, 2, 2});
    CHECK_THROWS_AS(pinv_into(square, square), overlap_error);
    CHECK(pinv(tensor<double, 3>({0, 2, 3})).inverse.shape() == shape{0, 3, 2});
    CHECK(pinv(tensor<double, 3>({2, 0, 3})).rank(1) == 0);
}

TEMPLATE_TEST_CASE("pinv: one sample that is not finite, wherever it is", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using R = real_t<TestType>;
    random_source r(68);
    const shape shapes[] = {{1, 1}, {1, 5}, {5, 1}, {2, 2}, {2, 4}, {4, 2}, {3, 3}, {3, 6}, {9, 7}, {130, 2}};
    const R bad[] = {std::numeric_limits<R>::infinity(), -std::numeric_limits<R>::infinity(),
                     std::numeric_limits<R>::quiet_NaN()};
    for (shape const& n : shapes) {
        std::vector<dense<TestType>> list;
        for (int k = 0; k < 11; ++k)
            list.push_back(matrix_of_rank<TestType>(r, n[0], n[1], k == 3 ? 1 : std::min(n[0], n[1]), 10));
        const auto good = batch_of<TestType>(list);
        CHECK_NOTHROW(pinv(good));
        for (const index_t k : {0, 2, 3, 10})
            for (index_t at = 0; at < n[0] * n[1]; ++at) {
                const index_list i{k, at / n[1], at % n[1]};
                const std::string expected = text("pinv: the sample at ", i, " is not finite");
                for (const R v : bad)
                    for (const threshold_scope scope : {threshold_scope::matrix, threshold_scope::batch}) {
                        auto a = batch_of<TestType>(list);
                        a(i) = TestType(v);
                        CHECK(message_of<option_error>([&] { pinv(a, {.scope = scope}); }) == expected);
                        if constexpr (is_complex<TestType>) {
                            a(i) = TestType(1, v);
                            CHECK(message_of<option_error>([&] { pinv(a, {.scope = scope}); }) == expected);
                        }
                    }
            }
    }
}

TEST_CASE("pinv: a batch larger than the caches, whose inverses are stored past them", "[linalg]") {
    random_source r(67);
    const index_t n = 70000;
    tensor<double, 3> a({n, 2, 4});
    for (double& v : a) v = static_cast<double>(r.between(-1000000, 1000000)) / 1e6;
    a(n / 2, 0, 0) = a(n / 2, 0, 1) = a(n / 2, 0, 2) = a(n / 2, 0, 3) = 0;  // one of rank 1
    const auto whole = pinv(a);
    CHECK(whole.rank(n / 2) == 1);
    for (const index_t k : {index_t{0}, index_t{1}, n / 2 - 1, n / 2, n / 2 + 1, n - 2, n - 1}) {
        INFO("matrix " << k);
        require_identities<double>(matrix_of(a, k), matrix_of(whole.inverse, k));
    }
    const index_t some = 1000;  // those of a small batch are the same
    index_t different = 0;
    for (index_t first = 0; first < n; first += some) {
        const auto part = pinv(slice(a, range{first, first + some}, all, all));
        different += std::memcmp(part.inverse.data(), &whole.inverse(first, 0, 0),
                                 static_cast<std::size_t>(part.inverse.count()) * sizeof(double)) != 0;
    }
    CHECK(different == 0);
}
