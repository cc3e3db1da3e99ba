// tests/method/separable.test.cpp -- products of lines by rings of rows: every split, level and layout, and what is
// refused
#include <faltung/convolve.hpp>

#include <cmath>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// The product of lines of 0 and powers of two, so that factors and sums are exact.
template <class T>
std::vector<T> product_of(random_source& r, shape const& n) {
    std::vector<std::vector<T>> lines;
    for (index_t taps : n) {
        auto& line = lines.emplace_back();
        for (index_t t = 0; t < taps; ++t) line.push_back(static_cast<T>(r.one_of({-4, -2, -1, 0, 1, 2, 4})));
    }
    std::vector<T> h;
    for_each_index(n, [&](index_list const& i) {
        T product(1);
        for (int a = 0; a < n.rank(); ++a)
            product *= lines[static_cast<std::size_t>(a)][static_cast<std::size_t>(i[a])];
        h.push_back(product);
    });
    return h;
}

template <class T>
void check_exact(std::vector<reference::line> const& axes, random_source& r) {
    problem p = problem_of(axes);
    const auto x = r.many_small<typename T::X>(checked::product(p.inputs(), "samples"));
    const auto h = product_of<typename T::Weight>(r, p.taps());
    const auto want = reference::correlate<typename T::Acc>(axes, x, h);
    for (const instruction_set s : instruction_sets()) {
        p.limits.instruction_set = s;
        INFO("on " << name_of(s) << " first axis " << axes[0].n << " taps " << axes[0].taps << " stride "
                   << axes[0].stride << " dilation " << axes[0].dilation);
        CHECK((run_seam<T>(p, method::separable, x, h) == want));
        CHECK((run_seam<T>(p, method::separable, x, h, 3) == want));
    }
}

tensor<float, 2> filled(shape const& n, float value) {
    tensor<float, 2> x(n);
    std::fill_n(x.data(), x.count(), value);
    return x;
}

using floats = detail::types<float, float, float, float>;

}  // namespace

TEST_CASE("separable: strides, dilations and boundaries along every axis", "[method]") {
    random_source r(1);
    for (int i = 0; i < 300; ++i) {
        const auto line = [&](index_t most) {
            return reference::line{r.between(1, most),
                                   r.between(1, 7),
                                   r.between(1, 5),
                                   r.between(1, 4),
                                   r.between(0, 9),
                                   r.between(0, 9),
                                   r.one_of({'z', 'c', 'e', 'r', 's', 'w'}),
                                   2};
        };
        std::vector<reference::line> axes{line(40), line(90)};
        if (r.percent(30)) axes.insert(axes.begin(), line(9));
        if (r.percent(10)) axes.insert(axes.begin(), line(4));
        check_exact<floats>(axes, r);
    }
}

TEST_CASE("separable: rows longer than a piece, more rows than a strip, rings longer than the rows", "[method]") {
    random_source r(2);
    check_exact<floats>({{70, 5, 1, 1, 2, 2, 'r'}, {9000, 3, 1, 1, 1, 1, 'w'}}, r);
    check_exact<floats>({{12, 61, 1, 1, 30, 30, 's'}, {4100, 3, 1, 1, 1, 1, 'c', 3}}, r);
    check_exact<floats>({{3, 9, 1, 1, 4, 4, 'z'}, {17, 5, 1, 1, 2, 2, 'z'}}, r);
    check_exact<floats>({{60, 7, 1, 1, 3, 3, 'e'}, {70, 9, 1, 1, 4, 4, 'e'}, {300, 5, 1, 1, 2, 2, 'e'}}, r);
    check_exact<floats>({{6, 3, 1, 1, 1, 1, 'r'}, {90, 25, 1, 1, 12, 12, 'r'}, {2000, 3, 1, 1, 1, 1, 'r'}}, r);
}

TEST_CASE("separable: lines that begin before their samples, for every place of the first one", "[method]") {
    random_source r(12);
    for (index_t low = 0; low <= 40; ++low) {
        const index_t n = 250 + r.between(0, 40);
        const reference::line rows{r.between(8, 11), 3, 1, 1, 1, 1, 'r'}, last{n,
                                                                               r.between(2, 12),
                                                                               1,
                                                                               r.between(1, 3),
                                                                               low,
                                                                               r.between(0, 40),
                                                                               r.one_of({'z', 'c', 'e', 'r', 's', 'w'}),
                                                                               2};
        check_exact<floats>({rows, last}, r);
        check_exact<detail::types<double, double, double, double>>({rows, last}, r);
    }
}

TEST_CASE("separable: one line per axis, of which some have one tap", "[method]") {
    random_source r(3);
    check_exact<floats>({{20, 1, 1, 1, 0, 0, 'z'}, {33, 1, 1, 1, 0, 0, 'z'}}, r);
    check_exact<floats>({{20, 5, 1, 1, 2, 2, 'r'}, {64, 1, 1, 1, 0, 0, 'z'}}, r);
    check_exact<floats>({{20, 5, 1, 1, 2, 2, 'r'}, {63, 1, 1, 1, 0, 0, 'z'}}, r);
    check_exact<floats>({{20, 5, 2, 1, 2, 2, 'r'}, {64, 1, 2, 1, 3, 1, 's'}}, r);
    check_exact<floats>({{20, 1, 2, 1, 1, 0, 'e'}, {64, 5, 1, 1, 2, 2, 'z'}}, r);
    check_exact<floats>({{5, 3, 1, 1, 1, 1, 'w'}, {7, 1, 1, 1, 0, 0, 'z'}, {40, 3, 1, 1, 1, 1, 'w'}}, r);
    check_exact<floats>({{300, 5, 1, 1, 2, 2, 'w'}}, r);
}

