// tests/laws/stride_is_subsample.test.cpp -- a window stride s keeps the samples 0, s, 2s, ... of the stride-1 answer
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEMPLATE_TEST_CASE("laws: a window stride subsamples, to the bit", "[laws]", float, std::complex<double>,
                   std::int16_t) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (const mode padding : {mode::full, mode::same, mode::valid})
            for (boundary const& edge : {boundary::zero, boundary::constant(2), boundary::reflect, boundary::circular})
                for (index_t stride = 1; stride <= 5; ++stride) {
                    const auto x = any_tensor<TestType, 2>(r, {r.between(5, 12), r.between(20, 150)}),
                               h = any_tensor<TestType, 2>(r, {r.between(1, 4), r.between(1, 6)});
                    convolve_options o{.padding = padding, .boundary = edge, .dilation = r.between(1, 3), .method = m};
                    const auto all_outputs = convolve(x, h, o);
                    o.stride = {r.between(1, 3), stride};
                    INFO(name_of(m) << " stride " << o.stride[0] << ", " << stride << " of outputs "
                                    << text(all_outputs.shape()));
                    const auto some = slice(all_outputs, range{0, all_outputs.extent(0), o.stride[0]},
                                            range{0, all_outputs.extent(1), stride});
                    CHECK(difference(convolve(x, h, o), copy(some)) == "");
                    CHECK(convolve(x, h, o).extent(1) == (all_outputs.extent(1) + stride - 1) / stride);
                }
}
