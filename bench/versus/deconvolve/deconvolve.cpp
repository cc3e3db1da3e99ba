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
        return {0, "", [held] { held->undo(held->y, held->x, held->scratch); }};
    };
    return {"", make, [held] { return fingerprint_of(held->x); }};
}

// Fifty iterations for a picture of n and a box of 15 x 15 taps.
template <class T>
static session lucy(shape const& n) {
    struct arrays {
        tensor<T, 2> y, h, x;
    };
    tensor<T, 2> h({15, 15});
    for (T& v : h) v = T(1) / 225;
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
    if (name == "lucy") return is_float ? lucy<float>(n) : lucy<double>(n);
    faltung::detail::fail<option_error>("there is no case ", name, " of type ", type);
}

int main() { serve(open_case, ""); }
