// tests/golden/opencv.test.cpp -- cv::filter2D: borders, anchors, and what every depth does to fractions and overflow
#include "golden.hpp"

using namespace faltung;

namespace {

std::map<std::string, boundary> const& borders() {
    static const std::map<std::string, boundary> names{
        {"CONSTANT", boundary::zero},       {"REPLICATE", boundary::replicate}, {"REFLECT", boundary::symmetric},
        {"REFLECT_101", boundary::reflect}, {"DEFAULT", boundary::reflect},     {"WRAP", boundary::circular}};
    return names;
}

dialect dialect_of(golden::line const& l) {
    const index_list anchor = l.list("anchor", -1);
    const dialect bordered = l["border"] == "DEFAULT" ? opencv : opencv(borders().at(l["border"]));
    return anchor.rank() == 1 ? bordered({.anchor = anchor[0]}) : bordered({.anchor = {anchor[0], anchor[1]}});
}

bool is_real(std::string const& type) { return type == "float32" || type == "float64"; }

}  // namespace

TEST_CASE("golden: cv::filter2D", "[golden]") {
    using golden::typed;
    using u8 = std::uint8_t;
    using i16 = std::int16_t;
    using u16 = std::uint16_t;
    int equal = 0, other_types = 0, refused = 0, depths = 0;
    for (golden::line const& l : golden::read("opencv")) {
        if (l.call != "opencv.filter2D") continue;
        if (!l.error.empty()) {
            INFO(l.text);
            if (l["border"] == "WRAP")
                REQUIRE_THROWS_AS(dialect_of(l), option_error);
            else if (l.has("ddepth") || !is_real(l.x.type)) {
                ++depths;  // combinations of depths that OpenCV has no code for
                continue;
            } else
                golden::require_refused(l, dialect_of(l), sense::correlation);
            ++refused;
            continue;
        }
        const bool ran =
            golden::run<typed<float, float>, typed<double, double>, typed<u8, float, u8>, typed<u8, float, i16>,
                        typed<u8, float, float>, typed<u8, float, double>, typed<u16, float, u16>,
                        typed<u16, float, float>, typed<i16, float, i16>, typed<i16, float, double>>(
                l, dialect_of(l), sense::correlation);
        ++(ran ? equal : other_types);
    }
    CHECK(equal == 315);
    CHECK(other_types == 9);
    CHECK(refused == 10);
    CHECK(depths == 40);
}

// OpenCV's own recipe for a convolution: the kernel reversed, and the anchor with it.
TEST_CASE("golden: a convolution as OpenCV's documentation builds it", "[golden]") {
    int ran = 0;
    for (golden::line const& l : golden::read("opencv")) {
        if (l.call != "opencv.filter2D" || !l.error.empty() || l.x.type != "float32" || !l.has("anchor")) continue;
        INFO(l.text);
        golden::line reversed = l;
        std::reverse(reversed.h.values.begin(), reversed.h.values.end());
        index_list anchor = l.list("anchor", -1);
        for (int a = 0; a < 2; ++a) anchor[a] = l.h.n[a] - 1 - (anchor[a] == -1 ? l.h.n[a] / 2 : anchor[a]);
        const dialect d = opencv(borders().at(l["border"]), {.anchor = {anchor[0], anchor[1]}});
        golden::require_same<float, float, float, by_rule>(reversed, d, sense::convolution, golden::bound<float>(l, 0));
        ++ran;
    }
    CHECK(ran == 255);
}
