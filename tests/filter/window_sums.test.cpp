// tests/filter/window_sums.test.cpp -- windows against the walk of the reference, and sums within what is said of them
#include <faltung/filter/window_sums.hpp>

#include <cmath>
#include <limits>
#include <set>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;

using testing::boundaries;
using testing::boundary_of;
using testing::named_boundary;

namespace {

struct window {
    index_t n, taps, stride, dilation, low, high;
};

struct both {
    problem of_library;
    std::vector<reference::line> of_reference;
    both(std::vector<window> const& axes, std::vector<named_boundary> const& edges) {
        for (std::size_t a = 0; a < axes.size(); ++a) {
            window const& w = axes[a];
            axis k;
            k.n = w.n;
            k.taps = w.taps;
            k.window_stride = w.stride;
            k.dilation = w.dilation;
            k.low = w.low;
            k.high = w.high;
            k.edge = edges[a].rule;
            of_library.push_back(k);
            of_reference.push_back({w.n, w.taps, w.stride, w.dilation, w.low, w.high, edges[a].map, edges[a].rule.re});
        }
    }
};

/// (output, tap, sample or -1, axis of the constant or -1); a zero boundary has no part in it.
using sample = std::array<index_t, 4>;

std::set<sample> expected(both const& p) {
    std::set<sample> all;
    reference::for_each_term(
        p.of_reference, [&](std::size_t o, std::size_t t, std::size_t i, reference::line const* outside) {
            if (outside && outside->map == 'z') return;
            all.insert({static_cast<index_t>(o), static_cast<index_t>(t), outside ? -1 : static_cast<index_t>(i),
                        outside ? outside - p.of_reference.data() : -1});
        });
    return all;
}

template <class T>
std::vector<T> magnitudes(tensor<T, 2> const& x) {
    std::vector<T> list;
    for (T v : x) list.push_back(std::fabs(v));
    return list;
}

}  // namespace

TEST_CASE("window_samples: those of the reference, once each", "[filter]") {
    const std::vector<std::vector<window>> problems{{{5, 3, 1, 1, 1, 1}},
                                                    {{5, 3, 2, 2, 4, 3}},
                                                    {{4, 3, 1, 1, 2, 2}, {5, 2, 1, 1, 1, 0}},
                                                    {{3, 2, 2, 1, 3, 3}, {4, 3, 1, 2, 4, 4}},
                                                    {{2, 1, 1, 1, 0, 0}, {3, 2, 1, 1, 1, 1}, {4, 3, 1, 1, -1, 2}}};
    for (auto const& axes : problems)
        for (auto const& edge : boundaries) {
            const both p(axes, {edge, boundary_of('c'), boundary_of('z')});
            detail::window_samples windows(p.of_library);
            std::set<sample> seen;
            index_t output = 0, count = 0;
            for_each_index(p.of_library.outputs(), [&](index_list const& o) {
                windows.for_each(o, [&](index_t t, index_t at, int outside) {
                    seen.insert({output, t, outside < 0 ? at : -1, outside});
                    ++count;
                });
                ++output;
            });
            REQUIRE(seen == expected(p));
            REQUIRE(count == static_cast<index_t>(seen.size()));
        }
}

TEST_CASE("window_samples: what holds for every sample of a window", "[filter]") {
    testing::random_source random(41);
    for (auto const& edge : boundaries)
        for (window const& last : {window{40, 3, 1, 1, 2, 2}, {40, 4, 2, 1, 3, 3}, {40, 3, 2, 2, 4, 4}}) {
            const both p({{4, 2, 1, 1, 1, 1}, last}, {edge, edge});
            tensor<int, 2> x({4, 40});
            for (int& v : x) v = random.percent(90) ? 1 : 0;
            detail::window_samples windows(p.of_library), apart(p.of_library);
            index_t asked = 0;
            for_each_index(p.of_library.outputs(), [&](index_list const& o) {
                if (random.percent(10)) return;  // an output that nobody asks for
                bool every_one = true;
                apart.for_each(o, [&](index_t, index_t at, int outside) {
                    every_one = every_one && (outside >= 0 || x.data()[at] == 1);
                });
                const bool continues = windows.continues(o);
                index_t looked_at = 0;
                REQUIRE(windows.every(o, [&](index_t at, int outside) {
                    ++looked_at;
                    return outside >= 0 || x.data()[at] == 1;
                }) == every_one);
                if (continues) REQUIRE(looked_at <= 2);  // a tap of each line
                asked += continues ? 1 : 0;
            });
            CHECK((asked > 0) == (last.stride == last.dilation));
        }
}

