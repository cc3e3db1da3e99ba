// tests/migration/recorded.hpp -- the operands of the migration guide, and what the other systems answered (record.py)
#pragma once

#include <faltung/convolve.hpp>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"

namespace faltung::testing {

/// The operands, as record.py has them.
inline const std::vector<double> x{1, -2, 3, 0.5, 4, -1}, h{1, 2, -1}, e{1, 2, -1, 3};
inline const tensor<double, 2> kernel{{3, 3}, {1, 2, 0, -1, 3, 1, 2, -2, 1}}, even{{2, 2}, {1, -1, 2, 4}},
    soft{{3, 3}, {0.125, 0.25, 0, -0.125, 0.375, 0.125, 0.25, -0.25, 0.125}};

template <class T, class Value>
tensor<T, 2> five_by_six(Value value) {
    tensor<T, 2> y{{5, 6}};
    for (int i = 0; i < 5; ++i)
        for (int j = 0; j < 6; ++j) y(i, j) = static_cast<T>(value(i, j));
    return y;
}
inline const auto image = five_by_six<double>([](int i, int j) { return (7 * i + 3 * j * j) % 11 - 3; });
inline const auto gray = five_by_six<std::uint8_t>([](int i, int j) { return (37 * i + 51 * j * j) % 256; });

/// y has the shape of the line `name` in recorded.txt, and its values up to a share of each: sums of these operands are
/// exact, so that only a system that rounds on the way needs one.
template <viewable Y>
void require_recorded(std::string const& name, Y const& y, double share = 0) {
    INFO(name);
    const auto have = as_view(y);
    std::ifstream file(FALTUNG_TEST_DATA "/migration/recorded.txt");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string word, n;
        if (!(words >> word >> n) || word != name) continue;
        shape expected;
        std::istringstream extents(n);
        for (std::string extent; std::getline(extents, extent, 'x');) expected.push_back(std::stol(extent));
        REQUIRE(have.shape() == expected);
        for_each_index(expected, [&](index_list const& i) {
            double value = 0;
            REQUIRE(words >> value);
            CHECK(std::fabs(static_cast<double>(have(i)) - value) <= share * std::fabs(value));
        });
        return;
    }
    FAIL("no such line in recorded.txt: run record.py");
}

}  // namespace faltung::testing
