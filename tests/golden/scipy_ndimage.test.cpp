// tests/golden/scipy_ndimage.test.cpp -- scipy.ndimage: convolve, correlate and their 1-D forms, every border and
// origin
#include "golden.hpp"

using namespace faltung;

namespace {

sense sense_of(golden::line const& l) {
    return l.call.find("correlate") == std::string::npos ? sense::convolution : sense::correlation;
}

boundary boundary_of(golden::line const& l) {
    static const std::map<std::string, boundary> names{
        {"reflect", boundary::symmetric}, {"grid-mirror", boundary::symmetric}, {"mirror", boundary::reflect},
        {"nearest", boundary::replicate}, {"wrap", boundary::circular},         {"grid-wrap", boundary::circular}};
    const auto found = names.find(l["mode"]);
    return found != names.end() ? found->second : boundary::constant(l.has("cval") ? std::stold(l["cval"]) : 0.0L);
}

/// A 1-D form is the N-D one with taps along `axis` only.
golden::line spread(golden::line l, index_list& origin) {
    const int rank = l.x.n.rank();
    if (l.h.n.rank() == rank) return l;
    const index_t along = l.list("axis", -1)[0], taps = l.h.n[0], moved = origin[0];
    l.h.n = index_list::repeated(rank, 1);
    l.h.n[static_cast<int>(along < 0 ? along + rank : along)] = taps;
    origin = index_list::repeated(rank, 0);
    origin[static_cast<int>(along < 0 ? along + rank : along)] = moved;
    return l;
}

dialect dialect_of(golden::line const& l, index_list const& origin) {
    per_axis<index_t> list;
    for (index_t o : origin) list.push_back(o);
    return scipy::ndimage(boundary_of(l), {.origin = list});
}

}  // namespace

TEST_CASE("golden: scipy.ndimage.convolve, correlate, convolve1d, correlate1d", "[golden]") {
    golden::account done, no_code;
    int equal = 0, refused = 0, no_type = 0;
    for (golden::line const& given : golden::read("scipy_ndimage")) {
        INFO(given.text);
        if (given.error == "RuntimeError") {
            // ndimage has no long double; complex sums into a real array are refused there, and here by the compiler
            REQUIRE((given.x.type == "longdouble" || given.x.type == "clongdouble" ||
                     (given.x.type == "complex128" && given["output"] == "float64")));
            no_code.add({given.call, given.x.type});
            ++no_type;
            continue;
        }
        index_list origin = given.list("origin", 0);
        if (origin.rank() == 1) origin = index_list::repeated(given.h.n.rank(), origin[0]);
        const golden::line l = spread(given, origin);
        const dialect d = dialect_of(l, origin);
        if (!l.error.empty()) {
            golden::require_refused(l, d, sense_of(l));
            ++refused;
            continue;
        }
        const std::string outside = l.has("cval") ? l["cval"] : "0";
        golden::require_same(l, d, sense_of(l), golden::bound(l, std::stold(outside)));
        done.add({l.call, l["mode"] + " " + outside, l.has("origin") ? l["origin"] : "0", golden::parity(given.h.n),
                  l.x.type});
        ++equal;
    }
    const golden::account::words calls{"scipy.ndimage.convolve", "scipy.ndimage.correlate", "scipy.ndimage.convolve1d",
                                       "scipy.ndimage.correlate1d"};
    done.require_every({calls,
                        {"reflect 0", "mirror 0", "nearest 0", "wrap 0", "constant 0", "constant 3", "grid-mirror 0",
                         "grid-wrap 0", "grid-constant 3"},
                        {"0", "-1"},
                        {"odd", "even"},
                        golden::joined(golden::integers, {"bool", "float32", "float64", "complex64", "complex128"})});
    no_code.require_every({calls, {"longdouble", "clongdouble"}});
    CHECK(equal == 2773);
    CHECK(refused == 10);
    CHECK(no_type == 9);
}
