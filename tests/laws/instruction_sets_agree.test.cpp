// tests/laws/instruction_sets_agree.test.cpp -- every compiled-in instruction set keeps the bound and repeats its bits
#include "support/catch.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
void check_sets(random_source& r) {
    using X = typename T::X;
    using W = typename T::Weight;
    using Acc = typename T::Acc;
    for (int i = 0; i < 12; ++i) {
        const char map = r.one_of({'z', 'e', 'r', 's', 'w'});
        const std::vector<reference::line> axes{
            {r.between(1, 9), r.between(1, 4), 1, 1, 1, 1, map},
            {r.between(1, 200), r.between(1, 9), r.between(1, 2), r.between(1, 3), 3, 4, map}};
        problem p = problem_of(axes);
        const auto x = r.many<X>(axes[0].n * axes[1].n);
        const auto h = r.many<W>(axes[0].taps * axes[1].taps);
        const auto want = reference::correlate<wide_of<Acc>>(axes, x, h);
        const auto magnitude = [](auto v) { return std::vector<long double>(v.begin(), v.end()); };
        auto x_size = magnitude(x), h_size = magnitude(h);
        for (long double& v : x_size) v = std::fabs(v);
        for (long double& v : h_size) v = std::fabs(v);
        const auto sizes = reference::correlate<long double>(axes, x_size, h_size);
        for (const instruction_set s : instruction_sets()) {
            p.limits.instruction_set = s;
            for (const method m : {method::direct, method::im2col}) {
                const auto y = run_seam<T>(p, m, x, h);
                INFO(name_of(m) << " on " << name_of(s) << " n " << axes[1].n << " taps " << axes[1].taps
                                << " boundary " << map);
                REQUIRE(y.size() == want.size());
                index_t beyond = 0;
                for (std::size_t o = 0; o < y.size(); ++o) {
                    if constexpr (std::is_integral_v<Acc>)
                        beyond += static_cast<std::uint64_t>(y[o]) != want[o];
                    else {
                        const auto e = static_cast<wide_of<Acc>>(y[o]) - want[o];
                        beyond += !((e < 0 ? -e : e) <=
                                    sum_bound<Acc>(roundings<T>(static_cast<index_t>(h.size())), sizes[o]));
                    }
                }
                CHECK(beyond == 0);
                CHECK(run_seam<T>(p, m, x, h) == y);
                CHECK(run_seam<T>(p, m, x, h, 3) == y);
            }
        }
    }
}

}  // namespace

TEST_CASE("instruction sets: each within the bound, each the same bits again", "[laws]") {
    REQUIRE(!instruction_sets().empty());
    random_source r(1);
    check_sets<detail::types<float, float, float, float>>(r);
    check_sets<detail::types<double, double, double, double>>(r);
    check_sets<detail::types<std::uint8_t, float, float, float>>(r);
    check_sets<detail::types<std::int64_t, std::int64_t, std::int64_t, std::int64_t>>(r);
    check_sets<detail::types<std::int16_t, std::int16_t, std::int64_t, std::int64_t>>(r);
}
