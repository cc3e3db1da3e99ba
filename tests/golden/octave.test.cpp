// tests/golden/octave.test.cpp -- Octave's conv, conv2, convn and filter2, the same as MATLAB's
#include "golden.hpp"

using namespace faltung;

TEST_CASE("golden: Octave's conv, conv2, convn, filter2", "[golden]") {
    golden::account done;
    int equal = 0;
    for (golden::line l : golden::read("octave")) {
        INFO(l.text);
        REQUIRE(l.error.empty());
        if (is_empty(l.y.n) && l.x.type == "complex128")
            l.y.type = l.x.type;  // Octave answers with an empty real matrix
        const sense s = l.call == "octave.filter2" ? sense::correlation : sense::convolution;
        std::string const& name = l["shape"];
        const mode m = name == "full" ? mode::full : name == "same" ? mode::same : mode::valid;
        golden::require_same(l, octave(m), s, golden::bound(l));
        if (name == (s == sense::convolution ? "full" : "same"))
            golden::require_same(l, octave, s, golden::bound(l));  // the default
        done.add({l.call, name, golden::parity(l.h.n), golden::types_of(l)});
        ++equal;
    }
    // all of Octave's types; it has no long double
    done.require_every({{"octave.conv", "octave.conv2", "octave.convn", "octave.filter2"},
                        {"full", "same", "valid"},
                        {"odd", "even"},
                        golden::joined(golden::integers, {"bool", "float32", "float64", "complex64", "complex128"})});
    CHECK(equal == 513);
}
