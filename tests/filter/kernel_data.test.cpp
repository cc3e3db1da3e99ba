// tests/filter/kernel_data.test.cpp -- products, sums and the text of kernels, and kernels convolved with kernels
#include <faltung/convolve.hpp>
#include <faltung/filter/derivatives.hpp>
#include <faltung/filter/kernel_data.hpp>
#include <faltung/filter/sharpen.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using testing::as_vector;
using testing::message_of;

TEST_CASE("kernel: an outer product", "[filter]") {
    const auto h = outer_product(std::vector<int>{1, 2}, std::vector<float>{3, 4, 0.5f});
    static_assert(std::is_same_v<decltype(h)::value_type, float>);
    CHECK(h.shape() == shape{2, 3});
    CHECK(as_vector<float>(h) == std::vector<float>{3, 4, 0.5f, 6, 8, 1});
}

TEST_CASE("kernel: a weighted sum about the middles", "[filter]") {
    const std::vector<double> small{1, 2, 3}, large{10, 20, 30, 40, 50};
    CHECK(as_vector<double>(weighted_sum(2, small, 1, large)) == std::vector<double>{10, 22, 34, 46, 50});
    CHECK(as_vector<double>(weighted_sum(1, large, 2, small)) == std::vector<double>{10, 22, 34, 46, 50});
    // each axis by itself
    const tensor<int, 2> tall{{3, 1}, {1, 2, 3}}, wide{{1, 3}, {4, 5, 6}};
    CHECK(as_vector<int>(weighted_sum(1, tall, -1, wide)) == std::vector<int>{0, 1, 0, -4, -3, -6, 0, 3, 0});
    const std::vector<double> even{1, 2};
    CHECK(message_of<shape_error>([&] { weighted_sum(1, small, 1, even); }) ==
          "weighted_sum: axis 0: kernels of 3 and 2 taps have no common middle");
}

TEST_CASE("kernel: fixed ones are constants, views and operands of convolve", "[filter]") {
    constexpr fixed_kernel<int, 3, 3> h = sobel<int>(towards::right);
    static_assert(h[1][0] == 2 && h[1][2] == -2);
    CHECK(as_view(h).shape() == shape{3, 3});
    // a difference smoothed twice
    const auto twice = convolve(h, std::array<std::array<int, 1>, 3>{{{1}, {2}, {1}}});
    CHECK(twice.shape() == shape{5, 3});
    CHECK(as_vector<std::int64_t>(twice) ==
          std::vector<std::int64_t>{1, 0, -1, 4, 0, -4, 6, 0, -6, 4, 0, -4, 1, 0, -1});
}

TEST_CASE("kernel: as text", "[filter]") {
    CHECK(kernel_text(sobel<int>(towards::right)) == " 1  0 -1\n 2  0 -2\n 1  0 -1\n");
    CHECK(kernel_text(std::vector<double>{0.25, -10, 1}) == "0.25  -10    1\n");
    CHECK(kernel_text(tensor<int, 3>{{2, 1, 2}, {1, 2, 3, 4}}) == "1 2\n3 4\n");
    CHECK(kernel_text(std::vector<int>{}).empty());
}

TEST_CASE("kernel: printed, added, convolved with another", "[filter]") {
    // [kernels]
    constexpr auto across = sobel<int>(towards::right);
    const std::string printed = kernel_text(across);
    const auto sharpening = sharpening_kernel(0.25, high_pass());
    const auto smoother = convolve(across, outer_product(std::array<int, 3>{1, 2, 1}, std::array<int, 3>{1, 2, 1}));
    // [/kernels]
    CHECK(printed == " 1  0 -1\n 2  0 -2\n 1  0 -1\n");
    CHECK(sharpening(1, 1) == 3);
    // 1 2 1 twice is 1 4 6 4 1, and 1 2 1 on 1 0 -1 is 1 2 0 -2 -1
    const auto expected = outer_product(derivative_taps<int>(0, 5), derivative_taps<int>(1, 5));
    CHECK(as_vector<std::int64_t>(smoother) == std::vector<std::int64_t>(expected.begin(), expected.end()));
}
