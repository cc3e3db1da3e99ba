// tests/golden/pytorch.test.cpp -- torch.nn.functional.conv1d to conv3d, padding modes, and the transposed ones as
// adjoints
#include "golden.hpp"

#include <faltung/convolve/convolver.hpp>
#include <faltung/geometry/transposed.hpp>

using namespace faltung;

namespace {

using c64 = std::complex<float>;
using c128 = std::complex<double>;

per_axis<index_t> listed(index_list const& values) {
    per_axis<index_t> list = values[0];
    if (values.rank() > 1)
        for (index_t v : values) list.push_back(v);
    return list;
}

padding padding_of(golden::line const& l) {
    if (l["padding"] == "same") return mode::same;
    if (l["padding"] == "valid") return mode::valid;
    const index_list p = l.list("padding", 0);
    return p.rank() == 1 ? padding(p[0]) : p.rank() == 2 ? padding{p[0], p[1]} : padding{p[0], p[1], p[2]};
}

dialect dialect_of(golden::line const& l) {
    const dialect d = pytorch(
        {.padding = padding_of(l), .stride = listed(l.list("stride", 1)), .dilation = listed(l.list("dilation", 1))});
    if (!l.has("padding_mode") || l["padding_mode"] == "zeros") return d;
    boundary const& b = l["padding_mode"] == "reflect"     ? boundary::reflect
                        : l["padding_mode"] == "replicate" ? boundary::replicate
                                                           : boundary::circular;
    return d(b);
}

bool is_transposed(golden::line const& l) { return l.call.find("transpose") != std::string::npos; }

/// The axes of the forward direction; throws what PyTorch refuses.
std::vector<axis> transposed_axes(golden::line const& l) {
    const per_axis<index_t> p = listed(l.list("padding", 0)), more = listed(l.list("output_padding", 0)),
                            stride = listed(l.list("stride", 1)), dilation = listed(l.list("dilation", 1));
    std::vector<axis> axes;
    for (int a = 0; a < l.x.n.rank(); ++a) {
        axis k;
        k.taps = l.h.n[a];
        k.window_stride = stride[a];
        k.dilation = dilation[a];
        k.low = k.high = p[a];
        axes.push_back(transposed_axis(k, l.x.n[a], more[a], "golden", a));
    }
    return axes;
}

template <class T, std::size_t Rank>
void require_adjoint(golden::line const& l) {
    std::array<low_high, Rank> amounts;
    shape extents;
    for (axis const& k : transposed_axes(l)) {
        amounts[static_cast<std::size_t>(extents.rank())] = {k.low, k.high};
        extents.push_back(k.n);
    }
    REQUIRE(extents == l.y.n);
    const padding all = std::apply([](auto... each) { return padding{each...}; }, amounts);
    const dialect d =
        pytorch({.padding = all, .stride = listed(l.list("stride", 1)), .dilation = listed(l.list("dilation", 1))});
    auto const x = golden::as_tensor<T, Rank>(l.x);
    auto h = golden::as_tensor<T, Rank>(l.h);
    for (T& tap : h) tap = conjugate(tap);  // an adjoint does, PyTorch does not
    const convolver<T> plan(as_correlation{}, extents, h, d);
    REQUIRE(plan.output_shape() == l.x.n);
    tensor<T, Rank> y(extents);
    auto scratch = plan.workspace();
    plan.adjoint(x, y, scratch);
    golden::require_equal(l, y, golden::bound<T>(l, 0));
}

}  // namespace

TEST_CASE("golden: torch.nn.functional.conv1d, conv2d, conv3d and torch.nn.Conv1d, Conv2d with a padding_mode",
          "[golden]") {
    using golden::typed;
    int equal = 0, refused = 0, answered = 0, no_type = 0;
    for (golden::line const& l : golden::read("pytorch")) {
        if (is_transposed(l)) continue;
        if (!l.error.empty()) {
            // PyTorch pads by reflection and wrapping only within one period of the input; that limit is not ours
            if (l.has("padding_mode")) {
                REQUIRE_NOTHROW(golden::options_of(dialect_of(l), sense::correlation, l.x.n, l.h.n));
                ++answered;
            } else if (l.error == "TypeError" || l.x.type != l.h.type)
                ++no_type;
            else {
                golden::require_refused(l, dialect_of(l), sense::correlation);
                ++refused;
            }
            continue;
        }
        INFO(l.text);
        REQUIRE(golden::run<typed<float, float>, typed<double, double>, typed<c64, c64>, typed<c128, c128>,
                            typed<std::int8_t, std::int8_t>, typed<std::uint8_t, std::uint8_t>,
                            typed<std::int16_t, std::int16_t>, typed<std::int32_t, std::int32_t>,
                            typed<std::int64_t, std::int64_t>>(l, dialect_of(l), sense::correlation));
        ++equal;
    }
    CHECK(equal == 364);
    CHECK(refused == 55);
    CHECK(answered == 3);
    CHECK(no_type == 13);
}

// conv_transpose of i samples is the adjoint of the convolution with the same options whose input is the result.
TEST_CASE("golden: torch.nn.functional.conv_transpose1d, 2d, 3d are adjoints", "[golden]") {
    int equal = 0, refused = 0, no_type = 0;
    for (golden::line const& l : golden::read("pytorch")) {
        if (!is_transposed(l)) continue;
        INFO(l.text);
        if (!l.error.empty()) {
            if (l.x.type != "float32") {
                ++no_type;
                continue;
            }
            REQUIRE_THROWS_AS(transposed_axes(l), error);
            ++refused;
            continue;
        }
        if (l.y.type == "complex64")
            require_adjoint<c64, 1>(l);
        else if (l.y.type == "complex128")
            require_adjoint<c128, 1>(l);
        else if (l.y.type == "float64")
            require_adjoint<double, 1>(l);
        else if (l.y.type == "int64")
            require_adjoint<std::int64_t, 1>(l);
        else {
            REQUIRE(l.y.type == "float32");
            if (l.x.n.rank() == 1) require_adjoint<float, 1>(l);
            if (l.x.n.rank() == 2) require_adjoint<float, 2>(l);
            if (l.x.n.rank() == 3) require_adjoint<float, 3>(l);
        }
        ++equal;
    }
    CHECK(equal == 145);
    CHECK(refused == 27);
    CHECK(no_type == 7);
}
