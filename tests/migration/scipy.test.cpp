// tests/migration/scipy.test.cpp -- calls of NumPy and SciPy, and the same here
#include <faltung/geometry.hpp>

#include "migration/recorded.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("migration: NumPy", "[migration]") {
    // [numpy]
    // numpy.convolve(x, h)
    const auto full = convolve(x, h);
    // numpy.convolve(x, e, "same")
    const auto same = convolve(x, e, numpy(mode::same));
    // numpy.convolve(h, x, "same")
    const auto swapped = convolve(h, x, numpy(mode::same));
    // numpy.correlate(x, h)
    const auto valid = correlate(x, h, numpy);
    // numpy.correlate(x, e, "full")
    const auto lags_from = correlate(x, e, numpy(mode::full));
    // [/numpy]
    require_recorded("numpy.full", full);
    require_recorded("numpy.same", same);
    require_recorded("numpy.swapped", swapped);
    require_recorded("numpy.valid", valid);
    require_recorded("numpy.lags_from", lags_from);
}

TEST_CASE("migration: NumPy's views and copies", "[migration]") {
    // [numpy_arrays]
    // numpy.lib.stride_tricks.sliding_window_view(image, (3, 2))[::2, ::2]
    const auto windows = sliding_window(image, {3, 2}, {.stride = 2});
    // image[1:4, ::-1]
    const auto part = slice(image, range{1, 4}, range{5, -1, -1});
    // image[:, [4, 0, 2]]
    const auto chosen = take(image, 1, {4, 0, 2});
    // numpy.roll(image, (1, -2), axis=(0, 1))
    const auto rolled = roll(image, {1, -2});
    // image.transpose()[:, None, :]
    const auto turned = expand(transpose(image), 1);
    // [/numpy_arrays]
    require_recorded("numpy_arrays.windows", windows);
    require_recorded("numpy_arrays.part", part);
    require_recorded("numpy_arrays.chosen", chosen);
    require_recorded("numpy_arrays.rolled", rolled);
    require_recorded("numpy_arrays.turned", turned);
}

TEST_CASE("migration: scipy.signal", "[migration]") {
    // [scipy_signal]
    // scipy.signal.convolve(image, kernel)
    const auto full = convolve(image, kernel, scipy::signal);
    // scipy.signal.convolve(image, even, mode="same")
    const auto same = convolve(image, even, scipy::signal(mode::same));
    // scipy.signal.correlate(image, even, mode="same")
    const auto correlated = correlate(image, even, scipy::signal(mode::same));
    // scipy.signal.convolve2d(image, kernel, mode="same", boundary="symm")
    const auto mirrored = convolve(image, kernel, scipy::signal2d(mode::same, boundary::symmetric));
    // scipy.signal.convolve2d(image, even, mode="full", boundary="fill", fillvalue=2)
    const auto filled = convolve(image, even, scipy::signal2d(mode::full, boundary::constant(2)));
    // scipy.signal.fftconvolve(kernel, image, mode="valid").round()
    const auto larger = convolve(kernel, image, scipy::signal(mode::valid));
    // [/scipy_signal]
    require_recorded("scipy_signal.full", full);
    require_recorded("scipy_signal.same", same);
    require_recorded("scipy_signal.correlated", correlated);
    require_recorded("scipy_signal.mirrored", mirrored);
    require_recorded("scipy_signal.filled", filled);
    require_recorded("scipy_signal.larger", larger);
}

TEST_CASE("migration: scipy.ndimage", "[migration]") {
    // [scipy_ndimage]
    // scipy.ndimage.convolve(image, even)
    const auto plain = convolve(image, even, scipy::ndimage);
    // scipy.ndimage.correlate(image, kernel, mode="mirror")
    const auto mirror = correlate(image, kernel, scipy::ndimage(boundary::reflect));
    // scipy.ndimage.convolve(image, kernel, mode="wrap", origin=(1, 0))
    const auto moved = convolve(image, kernel, scipy::ndimage(boundary::circular, {.origin = {1, 0}}));
    // scipy.ndimage.convolve1d(image, h, axis=0, mode="nearest")
    const auto along_columns =
        convolve(image, h, {.padding = mode::same, .boundary = boundary::replicate, .axes = {0}});
    // [/scipy_ndimage]
    require_recorded("scipy_ndimage.plain", plain);
    require_recorded("scipy_ndimage.mirror", mirror);
    require_recorded("scipy_ndimage.moved", moved);
    require_recorded("scipy_ndimage.along_columns", along_columns);
}
