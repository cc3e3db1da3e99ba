// tests/method/winograd.test.cpp -- both tile sizes beside the defining sum: exactly where the numbers allow it, within
// the bound elsewhere; sizes about the edges of tiles and panels, boundaries, groups, NaN, threads
#include <faltung/convolve.hpp>
#include <faltung/method/winograd.hpp>
#include <faltung/nn/conv.hpp>
#include <faltung/view/copy.hpp>
#include <faltung/view/flip.hpp>
#include <faltung/view/permute.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

struct channels {
    index_t in, out, groups;
};

template <class R>
using real_types = detail::types<R, R, R, R>;

/// A layer whose sums are integers, x~ first: taps are multiples of 24^2, so that the points of a kernel are integers
/// too, and nothing is rounded.
template <class R>
struct example {
    problem p;
    std::vector<reference::line> axes;
    std::vector<R> x, h, bias;

    example(std::vector<reference::line> const& lines, channels const& c, random_source& r)
        : p(problem_of(lines)), axes(lines) {
        p.in = c.in;
        p.out = c.out;
        p.groups = c.groups;
        p.types = {element_of<R>(), element_of<R>(), element_of<R>(), element_of<R>(), algebra::plus_times};
        for (index_t i = 0; i < c.in * samples(); ++i) x.push_back(static_cast<R>(r.between(-2, 2)));
        for (index_t i = 0; i < c.out * each() * 9; ++i) h.push_back(static_cast<R>(576 * r.between(-1, 1)));
        for (index_t k = 0; k < c.out; ++k) bias.push_back(static_cast<R>(r.between(-5, 5)));
    }

    index_t samples() const { return checked::product(p.inputs(), "samples"); }
    index_t each() const { return p.in / p.groups; }

    /// The defining sum, in more precision.
    std::vector<long double> sums() const {
        std::vector<long double> all;
        for (index_t o = 0; o < p.out; ++o) {
            std::vector<long double> sum(static_cast<std::size_t>(checked::product(p.outputs(), "outputs")),
                                         p.store.bias ? bias[static_cast<std::size_t>(o)] : R{});
            for (index_t k = 0; k < each(); ++k) {
                const auto first = x.begin() + (o / (p.out / p.groups) * each() + k) * samples();
                const std::vector<R> plane(first, first + samples()),
                    taps(h.begin() + (o * each() + k) * 9, h.begin() + (o * each() + k + 1) * 9);
                const auto part = reference::correlate<long double>(axes, plane, taps);
                for (std::size_t j = 0; j < part.size(); ++j) sum[j] += part[j];
            }
            all.insert(all.end(), sum.begin(), sum.end());
        }
        return all;
    }
};

/// The outputs by tiles of one size, panel by panel, the last one first. Arrays end, or begin, at a forbidden page.
template <int Outputs, class R>
std::vector<R> by_tiles(example<R> const& e, guard where) {
    using T = real_types<R>;
    const guarded<R> x(static_cast<index_t>(e.x.size()), where), y(e.p.output_count(), where);
    std::copy(e.x.begin(), e.x.end(), x.data());
    std::fill(y.data(), y.data() + y.count(), R(99));
    const detail::winograd_layout l(e.p, Outputs);
    const auto h = array_of<R const>(e.h.data(), with_axes({e.p.out, e.each()}, e.p.taps()));
    const detail::prepared ready{std::make_shared<detail::winograd_geometry const>(e.p, l),
                                 std::make_shared<detail::winograd_kernel<R> const>(e.p, l, h)};
    const buffer<std::byte> scratch(detail::winograd_scratch(e.p, l).all);
    const auto xs = array_of<R const>(x.data(), with_axes({e.p.in}, e.p.inputs()));
    const auto ys = array_of<R>(y.data(), with_axes({e.p.out}, e.p.outputs()));
    detail::winograd_worker<T, Outputs> worker(e.p, ready, xs, ys, scratch.data());
    for (index_t g = l.grains(e.p); g-- > 0;) worker.compute(g);
    return {y.data(), y.data() + y.count()};
}

/// Where the two differ first, NaN being equal to NaN; -1: nowhere.
template <class R>
index_t first_difference(std::vector<R> const& y, std::vector<long double> const& want) {
    if (y.size() != want.size()) return 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        if (!same_kind(y[i], want[i]) || (std::isfinite(want[i]) && static_cast<long double>(y[i]) != want[i]))
            return static_cast<index_t>(i);
    return -1;
}

