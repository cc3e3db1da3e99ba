// tests/adapt/opencv.test.cpp -- matrices, regions and channels of OpenCV show their memory, and convolve
#include <opencv2/core.hpp>

#include <faltung/adapt/opencv.hpp>
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::message_of;
using testing::samples;

namespace {

// 10 * row + column, plus 100 * channel, through OpenCV's own pointers.
template <class T>
cv::Mat numbered(int rows, int columns, int channels) {
    cv::Mat m(rows, columns, CV_MAKETYPE(cv::DataType<T>::depth, channels));
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j)
            for (int c = 0; c < channels; ++c) m.ptr<T>(i)[j * channels + c] = static_cast<T>(10 * i + j + 100 * c);
    return m;
}

template <class T>
void check_type(int type) {
    cv::Mat m = numbered<T>(2, 3, 1);
    CHECK(m.type() == type);
    CHECK(samples(cv_mat<T, 2>(m)) == std::vector<T>{0, 1, 2, 10, 11, 12});
}

}  // namespace

TEST_CASE("opencv: matrices with one channel, uncopied, of every type", "[adapt]") {
    cv::Mat m = numbered<float>(3, 4, 1);
    CHECK(static_cast<void*>(cv_mat<float, 2>(m).data()) == m.data);
    CHECK(cv_mat<float, 2>(m).shape() == shape{3, 4});
    CHECK(cv_mat<float, 2>(m).strides() == strides{4, 1});
    cv_mat<float, 2>(m)(2, 1) = 7;
    CHECK(m.at<float>(2, 1) == 7);

    check_type<std::uint8_t>(CV_8UC1);
    check_type<std::int8_t>(CV_8SC1);
    check_type<std::uint16_t>(CV_16UC1);
    check_type<std::int16_t>(CV_16SC1);
    check_type<std::int32_t>(CV_32SC1);
    check_type<float>(CV_32FC1);
    check_type<double>(CV_64FC1);
    cv::Mat_<float> typed = m;
    CHECK(cv_mat<float, 2>(typed)(1, 3) == 13);
}

TEST_CASE("opencv: a region keeps the rows of its image", "[adapt]") {
    cv::Mat image = numbered<std::uint8_t>(6, 8, 1);
    cv::Mat region = image(cv::Rect(2, 1, 3, 4));  // x, y, width, height
    const auto v = cv_mat<std::uint8_t, 2>(region);
    CHECK(v.data() == image.ptr(1) + 2);
    CHECK(v.shape() == shape{4, 3});
    CHECK(v.strides() == strides{8, 1});
    CHECK(samples(v) == std::vector<std::uint8_t>{12, 13, 14, 22, 23, 24, 32, 33, 34, 42, 43, 44});
    cv::Mat column = numbered<double>(3, 4, 1).col(2);
    CHECK(samples(cv_mat<double, 2>(column)) == std::vector<double>{2, 12, 22});
}

TEST_CASE("opencv: channels, all of them or one", "[adapt]") {
    cv::Mat m = numbered<std::int16_t>(2, 2, 3);
    const auto all_channels = cv_mat<std::int16_t, 3>(m);
    CHECK(static_cast<void*>(all_channels.data()) == m.data);
    CHECK(all_channels.shape() == shape{2, 2, 3});
    CHECK(samples(all_channels) == std::vector<std::int16_t>{0, 100, 200, 1, 101, 201, 10, 110, 210, 11, 111, 211});
    const auto second = cv_channel<std::int16_t>(m, 1);
    CHECK(second.data() == m.ptr<std::int16_t>() + 1);
    CHECK(second.strides() == strides{6, 3});
    CHECK(samples(second) == std::vector<std::int16_t>{100, 101, 110, 111});
    cv::Mat gray = numbered<float>(1, 2, 1);
    CHECK(cv_mat<float, 3>(gray).shape() == shape{1, 2, 1});
    CHECK(samples(cv_channel<float>(gray, 0)) == std::vector<float>{0, 1});
}

TEST_CASE("opencv: const of a const matrix, or where it is asked for", "[adapt]") {
    cv::Mat m = numbered<float>(2, 2, 1);
    cv::Mat const& shown = m;
    STATIC_REQUIRE(std::is_same_v<decltype(cv_mat<float, 2>(m)), tensor_view<float, 2>>);
    STATIC_REQUIRE(std::is_same_v<decltype(cv_mat<float const, 2>(m)), tensor_view<float const, 2>>);
    STATIC_REQUIRE(std::is_same_v<decltype(cv_mat<float, 3>(shown)), tensor_view<float const, 3>>);
    STATIC_REQUIRE(std::is_same_v<decltype(cv_channel<float>(shown, 0)), tensor_view<float const, 2>>);
    CHECK(cv_mat<float, 2>(shown)(1, 1) == 11);
}

