// bench/measure.hpp -- run one named case with one method, as often as Google Benchmark asks for
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "cases.hpp"

namespace faltung::bench {

/// Values from -8 to 7, the same in every run and on every machine.
template <class T, std::size_t Rank>
tensor<T, Rank> numbers(shape const& n) {
    tensor<T, Rank> values(n);
    std::uint32_t state = 1;
    for (T& v : values) {
        state = state * 1664525u + 1013904223u;  // the generator of Numerical Recipes
        v = static_cast<T>(static_cast<int>(state >> 28) - 8);
    }
    return values;
}

/// The time of one call of a plan. Items are multiply-adds: outputs times taps.
template <class T, std::size_t Rank>
void call_plan(benchmark::State& state, named_case const& c, method m) {
    const auto x = numbers<T, Rank>(c.x), h = numbers<T, Rank>(c.h);
    const convolver<T> plan{c.x, h, {.padding = mode::same, .method = m}};
    tensor<accumulator_t<T, T>, Rank> y(plan.output_shape());
    auto scratch = plan.workspace();
    for (auto _ : state) {
        plan(x, y, scratch);
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * y.count() * h.count());
}

/// One benchmark "method/case/type" for every named case.
template <class T>
int register_cases(method m) {
    for (named_case const& c : cases) {
        const auto run = c.x.rank() == 1 ? call_plan<T, 1> : c.x.rank() == 2 ? call_plan<T, 2> : call_plan<T, 3>;
        benchmark::RegisterBenchmark(text(name_of(m), "/", c.name, "/", name_of(element_of<T>())).c_str(), run, c, m);
    }
    return static_cast<int>(std::size(cases));
}

}  // namespace faltung::bench
