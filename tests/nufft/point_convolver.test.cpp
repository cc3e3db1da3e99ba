// tests/nufft/point_convolver.test.cpp -- convolutions of clouds against sums over all pairs of points
#include <faltung/nufft/point_convolver.hpp>

#include "direct_sums.hpp"
#include "support/catch.hpp"

using namespace faltung;
using testing::message_of;

namespace {

tensor_view<double const, 2> view_of_cloud(testing::cloud const& x) {
    return tensor_view<double const, 2>(std::span<double const>(x.at), {x.count(), x.axes});
}

/// The sum over all periods, up to `images` of them on each side, of a Gaussian, in long double.
long double periodised(double const* x, std::vector<double> const& box, double sigma, int images) {
    long double product = 1;
    for (std::size_t a = 0; a < box.size(); ++a) {
        long double sum = 0;
        for (int i = -images; i <= images; ++i) {
            const long double d = std::remainder(static_cast<long double>(x[a]), static_cast<long double>(box[a])) +
                                  i * static_cast<long double>(box[a]);
            sum += std::exp(-d * d / (2 * static_cast<long double>(sigma) * static_cast<long double>(sigma)));
        }
        product *= sum;
    }
    return product;
}

template <class C>
std::vector<testing::wide> gaussian_sums(testing::cloud const& x, testing::cloud const& y, std::vector<C> const& c,
                                         std::vector<double> const& box, double sigma) {
    std::vector<testing::wide> u;
    for (index_t k = 0; k < y.count(); ++k) {
        testing::wide sum = 0;
        for (index_t j = 0; j < x.count(); ++j) {
            double d[3] = {};
            for (int a = 0; a < x.axes; ++a) d[a] = y(k, a) - x(j, a);
            sum += periodised(d, box, sigma, 6) * testing::wide(c[static_cast<std::size_t>(j)]);
        }
        u.push_back(sum);
    }
    return u;
}

template <class T>
void require_gaussian(int axes, point_method method, double tolerance, index_t sources, index_t targets) {
    INFO(text(axes, " axes, ", name_of(method), ", tolerance ", tolerance, is_complex<T> ? ", complex" : ", real"));
    testing::random_source random(31);
    const std::vector<double> box = axes == 1   ? std::vector<double>{3}
                                    : axes == 2 ? std::vector<double>{2, 5}
                                                : std::vector<double>{1, 2, 1.5};
    const double sigma = 0.4;
    const auto x = testing::random_cloud(random, sources, axes, -7, 7),
               y = testing::random_cloud(random, targets, axes);
    const auto complex = testing::random_numbers<real_t<T>>(random, sources);
    std::vector<T> c;
    for (auto const& v : complex)
        if constexpr (is_complex<T>)
            c.push_back(v);
        else
            c.push_back(v.real());
    const auto kernel = gaussian_coefficients(gaussian_modes(box, sigma, 1e-17), box, sigma);
    const point_convolver<T> plan(view_of_cloud(x), view_of_cloud(y), kernel,
                                  {.tolerance = tolerance, .method = method});
    REQUIRE(plan.method() == method);
    const double allowed = method != point_method::grid ? (sizeof(real_t<T>) == 4 ? 2e-6 : 1e-14) : 4 * tolerance;
    const auto u = plan(c);
    REQUIRE(testing::relative_error(u, gaussian_sums(x, y, c, box, sigma)) <=
            std::max(allowed, sizeof(real_t<T>) == 4 ? 2e-5 : 3e-14));
    // <v, A c> = <A^H v, c>
    const auto v = testing::random_numbers<real_t<T>>(random, targets);
    std::vector<T> w;
    for (auto const& n : v)
        if constexpr (is_complex<T>)
            w.push_back(n);
        else
            w.push_back(n.real());
    std::vector<T> back(c.size());
    auto scratch = plan.workspace();
    plan.adjoint(w, back, scratch);
    testing::wide l = 0, r = 0;
    for (std::size_t k = 0; k < u.size(); ++k) l += std::conj(testing::wide(w[k])) * testing::wide(u[k]);
    for (std::size_t k = 0; k < c.size(); ++k) r += std::conj(testing::wide(back[k])) * testing::wide(c[k]);
    REQUIRE(std::abs(l - r) <= (sizeof(real_t<T>) == 4 ? 1e-5L : 1e-12L) * (std::abs(l) + 1));
}

}  // namespace

