"""The peers from Python: what SciPy and PyTorch users write, with the kernel's spectrum kept and with all in the call.

A peer is a function without arguments that returns the result.
"""
import numpy as np
import scipy.fft
import scipy.signal

import turns


def samples(shape, dtype):
    """As faltung_bench::samples."""
    return (np.arange(np.prod(shape)) % 13).astype(dtype).reshape(shape)


def lengths(result):
    """The extents that SciPy's own functions transform."""
    return tuple(scipy.fft.next_fast_len(n, real=True) for n in result)


class Operands:
    def __init__(self, data, kernel, result, dtype):
        self.x, self.h = samples(data, dtype), samples(kernel, dtype)
        self.is_periodic = data == result
        self.n = data if self.is_periodic else lengths(result)
        self.kept = tuple(slice(n) for n in result)


def scipy_fft(o):
    spectrum = scipy.fft.rfftn(o.h, o.n)
    return lambda: scipy.fft.irfftn(scipy.fft.rfftn(o.x, o.n) * spectrum, o.n)[o.kept]


def scipy_fft_call(o):
    return lambda: scipy.fft.irfftn(scipy.fft.rfftn(o.x, o.n) * scipy.fft.rfftn(o.h, o.n), o.n)[o.kept]


def fftconvolve_call(o):
    return lambda: scipy.signal.fftconvolve(o.x, o.h)


def oaconvolve_call(o):
    return lambda: scipy.signal.oaconvolve(o.x, o.h)


def tensors(o):
    torch = turns.pytorch()
    return torch.fft, torch.from_numpy(o.x), torch.from_numpy(o.h)


def torch_fft(o):
    fft, x, h = tensors(o)
    spectrum = fft.rfftn(h, o.n)
    return lambda: fft.irfftn(fft.rfftn(x, o.n) * spectrum, o.n)[o.kept]


def torch_fft_call(o):
    fft, x, h = tensors(o)
    return lambda: fft.irfftn(fft.rfftn(x, o.n) * fft.rfftn(h, o.n), o.n)[o.kept]


KEPT = {"scipy.fft": scipy_fft, "torch.fft": torch_fft}
IN_THE_CALL = {"fftconvolve": fftconvolve_call, "oaconvolve": oaconvolve_call, "torch.fft": torch_fft_call}
PERIODIC_IN_THE_CALL = {"scipy.fft": scipy_fft_call, "torch.fft": torch_fft_call}
