// tests/golden/tensorflow.test.cpp -- TensorFlow's conv1d to conv3d and their transposes, by TensorFlow.js
#include "windows.hpp"

using namespace faltung;

TEST_CASE("golden: TensorFlow's conv1d, conv2d, conv3d", "[golden]") {
    using words = golden::account::words;
    golden::account done, no_answer;
    int equal = 0, refused = 0, nothing = 0, no_code = 0;
    for (golden::line const& l : golden::read("tensorflow")) {
        if (golden::is_transposed(l)) continue;
        INFO(l.text);
        const auto place = [&] {
            golden::options_of(golden::window_of(tensorflow_, l), sense::correlation, l.x.n, l.h.n);
        };
        if (l.x.type != "float32") {
            REQUIRE_FALSE(l.error.empty());  // TensorFlow.js has float32 alone: nothing to compare with
            ++no_code;
        } else if (!l.error.empty()) {
            REQUIRE_THROWS_AS(place(), error);
            no_answer.add({l.call, golden::steps_of(l)});
            ++refused;
        } else if (is_empty(l.y.n)) {
            // A kernel that is one stride or less too long gives TensorFlow no output, a longer one an error. Here both
            // are an error.
            REQUIRE_THROWS_AS(place(), shape_error);
            ++nothing;
        } else {
            golden::require_same(l, golden::window_of(tensorflow_, l), sense::correlation, golden::bound(l));
            done.add({l.call, l["padding"], golden::steps_of(l), golden::parity(l.h.n)});
            ++equal;
        }
    }
    const words calls{"tensorflow.conv1d", "tensorflow.conv2d", "tensorflow.conv3d"}, parities{"odd", "even"};
    done.require_every({calls, {"SAME", "VALID"}, {"dense", "stride"}, parities});
    done.require_every({calls, {"SAME"}, {"dilation"}, parities});
    done.require_every({{"tensorflow.conv2d"}, {"EXPLICIT"}, {"dense", "stride", "dilation"}, parities});
    no_answer.require_every({calls, {"stride and dilation"}});
    CHECK(equal == 214);
    CHECK(refused == 143);
    CHECK(nothing == 27);
    CHECK(no_code == 3);
}

// conv_transpose is the gradient of the convolution whose input has output_size samples.
TEST_CASE("golden: TensorFlow's conv2d_transpose and conv3d_transpose are adjoints", "[golden]") {
    golden::account done;
    int equal = 0;
    for (golden::line const& l : golden::read("tensorflow")) {
        if (!golden::is_transposed(l)) continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        const dialect forward =
            tensorflow_({.padding = golden::padding_of(l), .stride = golden::listed(l.list("stride", 1))});
        // automatic may transform
        golden::require_equal(l, golden::adjoint_answer(l, l.list("output_size", 0), l.h, forward),
                              golden::fourier_bound(l));
        done.add({l.call, l["padding"], golden::steps_of(l), golden::parity(l.h.n)});
        ++equal;
    }
    done.require_every({{"tensorflow.conv2d_transpose", "tensorflow.conv3d_transpose"},
                        {"SAME", "VALID"},
                        {"dense", "stride"},
                        {"odd", "even"}});
    CHECK(equal == 32);
}
