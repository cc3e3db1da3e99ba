"""What the comparisons share: contestants of a program or of Python, turns that they take, ratios and tables.

Everything takes turns in one run, on one thread. A ratio is the median of peer / ours over the rounds, its spread the
10th and 90th percentile. Results are compared before they are timed.
"""
import argparse
import os
import subprocess
import time

for name in "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE":
    os.environ.pop(name, None)
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

TYPES = {"float": np.float32, "double": np.float64}


def noise(shape, dtype):
    """As faltung_bench::noise."""
    bits = np.arange(np.prod(shape), dtype=np.uint32)
    bits *= np.uint32(2654435761)
    bits ^= bits >> np.uint32(15)
    bits *= np.uint32(2246822519)
    return (bits >> np.uint32(24)).astype(dtype).reshape(shape)


class Program:
    """A program with one case, that answers as session.hpp says."""

    def __init__(self, path, *case):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.case = self.ask("case", *case)
        self.contestants = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        verdict, _, answer = self.process.stdout.readline().rstrip("\n").partition(" ")
        if verdict != "ok":
            raise SystemExit(f"{words}: {verdict} {answer}")
        return answer

    def make(self, name, who, *extents):
        seconds, _, about = self.ask("make", who, *extents).partition(" ")
        number = self.contestants
        self.contestants += 1
        return Contestant(name, float(seconds), about, lambda times: float(self.ask("run", number, times)),
                          lambda: tuple(float(v) for v in self.ask("value", number).split()))

    def peak(self):
        """The most bytes that were resident since the last time."""
        return 1024 * int(self.ask("peak"))


class Contestant:
    def __init__(self, name, plan_seconds, about, run, value):
        self.name, self.plan_seconds, self.about, self.run, self.value = name, plan_seconds, about, run, value
        self.seconds = []

    def median(self):
        return float(np.median(self.seconds))

    def show(self):
        low, high = np.percentile(self.seconds, [10, 90])
        print(f"    {self.name:32} {1e3 * self.median():10.3f} ms  ({1e3 * low:.3f} to {1e3 * high:.3f})"
              f"  planned in {1e3 * self.plan_seconds:.1f} ms  {self.about}", flush=True)


def from_python(name, make, operands):
    """`make` gives a function without arguments that returns the result."""
    start = time.perf_counter()
    function = make(operands)
    seconds = time.perf_counter() - start

    def run(times):
        begun = time.perf_counter()
        for _ in range(times):
            function()
        return (time.perf_counter() - begun) / times

    return Contestant(name, seconds, "", run, lambda: fingerprint(function()))


def fingerprint(y):
    """As faltung_bench::fingerprint_of."""
    y = np.asarray(y, dtype=np.float64).ravel()
    return np.sqrt(np.sum(y * y)), np.sum(y * (np.arange(y.size) % 13 - 6))  # pairwise sums, not BLAS's


def require_equal(contestants, type_name, share=None):
    """What is compared computes the same, to this share of its length."""
    norm, total = contestants[0].value()
    allowed = norm * (share or (1e-5 if type_name == "float" else 1e-12))
    for c in contestants[1:]:
        other_norm, other_total = c.value()
        if not (abs(norm - other_norm) <= allowed and abs(total - other_total) <= 10 * allowed):
            raise SystemExit(f"{contestants[0].name} gives {norm} {total}, {c.name} {other_norm} {other_total}")


def take_turns(contestants, wanted):
    """Each one in every round, another one first each time; what is short is repeated for 5 ms."""
    times = [min(1000, 1 + int(0.005 / max(c.run(1), 1e-7))) for c in contestants]
    began, rounds = time.perf_counter(), 0
    while rounds < wanted.rounds and (rounds < 5 or time.perf_counter() - began < wanted.seconds):
        for k in range(len(contestants)):
            at = (k + rounds) % len(contestants)
            contestants[at].seconds.append(contestants[at].run(times[at]))
        rounds += 1
    for c in contestants:
        c.show()


def ratio(peer, ours, share=1):
    """(median, spread) of peer / ours in the same round."""
    ratios = np.array(peer.seconds) / np.array(ours.seconds) * share
    low, high = np.percentile(ratios, [10, 90])
    return float(np.median(ratios)), f"{low:.2f} to {high:.2f}"


def ms(contestant):
    return f"{1e3 * contestant.median():.3f}"


def best(contestants):
    return min(contestants, key=Contestant.median)


def show(title, head, rows):
    if not rows:
        return
    print(f"\n{title}")
    widths = [max(len(line[k]) for line in [head, *rows]) for k in range(len(head))]
    for line in [head, *rows]:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths)).rstrip())


def asked(about):
    """The arguments of a comparison: its program, the filter of names and how long it may take."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("filter", nargs="?", default="")
    parser.add_argument("--rounds", type=int, default=101, help="at most, for each row")
    parser.add_argument("--seconds", type=float, default=20, help="for each row, when 5 rounds are done")
    return parser.parse_args()


def pytorch():
    """Imported when it is asked for: that takes seconds."""
    import torch

    torch.set_num_threads(1)
    return torch
