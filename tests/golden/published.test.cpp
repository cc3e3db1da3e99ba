// tests/golden/published.test.cpp -- JAX, and ONNX's auto_pad with a dilation, by their published formulas
#include "windows.hpp"

using namespace faltung;

TEST_CASE("golden: convolutions of JAX, and ONNX's auto_pad with a dilation", "[golden]") {
    golden::account done;
    std::map<std::string, int> ran;
    for (golden::line const& l : golden::read("published")) {
        if (golden::is_transposed(l)) continue;
        golden::require_same(l, golden::window_of(l.call == "jax.conv" ? jax : onnx, l), sense::correlation,
                             golden::bound(l));
        done.add({l.call, l["padding"], golden::steps_of(l), text(l.x.n.rank())});
        ++ran[l.call];
    }
    done.require_every({{"jax.conv"}, {"SAME", "SAME_LOWER", "VALID"}, {"dense", "stride", "dilation"}, {"1", "2"}});
    done.require_every({{"onnx.conv"}, {"SAME_UPPER", "SAME_LOWER"}, {"dilation"}, {"1", "2"}});
    CHECK(ran["jax.conv"] == 179);
    CHECK(ran["onnx.conv"] == 40);
}

TEST_CASE("golden: jax.lax.conv_transpose is an adjoint", "[golden]") {
    int ran = 0;
    for (golden::line const& l : golden::read("published")) {
        if (!golden::is_transposed(l)) continue;
        INFO(l.text);
        // its kernel is not reversed, so it is here; low padding a of its stuffed input is k - 1 - a of the output
        golden::array h = l.h;
        std::reverse(h.values.begin(), h.values.end());
        const index_t k = l.h.n[0], s = l.list("stride", 1)[0];
        const index_t a = l["padding"] == "VALID" || s > k - 1 ? k - 1 : (k + s - 1) / 2;
        golden::require_adjoint(l, {k - 1 - a}, h);
        ++ran;
    }
    CHECK(ran == 48);
}
