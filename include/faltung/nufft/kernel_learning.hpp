// faltung/nufft/kernel_learning.hpp -- a kernel from what it made of clouds: least squares, or gradient steps
#pragma once

#include <memory>

#include "../linalg/linear_operator.hpp"
#include "adamw.hpp"
#include "point_gradients.hpp"

namespace faltung {

/// Points, axis by axis, in the units of a kernel's box; what they carry, and what a convolution at themselves made of
/// it.
struct cloud_example {
    std::vector<double> points, strengths, results;
};

/// What the optimiser moves: the Fourier coefficients, each of them two reals; or real samples of the kernel on a grid
/// with as many nodes as there are modes, as of sampled_coefficients.
enum class kernel_parameters : unsigned char { coefficients, samples };

struct learning_options {
    index_t steps = 1000;
    kernel_parameters parameters = kernel_parameters::samples;
    double scale = 1;  // coefficients for a parameter of 1: 1 over the number of modes for those of a DFT
    adamw_options optimiser = {.rate = 1e-2, .weight_decay = 0};
    double last_rate = 0;  // the rate falls to this along a cosine; as large as the first one, it is constant
    double tolerance = 1e-12;
    point_method method = point_method::automatic;
};

struct learned_kernel {
    mode_coefficients kernel;
    std::vector<double> losses;  // of each step, before it: the mean of |u - result|^2 over all points of its examples
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// Real samples and Fourier coefficients of a kernel, and the gradient with respect to the one from the other.
class sample_modes {
    shape n_;
    cyclic_transform<double> transform_;
    buffer<double> data_, spectrum_;

    // use(number of the mode in the natural order, place of its real part in the spectrum)
    template <class Use>
    void each(Use const& use) const {
        for (index_t f = 0; f < transform_.count(); ++f) {
            if (transform_.copies(f) == 0) continue;
            index_t at = 0;
            for (int a = 0; a < n_.rank(); ++a) at = at * n_[a] + (transform_.frequency(f, a) + n_[a] / 2) % n_[a];
            use(static_cast<std::size_t>(at), f / transform_.lanes() * 2 * transform_.lanes() + f % transform_.lanes());
        }
    }

public:
    explicit sample_modes(shape const& n)
        : n_(n),
          transform_(n, number_kind::complex, best_instruction_set()),
          data_(transform_.data()),
          spectrum_(transform_.spectrum()) {}

