// tests/nufft/nufft.test.cpp -- points to modes and back against the sums that define them
#include <faltung/nufft.hpp>

#include "direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

tensor_view<double const, 2> view_of_cloud(testing::cloud const& x) {
    return tensor_view<double const, 2>(std::span<double const>(x.at), {x.count(), x.axes});
}

template <class R>
constexpr double floor_of = sizeof(R) == 4 ? 2e-5 : 3e-14;

template <class R>
void require_sums(nufft_type type, shape const& n, index_t points, nufft_options const& o) {
    INFO(text(sizeof(R) == 4 ? "float " : "double ", type == nufft_type::points_to_modes ? "1 " : "2 ", n,
              " tolerance ", o.tolerance, " sign ", o.sign, " oversampling ", o.oversampling));
    testing::random_source random(3, static_cast<std::uint64_t>(points));
    testing::cloud x = testing::random_cloud(random, points, n.rank(), -7, 7);
    if constexpr (sizeof(R) == 4)
        for (double& v : x.at) v = static_cast<double>(static_cast<float>(v));
    const nufft<R> plan(type, n, view_of_cloud(x), o);
    const std::vector<index_t> modes = testing::all_modes(n, o.order == mode_order::fft);
    const bool to_modes = type == nufft_type::points_to_modes;
    const index_t count = checked::product(n, "modes");
    const auto in = testing::random_numbers<R>(random, to_modes ? points : count);
    std::vector<std::complex<R>> out(static_cast<std::size_t>(to_modes ? count : points));
    auto scratch = plan.workspace();
    plan.execute(in, out, scratch);
    const int sign = o.sign != 0 ? o.sign : to_modes ? -1 : 1;
    const auto expected =
        to_modes ? testing::direct_modes(x, in, modes, sign) : testing::direct_points(x, in, modes, sign);
    REQUIRE(testing::relative_error(out, expected) <= std::max(floor_of<R>, 4 * o.tolerance));
}

template <class R>
void require_adjoint(nufft_type type, shape const& n, nufft_options const& o) {
    INFO(text(n, " tolerance ", o.tolerance));
    testing::random_source random(5);
    const testing::cloud x = testing::random_cloud(random, 41, n.rank());
    const nufft<R> plan(type, n, view_of_cloud(x), o);
    const bool to_modes = type == nufft_type::points_to_modes;
    const index_t modes = checked::product(n, "modes");
    const auto a = testing::random_numbers<R>(random, to_modes ? 41 : modes),
               b = testing::random_numbers<R>(random, to_modes ? modes : 41);
    auto of_a = b, of_b = a;
    auto scratch = plan.workspace();
    plan.execute(a, of_a, scratch);
    plan.adjoint(b, of_b, scratch);
    const testing::wide l = testing::product(b, of_a), r = testing::product(of_b, a);
    REQUIRE(std::abs(l - r) <= (sizeof(R) == 4 ? 1e-5L : 1e-13L) * std::abs(l));
}

template <class R>
void sweep(int lowest) {
    for (int digits = 1; digits <= lowest; ++digits)
        for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points}) {
            nufft_options o{.tolerance = std::pow(10.0, -digits)};
            for (shape const& n : {shape{64}, shape{31}, shape{16, 27}, shape{6, 9, 11}}) {
                o.oversampling = 0;
                require_sums<R>(type, n, 50, o);
                o.oversampling = 2;
                require_sums<R>(type, n, 50, o);
            }
            for (const double oversampling : {1.25, 1.5, 3.0}) {
                o.oversampling = oversampling;
                if (oversampling == 1.25 && digits > 9) continue;
                if (oversampling == 1.5 && digits > 12) continue;
                require_sums<R>(type, {101}, 60, o);
                require_sums<R>(type, {40, 33}, 60, o);
            }
        }
}

// The largest error for each width of the kernel is that of the least tolerance which is given it.
template <class R>
void require_ends_of_widths(double lowest) {
    for (const double oversampling : {1.25, 1.5, 2.0, 3.0})
        for (int width = 2; width <= 16; ++width) {
            const double least = detail::expected_error(width, oversampling) / 1.6 * (1 + 1e-9);
            if (least < lowest || least >= 1 || detail::width_for(least, oversampling) != width) continue;
            for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points})
                for (shape const& n : {shape{64}, shape{31}, shape{16, 27}, shape{6, 9, 11}})
                    require_sums<R>(type, n, 50, {.tolerance = least, .oversampling = oversampling});
        }
}

}  // namespace

