// tests/convolve/convolver.test.cpp -- the plan as callers see it
#include <faltung/convolve.hpp>

#include <array>
#include <limits>
#include <thread>
#include <type_traits>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("convolver: the element types follow from the kernel, or are named", "[convolve]") {
    const std::vector<float> h{1, 2, 1};
    const std::vector<std::uint8_t> bytes{1, 2};
    STATIC_REQUIRE(std::is_same_v<decltype(convolver{shape{5}, h}), convolver<float, float, float, float>>);
    STATIC_REQUIRE(std::is_same_v<decltype(convolver{shape{5}, h, convolve_options{}}), convolver<float>>);
    STATIC_REQUIRE(std::is_same_v<decltype(convolver{shape{5}, bytes}),
                                  convolver<std::uint8_t, std::uint8_t, std::int64_t, std::int64_t>>);
    STATIC_REQUIRE(std::is_same_v<decltype(convolver{as_correlation{}, shape{5}, h}), convolver<float>>);
    STATIC_REQUIRE(std::is_same_v<decltype(convolver{shape{5}, h, numpy(mode::same)}), convolver<float>>);
    STATIC_REQUIRE(std::is_same_v<decltype(convolver<std::uint8_t, float>{shape{5}, h}(std::vector<std::uint8_t>{})),
                                  tensor<float, 1>>);
    STATIC_REQUIRE(sizeof(convolver<float>) == sizeof(convolver<std::uint8_t, double>));
}

TEST_CASE("convolver: shapes, method and account", "[convolve]") {
    random_source r(1);
    const auto h = any_tensor<float, 2>(r, {3, 4});
    const convolver plan{{20, 30}, h, {.padding = mode::valid, .stride = {2, 3}, .method = method::im2col}};
    CHECK(plan.input_shape() == shape{20, 30});
    CHECK(plan.kernel_shape() == shape{3, 4});
    CHECK(plan.output_shape() == shape{9, 9});
    CHECK(plan.method() == method::im2col);
    CHECK(plan.explain().find("\n* im2col: ") != std::string::npos);
    CHECK(plan.problem()[1].window_stride == 3);
    CHECK(plan.workspace().bytes_per_worker() > 0);
    CHECK(plan.workspace().workers() == 1);
}

TEST_CASE("convolver: a call, a call into a new tensor, and convolve give the same bits", "[convolve]") {
    random_source r(2);
    const auto x = any_tensor<float, 2>(r, {12, 90}), h = any_tensor<float, 2>(r, {3, 4});
    const convolve_options o{.padding = mode::same, .boundary = boundary::reflect};
    const convolver plan{x.shape(), h, o};
    auto scratch = plan.workspace();
    tensor<float, 2> y(plan.output_shape());
    plan(x, y, scratch);
    CHECK(difference(y, convolve(x, h, o)) == "");
    CHECK(difference(plan(x), y) == "");
    const convolver turned{as_correlation{}, x.shape(), h, o};
    CHECK(difference(turned(x), correlate(x, h, o)) == "");
    tensor<float, 3> three({12, 90, 3});
    plan(flip(x), slice(three, all, all, 1), scratch);
    CHECK(difference(copy(slice(three, all, all, 1)), convolve(flip(x), h, o)) == "");
    CHECK(three(0, 0, 0) == 0);
    CHECK(three(0, 0, 2) == 0);
}

TEST_CASE("convolver: dialects, in both senses", "[convolve]") {
    const std::vector<float> x{1, 2, 3, 4}, h{1, 10};
    // numpy.convolve(x, h, 'same') and numpy.correlate(x, h, 'same')
    CHECK(difference(convolver{{4}, h, numpy(mode::same)}(x), tensor<float, 1>({4}, {1, 12, 23, 34})) == "");
    CHECK(difference(convolver{as_correlation{}, {4}, h, numpy(mode::same)}(x),
                     tensor<float, 1>({4}, {10, 21, 32, 43})) == "");
}

TEST_CASE("convolver: a list of inputs, one plan, one workspace", "[convolve]") {
    const std::array<double, 3> h{1, 2, 3};
    const convolver plan{{4}, h};
    auto scratch = plan.workspace();
    std::array<double, 6> y{};
    for (int i = 0; i < 4; ++i) {
        std::array<double, 4> x{};
        x[static_cast<std::size_t>(i)] = 1;
        plan(x, y, scratch);
        for (int o = 0; o < 6; ++o) CHECK(y[static_cast<std::size_t>(o)] == (o >= i && o < i + 3 ? o - i + 1 : 0));
    }
}

