#!/usr/bin/python3
"""Pseudo-inverses and deconvolution beside NumPy, PyTorch and scikit-image: deconvolve.py <faltung_versus_deconvolve>
[filter] [options]

Everything takes turns, as turns.py says. Results must agree to 1e-3 of their length in float and 1e-9 in double: that is
what the conditions of the matrices leave (1e-6 where both sides iterate). Not compared are Richardson and Lucy's
iterations, which differ at the border, and singular values, which have another order.
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


def singular_values(y):
    torch = turns.pytorch()
    channels, n = y.shape[1], y.shape[2:]
    h = torch.from_numpy(real((channels, channels, 3, 3), y.dtype.type))
    return lambda: torch.linalg.svdvals(layer_spectrum(h, n)).numpy()


def dense_pinv(y):
    """The layer as a matrix of all its samples, and its pseudo-inverse."""
    channels, n = y.shape[1], y.shape[2:]
    h = real((channels, channels, 3, 3), y.dtype.type)
    a = np.zeros((channels, *n, channels, *n), y.dtype)
    row, column = np.indices(n)
    for u in range(3):
        for v in range(3):
            from_row, from_column = (row + u - 1) % n[0], (column + v - 1) % n[1]
            for o in range(channels):
                for c in range(channels):
                    a[o, row, column, c, from_row, from_column] += h[o, c, u, v]
    a = a.reshape(channels * n[0] * n[1], -1)
    return lambda: (np.linalg.pinv(a) @ y.reshape(-1)).reshape(y.shape)


TOLERANCE_OF_VALID = 1e-12


def lsqr_of_valid(x):
    """SciPy's LSQR over all samples of x, with products by transforms."""
    from scipy.fft import irfft2, rfft2
    from scipy.sparse.linalg import LinearOperator, lsqr

    channels, n = x.shape[0], x.shape[1:]
    y = real((channels, n[0] - 2, n[1] - 2), x.dtype.type)
    spectrum = layer_spectrum(turns.pytorch().from_numpy(real((channels, channels, 3, 3), x.dtype.type)), n).numpy()
    adjoint = np.ascontiguousarray(spectrum.conj().transpose(0, 1, 3, 2))

    def product(matrices, planes):
        found = np.matmul(matrices, rfft2(planes).transpose(1, 2, 0)[..., None])[..., 0]
        return irfft2(found.transpose(2, 0, 1), s=n)

    def apply(v):
        return product(spectrum, v.reshape(x.shape))[:, 1:-1, 1:-1].ravel()

    def apply_adjoint(w):
        wide = np.zeros(x.shape, x.dtype)
        wide[:, 1:-1, 1:-1] = w.reshape(y.shape)
        return product(adjoint, wide).ravel()

    a = LinearOperator((y.size, x.size), matvec=apply, rmatvec=apply_adjoint, dtype=x.dtype)
    return lambda: lsqr(a, y.ravel(), atol=TOLERANCE_OF_VALID, btol=TOLERANCE_OF_VALID, conlim=0,
                        iter_lim=100000)[0].reshape(x.shape)


def lucy_by(taps):
    def lucy(y):
        from skimage.restoration import richardson_lucy

        h = taps(y.dtype.type)
        return lambda: richardson_lucy(y, h, 50, clip=False)

    return lucy


def box_taps(dtype):
    return np.full((15, 15), 1 / 225, dtype=dtype)


def dense_taps(dtype):
    h = turns.noise((15, 15), dtype) + dtype(1)
    return h / h.sum()


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
    ("spectrum", "layer", "double", (1, 32, 128, 128), real, "spectrum", ("torch.linalg.svdvals", singular_values, 1)),
    ("as_one_matrix", "layer", "double", (1, 2, 24, 24), real, "whole", ("numpy.linalg.pinv", dense_pinv, 250)),
    ("exact_valid", "valid", "double", (8, 64, 64), real, "ours", ("LSQR in SciPy", lsqr_of_valid, 3)),
    ("lucy_box", "lucy_box", "float", (512, 512), turns.noise, "ours", ("scikit-image", lucy_by(box_taps), 2)),
    ("lucy_box", "lucy_box", "double", (512, 512), turns.noise, "ours", ("scikit-image", lucy_by(box_taps), 2)),
    ("lucy_dense", "lucy_dense", "float", (512, 512), turns.noise, "ours", ("scikit-image", lucy_by(dense_taps), 2)),
    ("lucy_dense", "lucy_dense", "double", (512, 512), turns.noise, "ours", ("scikit-image", lucy_by(dense_taps), 2)),
]


def compare(wanted, name, case, type_name, shape, array, who, *peers):
    """A row for each peer."""
    x = array(shape, turns.TYPES[type_name])
    with turns.Program(wanted.program, case, type_name, *shape) as program:
        ours = program.make("ours", who)
        others = [turns.from_python(peer, make, x) for peer, make, _ in peers]
        if not case.startswith("lucy") and who != "spectrum":
            turns.require_equal([ours, *others], type_name, 1e-6 if case == "valid" else {"float": 1e-3, "double": 1e-9}[type_name])
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