TEST_CASE("a Gaussian convolution of a cloud is the sum over all pairs and all periods") {
    for (int axes = 1; axes <= 3; ++axes)
        for (const point_method method : {point_method::direct, point_method::grid, point_method::pairs}) {
            for (const double tolerance : {1e-2, 1e-6, 1e-10, 1e-14}) {
                require_gaussian<double>(axes, method, tolerance, 30, 17);
                require_gaussian<std::complex<double>>(axes, method, tolerance, 17, 30);
            }
            require_gaussian<float>(axes, method, 1e-5, 30, 17);
            require_gaussian<std::complex<float>>(axes, method, 1e-6, 30, 17);
        }
}

TEST_CASE("a kernel by samples, by a function, and by a formula is one kernel") {
    const std::vector<double> box{2, 3};
    const double sigma = 0.15;
    for (shape const& n : {shape{32, 40}, shape{33, 45}}) {
        const auto formula = gaussian_coefficients(n, box, sigma);
        const auto function = function_coefficients(
            n, box, 2, [&](double const* x) { return std::exp(-(x[0] * x[0] + x[1] * x[1]) / (2 * sigma * sigma)); });
        std::vector<double> samples;
        for (index_t i = 0; i < n[0]; ++i)
            for (index_t j = 0; j < n[1]; ++j) {
                const double at[] = {box[0] * static_cast<double>(i) / static_cast<double>(n[0]),
                                     box[1] * static_cast<double>(j) / static_cast<double>(n[1])};
                samples.push_back(static_cast<double>(periodised(at, box, sigma, 3)));
            }
        const auto sampled =
            sampled_coefficients(tensor_view<double const, 2>(std::span<double const>(samples), n), box);
        REQUIRE(testing::relative_error(function.at, sampled.at) <= 1e-14);
        REQUIRE(testing::relative_error(sampled.at, formula.at) <= 1e-8);  // what a grid this coarse folds back
    }
    const auto one = function_coefficients({5}, {2}, 0, [](double const* x) { return x[0] == 0 ? 1.0 : 0.0; });
    for (auto const& v : one.at) REQUIRE(std::abs(v - 0.2) <= 1e-15);
}

TEST_CASE("a Gaussian of any sigma, from one that meets no other point to one that is flat") {
    testing::random_source random(34);
    const std::vector<double> box{2, 5};
    const auto x = testing::random_cloud(random, 12, 2, -4, 4);
    const std::vector<double> c(12, 1.25);
    for (const double sigma : {0.02, 0.3, 1.0, 4.0, 20.0}) {
        std::vector<testing::wide> expected;
        for (index_t k = 0; k < 12; ++k) {
            long double sum = 0;
            for (index_t j = 0; j < 12; ++j) {
                const double d[] = {x(k, 0) - x(j, 0), x(k, 1) - x(j, 1)};
                // nine sigma on each side: e^-40.5 is 2.6e-18
                sum += 1.25L * periodised(d, box, sigma, 2 + static_cast<int>(9 * sigma / 2));
            }
            expected.push_back(sum);
        }
        const auto kernel = gaussian_coefficients(gaussian_modes(box, sigma, 1e-16), box, sigma);
        for (const point_method method : {point_method::direct, point_method::grid, point_method::pairs}) {
            INFO(text("sigma ", sigma, ' ', name_of(method)));
            const point_convolver<double> plan(view_of_cloud(x), kernel, {.tolerance = 1e-12, .method = method});
            REQUIRE(testing::relative_error(plan(c), expected) <= 4e-12);
        }
    }
}

