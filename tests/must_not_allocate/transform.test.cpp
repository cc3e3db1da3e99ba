// tests/must_not_allocate/transform.test.cpp -- a transform's plan that runs out of memory leaks nothing, and a plan's
// functions allocate nothing
#include <faltung/fft.hpp>

#include <new>
#include <vector>

#include "support/allocation_count.hpp"
#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::allocation_watch;

namespace {

/// Convolves an impulse at 3 with one at 4 and returns where the result is not an impulse at 7.
template <class T>
index_t wrong_samples(transform_plan const& plan) {
    const auto& table = detail::own_engine<T>::table;
    const std::size_t count = static_cast<std::size_t>(plan.data);
    std::vector<T> x(count), h(count), spectrum(count), sum(count);
    x[3] = h[4] = 1;
    const allocation_watch watch;
    table.forward(plan, h.data(), spectrum.data());
    table.convolve(plan, x.data(), spectrum.data(), nullptr);
    table.multiply(plan, spectrum.data(), spectrum.data(), sum.data(), spectrum_update::add);
    table.backward(plan, h.data(), sum.data());
    CHECK(watch.count() == 0);
    index_t wrong = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const double off = static_cast<double>(x[k]) / plan.scale - (k == 7 ? 1 : 0);
        wrong += !(off > -1e-5 && off < 1e-5);
    }
    return wrong;
}

}  // namespace

TEMPLATE_TEST_CASE(
    "own_engine: whichever allocation of a plan fails, bad_alloc leaves, nothing leaks, and the next plan "
    "works",
    "[must_not_allocate]", float, double) {
    const auto& table = detail::own_engine<TestType>::table;
    for (transform_request const& r :
         {transform_request{{480}}, transform_request{{64}, number_kind::complex}, transform_request{{12, 5, 96}}}) {
        std::size_t failing = 0;
        for (bool failed = true; failed; ++failing) {
            failed = false;
            {
                const allocation_watch watch(failing);
                try {
                    table.make(r);
                    CHECK(watch.count() == failing);
                } catch (std::bad_alloc const&) {
                    failed = true;
                }
                REQUIRE(watch.balance() == 0);
            }
            CHECK(wrong_samples<TestType>(table.make(r)) == 0);
        }
        CHECK(failing > 8);  // the plan itself, its levels, two tables of twiddles, and for an axis roots and angles
    }
}
