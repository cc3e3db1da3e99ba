// tests/simd/band_sweep.test.cpp -- four rows at a time on every instruction set: counts about the steps, taps, groups
// and ways to store, and the bits of one row at a time
#include <faltung/simd/band_sweep.hpp>

#include <vector>

#include <faltung/simd/loops.hpp>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

constexpr index_t rows = 4;

detail::destination any_destination(random_source& r) { return static_cast<detail::destination>(r.between(0, 2)); }

/// Lines that end at a forbidden page, and four rows that begin or end at one.
template <class T>
struct band_case {
    index_t across, along, groups, first, count, shift;
    std::vector<index_t> offsets;
    std::vector<std::unique_ptr<guarded<T>>> data, out;
    std::vector<T const*> lines;
    std::vector<T*> to;
    std::vector<T> weights;

    index_t line_step() const { return rows + across - 1; }
    typename detail::band_sweep<T>::arguments arguments(detail::destination where) const {
        return {lines.data(),   line_step(), groups, across,        offsets.data(), along,
                weights.data(), to.data(),   first,  first + count, where};
    }
};

template <class T, class Number>
band_case<T> random_case(index_t count, random_source& r, Number number) {
    band_case<T> c{r.between(3, 6),
                   r.between(1, 5),
                   r.between(1, 3),
                   r.between(0, 9),
                   count,
                   r.between(0, 70),
                   {},
                   {},
                   {},
                   {},
                   {},
                   {}};
    // any places; taps side by side; a square of 3 x 3 or 5 x 5 of them, on its own or once a group
    const index_t kind = r.between(0, 3);
    if (kind > 1) c.across = c.along = kind == 2 ? 3 : 5;
    if (kind > 1 && r.between(0, 2) > 0) c.groups = 1;
    index_t furthest = 0;
    for (index_t t = 0; t < c.along; ++t) {
        c.offsets.push_back(kind > 0 ? t : r.between(0, 9));
        furthest = std::max(furthest, c.offsets.back());
    }
    for (index_t i = 0; i < c.groups * c.line_step(); ++i) {
        c.data.push_back(std::make_unique<guarded<T>>(c.first + count + furthest, guard::after));
        for (T& v : c.data.back()->span()) v = number();
        c.lines.push_back(c.data.back()->data());
    }
    for (index_t i = 0; i < rows; ++i) {
        c.out.push_back(std::make_unique<guarded<T>>(count + c.shift, guard::after));
        c.to.push_back(c.out.back()->data() + c.shift);
    }
    for (index_t i = 0; i < c.groups * c.across * c.along; ++i) c.weights.push_back(number());
    return c;
}

/// Written from the definition; small integers make every order exact.
template <class T>
void check_band(instruction_set set, index_t count, random_source& r) {
    const auto c = random_case<T>(count, r, [&] { return r.small<T>(); });
    detail::versions<detail::band_sweep<T>>::of(set)(c.arguments(any_destination(r)));
    detail::finish_stores_past_caches();
    index_t wrong = 0;
    for (index_t i = 0; i < rows; ++i)
        for (index_t o = 0; o < count; ++o) {
            T sum{};
            for (index_t g = 0, w = 0; g < c.groups; ++g)
                for (index_t u = 0; u < c.across; ++u)
                    for (index_t t = 0; t < c.along; ++t, ++w)
                        sum = static_cast<T>(sum + c.weights[static_cast<std::size_t>(w)] *
                                                       c.lines[static_cast<std::size_t>(g * c.line_step() + i + u)]
                                                              [c.first + o + c.offsets[static_cast<std::size_t>(t)]]);
            wrong += c.to[static_cast<std::size_t>(i)][o] != sum;
        }
    INFO(name_of(set) << " count " << count << " across " << c.across << " along " << c.along << " groups "
                      << c.groups);
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("band_sweep: counts about the steps, instruction sets and types", "[simd]") {
    random_source r(1);
    for (const instruction_set s : instruction_sets())
        for (index_t count = 32; count <= 220; ++count) {
            if (count >= detail::band_sweep<float>::unit) check_band<float>(s, count, r);
            check_band<double>(s, count, r);
            check_band<std::int32_t>(s, count, r);
            check_band<std::int64_t>(s, count, r);
            check_band<std::uint16_t>(s, count, r);
        }
    for (const instruction_set s : instruction_sets())
        for (index_t count = 8; count < 32; ++count) {
            if (count >= detail::band_sweep<float>::unit) check_band<float>(s, count, r);
            check_band<double>(s, count, r);
        }
}

TEST_CASE("band_sweep: the bits of row_sweep", "[simd]") {
    random_source r(2);
    for (const instruction_set s : instruction_sets())
        for (index_t count = 16; count <= 120; ++count) {
            const auto c = random_case<float>(count, r, [&] { return r.many<float>(1).front(); });
            detail::versions<detail::band_sweep<float>>::of(s)(c.arguments(any_destination(r)));
            detail::finish_stores_past_caches();
            for (index_t i = 0; i < rows; ++i) {
                std::vector<detail::tap_line<float>> table;
                for (index_t g = 0; g < c.groups; ++g)
                    for (index_t u = 0; u < c.across; ++u)
                        table.push_back({c.lines[static_cast<std::size_t>(g * c.line_step() + i + u)] + c.first,
                                         (g * c.across + u) * c.along});
                std::vector<float> want(static_cast<std::size_t>(count));
                detail::versions<detail::row_sweep<float, float, float>>::of(s)(
                    {table.data(), c.groups * c.across, c.offsets.data(), c.along, c.weights.data(), want.data(), count,
                     false});
                INFO(name_of(s) << " count " << count);
                CHECK(std::equal(want.begin(), want.end(), c.to[static_cast<std::size_t>(i)]));
            }
        }
}
