// tests/method/product_terms.test.cpp -- kernels of known rank, exact to rounding, within a tolerance, and of integers
#include <faltung/method/product_terms.hpp>

#include <cmath>
#include <complex>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// The sum of `terms` products of random lines. Each line of a term is largest at its own tap, at the term's index:
/// no term is so small or so like the others that the sum could do without it.
template <class W>
std::vector<W> sum_of_products(random_source& r, shape const& n, index_t terms, double scale = 1) {
    using Wide = detail::with_complexity<long double, is_complex<W>>;
    std::vector<Wide> sum(static_cast<std::size_t>(checked::product(n, "taps")));
    for (index_t term = 0; term < terms; ++term) {
        std::vector<std::vector<W>> lines;
        for (index_t taps : n) {
            auto& line = lines.emplace_back(r.many_small<W>(taps));
            if (std::is_floating_point_v<real_t<W>>)
                for (W& v : line) v += r.any<W>() / real_t<W>(0x1p10);
            line[static_cast<std::size_t>(term % taps)] += W(32);
        }
        auto at = sum.begin();
        for_each_index(n, [&](index_list const& i) {
            Wide product(static_cast<long double>(scale));
            for (int a = 0; a < n.rank(); ++a)
                product *= convert<Wide>(lines[static_cast<std::size_t>(a)][static_cast<std::size_t>(i[a])]);
            *at++ += product;
        });
    }
    std::vector<W> h;
    for (Wide v : sum) h.push_back(convert<W>(v));
    return h;
}

/// max |h - sum of the terms' products|, in long double.
template <class W>
long double largest_miss(std::vector<W> const& h, detail::product_terms<W> const& terms) {
    using Wide = detail::with_complexity<long double, is_complex<W>>;
    long double largest = 0;
    auto at = h.begin();
    for_each_index(terms.taps, [&](index_list const& i) {
        Wide rest = convert<Wide>(*at++);
        for (index_t term = 0; term < terms.count; ++term) {
            Wide product(1);
            for (int a = 0; a < terms.taps.rank(); ++a) product *= convert<Wide>(terms.factor(term, a)[i[a]]);
            rest -= product;
        }
        largest = std::max<long double>(largest, std::abs(rest));
    });
    return largest;
}

template <class W>
auto terms_of(std::vector<W> const& h, shape const& n, double allowed) {
    return detail::find_terms(array_of<W const>(h.data(), n), allowed);
}

template <class W>
double absolute_sum(std::vector<W> const& h) {
    double sum = 0;
    for (W v : h) sum += static_cast<double>(std::abs(v));
    return sum;
}

}  // namespace

TEMPLATE_TEST_CASE("product_terms: as many terms as the kernel has, at any scale", "[method]", float, double,
                   long double, std::complex<float>, std::complex<double>) {
    random_source r(1);
    const double u = static_cast<double>(std::numeric_limits<real_t<TestType>>::epsilon()) / 2;
    for (const shape& n : {shape{5, 7}, shape{31, 31}, shape{1, 9, 6}, shape{80, 70}})
        for (index_t terms = 1; terms <= 4; ++terms)
            for (const double scale : {1.0, 1e-17, 1e17}) {
                const auto h = sum_of_products<TestType>(r, n, terms, scale);
                const double norm = absolute_sum(h);
                const auto found = terms_of(h, n, 8 * u * norm);
                INFO(n.rank() << " axes of " << n[0] << ", terms " << terms << " scale " << scale);
                REQUIRE(found);
                CHECK(found->count == terms);
                CHECK(found->residual <= 8 * u * norm);
                CHECK(static_cast<double>(largest_miss(h, *found)) <= found->residual * (1 + 1e-6));
                CHECK(found->norm_1 >= norm * (1 - 1e-6));
            }
}

TEST_CASE("product_terms: three axes, and axes of one tap", "[method]") {
    random_source r(2);
    for (const shape& n : {shape{4, 5, 6}, shape{3, 1, 4, 5}, shape{2, 3, 2, 3}}) {
        const auto h = sum_of_products<double>(r, n, 1);
        const auto found = terms_of(h, n, 0x1p-50 * absolute_sum(h));
        REQUIRE(found);
        CHECK(found->count == 1);
        const auto two = sum_of_products<double>(r, n, 2);
        const auto also = terms_of(two, n, 0x1p-50 * absolute_sum(two));
        REQUIRE(also);
        CHECK(static_cast<double>(largest_miss(two, *also)) <= 0x1p-50 * absolute_sum(two));
    }
}

