// tests/must_not_allocate/fftw.test.cpp -- FFTW's tables allocate nothing while they run; a failed allocation leaks
// nothing
#include <new>

#include <faltung/fftw.hpp>

#include "support/allocation_count.hpp"
#include "support/catch.hpp"

using namespace faltung;
using faltung::testing::allocation_watch;

TEMPLATE_TEST_CASE("fftw: running a plan allocates nothing", "[must_not_allocate]", float, double, long double) {
    engine_table const& table = *fftw::engine().table(element_of<TestType>());
    for (number_kind kind : {number_kind::real, number_kind::complex}) {
        const transform_plan plan = table.make({.n = {12, 35}, .numbers = kind});
        const buffer<TestType> data(plan.data), spectrum(plan.spectrum), h(plan.spectrum), product(plan.spectrum);
        std::fill_n(data.data(), plan.data, TestType(1));
        std::fill_n(h.data(), plan.spectrum, TestType(1));
        const allocation_watch watch;
        table.forward(plan, data.data(), spectrum.data());
        table.multiply(plan, spectrum.data(), h.data(), product.data(), spectrum_update::replace);
        table.backward(plan, data.data(), product.data());
        table.convolve(plan, data.data(), h.data(), spectrum.data());
        CHECK(watch.count() == 0);
    }
}

TEST_CASE("fftw: nothing leaks when an allocation fails while a plan is made", "[must_not_allocate]") {
    engine_table const& table = *fftw::engine().table(element::float64);
    std::size_t failing = 0;
    for (bool failed = true; failed; ++failing) {
        failed = false;
        const allocation_watch watch(failing);
        try {
            table.make({.n = {12, 35}});
        } catch (std::bad_alloc const&) {
            failed = true;
        }
        REQUIRE(watch.balance() == 0);
    }
    CHECK(failing == 4);  // the state and room for data and spectrum fail, in turn; the fourth time it is made
    CHECK_THROWS_AS(table.make({.n = {index_t{1} << 56}}), std::bad_alloc);  // more than there is
}
