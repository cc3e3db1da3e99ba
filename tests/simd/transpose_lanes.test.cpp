// tests/simd/transpose_lanes.test.cpp -- lanes and vectors change places, and samples go into lanes and come back
#include <faltung/simd/lane_samples.hpp>

#include <algorithm>
#include <numeric>

#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/seam.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class R>
struct transposition {
    struct arguments {
        R* samples;
    };
    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using part = detail::lanes<R, Bytes>;
        typename part::vector v[static_cast<std::size_t>(part::count)];
        for (int i = 0; i < part::count; ++i) part::load(v[i], a.samples + i * part::count);
        detail::transpose_lanes<R, Bytes>(v);
        for (int i = 0; i < part::count; ++i) part::store(a.samples + i * part::count, v[i]);
    }
};

template <class R>
index_t lanes_of(instruction_set s) {
    return detail::bytes_of_vector(s) / index_t{sizeof(R)};
}

template <class R>
void check_transposition(instruction_set s) {
    const index_t n = lanes_of<R>(s);
    std::vector<R> v(static_cast<std::size_t>(n * n));
    std::iota(v.begin(), v.end(), R{0});
    detail::versions<transposition<R>>::of(s)({v.data()});
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) CHECK(v[static_cast<std::size_t>(i * n + j)] == static_cast<R>(j * n + i));
}

/// Samples at `places` of each problem: into lanes, and back into memory that ends at a guard page.
template <class R>
void check_samples(instruction_set s, std::vector<index_t> const& places) {
    const index_t n = lanes_of<R>(s), count = static_cast<index_t>(places.size());
    const index_t extent = *std::max_element(places.begin(), places.end()) + 1, step = extent + 3;
    std::vector<index_t> at(static_cast<std::size_t>(n));
    for (index_t l = 0; l < n; ++l) at[static_cast<std::size_t>(l)] = (n - 1 - l) * step;
    const index_t all = (n - 1) * step + extent;
    const guarded<R> from(all, guard::after), to(all, guard::after);
    std::iota(from.data(), from.data() + all, R{1});
    std::vector<R> lanes(static_cast<std::size_t>(n * count));
    detail::lane_route<R, false> route;
    for (const index_t p : places) route.add(p, R{1});
    route.find_samples();
    detail::versions<detail::lane_gather<R>>::of(s)({from.data(), route.of(at), lanes.data()});
    index_t wrong = 0;
    for (index_t e = 0; e < count; ++e)
        for (index_t l = 0; l < n; ++l)
            wrong += lanes[static_cast<std::size_t>(e * n + l)] !=
                     from.data()[at[static_cast<std::size_t>(l)] + places[static_cast<std::size_t>(e)]];
    CHECK(wrong == 0);
    detail::versions<detail::lane_scatter<R>>::of(s)({lanes.data(), route.of(at), to.data(), false});
    for (index_t l = 0; l < n; ++l)
        for (index_t i = 0; i < extent; ++i) {
            const bool is_sample = std::find(places.begin(), places.end(), i) != places.end();
            const index_t k = at[static_cast<std::size_t>(l)] + i;
            wrong += to.data()[k] != (is_sample ? from.data()[k] : R{0});
        }
    CHECK(wrong == 0);
}

template <class R>
void check_type() {
    for (const instruction_set s : instruction_sets()) {
        INFO(name_of(s));
        check_transposition<R>(s);
        for (const index_t count : {1, 3, 8, 16, 32, 48}) {
            std::vector<index_t> dense(static_cast<std::size_t>(count));
            std::iota(dense.begin(), dense.end(), index_t{0});
            check_samples<R>(s, dense);
            std::reverse(dense.begin(), dense.end());
            check_samples<R>(s, dense);
            std::rotate(dense.begin(), dense.begin() + count / 3, dense.end());
            check_samples<R>(s, dense);
            for (index_t& p : dense) p *= 2;
            check_samples<R>(s, dense);
        }
    }
}

}  // namespace

TEST_CASE("transpose_lanes: every lane has its place, on every instruction set", "[simd]") {
    check_type<float>();
    check_type<double>();
}
