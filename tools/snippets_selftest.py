#!/usr/bin/env python3
"""See snippets.py accept a right page, refresh an old one, and complain about each kind of wrong one."""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import snippets

EXAMPLE = "int main() {\n    // [sum]\n    int s = 1 + 2;\n    // [/sum]\n}\n"
CALLS = "    // theirs(x, 'a')\n    const auto y = ours(x, a);\n    // theirs(x)\n    const auto z = ours(x);\n"
PROGRAM = "#!/bin/sh\necho hello\necho '[sum]'\necho 3\necho\necho goodbye\n"
RIGHT = """Prose.

<!-- code: examples/a.cpp: sum -->
```cpp
int s = 1 + 2;
```

<!-- output: a: sum -->
```text
3
```

```sh
./dev test
```

<!-- calls: calls -->
| from | your call | here |
|---|---|---|
| A | `theirs(x, 'a')` | `ours(x, a)` |
| B | `theirs(x)` | `ours(x)` |
"""
# what is replaced in the right page, by what, and the complaint
WRONG = [
    ("1 + 2", "1 + 1", "it is not what examples/a.cpp has now"),
    ("int s = 1 + 2;\n", "", "it is not what examples/a.cpp has now"),
    ("3\n```", "4\n```", "it is not what a has now"),
    ("a.cpp: sum", "a.cpp: product", "has no lines from [product]"),
    ("a.cpp: sum", "b.cpp: sum", "No such file"),
    (": a: sum", ": a: product", "prints no line [product]"),
    (": a: sum", ": b: sum", "No such file"),
    ("<!-- code: examples/a.cpp: sum -->\n", "", "names neither the code nor the output"),
    ("theirs(x, 'a')", "theirs(x, a)", "calls that are not tested in calls: | A"),
    ("ours(x)", "ours(x, a)", "calls that are not tested in calls: | B"),
    ("`ours(x)`", "ours(x)", "calls that are not tested in calls: | B"),
    ("<!-- calls: calls -->\n", "", "does not say where they are tested"),
    ("calls: calls", "calls: nowhere", "does not say where they are tested"),
    ("```sh", "```", "names neither the code nor the output"),
]

failed = []
with tempfile.TemporaryDirectory() as folder:
    root = pathlib.Path(folder)
    (root / "examples").mkdir()
    (root / "examples" / "a.cpp").write_text(EXAMPLE)
    (root / "calls").mkdir()
    (root / "calls" / "a.test.cpp").write_text(CALLS)
    (root / "a").write_text(PROGRAM)
    (root / "a").chmod(0o755)

    def refresh(page):
        found = []
        fresh = snippets.refreshed(page, root, root, lambda line, text: found.append(str(text)))
        return fresh, found

    if refresh(RIGHT) != (RIGHT, []):
        failed.append(f"the right page: {refresh(RIGHT)}")
    for old, new, expected in WRONG:
        fresh, found = refresh(RIGHT.replace(old, new))
        if len(found) != 1 or expected not in found[0]:
            failed.append(f"{old!r} -> {new!r}: expected '{expected}', found {found}")
        elif "has now" in expected and fresh != RIGHT:
            failed.append(f"{old!r} -> {new!r}: not copied anew: {fresh}")

print("\n".join(failed) or f"snippets.py: 1 right page, {len(WRONG)} wrong ones, each seen")
sys.exit(1 if failed else 0)
