// tests/nn/conv.test.cpp -- layers against the defining sum, by every method; options, types and errors
#include <faltung/nn/conv.hpp>
#include <faltung/view/copy.hpp>
#include <faltung/view/slice.hpp>

#include "nn/random_layer.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

std::string thrown(auto const& call) {
    try {
        call();
    } catch (error const& e) {
        return e.what();
    }
    return "nothing thrown";
}

template <std::size_t Rank>
void check_random(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
        random_source r(71, i);
        random_layer l(r, i, static_cast<int>(Rank) - 2, "zzzcersw");
        INFO(l.name());
        const auto x = small_tensor<float, Rank>(r, l.x), w = small_tensor<float, Rank>(r, l.w);
        const auto bias = r.many_small<float>(l.w[0]);
        const bool has_bias = r.percent(60);
        if (has_bias) l.options.bias = bias;
        l.options.threads = r.percent(10) ? 2 : 1;
        const auto want = reference::forward<double>(l.layer, as_vector<float>(x), as_vector<float>(w),
                                                     has_bias ? bias : std::vector<float>{});
        double largest = 1;
        for (double v : want) largest = std::max(largest, std::fabs(v));
        for (const method m : l.methods()) {
            l.options.method = m;
            const bool is_exact = m == method::direct || m == method::im2col;  // small integers
            INFO(name_of(m));
            CHECK(distance(nn::conv(x, w, l.options), want) <= (is_exact ? 0 : 1e-4 * largest));
        }
        l.options.method = method::automatic;
        CHECK(nn::conv(x, w, l.options).shape() == l.y);
        channels_last<float, Rank> x_last(l.x), y_last(l.y);
        copy_into(x_last.view(), x);
        nn::conv_into(y_last.view(), x_last.view(), w, l.options);
        CHECK(distance(y_last.view(), want) <= 1e-4 * largest);
    }
}

}  // namespace

TEST_CASE("conv: random layers of 1 spatial axis", "[nn][differential]") { check_random<3>(0, 150); }
TEST_CASE("conv: random layers of 2 spatial axes", "[nn][differential][threads]") { check_random<4>(150, 350); }
TEST_CASE("conv: random layers of 3 spatial axes", "[nn][differential]") { check_random<5>(350, 420); }
TEST_CASE("conv: random layers of 4 spatial axes", "[nn][differential]") {
    random_source r(3);
    const auto x = small_tensor<float, 6>(r, {2, 4, 3, 4, 5, 6}), w = small_tensor<float, 6>(r, {6, 2, 2, 3, 1, 3});
    const reference::layer l{
        {{3, 2, 1, 1, 1, 1, 'z'}, {4, 3, 1, 1, 1, 1, 'z'}, {5, 1, 1, 1, 1, 1, 'z'}, {6, 3, 1, 1, 1, 1, 'z'}},
        2,
        4,
        6,
        2};
    const auto want = reference::forward<double>(l, as_vector<float>(x), as_vector<float>(w), std::vector<float>{});
    CHECK(distance(nn::conv(x, w, {.padding = 1, .groups = 2}), want) <= 1e-3);
}

TEST_CASE("conv: nothing is conjugated", "[nn]") {
    using C = std::complex<double>;
    const tensor<C, 3> x({1, 1, 2}, {C(0, 1), C(2, 0)}), w({1, 1, 2}, {C(0, 1), C(1, 1)});
    const std::vector<C> bias{C(10, 0)};
    const auto y = nn::conv(x, w, {.bias = bias});
    CHECK(y(0, 0, 0) == C(10, 0) + C(0, 1) * C(0, 1) + C(1, 1) * C(2, 0));
}

TEST_CASE("conv: two operands of 8 bits are summed in 32, exactly, about their zero points", "[nn]") {
    static_assert(std::is_same_v<nn::sum_t<std::uint8_t, std::int8_t>, std::int32_t>);
    static_assert(std::is_same_v<nn::sum_t<float, float>, float>);
    for (std::uint64_t i = 0; i < 40; ++i) {
        random_source r(5, i);
        random_layer l(r, i, 2, "zzersw");
        INFO(l.name());
        const auto x = any_tensor<std::uint8_t, 4>(r, l.x);
        const auto w = any_tensor<std::int8_t, 4>(r, l.w);
        const auto bias = r.many_small<std::int32_t>(l.w[0]);
        l.options.bias = bias;
        l.options.zero_points = {r.percent(20) ? 0 : r.between(0, 255), r.percent(50) ? 0 : r.between(-128, 127)};
        std::vector<std::int64_t> dx, dw;
        for (int v : x) dx.push_back(v - l.options.zero_points.input);
        for (int v : w) dw.push_back(v - l.options.zero_points.kernel);
        const auto want = reference::forward<std::int64_t>(l.layer, dx, dw, bias);
        for (const method m : layer_methods) {
            l.options.method = m;
            INFO(name_of(m));
            CHECK(distance(nn::conv(x, w, l.options), want) == 0);
        }
    }
}