TEST_CASE("the least tolerance of each width of the kernel holds") {
    require_ends_of_widths<double>(1e-14);
    require_ends_of_widths<float>(1e-6);
}

TEST_CASE("every tolerance holds in double, for both types and one to three axes") { sweep<double>(14); }

TEST_CASE("every tolerance holds in float, for both types and one to three axes") { sweep<float>(6); }

TEST_CASE("signs, orders of modes, and numbers of them") {
    for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points})
        for (const int sign : {-1, 0, 1})
            for (const mode_order order : {mode_order::natural, mode_order::fft}) {
                const nufft_options o{.tolerance = 1e-10, .sign = sign, .order = order};
                for (shape const& n : {shape{1}, shape{2}, shape{3}, shape{17}, shape{1, 1}, shape{1, 7}, shape{13, 2},
                                       shape{2, 3, 4}, shape{7, 1, 5}, shape{1, 1, 1}, shape{5, 40, 3}})
                    require_sums<double>(type, n, 23, o);
                require_sums<float>(type, {8, 15}, 23, {.tolerance = 1e-6, .sign = sign, .order = order});
            }
}

TEST_CASE("bands, slabs and tiles of larger grids") {
    for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points}) {
        require_sums<double>(type, {200, 90}, 30, {.tolerance = 1e-12});
        require_sums<double>(type, {3, 2000}, 30, {.tolerance = 1e-12});
        require_sums<double>(type, {1500, 5}, 30, {.tolerance = 1e-12});
        require_sums<double>(type, {40, 25, 30}, 12, {.tolerance = 1e-12});
        require_sums<double>(type, {20000}, 30, {.tolerance = 1e-9});
    }
}

TEST_CASE("points on the grid of a discrete transform give that transform, however far away they are") {
    const index_t n = 24;
    testing::random_source random(9);
    testing::cloud x{1, {}}, far{1, {}};
    for (index_t j = 0; j < n; ++j) {
        x.at.push_back(2 * 3.14159265358979323846 * static_cast<double>(j) / static_cast<double>(n));
        far.at.push_back(x.at.back() + 2 * 3.14159265358979323846 * static_cast<double>(j % 5 - 2));
    }
    const auto c = testing::random_numbers<double>(random, n);
    std::vector<testing::wide> expected;
    for (index_t m = 0; m < n; ++m) {
        testing::wide sum = 0;
        for (index_t j = 0; j < n; ++j)
            sum += testing::wide(c[static_cast<std::size_t>(j)]) *
                   std::polar(1.0L, -2 * 3.14159265358979323846264338327950288L * static_cast<long double>(m * j % n) /
                                        static_cast<long double>(n));
        expected.push_back(sum);
    }
    const nufft_options o{.tolerance = 1e-14, .order = mode_order::fft};
    const auto found = nufft<double>(nufft_type::points_to_modes, {n}, view_of_cloud(x), o)(c);
    const auto shifted = nufft<double>(nufft_type::points_to_modes, {n}, view_of_cloud(far), o)(c);
    REQUIRE(testing::relative_error(found, expected) <= 1e-13);
    REQUIRE(testing::relative_error(shifted, found) <= 1e-12);
}

TEST_CASE("the adjoint is exact for every tolerance") {
    for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points})
        for (const double tolerance : {1e-1, 1e-3, 1e-6, 1e-12})
            for (shape const& n : {shape{33}, shape{20, 17}, shape{5, 6, 7}}) {
                require_adjoint<double>(type, n, {.tolerance = tolerance});
                if (tolerance >= 1e-6) require_adjoint<float>(type, n, {.tolerance = tolerance, .oversampling = 1.5});
            }
}

TEST_CASE("a batch of strengths is one transform after the other, and threads change no bit", "[threads]") {
    testing::random_source random(11);
    const testing::cloud x = testing::random_cloud(random, 3000, 2);
    for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points}) {
        const nufft<double> one(type, {150, 40}, view_of_cloud(x)),
            many(type, {150, 40}, view_of_cloud(x), {.threads = 3});
        const index_t from = type == nufft_type::points_to_modes ? 3000 : 6000, to = 9000 - from;
        const auto in = testing::random_numbers<double>(random, 3 * from);
        std::vector<std::complex<double>> a(static_cast<std::size_t>(3 * to)), b = a;
        auto scratch = one.workspace(), shared = many.workspace();
        REQUIRE(shared.workers() == 3);
        if (type == nufft_type::points_to_modes)
            one.execute(tensor_view<std::complex<double> const, 2>(std::span(in), {3, 3000}),
                        tensor_view<std::complex<double>, 3>(std::span(a), {3, 150, 40}), scratch);
        else
            one.execute(tensor_view<std::complex<double> const, 3>(std::span(in), {3, 150, 40}),
                        tensor_view<std::complex<double>, 2>(std::span(a), {3, 3000}), scratch);
        for (index_t k = 0; k < 3; ++k)
            many.execute(std::span(in).subspan(static_cast<std::size_t>(k * from), static_cast<std::size_t>(from)),
                         std::span(b).subspan(static_cast<std::size_t>(k * to), static_cast<std::size_t>(to)), shared);
        REQUIRE(a == b);
    }
}

