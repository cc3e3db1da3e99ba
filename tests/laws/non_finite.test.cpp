// tests/laws/non_finite.test.cpp -- NaN and Inf reach exactly the outputs whose windows touch them
#include <faltung/convolve.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/reference.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

/// Outputs that are not finite.
std::vector<index_t> odd_ones(tensor<float, 1> const& y) {
    std::vector<index_t> list;
    for (index_t o = 0; o < y.extent(0); ++o)
        if (!std::isfinite(y(o))) list.push_back(o);
    return list;
}

}  // namespace

TEST_CASE("non-finite: one NaN in x spoils the windows that touch it and no other, zero taps included", "[laws]") {
    const std::vector<float> h{1, 0, 2, 0, 0};  // a zero tap still carries NaN
    for (const method m : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save})
        for (const char map : {'z', 'c', 'e', 'r', 's', 'w'})
            for (const float odd : {nan_value, infinity, -infinity})
                for (index_t at = 0; at < 40; at += 3)
                    for (index_t stride = 1; stride <= 2; ++stride) {
                        std::vector<float> x(40, 1.0f);
                        x[static_cast<std::size_t>(at)] = odd;
                        const reference::line line{40, 5, stride, 2, 8, 8, map, 1};
                        std::vector<index_t> touching;
                        reference::for_each_term(
                            {line}, [&](std::size_t o, std::size_t, std::size_t i, reference::line const* outside) {
                                const index_t output = static_cast<index_t>(o);
                                if (!outside && static_cast<index_t>(i) == at &&
                                    (touching.empty() || touching.back() != output))
                                    touching.push_back(output);
                            });
                        const auto y = correlate(x, h,
                                                 {.padding = {{8, 8}},
                                                  .boundary = boundary_of(line),
                                                  .stride = stride,
                                                  .dilation = 2,
                                                  .method = m});
                        INFO(name_of(m) << " boundary " << map << " NaN at " << at << " stride " << stride);
                        CHECK(odd_ones(y) == touching);
                    }
}

TEST_CASE("non-finite: a tap that is NaN meets every sample but no zero padding", "[laws]") {
    const std::vector<float> x(20, 1.0f);
    for (const float odd : {nan_value, infinity}) {
        const std::vector<float> h{odd, 1, 1};
        // tap 0 of output o lies at o - 2 (full): outputs 2 to 21 multiply a sample by it
        std::vector<index_t> with_sample, every;
        for (index_t o = 0; o < 22; ++o) {
            if (o >= 2) with_sample.push_back(o);
            every.push_back(o);
        }
        CHECK(odd_ones(correlate(x, h)) == with_sample);
        CHECK(odd_ones(correlate(x, h, {.boundary = boundary::constant(0)})) == with_sample);
        CHECK(odd_ones(correlate(x, h, {.boundary = boundary::constant(1)})) == every);
        CHECK(odd_ones(correlate(x, h, {.boundary = boundary::replicate})) == every);
    }
}

TEST_CASE("non-finite: a NaN in a kernel of two axes does not reach rows that lie in zero padding", "[laws]") {
    tensor<float, 2> x({4, 30}), h({3, 3});
    for (float& v : x) v = 1;
    for (float& v : h) v = 1;
    h(0, 1) = nan_value;
    const auto y = correlate(x, h, {.padding = {{2, 2}, {0, 0}}});
    for (index_t o = 0; o < y.extent(0); ++o)
        for (index_t c = 0; c < y.extent(1); ++c) {
            const bool touches = o - 2 >= 0 && o - 2 < 4;  // the row that tap row 0 reads
            CHECK(std::isnan(y(o, c)) == touches);
        }
}

TEST_CASE("non-finite: with such a kernel only direct is left, and it says why", "[laws]") {
    const std::vector<float> x(8, 1.0f), h{1, nan_value};
    const convolver<float> plan{{8}, h};
    CHECK(plan.method() == method::direct);
    CHECK(message_of<unsupported_error>([&] { convolve(x, h, {.method = method::im2col}); }) ==
          "convolve: no method is left: im2col: a kernel with NaN or Inf needs direct: im2col multiplies zero padding "
          "by it");
}

TEST_CASE("non-finite: a constant boundary may be NaN", "[laws]") {
    const std::vector<float> x(30, 1.0f), h{1, 2, 3};
    for (const method m : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save})
        CHECK(odd_ones(correlate(x, h,
                                 {.boundary = boundary::constant(std::numeric_limits<long double>::quiet_NaN()),
                                  .method = m})) == std::vector<index_t>{0, 1, 30, 31});
}

TEST_CASE("non-finite: complex samples mix their components, real factors do not", "[laws]") {
    using complex = std::complex<float>;
    const std::vector<complex> x{{infinity, 1}, {1, 1}};
    const std::vector<float> real{2};
    for (const method m : {method::direct, method::im2col}) {
        const auto y = convolve(x, real, {.method = m});
        CHECK(y(0).real() == infinity);
        CHECK(y(0).imag() == 2);  // Inf * (2 + 0i) would have made it NaN
        CHECK(y(1) == complex(2, 2));
    }
}

TEST_CASE("non-finite: the sum of a row is not spoiled by the next one", "[laws]") {
    tensor<float, 2> x({5, 200}), h({2, 3});
    for (float& v : x) v = 1;
    for (float& v : h) v = 1;
    x(2, 100) = infinity;
    for (const method m : {method::direct, method::im2col}) {
        const auto y = correlate(x, h, {.padding = mode::valid, .method = m});
        for (index_t o = 0; o < y.extent(0); ++o)
            for (index_t c = 0; c < y.extent(1); ++c) {
                const bool touches = o <= 2 && o + 1 >= 2 && c <= 100 && c + 2 >= 100;
                CHECK(y(o, c) == (touches ? infinity : 6.0f));
            }
    }
}
