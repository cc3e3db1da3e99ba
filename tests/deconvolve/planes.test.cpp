// tests/deconvolve/planes.test.cpp -- images and channels of strided arrays, and parts of a torus
#include <faltung/deconvolve/planes.hpp>

#include <faltung/view.hpp>

#include "support/catch.hpp"
#include "support/tensors.hpp"

using namespace faltung;

TEMPLATE_TEST_CASE("planes: into a part of a torus and back", "[deconvolve]", float, double, std::complex<float>) {
    using T = TestType;
    testing::random_source r(1);
    const auto memory = testing::any_tensor<T, 4>(r, {4, 3, 2, 6});
    const auto x = permute(slice(memory, all, all, all, range{0, 6, 2}), {2, 1, 3, 0});  // (2, 3, 3, 4)
    tensor<T, 4> back({2, 3, 3, 4});
    const detail::torus_part part{{5, 7}, {1, 2}};
    REQUIRE(part.samples() == 35);
    for (index_t b = 0; b < 6; ++b) {
        std::vector<real_t<T>> data(70, real_t<T>(99));
        const auto plane = detail::plane_of<T const>(x.erased(), 2, b);
        REQUIRE(detail::put_plane<T>(plane, part, data.data()));
        for (index_t i = 0; i < 3; ++i)
            for (index_t j = 0; j < 4; ++j)
                CHECK(data[static_cast<std::size_t>((i + 1) * 7 + j + 2)] == std::real(x(b / 3, b % 3, i, j)));
        CHECK(data[0] == 99);
        detail::take_plane<T>(data.data(), part, detail::plane_of<T>(back.view().erased(), 2, b), 2);
    }
    for_each_index(back.shape(), [&](index_list const& i) { CHECK(back(i) == x(i) * real_t<T>(2)); });
}

TEST_CASE("planes: what is not finite, and what does not fit", "[deconvolve]") {
    tensor<double, 2> x({2, 3});
    std::vector<double> data(6);
    x(1, 1) = std::nan("");
    CHECK_FALSE(detail::put_plane<double>(x.view().erased(), {{2, 3}, {0, 0}}, data.data()));
    CHECK(testing::message_of<option_error>([&] { detail::fail_for_sample<double>("it", x.view().erased(), 4); }) ==
          "it: the sample at (1, 1) of plane 4 is not finite");
    const detail::array_kind kind{"it", true, {4, 5}};
    CHECK(kind.batch_axes({3, 4, 5}, 3, "an input") == 0);
    CHECK(kind.batch_axes({7, 2, 3, 4, 5}, 3, "an input") == 2);
    CHECK(testing::message_of<shape_error>([&] {
              kind.batch_axes({4, 5}, 3, "an input");
          }) == "it: an input of shape (4, 5); its last axes must be (3, 4, 5)");
    CHECK_THROWS_AS(kind.batch_axes({2, 4, 5}, 3, "an input"), shape_error);
}