TEST_CASE("opencv: another type, number of channels or of axes is refused with the numbers", "[adapt]") {
    cv::Mat bytes = numbered<std::uint8_t>(2, 2, 3), half(2, 2, CV_16FC1), none;
    const auto refused = [](auto call) { return message_of<shape_error>(call); };
    CHECK(refused([&] { (void)cv_mat<float, 3>(bytes); }) ==
          "cv_mat: the matrix has depth 0 (uint8), but float is depth 5");
    CHECK(refused([&] { (void)cv_mat<std::int8_t, 3>(bytes); }) ==
          "cv_mat: the matrix has depth 0 (uint8), but int8 is depth 1");
    CHECK(refused([&] { (void)cv_mat<double const, 2>(half); }) ==
          "cv_mat: the matrix has depth 7 (another type), but double is depth 6");
    CHECK(refused([&] { (void)cv_mat<std::uint8_t, 2>(bytes); }) ==
          "cv_mat: the matrix has 3 channels, but rank 2 shows 1: take cv_channel, or rank 3");
    CHECK(refused([&] { (void)cv_channel<std::uint8_t>(bytes, 3); }) ==
          "cv_channel: channel 3, but the channels are 0 to 2");
    CHECK(refused([&] { (void)cv_channel<std::uint8_t>(bytes, -1); }) ==
          "cv_channel: channel -1, but the channels are 0 to 2");
    CHECK(refused([&] { (void)cv_channel<float>(bytes, 0); }) ==
          "cv_channel: the matrix has depth 0 (uint8), but float is depth 5");
    CHECK(refused([&] { (void)cv_mat<std::uint8_t, 2>(none); }) == "cv_mat: the matrix has 0 axes, but 2 are needed");
    const int sizes[3] = {2, 3, 4};
    cv::Mat volume(3, sizes, CV_32F);
    CHECK(refused([&] { (void)cv_mat<float, 3>(volume); }) == "cv_mat: the matrix has 3 axes, but 2 are needed");
}

TEST_CASE("opencv: rows and samples that are not aligned are refused with the numbers", "[adapt]") {
    alignas(8) unsigned char memory[64] = {};
    cv::Mat shifted(2, 2, CV_32FC1, memory + 1);
    CHECK(message_of<shape_error>([&] { (void)cv_mat<float, 2>(shifted); }) ==
          "cv_mat: the samples begin 1 byte past a multiple of 4, the alignment of float");
    cv::Mat uneven(2, 2, CV_32FC1, memory);
    uneven.step.buf[0] = 13;
    CHECK(message_of<shape_error>([&] { (void)cv_mat<float, 2>(uneven); }) ==
          "cv_mat: the rows lie 13 bytes apart, no multiple of the 4 of a float");
    cv::Mat distant(2, 2, CV_8UC1, memory);
    distant.step.buf[0] = std::size_t{1} << 63;
    CHECK(message_of<overflow_error>([&] { (void)cv_mat<std::uint8_t, 2>(distant); }) ==
          "cv_mat: rows 9223372036854775808 bytes apart do not fit 64 bits");
}

TEST_CASE("opencv: a matrix without a sample", "[adapt]") {
    cv::Mat no_columns(3, 0, CV_32FC2);
    CHECK(cv_mat<float, 3>(no_columns).shape() == shape{3, 0, 2});
    CHECK(cv_channel<float>(no_columns, 1).shape() == shape{3, 0});
}

TEST_CASE("opencv: convolve takes regions and channels, and writes into a matrix", "[adapt]") {
    cv::Mat image = numbered<std::uint8_t>(5, 6, 2);
    cv::Mat region = image(cv::Rect(1, 1, 4, 3));
    const tensor<std::uint8_t, 2> same({3, 4}, {11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34});
    const tensor<float, 2> h({1, 2}, {1, 100});
    const auto y = convolve(cv_channel<std::uint8_t>(region, 0), h);
    CHECK(y.shape() == shape{3, 5});
    CHECK(y(2, 1) == 32 + 100 * 31);
    CHECK(samples(y) == samples(convolve(same, h)));

    cv::Mat framed = cv::Mat::zeros(5, 7, CV_32FC1);
    cv::Mat inside = framed(cv::Rect(1, 1, 5, 3));
    convolve_into(cv_mat<float, 2>(inside), cv_channel<std::uint8_t>(region, 0), h);
    CHECK(framed.at<float>(3, 2) == 32 + 100 * 31);
    CHECK(cv::sum(framed)[0] == cv::sum(inside)[0]);
}
