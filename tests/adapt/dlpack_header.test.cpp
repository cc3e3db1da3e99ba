// tests/adapt/dlpack_header.test.cpp -- the DLTensor that DLPack itself publishes has the members that dl_tensor reads
#include <dlpack/dlpack.h>

#include <faltung/adapt/dlpack.hpp>
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::message_of;
using testing::samples;

TEST_CASE("dlpack: the published codes are the ones that dl_tensor expects", "[adapt]") {
    STATIC_REQUIRE(detail::dlpack_cpu == int{kDLCPU});
    STATIC_REQUIRE(detail::dlpack_code_of<std::int16_t>() == int{kDLInt});
    STATIC_REQUIRE(detail::dlpack_code_of<std::uint16_t>() == int{kDLUInt});
    STATIC_REQUIRE(detail::dlpack_code_of<double>() == int{kDLFloat});
    STATIC_REQUIRE(detail::dlpack_code_of<std::complex<float>>() == int{kDLComplex});
}

TEST_CASE("dlpack: a published tensor, managed by its producer", "[adapt]") {
    std::vector<double> memory{0, 1, 2, 3, 4, 5};
    std::int64_t extents[2] = {2, 2}, steps[2] = {3, 1};
    DLManagedTensor managed{};
    managed.dl_tensor.data = memory.data();
    managed.dl_tensor.device = {kDLCPU, 0};
    managed.dl_tensor.ndim = 2;
    managed.dl_tensor.dtype = {kDLFloat, 64, 1};
    managed.dl_tensor.shape = extents;
    managed.dl_tensor.strides = steps;
    managed.dl_tensor.byte_offset = sizeof(double);
    const auto v = dl_tensor<double, 2>(managed.dl_tensor);
    CHECK(v.data() == memory.data() + 1);
    CHECK(samples(v) == std::vector<double>{1, 2, 4, 5});
    CHECK(samples(convolve(v, tensor<double, 2>({1, 2}, {1, 10}))) == std::vector<double>{1, 12, 20, 4, 45, 50});
    managed.dl_tensor.device.device_type = kDLCUDA;
    CHECK(message_of<shape_error>([&] { (void)dl_tensor<double, 2>(managed.dl_tensor); }) ==
          "dl_tensor: the memory is on a device of type 2, but only type 1, the CPU, can be viewed");
}
