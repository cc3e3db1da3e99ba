#!/usr/bin/env python3
"""Code in the documentation is a copy of code that is compiled, and printed output a copy of what a program printed.

A comment stands in front of each fenced block:

    <!-- code: examples/01_first_steps.cpp: convolve -->   the lines from `// [convolve]` to `// [/convolve]` there
                                                           (`#` instead of `//` in CMake files)
    <!-- output: 01_first_steps: convolve -->              what that program prints from the line `[convolve]` to the
                                                           next empty line; without a name, all that it prints

Blocks of shell commands and of the floor plan need none. A table of calls, `| from | your call | here |`, says where the
calls are tested:

    <!-- calls: tests/migration -->                        each row's two calls stand there in a .cpp file, one as a comment
                                                           and the other in the statement below it

snippets.py (--check | --write) --programs <folder with the built examples> [root]
"""

import argparse
import functools
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

FREE = {"sh", "floorplan", "doorless", "sealed", "untested", "unmirrored"}
FENCE = re.compile(r"^(?:<!-- (?P<kind>\w+)(?:: (?P<source>[^:>]+?))?(?:: (?P<name>\S+))? -->\n)?```(?P<language>\w*)\n"
                   r"(?P<body>.*?)^```$", re.M | re.S)
TABLE = re.compile(r"^(?:<!-- calls: (?P<folder>\S+) -->\n)?\| from \| your call \| here \|\n\|[-|]+\|\n(?P<rows>(?:\|.*\n)*)", re.M)
ROW = re.compile(r"\| [^|]+ \| `([^|`]+)` \| `([^|`]+)` \|")


def code(root, source, name):
    text = (root / source).read_text()
    found = re.search(rf"^ *(?://|#) \[{re.escape(name)}\]\n(.*?)^ *(?://|#) \[/{re.escape(name)}\]$", text, re.M | re.S)
    if not found:
        raise ValueError(f"{source} has no lines from [{name}] to [/{name}]")
    return textwrap.dedent(found[1])


@functools.cache
def printed_by(program):
    with tempfile.TemporaryDirectory() as pictures:
        return subprocess.run([program, pictures], check=True, capture_output=True, text=True).stdout


def output(programs, source, name):
    printed = printed_by(programs / source)
    if name is None:
        return printed
    found = re.search(rf"^\[{re.escape(name)}\]\n(.*?)(^\n|\Z)", printed, re.M | re.S)
    if not found:
        raise ValueError(f"{source} prints no line [{name}]")
    return found[1]


def check_calls(page, root, complain):
    """Complain about each row of a table of calls that is not tested word for word."""
    for table in TABLE.finditer(page):
        first = page.count("\n", 0, table.start("rows")) + 1
        sources = sorted(root.glob(f"{table['folder']}/*.cpp")) if table["folder"] else []
        tested = {pair for s in sources for pair in re.findall(r"^ *// (.+)\n *const auto \w+ = (.+);$", s.read_text(), re.M)}
        if not tested:
            complain(first, "a table of calls that does not say where they are tested")
            continue
        for line, row in enumerate(table["rows"].splitlines(), first):
            found = ROW.fullmatch(row)
            if not found or found.groups() not in tested:
                complain(line, f"calls that are not tested in {table['folder']}: {row}")


def refreshed(page, root, programs, complain):
    """The page with every block as it should be."""

    def replace(block):
        kind, source, name = block["kind"], block["source"], block["name"]
        line = page.count("\n", 0, block.start()) + 1
        try:
            if kind == "code" and source and name:
                body = code(root, source, name)
            elif kind == "output" and source:
                body = output(programs, source, name)
            elif kind is None and block["language"] in FREE:
                return block[0]
            else:
                raise ValueError("a block that names neither the code nor the output that it shows")
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            complain(line, error)
            return block[0]
        if body != block["body"]:
            complain(line, f"it is not what {source} has now; ./dev docs copies it")
        return page[block.start() : block.start("body")] + body + page[block.end("body") : block.end()]

    check_calls(page, root, complain)
    return FENCE.sub(replace, page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--write", action="store_true")
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("root", type=pathlib.Path, nargs="?", default=pathlib.Path(__file__).parent.parent)
    options = parser.parse_args()

    complaints = 0
    pages = sorted([*options.root.glob("*.md"), *options.root.glob("docs/**/*.md")])
    for path in pages:
        found = []
        page = path.read_text()
        fresh = refreshed(page, options.root, options.programs, lambda line, text: found.append((line, text)))
        if options.write and fresh != page:
            path.write_text(fresh)
            found = [(line, text) for line, text in found if "./dev docs copies it" not in str(text)]
        for line, text in found:
            print(f"{path.relative_to(options.root)}:{line}: {text}")
        complaints += len(found)
    print(f"snippets: {len(pages)} pages, {complaints} complaints")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