TEST_CASE("convolver: with_kernel is the plan that the other kernel would have made, the first is as before",
          "[convolve]") {
    random_source r(3);
    const auto x = any_tensor<float, 2>(r, {9, 70}), h = any_tensor<float, 2>(r, {3, 5}),
               g = any_tensor<float, 2>(r, {3, 5});
    for (const method m : {method::automatic, method::direct, method::im2col, method::fft, method::overlap_save})
        for (const bool correlates : {false, true}) {
            const convolve_options o{.boundary = boundary::circular, .stride = {1, 2}, .dilation = 2, .method = m};
            const auto made = [&](auto const& k) {
                return correlates ? convolver{as_correlation{}, x.shape(), k, o} : convolver{x.shape(), k, o};
            };
            const auto plan = made(h), other = plan.with_kernel(g), fresh = made(g);
            CHECK(difference(other(x), fresh(x)) == "");
            CHECK(difference(plan(x), made(h)(x)) == "");
            if (m == method::direct || m == method::im2col)  // one call may take another method or other tiles
                CHECK(difference(other(x), correlates ? correlate(x, g, o) : convolve(x, g, o)) == "");
            auto scratch = other.adjoint_workspace();
            tensor<float, 2> back(x.shape()), want(x.shape());
            const auto y = any_tensor<float, 2>(r, plan.output_shape());
            other.adjoint(y, back, scratch);
            fresh.adjoint(y, want, scratch);
            CHECK(difference(back, want) == "");
        }
    const convolver plan{x.shape(), h};
    const tensor<float, 2> longer({3, 6});
    CHECK(message_of<shape_error>([&] { plan.with_kernel(longer); }) ==
          "with_kernel: a kernel of shape (3, 6) for a plan made for (3, 5)");
}

TEST_CASE("convolver: a kernel that turns NaN changes the method, and one plan does not spoil the other",
          "[convolve]") {
    std::vector<float> h{1, 2, 1};
    const convolver plan{{50}, h, {.padding = mode::valid}};
    h[1] = std::numeric_limits<float>::quiet_NaN();
    CHECK(plan.with_kernel(h).method() == method::direct);
    const std::vector<float> x(50, 1.0f);
    CHECK(plan(x)(0) == 4);
    CHECK(std::isnan(plan.with_kernel(h)(x)(0)));
}

TEST_CASE("convolver: plans move, and do not need the kernel that they were made from", "[convolve]") {
    const std::vector<double> x{1, 2, 3};
    std::vector<convolver<double>> plans;
    for (double tap = 1; tap <= 3; ++tap) plans.push_back(convolver{{3}, std::vector<double>{1, tap}});
    CHECK(difference(plans[0](x), tensor<double, 1>({4}, {1, 3, 5, 3})) == "");
    CHECK(difference(plans[2](x), tensor<double, 1>({4}, {1, 5, 9, 9})) == "");
}