TEST_CASE("product_terms: no few terms, then none", "[method]") {
    random_source r(3);
    const auto h = r.many<double>(31 * 31);
    CHECK_FALSE(terms_of(h, {31, 31}, 1e-12));
    const auto large = r.many<float>(200 * 300);
    CHECK_FALSE(terms_of(large, {200, 300}, 1e-6));
    // a 3 x 3 kernel has at most 3, which are not worth their 18 taps
    const auto small = r.many<double>(9);
    CHECK(terms_of(small, {3, 3}, 1e-14)->count == 3);
    CHECK_FALSE(detail::find_worthwhile_terms(array_of<double const>(small.data(), {3, 3}), 1e-14));
}

TEST_CASE("product_terms: within a tolerance fewer terms are enough, and what they leave out is told", "[method]") {
    random_source r(4);
    auto h = sum_of_products<double>(r, {15, 15}, 2);
    for (double& v : h) v += 1e-9 * r.any<double>() / 0x1p20;
    h[3] += 1e-6;
    const auto found = terms_of(h, {15, 15}, 1e-4);
    REQUIRE(found);
    CHECK(found->count == 2);
    CHECK(found->residual > 1e-8);
    CHECK(found->residual <= 1e-4);
}

TEST_CASE("product_terms: the lines of a term share its size", "[method]") {
    std::vector<float> h(9 * 9);
    for (std::size_t i = 0; i < h.size(); ++i)
        h[i] = 0x1p-120f * static_cast<float>(i / 9 + 1) * static_cast<float>(i % 9 + 1);
    const auto found = terms_of(h, {9, 9}, 0x1p-21 * absolute_sum(h));
    REQUIRE(found);
    for (int a = 0; a < 2; ++a) {
        double sum = 0;
        for (index_t t = 0; t < 9; ++t) sum += std::fabs(static_cast<double>(found->factor(0, a)[t]));
        CHECK(std::ilogb(sum) >= -56);  // 45 * 45 * 2^-120 = 2^-109.02
        CHECK(std::ilogb(sum) <= -54);
    }
}

TEST_CASE("product_terms: integers are one product exactly, or none", "[method]") {
    random_source r(5);
    for (int i = 0; i < 200; ++i) {
        const shape n{r.between(1, 5), r.between(1, 5), r.between(1, 3)};
        auto h = sum_of_products<std::int64_t>(r, n, 1);
        const auto found = terms_of(h, n, 0);
        REQUIRE(found);
        CHECK(largest_miss(h, *found) == 0);
    }
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    const std::vector<std::int64_t> sobel{1, 0, -1, 2, 0, -2, 1, 0, -1}, laplace{0, 1, 0, 1, -4, 1, 0, 1, 0}, zeros(9),
        high{lowest, 0, 2, 0}, last{1, lowest, 0, 0}, quotient_without_negative{-1, 0, lowest, 0};
    const auto found = terms_of(sobel, {3, 3}, 0);
    REQUIRE(found);
    CHECK(std::vector<std::int64_t>(found->factor(0, 0), found->factor(0, 0) + 6) ==
          std::vector<std::int64_t>{1, 2, 1, 1, 0, -1});
    CHECK_FALSE(terms_of(laplace, {3, 3}, 0));
    CHECK(largest_miss(zeros, *terms_of(zeros, {3, 3}, 0)) == 0);
    CHECK(largest_miss(high, *terms_of(high, {2, 2}, 0)) == 0);
    CHECK(largest_miss(last, *terms_of(last, {2, 2}, 0)) == 0);
    CHECK_FALSE(terms_of(quotient_without_negative, {2, 2}, 0));
}

TEST_CASE("product_terms: zeros and values near the end of the range", "[method]") {
    const std::vector<double> zeros(12, 0.0), huge(12, 1.7e308);
    const auto none = terms_of(zeros, {3, 4}, 0);
    REQUIRE(none);
    CHECK(none->count == 1);
    CHECK(none->residual == 0);
    CHECK_FALSE(terms_of(huge, {3, 4}, std::numeric_limits<double>::infinity()));
}
