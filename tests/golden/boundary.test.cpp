// tests/golden/boundary.test.cpp -- boundaries alone, by numpy.pad and cv::copyMakeBorder: short inputs, long
// overhangs, corners
#include "golden.hpp"

using namespace faltung;

namespace {

boundary named(std::string const& mode) {
    static const std::map<std::string, boundary> names{
        {"edge", boundary::replicate},       {"reflect", boundary::reflect},     {"symmetric", boundary::symmetric},
        {"constant", boundary::constant(7)}, {"REPLICATE", boundary::replicate}, {"REFLECT", boundary::symmetric},
        {"REFLECT_101", boundary::reflect},  {"WRAP", boundary::circular}};
    return names.at(mode);
}

template <std::size_t Rank>
void require_padded(golden::line const& l) {
    auto const x = golden::as_tensor<std::int32_t, Rank>(l.x);
    const tensor<std::int32_t, Rank> one(index_list::repeated(static_cast<int>(Rank), 1), {1});
    const index_list low = l.list("low", 0), high = l.list("high", 0);
    convolve_options o{.boundary = named(l["mode"])};
    if constexpr (Rank == 1)
        o.padding = {{low[0], high[0]}};
    else
        o.padding = {{low[0], high[0]}, {low[1], high[1]}};
    for (method m : {method::direct, method::im2col}) {
        INFO("method " << name_of(m));
        o.method = m;
        golden::require_equal(l, convolve<std::int32_t>(x, one, o), 0);
    }
}

}  // namespace

TEST_CASE("golden: a kernel of one 1 shows the extended signal", "[golden]") {
    int ran = 0;
    for (std::string file : {"numpy", "opencv"})
        for (golden::line const& l : golden::read(file)) {
            if (l.call != "numpy.pad" && l.call != "opencv.copyMakeBorder") continue;
            INFO(l.text);
            l.x.n.rank() == 1 ? require_padded<1>(l) : require_padded<2>(l);
            ++ran;
        }
    CHECK(ran == 29 + 36);
}
