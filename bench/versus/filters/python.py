#!/usr/bin/python3
"""Filters of large arrays beside SciPy, PyTorch and memcpy: python.py <faltung_versus_python> [filter] [options]

Everything takes turns, as turns.py says. Both sides are one call, with all that it has to prepare: gaussian_filter with
the defaults of both, which are the same ends and the same taps, returns a new array on both sides; edge_magnitude_into
writes into an array that is there, and slices of PyTorch make new ones. Results must agree to 1e-5 of their length in
float, 1e-12 in double. What memcpy takes is the time to copy the array: no filter of it can be much faster.
`filter` is a regular expression that the names, as filter/double/gaussian_3, are searched for.
Debian 12: apt-get install --no-install-recommends python3-scipy python3-torch
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


def gaussian(sigma):
    return lambda x: lambda: scipy.ndimage.gaussian_filter(x, sigma)


def edges(x):
    torch = turns.pytorch()
    x = torch.from_numpy(x)

    def magnitude():
        wide = torch.nn.functional.pad(x, (1, 1, 1, 1), mode="replicate")
        dx = wide[..., 1:-1, 2:] - wide[..., 1:-1, :-2]
        dy = wide[..., 2:, 1:-1] - wide[..., :-2, 1:-1]
        return torch.sqrt(dx * dx + dy * dy)

    return magnitude


# Case, type, extents, then the peers: their names, what makes them and the ratio to them that is wanted. Nothing makes
# "copy" here: the program does.
FILTERS = [
    ("gaussian_3", "double", (1080, 1920), ("scipy.ndimage", gaussian(3), 8)),
    ("gaussian_volume_2", "float", (256, 256, 256), ("scipy.ndimage", gaussian(2), 8)),
    ("edges", "float", (1000, 128, 28, 28), ("slices of PyTorch", edges, 20), ("memcpy", None, 0.6)),
]


def compare(wanted, case, type_name, shape, *peers):
    """A row for each peer."""
    x = turns.noise(shape, turns.TYPES[type_name])
    with turns.Program(wanted.program, case, type_name, *shape) as program:
        ours = program.make("ours", "ours")
        others = [turns.from_python(name, make, x) if make else program.make(name, "copy") for name, make, _ in peers]
        turns.require_equal([ours, *(other for other, (_, make, _) in zip(others, peers) if make)], type_name)
        turns.take_turns([ours, *others], wanted)
    for other, (name, _, target) in zip(others, peers):
        median, spread = turns.ratio(other, ours)
        yield case, type_name, turns.ms(ours), f"{turns.ms(other)} ({name})", f"{median:.2f}", f"{target:g}", spread


def main():
    wanted = turns.asked(__doc__)
    chosen = {f"filter/{row[1]}/{row[0]}": row for row in FILTERS}
    chosen = {name: row for name, row in chosen.items() if re.search(wanted.filter, name)}
    if not chosen:
        return
    print(f"NumPy {np.__version__}, SciPy {scipy.__version__}, PyTorch {turns.pytorch().__version__}, one thread each")
    rows = []
    for name, row in chosen.items():
        print(f"\n{name}", flush=True)
        rows += compare(wanted, *row)
    turns.show("Filters, ms", ("case", "type", "ours", "peer", "ratio", "target", "spread"), rows)


main()
