// tests/golden/octave.test.cpp -- Octave's conv, conv2, convn and filter2, the same as MATLAB's
#include "golden.hpp"

using namespace faltung;

TEST_CASE("golden: Octave's conv, conv2, convn, filter2", "[golden]") {
    using golden::typed;
    using c64 = std::complex<float>;
    using c128 = std::complex<double>;
    int equal = 0;
    for (golden::line l : golden::read("octave")) {
        INFO(l.text);
        REQUIRE(l.error.empty());
        if (is_empty(l.y.n) && l.x.type == "complex128")
            l.y.type = l.x.type;  // Octave answers with an empty real matrix
        const sense s = l.call == "octave.filter2" ? sense::correlation : sense::convolution;
        std::string const& name = l["shape"];
        const mode m = name == "full" ? mode::full : name == "same" ? mode::same : mode::valid;
        REQUIRE(golden::run<typed<double, double>, typed<float, float>, typed<c128, c128>, typed<c64, c64>,
                            typed<std::uint8_t, std::uint8_t, double>, typed<std::int32_t, std::int32_t, double>>(
            l, octave(m), s));
        if (name == (s == sense::convolution ? "full" : "same") && l.x.type == "float64" && l.h.type == "float64")
            golden::require_same<double, double, double, by_rule>(l, octave, s,
                                                                  golden::bound<double>(l, 0));  // the default
        ++equal;
    }
    CHECK(equal == 210);
}
