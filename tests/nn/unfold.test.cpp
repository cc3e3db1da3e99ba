// tests/nn/unfold.test.cpp -- windows as views and as matrices, and their adjoint
#include <faltung/nn/unfold.hpp>

#include "nn/random_layer.hpp"
#include "support/catch.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

// the sample that tap t of window o shows, by the walk of the reference; the axis outside, or -1
template <std::size_t Rank>
std::string check(tensor<int, Rank> const& x, random_layer const& l, tensor<int, 3> const& z) {
    std::size_t place = 0;
    std::string wrong;
    const std::size_t taps = l.layer.taps(), windows = l.layer.outputs(), inputs = l.layer.inputs();
    if (!(z.shape() == shape{l.x[0], l.x[1] * static_cast<index_t>(taps), static_cast<index_t>(windows)}))
        return text("shape ", z.shape());
    for (std::size_t plane = 0; plane < l.layer.batch * l.layer.in; ++plane) {
        std::vector<int> want(taps * windows, 0);
        reference::for_each_term(
            l.layer.axes, [&](std::size_t o, std::size_t t, std::size_t i, reference::line const* outside) {
                want[t * windows + o] = !outside ? x.data()[plane * inputs + i]
                                                 : static_cast<int>(outside->map == 'c' ? outside->constant : 0);
            });
        for (int v : want)
            if (z.data()[place++] != v && wrong.empty()) wrong = text("at ", place - 1);
    }
    return wrong;
}

nn::unfold_options options_of(random_layer const& l) {
    return {.padding = l.options.padding,
            .boundary = l.options.boundary,
            .stride = l.options.stride,
            .dilation = l.options.dilation};
}

template <std::size_t Rank>
void check_random(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
        random_source r(91, i);
        const random_layer l(r, i, static_cast<int>(Rank) - 2, "zzcersw");
        INFO(l.name());
        const auto x = any_tensor<int, Rank>(r, l.x);
        per_axis<index_t> taps;
        for (index_t t : l.kernel_taps) taps.push_back(t);
        const auto z = nn::unfold(x, taps, options_of(l)).matrix();
        CHECK(check(x, l, z).empty());
        // <unfold(x), m> = <x, fold(m)>, in integers modulo 2^64
        using number = std::uint64_t;
        tensor<number, Rank> u(l.x);
        for (number& v : u) v = r.next();
        tensor<number, 3> m(z.shape());
        for (number& v : m) v = r.next();
        const nn::unfold_options o = options_of(l);
        const bool is_affine = std::any_of(l.layer.axes.begin(), l.layer.axes.end(),
                                           [](reference::line const& k) { return k.map == 'c'; });
        if (is_affine) continue;
        const auto windows = nn::unfold(u, taps, o).matrix();
        shape spatial;
        for (int a = 2; a < l.x.rank(); ++a) spatial.push_back(l.x[a]);
        const auto back = nn::fold<Rank - 2>(m, spatial, taps, o);
        number left = 0, right = 0;
        for (index_t k = 0; k < m.count(); ++k) left += windows.data()[k] * m.data()[k];
        for (index_t k = 0; k < u.count(); ++k) right += u.data()[k] * back.data()[k];
        CHECK(left == right);
    }
}

}  // namespace

TEST_CASE("unfold: random windows, and fold is their adjoint", "[nn]") {
    check_random<3>(0, 60);
    check_random<4>(60, 140);
    check_random<5>(140, 180);
}

TEST_CASE("unfold: a view shows the samples themselves", "[nn]") {
    random_source r(4);
    const auto x = any_tensor<float, 4>(r, {2, 3, 7, 9});
    const auto windows = nn::unfold(x, {2, 3}, {.stride = {1, 2}, .dilation = {3, 1}});
    const auto v = windows.view();
    CHECK(v.shape() == shape{2, 3, 2, 3, 4, 4});
    bool same = true;
    for_each_index(v.shape(), [&](index_list const& i) {
        same = same && &v(i) == &x(i[0], i[1], i[4] + 3 * i[2], 2 * i[5] + i[3]);
    });
    CHECK(same);
    const auto cropped = nn::unfold(x, 2, {.padding = {{-1, -2}, {0, -1}}}).view();
    CHECK(cropped.shape() == shape{2, 3, 2, 2, 3, 7});
    CHECK(&cropped(0, 0, 0, 0, 0, 0) == &x(0, 0, 1, 0));
}

TEST_CASE("unfold: what fold and unfold do to a picture of ones is to count", "[nn]") {
    tensor<float, 4> x({1, 1, 4, 4});
    for (float& v : x) v = 1;
    // [unfold]
    const auto windows = nn::unfold(x, {3, 3}, {.padding = 1});  // looks at x
    const tensor<float, 3> columns = windows.matrix();           // (1, 9, 16), copied
    const auto count = nn::fold<2>(columns, {4, 4}, {3, 3}, {.padding = 1});
    // [/unfold]
    CHECK(as_vector<float>(count) == std::vector<float>{4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4});
}

TEST_CASE("unfold: errors show the numbers", "[nn]") {
    const tensor<float, 4> x({1, 2, 5, 5});
    const tensor<float, 3> z({1, 9, 9});
    CHECK_THROWS_WITH(nn::unfold(x, 3, {.padding = 1}).view(),
                      "unfold: axis 2: a padding of {1, 1} adds samples that no view shows: ask for the matrix()");
    CHECK_THROWS_WITH(nn::unfold(x, {3, 0}), "unfold: an empty kernel (3, 0): every axis needs at least 1 tap");
    CHECK_THROWS_WITH(nn::fold<2>(z, {5, 5}, 2), "fold: a matrix (1, 9, 9) of 9 rows for windows of 4 taps");
    CHECK_THROWS_WITH(nn::fold<2>(z, {6, 5}, 3),
                      "fold: a matrix (1, 9, 9) where the windows of (1, 1, 6, 5) make one of (1, 9, 12)");
}
