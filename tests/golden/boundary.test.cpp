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

}  // namespace

TEST_CASE("golden: a kernel of one 1 shows the extended signal", "[golden]") {
    golden::account done;
    int ran = 0;
    for (std::string file : {"numpy", "opencv"})
        for (golden::line const& l : golden::read(file)) {
            if (l.call != "numpy.pad" && l.call != "opencv.copyMakeBorder") continue;
            INFO(l.text);
            const int rank = l.x.n.rank();
            const golden::array one{"int32", index_list::repeated(rank, 1), {1}};
            const index_list low = l.list("low", 0), high = l.list("high", 0);
            per_axis<low_high> amounts;
            for (int a = 0; a < rank; ++a) amounts.push_back({low[a], high[a]});
            convolve_options o{.padding = padding(amounts), .boundary = named(l["mode"])};
            for (method m : {method::direct, method::im2col}) {
                INFO("method " << name_of(m));
                o.method = m;
                golden::require_equal(l, golden::answer({l.x, one, l.y.type, sense::convolution}, o), 0);
            }
            done.add({l.call, l["mode"], text(rank)});
            ++ran;
        }
    done.require_every({{"numpy.pad"}, {"edge", "reflect", "symmetric", "constant"}, {"1", "2"}});
    done.require_every({{"opencv.copyMakeBorder"}, {"REPLICATE", "REFLECT", "REFLECT_101", "WRAP"}, {"1", "2"}});
    CHECK(ran == 29 + 36);
}
