// tests/filter/sharpen.test.cpp -- impulses, boxes, and sharpening as a sum of kernels
#include <faltung/filter/gaussian.hpp>
#include <faltung/filter/sharpen.hpp>

#include "support/catch.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::as_vector;
using testing::message_of;

TEST_CASE("sharpen: the unit impulse and the box", "[filter]") {
    CHECK(as_vector<double>(unit_impulse({3, 1})) == std::vector<double>{0, 1, 0});
    CHECK(as_vector<int>(unit_impulse<int, 1>({5})) == std::vector<int>{0, 0, 1, 0, 0});
    CHECK(as_vector<float>(box_kernel<float>({2, 2})) == std::vector<float>(4, 0.25f));
    CHECK(box_kernel<double, 3>({3, 3, 3})(2, 0, 1) == 1.0 / 27);
    CHECK(message_of<shape_error>([] {
              unit_impulse({3, 4});
          }) == "unit_impulse: 4 taps have no middle one; 3 or 5 have");
    CHECK(message_of<shape_error>([] { unit_impulse({3}); }) == "tensor: shape (3,) has 1 axis, but 2 are needed");
    CHECK(message_of<shape_error>([] { box_kernel({3, 0}); }) == "box_kernel: 0 taps; 1 to 2147483648 are possible");
}

TEST_CASE("sharpen: what is added to the impulse", "[filter]") {
    const auto sharp = sharpening_kernel(0.25, high_pass());
    const double q = -0.25;
    CHECK(as_vector<double>(sharp) == std::vector<double>{q, q, q, q, 3, q, q, q, q});
    const auto unsharp = unsharp_kernel(2, box_kernel({3, 3}));
    double sum = 0;
    for (double tap : unsharp) sum += tap;
    CHECK(std::abs(sum - 1) <= 1e-15);
    CHECK(std::abs(unsharp(1, 1) - (3 - 2.0 / 9)) <= 1e-15);
    CHECK(std::abs(unsharp(0, 2) + 2.0 / 9) <= 1e-15);
    // of any rank
    CHECK(as_vector<double>(unsharp_kernel(1.0, gaussian_taps_of_size(3))) == std::vector<double>{-0.25, 1.5, -0.25});
    CHECK(message_of<shape_error>([] {
              sharpening_kernel(1.0, box_kernel({2, 3}));
          }) == "unit_impulse: 2 taps have no middle one; 1 or 3 have");
}

TEST_CASE("sharpen: fixed kernels", "[filter]") {
    static_assert(high_pass<int>() == fixed_kernel<int, 3, 3>{{{-1, -1, -1}, {-1, 8, -1}, {-1, -1, -1}}});
    static_assert(emboss<int>() == fixed_kernel<int, 3, 3>{{{2, 1, 0}, {1, 1, -1}, {0, -1, -2}}});
    int sum = 0;
    for (auto const& row : emboss<int>())
        for (int tap : row) sum += tap;
    CHECK(sum == 1);  // what is constant stays
}
