// tests/filter/match_template.test.cpp -- correlation coefficients against their definition, by every method
#include <faltung/filter/match_template.hpp>

#include <faltung/view/copy.hpp>
#include <faltung/view/slice.hpp>

#include <cmath>
#include <limits>

#include "support/boundaries.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/given.hpp"
#include "support/reference.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::any_tensor;
using testing::boundaries;
using testing::boundary_of;
using testing::message_of;
using testing::named_boundary;
using testing::tensor_of;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
constexpr method every_method[] = {method::automatic, method::direct, method::im2col,
                                   method::separable, method::fft,    method::overlap_save};

using plane = tensor<double, 2>;

/// Padding before and after for a kernel of so many taps.
low_high amounts(mode m, index_t taps) {
    if (m == mode::full) return {taps - 1, taps - 1};
    if (m == mode::valid) return {0, 0};
    return {(taps - 1) / 2, taps - 1 - (taps - 1) / 2};
}

/// The coefficients of the pairs of known samples, by two passes over them.
plane defined(plane const& x, plane const& x_known, plane const& h, plane const& h_known, mode m,
              named_boundary const& edge = boundary_of('z'), double overlap = 0) {
    std::vector<reference::line> axes;
    shape n;
    for (int a : {0, 1}) {
        const low_high pad = amounts(m, h.extent(a));
        axes.push_back({x.extent(a), h.extent(a), 1, 1, pad.low, pad.high, edge.map, edge.rule.re});
        n.push_back(reference::outputs(axes.back()));
    }
    plane y(n);
    std::vector<std::vector<std::pair<long double, long double>>> pairs(static_cast<std::size_t>(y.count()));
    reference::for_each_term(axes, [&](std::size_t o, std::size_t t, std::size_t i, reference::line const* outside) {
        if (h_known.data()[t] == 0 || (outside ? edge.map == 'z' : x_known.data()[i] == 0)) return;
        pairs[o].emplace_back(outside ? outside->constant : static_cast<long double>(x.data()[i]),
                              static_cast<long double>(h.data()[t]));
        if (pairs[o].size() > 1) {  // exact differences: a mean of nearly equal samples would swallow theirs
            pairs[o].back().first -= pairs[o].front().first;
            pairs[o].back().second -= pairs[o].front().second;
        }
    });
    for (auto& of_output : pairs)
        if (!of_output.empty()) of_output.front() = {0, 0};
    std::size_t most = 0;
    for (auto const& of_output : pairs) most = std::max(most, of_output.size());
    for (std::size_t o = 0; o < pairs.size(); ++o) {
        const long double count = static_cast<long double>(pairs[o].size());
        long double f = 0, g = 0, ff = 0, gg = 0, fg = 0;
        bool is_constant_f = true, is_constant_g = true;
        for (auto const& [of_x, of_h] : pairs[o]) {
            f += of_x / count;
            g += of_h / count;
            is_constant_f = is_constant_f && of_x == pairs[o][0].first;
            is_constant_g = is_constant_g && of_h == pairs[o][0].second;
        }
        for (auto const& [of_x, of_h] : pairs[o]) {
            ff += (of_x - f) * (of_x - f);
            gg += (of_h - g) * (of_h - g);
            fg += (of_x - f) * (of_h - g);
        }
        const bool is_zero = is_constant_f || is_constant_g || count < overlap * static_cast<double>(most);
        y.data()[o] = is_zero ? 0 : static_cast<double>(fg / (std::sqrt(ff) * std::sqrt(gg)));
    }
    return y;
}

plane ones(shape const& n) {
    plane y(n);
    std::fill(y.begin(), y.end(), 1.0);
    return y;
}

void require_scores(plane const& y, plane const& expected, double tolerance = 1e-7) {
    REQUIRE(y.shape() == expected.shape());
    for (index_t i = 0; i < y.count(); ++i) {
        INFO("output " << i << " is " << y.data()[i] << ", expected " << expected.data()[i]);
        REQUIRE(std::abs(y.data()[i]) <= 1);
        REQUIRE(std::abs(y.data()[i] - expected.data()[i]) <= tolerance);
    }
}