template <class R>
void check(example<R>& e, bool has_bias, guard where) {
    if (has_bias) e.p.store.bias = e.bias.data();
    const auto want = e.sums();
    for (const instruction_set s : instruction_sets()) {
        e.p.limits.instruction_set = s;
        INFO(name_of(s) << " channels " << e.p.in << " to " << e.p.out << " in " << e.p.groups << " groups, inputs "
                        << text(e.p.inputs()) << " boundary " << e.axes.back().map);
        REQUIRE(first_difference(by_tiles<2>(e, where), want) == -1);
        REQUIRE(first_difference(by_tiles<4>(e, where), want) == -1);
    }
}

reference::line three_taps(random_source& r, index_t most_n, char map) {
    const index_t n = r.between(1, most_n), low = r.between(-1, 3);
    return {n, 3, 1, 1, low, std::max<index_t>(r.between(-1, 3), 3 - n - low), map, 2};
}

/// |y - want|_2 / (|x|_2 |h|_2)
template <class R>
double relative_error(example<R> const& e, std::vector<R> const& y) {
    const auto want = e.sums();
    long double error = 0, x = 0, h = 0;
    for (std::size_t i = 0; i < y.size(); ++i) error += (y[i] - want[i]) * (y[i] - want[i]);
    for (const R v : e.x) x += static_cast<long double>(v) * v;
    for (const R v : e.h) h += static_cast<long double>(v) * v;
    return static_cast<double>(std::sqrt(error / (x * h)));
}

}  // namespace

TEMPLATE_TEST_CASE("winograd: random layers, exactly", "[method]", float, double) {
    random_source r(1);
    constexpr channels layers[] = {{1, 1, 1}, {2, 1, 1}, {1, 2, 1}, {3, 3, 3}, {4, 8, 4},  {3, 5, 1},
                                   {5, 9, 1}, {6, 4, 2}, {8, 6, 2}, {9, 2, 1}, {7, 25, 1}, {6, 33, 1}};
    for (int i = 0; i < 150; ++i) {
        const char map = r.one_of<char>({'z', 'z', 'c', 'e', 'r', 's', 'w'});
        std::vector<reference::line> axes;
        if (r.percent(40))  // a batch, or every other of its samples, some of them beyond its ends
            axes.push_back({r.between(1, 4), 1, r.between(1, 2), 1, r.between(0, 1), r.between(0, 1), map, 2});
        axes.push_back(three_taps(r, 14, map));
        axes.push_back(three_taps(r, r.percent(20) ? 120 : 24, map));
        example<TestType> e(axes, layers[r.between(0, 11)], r);
        check(e, r.percent(50), r.percent(50) ? guard::after : guard::before);
    }
}

TEST_CASE("winograd: sizes about the edges of tiles, vectors and panels", "[method]") {
    random_source r(2);
    for (index_t width = 1; width <= 13; ++width)
        for (index_t height = 1; height <= 9; ++height)
            for (const index_t padding : {0, 1}) {
                const index_t more = 2 - 2 * padding;
                example<float> e({{height + more, 3, 1, 1, padding, padding, 'z', 0},
                                  {width + more, 3, 1, 1, padding, padding, 'z', 0}},
                                 {2, 5, 1}, r);
                check(e, false, guard::after);
            }
    for (index_t width : {31, 32, 33, 63, 64, 65, 95, 96, 97, 191, 192, 193, 200}) {
        example<float> e({{3, 3, 1, 1, 1, 1, 'z', 0}, {width, 3, 1, 1, 1, 1, 'z', 0}}, {1, 2, 1}, r);
        check(e, true, guard::before);
    }
    for (const index_t out : {31, 32, 33, 63, 64, 65}) {  // chunks of output channels
        example<float> e({{4, 3, 1, 1, 1, 1, 'z', 0}, {5, 3, 1, 1, 1, 1, 'z', 0}}, {3, out, 1}, r);
        check(e, true, guard::after);
    }
}

TEST_CASE("winograd: NaN and Inf stay in the windows that touch them, whatever the tile", "[method]") {
    random_source r(3);
    constexpr float nan_value = std::numeric_limits<float>::quiet_NaN(),
                    infinity = std::numeric_limits<float>::infinity();
    for (int i = 0; i < 60; ++i) {
        const char map = r.one_of<char>({'z', 'c', 'e', 'r', 's', 'w'});
        example<float> e({three_taps(r, 12, map), three_taps(r, 30, map)}, {3, 6, 3}, r);
        for (index_t j = r.between(1, 3); j > 0; --j)
            e.x[static_cast<std::size_t>(r.between(0, static_cast<index_t>(e.x.size()) - 1))] =
                r.one_of<float>({nan_value, infinity, -infinity});
        check(e, r.percent(50), guard::after);
    }
    example<float> e({{9, 3, 1, 1, 1, 1, 'c', std::numeric_limits<long double>::quiet_NaN()},
                      {9, 3, 1, 1, 1, 1, 'c', std::numeric_limits<long double>::infinity()}},
                     {2, 2, 1}, r);
    check(e, false, guard::after);
}

