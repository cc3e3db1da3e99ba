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
    with Program(program, type_name, *channels, *(v for a in axes for v in a)) as p:
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


def contest_of_tiles(program, arguments):
    """Layer a by winograd, which automatic takes within a tolerance, beside oneDNN's direct sums in its own layout."""
    _, channels, axes, _, _ = LAYERS["a_3x3"]
    print("layers/a_winograd", flush=True)
    with Program(program, "fractions", *channels, *(v for a in axes for v in a)) as p:
        ours, peer = p.make("faltung winograd", "winograd"), p.make("oneDNN blocked", "blocked")
        require_equal([ours, peer], "float", 1e-4)
        errors = []
        for contestant in (ours, peer):
            contestant.value()
            errors.append(p.make("error", "error").about)
        take_turns([ours, peer], arguments)
    got, spread = ratio(peer, ours)
    head = ["layer", "ms", "rival", "ratio", "spread", "wanted", "error", "error of the rival"]
    show("tiles of 4 x 4 outputs, one thread", head,
         [["layers/a_winograd", ms(ours), peer.name, f"{got:.2f}", spread, "1.6", *errors]])


def contest_of_threads(program, arguments):
    """Layer a on two threads beside two layers that share nothing at a time, each on a thread."""
    type_name, channels, axes, _, _ = LAYERS["a_3x3"]
    print("layers/a_threads", flush=True)
    with Program(program, type_name, *channels, *(v for a in axes for v in a)) as p:
        one, two, copies = (p.make(who, who) for who in ("direct", "two_threads", "two_copies"))
        require_equal([one, two], "float")
        take_turns([one, two, copies], arguments)
    got, spread = ratio(copies, two, share=0.5)
    show("two threads", ["layer", "one thread", "two threads", "two copies", "ratio", "spread", "wanted"],
         [["layers/a_threads", ms(one), ms(two), f"{1e3 * copies.median() / 2:.3f}", f"{got:.2f}", spread, "0.92"]])


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
    if re.search(arguments.filter, "layers/a_threads"):
        contest_of_threads(arguments.program, arguments)
    if mean:
        print(f"geometric mean {np.exp(np.mean(np.log(mean))):.3f}, wanted 1.0")


main()
