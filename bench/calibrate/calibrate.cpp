// bench/calibrate/calibrate.cpp -- measures the cost constants of this machine, for cost_constants.hpp
#include <algorithm>
#include <cstdio>

#include <unistd.h>

#include <faltung/convolve.hpp>

#include "../measure.hpp"

using namespace faltung;
using faltung_bench::best_seconds;

struct measurement {
    double outputs, taps, run, plan;
};

// One problem by one method on one instruction set, through the seam that plans use.
template <class X, class Acc>
static measurement measure(method m, instruction_set set, shape const& n, shape const& k) {
    using T = detail::types<X, Acc, Acc, Acc>;
    const auto x = faltung_bench::samples<X, 2>(n);
    const auto h =
        m == method::separable ? faltung_bench::product_of_lines<Acc, 2>(k) : faltung_bench::samples<Acc, 2>(k);
    const detail::request r{"calibrate", sense::convolution};
    problem p = detail::resolve(r, n, k, convolve_options{.padding = mode::valid}).problem;
    p.types = {element_of<X>(), element_of<Acc>(), element_of<Acc>(), element_of<Acc>()};
    p.limits.instruction_set = set;
    const detail::packed_kernel<Acc> kernel(as_view(h).erased(), [](Acc w) { return w; });
    p.kernel = kernel.facts;
    kernel.measure_terms(p, m);
    const detail::lowered<T> ready(r.operation, p, kernel.view(), m, nullptr);
    tensor<Acc, 2> y(p.outputs());
    workspace scratch(ready.workspace(), 0, 1);
    const auto from = detail::with_channel(strided<X const>(as_view(x).erased()));
    const auto to = detail::with_channel(as_view(y).erased());
    const double plan = best_seconds([&] { detail::lowered<T>(r.operation, p, kernel.view(), m, nullptr); });
    return {static_cast<double>(y.count()), static_cast<double>(h.count()),
            best_seconds([&] { ready.run(from, to, scratch); }), plan};
}

// Three problems for four constants: long rows with one tap and with many, short rows; and one that converts its
// samples. Two lines of taps: direct sums along a single line, and along three or more, in another way.
template <class Acc, class Narrow>
static void print_times(method m, instruction_set set) {
    const measurement one = measure<Acc, Acc>(m, set, {64, 1024}, {1, 1}),
                      many = measure<Acc, Acc>(m, set, {65, 1055}, {2, 32});
    const measurement thin = measure<Acc, Acc>(m, set, {4097, 22}, {2, 7}),
                      narrow = measure<Narrow, Acc>(m, set, {65, 1055}, {2, 32});
    const double tap = (many.run / many.outputs - one.run / one.outputs) / (many.taps - one.taps);
    const double output = std::max(one.run / one.outputs - one.taps * tap, 0.0);
    // direct counts a row once for itself and once for each line that it packs, im2col the rows of its panel
    const double rows = m == method::direct ? 3 * 4096 : 4096;
    const double panel = m == method::im2col ? thin.taps * detail::cost_constants::panel_row : 0;
    const double row = std::max((thin.run - thin.outputs * (output + thin.taps * tap)) / rows - panel, 0.0);
    const double samples = m == method::im2col ? narrow.outputs * narrow.taps : 2 * narrow.outputs;
    const double packed = std::max((narrow.run - many.run) / samples, 0.0);
    std::printf("{%.2g, %.2g, %.2g, %.2g, %.2g}", tap, packed, output, row, one.plan);
}

// What separable does with a square kernel that is one product: rows of `length` outputs.
struct separable_case {
    double outputs, lines, multiply_adds, run, plan;

    template <class X, class Acc>
    static separable_case of(instruction_set set, index_t rows, index_t length, index_t taps) {
        const measurement m =
            measure<X, Acc>(method::separable, set, {rows + taps - 1, length + taps - 1}, {taps, taps});
        const double lines = static_cast<double>(rows + taps - 1);
        return {m.outputs, lines, static_cast<double>(taps) * (m.outputs + lines * static_cast<double>(length)), m.run,
                m.plan};
    }
};

