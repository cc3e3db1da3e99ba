// bench/cases.hpp -- named problems that people recognise
#pragma once

#include <faltung/convolve.hpp>

namespace faltung_bench {

using faltung::boundary;
using faltung::convolve_options;
using faltung::mode;
using faltung::shape;

/// A problem with a name: the shapes of the data and the kernel, and the options of the call.
struct named_case {
    char const* name;
    shape data, kernel;
    convolve_options options;
};

/// Filters on a full-HD image, signals, volumes, and the small things that must not pay for the large ones.
inline named_case const cases[] = {
    {"hd_3x3", {1080, 1920}, {3, 3}, {.padding = mode::same, .boundary = boundary::reflect}},
    {"hd_5x5", {1080, 1920}, {5, 5}, {.padding = mode::same, .boundary = boundary::reflect}},
    {"hd_11x11", {1080, 1920}, {11, 11}, {.padding = mode::same, .boundary = boundary::reflect}},
    {"hd_31x31", {1080, 1920}, {31, 31}, {.padding = mode::same, .boundary = boundary::reflect}},
    {"hd_3x3_stride_2", {1080, 1920}, {3, 3}, {.padding = mode::same, .stride = 2}},
    {"hd_3x3_dilation_4", {1080, 1920}, {3, 3}, {.padding = mode::same, .dilation = 4}},
    {"signal_1e6_5", {1000000}, {5}, {}},
    {"signal_1e6_33", {1000000}, {33}, {}},
    {"signal_1e6_129", {1000000}, {129}, {}},
    {"rows_1e5x256_16", {100000, 256}, {16}, {.padding = mode::same, .axes = {1}}},
    {"columns_1080x1920_9", {1080, 1920}, {9}, {.padding = mode::same, .axes = {0}}},
    {"volume_128_5x5x5", {128, 128, 128}, {5, 5, 5}, {.padding = mode::same}},
    {"tiny_16x16_3x3", {16, 16}, {3, 3}, {.padding = mode::same}},
    {"tiny_64_5", {64}, {5}, {.padding = mode::same}},
};

}  // namespace faltung_bench
