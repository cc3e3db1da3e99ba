// tests/simd/loops.test.cpp -- the inner loops on every instruction set, at every count about the vector widths
#include <faltung/simd/loops.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

/// out[o], or 0, + sum over lines and taps, written without blocks; small integers make every order exact.
template <class D, class W, class Acc>
void check_sweep(instruction_set set, index_t count, random_source& r) {
    const index_t lines = r.between(1, 4), taps = r.between(1, 5);
    const guarded<Acc> out(count, r.percent(50) ? guard::after : guard::before);
    const guarded<D> data(count + 40, guard::after);
    for (D& v : data.span()) v = r.small<D>();
    for (Acc& v : out.span()) v = r.small<Acc>();
    const auto weights = r.many_small<W>(lines * taps);
    std::vector<index_t> offsets;
    for (index_t t = 0; t < taps; ++t) offsets.push_back(r.between(0, 20));
    std::vector<detail::tap_line<D>> table;
    for (index_t j = 0; j < lines; ++j) table.push_back({data.data() + r.between(0, 20), (lines - 1 - j) * taps});
    const bool continued = r.percent(50);
    std::vector<Acc> want(static_cast<std::size_t>(count));
    if (continued) want.assign(out.data(), out.data() + count);
    for (index_t o = 0; o < count; ++o)
        for (auto const& line : table)
            for (index_t t = 0; t < taps; ++t)
                want[static_cast<std::size_t>(o)] +=
                    static_cast<Acc>(weights[static_cast<std::size_t>(line.first_weight + t)]) *
                    static_cast<Acc>(line.data[o + offsets[static_cast<std::size_t>(t)]]);
    detail::versions<detail::row_sweep<D, W, Acc>>::of(set)(
        {table.data(), lines, offsets.data(), taps, weights.data(), out.data(), count, continued});
    INFO(name_of(set) << " count " << count << " lines " << lines << " taps " << taps);
    CHECK(std::vector<Acc>(out.data(), out.data() + count) == want);
}

/// The same in another algebra, against its multiply_add one output at a time; any numbers, infinities and NaN too.
template <class Algebra, class R>
void check_sweep_in(instruction_set set, index_t count, random_source& r) {
    using sum = detail::sum_in<Algebra, R>;
    const auto number = [&] {
        using limits = std::numeric_limits<R>;
        if constexpr (limits::has_infinity)
            if (r.percent(20)) return r.one_of({limits::infinity(), -limits::infinity(), limits::quiet_NaN(), R{0}});
        return r.small<R>();
    };
    const index_t taps = r.between(1, 5);
    const guarded<R> data(count + 20, guard::after);
    for (R& v : data.span()) v = number();
    const guarded<sum> out(count, r.percent(50) ? guard::after : guard::before);
    for (sum& v : out.span()) v = {r.small<R>()};
    std::vector<R> weights;
    std::vector<index_t> offsets;
    for (index_t t = 0; t < taps; ++t) {
        weights.push_back(r.percent(20) ? Algebra::template zero<R> : number());
        offsets.push_back(r.between(0, 20));
    }
    const bool continued = r.percent(50);
    std::vector<sum> want(static_cast<std::size_t>(count));
    if (continued) want.assign(out.data(), out.data() + count);
    for (index_t o = 0; o < count; ++o)
        for (std::size_t t = 0; t < weights.size(); ++t)
            want[static_cast<std::size_t>(o)] =
                multiply_add(want[static_cast<std::size_t>(o)], weights[t], data.data()[o + offsets[t]]);
    const detail::tap_line<R> line{data.data(), 0};
    detail::versions<detail::row_sweep<R, R, sum>>::of(set)(
        {&line, 1, offsets.data(), taps, weights.data(), out.data(), count, continued});
    INFO(name_of(set) << " count " << count << " taps " << taps);
    const auto same = [](sum a, sum b) { return a.value == b.value || (a.value != a.value && b.value != b.value); };
    CHECK(std::equal(want.begin(), want.end(), out.data(), same));
}

template <class T>
void check_product(instruction_set set, index_t count, random_source& r) {
    const index_t kernels = r.between(1, 9), depth = r.between(1, 7), panel_step = count + r.between(0, 3),
                  out_step = count + r.between(0, 3);
    const guarded<T> panel((depth - 1) * panel_step + count, guard::after),
        out((kernels - 1) * out_step + count, guard::after);
    const auto weights = r.many_small<T>(kernels * depth);
    for (T& v : panel.span()) v = r.small<T>();
    for (T& v : out.span()) v = r.small<T>();
    std::vector<T> want(out.data(), out.data() + out.count());
    for (index_t k = 0; k < kernels; ++k)
        for (index_t j = 0; j < depth; ++j)
            for (index_t o = 0; o < count; ++o)
                want[static_cast<std::size_t>(k * out_step + o)] +=
                    weights[static_cast<std::size_t>(k * depth + j)] * panel.data()[j * panel_step + o];
    detail::versions<detail::micro_product<T, T, T>>::of(set)(
        {panel.data(), panel_step, depth, weights.data(), depth, kernels, out.data(), out_step, count});
    INFO(name_of(set) << " count " << count << " kernels " << kernels << " depth " << depth);
    CHECK(std::vector<T>(out.data(), out.data() + out.count()) == want);
}

}  // namespace