match_options with(mode m, boundary edge, method by, double overlap = 0) {
    return {.correlation = {.padding = m, .boundary = edge, .method = by}, .overlap = overlap};
}

}  // namespace

TEST_CASE("match_template: the definition, by every method, at every boundary", "[filter]") {
    testing::random_source random(61);
    const auto x = any_tensor<double, 2>(random, {13, 17}), h = any_tensor<double, 2>(random, {3, 4});
    for (mode m : {mode::full, mode::same, mode::valid})
        for (auto const& edge : boundaries) {
            const plane expected = defined(x, ones(x.shape()), h, ones(h.shape()), m, edge);
            for (method by : every_method) {
                INFO(name_of(by) << ", " << edge.map);
                require_scores(match_template(x, h, with(m, edge.rule, by)), expected);
            }
        }
}

TEST_CASE("match_template: masks on both sides", "[filter]") {
    testing::random_source random(62);
    for (int share : {0, 5, 60, 100}) {
        auto x = any_tensor<double, 2>(random, {12, 15}), h = any_tensor<double, 2>(random, {5, 4});
        auto x_known = ones(x.shape()), h_known = ones(h.shape());
        for (index_t i = 0; i < x.count(); ++i)
            if (!random.percent(share)) {
                x_known.data()[i] = 0;
                x.data()[i] = none;  // whatever it holds
            }
        for (index_t t = 0; t < h.count(); t += 3) {
            h_known.data()[t] = 0;
            h.data()[t] = none;
        }
        for (mode m : {mode::full, mode::same, mode::valid})
            for (auto const& edge : boundaries)
                for (double overlap : {0.0, 0.3}) {
                    const plane expected = defined(x, x_known, h, h_known, m, edge, overlap);
                    for (method by : every_method) {
                        INFO(name_of(by) << ", " << edge.map << ", " << share << " %");
                        require_scores(match_template(x, x_known, h, h_known, with(m, edge.rule, by, overlap)),
                                       expected);
                    }
                }
    }
}

TEST_CASE("match_template: the template is found, and its negative, whatever their brightness and contrast",
          "[filter]") {
    testing::random_source random(63);
    auto x = any_tensor<double, 2>(random, {40, 50});
    const plane h = copy(slice(x, range{7, 16}, range{20, 31}));
    for (index_t i = 0; i < 9; ++i)
        for (index_t j = 0; j < 11; ++j) x(25 + i, 3 + j) = 5 - 0.01 * h(i, j);
    for (method by : every_method) {
        if (by == method::separable) continue;  // the template is no sum of few products
        const auto y = match_template(x, h, with(mode::valid, boundary::zero, by));
        REQUIRE(y.shape() == shape{32, 40});
        CHECK(y(7, 20) == Approx(1).epsilon(1e-9));
        CHECK(y(25, 3) == Approx(-1).epsilon(1e-7));
        for (double score : y) REQUIRE(std::abs(score) <= 1);
    }
}

TEST_CASE("match_template: what is constant has score 0, and nearly constant is not constant", "[filter]") {
    testing::random_source random(64);
    plane x({30, 40});
    for (double& v : x) v = 0.1;
    for (index_t i = 0; i < 30; ++i)
        for (index_t j = 25; j < 40; ++j) x(i, j) = 0.1 + static_cast<double>(random.between(0, 9));
    x(4, 5) = std::nextafter(0.1, 1);  // the only one of its windows that differs, by one rounding
    x(20, 5) = 0.1 + 1e-9;
    const auto h = any_tensor<double, 2>(random, {3, 5});
    const plane expected = defined(x, ones(x.shape()), h, ones(h.shape()), mode::full);
    for (method by : every_method) {
        const auto y = match_template(x, h, with(mode::full, boundary::zero, by));
        require_scores(y, expected);
        CHECK(y(10, 10) == 0);
        CHECK(y(5, 6) != 0);
    }
    plane known = ones(x.shape());
    for (double& v : known) v = random.percent(70) ? 1 : 0;
    for (index_t j = 0; j < 40; ++j) known(15, j) = known(16, j) = known(17, j) = known(18, j) = 0;
    const plane of_known = defined(x, known, h, ones(h.shape()), mode::full);
    for (method by : every_method)
        require_scores(match_template(x, known, h, all_known{}, with(mode::full, boundary::zero, by)), of_known);
    plane flat({3, 5});
    std::fill(flat.begin(), flat.end(), 0.3);
    for (double score : match_template(x, flat)) CHECK(score == 0);
    for (double score : match_template(ones({6, 7}), h)) CHECK(score == 0);
    for (double score : match_template(x, plane({1, 1}, {2.0}))) CHECK(score == 0);
}

