// tests/nn/conv_transpose.test.cpp -- transposed layers against the transposed sum; output padding, bias, epilogues
#include <faltung/nn/conv_transpose.hpp>
#include <faltung/view/copy.hpp>

#include <limits>
#include <optional>

#include "nn/random_layer.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

// A random forward layer read backwards: its outputs are the input here, and what its extent has beyond the exact one
// is output padding; none where that is too much.
std::optional<nn::transposed_options> transposed_options_of(random_layer const& l) {
    nn::transposed_options o{.padding = l.options.padding, .stride = l.options.stride, .dilation = l.options.dilation};
    per_axis<index_t> extra;
    for (std::size_t a = 0; a < l.layer.axes.size(); ++a) {
        reference::line const& k = l.layer.axes[a];
        const index_t exact =
            (l.y[static_cast<int>(a) + 2] - 1) * k.stride - k.low - k.high + k.dilation * (k.taps - 1) + 1;
        if (k.n - exact >= std::max(k.stride, k.dilation)) return {};
        extra.push_back(k.n - exact);
    }
    o.output_padding = extra;
    o.groups = l.options.groups;
    return o;
}

// Distances from the zero points, by the transposed sum; the bias is that of the call.
template <class X, class W, std::size_t Rank>
void check_zero_points_of_rank(random_source& r, random_layer const& l, nn::transposed_options o) {
    const auto any = [&](auto sample) {
        using limits = std::numeric_limits<decltype(sample)>;
        return r.percent(25) ? index_t{0} : static_cast<index_t>(r.between(limits::min(), limits::max()));
    };
    const auto x = any_tensor<X, Rank>(r, l.y);
    const auto w = any_tensor<W, Rank>(r, l.w);
    const auto bias = r.many_small<std::int32_t>(l.x[1]);
    o.bias = bias;
    o.zero_points = {any(X{}), any(W{})};
    std::vector<std::int64_t> dx, dw;
    for (int v : x) dx.push_back(v - o.zero_points.input);
    for (int v : w) dw.push_back(v - o.zero_points.kernel);
    auto want = reference::transposed<std::int64_t>(l.layer, dx, dw);
    for (std::size_t k = 0; k < want.size(); ++k) want[k] += bias[k / l.layer.inputs() % l.layer.in];
    for (const method m : layer_methods) {
        o.method = m;
        INFO(name_of(m) << ", zero points " << o.zero_points.input << " and " << o.zero_points.kernel);
        CHECK(distance(nn::conv_transpose(x, w, o), want) == 0);
    }
}
template <class X, class W>
void check_zero_points(random_source& r, random_layer const& l, nn::transposed_options const& o) {
    if (l.x.rank() == 3)
        check_zero_points_of_rank<X, W, 3>(r, l, o);
    else
        check_zero_points_of_rank<X, W, 4>(r, l, o);
}

template <std::size_t Rank>
void check_random(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
        random_source r(37, i);
        const random_layer l(r, i, static_cast<int>(Rank) - 2, "z");
        if (l.layer.outputs() == 0) continue;
        std::optional<nn::transposed_options> possible = transposed_options_of(l);
        if (!possible) continue;
        nn::transposed_options& o = *possible;
        INFO(l.name());
        const auto x = small_tensor<float, Rank>(r, l.y), w = small_tensor<float, Rank>(r, l.w);
        const auto bias = r.many_small<float>(l.x[1]);
        const tensor<float, Rank> residual = small_tensor<float, Rank>(r, l.x);
        auto want = reference::transposed<double>(l.layer, as_vector<float>(x), as_vector<float>(w));
        const bool has_bias = r.percent(60), has_residual = r.percent(30);
        for (std::size_t k = 0; k < want.size(); ++k) {
            if (has_bias) want[k] += double{bias[k / l.layer.inputs() % l.layer.in]};
            if (has_residual) want[k] = std::max(want[k] + double{residual.data()[k]}, 0.0);
        }
        if (has_bias) o.bias = bias;
        if (has_residual) o.epilogue = {nn::add{residual}, nn::relu};
        double largest = 1;
        for (double v : want) largest = std::max(largest, std::fabs(v));
        for (const method m : {method::automatic, method::direct, method::im2col, method::fft}) {
            o.method = m;
            INFO(name_of(m));
            CHECK(distance(nn::conv_transpose(x, w, o), want) <=
                  (m == method::direct || m == method::im2col ? 0 : 1e-4 * largest));
        }
        channels_last<float, Rank> x_last(l.y), y_last(l.x);
        copy_into(x_last.view(), x);
        nn::conv_transpose_into(y_last.view(), x_last.view(), w, o);
        CHECK(distance(y_last.view(), want) <= 1e-4 * largest);
    }
}

}  // namespace

