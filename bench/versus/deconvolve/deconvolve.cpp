// bench/versus/deconvolve/deconvolve.cpp -- the library's side of deconvolve.py, which asks through a pipe
#include <complex>
#include <memory>

#include <faltung/deconvolve.hpp>
#include <faltung/linalg.hpp>

#include "../session.hpp"

using namespace faltung;
using namespace faltung_bench;

// Noise around 0, as deconvolve.py makes it: the real parts of complex numbers first, then all imaginary parts.
template <class T, std::size_t Rank>
static tensor<T, Rank> centred(shape const& n) {
    using R = real_t<T>;
    shape planes = n;
    if (is_complex<T>) planes[0] *= 2;
    const auto bytes = noise<R, Rank>(planes);
    tensor<T, Rank> x(n);
    for (index_t i = 0; i < x.count(); ++i)
        if constexpr (is_complex<T>)
            x.data()[i] = T(bytes.data()[i] - R(127.5), bytes.data()[x.count() + i] - R(127.5));
        else
            x.data()[i] = bytes.data()[i] - R(127.5);
    return x;
}

template <class T, std::size_t Rank>
static std::array<double, 2> fingerprint_of_parts(tensor<T, Rank> const& y) {
    using R = real_t<T>;
    constexpr index_t parts = is_complex<T> ? 2 : 1;
    tensor<R, 1> reals({y.count() * parts});
    std::memcpy(reals.data(), y.data(), static_cast<std::size_t>(reals.count()) * sizeof(R));
    return fingerprint_of(reals);
}

template <class T>
static session inverses(shape const& n) {
    struct arrays {
        tensor<T, 3> a, p;
    };
    const auto held = std::make_shared<arrays>(arrays{centred<T, 3>(n), tensor<T, 3>({n[0], n[2], n[1]})});
    return {"",
            [held](std::string const&, shape const&) -> contestant {
                return {0, "", [held] { pinv_into(held->p, held->a); }};
            },
            [held] { return fingerprint_of_parts(held->p); }};
}

// Images, channels, rows, columns; kernels of 3 x 3 taps from as many channels to as many. `whole` makes the plan in
// every call.
template <class T>
static session layers(shape const& n) {
    struct arrays {
        tensor<T, 4> h, y, x;
        deconvolver<T> undo;
        workspace scratch;
        tensor<double, 2> spectrum;
        explicit arrays(shape const& of)
            : h(centred<T, 4>({of[1], of[1], 3, 3})),
              y(centred<T, 4>(of)),
              x(of),
              undo({of[2], of[3]}, h, correlated()),
              scratch(undo.workspace(of[0])) {}
        static deconvolve_options correlated() { return {.sense = sense::correlation}; }
    };
    const auto held = std::make_shared<arrays>(n);
    const auto make = [held, n](std::string const& who, shape const&) -> contestant {
        if (who == "whole")
            return {0, "", [held, n] {
                        const deconvolver<T> undo({n[2], n[3]}, held->h, arrays::correlated());
                        undo(held->y, held->x, held->scratch);
                    }};
        if (who == "spectrum") return {0, "", [held] { held->spectrum = held->undo.spectrum(); }};
        return {0, "", [held] { held->undo(held->y, held->x, held->scratch); }};
    };
    return {"", make, [held] { return fingerprint_of(held->x); }};
}

// Channels, rows, columns of x: the exact pseudo-inverse of a layer's outputs within the border.
template <class T>
static session valid(shape const& n) {
    struct arrays {
        tensor<T, 3> y, x;
        bordered_deconvolver<T> undo;
    };
    const auto held = std::make_shared<arrays>(
        arrays{centred<T, 3>({n[0], n[1] - 2, n[2] - 2}), tensor<T, 3>(n),
               bordered_deconvolver<T>({n[1], n[2]}, centred<T, 4>({n[0], n[0], 3, 3}), mode::valid,
                                       {.sense = sense::correlation, .tolerance = 1e-12, .iterations = 100000})});
    return {"",
            [held](std::string const&, shape const&) -> contestant {
                return {0, "", [held] { held->x = held->undo(held->y).x; }};
            },
            [held] { return fingerprint_of(held->x); }};
}

template <class T>
static tensor<T, 2> box_taps() {
    tensor<T, 2> h({15, 15});
    for (T& v : h) v = T(1) / 225;
    return h;
}
template <class T>
static tensor<T, 2> dense_taps() {
    auto h = noise<T, 2>({15, 15});
    T sum = 0;
    for (T& v : h) sum += v += 1;
    for (T& v : h) v /= sum;
    return h;
}

// Fifty iterations for a picture of n.
template <class T>
static session lucy(shape const& n, tensor<T, 2> h) {
    struct arrays {
        tensor<T, 2> y, h, x;
    };
    const auto held = std::make_shared<arrays>(arrays{noise<T, 2>(n), std::move(h), tensor<T, 2>(n)});
    return {"",
            [held](std::string const&, shape const&) -> contestant {
                return {0, "", [held] {
                            held->x = richardson_lucy(
                                          held->y, held->h,
                                          {.convolution = {.padding = mode::same}, .likelihood = {.iterations = 50}})
                                          .x;
                        }};
            },
            [held] { return fingerprint_of(held->x); }};
}

// <name> <type> <extent>...
static session open_case(std::istream& words) {
    std::string name, type;
    shape n;
    words >> name >> type;
    for (index_t extent; words >> extent;) n.push_back(extent);
    const bool is_float = type == "float";
    if (name == "pinv") return is_float ? inverses<float>(n) : inverses<double>(n);
    if (name == "complex_pinv") return is_float ? inverses<std::complex<float>>(n) : inverses<std::complex<double>>(n);
    if (name == "layer") return is_float ? layers<float>(n) : layers<double>(n);
    if (name == "valid") return is_float ? valid<float>(n) : valid<double>(n);
    if (name == "lucy_box") return is_float ? lucy(n, box_taps<float>()) : lucy(n, box_taps<double>());
    if (name == "lucy_dense") return is_float ? lucy(n, dense_taps<float>()) : lucy(n, dense_taps<double>());
    faltung::detail::fail<option_error>("there is no case ", name, " of type ", type);
}

int main() { serve(open_case, ""); }