TEST_CASE("conv: relu, clamp, a residual and requantisation, in their order", "[nn]") {
    random_source r(8);
    const auto x = small_tensor<float, 4>(r, {2, 3, 6, 7}), w = small_tensor<float, 4>(r, {4, 3, 3, 3});
    const auto plain = nn::conv(x, w, {.padding = 1});
    const auto residual = small_tensor<float, 4>(r, plain.shape());
    const auto same = [&](auto const& y, auto const& each) {
        bool is_same = true;
        for (index_t i = 0; i < y.count(); ++i)
            is_same = is_same && double{y.data()[i]} == each(double{plain.data()[i]}, double{residual.data()[i]});
        return is_same;
    };
    CHECK(
        same(nn::conv(x, w, {.padding = 1, .epilogue = nn::relu}), [](double s, double) { return std::max(s, 0.0); }));
    CHECK(same(nn::conv(x, w, {.padding = 1, .epilogue = nn::leaky_relu{0.5}}),
               [](double s, double) { return s < 0 ? s / 2 : s; }));
    CHECK(same(nn::conv(x, w, {.padding = 1, .epilogue = nn::clamp{-3, 6}}),
               [](double s, double) { return std::clamp(s, -3.0, 6.0); }));
    CHECK(same(nn::conv(x, w, {.padding = 1, .epilogue = {nn::add{residual}, nn::relu}}),
               [](double s, double a) { return std::max(s + a, 0.0); }));
    CHECK(same(nn::conv(x, w, {.padding = 1, .epilogue = {nn::relu, nn::add{residual}}}),
               [](double s, double a) { return std::max(s, 0.0) + a; }));
    const std::vector<float> scales{0.5F, 0.25F, 2, 1};
    const auto bytes = nn::conv<std::int8_t>(x, w, {.padding = 1, .epilogue = nn::requantise{scales, -3}});
    for_each_index(bytes.shape(), [&](index_list const& i) {
        const double s = std::nearbyint(double{plain(i)} * double{scales[static_cast<std::size_t>(i[1])]}) - 3;
        CHECK(int{bytes(i)} == static_cast<int>(std::clamp(s, -128.0, 127.0)));
    });
}

TEST_CASE("conv: a quantised layer, from bytes to bytes", "[nn]") {
    random_source r(10);
    const auto x = any_tensor<std::uint8_t, 4>(r, {1, 3, 6, 7});
    const auto w = any_tensor<std::int8_t, 4>(r, {2, 3, 3, 3});
    // [quantised]
    const std::vector<std::int32_t> bias{1000, -2000};
    const std::vector<double> scales{0.004, 0.0025};  // scale of x * scale of w[o] / scale of y
    const tensor<std::uint8_t, 4> y = nn::conv<std::uint8_t>(
        x, w, {.padding = 1, .bias = bias, .epilogue = nn::requantise{scales, 128}, .zero_points = {.input = 117}});
    // [/quantised]
    std::vector<int> distance_from_zero;
    for (int v : x) distance_from_zero.push_back(v - 117);
    const reference::layer l{{{6, 3, 1, 1, 1, 1, 'z'}, {7, 3, 1, 1, 1, 1, 'z'}}, 1, 3, 2, 1};
    auto want = reference::forward<double>(l, distance_from_zero, as_vector<std::int8_t>(w), bias);
    for (std::size_t i = 0; i < want.size(); ++i)
        want[i] = std::clamp(std::nearbyint(want[i] * scales[i / 42]) + 128, 0.0, 255.0);
    CHECK(distance(y, want) == 0);
}

TEST_CASE("conv: a functor sees every finished row once", "[nn][threads]") {
    random_source r(9);
    const auto x = small_tensor<float, 4>(r, {2, 3, 6, 7}), w = small_tensor<float, 4>(r, {4, 3, 3, 3});
    auto want = nn::conv(x, w);
    for_each_index(want.shape(), [&](index_list const& i) { want(i) = 2 * want(i) + static_cast<float>(i[1]); });
    for (const int threads : {1, 3}) {
        const auto twice = [](std::span<float> row, index_list const& at) {
            for (float& v : row) v = 2 * v + static_cast<float>(at[1]);
        };
        CHECK(difference(nn::conv(x, w, {.threads = threads}, twice), want).empty());
        tensor<float, 4> y(want.shape());
        nn::conv_into(y, x, w, {.threads = threads}, twice);
        CHECK(difference(y, want).empty());
    }
    channels_last<float, 4> y(want.shape());
    CHECK(thrown([&] { nn::conv_into(y.view(), x, w, {}, [](std::span<float>, index_list const&) {}); }) ==
          "conv: rows with a stride of 4 are no spans: a functor on finished rows needs the last axis of the output "
          "without gaps");
}

TEST_CASE("conv: the account of a layer names every method", "[nn]") {
    const tensor<float, 4> x({1, 8, 16, 16}), w({8, 8, 3, 3});
    const std::string lines = nn::explain(x, w, {.padding = 1});
    CHECK(lines.find("* ") != std::string::npos);
    for (const method m : layer_methods) CHECK(lines.find(name_of(m)) != std::string::npos);
    CHECK(lines.find("separable: separable filters one channel") != std::string::npos);
}

