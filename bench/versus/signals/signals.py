"""Signals beside NumPy and SciPy: signals.py <program> [filter] [--rounds most] [--seconds of a row]

Ours is a plan that is ready, writing into an array that is there; the peers are calls that return a new one. The peer of
a row is the fastest of those that it names. Results must agree to 1e-5 of their length in float, 1e-12 in double.
`filter` is a regular expression that the names, as signal/float/33, are searched for.
Debian 12: apt-get install --no-install-recommends python3-scipy
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import turns

import numpy as np
import scipy
import scipy.ndimage
import scipy.signal

SIGNAL = {
    "numpy.convolve": lambda x, h: np.convolve(x[0], h),
    "fftconvolve": lambda x, h: scipy.signal.fftconvolve(x[0], h),
    "oaconvolve": lambda x, h: scipy.signal.oaconvolve(x[0], h),
}
ROWS = {
    "ndimage.convolve1d": lambda x, h: scipy.ndimage.convolve1d(x, h, axis=1, mode="constant"),
}

# Name, type, rows, samples, taps, peers, the ratio that is wanted.
CASES = [
    *[("signal", "float", 1, 1000000, taps, SIGNAL, target) for taps, target in ((5, 3), (17, 12), (33, 9), (129, 3.7))],
    *[("signal", "double", 1, 1000000, taps, SIGNAL, target) for taps, target in ((5, 1.2), (17, 7), (33, 5), (129, 3))],
    ("rows", "float", 100000, 256, 16, ROWS, 12),
]


def compare(wanted, name, type_name, rows, samples, taps, peers, target):
    dtype = turns.TYPES[type_name]
    x, h = turns.noise((rows, samples), dtype), turns.noise((taps,), dtype)
    with turns.Program(wanted.program, name, type_name, rows, samples, taps) as program:
        ours = program.make("ours", "ours")
        others = [turns.from_python(peer, lambda _, call=call: lambda: call(x, h), None) for peer, call in peers.items()]
        turns.require_equal([ours, *others], type_name)
        turns.take_turns([ours, *others], wanted)
    best = turns.best(others)
    median, spread = turns.ratio(best, ours)
    return (f"{name} {samples} x {rows}, {taps} taps", type_name, f"{turns.ms(ours)} ({ours.about})",
            f"{turns.ms(best)} ({best.name})", f"{median:.2f}", f"{target:g}", spread)


def main():
    wanted = turns.asked(__doc__)
    chosen = [row for row in CASES if re.search(wanted.filter, f"{row[0]}/{row[1]}/{row[4]}")]
    if not chosen:
        return
    print(f"NumPy {np.__version__}, SciPy {scipy.__version__}, one thread each")
    rows = []
    for row in chosen:
        print(f"\n{row[0]}/{row[1]}/{row[4]}", flush=True)
        rows.append(compare(wanted, *row))
    turns.show("Signals, ms", ("case", "type", "ours", "peer", "ratio", "target", "spread"), rows)


main()
