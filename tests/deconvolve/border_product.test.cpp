// tests/deconvolve/border_product.test.cpp -- some outputs of a layer against products of its dense matrix
#include <faltung/deconvolve/border_product.hpp>

#include "dense_layer.hpp"
#include "support/catch.hpp"

using namespace faltung;

using testing::border;
using testing::dense_of;
using testing::even_numbers;

TEMPLATE_TEST_CASE("border_product: P P^H between some outputs", "[deconvolve]", double, std::complex<double>) {
    using T = TestType;
    testing::random_source r(1);
    for (sense s : {sense::convolution, sense::correlation})
        for (shape const& n : {shape{4, 9}, shape{6, 3}}) {  // along 3 samples the kernel meets itself
            const auto h = even_numbers<T, 4>(r, {2, 3, 3, 2});
            deconvolve_options o;
            o.sense = s;
            const detail::periodic_layer<T> layer(h.view().erased(), n, o, "test");
            const dense_of<T> a = testing::dense_layer(h, n, s, border::periodic),
                              gram = testing::product(a, dense_of<T>(a.adjoint()));
            std::vector<index_t> places;
            for (index_t at = 0; at < layer.samples(); ++at)
                if (at < n[1] || at % n[1] == 0) places.push_back(at);
            const index_t count = static_cast<index_t>(places.size());
            detail::border_product<T> product(layer, places);
            const auto from = even_numbers<T, 1>(r, {2 * count});
            std::vector<T> to(static_cast<std::size_t>(2 * count));
            product({from.data(), to.size()}, to);
            for (index_t i = 0; i < 2 * count; ++i) {
                T expected{};
                const auto whole = [&](index_t k) {
                    return k / count * layer.samples() + places[static_cast<std::size_t>(k % count)];
                };
                for (index_t j = 0; j < 2 * count; ++j) expected += gram(whole(i), whole(j)) * from(j);
                CHECK(std::abs(to[static_cast<std::size_t>(i)] - expected) <= 1e-13);
            }
        }
}
