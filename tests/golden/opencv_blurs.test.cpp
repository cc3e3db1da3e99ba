// tests/golden/opencv_blurs.test.cpp -- how far OpenCV's fixed point is from a blur that is rounded once
#include <faltung/filter.hpp>

#include "filter_line.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using golden::integer;
using golden::number;

namespace {

tensor<double, 1> line_of(golden::line const& l) {
    const index_t taps = integer(l, "taps");
    return number(l, "sigma") == 0 ? gaussian_taps_of_size<double>(taps)
                                   : gaussian_samples<double>(taps, number(l, "sigma"));
}

/// The defining sum, with 64 binary digits.
std::vector<long double> exact_sums(golden::line const& l) {
    const boundary edge = golden::opencv_border(l);
    const auto h = line_of(l);
    const index_t rows = l.x.n[0], columns = l.x.n[1], taps = h.count();
    std::vector<long double> sums;
    sums.reserve(l.x.values.size());
    for (index_t i = 0; i < rows; ++i)
        for (index_t j = 0; j < columns; ++j) {
            long double sum = 0;
            for (index_t s = 0; s < taps; ++s)
                for (index_t t = 0; t < taps; ++t) {
                    const index_t row = edge.source(i + s - taps / 2, rows),
                                  column = edge.source(j + t - taps / 2, columns);
                    if (row >= 0 && column >= 0)
                        sum += static_cast<long double>(h(s)) * static_cast<long double>(h(t)) *
                               l.x.values[static_cast<std::size_t>(row * columns + column)].real();
                }
            sums.push_back(sum);
        }
    return sums;
}

/// Of one call and type: outputs that are not the exact sum rounded to nearest even, how many levels they are from that
/// at most, and how far any output is from the exact sum.
struct distances {
    int outputs = 0, others = 0;
    long double levels = 0, furthest = 0;
};

template <class X>
void compare(golden::line const& l, distances& d) {
    const auto h = line_of(l);
    const auto y =
        correlate<X>(golden::as_tensor<X, 2>(l.x), outer_product(h, h),
                     {.padding = mode::same, .boundary = golden::opencv_border(l), .overflow = overflow::saturate});
    const std::vector<long double> sums = exact_sums(l);
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const long double rounded = std::nearbyint(sums[i]), theirs = l.y.values[i].real();
        // sums of 53 binary digits see a tie where none is, or none where one is, within their own error
        const bool is_tie = std::abs(std::abs(sums[i] - std::floor(sums[i])) - 0.5L) < 1e-9L;
        INFO("value " << i << ": exactly " << static_cast<double>(sums[i]));
        REQUIRE(std::abs(static_cast<long double>(y.data()[i]) - rounded) <= (is_tie ? 1 : 0));
        ++d.outputs;
        d.others += theirs != rounded && !is_tie;
        d.levels = std::max(d.levels, std::abs(theirs - rounded));
        d.furthest = std::max(d.furthest, std::abs(theirs - sums[i]));
    }
}

}  // namespace

// The table of docs/filters.md.
TEST_CASE("golden: cv::GaussianBlur and cv::sepFilter2D of integers, and the exact blur", "[golden]") {
    std::map<std::string, distances> found;
    for (golden::line const& l : golden::read("opencv_blurs")) {
        INFO(l.text);
        REQUIRE(l.error.empty());
        distances& d = found[l.call + " " + l.x.type];
        if (l.x.type == "uint8")
            compare<std::uint8_t>(l, d);
        else
            compare<std::uint16_t>(l, d);
    }
    const auto require = [&](std::string const& name, int others, double levels, double furthest) {
        distances const& d = found.at(name);
        INFO(name << ": " << d.others << " others, " << static_cast<double>(d.levels) << " levels, "
                  << static_cast<double>(d.furthest) << " from the sum");
        CHECK(d.outputs == 10 * 4 * 320);
        CHECK(d.others == others);
        CHECK(d.levels == levels);
        CHECK(std::abs(static_cast<double>(d.furthest) - furthest) < 0.005);
    };
    require("GaussianBlur uint8", 1737, 1, 1.38);
    require("GaussianBlur uint16", 1499, 1, 1.18);
    require("sepFilter2D uint8", 0, 0, 0.5);
    require("sepFilter2D uint16", 17, 1, 0.5);
}
