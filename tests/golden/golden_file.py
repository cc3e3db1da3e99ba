"""Golden vectors as text: the operands, and the file that a system's answers are written to.

One statement per line, words separated by single blanks:

    # anything                                             a comment
    array NAME SHAPE VALUE ...                             an operand; it has no element type yet
    case CALL KEY=VALUE ... x=NAME:TYPE h=NAME:TYPE -> TYPE SHAPE VALUE ...
    case CALL KEY=VALUE ... x=NAME:TYPE h=NAME:TYPE -> error PYTHON_EXCEPTION

SHAPE is 5x4, outermost axis first; values follow in row-major order; a complex value is RE,IM without a blank. TYPE is
NumPy's name (complex64 has two 32-bit parts), longdouble and clongdouble for the 80-bit ones. The TYPE of a result is
the element type that the system answered with. Lists are written 1,2. Calls without an operand have no x or h. Values
have as many digits as their type needs to come back exactly; decimals of an operand are float64. Nothing depends on
time, machine or a library's random numbers: an operand's values follow from its name.
"""
import math
import os
import zlib

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def stream(name):
    """Numbers in [0, 65536) from a linear congruential generator that the name seeds."""
    state = zlib.crc32(name.encode())
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield state >> 48


def values(name):
    """The operand called NAME. Its first letter says which kind of numbers, the second which role, then the shape.

    i signed digits, u unsigned digits, b bits, r four decimals, c complex digits, z complex decimals, e eighths up to
    1, s signed eighths; x or h (the taps of h are never 0, so that each of them matters); e.g. ix5x4, rh3.
    """
    shape = tuple(int(n) for n in name[2:].split("x"))
    draw, kind, tap = stream(name), name[0], name[1] == "h"

    def digit():
        return (next(draw) % 4 + 1) * (1 if next(draw) % 2 else -1) if tap else next(draw) % 19 - 9

    def decimal():
        return round(next(draw) / 32768 - 1, 4)

    def natural():
        return next(draw) % 9 + 1 if tap else next(draw) % 10

    def bit():
        return 1 if tap and next(draw) % 4 else next(draw) % 2

    def eighth():
        return (next(draw) % 8 + 1) / 8

    one = {"i": digit, "u": natural, "b": bit, "r": decimal, "e": eighth,
           "s": lambda: eighth() * (1 if next(draw) % 2 else -1),
           "c": lambda: complex(digit(), digit()), "z": lambda: complex(decimal(), decimal())}[kind]
    return np.array([one() for _ in range(math.prod(shape))]).reshape(shape)


def kind_of(dtype):
    """The letter of the digits that every element of this type can hold."""
    return {"b": "b", "u": "u", "i": "i", "f": "i", "c": "c"}[np.dtype(dtype).kind]


def fraction_of(dtype):
    """Likewise, with decimals where the type has them."""
    return {"i": "i", "f": "r", "c": "z"}.get(np.dtype(dtype).kind, kind_of(dtype))


def type_name(dtype):
    """NumPy's name, but without the number of bits for the 80-bit types, which NumPy calls float128."""
    return {"float128": "longdouble", "complex256": "clongdouble"}.get(dtype.name, dtype.name)


def word(v):
    """One value as text that reads back to exactly the same value."""
    if isinstance(v, (complex, np.complexfloating)):
        return word(v.real) + "," + word(v.imag)
    if isinstance(v, (bool, np.bool_)):
        return str(int(v))
    if isinstance(v, (float, np.floating)) and v == np.trunc(v) and abs(v) < 2**53:
        return str(int(v))
    return str(v)


def dims(shape):
    return "x".join(str(n) for n in shape)


def plain(v):
    return ",".join(plain(e) for e in v) if isinstance(v, (tuple, list)) else str(v)


class golden_file:
    """Collects the statements of one system and writes them under a caption."""

    def __init__(self, name, caption):
        self.name, self.caption = name, caption
        self.lines, self.cases, self.arrays, self.written, self.asked = [], 0, {}, set(), set()

    def define(self, name, array):
        """An operand whose values do not follow from its name."""
        self.arrays[name] = np.asarray(array)
        return name

    def operand(self, spec):
        """'ix5:int32' -> the array; the first use of a name writes its line."""
        name, dtype = spec.split(":")
        array = self.arrays[name] if name in self.arrays else values(name)
        if name not in self.written:
            self.written.add(name)
            self.lines.append(" ".join(["array", name, dims(array.shape), *map(word, array.ravel())]))
        return array.astype(dtype)

    def record(self, call, options, operands, answer):
        """One case, once. `answer` is an array, or the exception that the call raised."""
        words = ["case", call, *(f"{k}={plain(v)}" for k, v in options.items()),
                 *(f"{k}={v}" for k, v in operands.items()), "->"]
        if tuple(words) in self.asked:
            return
        self.asked.add(tuple(words))
        if isinstance(answer, Exception):
            words += ["error", type(answer).__name__]
        else:
            answer = np.asarray(answer)
            words += [type_name(answer.dtype), dims(answer.shape), *map(word, answer.ravel())]
        self.lines.append(" ".join(words))
        self.cases += 1

    def ask(self, call, function, x, h=None, **options):
        """Call function(x, h, **options) and record what it answers or raises."""
        operands = {"x": x} if h is None else {"x": x, "h": h}
        arrays = [self.operand(spec) for spec in operands.values()]
        try:
            answer = function(*arrays, **options)
        except Exception as refusal:
            answer = refusal
        self.record(call, options, operands, answer)

    def write(self):
        path = os.path.join(HERE, self.name + ".txt")
        with open(path, "w") as out:
            out.write(f"# {self.caption}\n")
            out.write(f"# written by make_golden.py, format in golden_file.py; {self.cases} cases\n")
            out.write("\n".join(self.lines) + "\n")
        print(f"{self.name}: {self.cases} cases, {os.path.getsize(path)} bytes")