TEST_CASE("a kernel by samples has them at the nodes, real or complex, of one to three axes") {
    const auto require_samples = [](auto kind, shape const& n) {
        using T = decltype(kind);
        INFO(text(n, " bytes ", sizeof(T)));
        testing::random_source random(39);
        const index_t count = checked::product(n, "nodes");
        std::vector<T> samples;
        for (auto const& v : testing::random_numbers<real_t<T>>(random, count))
            if constexpr (is_complex<T>)
                samples.push_back(v);
            else
                samples.push_back(v.real());
        std::vector<double> box;
        for (int a = 0; a < n.rank(); ++a) box.push_back(1.5 + a);
        testing::cloud nodes{n.rank(), {}};
        for_each_index(n, [&](index_list const& m) {
            for (int a = 0; a < n.rank(); ++a)
                nodes.at.push_back(box[static_cast<std::size_t>(a)] * static_cast<double>(m[a]) /
                                   static_cast<double>(n[a]));
        });
        const std::vector<T>& s = samples;
        const auto kernel = [&] {
            if (n.rank() == 1) return sampled_coefficients(s, box);
            if (n.rank() == 2) return sampled_coefficients(tensor_view<T const, 2>(std::span(s), n), box);
            return sampled_coefficients(tensor_view<T const, 3>(std::span(s), n), box);
        }();
        const testing::cloud origin{n.rank(), std::vector<double>(static_cast<std::size_t>(n.rank()))};
        const point_convolver<std::complex<double>> plan(view_of_cloud(origin), view_of_cloud(nodes), kernel,
                                                         {.tolerance = 1e-13});
        const auto u = plan(std::vector<std::complex<double>>{1});
        REQUIRE(testing::relative_error(u, samples) <= 1e-12);
    };
    for (shape const& n : {shape{1}, shape{5}, shape{6}, shape{3, 4}, shape{7, 5}, shape{2, 3, 4}}) {
        require_samples(double{}, n);
        require_samples(float{}, n);
        require_samples(std::complex<double>{}, n);
        require_samples(std::complex<float>{}, n);
    }
}

TEMPLATE_TEST_CASE("any number of threads has the same bits, on one to three axes", "[threads]", float, double) {
    testing::random_source random(34);
    for (shape const& n : {shape{3000}, shape{60, 51}, shape{16, 15, 14}})
        for (const point_method method : {point_method::direct, point_method::grid}) {
            const std::vector<double> box(static_cast<std::size_t>(n.rank()), 4.0);
            const auto x = testing::random_cloud(random, 200, n.rank());
            const auto kernel = gaussian_coefficients(n, box, 0.3);
            std::vector<TestType> c;
            for (int j = 0; j < 200; ++j) c.push_back(static_cast<TestType>(testing::real_between(random, -1, 1)));
            const auto by = [&](int threads) {
                const point_convolver_options o{.tolerance = 1e-5, .method = method, .threads = threads};
                return point_convolver<TestType>(view_of_cloud(x), kernel, o)(c);
            };
            const auto one = by(1);
            REQUIRE(by(2) == one);
            REQUIRE(by(5) == one);
        }
}

TEST_CASE("sources that are targets, weights, batches, other kernels and threads") {
    testing::random_source random(33);
    const std::vector<double> box{4, 4};
    const auto x = testing::random_cloud(random, 60, 2);
    const auto kernel = gaussian_coefficients({41, 41}, box, 0.3);
    for (const point_method method : {point_method::direct, point_method::grid, point_method::pairs}) {
        point_convolver<double> plan(view_of_cloud(x), kernel, {.tolerance = 1e-12, .method = method});
        const point_convolver<double> threads(view_of_cloud(x), kernel,
                                              {.tolerance = 1e-12, .method = method, .threads = 2});
        std::vector<double> c, weights, weighted;
        for (int j = 0; j < 60; ++j) {
            c.push_back(testing::real_between(random, -1, 1));
            weights.push_back(testing::real_between(random, 0, 2));
            weighted.push_back(c.back() * weights.back());
        }
        const auto expected = gaussian_sums(x, x, weighted, box, 0.3);
        REQUIRE(testing::relative_error(plan(weighted), expected) <= 4e-12);
        REQUIRE(threads(weighted) == plan(weighted));
        plan.set_weights(weights);
        REQUIRE(testing::relative_error(plan(c), expected) <= 4e-12);
        const auto wider = plan.with_kernel(gaussian_coefficients({41, 41}, box, 0.4));
        REQUIRE(testing::relative_error(wider(c), gaussian_sums(x, x, weighted, box, 0.4)) <= 4e-12);
        std::vector<double> two(c), u(120);
        two.insert(two.end(), weights.begin(), weights.end());
        auto scratch = plan.workspace();
        plan.execute(tensor_view<double const, 2>(std::span<double const>(two), {2, 60}),
                     tensor_view<double, 2>(std::span(u), {2, 60}), scratch);
        const auto first = plan(c), second = plan(weights);
        REQUIRE(std::equal(first.begin(), first.end(), u.begin()));
        REQUIRE(std::equal(second.begin(), second.end(), u.begin() + 60));
    }
}

