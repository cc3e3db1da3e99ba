// tests/golden/onnx.test.cpp -- ONNX Conv and ConvTranspose of one to three axes, by ONNX Runtime
#include <faltung/geometry/transposed.hpp>

#include "windows.hpp"

using namespace faltung;

TEST_CASE("golden: ONNX Conv", "[golden]") {
    using words = golden::account::words;
    golden::account done;
    int equal = 0, refused = 0, answered = 0, no_code = 0;
    for (golden::line const& l : golden::read("onnx")) {
        if (golden::is_transposed(l)) continue;
        INFO(l.text);
        const auto place = [&] { golden::options_of(golden::window_of(onnx, l), sense::correlation, l.x.n, l.h.n); };
        if (l.x.type != "float32") {
            REQUIRE_FALSE(l.error.empty());  // ONNX Runtime has float32 alone: nothing to compare with
            ++no_code;
        } else if (l.error.empty()) {
            golden::require_same(l, golden::window_of(onnx, l), sense::correlation, golden::bound(l));
            done.add({l.call, l["padding"], golden::steps_of(l), golden::parity(l.h.n)});
            ++equal;
        } else if (l["padding"].substr(0, 4) == "SAME") {
            // ONNX defines auto_pad with a dilation, ONNX Runtime has no code for it: published.test.cpp
            REQUIRE(golden::has_dilation(l));
            REQUIRE_NOTHROW(place());
            ++answered;
        } else {
            REQUIRE_THROWS_AS(place(), error);
            ++refused;
        }
    }
    const words calls{"onnx.Conv1", "onnx.Conv2", "onnx.Conv3"}, parities{"odd", "even"};
    done.require_every({calls, {"SAME_UPPER", "SAME_LOWER"}, {"dense", "stride"}, parities});
    done.require_every({calls, {"NOTSET", "VALID"}, {"dense", "stride"}, parities});
    done.require_every({calls, {"EXPLICIT"}, {"dense", "stride", "dilation", "stride and dilation"}, parities});
    CHECK(equal == 669);
    CHECK(refused == 351);
    CHECK(answered == 152);
    CHECK(no_code == 4);
}

TEST_CASE("golden: ONNX ConvTranspose is an adjoint", "[golden]") {
    using words = golden::account::words;
    golden::account done;
    int equal = 0, refused = 0;
    for (golden::line const& l : golden::read("onnx")) {
        if (!golden::is_transposed(l)) continue;
        INFO(l.text);
        const per_axis<index_t> stride = golden::listed(l.list("stride", 1)),
                                dilation = golden::listed(l.list("dilation", 1)),
                                more = golden::listed(l.list("output_padding", 0));
        const bool is_explicit = l["padding"] == "EXPLICIT";
        index_list low;
        const auto split = [&] {
            for (int a = 0; a < l.x.n.rank(); ++a) {
                axis k;
                k.taps = l.h.n[a];
                k.window_stride = stride[a];
                k.dilation = dilation[a];
                if (is_explicit) {
                    k.low = l.list("low", 0)[a];
                    k.high = l.list("high", 0)[a];
                }
                const index_t n = transposed_axis(k, l.x.n[a], more[a], "golden", a).n;
                if (is_explicit) {
                    low.push_back(k.low);
                    if (l.error.empty()) REQUIRE(n == l.y.n[a]);
                } else {  // output_shape and SAME share out what is too long, the odd sample before unless SAME_UPPER
                    const index_t total = n - l.y.n[a];
                    low.push_back(l["padding"] == "SAME_UPPER" ? total / 2 : total - total / 2);
                }
            }
        };
        if (!l.error.empty()) {
            REQUIRE_THROWS_AS(split(), error);
            ++refused;
            continue;
        }
        split();
        golden::require_adjoint(l, low, l.h);
        done.add({l.call, l["padding"], l.has("output_shape") ? "output_shape" : "", golden::steps_of(l),
                  golden::parity(l.h.n)});
        ++equal;
    }
    const words parities{"odd", "even"};
    done.require_every({{"onnx.ConvTranspose1"},
                        {"NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"},
                        {"", "output_shape"},
                        {"dense", "stride", "dilation", "stride and dilation"},
                        parities});
    done.require_every(
        {{"onnx.ConvTranspose2", "onnx.ConvTranspose3"}, {"EXPLICIT"}, {""}, {"dense", "stride"}, parities});
    CHECK(equal == 348);
    CHECK(refused == 8);
}