TEST_CASE("match_template: offsets and scales that would drown a sum of squares", "[filter]") {
    testing::random_source random(65);
    const auto noise = any_tensor<double, 2>(random, {24, 30}), h = any_tensor<double, 2>(random, {4, 6});
    const auto require_all = [&](plane const& x, plane const& of) {
        const plane expected = defined(x, ones(x.shape()), of, ones(of.shape()), mode::same);
        for (method by : every_method) {
            INFO(name_of(by));
            require_scores(match_template(x, of, with(mode::same, boundary::zero, by)), expected);
        }
    };
    const auto moved = [&](double offset, double scale) {
        plane x = noise;
        for (double& v : x) v = offset + scale * v;
        return x;
    };
    require_all(moved(1e6, 1e-3), h);
    require_all(moved(-1e9, 1e-3), h);
    plane bright = h;
    for (double& v : bright) v = 1e7 + 1e-2 * v;
    require_all(moved(1e6, 1e-3), bright);
    plane step = noise;  // small noise on a part that is far brighter than the rest
    for (index_t i = 0; i < 24; ++i)
        for (index_t j = 0; j < 15; ++j) step(i, j) = 1e6 + 1e-3 * noise(i, j);
    require_all(step, h);
    for (double scale : {1e200, 1e-200, 1e300}) {
        const plane expected = defined(noise, ones(noise.shape()), h, ones(h.shape()), mode::valid);
        for (method by : every_method)
            require_scores(match_template(moved(0, scale), h, with(mode::valid, boundary::zero, by)), expected);
    }
}

TEST_CASE("match_template: NaN and infinity reach the windows that they are known in", "[filter]") {
    testing::random_source random(66);
    auto x = any_tensor<double, 2>(random, {20, 22});
    const auto h = any_tensor<double, 2>(random, {3, 3});
    const plane expected = defined(x, ones(x.shape()), h, ones(h.shape()), mode::valid);
    x(5, 6) = none;
    x(12, 15) = infinite;
    plane cross = ones(h.shape());
    cross(1, 1) = 0;
    plane known = ones(x.shape());
    known(5, 6) = known(12, 15) = 0;
    const plane without = defined(x, known, h, ones(h.shape()), mode::valid);
    for (method by : every_method) {
        const auto options = with(mode::valid, boundary::zero, by);
        const auto y = match_template(x, h, options), around = match_template(x, all_known{}, h, cross, options);
        for_each_index(y.shape(), [&](index_list const& o) {
            const auto meets = [&](index_t i, index_t j) {
                return i - o[0] >= 0 && i - o[0] < 3 && j - o[1] >= 0 && j - o[1] < 3;
            };
            const bool is_middle = o == index_list{4, 5} || o == index_list{11, 14};
            const bool is_met = meets(5, 6) || meets(12, 15);
            REQUIRE(std::isnan(y(o)) == is_met);
            if (!is_met) REQUIRE(std::abs(y(o) - expected(o)) <= 1e-7);
            REQUIRE(std::isnan(around(o)) == (is_met && !is_middle));  // a tap that is not known asks for nothing
        });
        require_scores(match_template(x, known, h, all_known{}, options), without);
    }
}

