#!/usr/bin/env python3
"""See every rule of floorplan.py fail: each case breaks one thing in a small tree that is right."""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import floorplan

PAGE = """# A page
```floorplan
core   :
view   : core
adapt  : core view   + Eigen fftw3
method : core
```
```doorless
core   : it is included by others
method : nobody calls one
```
```sealed
method : direct fft
```
```untested
core/version : tests/consume
```
```unmirrored
view/flip_types : view/flip
```
"""


def header(name, *lines):
    return "\n".join([f"// faltung/{name} -- one idea", "#pragma once", *lines, ""])


RIGHT = {
    "ARCHITECTURE.md": PAGE,
    "include/faltung/faltung.hpp": header("faltung.hpp", '#include "view.hpp"'),
    "include/faltung/view.hpp": header("view.hpp", '#include "view/flip.hpp"'),
    "include/faltung/core/version.hpp": header("core/version.hpp"),
    "include/faltung/core/config.hpp": header("core/config.hpp", "#ifdef __AVX2__", "#endif"),
    "include/faltung/core/index.hpp": header("core/index.hpp", "#include <vector>", "// virtual in prose", "bool f();"),
    "include/faltung/view/flip.hpp": header("view/flip.hpp", '#include "../core/index.hpp"', "#include <faltung/core/config.hpp>"),
    "include/faltung/adapt/matrix.hpp": header("adapt/matrix.hpp", "#include <unsupported/Eigen/CXX11/Tensor>", "#include <fftw3.h>"),
    "include/faltung/adapt.hpp": header("adapt.hpp", '#include "adapt/matrix.hpp"', '#include "view.hpp"'),
    "include/faltung/method/direct.hpp": header("method/direct.hpp", '#include "load.hpp"'),
    "include/faltung/method/fft.hpp": header("method/fft.hpp", '#include "load.hpp"'),
    "include/faltung/method/load.hpp": header("method/load.hpp"),
    "tests/consume/main.cpp": "",
    **{f"tests/{t}.test.cpp": "" for t in ["core/config", "core/index", "view/flip", "view/flip_types", "adapt/matrix",
                                           "method/direct", "method/fft", "method/load", "laws/of_no_folder"]},
}

