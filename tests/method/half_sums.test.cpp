// tests/method/half_sums.test.cpp -- which kernels are summed in 16 bits, up to the edge of the range, and that the
// outputs are those of the defining sum
#include <faltung/method/half_sums.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"
#include "support/stored.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class Y>
using of_fractions = detail::types<std::uint8_t, float, float, Y>;
template <class Y>
using of_integers = detail::types<std::uint8_t, std::int16_t, std::int32_t, Y>;

problem three_by_three(char map = 'r', double constant = 0) {
    return problem_of({{50, 3, 1, 1, 1, 1, map, constant}, {90, 3, 1, 1, 1, 1, map, constant}});
}

template <class T>
std::optional<detail::half_kernel> found(problem const& p, std::vector<typename T::Weight> const& h) {
    return detail::find_half_kernel<T>(p, array_of(h.data(), p.taps()));
}

template <class W>
std::vector<W> outer(std::vector<double> const& column, std::vector<double> const& row) {
    std::vector<W> h;
    for (double c : column)
        for (double v : row) h.push_back(static_cast<W>(c * v));
    return h;
}

/// Every output by separable against the exact sum, rounded and stored.
template <class T>
void check_outputs(std::vector<reference::line> const& axes, std::vector<std::uint8_t> const& x,
                   std::vector<typename T::Weight> const& h) {
    problem p = problem_of(axes);
    const auto sums = reference::correlate<long double>(axes, x, h);  // exact: integers over a power of 2
    for (const overflow beyond : {overflow::wrap, overflow::saturate}) {
        p.store.overflow = beyond;
        for (const instruction_set s : instruction_sets()) {
            p.limits.instruction_set = s;
            const auto y = run_seam<T>(p, method::separable, x, h),
                       threaded = run_seam<T>(p, method::separable, x, h, 3);
            index_t wrong = 0;
            for (std::size_t o = 0; o < y.size(); ++o)
                wrong += y[o] != stored<typename T::Y>(sums[o], beyond, rounding::nearest_even);
            INFO(name_of(s) << " taps " << axes[0].taps << " x " << axes[1].taps << " n " << axes[0].n << " x "
                            << axes[1].n << " " << axes[0].map << axes[1].map);
            CHECK(wrong == 0);
            CHECK((threaded == y));
        }
    }
}

}  // namespace

TEST_CASE("half_sums: the range is used to its edge", "[method]") {
    const auto with = [](double positive, double negative) {
        return outer<std::int32_t>({1, 0, 0}, {positive, -negative, 0});
    };
    problem p = three_by_three();
    p.store.overflow = overflow::saturate;
    using T = of_integers<std::uint16_t>;
    CHECK(found<T>(p, with(257, 0))->range == detail::half_range::from_zero);  // 255 * 257 = 2^16 - 1
    CHECK(!found<T>(p, with(258, 0)));
    CHECK(found<T>(p, with(128, 128))->range == detail::half_range::around_zero);  // 255 * 128 = 2^15 - 128
    CHECK(!found<T>(p, with(129, 1)));
    CHECK(!found<T>(p, with(1, 129)));
    p.store.overflow = overflow::wrap;
    CHECK(found<T>(p, with(1000, 999)));
}

TEST_CASE("half_sums: fractions are integers over a power of two", "[method]") {
    using T = of_fractions<std::uint8_t>;
    const problem p = three_by_three();
    const auto smooth = outer<float>({0.25, 0.5, 0.25}, {0.25, 0.5, 0.25});
    CHECK(found<T>(p, smooth)->shift == 4);
    CHECK(found<T>(p, outer<float>({1, 2, 1}, {-1, 0, 1}))->shift == 0);
    CHECK(found<T>(p, outer<float>({0, 0, 0}, {0, 0, 0})));
    CHECK(found<T>(p, outer<float>({1, 0, 0}, {0x1p-15, 0, 0}))->shift == 15);
    CHECK(!found<T>(p, outer<float>({1, 0, 0}, {0x1p-16, 0, 0})));
    CHECK(!found<T>(p, outer<float>({1, 1, 1}, {0.1, 0.1, 0.1})));
    CHECK(!found<T>(p, outer<float>({1, 0, 0}, {1, 0x1p-15, 0})));  // 255 (2^15 + 1) does not fit
    auto no_product = smooth;
    no_product[0] = 0;
    CHECK(!found<T>(p, no_product));
}