TEST_CASE("threads change no bit for one to three axes, of either type and its adjoint, in float and double",
          "[threads]") {
    const auto require_bits = [](auto kind, shape const& n, nufft_type type) {
        using R = decltype(kind);
        INFO(text(n, " bytes ", sizeof(R)));
        testing::random_source random(19);
        const testing::cloud x = testing::random_cloud(random, 500, n.rank());
        const index_t modes = checked::product(n, "modes"), in = type == nufft_type::points_to_modes ? 500 : modes;
        const auto a = testing::random_numbers<R>(random, in), b = testing::random_numbers<R>(random, 500 + modes - in);
        std::vector<std::complex<R>> first_of_a, first_of_b;
        for (const int threads : {1, 2, 5}) {
            const nufft<R> plan(type, n, view_of_cloud(x), {.tolerance = 1e-5, .threads = threads});
            auto of_a = b, of_b = a;
            auto scratch = plan.workspace();
            plan.execute(a, of_a, scratch);
            plan.adjoint(b, of_b, scratch);
            if (threads == 1) {
                first_of_a = of_a;
                first_of_b = of_b;
            }
            REQUIRE(of_a == first_of_a);
            REQUIRE(of_b == first_of_b);
        }
    };
    for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points})
        for (shape const& n : {shape{9001}, shape{150, 33}, shape{40, 21, 10}}) {
            require_bits(double{}, n, type);
            require_bits(float{}, n, type);
        }
}

TEST_CASE("points that lie together, and many at one place") {
    testing::random_source random(21);
    for (shape const& n : {shape{60}, shape{30, 41}, shape{12, 10, 9}}) {
        testing::cloud x = testing::random_cloud(random, 80, n.rank(), 3.1413, 3.1419);  // around the end of a period
        std::fill(x.at.begin(), x.at.begin() + 40 * n.rank(), -0.25);
        const auto modes = testing::all_modes(n, false);
        const auto c = testing::random_numbers<double>(random, 80);
        const nufft<double> there(nufft_type::points_to_modes, n, view_of_cloud(x), {.tolerance = 1e-9}),
            back(nufft_type::modes_to_points, n, view_of_cloud(x), {.tolerance = 1e-9});
        REQUIRE(testing::relative_error(there(c), testing::direct_modes(x, c, modes, -1)) <= 4e-9);
        const auto f = testing::random_numbers<double>(random, checked::product(n, "modes"));
        REQUIRE(testing::relative_error(back(f), testing::direct_points(x, f, modes, 1)) <= 4e-9);
    }
}

TEST_CASE("width and oversampling follow from the tolerance and the number of points") {
    testing::random_source random(23);
    const testing::cloud few = testing::random_cloud(random, 10, 2), many = testing::random_cloud(random, 40000, 2);
    int width = 0;
    for (int digits = 1; digits <= 14; ++digits) {
        const nufft<double> plan(nufft_type::points_to_modes, {64, 64}, view_of_cloud(many),
                                 {.tolerance = std::pow(10.0, -digits), .oversampling = 2});
        REQUIRE(plan.width() >= width);
        width = plan.width();
    }
    REQUIRE(width == 15);
    const nufft<double> coarse(nufft_type::points_to_modes, {64, 64}, view_of_cloud(few)),
        fine(nufft_type::points_to_modes, {64, 64}, view_of_cloud(many)),
        exact(nufft_type::points_to_modes, {64, 64}, view_of_cloud(few), {.tolerance = 1e-14});
    REQUIRE(coarse.oversampling() < 1.5);
    REQUIRE(fine.oversampling() >= 1.5);
    REQUIRE(exact.oversampling() >= 2);  // fewer nodes for each mode would need more than 16 of a kernel
}

