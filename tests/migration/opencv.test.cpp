// tests/migration/opencv.test.cpp -- calls of OpenCV, and the same here
#include "migration/recorded.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("migration: OpenCV", "[migration]") {
    // [opencv]
    // cv2.filter2D(image, -1, kernel)
    const auto filtered = correlate(image, kernel, opencv);
    // cv2.filter2D(gray, -1, soft)
    const auto bytes = correlate<std::uint8_t>(gray, soft, opencv);
    // cv2.filter2D(gray, cv2.CV_64F, even, borderType=cv2.BORDER_REPLICATE)
    const auto deeper = correlate(gray, even, opencv(boundary::replicate));
    // cv2.filter2D(image, -1, kernel, anchor=(0, 2), borderType=cv2.BORDER_CONSTANT)
    const auto anchored = correlate(image, kernel, opencv(boundary::zero)({.anchor = {2, 0}}));
    // cv2.filter2D(image, -1, cv2.flip(even, -1), anchor=(0, 0))
    const auto convolved = convolve(image, even, opencv);
    // cv2.Sobel(gray, cv2.CV_64F, 1, 0)
    const auto slope = correlate(gray, tensor<double, 2>{{3, 3}, {-1, 0, 1, -2, 0, 2, -1, 0, 1}}, opencv);
    // cv2.matchTemplate(gray, gray[1:3, 2:5], cv2.TM_CCORR)
    const auto matches = correlate(gray, slice(gray, range{1, 3}, range{2, 5}), {.padding = mode::valid});
    // cv2.copyMakeBorder(image, 2, 1, 0, 3, cv2.BORDER_REFLECT)
    const auto border =
        convolve(image, tensor<double, 2>{{1, 1}, {1}}, {.padding = {{2, 1}, {0, 3}}, .boundary = boundary::symmetric});
    // [/opencv]
    require_recorded("opencv.filtered", filtered);
    require_recorded("opencv.bytes", bytes);
    require_recorded("opencv.deeper", deeper);
    require_recorded("opencv.anchored", anchored);
    require_recorded("opencv.convolved", convolved);
    require_recorded("opencv.slope", slope);
    require_recorded("opencv.matches", matches, 1e-6);  // OpenCV goes through a float Fourier transform
    require_recorded("opencv.border", border);
}
