// tests/golden/pytorch.test.cpp -- torch.nn.functional.conv1d to conv3d, padding modes, and the transposed ones as
// adjoints
#include "golden.hpp"

#include <faltung/geometry/transposed.hpp>

using namespace faltung;

namespace {

padding padding_of(golden::line const& l) {
    if (l["padding"] == "same") return mode::same;
    if (l["padding"] == "valid") return mode::valid;
    const index_list p = l.list("padding", 0);
    per_axis<low_high> amounts = low_high{p[0], p[0]};
    if (p.rank() > 1)
        for (index_t v : p) amounts.push_back({v, v});
    return padding(amounts);
}

dialect dialect_of(golden::line const& l) {
    const dialect d = pytorch({.padding = padding_of(l),
                               .stride = golden::listed(l.list("stride", 1)),
                               .dilation = golden::listed(l.list("dilation", 1))});
    if (!l.has("padding_mode") || l["padding_mode"] == "zeros") return d;
    boundary const& b = l["padding_mode"] == "reflect"     ? boundary::reflect
                        : l["padding_mode"] == "replicate" ? boundary::replicate
                                                           : boundary::circular;
    return d(b);
}

bool is_transposed(golden::line const& l) { return l.call.find("transpose") != std::string::npos; }

/// The axes of the forward direction; throws what PyTorch refuses.
std::vector<axis> transposed_axes(golden::line const& l) {
    using golden::listed;
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

void require_adjoint(golden::line const& l) {
    per_axis<low_high> amounts;
    shape inputs;
    for (axis const& k : transposed_axes(l)) {
        amounts.push_back({k.low, k.high});
        inputs.push_back(k.n);
    }
    REQUIRE(inputs == l.y.n);
    // of another system, whose amounts may be below 0, as an output padding can make them
    const dialect d = jax({.padding = padding(amounts),
                           .stride = golden::listed(l.list("stride", 1)),
                           .dilation = golden::listed(l.list("dilation", 1))});
    golden::array h = l.h;
    for (auto& tap : h.values) tap = std::conj(tap);  // an adjoint does, PyTorch does not
    golden::require_equal(l, golden::adjoint_answer(l, inputs, h, d), golden::bound(l));
}

bool is_one_of(golden::account::words const& list, std::string const& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

golden::account::words const floats{"float32", "float64"}, complexes{"complex64", "complex128"},
    integers{"int8", "uint8", "int16", "int32", "int64"};

/// PyTorch 1.13 on a CPU has no bits, uint16, uint32, uint64 and long double here; it reflects and replicates no
/// integers, and has fewer types for transposed convolutions.
bool has_code(golden::line const& l) {
    std::string const& type = l.x.type;
    if (type != l.h.type) return false;
    if (is_one_of(floats, type)) return true;
    if (is_transposed(l)) return type == "int64" || (is_one_of(complexes, type) && l.x.n.rank() == 1);
    if (is_one_of(complexes, type)) return true;
    const bool pads_any = !l.has("padding_mode") || l["padding_mode"] == "zeros" || l["padding_mode"] == "circular";
    return is_one_of(integers, type) && pads_any;
}

}  // namespace

TEST_CASE("golden: torch.nn.functional.conv1d, conv2d, conv3d and torch.nn.Conv1d, Conv2d, Conv3d with a padding_mode",
          "[golden]") {
    using words = golden::account::words;
    golden::account done;
    int equal = 0, refused = 0, answered = 0, no_code = 0;
    for (golden::line const& l : golden::read("pytorch")) {
        if (is_transposed(l)) continue;
        INFO(l.text);
        if (!has_code(l)) {
            REQUIRE_FALSE(l.error.empty());  // nothing to compare with
            ++no_code;
        } else if (l.error.empty()) {
            golden::require_same(l, dialect_of(l), sense::correlation, golden::bound(l));
            done.add({l.call, l["padding"], l.has("padding_mode") ? l["padding_mode"] : "", golden::parity(l.h.n),
                      l.x.type});
            ++equal;
        } else if (l.has("padding_mode")) {
            // PyTorch pads by reflection and wrapping only within one period of the input; that limit is not ours
            REQUIRE_NOTHROW(golden::options_of(dialect_of(l), sense::correlation, l.x.n, l.h.n));
            ++answered;
        } else {
            REQUIRE_THROWS_AS(golden::options_of(dialect_of(l), sense::correlation, l.x.n, l.h.n), error);
            ++refused;
        }
    }
    const words parities{"odd", "even"}, modules{"pytorch.Conv1d", "pytorch.Conv2d", "pytorch.Conv3d"},
        fractions = golden::joined(floats, complexes), everything = golden::joined(integers, fractions);
    done.require_every(
        {{"pytorch.conv1d", "pytorch.conv2d", "pytorch.conv3d"}, {"valid", "same", "1"}, {""}, parities, everything});
    done.require_every({modules, {"same", "1"}, {"zeros", "circular"}, parities, everything});
    done.require_every({modules, {"same", "1"}, {"reflect", "replicate"}, parities, fractions});
    CHECK(equal == 802);
    CHECK(refused == 56);
    CHECK(answered == 3);
    CHECK(no_code == 157);
}

// conv_transpose of i samples is the adjoint of the convolution with the same options whose input is the result.
TEST_CASE("golden: torch.nn.functional.conv_transpose1d, 2d, 3d are adjoints", "[golden]") {
    using words = golden::account::words;
    golden::account done;
    int equal = 0, refused = 0, no_code = 0;
    for (golden::line const& l : golden::read("pytorch")) {
        if (!is_transposed(l)) continue;
        INFO(l.text);
        if (!has_code(l)) {
            REQUIRE_FALSE(l.error.empty());  // nothing to compare with
            ++no_code;
        } else if (l.error.empty()) {
            require_adjoint(l);
            done.add({l.call, l["stride"], l["padding"], golden::parity(l.h.n), l.x.type});
            ++equal;
        } else {
            REQUIRE_THROWS_AS(transposed_axes(l), error);
            ++refused;
        }
    }
    const words parities{"odd", "even"}, line{"pytorch.conv_transpose1d"},
        calls = golden::joined(line, {"pytorch.conv_transpose2d", "pytorch.conv_transpose3d"}),
        transposed = golden::joined(floats, {"int64"});
    done.require_every({calls, {"1"}, {"0"}, parities, transposed});
    done.require_every({calls, {"2"}, {"1"}, parities, transposed});
    done.require_every({line, {"1"}, {"0"}, parities, complexes});
    done.require_every({line, {"2"}, {"1"}, parities, complexes});
    CHECK(equal == 184);
    CHECK(refused == 27);
    CHECK(no_code == 82);
}
