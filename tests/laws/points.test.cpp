// tests/laws/points.test.cpp -- random small transforms of points, of types 1 to 3, against the sums that define them
#include <faltung/nufft/nufft.hpp>
#include <faltung/nufft/point_transform.hpp>

#include "nufft/direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;

namespace {

tensor_view<double const, 2> view_of_cloud(testing::cloud const& x) {
    return tensor_view<double const, 2>(std::span<double const>(x.at), {x.count(), x.axes});
}

template <class R>
testing::cloud rounded(testing::cloud x) {
    for (double& v : x.at) v = static_cast<double>(static_cast<R>(v));
    return x;
}

struct random_case {
    int axes;
    shape n;
    testing::cloud x;
    double tolerance;
    int sign;
    mode_order order;

    /// What a plan for R can hold: float's points and tolerances are fewer.
    template <class R>
    random_case(testing::random_source& random, R) : axes(static_cast<int>(random.between(1, 3))) {
        for (int a = 0; a < axes; ++a) n.push_back(random.between(1, axes == 1 ? 40 : axes == 2 ? 9 : 4));
        // now and then points that coincide, at the ends of a period, or far away
        const double reach = random.one_of({0.0, 3.141592653589793, 7.0, 1000.0});
        x = rounded<R>(testing::random_cloud(random, random.between(1, 12), axes, -reach, reach));
        tolerance = std::pow(10.0, -static_cast<double>(random.between(1, sizeof(R) == 4 ? 6 : 14)));
        sign = random.percent(50) ? 1 : -1;
        order = random.percent(50) ? mode_order::natural : mode_order::fft;
    }
};

// |found - expected| / (|A| |input|), which is the relative error unless the sums cancel, as they do for few points.
template <class Found>
double error_of(std::vector<Found> const& found, std::vector<testing::wide> const& expected, double input,
                std::size_t terms) {
    long double difference = 0, norm = 0;
    for (std::size_t k = 0; k < found.size(); ++k) {
        difference += std::norm(testing::wide(found[k]) - expected[k]);
        norm += std::norm(expected[k]);
    }
    const long double largest = static_cast<long double>(input) * std::sqrt(static_cast<long double>(terms));
    return static_cast<double>(std::sqrt(difference / std::max(norm, largest * largest)));
}

template <class R>
double norm_of(std::vector<std::complex<R>> const& v) {
    double sum = 0;
    for (auto const& x : v) sum += static_cast<double>(std::norm(x));
    return std::sqrt(sum);
}

template <class R>
void require_adjoint(auto const& plan, std::uint64_t number, testing::random_source& random,
                     std::vector<std::complex<R>> const& in, std::vector<std::complex<R>> const& out) {
    const auto other = testing::random_numbers<R>(random, static_cast<index_t>(out.size()));
    auto back = in;
    auto scratch = plan.workspace();
    plan.adjoint(other, back, scratch);
    const testing::wide l = testing::product(other, out), r = testing::product(back, in);
    const long double bound = sizeof(R) == 4 ? 1e-5L : 1e-13L;
    if (!(std::abs(l - r) <= bound * static_cast<long double>(norm_of(other) * (1 + norm_of(out)))))
        FAIL("case " << number << ": the adjoint is off by " << static_cast<double>(std::abs(l - r)));
}

template <class R>
constexpr double floor_of = sizeof(R) == 4 ? 2e-5 : 3e-14;

// 10,000 in all: two thirds of types 1 and 2, one third of type 3, one half of each in float.
std::uint64_t cases(std::uint64_t share) { return std::min<std::uint64_t>(testing::random_cases(), 10000) / share + 1; }

}  // namespace

TEMPLATE_TEST_CASE("random transforms between points and modes are their sums, and have adjoints", "[shard_points]",
                   float, double) {
    using R = TestType;
    for (std::uint64_t number = 0; number < cases(3); ++number) {
        testing::random_source random(81, number);
        const random_case c(random, R{});
        const bool to_modes = random.percent(50);
        const nufft<R> plan(to_modes ? nufft_type::points_to_modes : nufft_type::modes_to_points, c.n,
                            view_of_cloud(c.x), {.tolerance = c.tolerance, .sign = c.sign, .order = c.order});
        const auto modes = testing::all_modes(c.n, c.order == mode_order::fft);
        const index_t count = checked::product(c.n, "modes");
        const auto in = testing::random_numbers<R>(random, to_modes ? c.x.count() : count);
        const auto out = plan(in);
        const auto expected =
            to_modes ? testing::direct_modes(c.x, in, modes, c.sign) : testing::direct_points(c.x, in, modes, c.sign);
        // far away, x itself is known to 2^-53 of 1000, times modes up to 20
        if (!(error_of(out, expected, norm_of(in), out.size()) <= std::max(floor_of<R>, 4 * c.tolerance)))
            FAIL("case " << number << ": " << text(c.n, " ", c.x.count(), " points, tolerance ", c.tolerance)
                         << ", error " << error_of(out, expected, norm_of(in), out.size()));
        require_adjoint(plan, number, random, in, out);
    }
}

TEMPLATE_TEST_CASE("random sums from points to points are what they are said to be, and have adjoints",
                   "[shard_points]", float, double) {
    using R = TestType;
    for (std::uint64_t number = 0; number < cases(6); ++number) {
        testing::random_source random(83, number);
        const random_case c(random, R{});
        // ranges whose product needs no large grid
        const double range = c.x.at.empty() ? 1 : *std::max_element(c.x.at.begin(), c.x.at.end());
        const double reach = 8 / std::max(1.0, std::abs(range));
        const auto y = rounded<R>(testing::random_cloud(random, random.between(1, 12), c.axes, -reach, reach));
        const point_transform<R> plan(view_of_cloud(c.x), view_of_cloud(y), {.tolerance = c.tolerance, .sign = c.sign});
        const auto in = testing::random_numbers<R>(random, c.x.count());
        const auto out = plan(in);
        std::vector<testing::wide> expected;
        for (index_t k = 0; k < y.count(); ++k) {
            testing::wide sum = 0;
            for (index_t j = 0; j < c.x.count(); ++j) {
                long double angle = 0;
                for (int a = 0; a < c.axes; ++a)
                    angle += static_cast<long double>(c.x(j, a)) * static_cast<long double>(y(k, a));
                sum += testing::wide(in[static_cast<std::size_t>(j)]) * std::polar(1.0L, c.sign * angle);
            }
            expected.push_back(sum);
        }
        if (!(error_of(out, expected, norm_of(in), out.size()) <= std::max(floor_of<R>, 4 * c.tolerance)))
            FAIL("case " << number << ": "
                         << text(c.axes, " axes, ", c.x.count(), " sources, ", y.count(), " targets, tolerance ",
                                 c.tolerance)
                         << ", error " << error_of(out, expected, norm_of(in), out.size()));
        require_adjoint(plan, number, random, in, out);
    }
}
