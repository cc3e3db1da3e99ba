// tests/golden/matches.test.cpp -- scikit-image's match_template and cross_correlate_masked, and cv::matchTemplate
#include <faltung/filter.hpp>

#include "filter_line.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using golden::number;

namespace {

template <class T, std::size_t Rank>
tensor<bool, Rank> above(tensor<T, Rank> const& x, double threshold) {
    tensor<bool, Rank> known(x.shape());
    for (index_t i = 0; i < x.count(); ++i) known.data()[i] = x.data()[i] > threshold;
    return known;
}

/// Like Python's, a border of numpy.pad.
boundary pad_mode(golden::line const& l) {
    static const std::map<std::string, boundary> names{{"symmetric", boundary::symmetric},
                                                       {"reflect", boundary::reflect},
                                                       {"edge", boundary::replicate},
                                                       {"wrap", boundary::circular}};
    return names.at(l["mode"]);
}

/// `low` samples before and what is left of taps - 1 after each axis.
template <class Low>
padding padded(shape const& taps, Low low) {
    per_axis<low_high> amounts;
    for (index_t k : taps) amounts.push_back({low(k), k - 1 - low(k)});
    return padding(amounts);
}

/// Their samples of 1000 and a fraction in float32 lose what the score is made of: scikit-image is off by up to 0.89,
/// and has scores of more than 1; OpenCV by 0.80. Windows of one value have scores of 1e-8 in scikit-image, 0 here.
long double allowed(golden::line const& l) {
    if (l.x.type != "float32") return l.x.type == "uint8" ? 1e-6L : 1e-8L;
    return golden::largest(l.x) < 900 ? 1e-6L : 0.9L;
}

template <class T, std::size_t Rank>
void compare_skimage(golden::line const& l) {
    const auto x = golden::as_tensor<T, Rank>(l.x), h = golden::as_tensor<T, Rank>(l.h);
    match_options options;
    if (l.has("mode")) {
        options.correlation.padding = padded(l.h.n, [](index_t k) { return k / 2; });
        options.correlation.boundary = pad_mode(l);
    }
    golden::require_within(l, match_template(x, h, options), allowed(l));
}

template <class T>
void compare_opencv(golden::line const& l) {
    golden::require_within(l, match_template(golden::as_tensor<T, 2>(l.x), golden::as_tensor<T, 2>(l.h)), allowed(l));
}

}  // namespace

TEST_CASE("golden: skimage.feature.match_template", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("matches")) {
        if (l.call != "skimage.match_template") continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        if (l.x.n.rank() == 3)
            compare_skimage<double, 3>(l);
        else if (l.x.type == "float32")
            compare_skimage<float, 2>(l);
        else
            compare_skimage<double, 2>(l);
        ++compared;
    }
    CHECK(compared == 4 * 4 * 2 + 4 * 3 + 1);
}

TEST_CASE("golden: skimage's cross_correlate_masked", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("matches")) {
        if (l.call != "skimage.cross_correlate_masked") continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        const auto x = golden::as_tensor<double, 2>(l.x), h = golden::as_tensor<double, 2>(l.h);
        const double threshold = number(l, "above");
        match_options options{.correlation = {.padding = mode::full}, .overlap = number(l, "overlap")};
        if (l["mode"] == "same")  // scipy's middle
            options.correlation.padding = padded(l.h.n, [](index_t k) { return k - 1 - (k - 1) / 2; });
        golden::require_within(l, match_template(x, above(x, threshold), h, above(h, threshold), options), 1e-9L);
        ++compared;
    }
    CHECK(compared == 3 * 3 * 2 * 2);
}

TEST_CASE("golden: cv::matchTemplate, TM_CCOEFF_NORMED", "[golden]") {
    int compared = 0;
    for (golden::line const& l : golden::read("matches")) {
        if (l.call != "opencv.matchTemplate") continue;
        INFO(l.text);
        REQUIRE(l.error.empty());
        if (l.x.type == "uint8")
            compare_opencv<std::uint8_t>(l);
        else
            compare_opencv<float>(l);
        ++compared;
    }
    CHECK(compared == 4 * 3 + 3);
}