TEMPLATE_TEST_CASE("sums_of: within what is said of them, by every method", "[filter]", float, double) {
    using T = TestType;
    testing::random_source random(42);
    const auto x = testing::any_tensor<T, 2>(random, {30, 40});
    const auto h = testing::any_tensor<T, 2>(random, {5, 4}), lines = testing::any_tensor<T, 2>(random, {2, 5});
    tensor<T, 2> product({5, 4});
    for_each_index(product.shape(), [&](index_list const& i) { product(i) = lines(0, i[0]) * lines(1, i[1]); });
    for (auto const& edge : boundaries)
        for (method by : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save})
            for (bool is_product : {false, true}) {
                tensor<T, 2> const* const taps = is_product ? &product : &h;
                INFO(name_of(by) << ", " << edge.map << (is_product ? ", a product" : ", any taps"));
                const detail::request r{"sums", sense::correlation};
                const auto to =
                    detail::resolve(r, x.shape(), h.shape(), {.padding = mode::full, .boundary = edge.rule});
                const detail::forward_plan<detail::types<T, T, T, T>> plan(r, to, taps->view().erased(), by);
                const auto y = detail::sums_of(plan, x);
                const std::vector<reference::line> axes{{30, 5, 1, 1, 4, 4, edge.map, edge.rule.re},
                                                        {40, 4, 1, 1, 3, 3, edge.map, edge.rule.re}};
                const auto exact =
                    reference::correlate<long double>(axes, testing::as_vector<T>(x), testing::as_vector<T>(*taps));
                const auto products = reference::correlate<long double>(axes, magnitudes(x), magnitudes(*taps));
                CHECK((y.absolute == 0) == (by == method::direct || by == method::im2col));
                // a product of lines leaves out what rounding its taps cost, not what a large sample elsewhere costs
                if (by == method::separable && is_product) {
                    T norm_1 = 0, largest = static_cast<T>(std::fabs(edge.rule.re));
                    for (T v : magnitudes(product)) norm_1 += v;
                    for (T v : magnitudes(x)) largest = std::max(largest, v);
                    CHECK(y.absolute <= 8 * static_cast<T>(testing::unit_roundoff<T>) * norm_1 * largest);
                }
                for (std::size_t i = 0; i < exact.size(); ++i)
                    REQUIRE(std::fabs(static_cast<long double>(y.sums.data()[i]) - exact[i]) <=
                            static_cast<long double>(y.absolute) + static_cast<long double>(y.relative) * products[i]);
            }
}

TEST_CASE("norms_of: at least the norm of what the sums see, and the largest of it", "[filter]") {
    tensor<double, 1> x({4}, {1.0, -2.0, std::numeric_limits<double>::quiet_NaN(), 2.0});
    problem p;
    axis k;
    k.n = 4;
    k.taps = 3;
    p.push_back(k);
    const auto require = [&](double norm_2, double largest) {
        const auto norms = detail::norms_of(p, x);
        CHECK(norms.norm_2 == Approx(norm_2));
        CHECK(norms.largest == largest);
    };
    require(3, 2);  // of the finite ones
    p[0].low = p[0].high = 2;
    require(3, 2);
    p[0].edge = boundary::replicate;
    require(std::sqrt(8.0) * 2, 2);
    p[0].edge = boundary::constant(-5);
    require(std::sqrt(8.0) * 5, 5);
}
