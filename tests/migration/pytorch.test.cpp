// tests/migration/pytorch.test.cpp -- calls of PyTorch with one channel, and the same here
#include "migration/recorded.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("migration: PyTorch", "[migration]") {
    // [pytorch]
    // F.conv1d(x[None], h[None, None])[0]
    const auto line = correlate(x, h, pytorch);
    // F.conv2d(image[None, None], kernel[None, None], padding=1, stride=2)[0, 0]
    const auto strided = correlate(image, kernel, pytorch({.padding = 1, .stride = 2}));
    // F.conv2d(image[None, None], even[None, None], padding="same")[0, 0]
    const auto same = correlate(image, even, pytorch({.padding = mode::same}));
    // F.conv2d(image[None, None], kernel[None, None], padding=(2, 1), dilation=(2, 1))[0, 0]
    const auto dilated = correlate(image, kernel, pytorch({.padding = {2, 1}, .dilation = {2, 1}}));
    // F.conv2d(F.pad(image[None, None], (1, 1, 1, 1), mode="reflect"), kernel[None, None])[0, 0]
    const auto reflected = correlate(image, kernel, pytorch(boundary::reflect, {.padding = 1}));
    // F.pad(image[None, None], (1, 2, 0, 3), mode="circular")[0, 0]
    const auto padded =
        convolve(image, tensor<double, 2>{{1, 1}, {1}}, {.padding = {{0, 3}, {1, 2}}, .boundary = boundary::circular});
    // image.unfold(0, 3, 2).unfold(1, 2, 1)
    const auto windows = sliding_window(image, {3, 2}, {.stride = {2, 1}});
    // [/pytorch]
    require_recorded("pytorch.line", line);
    require_recorded("pytorch.strided", strided);
    require_recorded("pytorch.same", same);
    require_recorded("pytorch.dilated", dilated);
    require_recorded("pytorch.reflected", reflected);
    require_recorded("pytorch.padded", padded);
    require_recorded("pytorch.windows", windows);
}

TEST_CASE("migration: PyTorch's transposed convolution is an adjoint", "[migration]") {
    // [pytorch_transposed]
    // F.conv_transpose2d(image[None, None], kernel[None, None], stride=2, padding=1, output_padding=1)[0, 0]
    tensor<double, 2> upsampled{{10, 12}};
    const convolver down{as_correlation{}, upsampled.shape(), kernel, {.padding = 1, .stride = 2}};
    auto scratch = down.adjoint_workspace();
    down.adjoint(image, upsampled, scratch);
    // [/pytorch_transposed]
    require_recorded("pytorch_transposed.upsampled", upsampled);
}
