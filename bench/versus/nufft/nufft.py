#!/usr/bin/python3
"""Non-uniform transforms and point convolutions beside FINUFFT, where the program was built with it, and sums in NumPy:
nufft.py <faltung_versus_nufft> [filter] [options]

Everything takes turns, as turns.py says. Results must agree to 20 times the tolerance. `whole` are the points and the
transform, of a convolution also the plan. `filter` is a regular expression that the names, as nufft/double/type1, are
searched for. Debian 12: apt-get install --no-install-recommends python3-numpy
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import turns

import numpy as np

# Name, case, type, tolerance, points, extents, our contestant, the peer's, and the ratio that is wanted.
ROWS = [
    ("type1", "type1", "double", 1e-6, 1000000, (1024, 1024), "ours", "finufft", 1.5),
    ("type2", "type2", "double", 1e-6, 1000000, (1024, 1024), "ours", "finufft", 1.6),
    ("type1_1e-9", "type1", "double", 1e-9, 1000000, (1024, 1024), "ours", "finufft", 1.9),
    ("type1", "type1", "float", 1e-5, 1000000, (1024, 1024), "ours", "finufft", 2.0),
    ("type2", "type2", "float", 1e-5, 1000000, (1024, 1024), "ours", "finufft", 2.3),
    ("type1_whole", "type1", "double", 1e-6, 1000000, (1024, 1024), "whole", "finufft_whole", 1.2),
    ("type1_whole_1e-9", "type1", "double", 1e-9, 1000000, (1024, 1024), "whole", "finufft_whole", 1.6),
    ("type1_whole", "type1", "float", 1e-5, 1000000, (1024, 1024), "whole", "finufft_whole", 1.6),
    ("convolution", "convolution", "double", 1e-6, 1000000, (1024, 1024), "ours", "finufft", 1.7),
    ("convolution", "convolution", "float", 1e-5, 1000000, (1024, 1024), "ours", "finufft", 2.5),
    ("type1_3d", "type1", "double", 1e-6, 1000000, (128, 128, 128), "ours", "finufft", 0.8),
    ("type1_1d", "type1", "double", 1e-6, 1000000, (1000000,), "ours", "finufft", 0.8),
    ("few_points", "convolution", "double", 1e-6, 20, (128, 128), "whole", "finufft_whole", 3),
    ("few_points_numpy", "convolution", "double", 1e-6, 20, (128, 128), "whole", "numpy", 20),
]


def numpy_sums(points, n):
    """A convolution with the same Gaussian as nufft.cpp's: every pair of a point and a mode, as products of matrices."""
    j = np.arange(points)
    x = [2 * np.pi * np.modf((j + 1) * np.sqrt(s))[0] for s in (2.0, 3.0)]
    c = np.cos(j) + 0.5j
    k = [np.arange(extent) - extent // 2 for extent in n]
    of_axis = [0.05 / np.sqrt(2 * np.pi) * np.exp(-((m * 0.05) ** 2) / 2) for m in k]
    kernel = of_axis[0][:, None] * of_axis[1][None, :]

    def convolved():
        rows, columns = (np.exp(-1j * np.outer(m, at)) for m, at in zip(k, x))
        modes = (rows * c) @ columns.T * kernel
        u = np.einsum("rj,rc,cj->j", rows.conj(), modes, columns.conj(), optimize=True)
        return u.view(np.float64)

    return convolved


def compare(wanted, name, case, type_name, tolerance, points, n, who, peer, target):
    with turns.Program(wanted.program, case, type_name, tolerance, points, *n) as program:
        if peer != "numpy" and program.ask("versions") != "finufft":
            ours = [program.make("ours", who)]
            turns.take_turns(ours, wanted)
            return name, type_name, turns.ms(ours[0]), "(built without FINUFFT)", "", f"{target:g}", ""
        ours = program.make("ours", who)
        other = turns.from_python(peer, lambda _: numpy_sums(points, n), None) if peer == "numpy" else program.make(peer, peer)
        turns.require_equal([ours, other], type_name, 20 * tolerance)
        turns.take_turns([ours, other], wanted)
    median, spread = turns.ratio(other, ours)
    return name, type_name, turns.ms(ours), f"{turns.ms(other)} ({peer})", f"{median:.2f}", f"{target:g}", spread


def compare_threads(wanted, case, target):
    """Two threads on one call against two calls at a time, each on a thread."""
    with turns.Program(wanted.program, case, "double", 1e-6, 1000000, 1024, 1024) as program:
        one, two, copies = (program.make(who, who) for who in ("ours", "two_threads", "two_copies"))
        turns.require_equal([one, two], "double")
        turns.take_turns([one, two, copies], wanted)
    median, spread = turns.ratio(copies, two, share=0.5)
    return case, turns.ms(one), turns.ms(two), f"{1e3 * copies.median() / 2:.3f}", f"{median:.2f}", f"{target:g}", spread


def train(wanted):
    """Row 0.14 of the documents: 10,000 steps on 20 points and 128 x 128 modes took 68.7 s there."""
    with turns.Program(wanted.program, "training", "double", 1e-12, 20, 128, 128) as program:
        steps = program.make("ours", "ours")
        turns.take_turns([steps], wanted)
    return "10,000 steps of 20 points, 128 x 128 modes", f"{100 * steps.median():.2f} s", "15 s", "68.7 s"


def main():
    wanted = turns.asked(__doc__)
    rows = []
    for row in ROWS:
        if not re.search(wanted.filter, f"nufft/{row[2]}/{row[0]}"):
            continue
        print(f"\nnufft/{row[2]}/{row[0]}", flush=True)
        rows.append(compare(wanted, *row))
    turns.show("Points, ms", ("case", "type", "ours", "peer", "ratio", "target", "spread"), rows)
    is_wanted = lambda name: re.search(wanted.filter, f"nufft/double/{name}")
    turns.show("Two threads, ms", ("case", "one thread", "two threads", "a copy", "ratio", "target", "spread"),
               [compare_threads(wanted, case, 0.85) for case in ("type1", "type2") if is_wanted(f"{case}_threads")])
    turns.show("Training", ("case", "ours", "target", "the document's"),
               [train(wanted) for _ in range(1) if is_wanted("training")])


main()