TEST_CASE("row_sweep: all counts, instruction sets and kinds of types", "[simd]") {
    random_source r(1);
    for (const instruction_set s : instruction_sets())
        for (index_t count = 1; count <= 150; ++count) {
            check_sweep<float, float, float>(s, count, r);
            check_sweep<double, double, double>(s, count, r);
            check_sweep<std::int64_t, std::int64_t, std::int64_t>(s, count, r);
            check_sweep<float, std::complex<float>, std::complex<float>>(s, count, r);
            check_sweep<long double, long double, long double>(s, count, r);
        }
}

TEST_CASE("row_sweep: other algebras", "[simd]") {
    random_source r(5);
    for (const instruction_set s : instruction_sets())
        for (index_t count = 1; count <= 150; ++count) {
            check_sweep_in<max_plus, float>(s, count, r);
            check_sweep_in<max_plus, double>(s, count, r);
            check_sweep_in<max_plus, std::int64_t>(s, count, r);
            check_sweep_in<min_plus, float>(s, count, r);
            check_sweep_in<min_plus, double>(s, count, r);
            check_sweep_in<min_plus, std::int64_t>(s, count, r);
            check_sweep_in<or_and, std::int32_t>(s, count, r);
            check_sweep_in<or_and, double>(s, count, r);
            check_sweep_in<log_plus, double>(s, count, r);
        }
}

TEST_CASE("row_sweep: an output's bits do not depend on its place in a block", "[simd]") {
    random_source r(2);
    const auto data = r.many<float>(400), weights = r.many<float>(7);
    const std::vector<index_t> offsets{0, 1, 2, 3, 4, 5, 6};
    for (const instruction_set s : instruction_sets()) {
        const auto sweep = detail::versions<detail::row_sweep<float, float, float>>::of(s);
        std::vector<float> at_once(300, 0.0f);
        const detail::tap_line<float> line{data.data(), 0};
        sweep({&line, 1, offsets.data(), 7, weights.data(), at_once.data(), 300, false});
        for (index_t first = 0; first < 40; ++first)
            for (index_t count : {1, 2, 3, 5, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129, 200}) {
                std::vector<float> some(static_cast<std::size_t>(count), 0.0f);
                const detail::tap_line<float> from{data.data() + first, 0};
                sweep({&from, 1, offsets.data(), 7, weights.data(), some.data(), count, false});
                CHECK(std::equal(some.begin(), some.end(), at_once.begin() + first));
            }
    }
}

TEST_CASE("micro_product: all counts in units of 16, and instruction sets", "[simd]") {
    random_source r(3);
    for (const instruction_set s : instruction_sets())
        for (index_t count = 16; count <= 160; count += 16) {
            check_product<float>(s, count, r);
            check_product<double>(s, count, r);
            check_product<std::int32_t>(s, count, r);
            check_product<std::complex<double>>(s, count, r);
        }
}

TEST_CASE("load_row: converts at every step and count", "[simd]") {
    random_source r(4);
    for (index_t count = 0; count <= 70; ++count)
        for (const index_t step : {1, 2, 3, -1, -2, 0}) {
            const index_t reach = count == 0 ? 0 : (count - 1) * (step < 0 ? -step : step) + 1;
            const guarded<std::uint8_t> from(reach, step < 0 ? guard::before : guard::after);
            const guarded<float> to(count, guard::after);
            for (std::uint8_t& v : from.span()) v = r.any<std::uint8_t>();
            std::uint8_t const* const first = from.data() + (step < 0 ? reach - (reach > 0 ? 1 : 0) : 0);
            detail::load_row(first, step, to.data(), count);
            index_t wrong = 0;
            for (index_t i = 0; i < count; ++i) wrong += to.data()[i] != static_cast<float>(first[i * step]);
            CHECK(wrong == 0);
            const guarded<std::uint8_t> same(count, guard::before);
            detail::load_row(first, step, same.data(), count);
            for (index_t i = 0; i < count; ++i) wrong += same.data()[i] != first[i * step];
            CHECK(wrong == 0);
        }
}
