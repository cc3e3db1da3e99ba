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

/// From which depth to which. OpenCV has code for these.
std::string depths_of(golden::line const& l) { return l.x.type + "->" + (l.has("ddepth") ? l["ddepth"] : l.x.type); }

golden::account::words const depths{"uint8->uint8",    "uint8->int16",   "uint8->uint16",   "uint8->float32",
                                    "uint8->float64",  "uint16->uint16", "uint16->float32", "uint16->float64",
                                    "int16->int16",    "int16->float32", "int16->float64",  "float32->float32",
                                    "float64->float64"};

}  // namespace

TEST_CASE("golden: cv::filter2D", "[golden]") {
    golden::account done;
    int equal = 0, refused = 0, no_code = 0;
    for (golden::line const& l : golden::read("opencv")) {
        if (l.call != "opencv.filter2D") continue;  // boundary.test.cpp
        INFO(l.text);
        if (std::find(depths.begin(), depths.end(), depths_of(l)) == depths.end()) {
            REQUIRE_FALSE(l.error.empty());  // nothing to compare with
            ++no_code;
        } else if (l.error.empty()) {
            golden::require_same(l, dialect_of(l), sense::correlation, golden::bound(l));
            done.add({l["border"], l.has("anchor") ? l["anchor"] : "-1,-1", golden::parity(l.h.n), depths_of(l)});
            ++equal;
        } else {
            if (l["border"] == "WRAP")
                REQUIRE_THROWS_AS(dialect_of(l), option_error);
            else
                golden::require_refused(l, dialect_of(l), sense::correlation);
            ++refused;
        }
    }
    done.require_every(
        {{"CONSTANT", "REPLICATE", "REFLECT", "REFLECT_101", "DEFAULT"}, {"-1,-1", "0,0"}, {"odd", "even"}, depths});
    CHECK(equal == 584);
    CHECK(refused == 10);
    CHECK(no_code == 46);
}

// OpenCV's own recipe for a convolution: the kernel reversed, and the anchor with it.
TEST_CASE("golden: a convolution as OpenCV's documentation builds it", "[golden]") {
    int ran = 0;
    for (golden::line const& l : golden::read("opencv")) {
        if (l.call != "opencv.filter2D" || !l.error.empty() || l.x.type != "float32" || !l.has("anchor")) continue;
        golden::line reversed = l;
        std::reverse(reversed.h.values.begin(), reversed.h.values.end());
        index_list anchor = l.list("anchor", -1);
        for (int a = 0; a < 2; ++a) anchor[a] = l.h.n[a] - 1 - (anchor[a] == -1 ? l.h.n[a] / 2 : anchor[a]);
        const dialect d = opencv(borders().at(l["border"]), {.anchor = {anchor[0], anchor[1]}});
        golden::require_same(reversed, d, sense::convolution, golden::bound(l));
        ++ran;
    }
    CHECK(ran == 275);
}
