// examples/support/sliding.hpp -- the frames of a kernel that slides over a signal or a picture, from a plan's geometry
#pragma once

#include <string>
#include <vector>

#include <faltung/convolve.hpp>

#include "picture.hpp"

using signal = std::vector<double>;

/// One frame per output: what the window reads of the extended input, inside and outside of x, the reversed kernel
/// where it lies, and the outputs so far. No output, no frame. Errors: those of convolve.
std::vector<rgb_picture> slide(signal const& x, signal const& h, faltung::convolve_options const& options,
                               std::string const& name);

/// The same of a picture whose numbers print as up to five characters: the extended picture at the left, with the
/// samples that the window reads framed; the reversed kernel and the outputs so far at the right.
std::vector<rgb_picture> slide(faltung::tensor<double, 2> const& x, faltung::tensor<double, 2> const& h,
                               faltung::convolve_options const& options);
