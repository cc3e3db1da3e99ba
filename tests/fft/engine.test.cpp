// tests/fft/engine.test.cpp -- what a request and a plan say when nobody says otherwise, and that an engine of a
// stranger fits the table
#include <faltung/fft/engine.hpp>

#include <type_traits>

#include "support/catch.hpp"

using namespace faltung;

namespace {

/// The whole of a transform of two complex numbers: their sum and their difference, each its own inverse but for 2.
struct two_numbers {
    static index_t multiple(transform_request const&, int) { return 2; }
    static bool takes(transform_request const& r) { return r.n == shape{2}; }
    static index_t spectrum(transform_request const&) { return 4; }
    static spectrum_order order(transform_request const&) { return {2, {0, 2}}; }
    static transform_plan make(transform_request const&) { return {std::make_shared<int const>(2), 4, 4, 2, false}; }
    static void forward(transform_plan const&, void* data, void* spectrum) noexcept {
        double const* const x = static_cast<double*>(data);
        double* const s = static_cast<double*>(spectrum);
        for (int part = 0; part < 4; part += 2) {
            s[part] = x[part] + x[part + 1];
            s[part + 1] = x[part] - x[part + 1];
        }
    }
    static void backward(transform_plan const& p, void* data, void* spectrum) noexcept { forward(p, spectrum, data); }
    static void multiply(transform_plan const&, void const* x, void const* h, void* to, spectrum_update how) noexcept {
        double const *const a = static_cast<double const*>(x), *const b = static_cast<double const*>(h);
        double* const y = static_cast<double*>(to);
        for (int k = 0; k < 2; ++k) {
            const double re = a[k] * b[k] - a[k + 2] * b[k + 2], im = a[k] * b[k + 2] + a[k + 2] * b[k];
            y[k] = how == spectrum_update::add ? y[k] + re : re;
            y[k + 2] = how == spectrum_update::add ? y[k + 2] + im : im;
        }
    }
    static void convolve(transform_plan const& p, void* data, void const* h, void* spectrum) noexcept {
        forward(p, data, spectrum);
        multiply(p, spectrum, h, spectrum, spectrum_update::replace);
        backward(p, data, spectrum);
    }
    static constexpr engine_table table{"two numbers", element::float64, multiple, takes,    spectrum, order,
                                        make,          forward,          backward, multiply, convolve, false};
};

}  // namespace

TEST_CASE("transform_request: real data and the baseline, unless asked otherwise", "[fft]") {
    const transform_request r;
    CHECK(r.n.rank() == 0);
    CHECK(r.numbers == number_kind::real);
    CHECK(r.instruction_set == instruction_set::baseline);
}

TEST_CASE("transform_plan: empty, unscaled and cyclic, unless an engine says otherwise; it is shared when copied",
          "[fft]") {
    const transform_plan none;
    CHECK(none.state == nullptr);
    CHECK(none.data == 0);
    CHECK(none.spectrum == 0);
    CHECK(none.scale == 1);
    CHECK_FALSE(none.negacyclic);
    const transform_plan made = two_numbers::table.make({{2}, number_kind::complex}), copy = made;
    CHECK(copy.state == made.state);
    CHECK(made.state.use_count() == 2);
}

TEST_CASE("engine_table: a constant, and its functions compose to the product of any engine", "[fft]") {
    STATIC_REQUIRE(std::is_trivially_copyable_v<engine_table>);
    engine_table const& t = two_numbers::table;
    const transform_plan plan = t.make({{2}, number_kind::complex});
    REQUIRE(t.multiple({{2}, number_kind::complex}, 0) == 2);
    // (1 + 2i + (3 - i) z) (2 + i + 5i z) modulo z^2 - 1
    double x[4] = {1, 3, 2, -1}, h[4] = {2, 0, 1, 5}, h_spectrum[4], scratch[4], y[4], x_spectrum[4];
    double again[4] = {1, 3, 2, -1};
    t.forward(plan, h, h_spectrum);
    t.forward(plan, x, x_spectrum);
    t.multiply(plan, x_spectrum, h_spectrum, scratch, spectrum_update::replace);
    t.multiply(plan, x_spectrum, h_spectrum, scratch, spectrum_update::add);
    t.backward(plan, y, scratch);
    t.convolve(plan, again, h_spectrum, scratch);
    // constant: (1 + 2i)(2 + i) + (3 - i) 5i = 5i + 5 + 15i; z: (1 + 2i) 5i + (3 - i)(2 + i) = 5i - 10 + 7 + i
    const double want[4] = {5, -3, 20, 6};
    for (int k = 0; k < 4; ++k) {
        CHECK(y[k] == 2 * plan.scale * want[k]);  // it was added to itself
        CHECK(again[k] == plan.scale * want[k]);
    }
}
