// tests/deconvolve/periodic_layer.test.cpp -- a matrix for each frequency against the library's own convolution of
// waves
#include <faltung/deconvolve/periodic_layer.hpp>

#include <faltung/convolve.hpp>

#include "dense_layer.hpp"
#include "support/catch.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;

using testing::even_numbers;
using testing::random_source;

TEST_CASE("periodic_layer: what convolve and correlate do to every wave", "[deconvolve]") {
    using complex = std::complex<double>;
    random_source r(1);
    const auto h = even_numbers<double, 4>(r, {2, 3, 3, 2});
    for (const shape& n : {shape{4, 6}, shape{8, 16}, shape{2, 3}})
        for (sense s : {sense::convolution, sense::correlation})
            for (const bool listed : {false, true}) {
                deconvolve_options o{.sense = s};
                convolve_options same{.padding = mode::same, .boundary = boundary::circular};
                if (listed) {
                    o.dilation = same.dilation = {1, 2};
                    o.centre = same.centre = {0, 1};
                }
                same.method = method::direct;
                const detail::periodic_layer<double> layer(h.view().erased(), n, o, "layer");
                const buffer<double> matrices = layer.matrices();
                index_t checked = 0;
                for (index_t k = 0; k < layer.transform().count(); ++k) {
                    if (layer.transform().copies(k) == 0) continue;
                    const wave_numbers f = layer.frequency(k);
                    tensor<complex, 2> wave(n);
                    for_each_index(n, [&](index_list const& j) {
                        wave(j) = std::polar(
                            1.0, f.angle(0) * static_cast<double>(j[0]) + f.angle(1) * static_cast<double>(j[1]));
                    });
                    for (index_t p = 0; p < 2; ++p)
                        for (index_t c = 0; c < 3; ++c) {
                            const auto taps = slice(h, p, c, all, all);
                            const complex factor = s == sense::convolution ? convolve(wave, taps, same)(0, 0)
                                                                           : correlate(wave, taps, same)(0, 0);
                            double const* const at = matrices.data() +
                                                     (k / layer.lanes() * 6 + p * 3 + c) * layer.unit() +
                                                     k % layer.lanes();
                            REQUIRE(std::abs(complex(at[0], at[layer.lanes()]) - factor) <= 1e-13);
                        }
                    ++checked;
                }
                CHECK(2 * checked >= layer.samples());
            }
}

TEST_CASE("periodic_layer: gradients of taps are the adjoint of the matrices", "[deconvolve]") {
    random_source r(2);
    const auto h = even_numbers<double, 3>(r, {2, 2, 3}), g = even_numbers<double, 3>(r, {2, 2, 3});
    for (const shape& n : {shape{7}, shape{64}}) {
        const detail::periodic_layer<double> of_h(h.view().erased(), n, {}, "layer"),
            of_g(g.view().erased(), n, {}, "layer");
        const buffer<double> a = of_h.matrices(), b = of_g.matrices();
        // <A, B> over all frequencies, those that are left out too
        double product = 0;
        for (index_t k = 0; k < of_h.transform().count(); ++k)
            for (index_t e = 0; e < 4; ++e) {
                const index_t at = (k / of_h.lanes() * 4 + e) * of_h.unit() + k % of_h.lanes();
                product += of_h.transform().copies(k) *
                           (a.data()[at] * b.data()[at] + a.data()[at + of_h.lanes()] * b.data()[at + of_h.lanes()]);
            }
        tensor<double, 3> taps({2, 2, 3});
        of_h.add_taps(a.data(), taps.data());
        double expected = 0;
        for (index_t i = 0; i < g.count(); ++i) expected += taps.data()[i] * g.data()[i];
        CHECK(product == Approx(expected));
    }
}
