// bench/versus/nufft/nufft.cpp -- non-uniform transforms and point convolutions for nufft.py, which asks through a
// pipe; FINUFFT's beside them where it is installed
#include <cmath>
#include <complex>
#include <memory>

#include <faltung/nufft.hpp>

#include "../session.hpp"

#if defined(FALTUNG_WITH_FINUFFT)
#include <finufft.h>
#endif

using namespace faltung;
using namespace faltung_bench;

namespace {

constexpr double turn = 6.28318530717958648;

/// Points that fill the torus evenly in an order that jumps: multiples of irrational numbers, as nufft.py has them.
template <class R>
struct cloud {
    shape n;
    std::vector<R> points, axes[3];  // point by point, and axis by axis
    std::vector<std::complex<R>> c, f;

    cloud(shape const& modes, index_t count) : n(modes) {
        const double step[] = {std::sqrt(2.0), std::sqrt(3.0), std::sqrt(5.0)};
        for (index_t j = 0; j < count; ++j) {
            for (int a = 0; a < n.rank(); ++a) {
                const double part = static_cast<double>(j + 1) * step[a];
                points.push_back(static_cast<R>(turn * (part - std::floor(part))));
                axes[a].push_back(points.back());
            }
            c.emplace_back(static_cast<R>(std::cos(static_cast<double>(j))), R(0.5));
        }
        index_t modes_count = 1;
        for (index_t extent : n) modes_count *= extent;
        for (index_t m = 0; m < modes_count; ++m)
            f.emplace_back(static_cast<R>(std::cos(static_cast<double>(m))), R(0.25));
    }

    tensor_view<R const, 2> view() const {
        return {std::span(points), {static_cast<index_t>(points.size()) / n.rank(), n.rank()}};
    }
};

template <class R>
std::array<double, 2> fingerprint(std::vector<std::complex<R>> const& y) {
    tensor<R, 1> reals({2 * static_cast<index_t>(y.size())});
    for (std::size_t k = 0; k < y.size(); ++k) {
        reals.data()[2 * k] = y[k].real();
        reals.data()[2 * k + 1] = y[k].imag();
    }
    return fingerprint_of(reals);
}

#if defined(FALTUNG_WITH_FINUFFT)
/// FINUFFT counts axes from the innermost one. One thread; it chooses the rest itself.
template <class R>
class finufft_transform {
    static constexpr bool is_float = sizeof(R) == 4;
    std::conditional_t<is_float, finufftf_plan, finufft_plan> plan_ = nullptr;

public:
    finufft_transform(int type, shape const& n, R tolerance) {
        std::int64_t modes[3] = {1, 1, 1};
        for (int a = 0; a < n.rank(); ++a) modes[a] = n[n.rank() - 1 - a];
        finufft_opts o;
        int failed = 0;
        if constexpr (is_float) {
            finufftf_default_opts(&o);
            o.nthreads = 1;
            failed = finufftf_makeplan(type, n.rank(), modes, type == 1 ? -1 : 1, 1, tolerance, &plan_, &o);
        } else {
            finufft_default_opts(&o);
            o.nthreads = 1;
            failed = finufft_makeplan(type, n.rank(), modes, type == 1 ? -1 : 1, 1, tolerance, &plan_, &o);
        }
        if (failed > 1) faltung::detail::fail<option_error>("FINUFFT makes no plan: ", failed);
    }
    finufft_transform(finufft_transform const&) = delete;
    finufft_transform& operator=(finufft_transform const&) = delete;
    ~finufft_transform() {
        if constexpr (is_float)
            finufftf_destroy(plan_);
        else
            finufft_destroy(plan_);
    }