TEST_CASE("convolver: the adjoint of integer sums in 64 bits, of narrower floating outputs, of bytes", "[convolve]") {
    const std::vector<std::int8_t> h{1, 2};
    {
        const convolver<std::int8_t> plan{{3}, h};
        auto scratch = plan.adjoint_workspace();
        const std::vector<std::int64_t> y{1, 10, 100, 1000};
        std::vector<std::int64_t> x(3);
        plan.adjoint(y, x, scratch);
        CHECK(x == std::vector<std::int64_t>{21, 210, 2100});
    }
    {  // integer sums stored as float: the adjoint reads fractions
        const convolver<std::uint8_t, std::int8_t, std::int64_t, float> plan{{3}, h};
        auto scratch = plan.adjoint_workspace();
        const std::vector<float> y{0.5f, 0.25f, 0, 1};
        std::vector<float> x(3);
        plan.adjoint(y, x, scratch);
        CHECK(x == std::vector<float>{1, 0.25f, 2});
    }
    {  // sums of 32 bits: the plan can be made, though its adjoint could not
        const convolver<std::uint8_t, std::int8_t, std::int32_t> plan{{3}, h};
        const std::vector<std::uint8_t> x{1, 2, 255};
        CHECK(difference(plan(x), tensor<std::int32_t, 1>({4}, {1, 4, 259, 510})) == "");
    }
    {  // real sums stored as complex numbers: the adjoint reads imaginary parts
        using c32 = std::complex<float>;
        const convolver<float, float, float, c32> plan{{3}, std::vector<float>{1, 2}};
        auto scratch = plan.adjoint_workspace();
        const std::vector<c32> y{{1, 1}, {10, 0}, {100, -2}, {1000, 0}};
        std::vector<c32> x(3);
        plan.adjoint(y, x, scratch);
        CHECK(x == std::vector<c32>{{21, 1}, {210, -4}, {2100, -2}});
    }
    {
        const convolver<float, float, double, float> plan{{3}, std::vector<float>{1, 2}};
        auto scratch = plan.adjoint_workspace();
        const std::vector<float> y{1, 10, 100, 1000};
        std::vector<float> x(3);
        plan.adjoint(y, x, scratch);
        CHECK(x == std::vector<float>{21, 210, 2100});
    }
}

TEST_CASE("convolver: wrong calls are refused and leave the output as it was", "[convolve]") {
    random_source r(4);
    const auto h = any_tensor<float, 2>(r, {3, 3});
    const convolver plan{{8, 9}, h, {.padding = mode::same, .boundary = boundary::circular}};
    auto scratch = plan.adjoint_workspace();
    auto y = any_tensor<float, 2>(r, {8, 9});
    const auto before = y;
    const tensor<float, 2> x({8, 9}), tall({9, 9});
    const tensor<float, 1> flat({72});
    tensor<float, 2> wide({8, 10});
    CHECK(message_of<shape_error>([&] { plan(tall, y, scratch); }) ==
          "convolve: an input of shape (9, 9) for a plan made for (8, 9)");
    CHECK(message_of<shape_error>([&] { plan(flat, y, scratch); }) ==
          "convolve: an input of shape (72,) for a plan made for (8, 9)");
    CHECK(message_of<shape_error>([&] { plan(x, wide, scratch); }) ==
          "convolve: an output of shape (8, 10) where the result has (8, 9)");
    CHECK(message_of<overlap_error>([&] { plan(y, y, scratch); }) ==
          "convolve: the output overlaps the input; write into other memory, then copy");
    const auto repeated = tensor_view<float, 2>::from_raw(y.data(), {8, 9}, {0, 1});
    CHECK(message_of<overlap_error>([&] { plan(x, repeated, scratch); }) ==
          "convolve: the output of shape (8, 9) with strides (0, 1) overlaps itself");
    CHECK(message_of<shape_error>([&] { plan.adjoint(tall, y, scratch); }) ==
          "adjoint: an input of shape (9, 9) for a plan made for (8, 9)");
    CHECK(message_of<shape_error>([&] { plan.adjoint(x, wide, scratch); }) ==
          "adjoint: an output of shape (8, 10) where the result has (8, 9)");
    CHECK(message_of<overlap_error>([&] { plan.adjoint(y, y, scratch); }) ==
          "adjoint: the output overlaps the input; write into other memory, then copy");
    workspace none(0, 0, 1);
    CHECK(message_of<shape_error>([&] {
              plan(x, y, none);
          }).find("convolve: a workspace of 0 bytes per worker for a plan that needs ") == 0);
    CHECK(message_of<shape_error>([&] {
              plan.adjoint(x, y, none);
          }).find("adjoint: a workspace of 0 bytes per worker and 0 for all; the plan needs ") == 0);
    auto forward_only = plan.workspace();
    CHECK(message_of<shape_error>([&] {
              plan.adjoint(x, y, forward_only);
          }).find("; make it with the plan's own adjoint_workspace()") != std::string::npos);
    CHECK(message_of<shape_error>([&] { plan(flat); }) ==
          "convolve: an input of shape (72,) for a plan made for (8, 9)");
    auto elsewhere = std::move(scratch);
    CHECK_THROWS_AS(plan(x, y, scratch), shape_error);  // a workspace that was moved from
    scratch = std::move(elsewhere);
    CHECK(difference(y, before) == "");
    plan(x, y, scratch);  // and the plan still works
    for (float v : y) CHECK(v == 0);
}

