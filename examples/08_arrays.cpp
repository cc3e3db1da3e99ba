// examples/08_arrays.cpp -- parts and turned views of an image, memory of one's own, and bytes in and out

#include <cstdint>
#include <iostream>
#include <vector>

#include <faltung/convolve.hpp>

using namespace faltung;

namespace {

/// One line for each row.
void print(viewable auto const& y) {
    const auto v = as_view(y);
    for_each_index(v.shape(), [&](index_list const& i) {
        const int last = i.rank() - 1;
        std::cout << +v(i) << (i[last] + 1 < v.extent(last) ? ' ' : '\n');
    });
}

void begin(char const* section) { std::cout << "\n[" << section << "]\n"; }

void images() {
    // [image]
    const tensor<float, 2> image{{3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    const tensor<float, 2> edge{{1, 2}, {1, -1}};
    // [/image]
    begin("views");
    // [views]
    print(convolve(slice(image, range{0, 2}, all), edge, {.padding = mode::valid}));  // two rows of it
    print(convolve(image, transpose(edge), {.padding = mode::valid}));                // down instead of across
    print(convolve(flip(image), edge, {.padding = mode::valid}));                     // upside down, from the right
    // [/views]

    begin("axes");
    // [axes]
    print(convolve(image, std::vector<float>{1, -1}, {.padding = mode::valid, .axes = {1}}));
    const tensor<float, 2> of_each_row{{3, 2}, {1, 0, 1, 1, 1, -1}};
    print(convolve(image, of_each_row, {.padding = mode::valid, .axes = {1}}));
    // [/axes]

    begin("memory");
    // [memory]
    std::vector<float> padded{1, 2, 3, 0, 4, 5, 6, 0};  // 2 rows of 3 samples, a row every 4
    const tensor_view<float, 2> rows(padded, {2, 3}, {4, 1});
    std::vector<float> result(4);
    convolve_into(tensor_view<float, 2>(result, {2, 2}), rows, edge, {.padding = mode::valid});
    print(result);
    // [/memory]
}

void types() {
    begin("bytes");
    // [bytes]
    const std::vector<std::uint8_t> gray{10, 200, 250, 30};
    const std::vector<float> sharpen{-1, 3, -1};
    const convolve_options same{.padding = mode::same, .boundary = boundary::replicate};
    print(convolve(gray, sharpen, same));  // floats
    convolve_options clamped = same;
    clamped.overflow = overflow::saturate;
    print(convolve<std::uint8_t>(gray, sharpen, clamped));  // bytes again, clamped to 0 and 255
    // [/bytes]
}

}  // namespace

int main() {
    images();
    types();
}
