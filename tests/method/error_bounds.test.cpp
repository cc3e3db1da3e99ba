// tests/method/error_bounds.test.cpp -- the certified error holds, and is 0 for integers
#include <faltung/method/error_bounds.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("unit_roundoff: half the distance from 1 to the next number of the accumulator", "[method]") {
    CHECK(detail::unit_roundoff(element::float32) == std::numeric_limits<float>::epsilon() / 2);
    CHECK(detail::unit_roundoff(element::complex64) == std::numeric_limits<double>::epsilon() / 2);
    if (std::numeric_limits<long double>::digits == 64)
        CHECK(detail::unit_roundoff(element::float80) ==
              static_cast<double>(std::numeric_limits<long double>::epsilon() / 2));
    for (element e : {element::int32, element::uint32, element::int64, element::uint64})
        CHECK(detail::unit_roundoff(e) == 0);
}

TEST_CASE("sum_error: exact integers; more taps, more error; complex products more than real ones", "[method]") {
    problem p = problem_of({{10, 3, 1, 1, 0, 0, 'z'}});
    p.types.accumulator = p.types.y = element::int64;
    CHECK(detail::sum_error(p).certified == 0);
    CHECK(detail::sum_error(p).expected == 0);
    p.types.accumulator = p.types.y = element::float32;
    const double three = detail::sum_error(p).certified;
    const auto is_gamma = [&](double roundings) {
        const double gamma = roundings * 0x1p-24 / (1 - roundings * 0x1p-24);
        return std::fabs(detail::sum_error(p).certified / (gamma * std::sqrt(3.0)) - 1) < 1e-12;
    };
    CHECK(is_gamma(3));
    p.types.x = element::int32;
    CHECK(is_gamma(4));  // one operand is rounded when it is converted
    p.types.h = element::float64;
    CHECK(is_gamma(5));  // both
    p.types.x = p.types.h = element::uint16;
    CHECK(is_gamma(3));  // fits the digits of the sum
    p.types.x = p.types.h = element::float32;
    p[0].edge = boundary::constant(0.1L);
    CHECK(is_gamma(4));  // the constant is rounded
    p[0].edge = boundary::zero;
    const double sum = detail::sum_error(p).certified;
    p.types.y = element::float64;
    CHECK(detail::sum_error(p).certified == sum);
    p.types.accumulator = element::float64;
    p.types.y = element::float32;  // a store that rounds once more, by far the larger error
    CHECK(detail::sum_error(p).certified >= 0x1p-24 * std::sqrt(3.0));
    CHECK(detail::sum_error(p).expected >= 0x1p-24);
    p.types.accumulator = element::float32;
    p[0].taps = 9;
    CHECK(detail::sum_error(p).certified > three);
    CHECK(detail::sum_error(p).expected < detail::sum_error(p).certified);
    const double real = detail::sum_error(p).certified;
    p.types.accumulator = element::complex32;
    CHECK(detail::sum_error(p).certified > real);
    p[0].taps = index_t{1} << 25;
    CHECK(std::isinf(detail::sum_error(p).certified));
}

TEST_CASE("sum_error: the certified error holds for random data, and the expected one is of its size", "[method]") {
    random_source r(1);
    using T = detail::types<float, float, float, float>;
    double largest_ratio = 0;
    for (int i = 0; i < 200; ++i) {
        const std::vector<reference::line> axes{{r.between(20, 60), r.between(1, 20), 1, 1, r.between(0, 5), 3, 'z'}};
        problem p = problem_of(axes);
        const auto x = r.many<float>(axes[0].n), h = r.many<float>(axes[0].taps);
        const auto y = run_seam<T>(p, method::direct, x, h);
        const auto exact = reference::correlate<long double>(axes, x, h);
        long double error = 0, x_norm = 0, h_norm = 0;
        for (std::size_t o = 0; o < y.size(); ++o) error += (y[o] - exact[o]) * (y[o] - exact[o]);
        for (float v : x) x_norm += static_cast<long double>(v) * v;
        for (float v : h) h_norm += static_cast<long double>(v) * v;
        const double relative = static_cast<double>(std::sqrt(error / x_norm / h_norm));
        p.types.accumulator = element::float32;
        CHECK(relative <= detail::sum_error(p).certified);
        largest_ratio = std::max(largest_ratio, relative / detail::sum_error(p).expected);
    }
    CHECK(largest_ratio > 0.05);
    CHECK(largest_ratio < 4);
}

TEMPLATE_TEST_CASE("spectral_error: holds for any data, and expects what is found", "[method]", float, double) {
    using R = TestType;
    using T = detail::types<R, R, R, R>;
    random_source r(2);
    const std::vector<reference::line> axes{{1500, 65, 1, 1, 32, 32, 'z'}};
    problem p = problem_of(axes);
    p.types = {element_of<R>(), element_of<R>(), element_of<R>(), element_of<R>()};
    p.engine = &detail::own_engine<R>::table;
    for (char const* const content : {"random", "a spike", "signs in turn", "30 decades"}) {
        auto x = r.many<R>(1500), h = r.many<R>(65);
        const std::string name = content;
        if (name == "a spike") x[700] = R(1e6);
        if (name == "signs in turn") {
            for (std::size_t k = 0; k < x.size(); ++k) x[k] = k % 2 ? R(-1) : R(1);
            for (std::size_t k = 0; k < h.size(); ++k) h[k] = k % 2 ? R(-1) : R(1);
        }
        if (name == "30 decades")
            for (R& v : x) v *= static_cast<R>(std::pow(10.0, static_cast<double>(r.between(-15, 15))));
        const auto exact = reference::correlate<long double>(axes, x, h);
        const auto square = [](auto const& v) {
            long double sum = 0;
            for (auto const& each : v) sum += static_cast<long double>(each) * static_cast<long double>(each);
            return sum;
        };
        // where all products of a sum have one sign, its own rounding is more than what |x| |h| lets expect
        const long double size = std::sqrt(std::max(square(x) * square(h), square(exact)));
        for (const method m : {method::fft, method::overlap_save}) {
            p.limits.memory = m == method::fft ? std::numeric_limits<index_t>::max() : 40000;  // several tiles
            const detail::cost c = m == method::fft ? detail::fft::predict(p) : detail::overlap_save::predict(p);
            const auto y = run_seam<T>(p, m, x, h);
            long double error = 0;
            for (std::size_t o = 0; o < y.size(); ++o) {
                const long double d = static_cast<long double>(y[o]) - exact[o];
                error += d * d;
            }
            const double relative = static_cast<double>(std::sqrt(error) / size);
            INFO(name_of(m) << ", " << name << ": " << relative << ", expected " << c.expected_error);
            CHECK(relative <= c.certified_error);
            CHECK(relative <= 2.3 * c.expected_error);  // 3 u sqrt(log2 P) |x|_2 |h|_2, for P of 2^9 and more
            if (name == "random") CHECK(relative >= 0.1 * c.expected_error);
        }
    }
}
