// tests/laws/engines_agree.test.cpp -- convolutions by the transforms of FFTW, of every precision, are the defining
// sums
#include <faltung/convolve.hpp>
#include <faltung/fftw.hpp>

#include <array>
#include <cmath>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/seam.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class V>
long double norm(std::vector<V> const& x) {
    long double sum = 0;
    for (V const& v : x) sum += static_cast<long double>(std::norm(v));
    return std::sqrt(sum);
}

/// |y - sum|_2 relative to 3 u sqrt(log2 P) |x|_2 |h|_2, twice the norm for samples that a boundary repeats.
template <class V>
long double lost_share(std::array<reference::line, 2> const& of_axes, method m, random_source& r) {
    const std::vector<reference::line> axes(of_axes.begin(), of_axes.end());
    using Wide = std::conditional_t<is_complex<V>, std::complex<long double>, long double>;
    shape n, taps;
    convolve_options o{.method = m, .engine = fftw::engine()};
    per_axis<boundary> edge;
    per_axis<index_t> stride, dilation;
    for (reference::line const& k : axes) {
        n.push_back(k.n);
        taps.push_back(k.taps);
        edge.push_back(boundary_of(k));
        stride.push_back(k.stride);
        dilation.push_back(k.dilation);
    }
    o.padding = {{axes[0].low, axes[0].high}, {axes[1].low, axes[1].high}};
    o.boundary = edge;
    o.stride = stride;
    o.dilation = dilation;
    const auto x = r.many<V>(checked::product(n, "samples")), h = r.many<V>(checked::product(taps, "taps"));
    const tensor_view<V const, 2> view_of_x(std::span<V const>(x), n), view_of_h(std::span<V const>(h), taps);
    const auto y = correlate(view_of_x, view_of_h, o);
    auto slid = h;
    for (V& v : slid) v = conjugate(v);  // as a correlation does
    const auto want = reference::correlate<Wide>(axes, x, slid);
    REQUIRE(y.count() == static_cast<index_t>(want.size()));
    long double lost = 0;
    for (std::size_t i = 0; i < want.size(); ++i) lost += std::norm(Wide(y.data()[i]) - want[i]);
    return std::sqrt(lost) / (3 * unit_roundoff<real_t<V>> * std::sqrt(12.0L) * 2 * norm(x) * norm(h));
}

}  // namespace

TEMPLATE_TEST_CASE("laws: convolutions by the transforms of FFTW are the defining sums", "[laws]", float, double,
                   long double, std::complex<float>, std::complex<double>, std::complex<long double>) {
    random_source r(1);
    for (const method m : {method::fft, method::overlap_save})
        for (const char map : {'z', 'c', 'r', 'w'})
            for (const index_t stride : {1, 2}) {
                INFO(name_of(m) << " boundary " << map << " stride " << stride);
                CHECK(lost_share<TestType>({{{1, 1, 1, 1, 0, 0, 'z'}, {3000, 65, stride, 1, 40, 30, map, 2}}}, m, r) <=
                      1);
                CHECK(lost_share<TestType>({{{30, 5, 1, 2, 4, 3, map, 2}, {41, 6, stride, 1, 2, 5, map, 2}}}, m, r) <=
                      1);
            }
}

TEST_CASE("laws: a plan that names an engine keeps its table", "[laws]") {
    const std::vector<double> h(65, 1);
    const convolver<double> plan{{3000}, h, {.method = method::fft, .engine = fftw::engine()}};
    CHECK(plan.problem().engine == fftw::engine().table(element::float64));
}
