#!/usr/bin/python3
"""Pseudo-inverses and deconvolution beside NumPy, PyTorch and scikit-image: deconvolve.py <faltung_versus_deconvolve>
[filter] [options]

Everything takes turns, as turns.py says. Results must agree to 1e-3 of their length in float and 1e-9 in double: that is
what the conditions of the matrices leave; Richardson and Lucy's iterations differ at the border, and are not compared.
`filter` is a regular expression that the names, as deconvolve/double/pinv_2x4, are searched for.
Debian 12: apt-get install --no-install-recommends python3-numpy python3-torch python3-skimage
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import turns

import numpy as np


def real(shape, dtype):
    return turns.noise(shape, dtype) - dtype(127.5)


def complex_numbers(shape, dtype):
    planes = real((2, *shape), dtype)
    return planes[0] + (np.complex64(1j) if dtype == np.float32 else 1j) * planes[1]


def parts(z):
    """Real and imaginary parts in turn, for a fingerprint."""
    z = np.ascontiguousarray(np.asarray(z))
    return z.view(z.real.dtype)


def numpy_pinv(a):
    return lambda: np.linalg.pinv(a)


def closed_form(a):
    t = a.transpose(0, 2, 1)
    return lambda: t @ np.linalg.inv(a @ t)


def torch_pinv(a):
    torch = turns.pytorch()
    a = torch.from_numpy(a)
    return lambda: parts(torch.linalg.pinv(a).numpy())


def layer_spectrum(h, n):
    """(frequencies, O, C) of a periodic correlation whose middle tap is at the origin."""
    torch = turns.pytorch()
    wide = torch.zeros(*h.shape[:2], *n, dtype=h.dtype)
    for u in range(3):
        for v in range(3):
            wide[:, :, (1 - u) % n[0], (1 - v) % n[1]] = h[:, :, u, v]
    return torch.fft.rfft2(wide).permute(2, 3, 0, 1)


def recipe(y):
    torch = turns.pytorch()
    channels, n = y.shape[1], y.shape[2:]
    h = torch.from_numpy(real((channels, channels, 3, 3), y.dtype.type))
    y = torch.from_numpy(y)

    def recovered():
        inverse = torch.linalg.pinv(layer_spectrum(h, n))
        return torch.fft.irfft2(torch.einsum("uvco,bouv->bcuv", inverse, torch.fft.rfft2(y)), s=n).numpy()

    return recovered


def ready(y):
    torch = turns.pytorch()
    channels, n = y.shape[1], y.shape[2:]
    h = torch.from_numpy(real((channels, channels, 3, 3), y.dtype.type))
    inverse = torch.linalg.pinv(layer_spectrum(h, n))
    y = torch.from_numpy(y)
    return lambda: torch.fft.irfft2(torch.einsum("uvco,bouv->bcuv", inverse, torch.fft.rfft2(y)), s=n).numpy()


def lucy(y):
    from skimage.restoration import richardson_lucy

    h = np.full((15, 15), 1 / 225, dtype=y.dtype)
    return lambda: richardson_lucy(y, h, 50, clip=False)


# Name, case, type, extents, what makes the array, our contestant, then the peers: their names, what makes them and the
# ratio to them that is wanted.
ROWS = [
    ("pinv_2x4", "pinv", "double", (1000000, 2, 4), real, "ours",
     ("numpy.linalg.pinv", numpy_pinv, 60), ("closed form in NumPy", closed_form, 15)),
    ("pinv_32x32", "complex_pinv", "float", (1024, 32, 32), complex_numbers, "ours", ("torch.linalg.pinv", torch_pinv, 2.5)),
    ("pinv_32x32", "complex_pinv", "double", (1024, 32, 32), complex_numbers, "ours", ("torch.linalg.pinv", torch_pinv, 2.5)),
    ("recipe", "layer", "float", (1, 32, 128, 128), real, "whole", ("PyTorch", recipe, 2.5)),
    ("recipe", "layer", "double", (1, 32, 128, 128), real, "whole", ("PyTorch", recipe, 2.5)),
    ("ready_plan", "layer", "float", (8, 32, 128, 128), real, "ready", ("PyTorch", ready, 2)),
    ("ready_plan", "layer", "double", (8, 32, 128, 128), real, "ready", ("PyTorch", ready, 2)),
    ("richardson_lucy", "lucy", "float", (512, 512), turns.noise, "ours", ("scikit-image", lucy, 2)),
    ("richardson_lucy", "lucy", "double", (512, 512), turns.noise, "ours", ("scikit-image", lucy, 2)),
]


def compare(wanted, name, case, type_name, shape, array, who, *peers):
    """A row for each peer."""
    x = array(shape, turns.TYPES[type_name])
    with turns.Program(wanted.program, case, type_name, *shape) as program:
        ours = program.make("ours", who)
        others = [turns.from_python(peer, make, x) for peer, make, _ in peers]
        if case != "lucy":
            turns.require_equal([ours, *others], type_name, {"float": 1e-3, "double": 1e-9}[type_name])
        turns.take_turns([ours, *others], wanted)
    for other, (peer, _, target) in zip(others, peers):
        median, spread = turns.ratio(other, ours)
        yield name, type_name, turns.ms(ours), f"{turns.ms(other)} ({peer})", f"{median:.2f}", f"{target:g}", spread


def main():
    wanted = turns.asked(__doc__)
    chosen = [row for row in ROWS if re.search(wanted.filter, f"deconvolve/{row[2]}/{row[0]}")]
    if not chosen:
        return
    print(f"NumPy {np.__version__}, PyTorch {turns.pytorch().__version__}, one thread each")
    rows = []
    for row in chosen:
        print(f"\ndeconvolve/{row[2]}/{row[0]}", flush=True)
        rows += compare(wanted, *row)
    turns.show("Deconvolution, ms", ("case", "type", "ours", "peer", "ratio", "target", "spread"), rows)


main()
