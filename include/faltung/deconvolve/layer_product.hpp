// faltung/deconvolve/layer_product.hpp -- arrays of many channels times one small matrix per frequency
#pragma once

#include "../simd/matrix_products.hpp"
#include "periodic_layer.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// How many channels go in and come out, and of how many images at once.
struct product_extents {
    index_t from, to, images;
};

/// Reals of scratch that a product of these extents needs.
template <class T>
index_t product_scratch(periodic_layer<T> const& l, product_extents const& e) {
    const index_t channels =
        checked::multiply(e.images, checked::add(e.from, e.to, "channels"), "channels of all images");
    return checked::add(checked::multiply(channels, l.transform().spectrum(), "numbers of all spectra"),
                        checked::add(l.transform().data(), l.transform().spectrum(), "numbers of a transform"),
                        "numbers of a product");
}

/// `load(b, data)` writes plane b = image * from + channel; `store(b, data, scale)` reads plane b = image * to +
/// channel, each sample of which is still to be multiplied by the scale. The matrices, to x from, are conjugated, and
/// in groups as the layer's own. What `load` throws leaves before anything is stored.
template <class T, class Load, class Store>
void layer_product(periodic_layer<T> const& l, real_t<T> const* matrices, product_extents const& e, real_t<T>* scratch,
                   Load const& load, Store const& store) {
    using R = real_t<T>;
    const index_t spectrum = l.transform().spectrum(), unit = l.unit();
    R* const from_groups = scratch;
    R* const to_groups = from_groups + e.images * e.from * spectrum;
    R* const one = to_groups + e.images * e.to * spectrum;
    R* const data = one + spectrum;
    for (index_t b = 0; b < e.images * e.from; ++b) {
        load(b, data);
        l.transform().forward(data, one);
        l.scatter(one, from_groups, b, e.images * e.from);
    }
    const auto product = versions<matrix_products<R>>::of(l.vectors());
    for (index_t g = 0; g < l.groups(); ++g)
        product({matrices + g * e.from * e.to * unit, from_groups + g * e.images * e.from * unit,
                 to_groups + g * e.images * e.to * unit, e.to, e.from, e.images});
    const R scale = static_cast<R>(1 / l.transform().scale());
    for (index_t b = 0; b < e.images * e.to; ++b) {
        l.gather(to_groups, one, b, e.images * e.to);
        l.transform().backward(one, data);
        store(b, static_cast<R const*>(data), scale);
    }
}

/// The conjugate transposes of matrices of rows x columns, all in groups.
template <class T>
buffer<real_t<T>> conjugate_transposed(periodic_layer<T> const& l, real_t<T> const* matrices, index_t rows,
                                       index_t columns) {
    using R = real_t<T>;
    const index_t unit = l.unit();
    buffer<R> to(checked::multiply(rows * columns, l.transform().spectrum(), "numbers of all matrices"));
    for (index_t g = 0; g < l.groups(); ++g)
        for (index_t i = 0; i < rows; ++i)
            for (index_t j = 0; j < columns; ++j) {
                R const* const from = matrices + ((g * rows + i) * columns + j) * unit;
                R* const at = to.data() + ((g * columns + j) * rows + i) * unit;
                std::copy_n(from, l.lanes(), at);
                for (index_t k = l.lanes(); k < unit; ++k) at[k] = -from[k];
            }
    return to;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