TEST_CASE("separable: other element types", "[method]") {
    random_source r(4);
    const std::vector<reference::line> axes{{13, 3, 1, 2, 2, 2, 'r'}, {50, 5, 1, 1, 2, 2, 'e'}};
    check_exact<detail::types<double, double, double, double>>(axes, r);
    check_exact<detail::types<std::int64_t, std::int64_t, std::int64_t, std::int64_t>>(axes, r);
    check_exact<detail::types<std::uint8_t, std::int16_t, std::int32_t, std::int32_t>>(axes, r);
    check_exact<detail::types<std::uint8_t, float, float, float>>(axes, r);
    check_exact<detail::types<long double, long double, long double, long double>>(axes, r);
}

TEST_CASE("separable: any split of the grains gives the same bits", "[method]") {
    random_source r(5);
    problem p = problem_of({{70, 5, 1, 2, 4, 4, 'r'}, {50, 5, 1, 1, 2, 2, 'w'}});
    const auto x = r.many<float>(70 * 50), h = product_of<float>(r, {5, 5});
    p.types.accumulator = element::float32;
    p.kernel.terms = 1;
    p.kernel.norm_1 = 1e6;
    p.limits.instruction_set = detail::best_instruction_set();
    const auto ready = detail::separable::prepare<floats>(p, array_of(h.data(), {1, 1, 5, 5}), nullptr);
    const buffer<std::byte> scratch(detail::separable::workspace<floats>(p));
    const index_t grains = detail::separable::grains(p);
    REQUIRE(grains == 3);
    std::vector<float> want;
    for (index_t each = grains; each >= 1; --each) {
        std::vector<float> y(x.size(), -1);
        for (index_t first = 0; first < grains; first += each)
            detail::separable::run<floats>(p, ready, array_of(x.data(), {1, 70, 50}), array_of(y.data(), {1, 70, 50}),
                                           scratch.data(), {first, std::min(first + each, grains)});
        if (want.empty()) want = y;
        CHECK((y == want));
    }
}

TEST_CASE("separable: a kernel of several terms is within its certified error", "[method]") {
    random_source r(6);
    for (index_t terms = 1; terms <= 4; ++terms) {
        const std::vector<reference::line> axes{{40, 13, 1, 1, 6, 6, 'r'}, {70, 11, 1, 1, 5, 5, 'r'}};
        std::vector<float> h(13 * 11);
        for (index_t term = 0; term < terms; ++term) {
            const auto column = r.many<float>(13), row = r.many<float>(11);
            for (std::size_t i = 0; i < h.size(); ++i) h[i] += column[i / 11] * row[i % 11];
        }
        const tensor<float, 2> x = any_tensor<float, 2>(r, {40, 70});
        const tensor_view<float const, 2> kernel(std::span<float const>(h), {13, 11});
        const convolve_options o{
            .padding = {6, 5}, .boundary = boundary::reflect, .method = method::separable, .tolerance = 1e-3};
        const auto y = correlate(x, kernel, o);
        const auto want =
            reference::correlate<long double>(axes, std::vector<float>(x.data(), x.data() + x.count()), h);
        long double square = 0, x_square = 0, h_square = 0;
        for (index_t i = 0; i < y.count(); ++i) {
            const long double e = static_cast<long double>(y.data()[i]) - want[static_cast<std::size_t>(i)];
            square += e * e;
        }
        for (index_t i = 0; i < x.count(); ++i) x_square += static_cast<long double>(x.data()[i]) * x.data()[i];
        for (float v : h) h_square += static_cast<long double>(v) * v;
        CHECK(std::sqrt(square) <= 1e-3L * std::sqrt(x_square * h_square));  // |x~| is even larger
        CHECK(std::sqrt(square) <= 1e-5L * std::sqrt(x_square * h_square));
    }
}

TEST_CASE("separable: automatic takes it for a kernel of one product, and says why not for others", "[method]") {
    random_source r(7);
    const auto x = filled({400, 400}, 1.0f);
    auto h = filled({15, 15}, 1.0f);
    CHECK(convolver<float>{x.shape(), h, {}}.method() == method::separable);
    h(3, 4) = 2;  // two products, whose bound is smaller than that of so many taps at once
    CHECK(convolver<float>{x.shape(), h, {.tolerance = 1e-4}}.method() == method::separable);
    const auto any = any_tensor<float, 2>(r, {15, 15});
    CHECK(message_of<unsupported_error>([&] { convolve(x, any, {.method = method::separable}); }) ==
          "convolve: no method is left: separable: its kernel (15, 15) is no sum of few products of one line per axis");
    CHECK(explain(x, any, {}).find("separable: its kernel") != std::string::npos);
    CHECK(convolver<float>{x.shape(), any, {.tolerance = 1e-3}}.method() != method::separable);
}

TEST_CASE("separable: finite input gives finite sums wherever direct does", "[method]") {
    // factors of unlike size would overflow in between, or fall below the smallest number
    for (const float scale : {0x1p-120f, 0x1p-60f, 1.0f, 0x1p60f}) {
        auto h = filled({5, 5}, 0), x = filled({20, 30}, 1.0f / scale);
        for (index_t i = 0; i < 5; ++i)
            for (index_t j = 0; j < 5; ++j) h(i, j) = scale * static_cast<float>((i + 1) * (j + 2));
        for (index_t i = 0; i < 20; ++i) x(i, i) = 3.0f / scale;
        const auto y = convolve(x, h, {.method = method::separable}), want = convolve(x, h, {.method = method::direct});
        for (index_t i = 0; i < y.count(); ++i)
            CHECK(std::fabs(y.data()[i] - want.data()[i]) <= 1e-5f * std::fabs(want.data()[i]));
    }
}
