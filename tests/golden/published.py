"""JAX, and ONNX's auto_pad with a dilation: padding and sizes from their published text, the sum by plain loops.

JAX is not in Debian and was not run. ONNX defines auto_pad with a dilation, but ONNX Runtime, which make_published.js
asks about all else, has no code for it.
"""
from itertools import product

import numpy as np

from golden_file import golden_file

PLANES = [("5x4", "3x3"), ("5x4", "4x3"), ("4x6", "2x5"), ("2x3", "4x5")]


def window(x, h, low, high, s, d):
    """y[o] = sum over t of h[t] * x[o*s + t*d - low], 0 outside x; as many o as fit the padded input."""
    padded = [n + l + u for n, l, u in zip(x.shape, low, high)]
    count = [max(0, (n - e * (k - 1) - 1) // r + 1) for n, k, r, e in zip(padded, h.shape, s, d)]
    y = np.zeros(count, x.dtype)
    for o in np.ndindex(*count):
        for t in np.ndindex(*h.shape):
            i = tuple(a * r + b * e - l for a, b, r, e, l in zip(o, t, s, d, low))
            if all(0 <= j < n for j, n in zip(i, x.shape)):
                y[o] += h[t] * x[i]
    return y


def same(n, k, s, d, lower):
    """tf.nn "Notes on padding", jax.lax SAME and SAME_LOWER, ONNX Conv auto_pad: (low, high), ceil(n / s) outputs."""
    total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
    return (total - total // 2, total // 2) if lower else (total // 2, total - total // 2)


def conv(x, h, padding, stride, dilation, low=None, high=None):
    if padding.startswith("SAME"):
        pairs = [same(n, k, s, d, padding == "SAME_LOWER") for n, k, s, d in zip(x.shape, h.shape, stride, dilation)]
        low, high = zip(*pairs)
    elif padding == "VALID":
        low = high = [0] * x.ndim
    return window(x, h, low, high, stride, dilation)


def jax_transpose(x, h, padding, stride):
    """jax.lax.conv_transpose, transpose_kernel=False: a window over the zero-stuffed input, the kernel not flipped."""
    stuffed = np.zeros([(n - 1) * s + 1 for n, s in zip(x.shape, stride)], x.dtype)
    stuffed[tuple(slice(None, None, s) for s in stride)] = x
    low, high = [], []
    for k, s in zip(h.shape, stride):
        length = k + s - 2 + (max(k - s, 0) if padding == "VALID" else 0)
        low.append(k - 1 if padding == "VALID" or s > k - 1 else -(-length // 2))
        high.append(length - low[-1])
    return window(stuffed, h, low, high, [1] * x.ndim, [1] * x.ndim)


def published():
    out = golden_file("published", "JAX, and ONNX auto_pad with a dilation: formulas evaluated by published.py")
    named = {"jax": ["SAME", "SAME_LOWER", "VALID"], "onnx": ["SAME_UPPER", "SAME_LOWER"]}
    for system, paddings in named.items():
        sizes = product([1, 5, 8], [1, 2, 3, 4], [1, 2, 3], [1, 2], paddings)
        lines = [((str(n), str(k)), padding, ([s], [d])) for n, k, s, d, padding in sizes
                 if (n > 1 or k > 2) and (k > 1 or d == 1) and (s < 3 or d == 1)]
        planes = product(PLANES, paddings, [([1, 1], [1, 1]), ([2, 3], [1, 1]), ([1, 1], [2, 1])])
        for (x, h), padding, (s, d) in [*lines, *planes]:
            if system == "jax" or max(d) > 1:
                out.ask(system + ".conv", conv, f"ix{x}:float32", f"ih{h}:float32", padding=padding, stride=s,
                        dilation=d)
    for low, high in [([0], [3]), ([2], [1]), ([4], [5]), ([-1], [2]), ([-2], [-1])]:
        out.ask("jax.conv", conv, "ix7:float32", "ih3:float32", padding="EXPLICIT", stride=[2], dilation=[1], low=low,
                high=high)
    for n, k, s, padding in product([1, 4], [1, 2, 3, 4], [1, 2, 3], ["SAME", "VALID"]):
        out.ask("jax.conv_transpose", jax_transpose, f"ix{n}:float32", f"ih{k}:float32", padding=padding, stride=[s])
    out.write()
