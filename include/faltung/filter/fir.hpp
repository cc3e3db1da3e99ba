// faltung/filter/fir.hpp -- filters of finite response: ideal pass bands, cut to length by a window
#pragma once

#include "windows.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

/// Frequencies that pass, as shares of half the sampling rate.
struct pass_band {
    double low, high;
};

/// b sin(pi b t) / (pi b t): the samples of an ideal low pass up to b.
inline long double ideal_low_pass(long double b, long double t) {
    const long double angle = std::numbers::pi_v<long double> * b * t;
    return angle == 0 ? b : b * std::sin(angle) / angle;
}

inline void require_cutoff(char const* name, double cutoff) {
    if (!(cutoff > 0 && cutoff < 1))
        fail<option_error>(name, ": cutoff ", cutoff, "; it is a share of half the sampling rate, between 0 and 1");
}
inline void require_cutoffs(char const* name, double low, double high) {
    require_cutoff(name, low);
    require_cutoff(name, high);
    if (!(low < high)) fail<option_error>(name, ": the cutoffs ", low, " and ", high, " do not ascend");
}

/// The ideal filter times the window, scaled so that the middle of the first band passes unchanged; the middle of a
/// band that reaches 0 or 1 is that end.
template <class T, viewable Window>
tensor<T, 1> windowed_bands(char const* name, index_t taps, std::initializer_list<pass_band> bands,
                            Window const& window) {
    require_taps(name, taps, 1);
    pass_band const& first = *bands.begin();
    pass_band const& highest = *(bands.end() - 1);
    if (highest.high == 1 && taps % 2 == 0)
        fail<shape_error>(name, ": ", taps, " taps: an even number passes nothing at half the sampling rate; ",
                          taps - 1, " or ", taps + 1, " can");
    const auto w = as_view(window);
    if (w.extent(0) != taps) fail<shape_error>(name, ": a window of ", w.extent(0), " taps for ", taps);
    const long double unchanged = first.low == 0 ? 0 : first.high == 1 ? 1 : (first.low + first.high) / 2.0L;
    const auto tap = [&](index_t i) {
        const long double t = static_cast<long double>(2 * i - (taps - 1)) / 2;
        long double sum = 0;
        for (pass_band const& band : bands) sum += ideal_low_pass(band.high, t) - ideal_low_pass(band.low, t);
        return sum * static_cast<long double>(w(i));
    };
    long double gain = 0;
    for (index_t i = 0; i < taps; ++i)
        gain += tap(i) * std::cos(std::numbers::pi_v<long double> * unchanged *
                                  (static_cast<long double>(2 * i - (taps - 1)) / 2));
    if (!(std::abs(gain) > 0))
        fail<option_error>(name, ": the window leaves nothing of the pass band: a gain of ", gain);
    auto h = tensor<T, 1>::uninitialized({taps});
    for (index_t i = 0; i < taps; ++i) h(i) = static_cast<T>(tap(i) / gain);
    return h;
}

}  // namespace FALTUNG_COMPILED
}  // namespace detail

/// Linear-phase filters, as scipy.signal.firwin designs them: the ideal response times a window of as many taps, a
/// Hamming window unless another one is given. Frequencies are shares of half the sampling rate.
/// The response is exactly 1 at frequency 0 (low_pass, band_stop), at 1 (high_pass), in the middle of the band
/// (band_pass).
/// Types: a floating T, double unless named. Errors: shape_error for an even number of taps where frequency 1 has to
/// pass and for a window of another length; option_error unless 0 < low < high < 1.
namespace fir {
inline namespace FALTUNG_COMPILED {

template <std::floating_point T = double, viewable Window>
tensor<T, 1> low_pass(index_t taps, double cutoff, Window const& window) {
    detail::require_cutoff("fir::low_pass", cutoff);
    return detail::windowed_bands<T>("fir::low_pass", taps, {{0, cutoff}}, window);
}
template <std::floating_point T = double>
tensor<T, 1> low_pass(index_t taps, double cutoff) {
    return low_pass<T>(taps, cutoff, windows::hamming(taps));
}

template <std::floating_point T = double, viewable Window>
tensor<T, 1> high_pass(index_t taps, double cutoff, Window const& window) {
    detail::require_cutoff("fir::high_pass", cutoff);
    return detail::windowed_bands<T>("fir::high_pass", taps, {{cutoff, 1}}, window);
}
template <std::floating_point T = double>
tensor<T, 1> high_pass(index_t taps, double cutoff) {
    return high_pass<T>(taps, cutoff, windows::hamming(taps));
}

template <std::floating_point T = double, viewable Window>
tensor<T, 1> band_pass(index_t taps, double low, double high, Window const& window) {
    detail::require_cutoffs("fir::band_pass", low, high);
    return detail::windowed_bands<T>("fir::band_pass", taps, {{low, high}}, window);
}
template <std::floating_point T = double>
tensor<T, 1> band_pass(index_t taps, double low, double high) {
    return band_pass<T>(taps, low, high, windows::hamming(taps));
}

template <std::floating_point T = double, viewable Window>
tensor<T, 1> band_stop(index_t taps, double low, double high, Window const& window) {
    detail::require_cutoffs("fir::band_stop", low, high);
    return detail::windowed_bands<T>("fir::band_stop", taps, {{0, low}, {high, 1}}, window);
}
template <std::floating_point T = double>
tensor<T, 1> band_stop(index_t taps, double low, double high) {
    return band_stop<T>(taps, low, high, windows::hamming(taps));
}

}  // namespace FALTUNG_COMPILED
}  // namespace fir
}  // namespace faltung
