// tests/fft/cyclic_transform.test.cpp -- spectra of any extents against the sums that define them, and back
#include <faltung/fft/cyclic_transform.hpp>

#include <cmath>
#include <complex>
#include <set>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

using wide = std::complex<long double>;

/// e^(-2 pi i sum of m[a] j[a] / n[a])
wide wave(shape const& n, index_list const& m, index_list const& j) {
    long double turns = 0;
    for (int a = 0; a < n.rank(); ++a)
        turns += static_cast<long double>(m[a] * j[a] % n[a]) / static_cast<long double>(n[a]);
    return std::polar(1.0L, -2 * 3.14159265358979323846264338327950288L * turns);
}

template <class R>
void require_transform(shape const& n, number_kind kind) {
    INFO(text(n, kind == number_kind::real ? " real" : " complex"));
    testing::random_source random(5);
    const detail::cyclic_transform<R> t(n, kind, detail::best_instruction_set());
    const index_t samples = t.samples(), planes = kind == number_kind::real ? 1 : 2;
    std::vector<R> x(static_cast<std::size_t>(samples * planes));
    for (R& v : x) v = static_cast<R>(random.between(-1000, 1000)) / R{1000};
    buffer<R> data(t.data()), spectrum(t.spectrum());
    std::copy(x.begin(), x.end(), data.data());
    t.forward(data.data(), spectrum.data());

    long double norm = 0;
    for (R v : x) norm += static_cast<long double>(v) * static_cast<long double>(v);
    const long double allowed =
        20 * std::sqrt(norm) * std::numeric_limits<R>::epsilon() * std::log2(2 + static_cast<long double>(samples));
    index_t copies = 0;
    std::multiset<std::vector<index_t>> seen;
    for (index_t k = 0; k < t.count(); ++k) {
        copies += t.copies(k);
        if (t.copies(k) == 0) continue;
        index_list m;
        std::vector<index_t> listed, other;
        for (int a = 0; a < n.rank(); ++a) {
            m.push_back(t.frequency(k, a));
            listed.push_back(m[a]);
            other.push_back((n[a] - m[a]) % n[a]);
        }
        seen.insert(listed);
        if (t.copies(k) == 2) seen.insert(other);
        wide expected = 0;
        std::size_t at = 0;
        for_each_index(n, [&](index_list const& j) {
            const wide v{static_cast<long double>(x[at]),
                         planes == 2 ? static_cast<long double>(x[at + static_cast<std::size_t>(samples)]) : 0};
            expected += v * wave(n, m, j);
            ++at;
        });
        R const* const found = spectrum.data() + k / t.lanes() * 2 * t.lanes() + k % t.lanes();
        REQUIRE(std::abs(expected - wide{static_cast<long double>(found[0]),
                                         static_cast<long double>(found[t.lanes()])}) <= allowed);
    }
    CHECK(copies == samples);
    CHECK(std::set(seen.begin(), seen.end()).size() == static_cast<std::size_t>(samples));

    t.backward(spectrum.data(), data.data());
    for (std::size_t i = 0; i < x.size(); ++i)
        REQUIRE(std::fabs(static_cast<long double>(data.data()[i]) / t.scale() - x[i]) <=
                allowed / std::sqrt(static_cast<long double>(samples)) * 4);
}

}  // namespace

TEMPLATE_TEST_CASE("cyclic_transform: extents that the engine takes, and any others", "[fft]", float, double) {
    for (number_kind kind : {number_kind::real, number_kind::complex})
        for (const shape& n :
             {shape{1}, shape{2}, shape{3}, shape{64}, shape{66}, shape{101}, shape{128}, shape{5, 7}, shape{16, 32},
              shape{12, 1}, shape{1, 9}, shape{18, 22}, shape{32, 30}, shape{4, 5, 6}, shape{3, 2, 7}, shape{8, 8, 16}})
            require_transform<TestType>(n, kind);
}
