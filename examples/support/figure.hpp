// examples/support/figure.hpp -- a kernel as cells, and a picture beside its kernel and what that makes of it
#pragma once

#include "canvas.hpp"

using kernel_view = faltung::tensor_view<double const, 2>;

/// Taps as cells of `side` pixels with thin lines between them: blue above 0, red below, as strong as they are large.
/// From a side of 39 on the taps are written into them, to three decimals.
rgb_picture kernel_cells(kernel_view h, faltung::index_t side);

/// A picture, a kernel and the result side by side in columns whose widths are 4 : 1 : 4, all as high as the picture,
/// the kernel half way down. Errors: faltung::error for pictures of different shapes or too small for the kernel.
rgb_picture figure(rgb_view x, kernel_view h, rgb_view y);