TEST_CASE("other points for the same plan, and points of any layout") {
    testing::random_source random(13);
    const testing::cloud x = testing::random_cloud(random, 20, 2), y = testing::random_cloud(random, 31, 2);
    nufft<double> plan(nufft_type::points_to_modes, {12, 9}, view_of_cloud(x));
    plan.set_points(view_of_cloud(y));
    REQUIRE(plan.points() == 31);
    const auto c = testing::random_numbers<double>(random, 31);
    REQUIRE(testing::relative_error(plan(c), testing::direct_modes(y, c, testing::all_modes({12, 9}, false), -1)) <=
            4e-6);
    std::vector<double> columns;  // all first coordinates, then all second ones
    for (const int a : {0, 1})
        for (index_t j = 0; j < 31; ++j) columns.push_back(y(j, a));
    const auto before = plan(c);
    plan.set_points(tensor_view<double const, 2>(std::span<double const>(columns), {31, 2}, {1, 31}));
    REQUIRE(plan(c) == before);
    std::vector<double> broken = y.at;
    broken[7] = std::nan("");
    REQUIRE(message_of<option_error>([&] {
                plan.set_points(tensor_view<double const, 2>(std::span<double const>(broken), {31, 2}));
            }) == "nufft: coordinate 1 of point 3 is not finite");
    REQUIRE(plan(c) == before);
}

TEST_CASE("a copy of a plan keeps its points when the other one is given others") {
    testing::random_source random(29);
    const auto x = testing::random_cloud(random, 50, 2), y = testing::random_cloud(random, 50, 2);
    const auto view = [](testing::cloud const& p) {
        return tensor_view<double const, 2>(std::span<double const>(p.at), {p.count(), 2});
    };
    nufft<double> plan(nufft_type::points_to_modes, {12, 9}, view(x));
    const auto c = testing::random_numbers<double>(random, 50);
    const auto of_x = plan(c);
    const nufft<double> copy = plan;
    plan.set_points(view(y));
    REQUIRE(copy(c) == of_x);
    const auto of_y = plan(c);
    REQUIRE(of_y != of_x);
    plan.set_points(view(x));  // in the memory of y
    REQUIRE(plan(c) == of_x);
}

TEST_CASE("the measured error is that of the tolerance, on any number of axes and in float, too") {
    testing::random_source random(17);
    for (shape const& n : {shape{200}, shape{30, 31}, shape{9, 8, 7}})
        for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points}) {
            const testing::cloud y = testing::random_cloud(random, 100, n.rank());
            const nufft_options o{.tolerance = 1e-4};
            for (const double found : {nufft<double>(type, n, view_of_cloud(y), o).measured_error(view_of_cloud(y)),
                                       nufft<float>(type, n, view_of_cloud(y), o).measured_error(view_of_cloud(y))}) {
                REQUIRE(found <= 4e-4);
                REQUIRE(found >= 1e-7);
            }
        }
    const testing::cloud x = testing::random_cloud(random, 300, 2);
    for (const nufft_type type : {nufft_type::points_to_modes, nufft_type::modes_to_points}) {
        const double coarse =
            nufft<double>(type, {30, 31}, view_of_cloud(x), {.tolerance = 1e-3}).measured_error(view_of_cloud(x));
        const double fine =
            nufft<double>(type, {30, 31}, view_of_cloud(x), {.tolerance = 1e-11}).measured_error(view_of_cloud(x), 100);
        REQUIRE(coarse <= 4e-3);
        REQUIRE(coarse >= 1e-6);
        REQUIRE(fine <= 4e-11);
        REQUIRE(fine >= 1e-15);
        // that of other random numbers, over all outputs, is about the same
        const nufft<double> plan(type, {30, 31}, view_of_cloud(x), {.tolerance = 1e-4});
        const bool to_modes = type == nufft_type::points_to_modes;
        const auto in = testing::random_numbers<double>(random, to_modes ? 300 : 930);
        const auto modes = testing::all_modes({30, 31}, false);
        const double whole = testing::relative_error(
            plan(in), to_modes ? testing::direct_modes(x, in, modes, -1) : testing::direct_points(x, in, modes, 1));
        const double found = plan.measured_error(view_of_cloud(x), 200);
        REQUIRE(found <= 2 * whole);
        REQUIRE(found >= whole / 2);
        REQUIRE(message_of<option_error>([&] { plan.measured_error(view_of_cloud(x), 0); }) ==
                "nufft: a sample of 0: at least 1 is needed");
        REQUIRE(message_of<shape_error>([&] {
                    plan.measured_error(tensor_view<double const, 2>(std::span<double const>(x.at).first(8), {4, 2}));
                }) == "nufft: 4 points to measure with, 300 were set");
    }
}