TEST_CASE("convolver: options that make no sense are refused when it is made", "[convolve]") {
    const std::vector<float> h{1, 2, 3};
    CHECK(message_of<option_error>([&] { convolver({5}, h, {.stride = 0}); }) ==
          "convolve: axis 0: a window stride of 0: at least 1 is needed");
    CHECK(message_of<option_error>([&] { convolver(as_correlation{}, {5}, h, {.stride = 0}); }) ==
          "correlate: axis 0: a window stride of 0: at least 1 is needed");
    CHECK(message_of<shape_error>([&] {
              convolver({5, 5}, h);
          }).find("convolve: an input of 2 axes (5, 5) and a kernel of 1 (3,)") == 0);
}

TEST_CASE("convolver: a plan does not depend on an adjoint that cannot be had", "[convolve]") {
    const std::vector<float> h{1, 2};
    {  // the rim that the adjoint folds has more samples than 64 bits count bytes
        const float sample = 3;
        const index_t n = index_t{1} << 60;
        const auto endless = tensor_view<float const, 1>::from_raw(&sample, {n}, {0});
        const convolve_options o{.padding = {{n, n}}, .boundary = boundary::circular, .stride = n / 2};
        const convolver<float> plan{{n}, h, o};
        CHECK(difference(plan(endless), convolve(endless, h, o)) == "");
        CHECK(message_of<overflow_error>([&] { plan.adjoint_workspace(); }) ==
              "bytes of the padded adjoint: 2882303761517117442 * 4 does not fit 64 bits");
        CHECK_THROWS_AS(plan.adjoint_workspace(), overflow_error);  // and again
    }
    {  // more scratch than is allowed
        const index_t memory = convolver<float>{{100000}, h}.workspace().bytes_per_worker();
        const convolver<float> plan{{100000}, h, {.boundary = boundary::reflect, .memory = memory}};
        CHECK_NOTHROW(plan.workspace());
        CHECK(message_of<unsupported_error>([&] { plan.adjoint_workspace(); }) ==
              text("adjoint: it needs ", memory + 400008,
                   " bytes of scratch, 400008 of them for what the rim adds "
                   "back; the limit is ",
                   memory));
    }
}

TEST_CASE("convolver: the adjoint is planned once, whichever thread asks first", "[convolve][threads]") {
    random_source r(6);
    const auto x = any_tensor<float, 2>(r, {20, 30}), h = any_tensor<float, 2>(r, {3, 5});
    const convolver plan{x.shape(), h, {.padding = mode::same, .boundary = boundary::reflect}};
    std::vector<tensor<float, 2>> back(4, tensor<float, 2>(x.shape()));
    std::vector<std::thread> threads;
    for (auto& to : back)
        threads.emplace_back([&] {
            auto scratch = plan.adjoint_workspace();
            plan.adjoint(x, to, scratch);
        });
    for (std::thread& t : threads) t.join();
    for (auto const& one : back) CHECK(difference(one, back[0]) == "");
}

TEST_CASE("convolver: empty inputs and outputs are called like others", "[convolve]") {
    const std::vector<float> h{1, 2, 3}, none;
    const convolver plan{{0}, h};
    CHECK(plan.output_shape() == shape{0});
    CHECK(plan(none).count() == 0);
    const convolver short_one{{2}, h, {.padding = mode::valid}};
    const std::vector<float> two{1, 2};
    CHECK(short_one(two).count() == 0);
    auto scratch = short_one.adjoint_workspace();
    std::vector<float> back{7, 7};
    short_one.adjoint(none, back, scratch);
    CHECK(back == std::vector<float>{0, 0});
}

TEST_CASE("convolver: a workspace of another plan serves if it is large enough, for any number of threads",
          "[convolve][threads]") {
    random_source r(5);
    const auto x = any_tensor<float, 2>(r, {30, 60}), h = any_tensor<float, 2>(r, {5, 5});
    const convolver one{x.shape(), h, {.method = method::direct}},
        three{x.shape(), h, {.method = method::direct, .threads = 3}};
    auto scratch = three.workspace();
    tensor<float, 2> y(one.output_shape());
    one(x, y, scratch);
    CHECK(difference(y, one(x)) == "");
}
