// bench/method/direct.bench.cpp -- every named case by direct, and the loop behind the smallest one by itself
#include <array>

#include "../spatial.hpp"

static const bool registered = faltung_bench::register_cases(faltung::method::direct, faltung_bench::cases);

// What direct/float/tiny_16x16_3x3 calls, on operands that are packed: the difference is what a call costs.
static void loop_of_tiny_16x16_3x3(benchmark::State& state) {
    using sweep = faltung::detail::band_sweep<float>;
    constexpr int n = 16, taps = 3, wide = n + taps - 1;
    const auto x = faltung_bench::samples<float, 2>({wide, wide}), h = faltung_bench::samples<float, 2>({taps, taps});
    faltung::tensor<float, 2> y({n, n});
    std::array<float const*, wide> lines;
    for (int i = 0; i < wide; ++i) lines[static_cast<std::size_t>(i)] = &x(i, 0);
    const std::array<faltung::index_t, taps> offsets{0, 1, 2};
    const auto run = faltung::detail::versions<sweep>::of(faltung::detail::best_instruction_set());
    for (auto _ : state) {
        for (int r = 0; r < n; r += sweep::rows) {
            const std::array<float*, sweep::rows> out{&y(r, 0), &y(r + 1, 0), &y(r + 2, 0), &y(r + 3, 0)};
            run({lines.data() + r, 0, 1, taps, offsets.data(), taps, h.data(), out.data(), 0, n,
                 faltung::detail::destination::caches});
        }
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * n * n);
}
BENCHMARK(loop_of_tiny_16x16_3x3)->Name("direct/float/tiny_16x16_3x3_loop");
