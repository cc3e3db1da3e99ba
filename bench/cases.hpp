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

inline convolve_options const periodic{.padding = mode::same, .boundary = boundary::circular, .centre = 0};

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

/// Kernels that the sum itself takes long for. Those of a periodic case have their first tap on the output's sample.
inline named_case const large_kernels[] = {
    {"image_512_64x64", {512, 512}, {64, 64}, {}},
    {"image_1000_101x101", {1000, 1000}, {101, 101}, {}},
    {"image_2048_2048x2048", {2048, 2048}, {2048, 2048}, {}},
    {"image_2048_31x31", {2048, 2048}, {31, 31}, {}},
    {"image_4096_31x31", {4096, 4096}, {31, 31}, {}},
    {"volume_128_33x33x33", {128, 128, 128}, {33, 33, 33}, {}},
    {"signal_1e6_1025", {1000000}, {1025}, {}},
    {"signal_1e6_65537", {1000000}, {65537}, {}},
    {"periodic_1024_1024x1024", {1024, 1024}, {1024, 1024}, periodic},
    {"periodic_1024_15x15", {1024, 1024}, {15, 15}, periodic},
    {"tiny_64x64_9x9", {64, 64}, {9, 9}, {}},
};

}  // namespace faltung_bench
