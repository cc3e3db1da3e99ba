// bench/spatial.hpp -- named cases by one forced method, as Google Benchmark programs
#pragma once

#include <benchmark/benchmark.h>

#include <string>

#include "cases.hpp"
#include "measure.hpp"

namespace faltung_bench {

/// A ready plan called again and again; the rate counts outputs, `multiply_adds` taps times outputs.
template <class X, class H, std::size_t Rank, std::size_t KernelRank>
void call(benchmark::State& state, named_case const& c, faltung::method m) {
    convolve_options options = c.options;
    options.method = m;
    const auto x = samples<X, Rank>(c.data);
    const auto h =
        m == faltung::method::separable ? product_of_lines<H, KernelRank>(c.kernel) : samples<H, KernelRank>(c.kernel);
    const faltung::convolver<X, H> plan(c.data, h, options);
    auto scratch = plan.workspace();
    faltung::tensor<faltung::accumulator_t<X, H>, Rank> y(plan.output_shape());
    for (auto _ : state) {
        plan(x, y, scratch);
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    }
    const double outputs = static_cast<double>(state.iterations()) * static_cast<double>(y.count());
    state.SetItemsProcessed(static_cast<std::int64_t>(outputs));
    state.counters["multiply_adds"] =
        benchmark::Counter(outputs * static_cast<double>(h.count()), benchmark::Counter::kIsRate);
}

template <class X, class H>
void register_case(named_case const& c, faltung::method m, char const* types) {
    const std::string name = std::string(name_of(m)) + "/" + types + "/" + c.name;
    const auto add = [&](auto run) {
        benchmark::RegisterBenchmark(name.c_str(), [run, &c, m](benchmark::State& s) { run(s, c, m); });
    };
    const int rank = c.data.rank(), kernel_rank = c.kernel.rank();
    if (rank == 1) add(call<X, H, 1, 1>);
    if (rank == 2 && kernel_rank == 1) add(call<X, H, 2, 1>);
    if (rank == 2 && kernel_rank == 2) add(call<X, H, 2, 2>);
    if (rank == 3) add(call<X, H, 3, 3>);
}

/// All cases of a list in float, double, and bytes with a float kernel.
template <std::size_t Count>
bool register_cases(faltung::method m, named_case const (&list)[Count]) {
    for (named_case const& c : list) {
        register_case<float, float>(c, m, "float");
        register_case<double, double>(c, m, "double");
        register_case<std::uint8_t, float>(c, m, "uint8");
    }
    return true;
}

}  // namespace faltung_bench
