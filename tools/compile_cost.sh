#!/usr/bin/env bash
# tools/compile_cost.sh -- CPU seconds that g++ -O2 spends on the headers; with `reach`: only what they may not include
set -euo pipefail
shopt -s inherit_errexit

include="$(cd "$(dirname "${BASH_SOURCE[0]}")/../include" && pwd)"
compile=(g++ -std=c++20 -O2 -I "$include" -x c++ -c - -o /dev/null)
TIMEFORMAT='%U %S'

# The standard headers that cost the most, Eigen, and FFTW, whose licence is the GPL: none may come with convolve.hpp.
unwanted='/(iostream|ranges|functional|execution|regex)$|/Eigen/|/fftw3[.]h$'

unwanted_behind() {  # the header to include
    local files
    files="$(g++ -std=c++20 -I "$include" -M -x c++ - <<< "#include <$1>")"
    tr -s ' \\' '\n' <<< "$files" | grep -E "$unwanted" || true
}

check_reach() {
    if [ -z "$(unwanted_behind functional)" ]; then
        echo "the check of what is included finds nothing behind <functional> itself: it is broken"
        exit 1
    fi
    local found
    found="$(unwanted_behind faltung/convolve.hpp)"
    if [ -n "$found" ]; then
        echo "<faltung/convolve.hpp> includes:"
        echo "$found"
        exit 1
    fi
    echo "<faltung/convolve.hpp> reaches none of <iostream>, <ranges>, <functional>, <execution>, <regex>, Eigen, FFTW"
}

seconds() {  # the source text; prints the least of three runs
    local run
    for run in 1 2 3; do
        { time "${compile[@]}" <<< "$1"; } 2>&1 | awk 'NF == 2 {print $1 + $2; next} {print > "/dev/stderr"; exit 1}'
    done | sort -g | head -n 1
}

# One function that convolves two images of this element type.
convolve_of() {
    local name="of_${1//[^a-z0-9]/_}"
    echo "faltung::tensor<$1, 2> $name(faltung::tensor<$1, 2> const& x, faltung::tensor<$1, 2> const& h) {"
    echo "    return faltung::convolve<$1>(x, h, {.padding = faltung::mode::same}); }"
}

row() { printf '%-58s %6s s  (budget %s s)\n' "$1" "$2" "$3"; }
difference() { awk "BEGIN {printf \"%.2f\", $1 - $2}"; }

measure() {
    local source='#include <cstdint>'$'\n''#include <faltung/convolve.hpp>'$'\n'
    local alone one two type
    alone="$(seconds "$source")"
    row '#include <faltung/convolve.hpp> alone' "$alone" 0.9
    source+="$(convolve_of float)"
    one="$(seconds "$source")"
    row 'a file with one float 2-D convolve' "$one" 5
    for type in double std::int32_t std::uint8_t; do
        source+=$'\n'"$(convolve_of $type)"
        two="$(seconds "$source")"
        row "one more element type in that file: $type" "$(difference "$two" "$one")" 2
        one="$two"
    done
}

check_reach
[ "${1:-}" = reach ] || measure
