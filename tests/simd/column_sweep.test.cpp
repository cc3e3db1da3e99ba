// tests/simd/column_sweep.test.cpp -- weighted sums of lines on every instruction set, shared lines and others
#include <faltung/simd/column_sweep.hpp>

#include <list>
#include <vector>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// Four rows, written without blocks; small integers make every order exact.
template <class W, class Acc, class D = Acc>
void check_columns(instruction_set set, index_t taps, index_t step, index_t count, random_source& r) {
    const index_t lines = 3 * step + taps, unit = detail::column_sweep<W, Acc, D>::unit,
                  first = r.between(0, count / unit) * unit;
    const bool continued = r.percent(50);
    std::list<guarded<D>> data;
    std::list<guarded<Acc>> sums;
    std::vector<D const*> line_table;
    std::vector<Acc*> sum_table;
    for (index_t j = 0; j < lines; ++j) data.emplace_back(count, guard::after);
    for (auto const& line : data) {
        for (D& v : line.span()) v = r.small<D>();
        line_table.push_back(line.data());
    }
    for (int row = 0; row < 4; ++row) sums.emplace_back(count, guard::after);
    for (auto const& line : sums) {
        for (Acc& v : line.span()) v = r.small<Acc>();
        sum_table.push_back(line.data());
    }
    const auto weights = r.many_small<W>(taps);
    std::vector<std::vector<Acc>> want;
    for (index_t row = 0; row < 4; ++row) {
        auto& line = want.emplace_back(sum_table[static_cast<std::size_t>(row)],
                                       sum_table[static_cast<std::size_t>(row)] + count);
        for (index_t i = first; i < count; ++i) {
            Acc sum = continued ? line[static_cast<std::size_t>(i)] : Acc{};
            for (index_t t = 0; t < taps; ++t)
                sum = static_cast<Acc>(sum + static_cast<Acc>(weights[static_cast<std::size_t>(t)]) *
                                                 line_table[static_cast<std::size_t>(row * step + t)][i]);
            line[static_cast<std::size_t>(i)] = sum;
        }
    }
    detail::versions<detail::column_sweep<W, Acc, D>>::of(set)(
        {line_table.data(), step, weights.data(), taps, sum_table.data(), first, count, continued});
    INFO(name_of(set) << " taps " << taps << " step " << step << " from " << first << " to " << count);
    for (std::size_t row = 0; row < 4; ++row)
        CHECK((std::vector<Acc>(sum_table[row], sum_table[row] + count) == want[row]));
}

}  // namespace

TEST_CASE("column_sweep: all taps, steps and kinds of types", "[simd]") {
    random_source r(1);
    for (const instruction_set s : instruction_sets())
        for (index_t taps = 1; taps <= 9; ++taps)
            for (index_t step = 1; step <= taps + 1; ++step)
                for (const index_t count : {16, 64, 80, 208}) {
                    check_columns<float, float>(s, taps, step, count, r);
                    check_columns<double, double>(s, taps, step, count, r);
                    check_columns<std::int64_t, std::int64_t>(s, taps, step, count, r);
                    check_columns<float, std::complex<float>>(s, taps, step, count, r);
                    check_columns<long double, long double>(s, taps, step, count, r);
                    check_columns<std::uint16_t, std::uint16_t>(s, taps, step, 2 * count, r);
                    check_columns<std::uint16_t, std::uint16_t, std::uint8_t>(s, taps, step, 2 * count, r);
                }
}

TEST_CASE("column_sweep: a row's bits do not depend on its place in a group, nor on what lines it shares", "[simd]") {
    random_source r(2);
    constexpr index_t count = 112, taps = 7;
    std::vector<std::vector<float>> lines;
    for (index_t j = 0; j < taps + 3; ++j) lines.push_back(r.many<float>(count));
    const auto weights = r.many<float>(taps);
    for (const instruction_set s : instruction_sets()) {
        const auto sweep = detail::versions<detail::column_sweep<float, float>>::of(s);
        std::vector<std::vector<float>> out(4, std::vector<float>(count)), alone = out;
        std::vector<float*> to, to_alone;
        for (std::size_t row = 0; row < 4; ++row) {
            to.push_back(out[row].data());
            to_alone.push_back(alone[row].data());
        }
        std::vector<float const*> table;
        for (auto const& line : lines) table.push_back(line.data());
        sweep({table.data(), 1, weights.data(), taps, to.data(), 0, count, false});
        for (std::size_t row = 0; row < 4; ++row) {  // as every one of four rows that share nothing
            std::vector<float const*> own;
            for (int copy = 0; copy < 4; ++copy)
                own.insert(own.end(), table.begin() + static_cast<std::ptrdiff_t>(row),
                           table.begin() + static_cast<std::ptrdiff_t>(row) + taps);
            sweep({own.data(), taps, weights.data(), taps, to_alone.data(), 0, count, false});
            for (auto const& line : alone) CHECK((line == out[row]));
        }
    }
}
