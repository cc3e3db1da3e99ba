#!/usr/bin/python3
"""Golden vectors: what NumPy, SciPy, OpenCV, scikit-image, PyTorch and Octave answer, as text files beside this script.

    /usr/bin/python3 tests/golden/make_golden.py [system ...]

Debian 12: apt-get install --no-install-recommends python3-scipy python3-torch python3-opencv python3-skimage octave
golden_file.py explains the format. Debian has no TensorFlow, ONNX and JAX: make_published.js asks the first two through
npm's packages, published.py stands in for the third.
"""
import math
import os
import subprocess
import sys
import tempfile
import warnings
from itertools import product

import numpy as np

sys.dont_write_bytecode = True
from golden_file import HERE, fraction_of, golden_file, kind_of, values
from published import published

INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
FLOATS = ["float32", "float64", "longdouble"]
COMPLEX = ["complex64", "complex128", "clongdouble"]
TYPES = ["bool"] + INTEGERS + FLOATS + COMPLEX
MIXED_TYPES = [("int8", "uint8"), ("uint8", "float32"), ("int32", "float32"), ("float32", "complex64")]
LONG = ["longdouble", "clongdouble"]
ODD_EVEN = {1: ["3", "4"], 2: ["3x3", "2x2"], 3: ["3x3x3", "2x2x2"]}
MODES = ["full", "same", "valid"]
LENGTHS = [(1, 1), (5, 1), (1, 4), (7, 3), (7, 4), (6, 3), (6, 4), (5, 5), (4, 4), (3, 7), (3, 6), (4, 7), (4, 6),
           (2, 9)]
PLANES = [("5x4", "3x3"), ("5x4", "2x2"), ("5x4", "4x3"), ("4x6", "1x4"), ("4x6", "4x1"), ("4x6", "2x5"),
          ("1x6", "1x3"), ("3x3", "1x1")]
LARGER = [("2x3", "4x5"), ("3x2", "5x3"), ("1x1", "3x2")]
MIXED = [("2x6", "4x3"), ("5x2", "2x4")]


