#!/usr/bin/python3
"""What the other systems answer to the calls in this folder's tests, written to recorded.txt: record.py

In a test, between `// [block]` and `// [/block]`, a comment line is a call of the other system and the statement below it
the same in faltung. This script runs the comment lines; the tests compare. Debian 12:
apt-get install --no-install-recommends python3-scipy python3-torch python3-opencv octave
"""
import pathlib
import re
import subprocess

import cv2
import numpy as np
import scipy
import scipy.ndimage
import scipy.signal
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent

# The operands, as recorded.hpp has them.
OPERANDS = {
    "x": [1, -2, 3, 0.5, 4, -1],
    "h": [1, 2, -1],
    "e": [1, 2, -1, 3],
    "image": [[(7 * i + 3 * j * j) % 11 - 3 for j in range(6)] for i in range(5)],
    "kernel": [[1, 2, 0], [-1, 3, 1], [2, -2, 1]],
    "even": [[1, -1], [2, 4]],
    "soft": [[0.125, 0.25, 0], [-0.125, 0.375, 0.125], [0.25, -0.25, 0.125]],
    "gray": [[(37 * i + 51 * j * j) % 256 for j in range(6)] for i in range(5)],
}


def python_answers(calls):
    names = {"numpy": np, "scipy": scipy, "cv2": cv2, "F": F}
    arrays = {name: np.array(value, dtype=np.uint8 if name == "gray" else np.float64) for name, value in OPERANDS.items()}
    tensors = {name: torch.tensor(array, dtype=torch.float64) for name, array in arrays.items()}
    for key, call in calls:
        operands = tensors if key.startswith("pytorch") else arrays
        yield key, np.asarray(eval(call, names | operands))


def octave_answers(calls):
    def matrix(value):
        rows = value if isinstance(value[0], list) else [value]
        return "[" + "; ".join(" ".join(map(str, row)) for row in rows) + "]"

    program = [f"{name} = {matrix(value)};" for name, value in OPERANDS.items()]
    for _, call in calls:
        program.append(f"y = {call}; printf('%d %d:', size(y)); printf(' %.17g', y.'); printf('\\n');")
    printed = subprocess.run(["octave-cli", "--no-init-file", "--eval", "\n".join(program)], check=True,
                             capture_output=True, text=True).stdout
    for (key, _), line in zip(calls, printed.splitlines(), strict=True):
        rows, columns, *values = line.replace(":", "").split()
        y = np.array(values, dtype=np.float64).reshape(int(rows), int(columns))
        yield key, y[0] if rows == "1" else y


def calls_in(path):
    for name, body in re.findall(r"^ *// \[(\w+)\]\n(.*?)^ *// \[/\1\]$", path.read_text(), re.M | re.S):
        for call, result in re.findall(r"^ *// (.+)\n *(?:const )?(?:auto|tensor<[^>]*>) (\w+)", body, re.M):
            yield f"{name}.{result}", call


def main():
    lines = [f"# NumPy {np.__version__}, SciPy {scipy.__version__}, PyTorch {torch.__version__}, OpenCV {cv2.__version__}, "
             + subprocess.run(["octave-cli", "--version"], capture_output=True, text=True).stdout.splitlines()[0]]
    for path in sorted(HERE.glob("*.test.cpp")):
        calls = list(calls_in(path))
        answers = octave_answers if path.name.startswith("octave") else python_answers
        for key, y in answers(calls):
            values = " ".join(repr(float(v)).removesuffix(".0") for v in y.ravel())
            lines.append(f"{key} {'x'.join(map(str, y.shape))} {values}")
    (HERE / "recorded.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