TEST_CASE("direct sums of every instruction set, and threads that share their rows", "[threads]") {
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512}) {
        if (i > detail::best_instruction_set()) continue;
        // rows in one part and in several, filled up and not, of even and odd numbers
        for (shape const& n : {shape{1}, shape{700}, shape{16, 16}, shape{17, 31}, shape{3, 513}, shape{3, 4, 270}}) {
            INFO(text(name_of(i), " ", n));
            testing::random_source random(38);
            const index_t sources = 70, targets = 13;  // more than a chunk of the loops, and no whole vectors
            const auto x = testing::random_cloud(random, sources, n.rank()),
                       y = testing::random_cloud(random, targets, n.rank());
            const auto view = [&](testing::cloud const& p) {
                return strided<double const>{p.at.data(), {p.count(), n.rank()}, {n.rank(), 1}};
            };
            const auto count = static_cast<std::size_t>(checked::product(n, "modes"));
            const auto modes = testing::all_modes(n, false);
            const auto check = [&](auto kind, double allowed) {
                using R = decltype(kind);
                const detail::point_sums<R> sums(n, view(x), view(y), {}, point_method::direct, i);
                const auto reals = [](auto& v) { return reinterpret_cast<R*>(v.data()); };
                auto c = testing::random_numbers<R>(random, sources),
                     h = testing::random_numbers<R>(random, static_cast<index_t>(count));
                std::vector<std::complex<R>> f(count), u(static_cast<std::size_t>(targets)), others(u);
                workspace one(sums.bytes_per_worker(), sums.shared_bytes(), 1),
                    three(sums.bytes_per_worker(), sums.shared_bytes(), 3);
                sums.to_modes(detail::point_side::sources, reals(c), reals(f), one);
                const auto of_c = testing::direct_modes(x, c, modes, -1);
                REQUIRE(testing::relative_error(f, of_c) <= allowed);
                sums.to_points(detail::point_side::targets, reals(h), reals(u), one);
                REQUIRE(testing::relative_error(u, testing::direct_points(y, h, modes, 1)) <= allowed);
                sums.to_points(detail::point_side::targets, reals(h), reals(others), three);
                REQUIRE(u == others);
                for (const R conjugate : {R{1}, R{-1}}) {
                    std::vector<std::complex<double>> product;
                    for (std::size_t m = 0; m < count; ++m)
                        product.emplace_back(of_c[m] *
                                             (conjugate > 0 ? testing::wide(h[m]) : std::conj(testing::wide(h[m]))));
                    sums.convolve(detail::point_side::sources, reals(c), reals(h), conjugate,
                                  detail::point_side::targets, reals(u), one);
                    REQUIRE(testing::relative_error(u, testing::direct_points(y, product, modes, 1)) <= 4 * allowed);
                    sums.convolve(detail::point_side::sources, reals(c), reals(h), conjugate,
                                  detail::point_side::targets, reals(others), three);
                    REQUIRE(u == others);
                }
            };
            check(double{}, 6e-15);  // angles keep 64 bits
            check(float{}, 5e-6);
        }
    }
}

