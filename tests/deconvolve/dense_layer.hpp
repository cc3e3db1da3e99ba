// tests/deconvolve/dense_layer.hpp -- a convolution of channels as a matrix, written down sample by sample
#pragma once

#include <faltung/geometry.hpp>
#include <faltung/view.hpp>

#include "support/dense.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"

namespace faltung::testing {

/// What is outside of the samples, or which outputs there are.
enum class border : unsigned char { periodic, zeros, valid };

template <class T>
using dense_of = Eigen::Matrix<detail::with_complexity<double, is_complex<T>>, Eigen::Dynamic, Eigen::Dynamic>;

/// y = A x, the sum over input channels of convolutions or correlations whose middle tap, (taps - 1) / 2 of the kernel
/// as given, lies on the output.
template <class T, std::size_t Rank>
dense_of<T> dense_layer(tensor<T, Rank> const& h, shape const& n, sense s, border b) {
    using D = detail::with_complexity<double, is_complex<T>>;
    const index_t outputs = h.extent(0), inputs = h.extent(1);
    shape taps, y_n = n;
    for (int a = 0; a < n.rank(); ++a) {
        taps.push_back(h.extent(a + 2));
        if (b == border::valid) y_n[a] = n[a] - taps[a] + 1;
    }
    index_t x_count = 1, y_count = 1;
    for (index_t e : n) x_count *= e;
    for (index_t e : y_n) y_count *= e;
    dense_of<T> m = dense_of<T>::Zero(outputs * y_count, inputs * x_count);
    index_t row = 0;
    for_each_index(y_n, [&](index_list const& o) {
        for_each_index(taps, [&](index_list const& t) {
            index_t column = 0;
            bool inside = true;
            for (int a = 0; a < n.rank(); ++a) {
                const index_t low = b == border::valid        ? 0
                                    : s == sense::correlation ? (taps[a] - 1) / 2
                                                              : taps[a] - 1 - (taps[a] - 1) / 2;
                const index_t i = reference::walk(o[a] + t[a] - low, n[a], b == border::periodic ? 'w' : 'z');
                inside = inside && i >= 0;
                column = column * n[a] + i;
            }
            if (!inside) return;
            for (index_t p = 0; p < outputs; ++p)
                for (index_t c = 0; c < inputs; ++c) {
                    index_list at{p, c};
                    for (int a = 0; a < n.rank(); ++a)
                        at.push_back(s == sense::correlation ? t[a] : taps[a] - 1 - t[a]);
                    m(p * y_count + row, c * x_count + column) +=
                        convert<D>(s == sense::correlation ? conjugate(h(at)) : h(at));
                }
        });
        ++row;
    });
    return m;
}

/// Samples of about 1.
template <class T, std::size_t Rank>
tensor<T, Rank> even_numbers(random_source& r, shape const& n) {
    tensor<T, Rank> x(n);
    const auto number = [&] { return static_cast<real_t<T>>(r.between(-1000000, 1000000)) / real_t<T>(1000000); };
    for (T& v : x) {
        if constexpr (is_complex<T>) {
            const auto re = number();
            v = T(re, number());
        } else {
            v = number();
        }
    }
    return x;
}

template <class D, class X>
auto as_column(X const& x) {
    Eigen::Matrix<D, Eigen::Dynamic, 1> v(x.count());
    for (index_t i = 0; i < x.count(); ++i) v(i) = convert<D>(x.data()[i]);
    return v;
}

}  // namespace faltung::testing
