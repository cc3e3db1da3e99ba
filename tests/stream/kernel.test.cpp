// tests/stream/kernel.test.cpp -- the head and the spectra of a prepared kernel
#include <faltung/stream/kernel.hpp>

#include <faltung/fft/own_engine.hpp>

#include "support/catch.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::kernel_parts;
using detail::partitions;

namespace {

template <class T, class H>
kernel_parts<T> prepared(tensor<H, 3> const& h, stream_options const& o) {
    const auto grid = std::make_shared<partitions const>(h.shape(), o, detail::own_engine<T>::table);
    return {"prepare", grid, h.view().erased()};
}

}  // namespace

TEMPLATE_TEST_CASE("kernel: the head is the first taps, and each spectrum times an impulse's gives its partition",
                   "[stream]", float, double) {
    random_source r(1);
    const auto h = small_tensor<TestType, 3>(r, {2, 3, 1000});
    const auto parts = prepared<TestType>(h, {.block = 100, .latency = latency::zero});
    partitions const& g = parts.grid();
    REQUIRE(g.count == 9);
    std::vector<TestType> line(static_cast<std::size_t>(g.plan.data)), impulse(line.size()), product(line.size());
    line[0] = 1;
    g.engine->forward(g.plan, line.data(), impulse.data());
    for (index_t o = 0; o < 2; ++o)
        for (index_t i = 0; i < 3; ++i) {
            for (index_t t = 0; t < 100; ++t) REQUIRE(parts.head()[(o * 3 + i) * 100 + t] == h(o, i, t));
            for (index_t p = 0; p < 9; ++p) {
                g.engine->multiply(g.plan, impulse.data(), parts.spectrum(o, i, p), product.data(),
                                   spectrum_update::replace);
                g.engine->backward(g.plan, line.data(), product.data());
                for (index_t t = 0; t < g.length; ++t) {
                    const long double tap = t < 100 ? static_cast<long double>(h(o, i, 100 * (p + 1) + t)) : 0;
                    // small integers up to 9: an absolute bound, 9 sqrt(100) log2(512) roundings
                    REQUIRE(std::abs(line[static_cast<std::size_t>(t)] - tap) < 9 * 10 * 9 * unit_roundoff<TestType>);
                }
            }
        }
}

TEST_CASE("kernel: taps of other types are converted, and one that is not finite then is refused", "[stream]") {
    const tensor<std::int16_t, 3> integers({1, 1, 3}, {-5, 0, 300});
    const auto parts = prepared<float>(integers, {.block = 8, .latency = latency::zero});
    CHECK(parts.head()[0] == -5);
    CHECK(parts.head()[2] == 300);
    tensor<double, 3> h({2, 1, 5});
    h(1, 0, 3) = 1e39;
    CHECK(message_of<option_error>([&] { prepared<float>(h, {.block = 2}); }) ==
          "prepare: tap (1, 0, 3) of the kernel is not finite: inf");
    CHECK_NOTHROW(prepared<double>(h, {.block = 2}));
    h(1, 0, 3) = std::numeric_limits<double>::quiet_NaN();
    for (const latency l : {latency::block, latency::zero})
        CHECK(message_of<option_error>([&] { prepared<double>(h, {.block = 8, .latency = l}); }) ==
              "prepare: tap (1, 0, 3) of the kernel is not finite: nan");
}

TEST_CASE("kernel: another shape than the stream's is refused", "[stream]") {
    const auto grid =
        std::make_shared<partitions const>(shape{2, 1, 5}, stream_options{}, detail::own_engine<float>::table);
    const tensor<float, 3> h({1, 2, 5});
    CHECK(message_of<shape_error>([&] { kernel_parts<float>("prepare", grid, h.view().erased()); }) ==
          "prepare: a kernel of shape (1, 2, 5) for a stream made for (2, 1, 5)");
}
