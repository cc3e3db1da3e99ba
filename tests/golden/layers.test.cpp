// tests/golden/layers.test.cpp -- layers, their gradients by autograd, unfold, fold and a quantised layer of PyTorch
#include <faltung/nn.hpp>

#include <algorithm>

#include "golden.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;

namespace {

template <class T, std::size_t Rank>
tensor<T, Rank> tensor_of(golden::array const& a) {
    std::vector<T> values;
    values.reserve(a.values.size());
    for (auto const& v : a.values) values.push_back(static_cast<T>(v.real()));
    return {a.n, values};
}

template <class T, std::size_t Rank>
void require_equal(golden::line const& l, tensor<T, Rank> const& y) {
    REQUIRE(y.shape() == l.y.n);
    for (index_t i = 0; i < y.count(); ++i)  // sums of small integers: exact
        REQUIRE(static_cast<long double>(y.data()[i]) == l.y.values[static_cast<std::size_t>(i)].real());
}

padding padding_of(golden::line const& l) { return std::stoll(l["padding"]); }

boundary boundary_of(golden::line const& l) {
    if (!l.has("padding_mode")) return boundary::zero;
    return l["padding_mode"] == "reflect"     ? boundary::reflect
           : l["padding_mode"] == "replicate" ? boundary::replicate
                                              : boundary::circular;
}

nn::nn_options options_of(golden::line const& l, method m) {
    nn::nn_options o{.padding = padding_of(l), .boundary = boundary_of(l), .stride = std::stoll(l["stride"])};
    o.dilation = l.has("dilation") ? std::stoll(l["dilation"]) : 1;
    o.groups = l.has("groups") ? std::stoll(l["groups"]) : 1;
    o.method = m;
    return o;
}

std::vector<float> bias_of(golden::line const& l) {
    std::vector<float> bias;
    if (l.has("bias"))
        for (const index_t v : l.list("bias", 0)) bias.push_back(static_cast<float>(v));
    return bias;
}

template <std::size_t Rank>
void require_layer(golden::line const& l, method m) {
    const auto x = tensor_of<float, Rank>(l.x), h = tensor_of<float, Rank>(l.h);
    const std::vector<float> bias = bias_of(l);
    if (l.call == "layers.conv_transpose") {
        nn::transposed_options o{.padding = padding_of(l)};
        o.output_padding = std::stoll(l["output_padding"]);
        o.stride = std::stoll(l["stride"]);
        o.dilation = std::stoll(l["dilation"]);
        o.groups = std::stoll(l["groups"]);
        o.bias = bias;
        o.method = m;
        if (l.error.empty())
            require_equal(l, nn::conv_transpose(x, h, o));
        else
            REQUIRE_THROWS_AS(nn::conv_transpose(x, h, o), error);
        return;
    }
    nn::nn_options o = options_of(l, m);
    if (l.call == "layers.gradient_input") return require_equal(l, nn::gradient_input(x, h, l.list("inputs", 0), o));
    if (l.call == "layers.gradient_kernel") return require_equal(l, nn::gradient_kernel(x, h, l.list("kernel", 0), o));
    if (!bias.empty()) o.bias = bias;
    require_equal(l, nn::conv(x, h, o));
}

nn::unfold_options windows_of(golden::line const& l) {
    return {.padding = padding_of(l), .stride = std::stoll(l["stride"]), .dilation = std::stoll(l["dilation"])};
}

}  // namespace

TEST_CASE("golden: torch.nn.functional.conv1d to conv3d of many channels, transposed, and the gradients by autograd",
          "[golden]") {
    int equal = 0, refused = 0;
    for (golden::line const& l : golden::read("layers")) {
        if (l.h.n.rank() == 0 || l.call == "layers.quantised") continue;
        INFO(l.text);
        for (const method m : {method::direct, method::im2col}) {
            if (l.x.n.rank() == 3)
                require_layer<3>(l, m);
            else if (l.x.n.rank() == 4)
                require_layer<4>(l, m);
            else
                require_layer<5>(l, m);
        }
        ++(l.error.empty() ? equal : refused);
    }
    CHECK(equal == 324);
    CHECK(refused == 30);
}

TEST_CASE("golden: torch.nn.functional.unfold and fold", "[golden]") {
    int equal = 0;
    for (golden::line const& l : golden::read("layers")) {
        if (l.h.n.rank() > 0) continue;
        INFO(l.text);
        const per_axis<index_t> taps = golden::listed(l.list("kernel_size", 1));
        if (l.call == "layers.unfold") {
            const auto x = tensor_of<float, 4>(l.x);
            require_equal(l, nn::unfold(x, taps, windows_of(l)).matrix());
        } else
            require_equal(l, nn::fold<2>(tensor_of<float, 3>(l.x), l.list("output_size", 1), taps, windows_of(l)));
        ++equal;
    }
    CHECK(equal == 32);
}

TEST_CASE("golden: torch.nn.quantized.functional.conv2d", "[golden]") {
    int equal = 0;
    for (golden::line const& l : golden::read("layers")) {
        if (l.call != "layers.quantised") continue;
        INFO(l.text);
        const double scale = std::stod(l["scale"]) / std::stod(l["output_scale"]);
        const auto y = nn::conv<std::uint8_t>(tensor_of<std::uint8_t, 4>(l.x), tensor_of<std::int8_t, 4>(l.h),
                                              {.padding = padding_of(l),
                                               .groups = std::stoll(l["groups"]),
                                               .epilogue = nn::requantise{scale, std::stoll(l["output_zero"])},
                                               .zero_points = {.input = std::stoll(l["zero"])}});
        require_equal(l, y);
        ++equal;
    }
    CHECK(equal == 12);
}