TEST_CASE("winograd: sums that are finite stay so where points overflow", "[method]") {
    random_source r(4);
    example<float> e({{20, 3, 1, 1, 1, 1, 'z', 0}, {20, 3, 1, 1, 1, 1, 'z', 0}}, {2, 3, 1}, r);
    for (float& v : e.x) v *= 0x1p125F;
    for (float& v : e.h) v *= 0x1p-16F;
    const auto want = e.sums();
    for (auto const& y : {by_tiles<2>(e, guard::after), by_tiles<4>(e, guard::after)})
        for (std::size_t j = 0; j < y.size(); ++j) {
            REQUIRE(std::isfinite(y[j]));
            CHECK(static_cast<double>(std::fabs(y[j] - want[j])) <= 1e-4 * 0x1p126);
        }
}

TEMPLATE_TEST_CASE("winograd: errors are within the bound, those of random data about as expected", "[method]", float,
                   double) {
    random_source r(5);
    for (const index_t in : {1, 4, 16, 40}) {
        example<TestType> e({{17, 3, 1, 1, 1, 1, 'z', 0}, {18, 3, 1, 1, 1, 1, 'z', 0}}, {in, 4, 1}, r);
        for (auto& v : e.x) v = static_cast<TestType>(r.between(-1000000, 1000000)) / TestType(999983);
        for (auto& v : e.h) v = static_cast<TestType>(r.between(-1000000, 1000000)) / TestType(999983);
        const double small = relative_error(e, by_tiles<2>(e, guard::after)),
                     large = relative_error(e, by_tiles<4>(e, guard::after));
        INFO(in << " channels: " << small << ", " << large);
        CHECK(small <= detail::winograd_error(e.p, 2).expected);
        CHECK(large <= detail::winograd_error(e.p, 4).expected);
        CHECK(small >= detail::winograd_error(e.p, 2).expected / 8);
        CHECK(large >= detail::winograd_error(e.p, 4).expected / 8);
        CHECK(detail::winograd_error(e.p, 2).expected < detail::winograd_error(e.p, 2).certified);
    }
}

TEST_CASE("winograd: the bits of a sum depend neither on threads nor on the instruction set's panels", "[method]") {
    using T = real_types<float>;
    random_source r(6);
    example<float> e({{2, 1, 1, 1, 0, 0, 'z', 0}, {19, 3, 1, 1, 1, 1, 'r', 0}, {33, 3, 1, 1, 1, 1, 'r', 0}}, {6, 70, 2},
                     r);
    for (float& v : e.x) v *= 0.1F;
    const auto one = run_seam<T>(e.p, method::winograd, e.x, e.h, 1);
    for (int threads = 2; threads <= 5; ++threads) CHECK(run_seam<T>(e.p, method::winograd, e.x, e.h, threads) == one);
}

TEST_CASE("winograd: a layer with bias and relu, channels last, backwards, as direct has it", "[method]") {
    random_source r(8);
    tensor<float, 4> x({2, 11, 26, 6}), w({10, 3, 3, 3});  // N H W C
    for (float& v : x) v = static_cast<float>(r.between(-2, 2));
    for (float& v : w) v = static_cast<float>(576 * r.between(-1, 1));
    const auto bias = r.many_small<float>(10);
    nn::nn_options o{.padding = 1, .groups = 2, .bias = bias, .epilogue = nn::relu};
    const auto channels_first = permute(x, {0, 3, 1, 2});
    for (boundary const& edge : {boundary::zero, boundary::circular}) {
        o.boundary = edge;
        o.method = method::direct;
        const auto want = nn::conv(channels_first, w, o), turned = nn::conv(flip(channels_first), w, o);
        o.method = method::winograd;
        CHECK(difference(nn::conv(channels_first, w, o), want) == "");
        CHECK(difference(nn::conv(flip(channels_first), w, o), turned) == "");
        tensor<float, 4> last({2, 11, 26, 10});
        nn::conv_into(permute(last, {0, 3, 1, 2}), channels_first, w, o);
        CHECK(difference(copy(permute(last, {0, 3, 1, 2})), want) == "");
    }
}

