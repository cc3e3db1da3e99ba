// tests/golden/scipy_signal.test.cpp -- scipy.signal: convolve, correlate, fftconvolve, oaconvolve, convolve2d,
// correlate2d, lags
#include "golden.hpp"

#include <faltung/geometry/lags.hpp>

using namespace faltung;

namespace {

sense sense_of(golden::line const& l) {
    return l.call.find("correlate") == std::string::npos ? sense::convolution : sense::correlation;
}

mode mode_of(golden::line const& l) {
    return l["mode"] == "full" ? mode::full : l["mode"] == "same" ? mode::same : mode::valid;
}

bool is_2d(golden::line const& l) { return l.call.substr(l.call.size() - 2) == "2d"; }
bool is_lags(golden::line const& l) { return l.call.find("lags") != std::string::npos; }

dialect dialect_of(golden::line const& l) {
    if (!is_2d(l)) return scipy::signal(mode_of(l));
    boundary const& b = l["boundary"] == "wrap"   ? boundary::circular
                        : l["boundary"] == "symm" ? boundary::symmetric
                                                  : boundary::constant(std::stold(l["fillvalue"]));
    return scipy::signal2d(mode_of(l), b);
}

bool is_by_transform(golden::line const& l) {
    return l.call == "scipy.signal.fftconvolve" || l.call == "scipy.signal.oaconvolve" ||
           (l.has("method") && l["method"] == "fft");
}

/// SciPy has no code for bits in convolve2d, correlate2d, and in the direct convolve and correlate of two axes.
bool takes_no_bits(golden::line const& l) {
    return l.x.type == "bool" && (is_2d(l) || (l.x.n.rank() == 2 && l.has("method") && l["method"] == "direct"));
}

}  // namespace

TEST_CASE("golden: scipy.signal.convolve and correlate, 1-D to 3-D and 2-D with boundaries", "[golden]") {
    using words = golden::account::words;
    golden::account done;
    int equal = 0, refused = 0, no_bits = 0;
    for (golden::line const& l : golden::read("scipy_signal")) {
        if (is_lags(l)) continue;
        INFO(l.text);
        if (takes_no_bits(l)) {
            REQUIRE(l.error == "ValueError");  // nothing to compare with
            ++no_bits;
            continue;
        }
        if (!l.error.empty()) {
            golden::require_refused(l, dialect_of(l), sense_of(l));
            ++refused;
            continue;
        }
        const long double outside = l.has("fillvalue") ? std::stold(l["fillvalue"]) : 0;
        golden::require_same(l, dialect_of(l), sense_of(l),
                             is_by_transform(l) ? golden::fourier_bound(l) : golden::bound(l, outside));
        const std::string how = is_2d(l)          ? l["boundary"] + " " + l["fillvalue"]
                                : l.has("method") ? l["method"] + " " + text(l.x.n.rank())
                                                  : text(l.x.n.rank());
        done.add({l.call, l["mode"], how, golden::parity(l.h.n), golden::types_of(l)});
        ++equal;
    }
    const words modes{"full", "same", "valid"}, parities{"odd", "even"};
    words but_bits = golden::all_types;
    but_bits.erase(std::find(but_bits.begin(), but_bits.end(), "bool"));
    const words both{"scipy.signal.convolve", "scipy.signal.correlate"};
    done.require_every({both, modes, {"direct 1"}, parities, golden::all_types});
    done.require_every({both, modes, {"direct 2", "fft 1", "fft 2"}, parities, but_bits});
    done.require_every(
        {{"scipy.signal.fftconvolve", "scipy.signal.oaconvolve"}, modes, {"1", "2"}, parities, golden::all_types});
    done.require_every({{"scipy.signal.convolve2d", "scipy.signal.correlate2d"},
                        modes,
                        {"fill 0", "fill 3", "wrap 0", "symm 0"},
                        parities,
                        but_bits});
    CHECK(equal == 2420);
    CHECK(refused == 12);
    CHECK(no_bits == 16);
}

// scipy.signal.fftconvolve(x, h, axes=[1]) with a kernel of one row: the other axis is a batch.
TEST_CASE("golden: a kernel along one axis", "[golden]") {
    int ran = 0;
    for (golden::line const& l : golden::read("scipy_signal")) {
        if (!l.has("axes")) continue;
        INFO(l.text);
        const convolve_options along{.padding = mode_of(l), .axes = index_list{l.list("axes", 0)}};
        golden::require_equal(l, golden::answer({l.x, l.h, l.y.type, sense::convolution}, along),
                              golden::fourier_bound(l));
        ++ran;
    }
    CHECK(ran == 6);
}

// correlation_lags is SciPy's own account, off by one for mode same with an odd input and an even kernel; the measured
// lags were read off the outputs of correlate itself.
TEST_CASE("golden: the lag of every output of scipy.signal.correlate", "[golden]") {
    int measured = 0, off_by_one = 0;
    for (golden::line const& l : golden::read("scipy_signal")) {
        if (!is_lags(l)) continue;
        INFO(l.text);
        const index_t n = l.list("n", 0)[0], m = l.list("m", 0)[0];
        problem p;
        axis k;
        k.n = n;
        k.taps = m;
        p.push_back(k);
        scipy::signal(mode_of(l)).place(p, sense::correlation, "golden");
        const lags every(p[0], sense::correlation);
        std::vector<index_t> each, expected;
        for (index_t o = 0; o < every.count(); ++o) each.push_back(every[o]);
        for (auto const& v : l.y.values) expected.push_back(static_cast<index_t>(v.real()));
        const bool is_measured = l.call == "scipy.signal.correlate.lags";
        if (!is_measured && l["mode"] == "same" && n % 2 == 1 && m % 2 == 0) {
            ++off_by_one;
            for (index_t& v : expected) --v;
        }
        measured += is_measured;
        REQUIRE(each == expected);
    }
    CHECK(measured == 75);
    CHECK(off_by_one == 6);
}
