// tests/adapt/dlpack.test.cpp -- DLPack tensors show their memory, every field is checked, and they convolve
#include <faltung/adapt/dlpack.hpp>
#include <faltung/convolve.hpp>

#include <complex>
#include <cstdint>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::message_of;
using testing::samples;

namespace {

// The fields of DLTensor in their published order.
enum device_type : std::int32_t { cpu = 1, cuda = 2 };
struct device {
    enum device_type device_type;
    std::int32_t device_id;
};
struct data_type {
    std::uint8_t code;
    std::uint8_t bits;
    std::uint16_t lanes;
};
struct dl {
    void* data;
    struct device device;
    std::int32_t ndim;
    data_type dtype;
    std::int64_t* shape;
    std::int64_t* strides;
    std::uint64_t byte_offset;
};

constexpr data_type float32{2, 32, 1};

// A tensor of (2, 3) floats over 0, 1, 2, ..., each field of which a test may spoil.
struct example {
    std::vector<float> memory = std::vector<float>(12);
    std::int64_t extents[2] = {2, 3}, steps[2] = {4, 1};
    dl t{memory.data(), {cpu, 0}, 2, float32, extents, nullptr, 0};
    example() { std::iota(memory.begin(), memory.end(), 0.0f); }

    template <class T = float, std::size_t Rank = 2, class Error = shape_error>
    std::string refused() const {
        return message_of<Error>([&] { (void)dl_tensor<T, Rank>(t); });
    }
};

template <class T>
bool is_accepted(data_type type) {
    alignas(16) T memory[2] = {};
    std::int64_t two = 2;
    return dl_tensor<T, 1>(dl{memory, {cpu, 0}, 1, type, &two, nullptr, 0}).data() == memory;
}

template <class T>
void check_type(data_type type) {
    CHECK(is_accepted<T>(type));
    for (int code = 0; code < 8; ++code)
        for (int bits : {1, 8, 16, 32, 64, 128})
            for (int lanes : {1, 2}) {
                const data_type other{static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(bits),
                                      static_cast<std::uint16_t>(lanes)};
                if (other.code == type.code && other.bits == type.bits && other.lanes == type.lanes) continue;
                CHECK_THROWS_AS(is_accepted<T>(other), shape_error);
            }
}

}  // namespace

TEST_CASE("dlpack: row-major where there are no strides, and any strides, uncopied", "[adapt]") {
    example e;
    const auto dense = dl_tensor<float, 2>(e.t);
    STATIC_REQUIRE(std::is_same_v<decltype(dl_tensor<float, 2>(e.t)), tensor_view<float, 2>>);
    CHECK(dense.data() == e.memory.data());
    CHECK(samples(dense) == std::vector<float>{0, 1, 2, 3, 4, 5});
    e.t.strides = e.steps;
    CHECK(samples(dl_tensor<float, 2>(e.t)) == std::vector<float>{0, 1, 2, 4, 5, 6});
    e.t.byte_offset = 8;
    CHECK(dl_tensor<float, 2>(e.t).data() == e.memory.data() + 2);
    e.steps[1] = -1;
    CHECK(samples(dl_tensor<float const, 2>(e.t)) == std::vector<float>{2, 1, 0, 6, 5, 4});
    dl const& shown = e.t;
    dl_tensor<float, 2>(shown)(1, 0) = 50;
    CHECK(e.memory[6] == 50);
}

TEST_CASE("dlpack: each type by its code, bits and lanes, and no other", "[adapt]") {
    check_type<std::int8_t>({0, 8, 1});
    check_type<std::int16_t>({0, 16, 1});
    check_type<std::int32_t>({0, 32, 1});
    check_type<std::int64_t>({0, 64, 1});
    check_type<std::uint8_t>({1, 8, 1});
    check_type<std::uint16_t>({1, 16, 1});
    check_type<std::uint32_t>({1, 32, 1});
    check_type<std::uint64_t>({1, 64, 1});
    check_type<float>({2, 32, 1});
    check_type<double>({2, 64, 1});
    check_type<std::complex<float>>({5, 64, 1});
    check_type<std::complex<double>>({5, 128, 1});
    check_type<bool>({6, 8, 1});
}

TEST_CASE("dlpack: what does not fit is refused with the numbers", "[adapt]") {
    example e;
    CHECK(e.refused<double>() ==
          "dl_tensor: elements of type code 2 with 32 bits and 1 lane, but double is type code 2 with 64 bits and 1 "
          "lane");
    CHECK(e.refused<float, 3>() == "dl_tensor: the tensor has 2 axes, but the view has 3");
    e.t.dtype.lanes = 4;
    CHECK(e.refused() ==
          "dl_tensor: elements of type code 2 with 32 bits and 4 lanes, but float is type code 2 with 32 bits and 1 "
          "lane");

    example on_device;
    on_device.t.device.device_type = cuda;
    CHECK(on_device.refused() ==
          "dl_tensor: the memory is on a device of type 2, but only type 1, the CPU, can be viewed");

    example negative;
    negative.extents[1] = -3;
    CHECK(negative.refused() == "dl_tensor: axis 1 of shape (2, -3) has a negative extent");
    negative.t.shape = nullptr;
    CHECK(negative.refused() == "dl_tensor: no list of 2 extents");
    negative.t.ndim = -1;
    CHECK(negative.refused() == "dl_tensor: the tensor has -1 axes, but the view has 2");

    example no_memory;
    no_memory.t.data = nullptr;
    CHECK(no_memory.refused() == "dl_tensor: no memory for shape (2, 3)");
}

TEST_CASE("dlpack: a byte offset is checked", "[adapt]") {
    example e;
    e.t.byte_offset = 6;
    CHECK(e.refused() == "dl_tensor: the samples begin 2 bytes past a multiple of 4, the alignment of float");
    e.t.byte_offset = std::uint64_t{1} << 63;
    CHECK(e.refused<float, 2, overflow_error>() == "dl_tensor: byte offset 9223372036854775808 does not fit 64 bits");
}

TEST_CASE("dlpack: extents and strides that overflow are refused", "[adapt]") {
    example e;
    e.extents[0] = std::int64_t{1} << 62;
    CHECK(e.refused<float, 2, overflow_error>() != "nothing was thrown");
    e.extents[0] = 2;
    e.t.strides = e.steps;
    e.steps[0] = std::numeric_limits<std::int64_t>::max();
    CHECK(e.refused<float, 2, overflow_error>() != "nothing was thrown");
}

TEST_CASE("dlpack: a tensor without a sample needs no memory", "[adapt]") {
    example e;
    e.extents[0] = 0;
    e.t.data = nullptr;
    e.t.byte_offset = 64;
    CHECK(dl_tensor<float, 2>(e.t).shape() == shape{0, 3});
}

TEST_CASE("dlpack: convolve takes tensors, and writes them", "[adapt]") {
    example e;
    e.t.strides = e.steps;
    const tensor<float, 2> same({2, 3}, {0, 1, 2, 4, 5, 6}), h({1, 2}, {1, 10});
    CHECK(samples(convolve(dl_tensor<float const, 2>(e.t), h)) == std::vector<float>{0, 1, 12, 20, 4, 45, 56, 60});
    CHECK(samples(correlate(dl_tensor<float, 2>(e.t), h)) == samples(correlate(same, h)));
    example y;
    y.t.strides = y.steps;
    convolve_into(dl_tensor<float, 2>(y.t), dl_tensor<float, 2>(e.t), h, {.padding = {{0, 0}, {0, 1}}});
    CHECK(y.memory == std::vector<float>{1, 12, 20, 3, 45, 56, 60, 7, 8, 9, 10, 11});
}
