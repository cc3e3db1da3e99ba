// tests/laws/dilation_is_zero_stuffing.test.cpp -- a dilation d is a dense kernel with d - 1 zeros between its taps
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
tensor<T, 2> stuffed(tensor<T, 2> const& h, index_t rows, index_t columns) {
    tensor<T, 2> wide({rows * (h.extent(0) - 1) + 1, columns * (h.extent(1) - 1) + 1});
    for_each_index(h.shape(), [&](index_list const& t) { wide(t[0] * rows, t[1] * columns) = h(t); });
    return wide;
}

}  // namespace

// finite data only: the zeros between would turn an infinity into NaN, and a dilated kernel does not touch it
TEMPLATE_TEST_CASE("laws: a dilated kernel is one with zeros between its taps", "[laws]", float, std::complex<double>,
                   std::int16_t) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (const mode padding : {mode::full, mode::same, mode::valid, mode::same_upper, mode::same_lower})
            for (boundary const& edge : {boundary::zero, boundary::replicate, boundary::symmetric})
                for (index_t d = 1; d <= 4; ++d) {
                    const auto x = small_tensor<TestType, 2>(r, {r.between(9, 14), r.between(20, 90)}),
                               h = small_tensor<TestType, 2>(r, {r.between(1, 3), r.between(1, 5)});
                    const index_t rows = r.between(1, 3), stride = r.between(1, 2);
                    const convolve_options dense{.padding = padding, .boundary = edge, .stride = stride, .method = m};
                    convolve_options dilated = dense;
                    dilated.dilation = {rows, d};
                    INFO(name_of(m) << " dilation " << rows << ", " << d << " of " << text(h.shape()));
                    CHECK(difference(convolve(x, h, dilated), convolve(x, stuffed(h, rows, d), dense)) == "");
                    CHECK(difference(correlate(x, h, dilated), correlate(x, stuffed(h, rows, d), dense)) == "");
                }
}
