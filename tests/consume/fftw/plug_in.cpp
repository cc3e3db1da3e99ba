// tests/consume/fftw/plug_in.cpp -- a shared object that transforms with FFTW
#include <vector>

#include <faltung/fftw.hpp>

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED void const* planner_lock() { return &faltung::fftw::planner_mutex(); }

// Makes so many plans; how many of them transform an impulse into its constant spectrum.
EXPORTED int plan_many(int rounds) {
    using namespace faltung;
    engine_table const& table = *fftw::engine().table(element::float32);
    int right = 0;
    for (int round = 0; round < rounds; ++round) {
        const transform_plan plan = table.make({.n = {1 + round % 20}});
        std::vector<float> x(static_cast<std::size_t>(plan.data)), spectrum(static_cast<std::size_t>(plan.spectrum));
        x[0] = 1;
        table.forward(plan, x.data(), spectrum.data());
        bool is_constant = true;
        for (std::size_t k = 0; k < spectrum.size(); ++k) is_constant = is_constant && spectrum[k] == (k % 2 ? 0 : 1);
        right += is_constant;
    }
    return right;
}
