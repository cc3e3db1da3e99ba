// tests/golden/scipy_ndimage.test.cpp -- scipy.ndimage: convolve, correlate and their 1-D forms, every border and
// origin
#include "golden.hpp"

using namespace faltung;

namespace {

using c64 = std::complex<float>;
using c128 = std::complex<double>;

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
    using golden::typed;
    using i8 = std::int8_t;
    using u8 = std::uint8_t;
    using i16 = std::int16_t;
    using i32 = std::int32_t;
    using i64 = std::int64_t;
    int equal = 0, other_types = 0, refused = 0;
    for (golden::line const& given : golden::read("scipy_ndimage")) {
        if (given.error == "RuntimeError") continue;  // a complex result for a real output array
        index_list origin = given.list("origin", 0);
        if (origin.rank() == 1) origin = index_list::repeated(given.h.n.rank(), origin[0]);
        const golden::line l = spread(given, origin);
        const dialect d = dialect_of(l, origin);
        if (!l.error.empty()) {
            golden::require_refused(l, d, sense_of(l));
            ++refused;
            continue;
        }
        const long double outside = l.has("cval") ? std::stold(l["cval"]) : 0;
        const bool ran = golden::run<typed<i32, i32>, typed<float, float>, typed<double, double>, typed<c128, c128>,
                                     typed<c64, c64>, typed<double, c128, c128>>(l, d, sense_of(l), outside) ||
                         golden::run<typed<u8, double, u8>, typed<u8, double, i16>, typed<u8, double, float>,
                                     typed<i16, double, i16>, typed<i8, double, u8>, typed<i32, double, i32>,
                                     typed<i64, double, i64>, typed<float, double, i16>, typed<double, double, u8>,
                                     typed<std::uint16_t, double, std::uint16_t>>(l, d, sense_of(l), outside);
        ++(ran ? equal : other_types);
    }
    CHECK(equal == 904);
    CHECK(refused == 10);
    CHECK(other_types == 55);
}
