#!/usr/bin/env python3
"""Check that the headers stand where ARCHITECTURE.md says: floorplan.py [root of the checkout].

ARCHITECTURE.md has five blocks. ```floorplan: a line `folder : folders it may include + foreign headers` for each
folder of include/faltung, downstairs first. ```doorless: `folder : why it has no door`. ```sealed: `folder : files` that
may not include one another. ```untested: `folder/file : the path that tests it instead`. ```unmirrored: `folder/test :
the headers, folder/file, that it tests`, where no header has its name. Prints one line per complaint; exit code 1 if any.
"""

import pathlib
import re
import sys

MOST_LINES = 400
SWITCHES = {"core/config.hpp", "simd/target.hpp"}  # the two headers that may ask about the compiler and the machine
VAGUE_NAMES = {"utils", "util", "common", "helper", "helpers", "misc", "impl"}
FORBIDDEN_ANYWHERE = {r"\b(TODO|FIXME|XXX)\b": "unfinished work", r"\b(get|do)_[a-z]\w*|\w+_impl\b": "an empty word"}
FORBIDDEN_IN_CODE = {
    r"\bvirtual\b": "a virtual function",
    r"^(?!\s*template).*[(,]\s*(const )?bool( const)?&?\s+\w+\s*[,)=]": "a bool parameter",
}
# What a header may include in angle brackets. <iostream>, <ranges>, <functional>, <execution> and <regex> are left out
# on purpose: they cost every user more to compile than the library does.
STANDARD = set("""algorithm array atomic barrier bit cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint cstdio
cstdlib cstring ctime cuchar cwchar cwctype deque exception filesystem forward_list fstream future initializer_list
iomanip ios iosfwd istream iterator latch limits list locale map memory memory_resource mutex new numbers numeric
optional ostream queue random ratio scoped_allocator semaphore set shared_mutex source_location span sstream stack
stdexcept stop_token streambuf string string_view strstream system_error thread tuple type_traits typeindex typeinfo
unordered_map unordered_set utility valarray variant vector version""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def block(page, name):
    """The lines `key : words` of a block, as {key: [word, ...]} in their order."""
    found = re.search(rf"^```{name}\n(.*?)^```$", page, re.M | re.S)
    if not found:
        raise SystemExit(f"ARCHITECTURE.md: no block ```{name}")
    lines = [line.split(":") for line in found[1].splitlines() if line.strip()]
    return {key.strip(): words.split() for key, words in lines}


class Plan:
    def __init__(self, page):
        self.may, self.foreign, above = {}, {}, []
        for folder, words in block(page, "floorplan").items():
            cut = words.index("+") if "+" in words else len(words)
            self.may[folder], self.foreign[folder] = set(words[:cut]), set(words[cut + 1 :])
            for used in self.may[folder] - set(above):
                raise SystemExit(f"ARCHITECTURE.md: {folder} may include {used}, which is not on a line above it")
            above.append(folder)
        self.sealed = block(page, "sealed")
        self.doorless = block(page, "doorless")
        self.untested = block(page, "untested")
        self.unmirrored = block(page, "unmirrored")


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.base = self.root / "include" / "faltung"
        self.plan = Plan((self.root / "ARCHITECTURE.md").read_text())
        self.lines = {p.relative_to(self.base).as_posix(): p.read_text().split("\n") for p in self.base.rglob("*.hpp")}
        self.folders = {name.split("/")[0] for name in self.lines if "/" in name}
        self.complaints = []

    def complain(self, name, line, text):
        self.complaints.append(f"include/faltung/{name}:{line}: {text}")

    def folder_of(self, name):
        """view/flip.hpp and the door view.hpp both belong to view; faltung.hpp, all doors in one, to none."""
        return name.split("/")[0].removesuffix(".hpp")

    def includes(self, name):
        """(line number, "own", the included header) and (line number, "angle", what stands in angle brackets)."""
        for number, line in enumerate(self.lines[name], 1):
            if not (found := INCLUDE.match(line)):
                continue
            kind, path = found.groups()
            if kind == "<" and not path.startswith("faltung/"):
                yield number, "angle", path
            elif kind == "<":
                yield number, "own", path.removeprefix("faltung/")
            else:
                joined = (self.base / name).parent / path
                parts = []
                for part in joined.relative_to(self.base).parts:
                    parts = parts[:-1] if part == ".." else parts + [part]
                yield number, "own", "/".join(parts)

    def check_form(self, name):
        lines = self.lines[name]
        if not re.match(rf"^// faltung/{re.escape(name)} -- \S", lines[0]):
            self.complain(name, 1, f"the first line is not '// faltung/{name} -- <one idea>'")
        if len(lines) - 1 > MOST_LINES:
            self.complain(name, len(lines) - 1, f"more than {MOST_LINES} lines")
        if "#pragma once" not in lines:
            self.complain(name, 2, "no #pragma once")
        if pathlib.PurePath(name).stem in VAGUE_NAMES:
            self.complain(name, 1, "a name that says nothing")
        for number, line in enumerate(lines, 1):
            if re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b", line) and name not in SWITCHES:
                self.complain(name, number, f"a conditional outside {' and '.join(sorted(SWITCHES))}")
            code = re.sub(r'"(\\.|[^"\\])*"|//.*', "", line)
            for patterns, where in (FORBIDDEN_ANYWHERE, line), (FORBIDDEN_IN_CODE, code):
                for pattern, reason in patterns.items():
                    if found := re.search(pattern, where):
                        self.complain(name, number, f"{reason}: '{found[0].strip()}'")

    def check_edges(self, name):
        folder, door = self.folder_of(name), "/" not in name
        everything = name == "faltung.hpp"
        if folder not in self.plan.may and not everything:
            return self.complain(name, 1, f"the folder {folder} is not in the floor plan")
        for number, kind, path in self.includes(name):
            if kind == "angle":
                foreign = {pathlib.PurePath(part).stem for part in path.split("/")}
                if path not in STANDARD and (everything or not foreign & self.plan.foreign[folder]):
                    self.complain(name, number, f"{folder} may not include <{path}>")
                continue
            target = self.folder_of(path)
            if path not in self.lines:
                self.complain(name, number, f"there is no include/faltung/{path}")
            elif everything and "/" in path:
                self.complain(name, number, f"it includes doors only, and {path} is none")
            elif door and not everything and target != folder and ("/" in path or target not in self.plan.may[folder]):
                self.complain(name, number, f"a door includes its own folder and the doors below, not {path}")
            elif not door and target != folder and target not in self.plan.may[folder]:
                self.complain(name, number, f"{folder} may not include {path}")
            rooms = self.plan.sealed.get(folder, [])
            if target == folder and not door and {pathlib.PurePath(p).stem for p in (name, path)} <= set(rooms):
                self.complain(name, number, f"{name} and {path} are sealed from one another")
        if door and not everything:
            self.check_door(name, folder)

    def check_door(self, name, folder):
        if folder not in self.folders:
            self.complain(name, 1, f"a door without a folder {folder}/")
        for number, line in enumerate(self.lines[name], 1):
            if not re.match(r"$|//|#pragma once|#include", line):
                self.complain(name, number, "a door holds nothing but includes")

    def check_faltung(self):
        """faltung.hpp, where there is one, has all doors but those that need another library, themselves or by a door."""
        if "faltung.hpp" in self.lines:
            included = {path for _, _, path in self.includes("faltung.hpp")}
            for folder in sorted(self.folders & set(self.plan.may)):
                behind = {folder} | (self.plan.may[folder] - set(self.plan.doorless))
                needs_another = any(self.plan.foreign[f] for f in behind)
                if f"{folder}.hpp" in self.lines.keys() - included and not needs_another:
                    self.complain("faltung.hpp", 1, f"the door {folder}.hpp is left out")

    def check_doorless(self):
        for folder in sorted(self.folders):
            has_door, is_listed = f"{folder}.hpp" in self.lines, folder in self.plan.doorless
            if has_door and is_listed:
                self.complain(f"{folder}.hpp", 1, "its folder is listed as doorless but has this door")
            elif not has_door and not is_listed:
                self.complaints.append(f"include/faltung/{folder}: no door {folder}.hpp beside it, and not listed as doorless")
        for folder, reason in self.plan.doorless.items():
            if folder not in self.folders:
                self.complaints.append(f"ARCHITECTURE.md: doorless: there is no folder include/faltung/{folder}")
            elif not reason:
                self.complaints.append(f"ARCHITECTURE.md: doorless: {folder}: no reason")

    def check_circles(self):
        finished, path = set(), []

        def visit(name):
            if name in path:
                circle = " -> ".join(path[path.index(name) :] + [name])
                self.complain(name, 1, f"a circle of includes: {circle}")
            elif name in self.lines and name not in finished:
                path.append(name)
                for _, kind, target in self.includes(name):
                    if kind == "own":
                        visit(target)
                finished.add(path.pop())

        for name in sorted(self.lines):
            visit(name)

    def check_names_and_tests(self):
        at = {}
        for name in sorted(n for n in self.lines if "/" in n):
            at.setdefault(pathlib.PurePath(name).name, []).append(name)
            stem = name.removesuffix(".hpp")
            instead = self.plan.untested.get(stem)
            tested = (self.root / "tests" / f"{stem}.test.cpp").exists()
            if tested and instead:
                self.complain(name, 1, "it is listed as untested but has a test")
            elif not tested and not instead:
                self.complain(name, 1, f"there is no tests/{stem}.test.cpp")
        for name, places in at.items():
            if len(places) > 1:
                self.complain(places[1], 1, f"the name {name} is taken by {places[0]}")
        for stem, instead in self.plan.untested.items():
            if f"{stem}.hpp" not in self.lines:
                self.complaints.append(f"ARCHITECTURE.md: untested: there is no include/faltung/{stem}.hpp")
            for path in instead or ["nothing"]:
                if not (self.root / path).exists():
                    self.complaints.append(f"ARCHITECTURE.md: untested: {stem}: there is no {path}")

    def check_unmirrored(self):
        tests = {p.relative_to(self.root / "tests").as_posix().removesuffix(".test.cpp")
                 for folder in self.folders for p in (self.root / "tests" / folder).rglob("*.test.cpp")}
        for stem in sorted(tests):
            has_header, is_listed = f"{stem}.hpp" in self.lines, stem in self.plan.unmirrored
            if has_header and is_listed:
                self.complaints.append(f"tests/{stem}.test.cpp: it is listed as unmirrored but has a header")
            elif not has_header and not is_listed:
                self.complaints.append(f"tests/{stem}.test.cpp: there is no include/faltung/{stem}.hpp")
        for stem, headers in self.plan.unmirrored.items():
            if stem not in tests:
                self.complaints.append(f"ARCHITECTURE.md: unmirrored: there is no tests/{stem}.test.cpp")
            for header in headers or ["nothing"]:
                if f"{header}.hpp" not in self.lines:
                    self.complaints.append(f"ARCHITECTURE.md: unmirrored: {stem}: there is no include/faltung/{header}.hpp")

    def check(self):
        for name in sorted(self.lines):
            self.check_form(name)
            self.check_edges(name)
        self.check_circles()
        self.check_faltung()
        self.check_doorless()
        self.check_names_and_tests()
        self.check_unmirrored()
        return self.complaints


if __name__ == "__main__":
    tree = Tree(sys.argv[1] if len(sys.argv) > 1 else ".")
    for complaint in tree.check():
        print(complaint)
    print(f"floor plan: {len(tree.lines)} headers, {len(tree.complaints)} complaints")
    sys.exit(1 if tree.complaints or not tree.lines else 0)
