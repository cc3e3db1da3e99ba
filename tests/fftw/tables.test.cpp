// tests/fftw/tables.test.cpp -- every function of FFTW's tables against the sum that defines it
#include <faltung/fftw/tables.hpp>

#include <faltung/fft/natural_order.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "fftw/defining_sums.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;
using testing::message_of;
using testing::random_source;
using testing::wide_complex;

namespace {

// One axis to three, and more; even, odd and prime lengths; axes of extent 1 in every place.
std::vector<shape> shapes() {
    std::vector<shape> list{{1},       {1, 1},    {1, 12},   {12, 1},   {1, 7, 1, 4}, {3, 5},       {8, 9},
                            {13, 11},  {2, 1, 6}, {3, 4, 5}, {2, 3, 7}, {5, 7, 3},    {2, 3, 2, 5}, {8, 16},
                            {2, 2, 2}, {31},      {97},      {101},     {127},        {128},        {210},
                            {256},     {263},     {300},     {17, 19}};
    for (index_t n = 2; n <= 24; ++n) list.push_back({n});
    return list;
}

// The data of a request as an engine takes it, at any address: `shift` real numbers after one that FFTW calls aligned.
template <class R>
class numbers {
    buffer<R> memory_;
    R* first_;
    index_t count_;

public:
    numbers(index_t count, index_t shift) : memory_(count + shift), first_(memory_.data() + shift), count_(count) {}
    R* data() { return first_; }
    R& operator[](index_t i) { return first_[i]; }
    index_t count() const { return count_; }
};

template <class R>
struct bench {
    transform_request request;
    engine_table const& table;
    transform_plan plan;
    numbers<R> data, spectrum, kernel;

    bench(shape const& n, number_kind kind, fftw::rigour rigour = fftw::estimate, index_t shift = 0)
        : request{.n = n, .numbers = kind},
          table(*fftw::engine(rigour).table(element_of<R>())),
          plan(table.make(request)),
          data(plan.data, shift),
          spectrum(plan.spectrum, shift),
          kernel(plan.spectrum, 0) {}

    index_t count() const { return testing::count_of(request.n); }
    bool is_real() const { return request.numbers == number_kind::real; }

    void put(std::vector<wide_complex> const& x) {
        for (index_t i = 0; i < count(); ++i) {
            data[i] = static_cast<R>(x[static_cast<std::size_t>(i)].re);
            if (!is_real()) data[count() + i] = static_cast<R>(x[static_cast<std::size_t>(i)].im);
        }
    }
    std::vector<wide_complex> taken() {
        std::vector<wide_complex> x;
        for (index_t i = 0; i < count(); ++i) x.push_back({data[i], is_real() ? R(0) : data[count() + i]});
        return x;
    }

    // The frequencies that the spectrum holds, in its order: of real data half of the last axis that is not 1.
    std::vector<index_t> frequencies() const {
        int halved = request.n.rank() - 1;
        while (halved > 0 && request.n[halved] == 1) --halved;
        std::vector<index_t> list;
        for (index_list const& k : testing::indices_of(request.n)) {
            index_t position = 0;
            for (int a = 0; a < k.rank(); ++a) position = position * request.n[a] + k[a];
            if (!is_real() || k[halved] <= request.n[halved] / 2) list.push_back(position);
        }
        return list;
    }
    void put_spectrum(std::vector<wide_complex> const& every) {
        index_t at = 0;
        for (index_t k : frequencies()) {
            spectrum[at++] = static_cast<R>(every[static_cast<std::size_t>(k)].re);
            spectrum[at++] = static_cast<R>(every[static_cast<std::size_t>(k)].im);
        }
    }
    std::vector<wide_complex> taken_spectrum() {
        std::vector<wide_complex> list;
        for (index_t j = 0; j < spectrum.count(); j += 2) list.push_back({spectrum[j], spectrum[j + 1]});
        return list;
    }

    std::vector<wide_complex> random(random_source& random) const {
        std::vector<wide_complex> x;
        for (index_t i = 0; i < count(); ++i) {
            const R re = random.small<R>(), im = random.small<R>();
            x.push_back({re, is_real() ? R(0) : im});
        }
        x[0].re += 10;  // never all 0
        return x;
    }
};

template <class R, class Check>
void for_each_bench(Check check) {
    for (shape const& n : shapes())
        for (number_kind kind : {number_kind::real, number_kind::complex})
            for (index_t shift : {0, 1}) {
                CAPTURE(text(n), static_cast<int>(kind), shift);
                bench<R> b(n, kind, fftw::estimate, shift);
                random_source random(20, static_cast<std::uint64_t>(testing::count_of(n)));
                check(b, random);
            }
}

}  // namespace

