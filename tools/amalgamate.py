#!/usr/bin/env python3
"""Print one header that stands for a door and everything behind it: amalgamate.py include/faltung/convolve.hpp.

Each header appears once, after those that it includes. Includes of other libraries move to the top, and so do the
standard ones; `#pragma once` appears once.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def amalgamate(door):
    door = pathlib.Path(door).resolve()
    include = next(folder for folder in door.parents if folder.name == "include")
    outside, bodies, seen = set(), [], set()

    def visit(header):
        if header in seen:
            return
        seen.add(header)
        body = []
        for line in header.read_text().splitlines():
            found = INCLUDE.match(line)
            if found and found[1] == '"':
                visit((header.parent / found[2]).resolve())
            elif found and found[2].startswith("faltung/"):
                visit(include / found[2])
            elif found:
                outside.add(f"#include <{found[2]}>")
            elif line.strip() != "#pragma once":
                body.append(line)
        bodies.append("\n".join(body).strip("\n"))

    visit(door)
    title = f"// {door.name} of faltung in one file, made by tools/amalgamate.py"
    licence = "// SPDX-License-Identifier: Apache-2.0"
    return "\n\n".join([f"{title}\n{licence}\n#pragma once", "\n".join(sorted(outside)), *bodies]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write(amalgamate(sys.argv[1]))
