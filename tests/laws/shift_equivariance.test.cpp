// tests/laws/shift_equivariance.test.cpp -- a rolled input gives the rolled output, under a circular boundary to the
// bit
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T, std::size_t Rank>
tensor<T, Rank> rolled(tensor<T, Rank> const& x, index_list const& by) {
    return tensor_of<T, Rank>(x.shape(), [&](index_list i) {
        for (int a = 0; a < i.rank(); ++a) i[a] = checked::floor_modulo(i[a] - by[a], x.extent(a));
        return x(i);
    });
}

}  // namespace

// rim and interior, every place in a block of vectors and in a tile of 1024 outputs: the same sums in the same order
TEMPLATE_TEST_CASE("laws: shifts and circular convolution commute, to the bit", "[laws]", float, double,
                   std::complex<float>, std::uint8_t) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (const index_t n : {1, 2, 3, 7, 16, 31, 64, 129, 500, 2500})
            for (int i = 0; i < 4; ++i) {
                const auto x = any_tensor<TestType, 1>(r, {n}), h = any_tensor<TestType, 1>(r, {r.between(1, 9)});
                const convolve_options o{
                    .padding = mode::same, .boundary = boundary::circular, .dilation = r.between(1, 3), .method = m};
                const index_list by{r.between(-n, 2 * n)};
                INFO(name_of(m) << " n " << n << " by " << by[0]);
                CHECK(difference(convolve(rolled(x, by), h, o), rolled(convolve(x, h, o), by)) == "");
            }
}

TEST_CASE("laws: shifts and circular convolution commute in two dimensions, to the bit", "[laws]") {
    random_source r(2);
    for (const method m : {method::direct, method::im2col})
        for (int i = 0; i < 15; ++i) {
            const auto x = any_tensor<float, 2>(r, {r.between(1, 20), r.between(1, 150)}),
                       h = any_tensor<float, 2>(r, {r.between(1, 5), r.between(1, 7)});
            const convolve_options o{.padding = mode::same, .boundary = boundary::circular, .method = m};
            const index_list by{r.between(-20, 20), r.between(-150, 150)};
            CHECK(difference(correlate(rolled(x, by), h, o), rolled(correlate(x, h, o), by)) == "");
        }
}
