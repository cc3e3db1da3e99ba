// tests/differential/methods_agree.test.cpp -- the same bits by direct and im2col: all types, large problems, channels
#include <faltung/convolve.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T, std::size_t Rank>
void check_agree(tensor<T, Rank> const& x, tensor<T, Rank> const& h, convolve_options o) {
    o.method = method::direct;
    const auto y = convolve(x, h, o);
    o.method = method::im2col;
    CHECK(difference(y, convolve(x, h, o)) == "");
}

}  // namespace

TEMPLATE_TEST_CASE("laws: methods agree on large problems", "[laws]", float, std::int32_t) {
    random_source r(1);
    // several tiles of 1024 outputs, every stride and dilation layout of a packed line
    for (index_t stride = 1; stride <= 6; ++stride)
        for (index_t dilation = 1; dilation <= 6; ++dilation)
            check_agree(any_tensor<TestType, 1>(r, {2500}), any_tensor<TestType, 1>(r, {7}),
                        {.stride = stride, .dilation = dilation});
    // more taps than one panel of im2col is deep, more lines than direct packs at a time
    check_agree(any_tensor<TestType, 2>(r, {40, 1100}), any_tensor<TestType, 2>(r, {37, 9}),
                {.padding = mode::same, .boundary = boundary::reflect});
    check_agree(any_tensor<TestType, 2>(r, {30, 40}), any_tensor<TestType, 2>(r, {80, 70}),
                {.padding = mode::same, .boundary = boundary::circular});
    check_agree(any_tensor<TestType, 2>(r, {30, 1100}), any_tensor<TestType, 2>(r, {45, 5}),
                {.padding = {{44, 44}, {2, 2}}, .boundary = boundary::constant(2)});
    check_agree(any_tensor<TestType, 3>(r, {5, 6, 1030}), any_tensor<TestType, 3>(r, {3, 4, 5}),
                {.padding = mode::same, .boundary = {boundary::constant(1), boundary::zero, boundary::constant(7)}});
}

TEMPLATE_TEST_CASE("laws: methods agree in every type", "[laws]", bool, std::int8_t, std::uint16_t, std::uint64_t,
                   long double, std::complex<float>, std::complex<long double>) {
    random_source r(2);
    for (int i = 0; i < 6; ++i)
        check_agree(any_tensor<TestType, 2>(r, {r.between(1, 9), r.between(1, 90)}),
                    any_tensor<TestType, 2>(r, {r.between(1, 4), r.between(1, 5)}),
                    {.padding = mode::same,
                     .boundary = boundary::symmetric,
                     .stride = r.between(1, 2),
                     .dilation = r.between(1, 2)});
}

TEST_CASE("laws: methods agree where sums overflow", "[laws]") {
    const float most = std::numeric_limits<float>::max();
    random_source r(3);
    auto x = any_tensor<float, 1>(r, {300});
    auto h = any_tensor<float, 1>(r, {6});
    for (float& v : x) v *= most / 256;
    for (float& v : h) v /= 64;
    check_agree(x, h, {.boundary = boundary::replicate});
    const auto y = convolve(x, h);
    index_t infinite = 0;
    for (float v : y) infinite += std::isinf(v);
    CHECK(infinite > 0);
    CHECK(infinite < y.count());
}

TEST_CASE("laws: methods agree on channels and groups, with the defining sum", "[laws]") {
    random_source r(4);
    using T = detail::types<std::int16_t, std::int32_t, std::int64_t, std::int64_t>;
    struct channels {
        index_t in, out, groups;
    };
    for (const channels c : {channels{1, 1, 1}, channels{3, 5, 1}, channels{4, 6, 2}, channels{6, 6, 6},
                             channels{4, 8, 4}, channels{2, 9, 1}})
        for (const char map : {'z', 'c', 'r', 'w'})
            for (int i = 0; i < 4; ++i) {
                const std::vector<reference::line> axes{
                    {r.between(1, 6), r.between(1, 3), r.between(1, 2), r.between(1, 2), 2, 1, map, 3},
                    {r.between(1, 40), r.between(1, 5), r.between(1, 2), r.between(1, 2), 1, 3, map, 3}};
                problem p = problem_of(axes);
                p.in = c.in;
                p.out = c.out;
                p.groups = c.groups;
                const index_t samples = axes[0].n * axes[1].n, taps = axes[0].taps * axes[1].taps,
                              each = c.in / c.groups;
                const auto x = r.many_small<std::int16_t>(c.in * samples);
                const auto h = r.many_small<std::int64_t>(c.out * each * taps);
                std::vector<std::int64_t> want;
                for (index_t o = 0; o < c.out; ++o) {
                    std::vector<std::int64_t> sum;
                    for (index_t k = 0; k < each; ++k) {
                        const index_t channel = o / (c.out / c.groups) * each + k;
                        const std::vector<std::int16_t> plane(x.begin() + channel * samples,
                                                              x.begin() + (channel + 1) * samples);
                        const std::vector<std::int64_t> w(h.begin() + (o * each + k) * taps,
                                                          h.begin() + (o * each + k + 1) * taps);
                        const auto part = reference::correlate<std::int64_t>(axes, plane, w);
                        sum.resize(part.size());
                        for (std::size_t j = 0; j < part.size(); ++j) sum[j] += part[j];
                    }
                    want.insert(want.end(), sum.begin(), sum.end());
                }
                for (const instruction_set s : instruction_sets())
                    for (const method m : {method::direct, method::im2col})
                        for (int threads = 1; threads <= 2; ++threads) {
                            p.limits.instruction_set = s;
                            INFO(name_of(m) << " on " << name_of(s) << ": " << c.in << " to " << c.out
                                            << " channels in " << c.groups << " groups");
                            CHECK(run_seam<T>(p, m, x, h, threads) == want);
                        }
            }
}
