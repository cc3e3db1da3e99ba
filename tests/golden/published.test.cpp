// tests/golden/published.test.cpp -- TensorFlow, JAX and ONNX by their published formulas, transposed ones as adjoints
#include "golden.hpp"

#include <faltung/geometry/transposed.hpp>

using namespace faltung;

namespace {

std::string system_of(golden::line const& l) { return l.call.substr(0, l.call.find('.')); }

dialect const& dialect_named(std::string const& system) {
    return system == "tensorflow" ? tensorflow_ : system == "jax" ? jax : onnx;
}

padding padding_named(std::string const& name) {
    if (name == "VALID" || name == "NOTSET") return mode::valid;
    if (name == "SAME_UPPER") return mode::same_upper;
    if (name == "SAME_LOWER") return mode::same_lower;
    REQUIRE(name == "SAME");
    return mode::same;
}

/// The adjoint of correlate(., h) with these paddings, from l.x to l.y.
void require_adjoint(golden::line const& l, golden::array const& h, dialect const& d) {
    golden::require_equal(l, golden::adjoint_answer(l, l.y.n, h, d), 0);
}

}  // namespace

TEST_CASE("golden: convolutions of TensorFlow, JAX and ONNX", "[golden]") {
    std::map<std::string, int> ran;
    for (golden::line const& l : golden::read("published")) {
        if (l.call.find(".conv") + 5 != l.call.size()) continue;
        const padding p = l["padding"] == "EXPLICIT" ? padding{low_high{l.list("low", 0)[0], l.list("high", 0)[0]}}
                                                     : padding_named(l["padding"]);
        const dialect d = dialect_named(system_of(l))({.padding = p,
                                                       .stride = golden::listed(l.list("stride", 1)),
                                                       .dilation = golden::listed(l.list("dilation", 1))});
        golden::require_same(l, d, sense::correlation, golden::bound(l));
        ++ran[system_of(l)];
    }
    CHECK(ran["tensorflow"] == 90);
    CHECK(ran["jax"] == 179);
    CHECK(ran["onnx"] == 161);
}

TEST_CASE("golden: transposed convolutions of TensorFlow, JAX and ONNX", "[golden]") {
    std::map<std::string, int> ran;
    for (golden::line const& l : golden::read("published")) {
        if (l.call.find(".conv_transpose") == std::string::npos) continue;
        INFO(l.text);
        golden::array h = l.h;
        const index_t n = l.x.n[0], k = l.h.n[0], s = l.list("stride", 1)[0], d = l.list("dilation", 1)[0];
        const std::string system = system_of(l);
        ++ran[system];
        if (system == "tensorflow") {
            require_adjoint(l, h, tensorflow_({.padding = padding_named(l["padding"]), .stride = golden::listed({s})}));
        } else if (system == "jax") {
            // its kernel is not reversed, so it is here; low padding a of its stuffed input is k - 1 - a of the output
            std::reverse(h.values.begin(), h.values.end());
            const index_t length = k + s - 2, a = l["padding"] == "VALID" || s > k - 1 ? k - 1 : (length + 1) / 2;
            const index_t low = k - 1 - a, high = (n - 1) * s + k - l.y.n[0] - low;
            require_adjoint(l, h, jax({.padding = {{low, high}}, .stride = golden::listed({s})}));
        } else {
            const axis whole{.n = 0, .taps = k, .window_stride = s, .dilation = d};
            const index_t total = exact_extent(whole, n) + l.list("output_padding", 0)[0] - l.y.n[0];
            index_t low = l.list("low", 0)[0];
            if (l.has("output_shape") || l.has("auto_pad"))
                low = l.has("auto_pad") && l["auto_pad"] == "SAME_UPPER" ? total / 2 : total - total / 2;
            require_adjoint(
                l, h,
                onnx(
                    {.padding = {{low, total - low}}, .stride = golden::listed({s}), .dilation = golden::listed({d})}));
        }
    }
    CHECK(ran["tensorflow"] == 48);
    CHECK(ran["jax"] == 48);
    CHECK(ran["onnx"] == 186);
}
