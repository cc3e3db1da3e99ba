#!/usr/bin/python3
"""Convolutions by transforms, beside SciPy, PyTorch and FFTW: fourier.py <faltung_versus_fourier> [filter] [options]

Everything takes turns, as turns.py says, with plans made before. A row has the kernel's spectrum kept in the plan (a
convolver and its workspace) and, beside it, the kernel transformed in every call (convolve_into). Functions of Python
return a new array, as they always do; the library and FFTW write into one that is there.
`filter` is a regular expression that the names, as convolution/float/signal_1e6_1025, are searched for.
Debian 12: apt-get install --no-install-recommends python3-scipy python3-torch libfftw3-dev
"""
import os
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import turns
from turns import TYPES, best, from_python, ms, ratio, require_equal, show, take_turns

import numpy as np
import scipy

import peers

# Case, method and target ratios to the fastest of SciPy and PyTorch, with the kernel kept and in the call.
CONVOLUTIONS = [
    ("image_512_64x64", "automatic", 4, 2.5),
    ("image_1000_101x101", "automatic", 4, 2.5),
    ("image_2048_2048x2048", "automatic", 2.5, 1.8),
    ("volume_128_33x33x33", "automatic", 2.5, 1.8),
    ("signal_1e6_1025", "automatic", 6, 6),
    ("signal_1e6_65537", "automatic", 4, 3),
    ("periodic_1024_1024x1024", "automatic", 3, 2),
    ("periodic_1024_15x15", "automatic", 4, 4),
    ("tiny_64x64_9x9", "fft", 5, 5),
]
ONLY_PYTORCH = {"tiny_64x64_9x9"}
INSIDE = {"float": 1.8, "double": 1.4}  # and of the transforms themselves to FFTW's
# Of the others the targets are for float and double.
FIRST_CALLS = [("image_1000_101x101", "automatic", 2, 2)]
THREADS = [("signal_1e6_1025", "automatic", 0.9, 0.9), ("image_2048_31x31", "automatic", 0.9, 0.9)]
# What is counted in convolutions, and the longest block of a stream in median ones: at most.
PLANS = [(case, method, 10, 10) for case, method, *_ in CONVOLUTIONS]
STREAMS = [("signal_1e6_65537", "automatic", 1.5, 1.5)]
BLOCK = 1024
MEMORY = ("image_4096_31x31", "overlap_save", 8)
LONGEST_BLOCK = 2**18  # FFTW measures for a minute beyond it, and is no faster


def extents(word):
    return tuple(int(n) for n in word.split("x"))


class Program(turns.Program):
    """faltung_versus_fourier with one case."""

    def __init__(self, path, case, type_name, method):
        super().__init__(path, case, type_name, method)
        self.data, self.kernel, self.result = (extents(word) for word in self.case.split())


