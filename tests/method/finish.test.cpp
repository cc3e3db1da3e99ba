// tests/method/finish.test.cpp -- sums that begin at a bias and end in an epilogue, by every method that has channels
#include <faltung/method/finish.hpp>

#include <cmath>

#include "nn/layer_reference.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

constexpr method methods[] = {method::direct, method::im2col, method::fft, method::overlap_save, method::winograd};
using rule = epilogue_step::rule;
using real = detail::types<float, float, float, float>;

epilogue steps(std::initializer_list<epilogue_step> list) {
    epilogue e;
    for (epilogue_step const& s : list) e.steps[static_cast<std::size_t>(e.count++)] = s;
    return e;
}

// two groups of 2 -> 3 channels, with packed ends and an interior
const reference::layer layer{{{6, 3, 1, 1, 1, 1, 'z'}, {150, 3, 1, 1, 1, 2, 'z'}}, 1, 4, 6, 2};

struct operands {
    random_source r{17};
    std::vector<float> x = r.many_small<float>(4 * 6 * 150), w = r.many_small<float>(6 * 2 * 9),
                       bias = r.many_small<float>(6);
    problem p = problem_of(layer.axes);
    std::vector<double> sums = reference::forward<double>(layer, x, w, bias);

    operands() {
        p.in = 4;
        p.out = 6;
        p.groups = 2;
        p.store.bias = bias.data();
    }
};

// small integers: exact, but for transforms
void check(operands const& a, std::vector<double> const& want) {
    for (const method m : methods)
        for (const instruction_set s : instruction_sets()) {
            problem p = a.p;
            p.limits.instruction_set = s;
            const auto y = run_seam<real>(p, m, a.x, a.w);
            double worst = 0;
            for (std::size_t i = 0; i < want.size(); ++i) worst = std::max(worst, std::fabs(want[i] - double{y[i]}));
            INFO(name_of(m));
            CHECK(worst <= (m == method::direct || m == method::im2col ? 0 : 0.01));
        }
}

}  // namespace

TEST_CASE("finish: every method adds the bias of the output channel", "[method]") {
    const operands a;
    check(a, a.sums);
}

TEST_CASE("finish: direct and im2col begin their sums at the bias", "[method]") {
    // 2^24 + 1 - 2^24 is 0 in floats from left to right, and 1 where 2^24 is subtracted first
    problem p = problem_of({{3, 3, 1, 1, 0, 0, 'z'}});
    const std::vector<float> bias{16777216}, x{1, -16777216, 0}, w{1, 1, 1};
    p.store.bias = bias.data();
    for (const method m : {method::direct, method::im2col}) CHECK(run_seam<real>(p, m, x, w) == std::vector<float>{0});
    p.store.bias = nullptr;
    CHECK(run_seam<real>(p, method::direct, x, w) == std::vector<float>{-16777215});
}

TEST_CASE("finish: the steps of an epilogue, one after the other", "[method]") {
    operands a;
    std::vector<double> want = a.sums;
    a.p.store.epilogue = steps({{rule::leaky_relu, 0.25}});
    for (double& v : want) v = v < 0 ? v * 0.25 : v;
    check(a, want);

    want = a.sums;
    a.p.store.epilogue = steps({{rule::clamp, -20, 100}});
    for (double& v : want) v = std::min(std::max(v, -20.0), 100.0);
    check(a, want);

    want = a.sums;
    const auto residual = a.r.many_small<float>(6 * 6 * 151);
    a.p.store.epilogue = steps({{rule::add}, {rule::clamp, 0, std::numeric_limits<double>::infinity()}});
    a.p.store.epilogue.residual = residual.data();
    a.p.store.epilogue.residual_stride = {6 * 151, 151, 1};
    for (std::size_t i = 0; i < want.size(); ++i) want[i] = std::max(want[i] + double{residual[i]}, 0.0);
    check(a, want);
}

TEST_CASE("finish: requantised integer sums are rounded half to even and saturated", "[method]") {
    using bytes = detail::types<std::uint8_t, std::int8_t, std::int32_t, std::uint8_t>;
    problem p = problem_of({{8, 1, 1, 1, 0, 0, 'z'}});
    p.out = 2;
    const std::vector<std::uint8_t> x{0, 1, 2, 3, 5, 7, 200, 255};
    const std::vector<std::int32_t> w{1, -1}, bias{0, 0};
    const std::vector<double> scales{0.5, 2};
    p.store.overflow = overflow::saturate;
    p.store.bias = bias.data();
    p.store.epilogue = steps({{rule::requantise, 0, 128, scales.data()}});
    const std::vector<std::uint8_t> want{128, 128, 129, 130, 130, 132, 228, 255, 128, 126, 124, 122, 118, 114, 0, 0};
    CHECK(run_seam<bytes>(p, method::direct, x, w) == want);
    CHECK(run_seam<bytes>(p, method::im2col, x, w) == want);
}

TEST_CASE("finish: NaN passes every step, and an infinity is cut", "[method]") {
    const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    problem p = problem_of({{20, 2, 1, 1, 0, 0, 'z'}});
    std::vector<float> x(20, 1);
    x[3] = nan;
    x[10] = -inf;
    const std::vector<float> w{1, 1};
    p.store.epilogue = steps({{rule::clamp, 0, 1.5}});
    for (const method m : methods) {
        if (m == method::winograd) continue;  // takes two axes
        INFO(name_of(m));
        const auto y = run_seam<real>(p, m, x, w);
        for (std::size_t i = 0; i < y.size(); ++i)
            if (i == 2 || i == 3)
                CHECK(y[i] != y[i]);
            else
                CHECK(y[i] == (i == 9 || i == 10 ? 0.0F : 1.5F));
    }
}

TEST_CASE("finish: separable refuses both", "[method]") {
    problem p = problem_of({{8, 1, 1, 1, 0, 0, 'z'}});
    const float bias = 1;
    p.kernel.terms = 1;
    CHECK_FALSE(detail::separable::supports(p));
    p.store.bias = &bias;
    CHECK(detail::separable::supports(p) == "separable has neither bias nor epilogue");
}

TEST_CASE("finish: numbers beyond an integer's range become its ends", "[method]") {
    CHECK(detail::nearest_in<std::int32_t>(1e300) == 2147483647);
    CHECK(detail::nearest_in<std::int32_t>(-1e300) == -2147483647 - 1);
    CHECK(detail::nearest_in<std::int64_t>(std::numeric_limits<double>::infinity()) ==
          std::numeric_limits<std::int64_t>::max());
    CHECK(detail::nearest_in<float>(1.5) == 1.5F);
}