TEST_CASE("conv_transpose: random layers", "[nn][differential]") {
    check_random<3>(0, 120);
    check_random<4>(120, 300);
    check_random<5>(300, 360);
}

TEST_CASE("conv_transpose: samples that no tap reaches are the bias after the epilogue", "[nn]") {
    const tensor<float, 3> x({1, 1, 2}, {1, 2}), w({1, 2, 1}, {10, -10});
    const std::vector<float> bias{1, -1};
    const auto y =
        nn::conv_transpose(x, w, {.output_padding = 2, .stride = 3, .bias = bias, .epilogue = nn::leaky_relu{0.5}});
    CHECK(as_vector<float>(y) == std::vector<float>{11, 1, 1, 21, 1, 1, -5.5F, -0.5F, -0.5F, -10.5F, -0.5F, -0.5F});
}

TEST_CASE("conv_transpose: phases brought together are those stored with gaps, on any number of threads", "[nn]") {
    random_source r(38, 0);
    for (index_t n = 14; n <= 50; n += 3)
        for (const index_t taps : {3, 4}) {
            const auto x = small_tensor<float, 4>(r, {2, 3, 7, n}), w = small_tensor<float, 4>(r, {3, 5, taps, taps});
            nn::transposed_options o{.padding = 1, .stride = 2};
            o.method = method::direct;
            const shape y{2, 5, 12 + taps - 2, 2 * (n - 1) + taps - 2};
            channels_last<float, 4> with_gaps(y);
            nn::conv_transpose_into(with_gaps.view(), x, w, o);
            tensor<float, 4> copied(y);
            copy_into(copied, with_gaps.view());
            const std::vector<double> want(copied.data(), copied.data() + copied.view().count());
            for (int threads = 1; threads <= 3; ++threads) {
                INFO(n << " samples, " << taps << " taps, " << threads << " threads");
                o.threads = threads;
                CHECK(distance(nn::conv_transpose(x, w, o), want) == 0);
            }
        }
}

namespace {

/// Output channels enough for vectors of them, window stride 2 along the last axis.
template <class T, std::size_t Rank>
void check_many_channels(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
        random_source r(39, i);
        reference::layer l;
        l.batch = 1 + i % 2;
        l.groups = r.percent(30) ? 2 : 1;
        l.out = l.groups * static_cast<std::size_t>(r.between(1, 30));  // in here
        l.in = l.groups * static_cast<std::size_t>(r.between(11, 40));  // out here
        nn::transposed_options o{.method = method::direct, .threads = static_cast<int>(r.between(1, 3))};
        o.groups = static_cast<index_t>(l.groups);
        per_axis<index_t> stride, extra;
        per_axis<low_high> padding;
        shape x{static_cast<index_t>(l.batch), static_cast<index_t>(l.out)},
            w{static_cast<index_t>(l.out), static_cast<index_t>(l.in / l.groups)};
        for (std::size_t a = 0; a + 2 < Rank; ++a) {
            const bool is_last = a + 3 == Rank;
            reference::line k{1, 1, 1, 1, 0, 0, 'z'};
            k.stride = is_last ? 2 : r.between(1, 3);
            k.taps = r.between(is_last ? 2 : 1, 5);
            const index_t n = is_last ? (i % 20 == 0 ? 500 : r.between(1, 50)) : r.between(1, 9);
            const index_t more = r.between(0, k.stride - 1);
            k.low = r.between(0, std::min<index_t>(k.taps - 1, 2));
            k.high = r.between(0, std::min<index_t>(k.taps - 1, 2));
            k.n = (n - 1) * k.stride + k.taps - k.low - k.high + more;
            if (k.n < 1) {
                k.low = k.high = 0;
                k.n = (n - 1) * k.stride + k.taps + more;
            }
            l.axes.push_back(k);
            stride.push_back(k.stride);
            extra.push_back(more);
            padding.push_back({k.low, k.high});
            x.push_back(n);
            w.push_back(k.taps);
        }
        o.stride = stride;
        o.output_padding = extra;
        o.padding = faltung::padding(padding);
        const auto bias = r.many_small<T>(static_cast<index_t>(l.in));
        o.bias = bias;
        INFO(text("layer ", i, ": ", x, " and ", w));
        const auto data = small_tensor<T, Rank>(r, x), kernel = small_tensor<T, Rank>(r, w);
        auto want = reference::transposed<double>(l, as_vector<T>(data), as_vector<T>(kernel));
        for (std::size_t k = 0; k < want.size(); ++k) want[k] += double{bias[k / l.inputs() % l.in]};
        CHECK(distance(nn::conv_transpose(data, kernel, o), want) == 0);
        o.epilogue = nn::relu;
        for (double& v : want) v = std::max(v, 0.0);
        CHECK(distance(nn::conv_transpose(data, kernel, o), want) == 0);
    }
}

}  // namespace