TEST_CASE("what cannot be transformed is refused with its numbers") {
    const std::vector<double> x{0.5, 1, 2};
    const auto made = [&](shape const& n, nufft_options const& o) {
        return [&, n, o] { nufft<double>(nufft_type::points_to_modes, n, x, o); };
    };
    REQUIRE(message_of<option_error>(made({0}, {})) == "nufft: axis 0 has 0 modes: at least 1 is needed");
    REQUIRE(message_of<shape_error>(made({}, {})) == "nufft: modes of shape (): 1 to 3 axes are possible");
    REQUIRE(message_of<shape_error>(made({4, 4}, {})) == "nufft: points of shape (3,): (count, 2) is needed");
    REQUIRE(message_of<overflow_error>(made({index_t{1} << 40, index_t{1} << 40}, {})) ==
            "modes: 1099511627776 * 1099511627776 does not fit 64 bits");
    REQUIRE(message_of<overflow_error>(made({index_t{1} << 31, index_t{1} << 31}, {})) ==
            "bytes of the modes: 4611686018427387904 * 16 does not fit 64 bits");
    REQUIRE(message_of<option_error>(made({4, -1}, {})) == "nufft: axis 1 has -1 modes: at least 1 is needed");
    REQUIRE(message_of<option_error>(made({4}, {.tolerance = 0})) ==
            "nufft: .tolerance = 0: the smallest one in double is 1e-14, and it is less than 1");
    REQUIRE(message_of<option_error>(made({4}, {.tolerance = 1e-12, .oversampling = 1.25})) ==
            "nufft: .tolerance = 1e-12: the smallest one with 1.25 nodes for each mode is 4.74953e-10");
    REQUIRE(message_of<option_error>(made({4}, {.sign = 2})) == "nufft: .sign = 2: -1, 1 or 0 for the usual one");
    REQUIRE(message_of<option_error>(made({4}, {.threads = 0})) == "nufft: .threads = 0: at least 1 is needed");
    REQUIRE(message_of<option_error>(made({4}, {.oversampling = 1})) ==
            "nufft: .oversampling = 1: from 1.25 to 4, or 0 for the best one");
    REQUIRE(message_of<option_error>([&] { nufft<float>(nufft_type::points_to_modes, {4}, x, {.tolerance = 1e-7}); }) ==
            "nufft: .tolerance = 1e-07: the smallest one in float is 1e-06, and it is less than 1");
    REQUIRE(message_of<option_error>([&] { nufft<double>(nufft_type::points_to_modes, {4}, std::vector<double>{}); }) ==
            "nufft: no points");
    const nufft<double> plan(nufft_type::points_to_modes, {4, 5},
                             tensor_view<double const, 2>(std::span(x).first(2), {1, 2}));
    auto scratch = plan.workspace();
    std::vector<std::complex<double>> c(1), f(20), wrong(2), less(19);
    REQUIRE(message_of<shape_error>([&] { plan.execute(wrong, f, scratch); }) ==
            "nufft: an input of shape (2,): (1,) is needed, after any batch axes");
    REQUIRE(message_of<shape_error>([&] { plan.execute(c, less, scratch); }) ==
            "nufft: an output of shape (19,): (4, 5) is needed, after any batch axes");
    REQUIRE(message_of<overlap_error>([&] { plan.execute(std::span(f).first(1), f, scratch); }) ==
            "nufft: the output overlaps the input");
    workspace small(0, 0, 1);
    REQUIRE(message_of<shape_error>([&] { plan.execute(c, f, small); }) == "nufft: a workspace of another plan");
}

TEST_CASE("points of any finite value") {
    const std::vector<double> x{1e300, -1e17, 0, -0.0, 6.283185307179586, -3.5e5};
    const nufft<double> plan(nufft_type::points_to_modes, {8}, x, {.tolerance = 1e-12});
    const auto f = plan(std::vector<std::complex<double>>{0, 0, 1, 1, 1, 1});
    testing::cloud near{1, {0, 0, 6.283185307179586, -3.5e5}};
    const auto expected =
        testing::direct_modes(near, std::vector<std::complex<double>>{1, 1, 1, 1}, testing::all_modes({8}, false), -1);
    REQUIRE(testing::relative_error(f, expected) <= 4e-12);
    for (std::complex<double> v : plan(std::vector<std::complex<double>>(6, 1)))
        REQUIRE((std::isfinite(v.real()) && std::isfinite(v.imag())));
}