TEST_CASE("conv: no image, no output", "[nn]") {
    const tensor<float, 4> none({0, 2, 5, 5}), w({3, 2, 3, 3}), small({1, 2, 2, 2});
    CHECK(nn::conv(none, w).shape() == shape{0, 3, 3, 3});
    CHECK(nn::conv(small, w).shape() == shape{1, 3, 0, 0});
    CHECK(nn::conv(small, w, {.padding = {{0, 1}, {1, 0}}}).shape() == shape{1, 3, 1, 1});
}

TEST_CASE("conv: errors show the numbers", "[nn]") {
    const tensor<float, 4> x({1, 6, 5, 5}), w({4, 3, 3, 3}), w_all({4, 6, 3, 3}), empty({4, 6, 0, 3});
    const std::vector<float> three{1, 2, 3}, four{1, 2, 3, 4};
    const std::vector<std::complex<float>> complex_bias(4);
    CHECK(thrown([&] { nn::conv(x, w, {.groups = 4}); }) ==
          "conv: 6 input channels in 4 groups: the groups must divide them");
    CHECK(thrown([&] { nn::conv(x, w, {.groups = 3}); }) ==
          "conv: 4 output channels in 3 groups: the groups must divide them");
    CHECK(thrown([&] { nn::conv(x, w, {.groups = 0}); }) == "conv: .groups = 0: at least 1 is needed");
    CHECK(thrown([&] { nn::conv(x, w); }) ==
          "conv: a kernel (4, 3, 3, 3) of 3 input channels for an input (1, 6, 5, 5) of 6 channels in 1 group: 6 are "
          "needed");
    CHECK(thrown([&] { nn::conv(x, w_all, {.bias = three}); }) == "conv: a bias of 3 values for 4 output channels");
    CHECK(thrown([&] { nn::conv(x, w_all, {.bias = complex_bias}); }) ==
          "conv: a bias of type complex<float> for sums of type float");
    CHECK(thrown([&] { nn::conv(x, empty); }) ==
          "conv: an empty kernel (4, 6, 0, 3): every axis needs at least 1 channel or tap");
    CHECK(thrown([&] {
              nn::conv(tensor<float, 4>({1, 0, 5, 5}), w);
          }) == "conv: 0 input channels in 1 group: at least 1 is needed");
    CHECK(thrown([&] {
              nn::conv(x, w_all, {.stride = {1, 0}});
          }) == "conv: axis 3: a window stride of 0: at least 1 is needed");
    CHECK(thrown([&] {
              nn::conv(x, w_all, {.epilogue = nn::clamp{2, 1}});
          }) == "conv: clamp{2, 1}: the low end is above the high one");
    CHECK(thrown([&] { nn::conv(x, w_all, {.epilogue = nn::requantise{three}}); }) ==
          "conv: scales of 3 values for 4 output channels");
    CHECK(thrown([&] { nn::conv(x, w_all, {.epilogue = nn::add{x}}); }) ==
          "conv: a residual of shape (1, 6, 5, 5) for an output of (1, 4, 3, 3)");
    CHECK(thrown([&] { nn::conv(x, w_all, {.epilogue = nn::add{}}); }) ==
          "conv: the epilogue adds a residual that neither the plan nor the call has");
    CHECK(thrown([&] { nn::conv(x, w_all, {.zero_points = {.input = 1}}); }) ==
          "conv: .zero_points = {1, 0} are for sums of integers, not of float");
    CHECK(thrown([&] { nn::conv(x, w_all, {.method = method::separable}); }) ==
          "conv: no method is left: separable: separable filters one channel; give channels as an axis of the batch");
    tensor<float, 4> y({1, 4, 3, 3});
    CHECK(thrown([&] { nn::conv_into(y, x, w_all, {.epilogue = nn::add{y}}); }) ==
          "conv: the output overlaps the residual; write into other memory");
    tensor<float, 4> inside({1, 6, 5, 5});
    CHECK(thrown([&] {
              nn::conv_into(slice(inside, all, faltung::range{0, 4}, faltung::range{0, 3}, faltung::range{0, 3}),
                            inside, w_all);
          }) == "conv: the output overlaps the input; write into other memory, then copy");
}

TEST_CASE("conv: 32 bits that could overflow are refused", "[nn]") {
    const tensor<std::uint8_t, 3> x({1, 1000, 80});
    tensor<std::int8_t, 3> w({1, 1000, 70});
    for (std::int8_t& v : w) v = 127;
    CHECK(thrown([&] {
              nn::conv(x, w);
          }).find("do not fit the accumulator int32 with its 2147483647; name a wider one") != std::string::npos);
    const std::vector<std::int64_t> bias{2147483647};
    for (std::int8_t& v : w) v = 0;
    CHECK(nn::conv(x, w, {.bias = bias})(0, 0, 0) == 2147483647);
    w(0, 0, 0) = 1;
    CHECK(
        thrown([&] { nn::conv(x, w, {.bias = bias}); })
            .find(
                "conv: sums of up to 255 * 1 + 2147483647 (the largest sample times the kernel's absolute sum, and the "
                "bias) do not fit") == 0);
}
