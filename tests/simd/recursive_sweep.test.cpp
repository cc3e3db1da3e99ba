// tests/simd/recursive_sweep.test.cpp -- the sums that the loop's contract names, on every instruction set
#include <faltung/simd/recursive_sweep.hpp>

#include <complex>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/seam.hpp"

using namespace faltung;

namespace {

template <class T, int Pairs>
void check_sweep() {
    using sweep = detail::recursive_sweep<T, Pairs>;
    constexpr std::size_t unit = std::size_t{sweep::unit}, pairs = std::size_t{Pairs};
    using complex = std::complex<long double>;
    testing::random_source random(61);
    const auto number = [&] { return static_cast<T>(random.between(-100, 100)) / 128; };
    for (index_t rows : {1, 2, 7}) {
        std::vector<T> in(unit * static_cast<std::size_t>(rows)), start(2 * pairs * unit), before(in.size());
        for (T& v : in) v = number();
        for (T& v : start) v = number();
        for (T& v : before) v = number();
        typename sweep::arguments a{};
        std::vector<index_t> order;
        for (index_t i = 0; i < 5; ++i) order.push_back(random.between(0, rows - 1));
        for (index_t i = rows; i-- > 0;) order.push_back(i);
        a.in = in.data();
        a.order = order.data();
        a.warm = 5;
        a.count = rows;
        a.centre = number();
        a.start = start.data();
        for (std::size_t j = 0; j < pairs; ++j) {
            a.pole[j] = {number() / 2, number() / 2};
            a.weight[j] = {number(), number()};
            a.closing[j] = {number(), number()};
        }
        for (bool continued : {false, true})
            for (instruction_set set : testing::instruction_sets()) {
                std::vector<T> out = before;
                a.out = out.data();
                a.continued = continued;
                detail::versions<sweep>::of(set)(a);
                for (std::size_t line = 0; line < unit; ++line) {
                    const auto wide = [](auto const& c) { return complex(c.re, c.im); };
                    std::vector<complex> s;
                    for (std::size_t j = 0; j < pairs; ++j)
                        s.emplace_back(start[2 * j * unit + line], start[(2 * j + 1) * unit + line]);
                    for (std::size_t i = 0; i < order.size(); ++i) {
                        const std::size_t at = static_cast<std::size_t>(order[i]) * unit + line;
                        if (i == 5)
                            for (std::size_t j = 0; j < pairs; ++j) s[j] *= wide(a.closing[j]);
                        if (i >= 5) {
                            complex sum = continued ? before[at] : static_cast<long double>(a.centre) * in[at];
                            for (std::size_t j = 0; j < pairs; ++j) sum += wide(a.weight[j]) * s[j];
                            REQUIRE(std::abs(sum.real() - out[at]) <= 64 * std::numeric_limits<T>::epsilon());
                        }
                        for (std::size_t j = 0; j < pairs; ++j) s[j] = wide(a.pole[j]) * s[j] + complex(in[at]);
                    }
                }
            }
    }
}

}  // namespace

TEST_CASE("recursive_sweep: sums of exponentials along 16 lines", "[simd]") {
    check_sweep<float, 2>();
    check_sweep<float, 3>();
    check_sweep<float, 4>();
    check_sweep<double, 3>();
    check_sweep<long double, 2>();
}