def extremes(out, dtype, length, role):
    """An operand near the ends of an integer type's range, so that narrow sums wrap."""
    info = np.iinfo(dtype)
    pools = {"x": [info.max, info.min or info.max - 1, 3, info.max // 2 + 1],
             "h": [2, info.max - 2, info.min // 3 or 5]}
    return out.define(f"{role}_ends_of_{dtype}", np.array(pools[role][:length], dtype=dtype))


def ends_of_range(out):
    """Integers whose sums wrap, and pairs of different element types."""
    for a, b in [(t, t) for t in INTEGERS] + [("int8", "uint8")]:
        yield f"{extremes(out, a, 4, 'x')}:{a}", f"{extremes(out, b, 3, 'h')}:{b}"
    for a, b in MIXED_TYPES:
        yield f"{fraction_of(a)}x4:{a}", f"{fraction_of(b)}h3:{b}"


def every_type(n, kernels, types=TYPES):
    """x of shape n and each kernel, in every element type: the matrix that the tests require has an odd and an even
    kernel, as many taps on every axis, and each element type of the call. (faltung has no float16.)"""
    for dtype, k in product(types, kernels):
        yield f"{fraction_of(dtype)}x{n}:{dtype}", f"{fraction_of(dtype)}h{k}:{dtype}"


def pads(out, call, modes, pad):
    """Boundaries by themselves: short inputs, overhangs of many periods, corners."""
    for mode in modes:
        for n, low, high in [(1, 3, 4), (2, 5, 6), (3, 1, 2), (3, 7, 8), (5, 4, 4), (5, 5, 9), (4, 0, 13)]:
            out.ask(call, pad, f"ix{n}:int32", mode=mode, low=[low], high=[high])
        for shape, low, high in [("2x3", [3, 2], [1, 4]), ("3x1", [2, 2], [2, 2])]:
            out.ask(call, pad, f"ix{shape}:int32", mode=mode, low=low, high=high)


def numpy_():
    out = golden_file("numpy", f"NumPy {np.__version__}: convolve, correlate, pad")
    for (n, m), mode in product(LENGTHS, MODES):
        for kind, dtype in [("i", "int32"), ("r", "float64"), ("c", "complex128")]:
            for call in ["convolve", "correlate"]:
                out.ask("numpy." + call, getattr(np, call), f"{kind}x{n}:{dtype}", f"{kind}h{m}:{dtype}", mode=mode)
    for x, h in [("ix0:int32", "ih3:int32"), ("ix3:int32", "ih0:int32")]:
        for call, mode in product(["convolve", "correlate"], MODES):
            out.ask("numpy." + call, getattr(np, call), x, h, mode=mode)
    for (x, h), call, mode in product(every_type("6", ODD_EVEN[1]), ["convolve", "correlate"], MODES):
        out.ask("numpy." + call, getattr(np, call), x, h, mode=mode)
    for x, h in ends_of_range(out):
        for call in ["convolve", "correlate"]:
            out.ask("numpy." + call, getattr(np, call), x, h, mode="full")
    for kind, dtype in [("r", "float32"), ("r", "longdouble"), ("z", "complex64"), ("z", "complex128")]:
        for call in ["convolve", "correlate"]:
            out.ask("numpy." + call, getattr(np, call), f"{kind}x9:{dtype}", f"{kind}h4:{dtype}", mode="same")

    def pad(x, mode, low, high, **constant):
        return np.pad(x, list(zip(low, high)), mode=mode, **constant)

    # not "wrap": NumPy before 1.25 answers wrongly where a pad is longer than the input; OpenCV's has it
    pads(out, "numpy.pad", ["edge", "reflect", "symmetric"], pad)
    for x, low, high in [("ix3:int32", [2], [4]), ("ix2x3:int32", [1, 2], [2, 0])]:
        out.ask("numpy.pad", pad, x, mode="constant", low=low, high=high, constant_values=7)
    out.write()


def scipy_signal():
    import scipy
    from scipy import signal
    out = golden_file("scipy_signal", f"SciPy {scipy.__version__}: scipy.signal")

    def ask(call, x, h, **options):
        out.ask("scipy.signal." + call, getattr(signal, call), x, h, **options)

    for (n, m), mode, call in product(LENGTHS, MODES, ["convolve", "correlate"]):
        for kind, dtype in [("i", "int32"), ("c", "complex128")]:
            ask(call, f"{kind}x{n}:{dtype}", f"{kind}h{m}:{dtype}", mode=mode, method="direct")
        ask(call, f"rx{n}:float64", f"rh{m}:float64", mode=mode, method="fft")
    for (x, h), mode, call in product(PLANES + LARGER + MIXED, MODES, ["convolve", "correlate"]):
        ask(call, f"ix{x}:int32", f"ih{h}:int32", mode=mode, method="direct")
        if h in ("2x3", "2x5", "4x5"):
            ask(call, f"ix{x}:int32", f"ih{h}:int32", mode=mode, method="fft")
            ask(call, f"cx{x}:complex128", f"ch{h}:complex128", mode=mode, method="direct")
    by_transform = [("7", "4"), ("4", "7"), ("4x4", "2x3"), ("2x2", "3x2"), ("2x6", "4x3")]
    for (x, h), mode, call in product(by_transform, MODES, ["fftconvolve", "oaconvolve"]):
        ask(call, f"rx{x}:float64", f"rh{h}:float64", mode=mode)
        ask(call, f"zx{x}:complex64", f"zh{h}:complex64", mode=mode)
    for mode, axes in product(MODES, [[0], [1]]):
        ask("fftconvolve", "rx4x6:float64", "rh1x4:float64" if axes == [1] else "rh4x1:float64", mode=mode, axes=axes)
    for mode, call in product(MODES, ["convolve", "correlate"]):
        ask(call, "ix3x4x3:int32", "ih2x3x2:int32", mode=mode, method="direct")
    fill = [("fill", 0), ("fill", 3), ("wrap", 0), ("symm", 0)]
    few = [pair for pair in PLANES + LARGER if pair[1] in ("3x3", "4x3", "2x5", "4x5", "3x2")]
    both = ["convolve2d", "correlate2d"]
    for (x, h), mode, (boundary, value), call in product(PLANES + LARGER + MIXED, MODES, fill, both):
        if (boundary, value) == ("fill", 0) or (x, h) in few:
            ask(call, f"ix{x}:int32", f"ih{h}:int32", mode=mode, boundary=boundary, fillvalue=value)
    for mode, (boundary, value), call in product(MODES, fill, ["convolve2d", "correlate2d"]):
        more = [("r", "float64"), ("c", "complex64"), ("u", "uint8")] if mode == "same" else []
        for kind, dtype in [("r", "float32"), ("z", "complex128")] + more:
            ask(call, f"{kind}x3x4:{dtype}", f"{kind}h2x3:{dtype}", mode=mode, boundary=boundary, fillvalue=value)
    calls = ["convolve", "correlate"]
    for n, kernels in [("6", ODD_EVEN[1]), ("3x4", ODD_EVEN[2])]:
        for (x, h), mode in product(every_type(n, kernels), MODES):
            for call, method in product(calls, ["direct", "fft"]):
                if (method, x[-5:]) != ("fft", ":bool"):  # which makes 1 of the transform's rounding errors, too
                    ask(call, x, h, mode=mode, method=method)
            for call in ["fftconvolve", "oaconvolve"]:
                ask(call, x, h, mode=mode)
    for (x, h), call, mode, (boundary, value) in product(every_type("3x4", ODD_EVEN[2]), both, MODES, fill):
        if not x.endswith(":bool") or (mode, boundary, value) == ("full", "fill", 0):  # convolve2d takes no bits
            ask(call, x, h, mode=mode, boundary=boundary, fillvalue=value)
    for (x, h), call in product(ends_of_range(out), calls):
        ask(call, x, h, mode="full", method="direct")
    for (a, b), mode in product(MIXED_TYPES, MODES):
        x, h = f"{fraction_of(a)}x3x4:{a}", f"{fraction_of(b)}h2x2:{b}"
        for call in calls:
            ask(call, x, h, mode=mode, method="direct")
        for call in both:
            ask(call, x, h, mode=mode, boundary="symm", fillvalue=0)
    # correlation_lags is off by one for "same" with odd n and even m; the measured ones are what correlate really does
    for n, m, mode in product(range(1, 6), range(1, 6), MODES):
        sizes = {"n": n, "m": m, "mode": mode}
        out.record("scipy.signal.correlation_lags", sizes, {}, signal.correlation_lags(n, m, mode))
        out.record("scipy.signal.correlate.lags", sizes, {}, measured_lags(n, m, mode))
    out.write()


def measured_lags(n, m, mode):
    """The lag of every output of scipy.signal.correlate, read off for x = 1, 2, ..., n and one tap at a time."""
    from scipy import signal
    lags = {}
    for t in range(m):
        tap = np.zeros(m, int)
        tap[t] = 1
        for o, v in enumerate(signal.correlate(np.arange(1, n + 1), tap, mode, method="direct")):
            if v:
                lags[o] = v - 1 - t
    return np.array([lags[o] for o in sorted(lags)])


def scipy_ndimage():
    import scipy
    from scipy import ndimage
    out = golden_file("scipy_ndimage", f"SciPy {scipy.__version__}: scipy.ndimage")
    modes = [("reflect", 0), ("mirror", 0), ("nearest", 0), ("wrap", 0), ("constant", 0), ("constant", 3)]

    def ask(call, x, h, **options):
        out.ask("scipy.ndimage." + call, getattr(ndimage, call), x, h, **options)

    for call, (mode, value) in product(["convolve", "correlate"], modes):
        for x, h in PLANES + LARGER + MIXED + [("2x3", "7x6")]:
            sizes = [int(k) for k in h.split("x")]
            origins = {(0, 0), (-(sizes[0] // 2), (sizes[1] - 1) // 2)}
            if value == 0:
                origins.add(((sizes[0] - 1) // 2, -(sizes[1] // 2)))
            for origin in sorted(origins):
                ask(call, f"ix{x}:int32", f"ih{h}:int32", mode=mode, cval=value, origin=list(origin))
        for n, k in product([1, 2, 5], [2, 3, 4, 7]):
            for origin in [] if (mode, value) == ("constant", 0) else sorted({0, -(k // 2), (k - 1) // 2}):
                ask(call + "1d", f"ix{n}:int32", f"ih{k}:int32", mode=mode, cval=value, origin=origin)
        for axis in [0, 1]:
            ask(call + "1d", "ix3x4:int32", "ih2:int32", mode=mode, cval=value, origin=0, axis=axis)
        ask(call, "ix3x4x2:int32", "ih2x3x2:int32", mode=mode, cval=value, origin=[0, 1, -1])
        ask(call, "rx3x4:float64", "rh2x3:float64", mode=mode, cval=value)
        ask(call, "rx3x4:float32", "rh2x3:float32", mode=mode, cval=value)
        ask(call, "zx3x4:complex128", "zh2x3:complex128", mode=mode, cval=value)
        ask(call + "1d", "cx6:complex64", "ch4:complex64", mode=mode, cval=value)
        ask(call, "rx3x4:float64", "ch2x3:complex128", mode=mode, cval=value)
    for mode in ["grid-mirror", "grid-wrap", "grid-constant"]:
        ask("correlate", "ix4x3:int32", "ih2x5:int32", mode=mode, cval=2)
    for call, h, origin in product(["convolve", "correlate"], ["3x3", "2x2"], [[2, 0], [0, -2], [1, 1], [-1, -1]]):
        ask(call, "ix5x4:int32", f"ih{h}:int32", mode="reflect", origin=origin)
    # Integers of every width, truncated: the kernel is a float64 there whatever it was, and so are the sums. Bits get a
    # kernel of ones: ndimage truncates their sums below 1 to 0, which is 1 to faltung as to everybody else.
    spelled = modes + [("grid-mirror", 0), ("grid-wrap", 0), ("grid-constant", 3)]
    for (n, kernels, form), call in product([("6", ODD_EVEN[1], "1d"), ("3x4", ODD_EVEN[2], "")],
                                            ["convolve", "correlate"]):
        for dtype, k, (mode, value), origin in product(TYPES, kernels, spelled, [0, -1]):
            if dtype not in LONG:
                h = f"bh{k}:bool" if dtype == "bool" else f"eh{k}:float64"
                ask(call + form, f"{fraction_of(dtype)}x{n}:{dtype}", h, mode=mode, cval=value, origin=origin)
        for dtype in LONG:  # refused
            ask(call + form, f"{kind_of(dtype)}x{n}:{dtype}", f"eh{kernels[0]}:float64", mode="reflect", origin=0)
    half = out.define("halves", [[0.5, -0.25, 0.75]])
    for a, output in [("uint8", None), ("uint8", "int16"), ("uint8", "float32"), ("uint8", "float64"),
                      ("int8", "uint8"), ("int16", None), ("int32", None), ("int64", None), ("uint16", None),
                      ("float32", "int16"), ("float64", "uint8"), ("float64", "float32"), ("complex128", "float64")]:
        ask("correlate", f"{kind_of(a)}x3x4:{a}", f"{half}:float64", mode="nearest",
            **({} if output is None else {"output": output}))
    out.write()


def opencv():
    import cv2
    out = golden_file("opencv", f"OpenCV {cv2.__version__}: filter2D, copyMakeBorder")
    borders = {"CONSTANT": cv2.BORDER_CONSTANT, "REPLICATE": cv2.BORDER_REPLICATE, "REFLECT": cv2.BORDER_REFLECT,
               "REFLECT_101": cv2.BORDER_REFLECT_101, "WRAP": cv2.BORDER_WRAP, "DEFAULT": cv2.BORDER_DEFAULT}
    depths = {"uint8": cv2.CV_8U, "int16": cv2.CV_16S, "uint16": cv2.CV_16U, "float32": cv2.CV_32F,
              "float64": cv2.CV_64F}

    # anchors are written row, column here; the call takes column, row
    def filter2d(x, h, border="DEFAULT", anchor=(-1, -1), ddepth=None):
        return cv2.filter2D(x, -1 if ddepth is None else depths[ddepth], h, anchor=(anchor[1], anchor[0]),
                            borderType=borders[border])

    def ask(x, h, **options):
        out.ask("opencv.filter2D", filter2d, x, h, **options)

    for border, (x, h) in product(borders, PLANES + LARGER + MIXED + [("2x3", "7x6")]):
        if border == "WRAP" and h != "3x3":
            continue
        rows, columns = (int(k) for k in h.split("x"))
        for anchor in sorted({(-1, -1), (0, 0), (rows - 1, columns - 1), (rows - 1, 0)}):
            ask(f"ix{x}:float32", f"ih{h}:float32", border=border, anchor=list(anchor))
    for anchor in [(3, 0), (0, 3), (-2, 0)]:
        ask("ix5x4:float32", "ih3x3:float32", border="REPLICATE", anchor=list(anchor))
    ramp = out.define("bytes", [[0, 1, 3, 255], [254, 128, 7, 5], [250, 2, 9, 100]])
    half = out.define("halves", [[0.5, -0.25, 0.75]])
    sign = out.define("signs", [[1, -2], [-1, 3]])
    big = out.define("weights", [[20, 60], [-90, 40]])
    for source, ddepth in product(depths, [None, *depths]):
        for h in [half, sign, big]:
            ask(f"{ramp}:{source}", f"{h}:float64" if source == "float64" else f"{h}:float32", border="REFLECT_101",
                **({} if ddepth is None else {"ddepth": ddepth}))
    taken = [("uint8", t) for t in depths] + [(s, t) for s in ["uint16", "int16"] for t in [s, "float32", "float64"]]
    taken += [("float32", "float32"), ("float64", "float64")]
    for (source, ddepth), border, k, anchor in product(taken, borders, ODD_EVEN[2], [(-1, -1), (0, 0)]):
        if border != "WRAP":
            x = "rx3x4" if source.startswith("float") else ramp
            ask(f"{x}:{source}", f"sh{k}:{'float64' if source == 'float64' else 'float32'}", border=border,
                anchor=list(anchor), ddepth=ddepth)
    for source in TYPES:
        if source not in depths:  # refused
            ask(f"{kind_of(source)}x3x4:{source}", "ih2x2:float32", border="REPLICATE")
    for border in borders:
        ask("rx4x5:float32", "rh2x3:float32", border=border)
        ask("rx4x5:float64", "rh2x3:float64", border=border)
        ask("ux4x5:uint8", "ih2x3:float32", border=border)

    def pad(x, mode, low, high):
        if x.ndim == 1:
            return pad(x[None], mode, [0] + low, [0] + high)[0]
        return cv2.copyMakeBorder(x, low[0], high[0], low[1], high[1], borders[mode], value=0)

    pads(out, "opencv.copyMakeBorder", [b for b in borders if b not in ("CONSTANT", "DEFAULT")], pad)
    out.write()


def scipy_filters():
    import scipy
    from scipy import ndimage, signal
    out = golden_file("scipy_filters", f"SciPy {scipy.__version__}: kernels, smoothing, derivatives, resampling")

    def tell(call, function, **options):
        try:
            answer = function(**options)
        except Exception as refusal:
            answer = refusal
        out.record(call, options, {}, answer)

    parameters = {"kaiser": [("beta", b) for b in [0, 0.5, 8.6, 40.0]], "gaussian": [("std", s) for s in [0.4, 2.5]]}
    for name in ["hann", "hamming", "blackman", "flattop", "bartlett", "kaiser", "gaussian"]:
        window = getattr(signal.windows, name)
        for n, form, parameter in product([0, 1, 2, 3, 8, 9, 32], ["symmetric", "periodic"],
                                          parameters.get(name, [None])):
            more = {} if parameter is None else {parameter[0]: parameter[1]}
            tell("windows." + name, lambda n, form, **more: window(n, sym=form == "symmetric", **more),
                 n=n, form=form, **more)

    def firwin(taps, cutoff, pass_zero, window):
        return signal.firwin(taps, cutoff, pass_zero=pass_zero,
                             window={"kaiser": ("kaiser", 6.5)}.get(window, window))

    bands = [("lowpass", [0.25]), ("highpass", [0.6]), ("bandpass", [0.2, 0.45]), ("bandstop", [0.3, 0.8])]
    for taps, (kind, cutoff), window in product([1, 2, 9, 12, 33], bands, ["hamming", "hann", "kaiser"]):
        if taps > 2 or window != "hann":  # whose ends are 0
            tell("firwin", firwin, taps=taps, cutoff=cutoff, pass_zero=kind, window=window)
    tell("firwin", firwin, taps=9, cutoff=[1.0], pass_zero="lowpass", window="hamming")
    tell("firwin", firwin, taps=9, cutoff=[0.5, 0.5], pass_zero="bandpass", window="hamming")

    for taps, degree, derivative in product([1, 5, 6, 11, 25], [0, 2, 3, 5], [0, 1, 2, 4]):
        tell("savgol_coeffs", lambda taps, degree, derivative: signal.savgol_coeffs(taps, degree, deriv=derivative),
             taps=taps, degree=degree, derivative=derivative)
    for taps, position, derivative, delta in product([5, 8], [0, 3, 1.25], [0, 1], [1.0, 0.25]):
        tell("savgol_coeffs", lambda taps, degree, derivative, delta, position: signal.savgol_coeffs(
            taps, degree, deriv=derivative, delta=delta, pos=position),
             taps=taps, degree=3, derivative=derivative, delta=delta, position=position)

    def gaussian_taps(sigma, order, truncate):
        radius = int(truncate * sigma + 0.5)
        impulse = np.zeros(2 * radius + 1)
        impulse[radius] = 1
        return ndimage.gaussian_filter1d(impulse, sigma, order=order, truncate=truncate, mode="constant")

    for sigma, order, truncate in product([0.1, 0.5, 1.0, 2.7, 6.0], [0, 1, 2, 3, 5], [4.0, 2.5]):
        tell("gaussian_taps", gaussian_taps, sigma=sigma, order=order, truncate=truncate)

    def ask(call, function, x, **options):
        out.ask(call, function, x, **options)

    modes = ["reflect", "mirror", "nearest", "wrap", "constant"]
    for mode, (x, dtype) in product(modes, [("rx7x9", "float64"), ("rx7x9", "float32"), ("rx3x4", "float64"),
                                            ("rx4x5x6", "float64")]):
        rank = x.count("x") if x[1] == "x" else 1
        for sigma, order in [([1.0], [0]), ([1.5], [1]), ([0.7, 2.0, 0.5][:rank], [0, 2, 1][:rank])]:
            ask("gaussian_filter", lambda a, sigma, order, mode: ndimage.gaussian_filter(
                a, sigma if len(sigma) > 1 else sigma[0], order if len(order) > 1 else order[0], mode=mode),
                f"{x}:{dtype}", sigma=sigma, order=order, mode=mode)
        for axis, name in product(range(rank), ["sobel", "prewitt"]):
            ask(name, getattr(ndimage, name), f"{x}:{dtype}", axis=axis, mode=mode)
        ask("laplace", ndimage.laplace, f"{x}:{dtype}", mode=mode)
        for name in ["gaussian_laplace", "gaussian_gradient_magnitude"]:
            ask(name, getattr(ndimage, name), f"{x}:{dtype}", sigma=1.2, mode=mode)

    # ndimage keeps the sums of an axis in the type of the output: in a wide one differences of integers are exact
    for mode, dtype in product(modes, ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]):
        x = f"{kind_of(dtype)}x7x9:{dtype}"
        for axis, name in product([0, 1], ["sobel", "prewitt"]):
            ask(name, getattr(ndimage, name), x, axis=axis, mode=mode, output="int64")
        ask("laplace", ndimage.laplace, x, mode=mode, output="int64")
        ask("gaussian_filter", ndimage.gaussian_filter, x, sigma=1.5, order=0, mode=mode, output="float64")

    for n, k, up, down in product([1, 5, 12], [1, 2, 5, 12], [1, 2, 3, 7], [1, 2, 3, 5]):
        out.ask("upfirdn", lambda x, h, up, down: signal.upfirdn(h, x, up, down), f"rx{n}:float64", f"rh{k}:float64",
                up=up, down=down)
    for n, up, down in product([1, 7, 40], [1, 2, 3, 4], [1, 2, 3, 6]):
        ask("resample_poly", signal.resample_poly, f"rx{n}:float64", up=up, down=down)
    out.write()


def opencv_filters():
    import cv2
    out = golden_file("opencv_filters", f"OpenCV {cv2.__version__}: kernels, Sobel, Scharr, Laplacian")
    borders = {"CONSTANT": cv2.BORDER_CONSTANT, "REPLICATE": cv2.BORDER_REPLICATE, "REFLECT": cv2.BORDER_REFLECT,
               "REFLECT_101": cv2.BORDER_REFLECT_101}
    depths = {"uint8": cv2.CV_8U, "int16": cv2.CV_16S, "uint16": cv2.CV_16U, "float32": cv2.CV_32F,
              "float64": cv2.CV_64F}
    for taps, sigma, depth in product([1, 2, 3, 4, 5, 7, 9, 11, 16, 31], [0, 0.6, 2.0, 5.5], ["float32", "float64"]):
        out.record("getGaussianKernel", {"taps": taps, "sigma": sigma, "depth": depth}, {},
                   cv2.getGaussianKernel(taps, sigma, depths[depth]).ravel())
    for taps, order in product([1, 3, 5, 7, 9, 31], range(5)):
        if order < taps:
            out.record("getDerivKernels", {"taps": taps, "order": order}, {},
                       cv2.getDerivKernels(order, 1 if order == 0 else 0, taps, ktype=cv2.CV_64F)[0].ravel())
    for taps, sigma, theta, wavelength, aspect, phase in [(5, 1.5, 0.0, 3.0, 1.0, 0.0), (9, 2.0, 0.7, 4.0, 0.5, 0.3),
                                                          (7, 1.0, 2.2, 6.0, 2.0, -1.0)]:
        out.record("getGaborKernel", {"taps": taps, "sigma": sigma, "angle": theta, "wavelength": wavelength,
                                      "aspect": aspect, "phase": phase}, {},
                   cv2.getGaborKernel((taps, taps), sigma, theta, wavelength, aspect, phase))
    image = out.define("image", (np.arange(48).reshape(6, 8) ** 2 * 37 + np.arange(48).reshape(6, 8) * 11) % 256)
    pairs = [("uint8", "uint8"), ("uint8", "int16"), ("uint8", "float32"), ("uint8", "float64"), ("int16", "int16"),
             ("int16", "float32"), ("int16", "float64"), ("uint16", "uint16"), ("uint16", "float32"),
             ("uint16", "float64"), ("float32", "float32"), ("float64", "float64")]
    for border, (source, depth) in product(borders, pairs):
        x = f"{'rx6x8' if source.startswith('float') else image}:{source}"
        for (dy, dx), taps in product([(0, 1), (1, 0), (1, 1), (0, 2)], [1, 3, 5, 7]):
            if taps > 1 or (dy, dx) != (1, 1):
                out.ask("Sobel", lambda a, dy, dx, taps, border, depth: cv2.Sobel(
                    a, depths[depth], dx, dy, ksize=taps, borderType=borders[border]), x, dy=dy, dx=dx, taps=taps,
                        border=border, depth=depth)
        for dy, dx in [(0, 1), (1, 0)]:
            out.ask("Scharr", lambda a, dy, dx, border, depth: cv2.Scharr(a, depths[depth], dx, dy,
                                                                         borderType=borders[border]),
                    x, dy=dy, dx=dx, border=border, depth=depth)
        if source.startswith("float"):
            for taps, sigma in product([3, 5, 11], [0, 1.3]):
                out.ask("GaussianBlur", lambda a, taps, sigma, border, depth: cv2.GaussianBlur(
                    a, (taps, taps), sigma, borderType=borders[border]), x, taps=taps, sigma=sigma, border=border,
                        depth=depth)
        for taps in [1, 3, 5]:
            out.ask("Laplacian", lambda a, taps, border, depth: cv2.Laplacian(a, depths[depth], ksize=taps,
                                                                              borderType=borders[border]),
                    x, taps=taps, border=border, depth=depth)
    out.write()


def opencv_blurs():
    """Where OpenCV's own rounding is what there is to see: fixed point of 8 and 16 bits."""
    import cv2
    out = golden_file("opencv_blurs", f"OpenCV {cv2.__version__}: GaussianBlur, sepFilter2D of bytes and 16 bits")
    borders = {"CONSTANT": cv2.BORDER_CONSTANT, "REPLICATE": cv2.BORDER_REPLICATE, "REFLECT": cv2.BORDER_REFLECT,
               "REFLECT_101": cv2.BORDER_REFLECT_101}
    pattern = np.arange(320).reshape(16, 20)
    image = out.define("bytes", (pattern ** 2 * 37 + pattern * 11) % 256)
    wide = out.define("wide", (pattern ** 2 * 7919 + pattern * 251) % 65536)

    def blur(x, taps, sigma, border):
        return cv2.GaussianBlur(x, (taps, taps), sigma, borderType=borders[border])

    def separable(x, taps, sigma, border):
        line = cv2.getGaussianKernel(taps, sigma, cv2.CV_32F)
        return cv2.sepFilter2D(x, -1, line, line, borderType=borders[border])

    for taps, sigma, border in product([3, 5, 7, 11, 15], [0, 1.3], borders):
        for x in [f"{image}:uint8", f"{wide}:uint16"]:
            out.ask("GaussianBlur", blur, x, taps=taps, sigma=sigma, border=border)
            out.ask("sepFilter2D", separable, x, taps=taps, sigma=sigma, border=border)
    out.write()


def boxes():
    import cv2
    import scipy
    from scipy import ndimage
    out = golden_file("boxes", f"SciPy {scipy.__version__}: uniform_filter; OpenCV {cv2.__version__}: boxFilter")
    modes = ["reflect", "mirror", "nearest", "wrap", "constant"]
    ends = {t: out.define(f"ends_of_{t}", [[np.iinfo(t).max, np.iinfo(t).min, 3, np.iinfo(t).max - 1, 100, 7],
                                           [5, np.iinfo(t).max, np.iinfo(t).max, 1, np.iinfo(t).min, 2],
                                           [np.iinfo(t).min, np.iinfo(t).min + 1, 9, 0, 60, np.iinfo(t).max]])
            for t in ["int8", "uint8", "int16", "uint16"]}

    def uniform(x, size, mode, origin=(0, 0)):
        return ndimage.uniform_filter(x, size, mode=mode, cval=3, origin=origin)

    sizes = [(3, 3), (2, 4), (5, 1), (1, 7), (9, 13)]
    for dtype, mode, size in product(INTEGERS + ["float32", "float64"], modes, sizes):
        x = "rx7x9" if dtype.startswith("float") else ends.get(dtype, f"{kind_of(dtype)}x7x9")
        out.ask("scipy.uniform_filter", uniform, f"{x}:{dtype}", size=size, mode=mode)
    for mode, origin in product(modes, [(1, 0), (-1, 1), (-2, -1)]):
        out.ask("scipy.uniform_filter", uniform, "rx7x9:float64", size=(4, 3), mode=mode, origin=origin)

    borders = {"CONSTANT": cv2.BORDER_CONSTANT, "REPLICATE": cv2.BORDER_REPLICATE, "REFLECT": cv2.BORDER_REFLECT,
               "REFLECT_101": cv2.BORDER_REFLECT_101}
    depths = {"uint8": cv2.CV_8U, "int16": cv2.CV_16S, "uint16": cv2.CV_16U, "int32": cv2.CV_32S,
              "float32": cv2.CV_32F, "float64": cv2.CV_64F}
    image = out.define("image", (np.arange(48).reshape(6, 8) ** 2 * 37 + np.arange(48).reshape(6, 8) * 11) % 256)

    # sizes and anchors are written row, column here; the call takes column, row
    def box(x, size, border, depth, normalize, anchor=(-1, -1)):
        return cv2.boxFilter(x, depths[depth], (size[1], size[0]), anchor=(anchor[1], anchor[0]),
                             normalize=normalize == "mean", borderType=borders[border])

    pairs = [("uint8", "uint8"), ("uint8", "int32"), ("uint8", "float32"), ("int16", "int16"), ("uint16", "uint16"),
             ("float32", "float32"), ("float64", "float64")]
    for (source, depth), border, size in product(pairs, borders, [(3, 3), (2, 4), (5, 1), (1, 7), (11, 12)]):
        x = "rx6x8" if source.startswith("float") else image
        for normalize in ["mean", "sum"]:
            out.ask("opencv.boxFilter", box, f"{x}:{source}", size=size, border=border, depth=depth,
                    normalize=normalize)
    for border, anchor in product(borders, [(0, 0), (2, 0), (1, 3)]):
        out.ask("opencv.boxFilter", box, "rx6x8:float64", size=(3, 4), border=border, depth="float64",
                normalize="mean", anchor=anchor)
    out.write()


def morphology():
    import cv2
    import scipy
    from scipy import ndimage
    out = golden_file("morphology", f"SciPy {scipy.__version__}: grey_erosion, grey_dilation; OpenCV {cv2.__version__}: "
                                    "erode, dilate")
    middle = out.define("middle", 64 + values("ux6x8"))  # whatever is added, no byte is left
    for dtype, mode, call in product(["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"],
                                     ["reflect", "mirror", "nearest", "wrap", "constant"],
                                     ["grey_erosion", "grey_dilation"]):
        x = f"{'rx6x8' if dtype.startswith('float') else middle}:{dtype}"
        for h in ["ih3x3", "ih2x4", "ih5x1", "ih9x11"]:
            out.ask("scipy." + call, lambda x, h, mode: getattr(ndimage, call)(x, structure=h, mode=mode, cval=60),
                    x, f"{h}:{'int8' if 'int' in dtype else dtype}", mode=mode)
        for h in ["bh3x3", "bh4x2"]:
            out.ask("scipy." + call, lambda x, h, mode: getattr(ndimage, call)(x, footprint=h, mode=mode, cval=60),
                    x, f"{h}:bool", mode=mode)

    # the anchor of a dilation is counted from the other end: OpenCV does not turn the element round
    borders = {"CONSTANT": cv2.BORDER_CONSTANT, "REPLICATE": cv2.BORDER_REPLICATE, "REFLECT": cv2.BORDER_REFLECT,
               "REFLECT_101": cv2.BORDER_REFLECT_101}

    def erode(x, h, border):
        return cv2.erode(x, h.astype(np.uint8), borderType=borders[border])

    def dilate(x, h, border):
        anchor = tuple(n - 1 - n // 2 for n in reversed(h.shape))
        return cv2.dilate(x, np.ascontiguousarray(h[::-1, ::-1]).astype(np.uint8), anchor=anchor,
                          borderType=borders[border])

    for dtype, border, h in product(["uint8", "int16", "uint16", "float32", "float64"], borders,
                                    ["bh3x3", "bh4x2", "bh1x5", "bh5x5"]):
        x = f"{'rx6x8' if dtype.startswith('float') else middle}:{dtype}"
        out.ask("opencv.erode", erode, x, f"{h}:bool", border=border)
        out.ask("opencv.dilate", dilate, x, f"{h}:bool", border=border)
    out.write()


def skimage_filters():
    import skimage
    from skimage import filters, morphology
    out = golden_file("skimage_filters", f"scikit-image {skimage.__version__}: scharr, roberts, difference_of_gaussians, "
                                         "unsharp_mask, gabor_kernel, erosion, dilation")
    for dtype, mode in product(["float32", "float64"], ["reflect", "mirror", "nearest", "wrap", "constant"]):
        x = f"rx7x9:{dtype}"
        for axis in [0, 1]:
            out.ask("scharr", lambda x, axis, mode: filters.scharr(x, axis=axis, mode=mode), x, axis=axis, mode=mode)
        out.ask("difference_of_gaussians", lambda x, low, high, mode: filters.difference_of_gaussians(
            x, low, high, mode=mode), x, low=0.8, high=1.7, mode=mode)
    for dtype in ["float32", "float64"]:
        x = f"rx7x9:{dtype}"
        out.ask("roberts_pos_diag", filters.roberts_pos_diag, x)
        out.ask("roberts_neg_diag", filters.roberts_neg_diag, x)
        out.ask("unsharp_mask", lambda x, radius, amount: filters.unsharp_mask(x, radius, amount, preserve_range=True),
                x, radius=1.5, amount=2.0)
    for sigma, angle, wavelength, phase in [(2.0, 0.0, 5.0, 0.0), (1.5, 0.7, 4.0, 0.5), (3.0, 2.0, 9.0, -1.5)]:
        out.record("gabor_kernel", {"sigma": sigma, "angle": angle, "wavelength": wavelength, "phase": phase}, {},
                   filters.gabor_kernel(1 / wavelength, theta=angle, sigma_x=sigma, sigma_y=sigma, offset=phase).real)
    for dtype, h, call in product(["uint8", "uint16", "float32", "float64"], ["bh3x3", "bh5x1", "bh3x5"],
                                  ["erosion", "dilation"]):
        x = f"{'rx6x8' if dtype.startswith('float') else 'ux6x8'}:{dtype}"
        out.ask(call, lambda x, h, call=call: getattr(morphology, call)(x, h), x, f"{h}:bool")
    out.write()


def matches():
    import cv2
    import skimage
    from skimage import feature
    from skimage.registration._masked_phase_cross_correlation import cross_correlate_masked
    out = golden_file("matches", f"scikit-image {skimage.__version__}: match_template, cross_correlate_masked; OpenCV "
                                 f"{cv2.__version__}: matchTemplate(TM_CCOEFF_NORMED)")
    flat = values("rx9x11")
    flat[2:7, 3:9] = 0.25
    flat = out.define("flat", flat)
    bright = out.define("bright", 1000 + values("rx9x11"))
    byte = out.define("bytes", (np.arange(99).reshape(9, 11) ** 2 * 37 + np.arange(99).reshape(9, 11) * 11) % 256)
    planes = ["rx9x11", "ix9x11", flat, bright]
    for x, h, dtype in product(planes, ["rh3x3", "rh2x4", "rh1x5", "rh9x11"], ["float32", "float64"]):
        out.ask("skimage.match_template", lambda x, h: feature.match_template(x, h), f"{x}:{dtype}", f"{h}:{dtype}")
    for mode in ["symmetric", "reflect", "edge", "wrap"]:
        for h in ["rh3x3", "rh2x4", "rh4x5"]:
            out.ask("skimage.match_template",
                    lambda x, h, mode: feature.match_template(x, h, pad_input=True, mode=mode),
                    "rx9x11:float64", f"{h}:float64", mode=mode)
    out.ask("skimage.match_template", lambda x, h: feature.match_template(x, h), "rx5x6x7:float64", "rh2x3x4:float64")

    # both masks are where the samples are above a threshold
    def masked(x, h, mode, overlap, above):
        return cross_correlate_masked(x, h, x > above, h > above, mode=mode, axes=(0, 1), overlap_ratio=overlap)

    for (x, above), h, mode, overlap in product([("rx9x11", -100), ("rx9x11", -0.5), ("ix9x11", -5)],
                                                ["rh3x3", "rh2x4", "rh4x5"], ["full", "same"], [0.3, 0.7]):
        out.ask("skimage.cross_correlate_masked", masked, f"{x}:float64", f"{h}:float64", mode=mode, overlap=overlap,
                above=above)

    def match(x, h):
        return cv2.matchTemplate(x, h, cv2.TM_CCOEFF_NORMED)

    for x, h in product(planes, ["rh3x3", "rh2x4", "rh1x5"]):
        out.ask("opencv.matchTemplate", match, f"{x}:float32", f"{h}:float32")
    for h in ["uh3x3", "uh2x4", "uh1x5"]:
        out.ask("opencv.matchTemplate", match, f"{byte}:uint8", f"{h}:uint8")
    out.write()


def pytorch():
    import torch
    out = golden_file("pytorch", f"PyTorch {torch.__version__}: conv1d to conv3d and their transposes, one channel")
    torch.set_num_threads(1)
    functional = torch.nn.functional

    def through(name):
        def call(x, h, **options):
            x, h = torch.from_numpy(x)[None, None], torch.from_numpy(h)[None, None]
            options = {k: tuple(v) if isinstance(v, list) else v for k, v in options.items()}
            return getattr(functional, name)(x, h, **options)[0, 0].numpy()
        return call

    def module(rank):
        def call(x, h, **options):
            options = {k: tuple(v) if isinstance(v, list) else v for k, v in options.items()}
            kind = getattr(torch.nn, f"Conv{rank}d")
            layer = kind(1, 1, h.shape, bias=False, **options)
            layer.weight = torch.nn.Parameter(torch.from_numpy(h)[None, None], requires_grad=False)
            return layer(torch.from_numpy(x)[None, None])[0, 0].detach().numpy()
        return call

    def ask(name, x, h, **options):
        out.ask("pytorch." + name, through(name), x, h, **options)

    for n, k, p, s, d in product([1, 5, 8], [1, 2, 3, 4], [0, 1, 2], [1, 2, 3], [1, 2]):
        ask("conv1d", f"ix{n}:float32", f"ih{k}:float32", padding=p, stride=s, dilation=d)
    for n, k, d, p in product([2, 5, 6], [1, 2, 3, 4], [1, 2, 3], ["same", "valid"]):
        ask("conv1d", f"ix{n}:float32", f"ih{k}:float32", padding=p, dilation=d)
    ask("conv1d", "ix6:float32", "ih3:float32", padding="same", stride=2)
    ask("conv1d", "ix6:float32", "ih3:float32", padding=-1)
    for n, k, s, p, d, op in product([1, 4], [1, 2, 3], [1, 2, 3], [0, 1], [1, 2], [0, 1]):
        ask("conv_transpose1d", f"ix{n}:float32", f"ih{k}:float32", stride=s, padding=p, dilation=d, output_padding=op)
    for x, h in PLANES + LARGER:
        for p, s, d in [([0, 0], [1, 1], [1, 1]), ([2, 1], [1, 2], [1, 1]), ([3, 4], [2, 1], [2, 3])]:
            ask("conv2d", f"ix{x}:float32", f"ih{h}:float32", padding=p, stride=s, dilation=d)
        for p in ["same", "valid"]:
            ask("conv2d", f"ix{x}:float32", f"ih{h}:float32", padding=p)
        for p, s, op in [([0, 0], [1, 1], [0, 0]), ([1, 0], [2, 3], [1, 2])]:
            ask("conv_transpose2d", f"ix{x}:float32", f"ih{h}:float32", padding=p, stride=s, output_padding=op)
    ask("conv3d", "ix3x4x3:float32", "ih2x3x2:float32", padding=[1, 0, 2], stride=[2, 1, 1], dilation=[1, 1, 2])
    ask("conv3d", "ix3x4x3:float32", "ih2x3x2:float32", padding="same")
    ask("conv_transpose3d", "ix2x2x3:float32", "ih2x3x2:float32", padding=[1, 0, 1], stride=[2, 1, 3],
        output_padding=[1, 0, 2])
    unknown = ["bool", "uint16", "uint32", "uint64"] + LONG
    for rank, n in [(1, "6"), (2, "3x4"), (3, "3x4x3")]:
        for x, h in every_type(n, ODD_EVEN[rank][:1], unknown):
            ask(f"conv{rank}d", x, h, padding=1)
            ask(f"conv_transpose{rank}d", x, h, stride=1, padding=0)
            out.ask(f"pytorch.Conv{rank}d", module(rank), x, h, padding=1, padding_mode="zeros")
        for x, h in every_type(n, ODD_EVEN[rank], [t for t in TYPES if t not in unknown]):
            for p in ["valid", "same", 1]:
                ask(f"conv{rank}d", x, h, padding=p)
            for mode, p in product(["zeros", "reflect", "replicate", "circular"], ["same", 1]):
                out.ask(f"pytorch.Conv{rank}d", module(rank), x, h, padding=p, padding_mode=mode)
            for stride, p in [(1, 0), (2, 1)]:
                ask(f"conv_transpose{rank}d", x, h, stride=stride, padding=p)
    ask("conv1d", "ix6:float32", "ih4:float64", padding=1)
    for kind, dtype in [("r", "float32"), ("r", "float64"), ("z", "complex64"), ("z", "complex128")]:
        ask("conv2d", f"{kind}x9x7:{dtype}", f"{kind}h4x3:{dtype}", padding="same")
    for mode in ["zeros", "reflect", "replicate", "circular"]:
        for n, k, p, s, d in [(6, 3, 1, 1, 1), (6, 4, 2, 2, 1), (5, 3, 4, 1, 2), (5, 5, 5, 1, 1), (4, 3, 6, 1, 1)]:
            out.ask("pytorch.Conv1d", module(1), f"ix{n}:float32", f"ih{k}:float32", padding=p, stride=s, dilation=d,
                    padding_mode=mode)
        for x, h in [("5x4", "2x3"), ("4x6", "4x2")]:
            for p, s in [("same", [1, 1]), ([1, 2], [2, 1])]:
                out.ask("pytorch.Conv2d", module(2), f"ix{x}:float32", f"ih{h}:float32", padding=p, stride=s,
                        padding_mode=mode)
    out.write()


def layers():
    import torch
    out = golden_file("layers", f"PyTorch {torch.__version__}: layers of many channels, their gradients, unfold and fold")
    torch.set_num_threads(1)
    functional = torch.nn.functional

    def biased(bias):
        return None if bias is None else torch.tensor(bias, dtype=torch.float32)

    def forward(x, w, rank, bias=None, padding_mode="zeros", **options):
        if padding_mode == "zeros":
            return getattr(functional, f"conv{rank}d")(x, w, biased(bias), **options)
        padding = [options.pop("padding")] * rank
        both = [p for one in reversed(padding) for p in (one, one)]
        return getattr(functional, f"conv{rank}d")(functional.pad(x, both, padding_mode), w, biased(bias), **options)

    def conv(x, h, rank, **options):
        return forward(torch.from_numpy(x), torch.from_numpy(h), rank, **options).numpy()

    def transposed(x, h, rank, bias=None, **options):
        call = getattr(functional, f"conv_transpose{rank}d")
        return call(torch.from_numpy(x), torch.from_numpy(h), biased(bias), **options).numpy()

    def gradient_input(x, h, rank, inputs, **options):
        extended = torch.zeros(inputs, requires_grad=True)
        forward(extended, torch.from_numpy(h), rank, **options).backward(torch.from_numpy(x))
        return extended.grad.numpy()

    def gradient_kernel(x, h, rank, kernel, **options):
        w = torch.zeros(kernel, requires_grad=True)
        forward(torch.from_numpy(x), w, rank, **options).backward(torch.from_numpy(h))
        return w.grad.numpy()

    def unfold(x, **options):
        return functional.unfold(torch.from_numpy(x), **options).numpy()

    def fold(x, **options):
        return functional.fold(torch.from_numpy(x), **options).numpy()

    def quantised(x, h, zero, scale, output_zero, output_scale, **options):
        torch.backends.quantized.engine = "qnnpack"
        a = torch._make_per_tensor_quantized_tensor(torch.from_numpy(x), 1.0, zero)
        w = torch._make_per_tensor_quantized_tensor(torch.from_numpy(h), scale, 0)
        y = torch.nn.quantized.functional.conv2d(a, w, torch.zeros(h.shape[0]), scale=output_scale,
                                                 zero_point=output_zero, **options)
        return y.int_repr().numpy()

    def dims(*extents):
        return "x".join(str(n) for n in extents)

    space = {1: [9], 2: [7, 6], 3: [4, 5, 4]}
    taps = {1: [3], 2: [3, 2], 3: [2, 3, 2]}
    for rank, (groups, c, o), s, d, p in product([1, 2, 3], [(1, 3, 4), (2, 4, 6), (3, 3, 6)], [1, 2], [1, 2], [0, 2]):
        x, w = f"ix{dims(2, c, *space[rank])}:float32", f"ih{dims(o, c // groups, *taps[rank])}:float32"
        options = dict(stride=s, dilation=d, padding=p, groups=groups)
        if rank == 3 and (d, p) == (2, 0):
            continue  # spans more than there is
        bias = [k - 2 for k in range(o)]
        out.ask("layers.conv", lambda x, h, **o: conv(x, h, rank, **o), x, w, bias=bias, **options)
        y = conv(out.operand(x), out.operand(w), rank, **options).shape
        dy = f"ih{dims(*y)}:float32"
        out.ask("layers.gradient_input", lambda x, h, inputs, **o: gradient_input(x, h, rank, inputs, **o), dy, w,
                inputs=[2, c, *space[rank]], **options)
        out.ask("layers.gradient_kernel", lambda x, h, kernel, **o: gradient_kernel(x, h, rank, kernel, **o), x, dy,
                kernel=[o, c // groups, *taps[rank]], **options)
        w = f"ih{dims(c, o // groups, *taps[rank])}:float32"
        small = f"ix{dims(2, c, *[n // 2 for n in space[rank]])}:float32"
        for more in [0, 1]:
            out.ask("layers.conv_transpose", lambda x, h, **o: transposed(x, h, rank, **o), small, w, bias=bias,
                    output_padding=more, **options)
    for rank, mode, s in product([1, 2], ["reflect", "replicate", "circular"], [1, 2]):
        x, w = f"ix{dims(2, 2, *space[rank])}:float32", f"ih{dims(3, 2, *taps[rank])}:float32"
        options = dict(stride=s, padding=2, padding_mode=mode)
        out.ask("layers.conv", lambda x, h, **o: conv(x, h, rank, **o), x, w, **options)
        y = conv(out.operand(x), out.operand(w), rank, **options).shape
        out.ask("layers.gradient_input", lambda x, h, inputs, **o: gradient_input(x, h, rank, inputs, **o),
                f"ih{dims(*y)}:float32", w, inputs=[2, 2, *space[rank]], **options)
    for size, p, s, d in product([[2, 3], [3, 3]], [0, 1], [1, 2], [1, 2]):
        out.ask("layers.unfold", unfold, "ix2x3x7x6:float32", kernel_size=size, padding=p, stride=s, dilation=d)
        z = unfold(out.operand("ix2x3x7x6:float32"), kernel_size=size, padding=p, stride=s, dilation=d).shape
        out.ask("layers.fold", fold, f"ix{dims(*z)}:float32", output_size=[7, 6], kernel_size=size, padding=p, stride=s,
                dilation=d)
    for zero, output_zero, output_scale in product([0, 3, 9], [0, 100], [2.0, 8.0]):
        out.ask("layers.quantised", quantised, "ux1x4x6x7:uint8", "ih6x2x3x3:int8", zero=zero, scale=1.0,
                output_zero=output_zero, output_scale=output_scale, padding=1, groups=2)
    out.write()


def octave_version():
    return subprocess.run(["octave-cli", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]


def octave():
    out = golden_file("octave", f"{octave_version()}: conv, conv2, convn, filter2")
    asked = []

    def ask(call, x, h, shape, kernel_first=False):
        asked.append((call, x, h, shape, kernel_first))

    for (n, m), shape in product(LENGTHS, MODES):
        for kind, dtype in [("i", "float64"), ("c", "complex128")]:
            ask("conv", f"{kind}x{n}:{dtype}", f"{kind}h{m}:{dtype}", shape)
    for (x, h), shape in product(PLANES + LARGER + MIXED, MODES):
        for call, first in [("conv2", False), ("filter2", True)]:
            ask(call, f"ix{x}:float64", f"ih{h}:float64", shape, first)
    for shape in MODES:
        ask("convn", "ix3x4x3:float64", "ih2x3x2:float64", shape)
        for call, first in [("conv2", False), ("filter2", True)]:
            for kind, dtype in [("r", "float32"), ("r", "float64"), ("c", "complex128"), ("z", "complex64"),
                                ("u", "uint8"), ("i", "int32")]:
                ask(call, f"{kind}x4x5:{dtype}", f"{kind}h2x3:{dtype}", shape, first)
        for call, n, rank in [("conv", "6", 1), ("conv2", "3x4", 2), ("filter2", "3x4", 2), ("convn", "3x4x3", 3)]:
            for x, h in every_type(n, ODD_EVEN[rank], [t for t in TYPES if t not in LONG]):
                ask(call, x, h, shape, call == "filter2")

    names = {"bool": "logical", "float32": "single", "float64": "double", "complex64": "single", "complex128": "double"}

    def literal(spec):
        name, dtype = spec.split(":")
        a = values(name)
        shape = " ".join(map(str, a.shape if a.ndim > 1 else (1, *a.shape)))

        def reshaped(part):
            return f"reshape([{' '.join(repr(float(v)) for v in part.ravel(order='F'))}], [{shape}])"

        whole = f"complex({reshaped(a.real)}, {reshaped(a.imag)})" if a.dtype.kind == "c" else reshaped(a)
        return f"{names.get(dtype, dtype)}({whole})"

    script = ["1;", "function show(f)", "try", "y = f();",
              "printf('%s %d', class(y), iscomplex(y)); printf(' %d', size(y)); printf(' :');",
              "printf(' %.17g', real(y)); printf(' :'); printf(' %.17g', imag(y)); printf('\\n');",
              "catch e", "printf('error\\n');", "end", "end"]
    for call, x, h, shape, first in asked:
        a, b = (h, x) if first else (x, h)
        script.append(f"show(@() {call}({literal(a)}, {literal(b)}, '{shape}'));")
    with tempfile.NamedTemporaryFile("w", suffix=".m") as file:
        file.write("\n".join(script) + "\n")
        file.flush()
        printed = subprocess.run(["octave-cli", "--quiet", "--no-init-file", file.name], capture_output=True, text=True,
                                 check=True).stdout
    answers = printed.strip().split("\n")
    assert len(answers) == len(asked), (len(answers), len(asked), printed[-500:])
    for (call, x, h, shape, first), text in zip(asked, answers):
        rank = out.operand(x).ndim
        out.operand(h)
        if text == "error":
            answer = RuntimeError()
        else:
            head, real, imaginary = text.split(":")
            kind, is_complex, *size = head.split()
            size = [int(n) for n in size]
            y = np.array([float(v) for v in real.split()])
            if int(is_complex):
                y = y + 1j * np.array([float(v) for v in imaginary.split()])
            dtype = {"single0": "float32", "double0": "float64", "single1": "complex64",
                     "double1": "complex128"}.get(kind + is_complex, kind)
            size = size + [1] * (rank - len(size))  # Octave drops trailing axes of extent 1
            y = y[:math.prod(size)].astype(dtype).reshape(size, order="F")
            answer = y.ravel() if rank == 1 else y
        out.record("octave." + call, {"shape": shape}, {"x": x, "h": h}, answer)
    out.write()


SYSTEMS = {"numpy": numpy_, "scipy_signal": scipy_signal, "scipy_ndimage": scipy_ndimage,
           "scipy_filters": scipy_filters, "opencv": opencv, "opencv_filters": opencv_filters,
           "opencv_blurs": opencv_blurs, "boxes": boxes,
           "morphology": morphology, "skimage_filters": skimage_filters, "matches": matches, "pytorch": pytorch, "layers": layers,
           "octave": octave, "published": published}


def versions():
    import cv2
    import scipy
    import skimage
    import torch
    lines = [f"Python {sys.version.split()[0]}", f"NumPy {np.__version__}", f"SciPy {scipy.__version__}",
             f"OpenCV {cv2.__version__}", f"scikit-image {skimage.__version__}", f"PyTorch {torch.__version__}",
             octave_version(),
             "TensorFlow.js 4.22.0 (npm: @tensorflow/tfjs-core, @tensorflow/tfjs-backend-cpu)",
             "ONNX Runtime Web 1.30.0 (npm: onnxruntime-web)",
             "JAX: not run; its published formulas, evaluated by published.py"]
    with open(os.path.join(HERE, "VERSIONS.txt"), "w") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for system in sys.argv[1:] or SYSTEMS:
        SYSTEMS[system]()
    versions()