TEST_CASE("winograd: the adjoint of its plan is that of direct's", "[method]") {
    random_source r(9);
    tensor<float, 2> x({13, 22}), h({3, 3});
    for (float& v : x) v = static_cast<float>(r.between(-2, 2));
    for (float& v : h) v = static_cast<float>(576 * r.between(-1, 1));
    for (boundary const& edge : {boundary::zero, boundary::reflect, boundary::circular}) {
        tensor<float, 2> back[2] = {tensor<float, 2>(x.shape()), tensor<float, 2>(x.shape())};
        for (int i = 0; i < 2; ++i) {
            const convolver<float> plan{
                x.shape(),
                h,
                {.padding = mode::same, .boundary = edge, .method = i == 0 ? method::direct : method::winograd}};
            auto scratch = plan.adjoint_workspace();
            plan.adjoint(x, back[i], scratch);
        }
        CHECK(difference(back[0], back[1]) == "");
    }
}

TEST_CASE("winograd: samples and results of other types", "[method]") {
    using T = detail::types<std::uint8_t, float, float, std::int16_t>;
    random_source r(7);
    example<float> e({{9, 3, 1, 1, 1, 1, 'e', 0}, {21, 3, 1, 1, 1, 1, 'e', 0}}, {3, 4, 1}, r);
    for (float& v : e.x) v = std::fabs(v);
    for (float& v : e.h) v /= 64;
    std::vector<std::uint8_t> x;
    for (float v : e.x) x.push_back(static_cast<std::uint8_t>(v));
    std::vector<std::int16_t> want;
    for (long double v : e.sums()) want.push_back(static_cast<std::int16_t>(v));
    CHECK(run_seam<T>(e.p, method::winograd, x, e.h) == want);
}

TEST_CASE("winograd: the larger tiles where the tolerance allows them, the smaller ones elsewhere", "[method]") {
    problem p = problem_of({{56, 3, 1, 1, 1, 1, 'z', 0}, {56, 3, 1, 1, 1, 1, 'z', 0}});
    p.in = p.out = 64;
    CHECK(detail::winograd_layout_of(p).outputs == 4);
    const double small = detail::winograd_error(p, 2).certified, large = detail::winograd_error(p, 4).certified;
    CHECK(small < large);
    p.limits.tolerance = large;
    CHECK(detail::winograd_layout_of(p).outputs == 4);
    p.limits.tolerance = large * 0.99;
    CHECK(detail::winograd_layout_of(p).outputs == 2);
    CHECK(detail::winograd::predict(p).certified_error == small);
    // automatic takes neither unless a tolerance says that the errors may be there
    const auto methods = detail::methods_for<real_types<float>>();
    const auto taken = [&] { return detail::choose(methods, "conv", p, method::automatic).method->name; };
    p.limits.calls = 100;
    CHECK(taken() == method::winograd);
    p.limits.tolerance = std::numeric_limits<double>::infinity();
    CHECK(taken() != method::winograd);
    CHECK(detail::choose(methods, "conv", p, method::winograd).method->name == method::winograd);
    CHECK(detail::account(methods, p, method::automatic).find("winograd: its error may be ") != std::string::npos);
    p.limits.tolerance = small * 0.99;
    CHECK_THROWS_AS(detail::choose(methods, "conv", p, method::winograd), unsupported_error);
}

TEST_CASE("winograd: what it refuses, and why", "[method]") {
    problem p = problem_of({{9, 3, 1, 1, 1, 1, 'z', 0}, {9, 3, 1, 1, 1, 1, 'z', 0}});
    const auto reason = [&] { return detail::winograd::supports(p).value_or(""); };
    CHECK(reason() == "");
    p[1].taps = 5;
    CHECK(reason() == "axis 1 has 5 taps, winograd takes 3");
    p[1].taps = 3;
    p[0].dilation = 2;
    CHECK(reason() == "axis 0 has window stride 1 and dilation 2, winograd takes 1 and 1");
    p[0].dilation = 1;
    p.kernel.finite = false;
    CHECK(reason() == "a kernel with NaN or Inf needs direct: winograd mixes its taps");
    p.kernel.finite = p.kernel.known = true;
    p.kernel.norm_1 = 1e-30;
    CHECK(reason() == "a kernel whose absolute sum is 1e-30 would lose digits at winograd's points");
    p.kernel.norm_1 = 0;
    p.types.accumulator = element::int64;
    CHECK(reason() == "winograd sums real numbers in float or double, not in int64");
    p.types.accumulator = element::float32;
    p.in = index_t{1} << 23;
    CHECK(reason() == "8388608 input channels of a group are more than 4194304");
    p.in = 1;
    p.direction = direction::adjoint_x;
    CHECK(reason() == "winograd computes forward problems; the plan lowers its adjoints to them");
    p.direction = direction::forward;
    p.rank = 1;
    CHECK(reason() == "winograd has two axes with 3 taps, the problem has one axis");
}
