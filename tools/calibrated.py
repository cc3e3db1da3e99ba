#!/usr/bin/env python3
"""Put measured rows into a header: calibrated.py <what faltung_calibrate printed> <cost_constants.hpp>.

A line `table set {...}` takes the place of the row that begins with `/* set */` in that table, and `// set:` gets the day
and the machine.
"""

import datetime
import pathlib
import platform
import re
import sys


def main():
    measured, header = (pathlib.Path(name) for name in sys.argv[1:3])
    where = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    machine = where.group(1) if where else platform.machine()
    text = header.read_text()
    for line in measured.read_text().splitlines():
        table, instruction_set, row = line.split(" ", 2)
        note, notes = re.subn(rf"// {instruction_set}: .*", f"// {instruction_set}: {datetime.date.today()}, {machine}", text)
        text, rows = re.subn(
            rf"( {table}\[3\]\[\d\] = {{\n(?:    /\*.*\n)*?    /\* {instruction_set} \*/ ).*?(,|}};)\n",
            lambda m: f"{m[1]}{row}{m[2]}\n", note)
        if notes != 1 or rows != 1:
            sys.exit(f"{header}: {notes} notes and {rows} rows for {table} on {instruction_set}")
    header.write_text(text)


main()