TEST_CASE("conv_transpose: phases of many channels", "[nn][differential]") {
    check_many_channels<float, 3>(0, 40);
    check_many_channels<float, 4>(40, 100);
    check_many_channels<double, 4>(100, 130);
    check_many_channels<float, 5>(130, 150);
}

TEST_CASE("conv_transpose: nothing is conjugated", "[nn]") {
    using C = std::complex<double>;
    const tensor<C, 3> x({1, 1, 1}, {C(0, 1)}), w({1, 1, 2}, {C(0, 1), C(1, 1)});
    CHECK(as_vector<C>(nn::conv_transpose(x, w)) == std::vector<C>{C(-1, 0), C(-1, 1)});
}

TEST_CASE("conv_transpose: bytes are summed in 32 bits", "[nn]") {
    const tensor<std::uint8_t, 3> x({1, 1, 2}, {200, 255});
    const tensor<std::int8_t, 3> w({1, 1, 2}, {-128, 127});
    const auto y = nn::conv_transpose(x, w);
    static_assert(std::is_same_v<decltype(y), tensor<std::int32_t, 3> const>);
    CHECK(as_vector<int>(y) == std::vector<int>{-25600, 25400 - 32640, 32385});
}

TEST_CASE("conv_transpose: bytes are summed exactly about their zero points", "[nn][differential]") {
    for (std::uint64_t i = 0; i < 120; ++i) {
        random_source r(39, i);
        const random_layer l(r, i, i % 3 == 0 ? 1 : 2, "z");
        if (l.layer.outputs() == 0) continue;
        const auto o = transposed_options_of(l);
        if (!o) continue;
        INFO(l.name());
        check_zero_points<std::uint8_t, std::int8_t>(r, l, *o);
        check_zero_points<std::int8_t, std::uint8_t>(r, l, *o);
    }
}

TEST_CASE("conv_transpose: what no tap reaches is the bias, whatever the zero points", "[nn]") {
    const tensor<std::uint8_t, 3> x({1, 1, 2}, {10, 30}), w({1, 1, 1}, {7});
    const std::vector<std::int32_t> bias{5};
    const auto y = nn::conv_transpose(
        x, w, {.output_padding = 1, .stride = 3, .bias = bias, .zero_points = {.input = 20, .kernel = 3}});
    CHECK(as_vector<int>(y) == std::vector<int>{-35, 5, 5, 45, 5});
}

TEST_CASE("conv_transpose: errors show the numbers", "[nn]") {
    const tensor<float, 4> x({1, 4, 3, 3}), w({4, 2, 3, 3}), other({3, 2, 3, 3});
    CHECK_THROWS_WITH(
        nn::conv_transpose(x, w, {.output_padding = 2, .stride = 2}),
        "conv_transpose: axis 2: an output padding of 2: a window stride of 2 and a dilation of 1 allow 0 to "
        "1, so that 3 samples become 7 to 8");
    CHECK_THROWS_WITH(nn::conv_transpose(x, other),
                      "conv_transpose: a kernel (3, 2, 3, 3) of 3 input channels for an input (1, 4, 3, 3) of 4");
    CHECK_THROWS_WITH(nn::conv_transpose(x, w, {.groups = 3}),
                      "conv_transpose: 4 input channels in 3 groups: the groups must divide them");
    CHECK_THROWS_WITH(nn::conv_transpose(x, w, {.padding = mode::same_upper}),
                      "conv_transpose: .padding = a mode that depends on the forward input: give the amounts");
    const std::vector<float> bias{1, 2, 3};
    CHECK_THROWS_WITH(nn::conv_transpose(x, w, {.bias = bias}),
                      "conv_transpose: a bias of 3 values for 2 output channels");
    CHECK_THROWS_WITH(
        nn::conv_transpose(x, w, {.padding = 9}),
        "conv_transpose: axis 2: the padding of {9, 9} leaves no output: (3 - 1) * 1 + 3 - 9 - 9 + 0 = -13");
}
