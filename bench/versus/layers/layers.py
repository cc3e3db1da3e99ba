#!/usr/bin/python3
"""Layers of many channels beside oneDNN and PyTorch: layers.py <faltung_versus_layers> [filter] [options]

Everything takes turns, as turns.py says, with plans made and kernels packed before, x and y channel by channel (N C
...). oneDNN: in its own layout without the way there (blocked), with the way there and back (reordered), and channel by
channel (plain). `filter` is a regular expression that the names, as layers/a_3x3, are searched for.
Debian 12: apt-get install --no-install-recommends libdnnl-dev python3-torch
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import turns
from turns import Program, best, from_python, ms, ratio, require_equal, show, take_turns

import numpy as np

# Batch, channels in and out, groups; for every axis extent, taps, window stride, dilation, padding; the least ratio to
# the faster of oneDNN (reordered, plain) and PyTorch, and to oneDNN's own layout.
LAYERS = {
    "a_3x3": ("float", (1, 64, 64, 1), [(56, 3, 1, 1, 1)] * 2, 0.9, 0.9),
    "b_14x14": ("float", (1, 256, 256, 1), [(14, 3, 1, 1, 1)] * 2, 0.9, None),
    "c_7x7_stride_2": ("float", (1, 3, 64, 1), [(224, 7, 2, 1, 3)] * 2, 0.9, None),
    "d_1x1": ("float", (1, 256, 64, 1), [(56, 1, 1, 1, 0)] * 2, 0.95, None),
    "e_depthwise": ("float", (1, 128, 128, 128), [(56, 3, 1, 1, 1)] * 2, 2.3, None),
    "f_batch_8": ("float", (8, 64, 64, 1), [(56, 3, 1, 1, 1)] * 2, 0.9, None),
    "g_dilation_2": ("float", (1, 64, 64, 1), [(56, 3, 1, 2, 2)] * 2, 0.9, None),
    "h_volume": ("float", (1, 16, 32, 1), [(32, 3, 1, 1, 1)] * 3, 0.9, None),
    "i_signals": ("float", (8, 64, 64, 1), [(4096, 9, 1, 1, 4)], 0.9, None),
    "j_transposed": ("transposed", (1, 64, 32, 1), [(28, 4, 2, 1, 1)] * 2, 1.0, None),
    "u8_s8": ("uint8", (1, 64, 64, 1), [(56, 3, 1, 1, 1)] * 2, 0.8, None),
}
# Pictures of one channel, as layers: what two threads and other flags make of them.
PICTURES = {f"{taps}x{taps}": ("float", (1, 1, 1, 1), [(n, taps, 1, 1, taps // 2) for n in (1080, 1920)])
            for taps in (3, 5, 11, 31)}
MEAN = "abcfghi"  # of these the geometric mean is to be 1.0 or more


def operands(channels, axes, transposed):
    batch, c, k, groups = channels
    x = turns.noise([batch, c] + [a[0] for a in axes], np.float32)
    h = turns.noise([k * (c // groups)] + [a[1] for a in axes], np.float32) % 200 - 100
    return x, h.reshape([c, k // groups] + [a[1] for a in axes] if transposed else [k, c // groups] + [a[1] for a in axes])


def torch_layer(channels, axes, transposed):
    torch = turns.pytorch()
    if transposed:
        convolve = {1: torch.conv_transpose1d, 2: torch.conv_transpose2d, 3: torch.conv_transpose3d}[len(axes)]
    else:
        convolve = {1: torch.conv1d, 2: torch.conv2d, 3: torch.conv3d}[len(axes)]
    options = {"stride": [a[2] for a in axes], "dilation": [a[3] for a in axes], "padding": [a[4] for a in axes],
               "groups": channels[3]}

    def make(given):
        x, h = (torch.from_numpy(v) for v in given)

        def call():
            with torch.no_grad():
                return convolve(x, h, **options).numpy()
        return call
    return make


def contest(program, name, arguments):
    type_name, channels, axes, _, _ = LAYERS[name]
    print(f"layers/{name}", flush=True)
    with open_case(program, type_name, channels, axes) as p:
        ours = p.make("faltung", "direct")
        peers = {"blocked": p.make("oneDNN blocked", "blocked"), "reordered": p.make("oneDNN reordered", "reordered")}
        if type_name != "uint8":  # of bytes channel by channel oneDNN has a reference alone
            peers["plain"] = p.make("oneDNN plain", "plain")
            transposed = type_name == "transposed"
            peers["torch"] = from_python("PyTorch", torch_layer(channels, axes, transposed),
                                         operands(channels, axes, transposed))
        require_equal([ours, *peers.values()], "float")
        take_turns([ours, *peers.values()], arguments)
    return ours, peers


def open_case(program, type_name, channels, axes):
    return Program(program, type_name, *channels, *(v for a in axes for v in a))


def contest_of_tiles(program, arguments):
    """Layer a by winograd, which automatic takes within a tolerance, beside oneDNN's direct sums in its own layout; and
    the errors of both ways on both sides, where oneDNN has Winograd's tiles for this machine."""
    _, channels, axes, _, _ = LAYERS["a_3x3"]
    print("layers/a_winograd", flush=True)
    with open_case(program, "fractions", channels, axes) as p:
        ours, peer = p.make("faltung winograd", "winograd"), p.make("oneDNN blocked", "blocked")
        all_of_them = [ours, p.make("faltung direct", "direct"), peer]
        try:
            all_of_them.append(p.make("oneDNN winograd", "tiles"))
        except SystemExit as refusal:
            print(f"    oneDNN has no tiles here: {refusal}")
        require_equal(all_of_them, "float", 1e-4)
        errors = []
        for contestant in all_of_them:
            contestant.value()
            errors.append(p.make("error", "error").about)
        take_turns(all_of_them, arguments)
    got, spread = ratio(peer, ours)
    show("tiles of 4 x 4 outputs, one thread", ["layer", "ms", "rival", "ratio", "spread", "wanted"],
         [["layers/a_winograd", ms(ours), peer.name, f"{got:.2f}", spread, "1.6"]])
    show("|y - sums in double| / (|x| |w|) of layer a", ["by", "ms", "error"],
         [[c.name, ms(c), error] for c, error in zip(all_of_them, errors)])