    /// c = DFT(samples) / count
    void to_modes(std::vector<double> const& samples, std::vector<std::complex<double>>& c) {
        const index_t count = transform_.samples();
        std::copy(samples.begin(), samples.end(), data_.data());
        std::fill_n(data_.data() + count, count, 0.0);
        transform_.forward(data_.data(), spectrum_.data());
        const double scale = 1 / static_cast<double>(count);
        each([&](std::size_t m, index_t at) {
            c[m] = {scale * spectrum_.data()[at], scale * spectrum_.data()[at + transform_.lanes()]};
        });
    }
    /// Its adjoint: the real part of the inverse transform without its factor, over count.
    void to_samples(std::vector<std::complex<double>> const& c, std::vector<double>& samples) {
        std::fill_n(spectrum_.data(), spectrum_.count(), 0.0);
        each([&](std::size_t m, index_t at) {
            spectrum_.data()[at] = c[m].real();
            spectrum_.data()[at + transform_.lanes()] = c[m].imag();
        });
        transform_.backward(spectrum_.data(), data_.data());
        const double scale = 1 / transform_.scale();  // backward(forward(x)) = scale x
        for (std::size_t s = 0; s < samples.size(); ++s) samples[s] = scale * data_.data()[s];
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// u = A k, linear in the coefficients k of the plan's kernel, for fixed strengths: k times the modes of c, taken to
/// the targets. For lsqr. Errors: shape_error. Cost: a transform to points or from them for each product. One call at a
/// time.
template <class R>
linear_operator<std::complex<R>> coefficient_operator(point_convolver<std::complex<R>> const& plan,
                                                      std::vector<std::complex<R>> const& c) {
    using C = std::complex<R>;
    struct state {
        point_convolver<C> plan;
        workspace scratch;
        std::vector<C> of_c, modes;
    };
    auto scratch = plan.sums_workspace();
    auto of_c = detail::modes_of(plan, c, detail::point_side::sources, scratch);
    const auto s = std::make_shared<state>(state{plan, std::move(scratch), std::move(of_c), {}});
    s->modes.resize(s->of_c.size());
    const index_t modes = static_cast<index_t>(s->modes.size());
    const auto require = [modes, points = plan.targets()](std::size_t of_k, std::size_t of_u) {
        if (static_cast<index_t>(of_k) != modes || static_cast<index_t>(of_u) != points)
            detail::fail<shape_error>("coefficient_operator: ", of_k, " coefficients and ", of_u, " results for ",
                                      modes, " and ", points);
    };
    return {modes, plan.targets(),
            [s, require](std::span<C const> k, std::span<C> u) {
                require(k.size(), u.size());
                for (std::size_t m = 0; m < k.size(); ++m) s->modes[m] = k[m] * s->of_c[m];
                s->plan.sums().to_points(detail::point_side::targets, reinterpret_cast<R const*>(s->modes.data()),
                                         reinterpret_cast<R*>(u.data()), s->scratch);
            },
            [s, require](std::span<C const> u, std::span<C> k) {
                require(k.size(), u.size());
                s->plan.sums().to_modes(detail::point_side::targets, reinterpret_cast<R const*>(u.data()),
                                        reinterpret_cast<R*>(k.data()), s->scratch);
                for (std::size_t m = 0; m < k.size(); ++m) k[m] *= std::conj(s->of_c[m]);
            }};
}

/// The equations of several operators on the same unknowns, one below the other. Errors: shape_error.
template <class T>
linear_operator<T> stacked(std::vector<linear_operator<T>> operators) {
    if (operators.empty()) detail::fail<option_error>("stacked: no operators");
    index_t equations = 0;
    for (auto const& a : operators) {
        if (a.unknowns != operators[0].unknowns)
            detail::fail<shape_error>("stacked: operators of ", a.unknowns, " and of ", operators[0].unknowns,
                                      " unknowns");
        equations = checked::add(equations, a.equations, "equations");
    }
    const auto list = std::make_shared<std::vector<linear_operator<T>>>(std::move(operators));
    const auto part = std::make_shared<std::vector<T>>(static_cast<std::size_t>((*list)[0].unknowns));
    return {(*list)[0].unknowns, equations,
            [list](std::span<T const> x, std::span<T> y) {
                std::size_t first = 0;
                for (auto const& a : *list) {
                    a.apply(x, y.subspan(first, static_cast<std::size_t>(a.equations)));
                    first += static_cast<std::size_t>(a.equations);
                }
            },
            [list, part](std::span<T const> y, std::span<T> x) {
                std::fill(x.begin(), x.end(), T{});
                std::size_t first = 0;
                for (auto const& a : *list) {
                    a.adjoint(y.subspan(first, static_cast<std::size_t>(a.equations)), *part);
                    for (std::size_t i = 0; i < x.size(); ++i) x[i] += (*part)[i];
                    first += static_cast<std::size_t>(a.equations);
                }
            }};
}

/// The kernel that AdamW reaches from `start`: at each step, examples(t) returns a std::vector<cloud_example>, and
/// progress(t, loss) may end it by returning false. u is the real part of the convolution at the points themselves. The
/// same examples give the same bits.
///
/// A step moves a parameter by about the rate: a coefficient that lies farther from `start` than steps times the rate
/// is not reached. Errors: those of point_convolver. Cost: for each example three transforms between its points and
/// modes.
template <class Examples, class Progress>
learned_kernel learn_kernel(mode_coefficients const& start, learning_options const& o, Examples const& examples,
                            Progress const& progress) {
    using C = std::complex<double>;
    if (o.steps < 1) detail::fail<option_error>("learn_kernel: .steps = ", o.steps, ": at least 1 is needed");
    if (!(o.scale > 0 && std::isfinite(o.scale)))
        detail::fail<option_error>("learn_kernel: .scale = ", o.scale, ": it must be above 0");
    const nufft_options sums_options{.tolerance = o.tolerance};
    detail::require_options<double>(sums_options);
    detail::require_coefficients("learn_kernel", start);
    learned_kernel found{start, {}};
    std::vector<C>& k = found.kernel.at;
    const bool by_samples = o.parameters == kernel_parameters::samples;
    detail::sample_modes transform(start.n);
    std::vector<C> parameters(k), gradient(k.size()), of_c(k.size()), product(k.size());
    std::vector<double> samples(by_samples ? k.size() : 0), sample_gradient(samples.size());
    for (C& p : parameters) p /= o.scale;
    if (by_samples) {
        transform.to_samples(parameters, samples);
        for (double& s : samples) s *= static_cast<double>(k.size());
    }
    adamw optimiser(static_cast<index_t>(by_samples ? k.size() : 2 * k.size()), o.optimiser);
    found.losses.reserve(static_cast<std::size_t>(o.steps));
    for (index_t t = 0; t < o.steps; ++t) {
        if (by_samples) transform.to_modes(samples, parameters);
        for (std::size_t m = 0; m < k.size(); ++m) k[m] = o.scale * parameters[m];
        const std::vector<cloud_example> batch = examples(t);
        double squares = 0, count = 0;
        for (cloud_example const& e : batch) count += static_cast<double>(e.strengths.size());
        std::fill(gradient.begin(), gradient.end(), C{});
        for (cloud_example const& e : batch) {
            const index_t points = static_cast<index_t>(e.strengths.size()), rank = start.n.rank();
            if (points < 1 || static_cast<index_t>(e.points.size()) != points * rank ||
                e.results.size() != e.strengths.size())
                detail::fail<shape_error>("learn_kernel: an example of ", e.points.size(), " coordinates, ", points,
                                          " strengths and ", e.results.size(), " results, of ", rank, " axes");
            const strided<double const> at{e.points.data(), {points, rank}, {rank, 1}};
            const std::vector<double> angles = detail::box_angles("learn_kernel", at, start.box);
            const detail::point_sums<double> sums(start.n, {angles.data(), at.n, at.stride}, {}, sums_options, o.method,
                                                  detail::best_instruction_set());
            workspace scratch(sums.bytes_per_worker(), sums.shared_bytes(), 1);
            std::vector<C> c(e.strengths.begin(), e.strengths.end()), u(c.size());
            const auto real = [](std::vector<C>& v) { return reinterpret_cast<double*>(v.data()); };
            sums.to_modes(detail::point_side::sources, real(c), real(of_c), scratch);
            for (std::size_t m = 0; m < k.size(); ++m) product[m] = detail::finite_product(k[m], of_c[m]);
            sums.to_points(detail::point_side::targets, real(product), real(u), scratch);
            for (std::size_t j = 0; j < u.size(); ++j) {
                const double difference = u[j].real() - e.results[j];
                squares += difference * difference;
                u[j] = 2 * difference / count;
            }
            sums.to_modes(detail::point_side::targets, real(u), real(product), scratch);
            for (std::size_t m = 0; m < k.size(); ++m)
                gradient[m] += o.scale * detail::finite_product(std::conj(of_c[m]), product[m]);
        }
        found.losses.push_back(squares / count);
        if (!progress(t, found.losses.back())) break;
        const double rate = cosine_rate(o.optimiser.rate, o.last_rate, t, o.steps);
        if (by_samples) {
            transform.to_samples(gradient, sample_gradient);
            optimiser.step(samples, sample_gradient, rate);
        } else {
            optimiser.step(parameters, gradient, rate);
        }
    }
    if (by_samples) transform.to_modes(samples, parameters);
    for (std::size_t m = 0; m < k.size(); ++m) k[m] = o.scale * parameters[m];
    return found;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
