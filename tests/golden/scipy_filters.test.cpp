// tests/golden/scipy_filters.test.cpp -- SciPy's kernels: windows, FIR design, Savitzky-Golay, Gaussians
#include <faltung/filter.hpp>

#include "filter_line.hpp"

using namespace faltung;
using golden::integer;
using golden::number;
using golden::numbers;
using golden::u_double;

namespace {

window_form form_of(golden::line const& l) {
    return l["form"] == "periodic" ? window_form::periodic : window_form::symmetric;
}

tensor<double, 1> window_of(golden::line const& l) {
    const std::string name = l.call.substr(std::string("windows.").size());
    const index_t n = integer(l, "n");
    if (name == "hann") return windows::hann(n, form_of(l));
    if (name == "hamming") return windows::hamming(n, form_of(l));
    if (name == "blackman") return windows::blackman(n, form_of(l));
    if (name == "flattop") return windows::flat_top(n, form_of(l));
    if (name == "bartlett") return windows::bartlett(n, form_of(l));
    if (name == "kaiser") return windows::kaiser(n, number(l, "beta"), form_of(l));
    REQUIRE(name == "gaussian");
    return windows::gaussian(n, number(l, "std"), form_of(l));
}

tensor<double, 1> fir_of(golden::line const& l) {
    const index_t taps = integer(l, "taps");
    const std::vector<double> cutoff = numbers(l, "cutoff");
    const tensor<double, 1> window = l["window"] == "hamming" ? windows::hamming(taps)
                                     : l["window"] == "hann"  ? windows::hann(taps)
                                                              : windows::kaiser(taps, 6.5);
    if (l["pass_zero"] == "lowpass") return fir::low_pass(taps, cutoff[0], window);
    if (l["pass_zero"] == "highpass") return fir::high_pass(taps, cutoff[0], window);
    if (l["pass_zero"] == "bandpass") return fir::band_pass(taps, cutoff[0], cutoff[1], window);
    return fir::band_stop(taps, cutoff[0], cutoff[1], window);
}

tensor<double, 1> savitzky_golay_of(golden::line const& l) {
    savitzky_golay_options options{.derivative = integer(l, "derivative")};
    if (l.has("delta")) options.spacing = number(l, "delta");
    if (l.has("position")) options.position = number(l, "position");
    return savitzky_golay(integer(l, "taps"), integer(l, "degree"), options);
}

/// The lines of one call: so many whose taps are `answer`'s to so many u of the largest one, and so many that both
/// refuse.
void require_taps(std::string const& call, tensor<double, 1> (*answer)(golden::line const&), long double roundings,
                  int compared, int refused) {
    for (golden::line const& l : golden::read("scipy_filters")) {
        if (l.call != call) continue;
        INFO(l.text);
        if (l.error.empty()) {
            golden::require_within(l, answer(l), roundings * u_double * golden::largest(l.y));
            --compared;
        } else {
            REQUIRE_THROWS_AS(answer(l), faltung::error);
            --refused;
        }
    }
    CHECK(compared == 0);
    CHECK(refused == 0);
}

}  // namespace

TEST_CASE("golden: scipy.signal.windows", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("scipy_filters")) {
        if (l.call.find("windows.") != 0) continue;
        INFO(l.text);
        // Of tap sizes up to 1; SciPy rounds Kaiser's argument, up to beta, and then takes an exponential of it.
        golden::require_within(l, window_of(l), (8 + (l.has("beta") ? 2 * number(l, "beta") : 0)) * u_double);
        ++compared;
    }
    CHECK(compared == 7 * 2 * (5 + 4 + 2));
}

TEST_CASE("golden: scipy.signal.firwin", "[golden]") { require_taps("firwin", fir_of, 16, 42, 12); }

TEST_CASE("golden: scipy.signal.savgol_coeffs", "[golden]") {
    // SciPy solves a system of powers of up to 12^5, whose condition takes the last 5 digits of its answer.
    require_taps("savgol_coeffs", savitzky_golay_of, 1e5L, 88, 16);
}

TEST_CASE("golden: the taps of scipy.ndimage.gaussian_filter1d", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("scipy_filters")) {
        if (l.call != "gaussian_taps") continue;
        INFO(l.text);
        const int order = static_cast<int>(integer(l, "order"));
        const double sigma = number(l, "sigma");
        const auto bell = gaussian_taps(sigma, {.truncate = number(l, "truncate")});
        const auto taps = gaussian_taps(sigma, {.order = order, .truncate = number(l, "truncate")});
        // A tap is a polynomial times the bell: its terms without their signs, by He[n + 1] = z He[n] - n He[n - 1].
        golden::require_close(l, taps, [&](std::size_t i) {
            const long double z =
                std::abs(static_cast<long double>(i) - static_cast<long double>(taps.count() / 2)) / sigma;
            long double before = 0, terms = 1;
            for (int n = 0; n < order; ++n) {
                const long double next = z * terms + n * before;
                before = terms;
                terms = next;
            }
            return (8 + 2 * order + z * z) * u_double * terms * std::pow(1 / static_cast<long double>(sigma), order) *
                   static_cast<long double>(bell.data()[i]);
        });
        ++compared;
    }
    CHECK(compared == 50);
}
