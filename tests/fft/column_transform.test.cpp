// tests/fft/column_transform.test.cpp -- columns against the sums that define their transforms, and back
#include <faltung/fft/column_transform.hpp>

#include <cmath>
#include <complex>
#include <set>

#include "support/catch.hpp"
#include "support/random.hpp"

using namespace faltung;

namespace {

using wide = std::complex<long double>;

template <class R>
void require_columns(index_t rows, index_t vectors, instruction_set i) {
    testing::random_source random(7);
    const detail::column_transform<R> t(rows, i);
    const index_t columns = vectors * t.lanes();
    const auto count = static_cast<std::size_t>(rows * columns);
    std::vector<R> re(count), im(count);
    for (std::size_t k = 0; k < count; ++k) {
        re[k] = static_cast<R>(random.between(-1000, 1000)) / R{1000};
        im[k] = static_cast<R>(random.between(-1000, 1000)) / R{1000};
    }
    const std::vector<R> x = re, y = im;
    t.forward(re.data(), im.data(), columns);
    const long double allowed = 40 * std::sqrt(static_cast<long double>(rows)) * std::numeric_limits<R>::epsilon();
    std::vector<wide> wave;  // e^(-2 pi i j / rows)
    wave.reserve(static_cast<std::size_t>(rows));
    for (index_t j = 0; j < rows; ++j)
        wave.push_back(std::polar(1.0L, -2 * 3.14159265358979323846264338327950288L * static_cast<long double>(j) /
                                            static_cast<long double>(rows)));
    std::set<index_t> places;
    for (index_t m = 0; m < rows; ++m) {
        places.insert(t.place_of(m));
        for (index_t c = 0; c < columns; ++c) {
            wide expected = 0;
            for (index_t j = 0; j < rows; ++j) {
                const auto at = static_cast<std::size_t>(j * columns + c);
                expected += wide(x[at], y[at]) * wave[static_cast<std::size_t>(m * j % rows)];
            }
            const auto at = static_cast<std::size_t>(t.place_of(m) * columns + c);
            REQUIRE(std::abs(wide(re[at], im[at]) - expected) <= allowed);
        }
    }
    REQUIRE(places.size() == static_cast<std::size_t>(rows));
    t.backward(re.data(), im.data(), columns);
    for (std::size_t k = 0; k < count; ++k)
        REQUIRE(std::abs(wide(re[k], im[k]) / static_cast<long double>(rows) - wide(x[k], y[k])) <= allowed);
}

}  // namespace

TEST_CASE("columns of every length of 2, 3 and 5") {
    for (const index_t rows : {1, 2, 3, 4, 5, 6, 8, 15, 16, 20, 27, 32, 60, 75, 100, 125, 128, 360})
        for (const instruction_set i :
             {instruction_set::baseline, instruction_set::avx2, detail::best_instruction_set()}) {
            if (i > detail::best_instruction_set()) continue;
            INFO(text(rows, " rows, ", name_of(i)));
            require_columns<double>(rows, rows % 3 + 1, i);
            require_columns<float>(rows, 1, i);
        }
}

TEST_CASE("columns that do not stay in the cache") {
    require_columns<double>(640, 5, detail::best_instruction_set());
    require_columns<float>(1024, 3, instruction_set::baseline);
}

TEST_CASE("rows with another factor are refused") {
    REQUIRE(testing::message_of<option_error>([] {
                detail::column_transform<double>(14, instruction_set::baseline);
            }) == "a transform of 14 rows: only products of 2, 3 and 5 are possible");
    REQUIRE(testing::message_of<option_error>([] { detail::column_transform<double>(0, instruction_set::baseline); }) ==
            "a transform of 0 rows: only products of 2, 3 and 5 are possible");
}
