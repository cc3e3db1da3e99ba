// tests/golden/numpy.test.cpp -- numpy.convolve and numpy.correlate, with and without swapped operands
#include "golden.hpp"

using namespace faltung;

namespace {

using c64 = std::complex<float>;
using c128 = std::complex<double>;
using c160 = std::complex<long double>;

mode mode_of(golden::line const& l) {
    return l["mode"] == "full" ? mode::full : l["mode"] == "same" ? mode::same : mode::valid;
}

sense sense_of(golden::line const& l) { return l.call == "numpy.convolve" ? sense::convolution : sense::correlation; }

}  // namespace

TEST_CASE("golden: numpy.convolve and numpy.correlate", "[golden]") {
    using golden::typed;
    int equal = 0, other_types = 0, empty = 0;
    for (golden::line const& l : golden::read("numpy")) {
        if (l.call == "numpy.pad") continue;
        const dialect d = numpy(mode_of(l));
        if (!l.error.empty()) {
            // NumPy also refuses an empty input, which has an empty answer here
            ++empty;
            if (is_empty(l.h.n))
                REQUIRE_THROWS_AS((golden::require_same<int, int, int, by_rule>(l, d, sense_of(l), 0)), shape_error);
            continue;
        }
        const bool ran =
            golden::run<typed<std::int32_t, std::int32_t>, typed<double, double>, typed<c128, c128>>(l, d,
                                                                                                     sense_of(l)) ||
            golden::run<typed<bool, bool>, typed<std::int8_t, std::int8_t>, typed<std::uint8_t, std::uint8_t>,
                        typed<std::int16_t, std::int16_t>, typed<std::uint16_t, std::uint16_t>,
                        typed<std::uint32_t, std::uint32_t>, typed<std::int64_t, std::int64_t>,
                        typed<std::uint64_t, std::uint64_t>, typed<float, float>, typed<long double, long double>,
                        typed<c64, c64>, typed<c160, c160>>(l, d, sense_of(l)) ||
            golden::run<typed<std::int8_t, std::uint8_t, std::int16_t>, typed<std::uint8_t, float, float>,
                        typed<std::int32_t, float, double>, typed<float, c64, c64>>(l, d, sense_of(l));
        ++(ran ? equal : other_types);
    }
    CHECK(equal == 14 * 3 * 3 * 2 + 8 + 15 + 4);
    CHECK(other_types == 15 * 15 - 15 - 4);
    CHECK(empty == 12);
}

// The defaults: numpy.convolve answers full, numpy.correlate valid.
TEST_CASE("golden: the default modes of NumPy", "[golden]") {
    for (golden::line const& l : golden::read("numpy")) {
        if (l.call == "numpy.pad" || l.x.type != "int32" || l.h.type != "int32" || !l.error.empty()) continue;
        INFO(l.text);
        if (l["mode"] == (sense_of(l) == sense::convolution ? "full" : "valid"))
            golden::require_same<std::int32_t, std::int32_t, std::int32_t, by_rule>(l, numpy, sense_of(l), 0);
    }
}