// A few taps and many, short rows, and one that converts its samples: five constants from four runs and a plan.
template <class Acc, class Narrow>
static void print_separable_times(instruction_set set) {
    const auto few = separable_case::of<Acc, Acc>(set, 256, 1024, 3),
               many = separable_case::of<Acc, Acc>(set, 256, 1024, 31);
    const auto thin = separable_case::of<Acc, Acc>(set, 4096, 16, 7),
               narrow = separable_case::of<Narrow, Acc>(set, 256, 1024, 31);
    const double tap = (many.run - few.run) / (many.multiply_adds - few.multiply_adds);
    const double few_rest = few.run - few.multiply_adds * tap, thin_rest = thin.run - thin.multiply_adds * tap;
    const double determinant = few.outputs * thin.lines - few.lines * thin.outputs;
    const double output = std::max((few_rest * thin.lines - few.lines * thin_rest) / determinant, 0.0);
    const double row = std::max((thin_rest - thin.outputs * output) / thin.lines, 0.0);
    const double packed = std::max((narrow.run - many.run) / (narrow.lines * 1024), 0.0);
    std::printf("{%.2g, %.2g, %.2g, %.2g, %.2g}", tap, packed, output, row, few.plan);
}

// A tile that shares the second-level cache with the kernel's spectrum.
static double bytes_near_by() {
    const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    return static_cast<double>(bytes > 0 ? bytes : 512 * 1024) / 2;
}

// A transform that stays in the caches and one that does not; tiles of short lines and of long ones, a small one;
// plans.
template <class T>
static void print_spectral_times(instruction_set set) {
    auto const& engine = detail::own_engine<T>::table;
    const auto convolve = [&](shape const& n) {
        const transform_plan plan = engine.make({n, number_kind::real, ring_kind::any, set});
        const buffer<T> x(plan.data), h(plan.spectrum);
        std::fill_n(x.data(), plan.data, T{});
        std::fill_n(h.data(), plan.spectrum, T{});
        return best_seconds([&] { engine.convolve(plan, x.data(), h.data(), nullptr); });
    };
    const auto work = [](shape const& n) { return transform_work(n[0]) + transform_work(n[1]); };
    const shape near_by{64, 64}, far_away{2048, 1024};
    const double near_data = 64 * 64, far_data = 2048 * 1024;
    const double near_time = convolve(near_by), pass = near_time / (2 * near_data * work(near_by));
    const double near_bytes = bytes_near_by();
    double factors = 0;
    for (double size = far_data * sizeof(T); size > near_bytes; size /= 4) ++factors;
    const double far = std::max(convolve(far_away) / (2 * far_data * work(far_away)) - pass, 0.0) / factors;
    const auto whole = [&](shape const& n) { return measure<T, T>(method::fft, set, n, {2, 2}).run - convolve(n); };
    const double short_lines = whole({256, 16}), long_lines = whole({16, 256});
    const double line = std::max(short_lines - long_lines, 0.0) / (2 * (256 - 16));
    const double sample = std::max(long_lines - 2 * 16 * line, 0.0) / (2 * 16 * 256);
    const shape lines_far_away{512, 1024};
    const double far_sample = std::max((whole(lines_far_away) - 2 * 512 * line) / (2 * 512 * 1024) - sample, 0.0);
    const measurement small = measure<T, T>(method::fft, set, {1, 128}, {1, 2});
    const double tile = std::max(small.run - 2 * (line + 128 * (sample + transform_work(128) * pass)), 0.0);
    const double twiddle = best_seconds([&] {
                               engine.make({{16384}, number_kind::real, ring_kind::any, set});
                           }) /
                           16384;
    const double plan = best_seconds([&] { engine.make({{4, 64}, number_kind::real, ring_kind::any, set}); });
    std::printf("{%.2g, %.2g, %.0f, %.2g, %.2g, %.2g, %.2g, %.2g, %.2g}", pass, far, near_bytes, sample, far_sample,
                line, tile, twiddle, plan);
}

// The row of each table for the widest instruction set of this machine, as cost_constants.hpp has it. What a narrower
// one takes here says little of the machines that have no wider one.
int main() {
    const instruction_set set = detail::best_instruction_set();
    for (method m : {method::direct, method::im2col, method::separable}) {
        const auto print = [m, set](auto accumulator) {
            using Acc = decltype(accumulator);
            if (m == method::separable)
                print_separable_times<Acc, std::uint8_t>(set);
            else
                print_times<Acc, std::uint8_t>(m, set);
        };
        std::printf("%s %s {", name_of(m), name_of(set));
        print(float{});
        std::printf(", ");
        print(double{});
        std::printf(", ");
        print(std::int64_t{});
        std::printf("}\n");
    }
    std::printf("spectral %s {", name_of(set));
    print_spectral_times<float>(set);
    std::printf(", ");
    print_spectral_times<double>(set);
    std::printf("}\n");
}