def extents_of_fftw(program, operands, ours):
    """FFTW gets several extents and counts with its best: SciPy's, multiples of 16, those of our own one transform; and
    a signal is cut into blocks of several lengths."""
    if operands.is_periodic:
        return [operands.n]
    if len(operands.n) > 1:
        sixteens = tuple(16 * n for n in peers.lengths(-(-n // 16) for n in program.result))
        method, _, tile = ours.about.partition(" ")
        return list(dict.fromkeys([operands.n, sixteens, *([extents(tile)] if method == "fft" else [])]))
    shortest = 1 << (program.kernel[0] - 1).bit_length()
    return [(n,) for n in (shortest, 2 * shortest, 4 * shortest, 8 * shortest) if n <= LONGEST_BLOCK]


def convolution(case, method, type_name, targets, wanted):
    """Rows for the tables of convolutions and of what is inside."""
    with Program(wanted.program, case, type_name, method) as program:
        o = peers.Operands(program.data, program.kernel, program.result, TYPES[type_name])
        ours, ours_call = program.make("ours, kept", "kept"), program.make("ours, in the call", "call")
        calls = peers.PERIODIC_IN_THE_CALL if o.is_periodic else peers.IN_THE_CALL
        kept = [from_python(f"{name}, kept", make, o) for name, make in peers.KEPT.items()]
        in_the_call = [from_python(f"{name}, in the call", make, o) for name, make in calls.items()
                       if name != "oaconvolve" or program.data != program.kernel]
        inside = []
        if case in ONLY_PYTORCH:
            kept, in_the_call = ([c for c in some if c.name.startswith("torch")] for some in (kept, in_the_call))
        else:
            for n in extents_of_fftw(program, o, ours):
                kept.append(program.make("FFTW, kept", "fftw_kept", *n))
                in_the_call.append(program.make("FFTW, in the call", "fftw_call", *n))
        everyone = [ours, ours_call, *kept, *in_the_call]
        if case not in ONLY_PYTORCH and ours.about.split()[0] in ("fft", "overlap_save"):
            on_fftw = program.make("ours on FFTW's transforms, kept", "kept_on_fftw")
            everyone.append(on_fftw)
            inside = [program.make("transforms inside, ours", "inside"),
                      program.make("transforms inside, FFTW", "inside_fftw")]
        require_equal(everyone, type_name)
        take_turns(everyone + inside, wanted)
    row = [case, type_name]
    for mine, others, target in (ours, kept, targets[0]), (ours_call, in_the_call, targets[1]):
        peer = best([c for c in others if not c.name.startswith("FFTW")])
        median, spread = ratio(peer, mine)
        row += [ms(mine), f"{ms(peer)} ({peer.name.split(',')[0]})", f"{median:.2f}", f"{target:g}", spread]
    row.append(f"{ratio(best(kept), ours)[0]:.2f}")
    if not inside:
        return row, None
    median, spread = ratio(inside[1], inside[0])
    whole, whole_spread = ratio(on_fftw, ours)
    return row, (case, type_name, inside[0].about, ms(inside[0]), ms(inside[1]), f"{median:.2f}",
                 f"{INSIDE[type_name]:g}", spread, f"{whole:.2f}", whole_spread)


def threads(case, method, type_name, target, wanted):
    """Two threads on one call against two calls at a time, each on a thread."""
    with Program(wanted.program, case, type_name, method) as program:
        one = program.make("one thread", "kept")
        two, copies = program.make("two threads", "two_threads"), program.make("two copies, both", "two_copies")
        require_equal([one, two], type_name)
        take_turns([one, two, copies], wanted)
    faster, _ = ratio(one, two)
    median, spread = ratio(copies, two, share=0.5)
    return (case, type_name, ms(one), ms(two), f"{1e3 * copies.median() / 2:.3f}", f"{faster:.2f}", f"{median:.2f}",
            f"{target:g}", spread)


def in_new_process(peer, program, type_name):
    """(seconds, bytes beyond the arrays) of the first call in a process of Python."""
    words = [sys.executable, __file__, "--first-call", peer, type_name]
    words += ["x".join(str(n) for n in shape) for shape in (program.data, program.kernel, program.result)]
    return [float(word) for word in subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()]


def first_call_of(peer, type_name, *shapes):
    """What in_new_process asks for."""
    data, kernel, result = (extents(word) for word in shapes)
    o = peers.Operands(data, kernel, result, TYPES[type_name])
    function = peers.IN_THE_CALL[peer](o)
    own_peak()
    before = own_peak()
    start = time.perf_counter()
    y = function()
    seconds = time.perf_counter() - start
    print(seconds, own_peak() - before - np.asarray(y).nbytes)


def own_peak():
    """As Program.peak, of this process."""
    with open("/proc/self/status") as status:
        peak = 1024 * int(re.search(r"VmHWM:\s*(\d+)", status.read())[1])
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")
    return peak


def first_call(case, method, type_name, target, wanted):
    """Plan and run in a new process each time."""
    ours, found = [], {}
    for _ in range(min(wanted.rounds, 7)):
        for who in "call", "fftw_estimate_call", "fftw_call":
            with Program(wanted.program, case, type_name, method) as program:
                made = program.make(who, who, *peers.lengths(program.result))
                (ours if who == "call" else found.setdefault(who, [])).append(made.plan_seconds + made.run(1))
        for peer in peers.IN_THE_CALL:
            found.setdefault(peer, []).append(in_new_process(peer, program, type_name)[0])
    for name, seconds in [("ours", ours), *found.items()]:
        print(f"    {name:32} {1e3 * np.median(seconds):10.3f} ms", flush=True)
    name = min(found, key=lambda who: np.median(found[who]))
    ratios = np.array(found[name]) / np.array(ours)
    low, high = np.percentile(ratios, [10, 90])
    return (case, type_name, f"{1e3 * np.median(ours):.3f}", f"{1e3 * np.median(found[name]):.3f} ({name})",
            f"{np.median(ratios):.2f}", f"{target:g}", f"{low:.2f} to {high:.2f}")


def plan(case, method, type_name, target, wanted):
    """The time of a plan in convolutions by it."""
    with Program(wanted.program, case, type_name, method) as program:
        ours, plans = program.make("one convolution", "kept"), program.make("a plan", "plan")
        take_turns([ours, plans], wanted)
    median, spread = ratio(plans, ours)
    return case, type_name, ms(plans), ms(ours), f"{median:.2f}", f"{target:g}", spread


def stream(case, method, type_name, target, wanted):
    """Every block of a stream; its time is the best of several streams, as others disturb a block here and there."""
    with Program(wanted.program, case, type_name, method) as program:
        streams = [program.make("stream", "stream", BLOCK) for _ in range(min(wanted.rounds, 15))]
        seconds = np.array([[s.run(1) for s in streams] for _ in range(4 * program.kernel[0] // BLOCK)]).min(axis=1)
    median, longest = np.median(seconds), seconds.max()
    print(f"    {1e6 * median:.1f} us a block, the longest {1e6 * longest:.1f} us", flush=True)
    return (case, type_name, f"{1e6 * median:.1f}", f"{1e6 * np.percentile(seconds, 99):.1f}", f"{1e6 * longest:.1f}",
            f"{longest / median:.2f}", f"{target:g}")


def memory(wanted):
    """Peak of a process beyond its arrays."""
    case, method, target = MEMORY
    with Program(wanted.program, case, "float", method) as program:
        program.peak()
        before = program.peak()
        program.make("ours", "kept").run(1)
        ours = program.peak() - before
        _, theirs = in_new_process("fftconvolve", program, "float")
    mib = 1 / 2**20
    return (case, "float", f"{ours * mib:.1f}", f"{theirs * mib:.1f} (fftconvolve)", f"{theirs / ours:.1f}",
            f"{target:g}")


def named(kind, list_of_cases, wanted):
    """(name, arguments of a row's function) of those that are asked for."""
    for case, method, *targets in list_of_cases:
        for type_name, target in zip(TYPES, [targets, targets] if kind == "convolution" else targets):
            if re.search(wanted.filter, name := f"{kind}/{type_name}/{case}"):
                yield name, (case, method, type_name, target, wanted)


def main():
    wanted = turns.asked(__doc__)
    rows = {kind: list(named(kind, cases, wanted)) for kind, cases in (
        ("convolution", CONVOLUTIONS), ("first_call", FIRST_CALLS), ("threads", THREADS), ("plan", PLANS),
        ("stream", STREAMS))}
    wants_memory = re.search(wanted.filter, f"memory/float/{MEMORY[0]}")
    if not wants_memory and not any(rows.values()):
        return
    with Program(wanted.program, CONVOLUTIONS[0][0], "float", "automatic") as program:
        print(f"NumPy {np.__version__}, SciPy {scipy.__version__}, PyTorch {turns.pytorch().__version__}, "
              f"{program.ask('versions')} (FFTW_MEASURE), one thread each")

    def chosen(kind):
        for name, arguments in rows[kind]:
            print(f"\n{name}", flush=True)
            yield arguments

    convolutions = [convolution(*row) for row in chosen("convolution")]
    first_calls = [first_call(*row) for row in chosen("first_call")]
    two_threads = [threads(*row) for row in chosen("threads")]
    plans = [plan(*row) for row in chosen("plan")]
    streams = [stream(*row) for row in chosen("stream")]
    memories = [memory(wanted)] if wants_memory else []
    show("Convolutions, ms: the kernel kept, and in the call; the last column is the fastest of all, FFTW included",
         ("case", "type", "kept", "best peer", "ratio", "target", "spread", "in the call", "best peer", "ratio",
          "target", "spread", "of all"),
         [row for row, _ in convolutions])
    show("The same transforms inside, ms, and the same convolution on FFTW's",
         ("case", "type", "extents", "ours", "FFTW", "ratio", "target", "spread", "whole convolution", "spread"),
         [row for _, row in convolutions if row])
    show("First call, plan and run in a new process, ms",
         ("case", "type", "ours", "best peer", "ratio", "target", "spread"), first_calls)
    show("Two threads against two copies on one thread each, ms for one convolution",
         ("case", "type", "one thread", "two threads", "two copies", "faster", "ratio", "target", "spread"),
         two_threads)
    show("A plan, ms, and how many convolutions by it take as long",
         ("case", "type", "a plan", "a convolution", "ratio", "at most", "spread"), plans)
    show(f"Blocks of {BLOCK} samples of a stream without latency, us",
         ("case", "type", "median", "99 of 100", "longest", "longest / median", "at most"), streams)
    show("Peak memory beyond the arrays, MiB", ("case", "type", "ours", "peer", "ratio", "target"), memories)


if sys.argv[1:2] == ["--first-call"]:
    first_call_of(*sys.argv[2:])
else:
    main()