TEMPLATE_TEST_CASE("fftw: a plan knows its sizes, and what is refused", "[fftw]", float, double, long double) {
    for_each_bench<TestType>([](auto& b, random_source&) {
        CHECK(b.plan.data == (b.is_real() ? 1 : 2) * b.count());
        CHECK(b.plan.spectrum == 2 * static_cast<index_t>(b.frequencies().size()));
        CHECK(b.plan.scale == static_cast<double>(b.count()));
        CHECK(!b.plan.negacyclic);
        for (int a = 0; a < b.request.n.rank(); ++a) CHECK(b.table.multiple(b.request, a) == 1);
    });

    engine_table const& table = *fftw::engine().table(element_of<TestType>());
    CHECK(message_of<option_error>([&] {
              table.make({.n = {4, 0}});
          }) == "a transform of (4, 0): axis 1 has 0 samples: at least 1 is needed");
    CHECK(message_of<option_error>([&] { table.make({.n = {-2}, .numbers = number_kind::complex}); }) ==
          "a transform of (-2,): axis 0 has -2 samples: at least 1 is needed");
    const index_t large = index_t{1} << 62;
    CHECK(message_of<overflow_error>([&] {
              table.make({.n = {large, 2}});
          }) == "samples of a transform: 4611686018427387904 * 2 does not fit 64 bits");
    CHECK(message_of<overflow_error>([&] { table.make({.n = {large}, .numbers = number_kind::complex}); }) ==
          "numbers of data: 2 * 4611686018427387904 does not fit 64 bits");
}

TEMPLATE_TEST_CASE("fftw: forward is the defining sum, at any address", "[fftw]", float, double, long double) {
    for_each_bench<TestType>([](auto& b, random_source& random) {
        const auto x = b.random(random);
        b.put(x);
        b.table.forward(b.plan, b.data.data(), b.spectrum.data());
        const auto every = testing::spectrum_of(x, b.request.n);
        std::vector<wide_complex> expected;
        for (index_t k : b.frequencies()) expected.push_back(every[static_cast<std::size_t>(k)]);
        REQUIRE(b.taken_spectrum().size() == expected.size());
        CHECK(testing::relative_distance(b.taken_spectrum(), expected) <=
              testing::transform_bound<TestType>(b.request.n));

        std::vector<std::complex<TestType>> X(every.size());
        natural_order(b.table, b.request).read(b.spectrum.data(), X.data());
        std::vector<wide_complex> natural;
        for (auto const& v : X) natural.push_back({v.real(), v.imag()});
        CHECK(testing::relative_distance(natural, every) <= testing::transform_bound<TestType>(b.request.n));
    });
}

TEMPLATE_TEST_CASE("fftw: backward is its inverse, times the number of samples", "[fftw]", float, double, long double) {
    for_each_bench<TestType>([](auto& b, random_source& random) {
        auto x = b.random(random);
        b.put_spectrum(testing::spectrum_of(x, b.request.n));
        b.table.backward(b.plan, b.data.data(), b.spectrum.data());
        for (wide_complex& v : x) v = v * wide_complex{static_cast<testing::widest>(b.count()), 0};
        CHECK(testing::relative_distance(b.taken(), x) <= testing::transform_bound<TestType>(b.request.n));
    });
}

TEMPLATE_TEST_CASE("fftw: multiply is the complex product, stored or added", "[fftw]", float, double, long double) {
    for_each_bench<TestType>([](auto& b, random_source& random) {
        const index_t count = b.spectrum.count();
        const auto x = random.many_small<TestType>(count), h = random.many_small<TestType>(count),
                   before = random.many_small<TestType>(count);
        for (const spectrum_update how : {spectrum_update::replace, spectrum_update::add}) {
            for (index_t j = 0; j < count; ++j) b.spectrum[j] = before[static_cast<std::size_t>(j)];
            b.table.multiply(b.plan, x.data(), h.data(), b.spectrum.data(), how);
            for (std::size_t j = 0; j < x.size(); j += 2) {  // integers: exact
                using C = std::complex<TestType>;
                const C expected = C(x[j], x[j + 1]) * C(h[j], h[j + 1]) +
                                   (how == spectrum_update::add ? C(before[j], before[j + 1]) : C(0));
                REQUIRE(b.spectrum[static_cast<index_t>(j)] == expected.real());
                REQUIRE(b.spectrum[static_cast<index_t>(j) + 1] == expected.imag());
            }
        }
    });
}