def contest_of_threads(program, name, case, arguments):
    """A layer on two threads beside two layers that share nothing at a time, each on a thread."""
    print(name, flush=True)
    with open_case(program, *case) as p:
        one, two, copies = (p.make(who, who) for who in ("direct", "two_threads", "two_copies"))
        require_equal([one, two], "float")
        take_turns([one, two, copies], arguments)
    got, spread = ratio(copies, two, share=0.5)
    return [name, ms(one), ms(two), f"{1e3 * copies.median() / 2:.3f}", f"{got:.2f}", spread, "0.92"]


def contest_of_flags(program, name, case, arguments):
    """The program as a user compiles it (-O2) beside itself by -O3 -march=native."""
    print(name, flush=True)
    with open_case(program, *case) as plain, open_case(program + "_native", *case) as native:
        ours, other = plain.make("-O2", "direct"), native.make("-O3 -march=native", "direct")
        require_equal([ours, other], "float")
        take_turns([ours, other], arguments)
    got, spread = ratio(other, ours)
    return [name, ms(ours), ms(other), f"{got:.2f}", spread, "0.9"]


def main():
    arguments = turns.asked(__doc__)
    rows, mean = [], []
    for name, (_, channels, axes, least, least_blocked) in LAYERS.items():
        if not re.search(arguments.filter, f"layers/{name}"):
            continue
        ours, peers = contest(arguments.program, name, arguments)
        rival = best([c for key, c in peers.items() if key != "blocked"])
        if name[0] == "d":
            rival = peers["plain"]
        elif name[0] == "e":
            rival = peers["torch"]
        elif name[0] == "j":
            rival = peers["reordered"]
        got, spread = ratio(rival, ours)
        blocked, blocked_spread = ratio(peers["blocked"], ours)
        if name[0] in MEAN:
            mean.append(got)
        rows.append([f"layers/{name}", ms(ours), rival.name, f"{got:.2f}", spread, f"{least}", f"{blocked:.2f}",
                     blocked_spread, f"{least_blocked or ''}"])
    show("layers, one thread", ["layer", "ms", "rival", "ratio", "spread", "wanted", "blocked", "spread", "wanted"], rows)
    if re.search(arguments.filter, "layers/a_winograd"):
        contest_of_tiles(arguments.program, arguments)
    cases = {f"layers/{name}": row[:3] for name, row in LAYERS.items()}
    cases |= {f"layers/picture_{name}": row for name, row in PICTURES.items()}
    wanted = lambda name: re.search(arguments.filter, name)
    show("two threads", ["layer", "one thread", "two threads", "two copies", "ratio", "spread", "wanted"],
         [contest_of_threads(arguments.program, f"{name}_threads", cases[name], arguments)
          for name in ("layers/a_3x3", "layers/picture_11x11") if wanted(f"{name}_threads")])
    if os.path.exists(arguments.program + "_native"):
        flags = [contest_of_flags(arguments.program, f"{name}_flags", case, arguments)
                 for name, case in cases.items() if wanted(f"{name}_flags")]
        show("-O2, and the same program by -O3 -march=native", ["layer", "-O2", "native", "ratio", "spread", "wanted"],
             flags)
        if flags:
            print(f"geometric mean {np.exp(np.mean([np.log(float(row[3])) for row in flags])):.3f}")
    if mean:
        print(f"geometric mean {np.exp(np.mean(np.log(mean))):.3f}, wanted 1.0")


main()