F = "include/faltung/"
# what is written (None: taken away), and the complaint
BROKEN = [
    ({F + "view/flip.hpp": header("view/slice.hpp")}, "the first line is not"),
    ({F + "view/flip.hpp": "#pragma once\n"}, "the first line is not"),
    ({F + "view/flip.hpp": "// faltung/view/flip.hpp -- one idea\n"}, "no #pragma once"),
    ({F + "view/flip.hpp": header("view/flip.hpp", *["int i;"] * 400)}, "more than 400 lines"),
    ({F + "view/flip.hpp": header("view/flip.hpp", "#if 1", "#endif")}, "a conditional outside"),
    ({F + "view/flip.hpp": header("view/flip.hpp", "// TO" + "DO")}, "unfinished work"),
    ({F + "view/flip.hpp": header("view/flip.hpp", "int get_rank();")}, "an empty word"),
    ({F + "view/flip.hpp": header("view/flip.hpp", "virtual int f();")}, "a virtual function"),
    ({F + "view/flip.hpp": header("view/flip.hpp", "int f(int a, bool quick);")}, "a bool parameter"),
    ({F + "view/utils.hpp": header("view/utils.hpp")}, "a name that says nothing"),
    ({F + "view/flip.hpp": header("view/flip.hpp", "#include <regex>")}, "view may not include <regex>"),
    ({F + "view/flip.hpp": header("view/flip.hpp", "#include <Eigen/Core>")}, "view may not include <Eigen/Core>"),
    ({F + "core/index.hpp": header("core/index.hpp", '#include "../view/flip.hpp"')}, "core may not include view/flip.hpp"),
    ({F + "core/index.hpp": header("core/index.hpp", "#include <faltung/view.hpp>")}, "core may not include view.hpp"),
    ({F + "view/flip.hpp": header("view/flip.hpp", '#include "gone.hpp"')}, "there is no include/faltung/view/gone.hpp"),
    ({F + "method/fft.hpp": header("method/fft.hpp", '#include "direct.hpp"')}, "are sealed from one another"),
    ({F + "view.hpp": header("view.hpp", '#include "core/index.hpp"')}, "a door includes its own folder and the doors below"),
    ({F + "view.hpp": header("view.hpp", '#include "method.hpp"'), F + "method.hpp": header("method.hpp")},
     "a door includes its own folder and the doors below"),
    ({F + "view.hpp": header("view.hpp", "int i;")}, "a door holds nothing but includes"),
    ({F + "view/flip.hpp": None, "tests/view/flip.test.cpp": None}, "a door without a folder"),
    ({F + "faltung.hpp": header("faltung.hpp", '#include "view/flip.hpp"')}, "it includes doors only"),
    ({F + "faltung.hpp": header("faltung.hpp")}, "the door view.hpp is left out"),
    ({F + "attic/old.hpp": header("attic/old.hpp")}, "the folder attic is not in the floor plan"),
    ({F + "method/load.hpp": header("method/load.hpp", '#include "fft.hpp"')}, "a circle of includes"),
    ({F + "view/flip.hpp": header("view/flip.hpp", '#include "../view.hpp"')}, "a circle of includes"),
    ({F + "view/index.hpp": header("view/index.hpp")}, "the name index.hpp is taken by core/index.hpp"),
    ({"tests/view/flip.test.cpp": None}, "there is no tests/view/flip.test.cpp"),
    ({"tests/core/version.test.cpp": ""}, "listed as untested but has a test"),
    ({"tests/consume/main.cpp": None}, "untested: core/version: there is no tests/consume"),
    ({"ARCHITECTURE.md": PAGE.replace("core/version", "core/gone")}, "untested: there is no include/faltung/core/gone.hpp"),
    ({"tests/view/flop.test.cpp": ""}, "tests/view/flop.test.cpp: there is no include/faltung/view/flop.hpp"),
    ({F + "view/flip_types.hpp": header("view/flip_types.hpp")}, "listed as unmirrored but has a header"),
    ({"tests/view/flip_types.test.cpp": None}, "unmirrored: there is no tests/view/flip_types.test.cpp"),
    ({"ARCHITECTURE.md": PAGE.replace(": view/flip", ": view/gone")}, "view/flip_types: there is no include/faltung/view/gone.hpp"),
    ({"ARCHITECTURE.md": PAGE.replace(": view/flip", ":")}, "view/flip_types: there is no include/faltung/nothing.hpp"),
    ({F + "view.hpp": None}, "include/faltung/view: no door view.hpp beside it"),
    ({F + "method.hpp": header("method.hpp")}, "listed as doorless but has this door"),
    ({"ARCHITECTURE.md": PAGE.replace("method : nobody", "filter : nobody")}, "doorless: there is no folder include/faltung/filter"),
    ({"ARCHITECTURE.md": PAGE.replace("nobody calls one", "")}, "doorless: method: no reason"),
    ({"ARCHITECTURE.md": PAGE.replace("core   :", "core   : view", 1)}, "which is not on a line above it"),
    ({"ARCHITECTURE.md": PAGE.replace("```sealed", "```other")}, "no block ```sealed"),
]


def complaints(files):
    with tempfile.TemporaryDirectory() as root:
        for name, content in files.items():
            if content is not None:
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
        try:
            return floorplan.Tree(root).check()
        except SystemExit as refusal:
            return [str(refusal)]


failed = [f"the right tree: {c}" for c in complaints(RIGHT)]
for change, expected in BROKEN:
    found = complaints({**RIGHT, **change})
    if not any(expected in c for c in found):
        failed.append(f"expected '{expected}' from {change}, found {found}")
print("\n".join(failed) or f"floorplan.py: 1 right tree, {len(BROKEN)} broken ones, each seen")
sys.exit(1 if failed else 0)