TEMPLATE_TEST_CASE("fftw: convolve is the cyclic product, in one step and in three", "[fftw]", float, double,
                   long double) {
    for_each_bench<TestType>([](auto& b, random_source& random) {
        const auto x = b.random(random), h = b.random(random);
        b.put(h);
        b.table.forward(b.plan, b.data.data(), b.kernel.data());

        b.put(x);
        b.table.convolve(b.plan, b.data.data(), b.kernel.data(), b.spectrum.data());
        const auto y = b.taken();
        auto expected = testing::cyclic_product(x, h, b.request.n);
        for (wide_complex& v : expected) v = v * wide_complex{static_cast<testing::widest>(b.count()), 0};
        // An error dX of a spectrum becomes |dX H| <= |dX| max|H|, and max|H| <= sqrt(N) |h|; likewise for dH.
        const long double root_n = std::sqrt(static_cast<long double>(b.count()));
        const long double bound = 3 * testing::transform_bound<TestType>(b.request.n) *
                                  static_cast<long double>(b.plan.scale) * root_n * testing::norm(x) * testing::norm(h);
        auto difference = y;
        for (std::size_t i = 0; i < y.size(); ++i) difference[i] += {-expected[i].re, -expected[i].im};
        CHECK(testing::norm(difference) <= bound);

        b.put(x);
        numbers<TestType> product(b.spectrum.count(), 0);
        b.table.forward(b.plan, b.data.data(), b.spectrum.data());
        b.table.multiply(b.plan, b.spectrum.data(), b.kernel.data(), product.data(), spectrum_update::replace);
        b.table.backward(b.plan, b.data.data(), product.data());
        difference = b.taken();
        for (std::size_t i = 0; i < y.size(); ++i) difference[i] += {-expected[i].re, -expected[i].im};
        CHECK(testing::norm(difference) <= bound);
    });
}

TEMPLATE_TEST_CASE("fftw: measured plans answer the same", "[fftw]", float, double, long double) {
    for (shape const& n : {shape{240}, shape{61}, shape{12, 10}})
        for (number_kind kind : {number_kind::real, number_kind::complex})
            for (index_t shift : {0, 1}) {
                bench<TestType> b(n, kind, fftw::measure, shift);
                random_source random(21);
                auto x = b.random(random);
                const auto every = testing::spectrum_of(x, n);
                std::vector<wide_complex> expected;
                for (index_t k : b.frequencies()) expected.push_back(every[static_cast<std::size_t>(k)]);
                b.put(x);
                b.table.forward(b.plan, b.data.data(), b.spectrum.data());
                CHECK(testing::relative_distance(b.taken_spectrum(), expected) <=
                      testing::transform_bound<TestType>(n));
                b.put_spectrum(every);
                b.table.backward(b.plan, b.data.data(), b.spectrum.data());
                for (wide_complex& v : x) v = v * wide_complex{static_cast<testing::widest>(b.count()), 0};
                CHECK(testing::relative_distance(b.taken(), x) <= testing::transform_bound<TestType>(n));
            }
}

TEST_CASE("fftw: an engine has a table for each of its precisions, and for nothing else", "[fftw]") {
    for (faltung::engine e : {fftw::engine(), fftw::engine(fftw::measure)}) {
        REQUIRE(e.table != nullptr);
        for (int i = 0; i <= static_cast<int>(element::complex80); ++i) {
            const auto real = static_cast<element>(i);
            engine_table const* const table = e.table(real);
            if (real == element::float32 || real == element::float64 || real == element::float80) {
                REQUIRE(table != nullptr);
                CHECK(table->real == real);
                CHECK(std::string(table->name) == "FFTW");
                CHECK(!table->convolves_in_place);
                CHECK(table == e.table(real));
            } else {
                CHECK(table == nullptr);
            }
        }
    }
    CHECK(fftw::engine<float>().table(element::float32) == fftw::engine().table(element::float32));
    CHECK(fftw::engine<float>().table(element::float64) == nullptr);
    CHECK(fftw::engine<double, long double>(fftw::measure).table(element::float80) != nullptr);
    CHECK(fftw::engine().table != fftw::engine(fftw::measure).table);
    CHECK(faltung::engine{}.table == nullptr);
}

TEST_CASE("fftw: threads share a plan and get the same bits", "[fftw][threads]") {
    for (number_kind kind : {number_kind::real, number_kind::complex}) {
        const transform_request request{.n = {12, 35}, .numbers = kind};
        engine_table const& table = *fftw::engine().table(element::float32);
        const transform_plan plan = table.make(request);
        const auto x = random_source(22).many<float>(plan.data), h = random_source(23).many<float>(plan.spectrum);
        const auto convolved = [&] {
            buffer<float> data(plan.data), spectrum(plan.spectrum);
            std::copy(x.begin(), x.end(), data.data());
            table.convolve(plan, data.data(), h.data(), spectrum.data());
            return std::vector<float>(data.data(), data.data() + plan.data);
        };
        const auto expected = convolved();
        std::atomic<int> different{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int round = 0; round < 50; ++round) different += convolved() != expected;
            });
        for (std::thread& t : threads) t.join();
        CHECK(different == 0);
    }
}
