"""TensorFlow, JAX and ONNX: padding and sizes from their published text, the sum itself by plain loops.

None of the three is in Debian. compare_published.js runs these cases through TensorFlow.js and ONNX Runtime, which npm
has; for JAX there are only the formulas.
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


def scatter(x, h, low, size, s, d):
    """The transposed sum: x[i] * h[t] lands on i*s + t*d - low."""
    y = np.zeros(size, x.dtype)
    for i in np.ndindex(*x.shape):
        for t in np.ndindex(*h.shape):
            o = tuple(a * r + b * e - l for a, b, r, e, l in zip(i, t, s, d, low))
            if all(0 <= j < n for j, n in zip(o, size)):
                y[o] += x[i] * h[t]
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


def tensorflow_transpose(x, h, padding, stride, output_size):
    """tf.nn.conv_transpose: the gradient of the convolution whose input has output_size samples."""
    low = [same(o, k, s, 1, False)[0] if padding == "SAME" else 0 for o, k, s in zip(output_size, h.shape, stride)]
    return scatter(x, h, low, output_size, stride, [1] * x.ndim)


def onnx_transpose(x, h, stride, dilation, output_padding, low=None, high=None, auto_pad="NOTSET", output_shape=None):
    """ONNX ConvTranspose: a given output_shape splits the padding as SAME_LOWER does unless auto_pad is SAME_UPPER."""
    whole = [s * (n - 1) + e + d * (k - 1) + 1
             for n, k, s, d, e in zip(x.shape, h.shape, stride, dilation, output_padding)]
    if auto_pad.startswith("SAME") and output_shape is None:
        output_shape = [n * s for n, s in zip(x.shape, stride)]
    if output_shape is not None:
        total = [w - o for w, o in zip(whole, output_shape)]
        low = [t // 2 if auto_pad == "SAME_UPPER" else t - t // 2 for t in total]
        high = [t - l for t, l in zip(total, low)]
    elif low is None:
        low = high = [0] * x.ndim
    return scatter(x, h, low, [w - l - u for w, l, u in zip(whole, low, high)], stride, dilation)


def fits(x, h, dilation):
    return all(d * (k - 1) < n for n, k, d in zip(map(int, x.split("x")), map(int, h.split("x")), dilation))


def published():
    out = golden_file("published", "TensorFlow, JAX and ONNX: their published formulas evaluated by published.py")
    named = {"tensorflow": ["SAME", "VALID"], "jax": ["SAME", "SAME_LOWER", "VALID"],
             "onnx": ["SAME_UPPER", "SAME_LOWER", "VALID"]}
    for system, paddings in named.items():
        sizes = product([1, 5, 8], [1, 2, 3, 4], [1, 2, 3], [1, 2], paddings)
        lines = [((str(n), str(k)), padding, ([s], [d])) for n, k, s, d, padding in sizes
                 if (n > 1 or k > 2) and (k > 1 or d == 1) and (s < 3 or d == 1)]
        planes = product(PLANES, paddings, [([1, 1], [1, 1]), ([2, 3], [1, 1]), ([1, 1], [2, 1])])
        for (x, h), padding, (s, d) in [*lines, *planes]:
            if system == "tensorflow" and max(s) > 1 and max(d) > 1:
                continue  # refused there
            if system != "jax" and padding == "VALID" and not fits(x, h, d):
                continue  # JAX answers with no output, TensorFlow and ONNX Runtime refuse most of these
            out.ask(system + ".conv", conv, f"ix{x}:float32", f"ih{h}:float32", padding=padding, stride=s, dilation=d)
        crops = [([-1], [2]), ([-2], [-1])] if system == "jax" else []
        for low, high in [([0], [3]), ([2], [1]), ([4], [5])] + crops:
            out.ask(system + ".conv", conv, "ix7:float32", "ih3:float32", padding="EXPLICIT", stride=[2], dilation=[1],
                    low=low, high=high)
    for n, k, s, padding in product([1, 4], [1, 2, 3, 4], [1, 2, 3], ["SAME", "VALID"]):
        x, h = f"ix{n}:float32", f"ih{k}:float32"
        out.ask("jax.conv_transpose", jax_transpose, x, h, padding=padding, stride=[s])
        size = n * s if padding == "SAME" else n * s + max(k - s, 0)
        out.ask("tensorflow.conv_transpose", tensorflow_transpose, x, h, padding=padding, stride=[s],
                output_size=[size])
    for n, k, s, d in product([1, 4], [2, 3, 4], [1, 2, 3], [1, 2]):
        x, h = f"ix{n}:float32", f"ih{k}:float32"
        steps = {"stride": [s], "dilation": [d], "output_padding": [0]}
        out.ask("onnx.conv_transpose", onnx_transpose, x, h, **steps)
        out.ask("onnx.conv_transpose", onnx_transpose, x, h, **steps, auto_pad="VALID")
        if d * (k - 1) + 1 >= s:  # else the padding would be negative, which the text does not define
            for auto_pad in ["SAME_UPPER", "SAME_LOWER"]:
                out.ask("onnx.conv_transpose", onnx_transpose, x, h, **steps, auto_pad=auto_pad)
            out.ask("onnx.conv_transpose", onnx_transpose, x, h, **steps, output_shape=[n * s])
        if s > 1 and n > 1:
            steps["output_padding"] = [1]
            out.ask("onnx.conv_transpose", onnx_transpose, x, h, **steps, low=[1], high=[0])
    out.write()