TEST_CASE("match_template: other ranks, a batch, window strides, integers", "[filter]") {
    testing::random_source random(67);
    const std::vector<float> line{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}, part{1, 5, 9};
    const auto y = match_template(line, part);
    STATIC_REQUIRE(std::is_same_v<std::remove_cvref_t<decltype(y)>, tensor<float, 1>>);
    REQUIRE(y.shape() == shape{9});
    CHECK(y(3) == 1);

    const auto volume = any_tensor<double, 3>(random, {6, 7, 8});
    const tensor<double, 3> piece = copy(slice(volume, range{2, 4}, range{3, 6}, range{1, 5}));
    for (method by : every_method)
        CHECK(match_template(volume, piece, with(mode::valid, boundary::zero, by))(2, 3, 1) == Approx(1));

    const plane face = copy(slice(volume, 3, range{1, 4}, range{2, 6}));
    const auto of_batch = match_template(volume, face, {.correlation = {.padding = mode::valid, .axes = {1, 2}}});
    REQUIRE(of_batch.shape() == shape{6, 5, 5});
    CHECK(of_batch(3, 1, 2) == Approx(1));
    const plane entry = copy(slice(volume, 5, all, all));
    const auto alone = match_template(entry, face);
    for_each_index(alone.shape(),
                   [&](index_list const& o) { CHECK(of_batch(5, o[0], o[1]) == Approx(alone(o)).margin(1e-7)); });

    tensor<std::uint8_t, 2> bytes({20, 20});
    for (auto& v : bytes) v = static_cast<std::uint8_t>(random.between(0, 255));
    const tensor<std::uint8_t, 2> patch = copy(slice(bytes, range{5, 9}, range{6, 12}));
    const auto scores = match_template(bytes, patch);
    STATIC_REQUIRE(std::is_same_v<std::remove_cvref_t<decltype(scores)>, tensor<float, 2>>);
    CHECK(scores(5, 6) == 1);
    const auto every_third = match_template(bytes, patch, {.correlation = {.padding = mode::valid, .stride = 3}});
    for_each_index(every_third.shape(), [&](index_list const& o) {
        CHECK(every_third(o) == Approx(scores(3 * o[0], 3 * o[1])).margin(1e-7));
    });
    CHECK(match_template(tensor<float, 2>({0, 5}), patch).shape() == shape{0, 0});
    CHECK(match_template(tensor<float, 2>({3, 5}), patch).shape() == shape{0, 0});
}

TEST_CASE("match_template: the same bits in memory that is there", "[filter]") {
    testing::random_source r(78);
    auto x = any_tensor<double, 2>(r, {7, 9});
    const auto h = any_tensor<double, 2>(r, {3, 2});
    auto known = ones({7, 9});
    known(3, 3) = 0;
    testing::require_given("match_template", match_template(x, h), [&](auto y) { match_template_into(y, x, h); });
    testing::require_given("match_template", match_template(x, known, h, all_known{}),
                           [&](auto y) { match_template_into(y, x, known, h, all_known{}); });
    const auto before = x;
    CHECK_THROWS_AS(match_template_into(x, x, h, {.correlation = {.padding = mode::same}}), overlap_error);
    CHECK(testing::difference(x, before) == "");
}

TEST_CASE("match_template: what is refused", "[filter]") {
    const plane x({6, 7}), h({2, 3});
    CHECK(message_of<shape_error>([&] {
              (void)match_template(x, ones({7, 6}), h, all_known{});
          }) == "match_template: a mask of shape (7, 6) for an input of shape (6, 7)");
    CHECK(message_of<shape_error>([&] {
              (void)match_template(x, all_known{}, h, ones({1, 3}));
          }) == "match_template: a mask of shape (1, 3) for a template of shape (2, 3)");
    CHECK(message_of<option_error>([&] { (void)match_template(x, h, {.overlap = 1.5}); }) ==
          "match_template: .overlap = 1.5: a share from 0 to 1 is needed");
    CHECK(message_of<option_error>([&] { (void)match_template(x, h, {.overlap = none}); }) ==
          "match_template: .overlap = nan: a share from 0 to 1 is needed");
    CHECK(message_of<option_error>([&] {
              (void)match_template(x, plane({1, 2}, {none, 1.0}));
          }) == "match_template: a template with a sample that is not finite");
    CHECK(message_of<option_error>([&] {
              (void)match_template(x, h, {.correlation = {.boundary = boundary::constant(infinite)}});
          }) == "match_template: axis 0: the constant inf beyond the ends: a finite one is needed");
    CHECK(message_of<shape_error>([&] {
              (void)match_template(x, plane({0, 3}));
          }) == "match_template: an empty kernel (0, 3): every axis needs at least 1 tap");
}