TEST_CASE("pairs are summed for any real factors, and for no other kernel") {
    for (shape const& n : {shape{9}, shape{8}, shape{6, 9}, shape{7, 4}, shape{1, 6}, shape{4, 3, 5}}) {
        testing::random_source random(36);
        mode_coefficients kernel{n, std::vector<double>(static_cast<std::size_t>(n.rank()), 6.283185307179586), {}};
        std::vector<double> factor[3];
        for (int a = 0; a < n.rank(); ++a)
            for (index_t m = 0; m < n[a]; ++m) factor[a].push_back(testing::real_between(random, -1, 1));
        for_each_index(n, [&](index_list const& m) {
            double product = 1;
            for (int a = 0; a < n.rank(); ++a) product *= factor[a][static_cast<std::size_t>(m[a])];
            kernel.at.emplace_back(product);
        });
        const auto x = testing::random_cloud(random, 5, n.rank()), y = testing::random_cloud(random, 7, n.rank());
        const auto c = testing::random_numbers<double>(random, 5);
        const auto modes = testing::all_modes(n, false);
        const auto expected = [&](mode_coefficients const& k) {
            std::vector<std::complex<double>> product;
            const auto of_c = testing::direct_modes(x, c, modes, -1);
            for (std::size_t m = 0; m < k.at.size(); ++m) product.emplace_back(of_c[m] * testing::wide(k.at[m]));
            return testing::direct_points(y, product, modes, 1);
        };
        const point_convolver<std::complex<double>> plan(view_of_cloud(x), view_of_cloud(y), kernel,
                                                         {.method = point_method::pairs});
        REQUIRE(plan.method() == point_method::pairs);
        REQUIRE(testing::relative_error(plan(c), expected(kernel)) <= 1e-14);
        // another kernel of an automatic plan may have no factors, and gradients take sums over modes
        if (n.rank() < 2 || n[0] == 1) continue;
        auto mixed = kernel;
        mixed.at.back() += 1e-6;
        REQUIRE(message_of<option_error>([&] { plan.with_kernel(mixed); }) ==
                "point_convolver: .method = pairs: the kernel's coefficients are no real products of one number for "
                "each axis");
        const point_convolver<std::complex<double>> chosen(view_of_cloud(x), view_of_cloud(y), kernel),
            other = chosen.with_kernel(mixed);
        REQUIRE(other.method() != point_method::pairs);
        REQUIRE(testing::relative_error(other(c), expected(mixed)) <= 1e-5);
        mixed = kernel;
        mixed.at.front() += std::complex<double>(0, 1e-6);
        REQUIRE(chosen.with_kernel(mixed).method() != point_method::pairs);
    }
}

TEST_CASE("few points are summed in pairs or directly, many by a grid, and the account says why") {
    testing::random_source random(35);
    const auto kernel = gaussian_coefficients({128, 128}, {1, 1}, 0.1);
    const point_convolver<double> few(view_of_cloud(testing::random_cloud(random, 20, 2)), kernel),
        many(view_of_cloud(testing::random_cloud(random, 5000, 2)), kernel);
    REQUIRE(few.method() == point_method::pairs);
    REQUIRE(many.method() == point_method::grid);
    REQUIRE(few.explain().find("taken: pairs, expected to be faster") != std::string::npos);
    auto mixed = kernel;
    mixed.at[100] += 1;
    REQUIRE(few.with_kernel(mixed).method() == point_method::direct);
    REQUIRE(few.with_kernel(mixed).explain().find("taken: direct, expected to be faster") != std::string::npos);
    REQUIRE(many.explain().find("taken: grid, expected to be faster") != std::string::npos);
    REQUIRE(few.explain().find("\n  direct: ") != std::string::npos);
    REQUIRE(few.explain().find("\n  grid: ") != std::string::npos);
    const point_convolver<double> asked(view_of_cloud(testing::random_cloud(random, 20, 2)), kernel,
                                        {.method = point_method::grid});
    REQUIRE(asked.explain().find("taken: grid, as asked for") != std::string::npos);
    REQUIRE(many.explain().find("5000 sources, 5000 targets, modes (128, 128)") != std::string::npos);
}

TEST_CASE("a box with room is a convolution without periods") {
    testing::random_source random(37);
    const auto x = testing::random_cloud(random, 40, 2, 0, 1);
    std::vector<double> c(40, 1.5);
    const double sigma = 0.05, reach = 9 * sigma;  // e^-40.5 is 2.6e-18
    const std::vector<double> box{1 + reach, 1 + reach};
    const point_convolver<double> plan(
        view_of_cloud(x), gaussian_coefficients(gaussian_modes(box, sigma, 1e-16), box, sigma), {.tolerance = 1e-13});
    std::vector<long double> expected;
    for (index_t k = 0; k < 40; ++k) {
        long double sum = 0;
        for (index_t j = 0; j < 40; ++j) {
            const long double a = x(k, 0) - x(j, 0), b = x(k, 1) - x(j, 1);
            sum += 1.5L * std::exp(-(a * a + b * b) / (2 * sigma * sigma));
        }
        expected.push_back(sum);
    }
    REQUIRE(testing::relative_error(plan(c), expected) <= 4e-13);
}