    void set_points(cloud<R>& x) {
        const int last = x.n.rank() - 1;
        R *const inner = x.axes[last].data(), *const middle = last >= 1 ? x.axes[last - 1].data() : nullptr,
                 *const outer = last >= 2 ? x.axes[0].data() : nullptr;
        const auto count = static_cast<std::int64_t>(x.axes[0].size());
        if constexpr (is_float)
            finufftf_setpts(plan_, count, inner, middle, outer, 0, nullptr, nullptr, nullptr);
        else
            finufft_setpts(plan_, count, inner, middle, outer, 0, nullptr, nullptr, nullptr);
    }
    void execute(std::complex<R>* c, std::complex<R>* f) {
        if constexpr (is_float)
            finufftf_execute(plan_, c, f);
        else
            finufft_execute(plan_, c, f);
    }
};
#endif

template <class R>
contestant ours(nufft_type type, std::shared_ptr<cloud<R>> const& held, nufft_options const& o,
                std::string const& who) {
    const auto plan = std::make_shared<nufft<R>>(type, held->n, held->view(), o);
    const auto scratch = std::make_shared<workspace>(plan->workspace());
    return {0, text(plan->width(), " nodes, ", plan->oversampling(), " for each mode"),
            [held, plan, scratch, type, who] {
                if (who == "whole") plan->set_points(held->view());
                if (type == nufft_type::points_to_modes)
                    plan->execute(held->c, held->f, *scratch);
                else
                    plan->execute(held->f, held->c, *scratch);
            }};
}

/// type1 and type2; `whole` sets the points in every call.
template <class R>
session transforms(nufft_type type, shape const& n, index_t count, double tolerance) {
    const auto held = std::make_shared<cloud<R>>(n, count);
    const bool to_modes = type == nufft_type::points_to_modes;
    const auto make = [held, type, to_modes, tolerance](std::string const& who, shape const&) -> contestant {
#if defined(FALTUNG_WITH_FINUFFT)
        if (who == "finufft" || who == "finufft_whole") {
            const auto plan =
                std::make_shared<finufft_transform<R>>(to_modes ? 1 : 2, held->n, static_cast<R>(tolerance));
            plan->set_points(*held);
            return {0, "", [held, plan, who] {
                        if (who == "finufft_whole") plan->set_points(*held);
                        plan->execute(held->c.data(), held->f.data());
                    }};
        }
#endif
        if (who == "two_copies") {
            const auto copy = [&] {
                return ours(type, std::make_shared<cloud<R>>(*held), {.tolerance = tolerance}, who);
            };
            return at_the_same_time(copy(), copy());
        }
        if (who != "ours" && who != "whole" && who != "two_threads")
            faltung::detail::fail<option_error>("this program was built without ", who);
        return ours(type, held, {.tolerance = tolerance, .threads = who == "two_threads" ? 2 : 1}, who);
    };
    return {"", make, [held, to_modes] { return fingerprint(to_modes ? held->f : held->c); }};
}

/// A convolution with a Gaussian; `whole` makes the plan in every call.
template <class R>
session convolutions(shape const& n, index_t count, double tolerance) {
    using C = std::complex<R>;
    struct arrays {
        cloud<R> x;
        mode_coefficients kernel;
        std::vector<C> u, modes;
    };
    const std::vector<double> box(static_cast<std::size_t>(n.rank()), turn);
    const auto held = std::make_shared<arrays>(arrays{{n, count}, gaussian_coefficients(n, box, 0.05), {}, {}});
    held->u.resize(held->x.c.size());
    const auto make = [held, tolerance](std::string const& who, shape const&) -> contestant {
#if defined(FALTUNG_WITH_FINUFFT)
        if (who == "finufft" || who == "finufft_whole") {
            using transform = finufft_transform<R>;
            const auto tol = static_cast<R>(tolerance);
            const auto run = [held](transform& there, transform& back) {
                held->modes.resize(held->kernel.at.size());
                there.execute(held->x.c.data(), held->modes.data());
                for (std::size_t m = 0; m < held->modes.size(); ++m)
                    held->modes[m] *= static_cast<R>(held->kernel.at[m].real());
                back.execute(held->u.data(), held->modes.data());
            };
            if (who == "finufft_whole")
                return {0, "", [held, run, tol] {
                            transform there(1, held->x.n, tol), back(2, held->x.n, tol);
                            there.set_points(held->x);
                            back.set_points(held->x);
                            run(there, back);
                        }};
            const auto there = std::make_shared<transform>(1, held->x.n, tol),
                       back = std::make_shared<transform>(2, held->x.n, tol);
            there->set_points(held->x);
            back->set_points(held->x);
            return {0, "", [run, there, back] { run(*there, *back); }};
        }
#endif
        if (who == "whole")
            return {0, "", [held, tolerance] {
                        held->u = point_convolver<C>(held->x.view(), held->kernel, {.tolerance = tolerance})(held->x.c);
                    }};
        if (who != "ours") faltung::detail::fail<option_error>("this program was built without ", who);
        const auto plan = std::make_shared<point_convolver<C>>(held->x.view(), held->kernel,
                                                               point_convolver_options{.tolerance = tolerance});
        const auto scratch = std::make_shared<workspace>(plan->workspace());
        return {0, name_of(plan->method()), [held, plan, scratch] { plan->execute(held->x.c, held->u, *scratch); }};
    };
    return {"", make, [held] { return fingerprint(held->u); }};
}

/// Steps of AdamW on the coefficients of a Gaussian's modes, each on a cloud of its own, as the document trains.
session training(shape const& n, index_t points) {
    static constexpr index_t steps = 100;
    struct arrays {
        mode_coefficients truth;
        std::vector<cloud_example> clouds;
    };
    const std::vector<double> box(static_cast<std::size_t>(n.rank()), turn);
    const auto held = std::make_shared<arrays>(arrays{gaussian_coefficients(n, box, 0.5), {}});
    const cloud<double> all(n, points * steps);
    for (index_t step = 0; step < steps; ++step) {
        const auto first = all.points.begin() + step * points * n.rank();
        cloud_example e{
            {first, first + points * n.rank()}, std::vector<double>(static_cast<std::size_t>(points), 1), {}};
        const tensor_view<double const, 2> at(std::span<double const>(e.points), {points, n.rank()});
        e.results = point_convolver<double>(at, held->truth, {.method = point_method::direct})(e.strengths);
        held->clouds.push_back(std::move(e));
    }
    const auto found = std::make_shared<learned_kernel>();
    const auto make = [held, found](std::string const&, shape const&) -> contestant {
        return {
            0, text(steps, " steps"), [held, found] {
                mode_coefficients start = held->truth;
                std::fill(start.at.begin(), start.at.end(), std::complex<double>{});
                *found = learn_kernel(
                    start, {.steps = steps, .parameters = kernel_parameters::coefficients},
                    [&](index_t t) { return std::vector<cloud_example>{held->clouds[static_cast<std::size_t>(t)]}; },
                    [](index_t, double) { return true; });
            }};
    };
    return {"", make, [found] { return fingerprint(found->kernel.at); }};
}

// <type1, type2, convolution or training> <float or double> <tolerance> <points> <extent>...
session open_case(std::istream& words) {
    std::string name, type;
    double tolerance = 0;
    index_t count = 0;
    shape n;
    words >> name >> type >> tolerance >> count;
    for (index_t extent; words >> extent;) n.push_back(extent);
    const bool is_float = type == "float";
    if (name == "training") return training(n, count);
    if (name == "convolution")
        return is_float ? convolutions<float>(n, count, tolerance) : convolutions<double>(n, count, tolerance);
    const nufft_type way = name == "type1" ? nufft_type::points_to_modes : nufft_type::modes_to_points;
    return is_float ? transforms<float>(way, n, count, tolerance) : transforms<double>(way, n, count, tolerance);
}

}  // namespace

int main() {
#if defined(FALTUNG_WITH_FINUFFT)
    serve(open_case, "finufft");
#else
    serve(open_case, "");
#endif
}
