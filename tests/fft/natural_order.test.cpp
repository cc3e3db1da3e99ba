// tests/fft/natural_order.test.cpp -- every frequency where a textbook has it, against the defining sum
#include <faltung/fft/natural_order.hpp>

#include <faltung/core/for_each.hpp>
#include <faltung/fft/own_engine.hpp>
#include <faltung/simd/target.hpp>

#include <cmath>
#include <numbers>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::own_engine;

namespace {

using wide = std::complex<long double>;

/// X[m] by its definition. The first axis whose extent is not 1 is negacyclic if the plan is.
wide defining_sum(shape const& n, bool negacyclic, std::vector<wide> const& x, index_list const& m) {
    int signed_axis = -1;
    for (int a = n.rank(); negacyclic && a-- > 0;)
        if (n[a] != 1) signed_axis = a;
    wide sum = 0;
    std::size_t at = 0;
    for_each_index(n, [&](index_list const& j) {
        long double turns = 0;
        for (int a = 0; a < n.rank(); ++a) {
            const index_t half_turns = 2 * m[a] + (a == signed_axis ? 1 : 0);
            turns += static_cast<long double>(half_turns * j[a] % (2 * n[a])) / static_cast<long double>(2 * n[a]);
        }
        sum += x[at++] * std::polar(1.0L, -2 * std::numbers::pi_v<long double> * turns);
    });
    return sum;
}

}  // namespace

TEMPLATE_TEST_CASE("natural_order: reads every frequency of any ring, and writes it where it was", "[fft]", float,
                   double) {
    using R = TestType;
    constexpr ring_kind cyclic = ring_kind::cyclic;
    constexpr number_kind real = number_kind::real, complex = number_kind::complex;
    random_source source(1);
    int orders = 0;
    for (transform_request r :
         {transform_request{{128}}, transform_request{{96}}, transform_request{{1, 160}}, transform_request{{8, 32}},
          transform_request{{4, 3, 32}}, transform_request{{64}, complex}, transform_request{{120}, complex},
          transform_request{{6, 32}, complex}, transform_request{{1, 4, 5, 16}, complex},
          transform_request{{128}, real, cyclic}, transform_request{{320}, real, cyclic},
          transform_request{{16, 32}, real, cyclic}, transform_request{{3, 64}, real, cyclic}})
        for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
            if (!detail::is_compiled_in(i) || i > detail::best_instruction_set()) continue;
            r.instruction_set = i;
            if (!own_engine<R>::table.takes(r)) continue;
            ++orders;
            INFO(text(r.n, r.numbers == real ? " real " : " complex ", name_of(i)));
            const transform_plan plan = own_engine<R>::table.make(r);
            const natural_order order(own_engine<R>::table, r);
            const index_t count = order.count();
            std::vector<R> data(static_cast<std::size_t>(plan.data)), spectrum(static_cast<std::size_t>(plan.spectrum));
            std::vector<wide> x;
            long double norm = 0;
            for (index_t k = 0; k < count; ++k) {
                const R re = source.small<R>(), im = r.numbers == complex ? source.small<R>() : R(0);
                x.emplace_back(re, im);
                norm += std::norm(x.back());
                data[static_cast<std::size_t>(k)] = re;
                if (r.numbers == complex) data[static_cast<std::size_t>(count + k)] = im;
            }
            own_engine<R>::table.forward(plan, data.data(), spectrum.data());
            std::vector<std::complex<R>> X(static_cast<std::size_t>(count));
            order.read(spectrum.data(), X.data());

            // |X|_2 = sqrt(count) |x|_2
            const long double bound = 3 * unit_roundoff<R> * std::sqrt(std::log2(static_cast<long double>(count))) *
                                      std::sqrt(static_cast<long double>(count) * norm);
            long double worst = 0;
            std::size_t at = 0;
            for_each_index(r.n, [&](index_list const& m) {
                worst = std::max(worst, std::abs(wide(X[at++]) - defining_sum(r.n, plan.negacyclic, x, m)));
            });
            CHECK(worst <= bound);

            std::vector<R> written(spectrum.size(), -77);
            order.write(X.data(), written.data());
            CHECK(written == spectrum);
        }
    CHECK(orders >= 13);
}

TEST_CASE("natural_order: what the engine refuses is refused", "[fft]") {
    CHECK(message_of<option_error>([] { natural_order(own_engine<float>::table, {{7}}); }) ==
          message_of<option_error>([] { own_engine<float>::table.make({{7}}); }));
}
