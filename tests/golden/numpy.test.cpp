// tests/golden/numpy.test.cpp -- numpy.convolve and numpy.correlate, with and without swapped operands
#include "golden.hpp"

using namespace faltung;

namespace {

mode mode_of(golden::line const& l) {
    return l["mode"] == "full" ? mode::full : l["mode"] == "same" ? mode::same : mode::valid;
}

sense sense_of(golden::line const& l) { return l.call == "numpy.convolve" ? sense::convolution : sense::correlation; }

}  // namespace

TEST_CASE("golden: numpy.convolve and numpy.correlate", "[golden]") {
    golden::account done;
    int equal = 0, empty = 0;
    for (golden::line const& l : golden::read("numpy")) {
        if (l.call == "numpy.pad") continue;  // boundary.test.cpp
        INFO(l.text);
        const dialect d = numpy(mode_of(l));
        if (!l.error.empty()) {
            // NumPy also refuses an empty input, which has an empty answer here
            ++empty;
            if (is_empty(l.h.n))
                REQUIRE_THROWS_AS(golden::answer({l.x, l.h, l.x.type, sense_of(l)}, d), shape_error);
            else
                REQUIRE(is_empty(l.x.n));
            continue;
        }
        golden::require_same(l, d, sense_of(l), golden::bound(l));
        done.add({l.call, l["mode"], golden::parity(l.h.n), golden::types_of(l)});
        ++equal;
    }
    done.require_every(
        {{"numpy.convolve", "numpy.correlate"}, {"full", "same", "valid"}, {"odd", "even"}, golden::all_types});
    CHECK(equal == 442);
    CHECK(empty == 12);
}

// The defaults: numpy.convolve answers full, numpy.correlate valid.
TEST_CASE("golden: the default modes of NumPy", "[golden]") {
    int ran = 0;
    for (golden::line const& l : golden::read("numpy")) {
        if (l.call == "numpy.pad" || l.x.type != "int32" || l.h.type != "int32" || !l.error.empty()) continue;
        if (l["mode"] != (sense_of(l) == sense::convolution ? "full" : "valid")) continue;
        golden::require_same(l, numpy, sense_of(l), 0);
        ++ran;
    }
    CHECK(ran == 29);
}