TEST_CASE("half_sums: what continues a line has to be bytes, and rounding to be to nearest", "[method]") {
    using T = of_fractions<std::uint8_t>;
    const auto smooth = outer<float>({0.25, 0.5, 0.25}, {0.25, 0.5, 0.25});
    CHECK(found<T>(three_by_three('c', 255), smooth));
    CHECK(!found<T>(three_by_three('c', 256), smooth));
    CHECK(!found<T>(three_by_three('c', -1), smooth));
    CHECK(!found<T>(three_by_three('c', 0.5), smooth));
    problem p = three_by_three();
    p.store.rounding = rounding::toward_zero;
    CHECK(!found<T>(p, smooth));
}

TEST_CASE("half_sums: outputs at the ends of the range", "[method]") {
    const std::vector<reference::line> axes{{9, 3, 1, 1, 1, 1, 'e'}, {70, 5, 1, 1, 2, 2, 'e'}};
    for (const int grey : {0, 1, 254, 255}) {
        const std::vector<std::uint8_t> x(9 * 70, static_cast<std::uint8_t>(grey));
        check_outputs<of_integers<std::uint16_t>>(axes, x, outer<std::int32_t>({1, 0, 0}, {0, 0, 257, 0, 0}));
        check_outputs<of_integers<std::int16_t>>(axes, x, outer<std::int32_t>({0, 1, 0}, {0, 0, -128, 0, 0}));
        check_outputs<of_integers<std::int16_t>>(axes, x, outer<std::int32_t>({0, 1, 0}, {0, 0, 300, 0, 0}));
        check_outputs<of_fractions<std::uint8_t>>(axes, x, outer<float>({0.25, 0.5, 0.25}, {0, 4, 8, 4, 0}));
        check_outputs<of_fractions<std::uint8_t>>(axes, x, outer<float>({1, 0, 0}, {0x1p-15, 0, 0, 0, 0x1p-8}));
    }
}

TEST_CASE("half_sums: random pictures, kernels, boundaries, strides and dilations", "[method]") {
    random_source r(1);
    for (int i = 0; i < 60; ++i) {
        const auto line = [&](index_t most) {
            const index_t taps = r.between(2, 6);
            return reference::line{r.between(1, most),
                                   taps,
                                   1,
                                   r.between(1, 2),
                                   r.between(0, 9),
                                   r.between(0, 9),
                                   r.one_of({'z', 'c', 'e', 'r', 's', 'w'}),
                                   static_cast<double>(r.between(0, 255))};
        };
        std::vector<reference::line> axes{line(70), line(300)};
        axes[0].stride = r.between(1, 3);
        axes[1].n += 60;
        const auto taps = [&](index_t count) {
            std::vector<double> values;
            for (index_t t = 0; t < count; ++t) values.push_back(static_cast<double>(r.between(-2, 4)));
            return values;
        };
        const auto column = taps(axes[0].taps), row = taps(axes[1].taps);
        const auto x = r.many<std::uint8_t>(axes[0].n * axes[1].n);
        auto fractions = outer<float>(column, row);
        for (float& v : fractions) v /= 16;
        check_outputs<of_fractions<std::uint8_t>>(axes, x, fractions);
        check_outputs<of_fractions<std::int16_t>>(axes, x, fractions);
        check_outputs<of_integers<std::int16_t>>(axes, x, outer<std::int32_t>(column, row));
        check_outputs<of_integers<std::uint8_t>>(axes, x, outer<std::int32_t>(column, row));
    }
}
