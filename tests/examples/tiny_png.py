#!/usr/bin/python3
"""Writes tiny_png.hpp: small PNG files of many kinds, put together from the PNG specification with zlib and struct alone.

No PNG library is involved, so the files are an independent source for what libpng reads through examples/support/png.
Where Pillow is installed, it must see the same samples before the file is written.
"""
import io
import os
import struct
import sys
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(width, height, depth, colour, interlace=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def packed(values, depth):
    """One row of samples, most significant bit first."""
    if depth == 16:
        return b"".join(struct.pack(">H", v) for v in values)
    bits = "".join(format(v, "0%db" % depth) for v in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def filtered(kind, row, above, step):
    out = bytearray([kind])
    for i, v in enumerate(row):
        a = row[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        p = a + b - c
        paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out.append((v - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
    return bytes(out)


def image_data(rows, depth, colour, first_filter=0):
    step = max(1, CHANNELS[colour] * depth // 8)
    data, above = b"", None
    for n, row in enumerate(rows):
        line = packed(row, depth)
        above = above if above is not None else bytes(len(line))
        data += filtered((first_filter + n) % 5, line, above, step)
        above = line
    return data


def png(rows, width, depth, colour, extra=b"", filters=0):
    data = image_data(rows, depth, colour, filters)
    return SIGNATURE + header(width, len(rows), depth, colour) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def interlaced(rows, width, depth, colour):
    """Adam7; one channel."""
    data = b""
    for i0, j0, di, dj in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)):
        part = [r[j0::dj] for r in rows[i0::di]]
        if part and part[0]:
            data += image_data(part, depth, colour)
    return SIGNATURE + header(width, len(rows), depth, colour, 1) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def flat(rows):
    return [v for row in rows for v in row]


ramp = [[(7 * i + 3 * j) % 256 for j in range(9)] for i in range(6)]
colourful = [[(40 * i + 11 * j + 90 * c) % 256 for j in range(4) for c in range(3)] for i in range(5)]
words = [[0, 127, 128, 385], [32768, 65535, 65407, 65278]]
rounded = [[(v * 255 + 32767) // 65535 for v in row] for row in words]
bits = [[(i * j + j // 3) % 2 for j in range(11)] for i in range(3)]
nibbles = [[(i + 2 * j) % 16 for j in range(5)] for i in range(2)]
palette = [(255, 0, 0), (0, 200, 10), (1, 2, 3), (250, 251, 252)]
indices = [[0, 1, 2, 3, 0], [3, 2, 1, 0, 1]]
gray_alpha = [[10, 255, 20, 0], [30, 128, 40, 1]]
rgba = [[257 * v for v in (1, 2, 3, 0, 4, 5, 6, 255)]]

# name, file, shape, samples that must come out
files = [
    ("gray8", png(ramp, 9, 8, 0), (6, 9, 1), flat(ramp)),
    ("rgb8_all_filters", png(colourful, 4, 8, 2), (5, 4, 3), flat(colourful)),
    ("gray16", png(words, 4, 16, 0, filters=1), (2, 4, 1), flat(rounded)),
    ("gray1", png(bits, 11, 1, 0), (3, 11, 1), [255 * v for v in flat(bits)]),
    ("gray4", png(nibbles, 5, 4, 0, filters=2), (2, 5, 1), [17 * v for v in flat(nibbles)]),
    ("palette2", png(indices, 5, 2, 3, chunk(b"PLTE", bytes(flat(palette))) + chunk(b"tRNS", b"\x00\x80")),
     (2, 5, 3), [v for k in flat(indices) for v in palette[k]]),
    ("gray_alpha8", png(gray_alpha, 2, 8, 4, filters=3), (2, 2, 1), [10, 20, 30, 40]),
    ("rgba16", png(rgba, 2, 16, 6), (1, 2, 3), [1, 2, 3, 4, 5, 6]),
    ("interlaced", interlaced(ramp, 9, 8, 0), (6, 9, 1), flat(ramp)),
]
few = chunk(b"IDAT", zlib.compress(bytes(20))) + chunk(b"IEND", b"")
hostile = [
    ("largest_sizes", SIGNATURE + header(2**31 - 1, 2**31 - 1, 8, 2) + few),
    ("large_for_its_bytes", SIGNATURE + header(16000, 16000, 8, 0) + few),
    ("too_few_rows", SIGNATURE + header(3, 40, 8, 0) + few),
    ("no_width", SIGNATURE + header(0, 3, 8, 0) + few),
    ("unknown_colour_type", SIGNATURE + header(3, 3, 8, 5) + few),
    ("palette_missing", SIGNATURE + header(2, 2, 8, 3) + few),
    ("no_image_data", SIGNATURE + header(2, 2, 8, 0) + chunk(b"IEND", b"")),
    ("header_twice", SIGNATURE + header(2, 2, 8, 0) + header(2, 2, 8, 0) + few),
]


def compare_with_pillow():
    from PIL import Image
    for name, data, (height, width, channels), samples in files:
        if name == "gray16" or name == "rgba16":
            continue  # Pillow rounds 16 bits in another way
        seen = Image.open(io.BytesIO(data))
        assert seen.size == (width, height), name
        if name == "palette2":
            seen = seen.convert("RGB")
        elif name == "gray_alpha8":
            seen = seen.getchannel("L")
        elif channels == 1:
            seen = seen.convert("L")
        assert list(seen.tobytes()) == samples, (name, list(seen.tobytes()), samples)


def bytes_lines(data, indent):
    numbers = ["0x%02x" % b for b in data]
    return ",\n".join(" " * indent + ", ".join(numbers[i:i + 18]) for i in range(0, len(numbers), 18))


def main():
    try:
        compare_with_pillow()
    except ImportError:
        print("Pillow is not installed: the files were not compared with it", file=sys.stderr)
    out = ["// tests/examples/tiny_png.hpp -- small PNG files and the samples in them, written by tiny_png.py", "#pragma once", "",
           "#include <cstdint>", "#include <vector>", "", "namespace tiny_png {", "",
           "struct good {", "    char const* name;", "    std::vector<std::int64_t> shape;", "    std::vector<std::uint8_t> file, samples;", "};",
           "", "struct hostile {", "    char const* name;", "    std::vector<std::uint8_t> file;", "};", "",
           "// clang-format off", "inline const std::vector<good> files{"]
    for name, data, shape, samples in files:
        out.append('    {"%s", {%d, %d, %d}, {\n%s},\n     {\n%s}},' % ((name,) + shape + (bytes_lines(data, 8), bytes_lines(bytes(samples), 8))))
    out += ["};", "", "inline const std::vector<hostile> hostile_files{"]
    for name, data in hostile:
        out.append('    {"%s", {\n%s}},' % (name, bytes_lines(data, 8)))
    out += ["};", "// clang-format on", "", "}  // namespace tiny_png", ""]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tiny_png.hpp"), "w") as f:
        f.write("\n".join(out))


main()
