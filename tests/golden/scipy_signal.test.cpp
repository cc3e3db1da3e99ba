// tests/golden/scipy_signal.test.cpp -- scipy.signal: convolve, correlate, fftconvolve, oaconvolve, convolve2d,
// correlate2d, lags
#include "golden.hpp"

#include <faltung/geometry/lags.hpp>

using namespace faltung;

namespace {

using c64 = std::complex<float>;
using c128 = std::complex<double>;

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

/// A transform of N samples errs by about 5 u log2 N of the norm of its input, and three of them make one answer; its
/// share of one output is at most that of the whole.
template <class Y>
long double fourier_bound(golden::line const& l) {
    const long double u = static_cast<long double>(std::numeric_limits<real_t<Y>>::epsilon()) / 2;
    long double x = 0, h = 0;
    for (auto const& v : l.x.values) x += std::norm(v);
    for (auto const& v : l.h.values) h += std::norm(v);
    const auto samples = static_cast<long double>(4 * (l.x.values.size() + l.h.values.size()));
    return 3 * 5 * u * std::log2(samples) * std::sqrt(x * h);
}

template <class T>
void require_fourier(golden::line const& l) {
    INFO(l.text);
    golden::require_same<T, T, T, by_rule>(l, dialect_of(l), sense_of(l), fourier_bound<T>(l));
}

}  // namespace

TEST_CASE("golden: scipy.signal.convolve and correlate, 1-D to 3-D and 2-D with boundaries", "[golden]") {
    using golden::typed;
    int equal = 0, other_types = 0, refused = 0, fourier = 0;
    for (golden::line const& l : golden::read("scipy_signal")) {
        if (is_lags(l)) continue;
        if (!l.error.empty()) {
            if (l.x.type == "bool") continue;  // convolve2d takes no bits
            golden::require_refused(l, dialect_of(l), sense_of(l));
            ++refused;
            continue;
        }
        const long double outside = l.has("fillvalue") ? std::stold(l["fillvalue"]) : 0;
        const bool by_transform = l.call == "scipy.signal.fftconvolve" || l.call == "scipy.signal.oaconvolve" ||
                                  (l.has("method") && l["method"] == "fft" && l.y.type == "float64");
        if (by_transform) {
            ++fourier;
            if (l.x.type == "float64" && l.h.type == "float64")
                require_fourier<double>(l);
            else if (l.x.type == "complex64" && l.h.type == "complex64")
                require_fourier<c64>(l);
            else
                --fourier;
            continue;
        }
        const bool ran =
            golden::run<typed<std::int32_t, std::int32_t>, typed<double, double>, typed<float, float>, typed<c64, c64>,
                        typed<c128, c128>, typed<std::uint8_t, std::uint8_t>,
                        typed<std::uint8_t, std::int8_t, std::int16_t>, typed<std::int32_t, float, double>>(
                l, dialect_of(l), sense_of(l), outside);
        ++(ran ? equal : other_types);
    }
    CHECK(equal == 532);
    CHECK(fourier == 148);
    CHECK(refused == 12);
    CHECK(other_types == 145);
}

// scipy.signal.fftconvolve(x, h, axes=[1]) with a kernel of one row: the other axis is a batch.
TEST_CASE("golden: a kernel along one axis", "[golden]") {
    int ran = 0;
    for (golden::line const& l : golden::read("scipy_signal")) {
        if (!l.has("axes")) continue;
        INFO(l.text);
        golden::array h = l.h;
        h.n = {checked::product(l.h.n, "taps")};
        auto const y = convolve(golden::as_tensor<double, 2>(l.x), golden::as_tensor<double, 1>(h),
                                {.padding = mode_of(l), .axes = index_list{l.list("axes", 0)}});
        golden::require_equal(l, y, fourier_bound<double>(l));
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
        const lags all(p[0], sense::correlation);
        std::vector<index_t> each, expected;
        for (index_t o = 0; o < all.count(); ++o) each.push_back(all[o]);
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