TEST_CASE("what is no convolution of points is refused with its numbers") {
    const std::vector<double> x{0, 1, 2}, none;
    const auto kernel = gaussian_coefficients({8}, {3}, 0.5);
    REQUIRE(message_of<option_error>([&] { gaussian_coefficients({8}, {3}, 0); }) ==
            "gaussian_coefficients: sigma = 0: it must be above 0");
    REQUIRE(message_of<option_error>([&] { gaussian_coefficients({8}, {3}, -0.5); }) ==
            "gaussian_coefficients: sigma = -0.5: it must be above 0");
    REQUIRE(message_of<option_error>([&] { gaussian_modes({1}, 0, 1e-3); }) ==
            "gaussian_coefficients: sigma = 0: it must be above 0");
    REQUIRE(message_of<option_error>([&] { gaussian_coefficients({0}, {3}, 1); }) ==
            "nufft: axis 0 has 0 modes: at least 1 is needed");
    REQUIRE(message_of<overflow_error>([&] {
                gaussian_coefficients({index_t{1} << 40, index_t{1} << 40}, {1, 1}, 1);
            }) == "modes: 1099511627776 * 1099511627776 does not fit 64 bits");
    REQUIRE(message_of<option_error>([&] { sampled_coefficients(none, {1}); }) ==
            "nufft: axis 0 has 0 modes: at least 1 is needed");
    REQUIRE(message_of<option_error>([&] { point_convolver<double>(x, none, kernel); }) == "nufft: no points");
    REQUIRE(message_of<option_error>([&] { gaussian_coefficients({8}, {-3}, 1); }) ==
            "gaussian_coefficients: the box has length -3 along axis 0: it must be above 0");
    REQUIRE(message_of<shape_error>([&] {
                gaussian_coefficients({8, 8}, {3}, 1);
            }) == "gaussian_coefficients: a box of 1 lengths for 2 axes");
    REQUIRE(message_of<option_error>([&] { function_coefficients({8}, {1}, -1, [](double const*) { return 0.0; }); }) ==
            "function_coefficients: -1 images: a number from 0 on is needed");
    REQUIRE(message_of<option_error>([&] { gaussian_modes({1}, 1, 1); }) ==
            "gaussian_modes: a tolerance of 1: between 0 and 1 is needed");
    REQUIRE(message_of<overflow_error>([&] {
                gaussian_modes({1e300}, 1e-3, 1e-6);
            }).find("gaussian_modes: a box of 1e+300") == 0);
    REQUIRE(message_of<option_error>([&] { point_convolver<double>(none, kernel); }) == "nufft: no points");
    REQUIRE(message_of<option_error>([&] { point_convolver<double>(x, kernel, {.tolerance = 0}); }) ==
            "nufft: .tolerance = 0: the smallest one in double is 1e-14, and it is less than 1");
    auto broken = kernel;
    broken.at[3] = std::nan("");
    REQUIRE(message_of<option_error>([&] { point_convolver<double>(x, broken); }) ==
            "point_convolver: coefficient 3 is not finite");
    broken.at.pop_back();
    REQUIRE(message_of<shape_error>([&] { point_convolver<double>(x, broken); }) ==
            "point_convolver: 7 coefficients for (8,) modes, which are 8");
    const std::vector<double> far{0, HUGE_VAL};
    REQUIRE(message_of<option_error>([&] { point_convolver<double>(far, kernel); }) ==
            "point_convolver: coordinate 0 of point 1 is not finite");
    point_convolver<double> plan(x, kernel);
    REQUIRE(message_of<shape_error>([&] { plan.set_weights({1, 2}); }) == "point_convolver: 2 weights for 3 sources");
    REQUIRE(message_of<option_error>([&] {
                plan.set_weights({1, 2, HUGE_VAL});
            }) == "point_convolver: weight 2 is not finite");
    REQUIRE(message_of<shape_error>([&] { plan.with_kernel(gaussian_coefficients({9}, {3}, 0.5)); }) ==
            "point_convolver: a kernel of (9,) modes in the place of one of (8,), or of another box");
    auto scratch = plan.workspace();
    std::vector<double> c(3), less(2);
    REQUIRE(message_of<shape_error>([&] { plan.execute(less, c, scratch); }) ==
            "point_convolver: an input of shape (2,): (3,) is needed, after any batch axes");
    REQUIRE(message_of<overlap_error>([&] { plan.execute(c, c, scratch); }) ==
            "point_convolver: the output overlaps the input");
}
