// tests/laws/modes_are_slices.test.cpp -- valid is a part of same, same of full, and a centre chooses which part
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
tensor<T, 1> part(tensor<T, 1> const& y, index_t first, index_t count) {
    return copy(slice(y, range{first, first + count}));
}

}  // namespace

TEST_CASE("laws: full, same and valid are slices of one another, to the bit", "[laws]") {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (boundary const& edge : {boundary::zero, boundary::constant(3), boundary::replicate, boundary::reflect,
                                     boundary::symmetric, boundary::circular})
            for (index_t n = 1; n <= 70; n += n < 12 ? 1 : 29)
                for (index_t k = 1; k <= 7; ++k) {
                    const index_t d = r.between(1, 3), span = d * (k - 1) + 1, middle = (span - 1) / 2;
                    const auto x = any_tensor<float, 1>(r, {n}), h = any_tensor<float, 1>(r, {k});
                    const auto options = [&](padding const& p) {
                        return convolve_options{.padding = p, .boundary = edge, .dilation = d, .method = m};
                    };
                    INFO(name_of(m) << " n " << n << " taps " << k << " dilation " << d);
                    const auto full = convolve(x, h, options(mode::full)),
                               mirrored = correlate(x, h, options(mode::full));
                    REQUIRE(full.extent(0) == n + span - 1);
                    CHECK(difference(convolve(x, h, options(mode::same)), part(full, middle, n)) == "");
                    CHECK(difference(correlate(x, h, options(mode::same)), part(mirrored, span - 1 - middle, n)) == "");
                    const index_t inside = std::max<index_t>(n - span + 1, 0);
                    CHECK(difference(convolve(x, h, options(mode::valid)),
                                     part(full, inside > 0 ? span - 1 : 0, inside)) == "");
                    CHECK(difference(correlate(x, h, options(mode::valid)),
                                     part(mirrored, inside > 0 ? span - 1 : 0, inside)) == "");
                    CHECK(difference(convolve(x, h, options({{span - 1, span - 1}})), full) == "");
                    for (index_t c = 0; c < k; ++c) {
                        convolve_options centred = options(mode::same);
                        centred.centre = c;
                        CHECK(difference(convolve(x, h, centred), part(full, d * c, n)) == "");
                        CHECK(difference(correlate(x, h, centred), part(mirrored, span - 1 - d * c, n)) == "");
                    }
                    if (n > 2) {  // negative amounts crop
                        const auto cropped = convolve(x, h, options({{span - 2, span - 3}}));
                        CHECK(difference(cropped, part(full, 1, n + span - 4)) == "");
                    }
                }
}
