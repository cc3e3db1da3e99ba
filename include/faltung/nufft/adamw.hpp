// faltung/nufft/adamw.hpp -- AdamW, and a rate that falls along a cosine
#pragma once

#include <cmath>
#include <complex>
#include <span>
#include <vector>

#include "../core/checked.hpp"
#include "../simd/adamw_step.hpp"

namespace faltung {

struct adamw_options {
    double rate = 1e-3;
    double beta_1 = 0.9, beta_2 = 0.999;  // how much of the means of g and of g^2 stays
    double epsilon = 1e-8;
    double weight_decay = 1e-2;  // of the parameters themselves, not of the gradient
};

/// At step t = 1, 2, ..., with gradient g:
///
///     p -= rate weight_decay p
///     m = beta_1 m + (1 - beta_1) g,   v = beta_2 v + (1 - beta_2) g^2
///     p -= rate (m / (1 - beta_1^t)) / (sqrt(v / (1 - beta_2^t)) + epsilon)
///
/// A step moves no parameter by much more than the rate, whatever the gradient is. A complex number is two reals.
/// Errors: option_error; shape_error where the number of parameters changes. Source: Loshchilov and Hutter, ICLR 2019.
class adamw {
    adamw_options o_;
    std::vector<double> m_, v_;
    index_t steps_ = 0;
    double power_1_ = 1, power_2_ = 1;

public:
    explicit adamw(index_t parameters, adamw_options const& o = {}) : o_(o) {
        if (parameters < 0) detail::fail<option_error>("adamw: ", parameters, " parameters");
        const struct {
            char const* name;
            double value;
        } from_0[] = {{".rate", o.rate}, {".epsilon", o.epsilon}, {".weight_decay", o.weight_decay}};
        for (auto const& option : from_0)
            if (!(option.value >= 0 && std::isfinite(option.value)))
                detail::fail<option_error>("adamw: ", option.name, " = ", option.value,
                                           ": a number from 0 on is needed");
        for (const double beta : {o.beta_1, o.beta_2})
            if (!(beta >= 0 && beta < 1))
                detail::fail<option_error>("adamw: a beta of ", beta, ": from 0 on, and below 1, is needed");
        m_.resize(static_cast<std::size_t>(parameters));
        v_.resize(static_cast<std::size_t>(parameters));
    }

    index_t steps() const { return steps_; }

    /// One step, with the rate of the options or another one.
    void step(std::span<double> p, std::span<double const> g) { step(p, g, o_.rate); }
    void step(std::span<double> p, std::span<double const> g, double rate) {
        if (p.size() != m_.size() || g.size() != m_.size())
            detail::fail<shape_error>("adamw: ", p.size(), " parameters and a gradient of ", g.size(), " for ",
                                      m_.size());
        ++steps_;
        power_1_ *= o_.beta_1;
        power_2_ *= o_.beta_2;
        const double of_m = 1 / (1 - power_1_), of_v = 1 / (1 - power_2_);
        detail::versions<detail::adamw_step>::of(detail::best_instruction_set())(
            {p.data(), m_.data(), v_.data(), g.data(), static_cast<index_t>(p.size()), o_.beta_1, o_.beta_2, of_m, of_v,
             rate, rate * o_.weight_decay, o_.epsilon});
    }
    void step(std::span<std::complex<double>> p, std::span<std::complex<double> const> g, double rate) {
        step(std::span(reinterpret_cast<double*>(p.data()), 2 * p.size()),
             std::span(reinterpret_cast<double const*>(g.data()), 2 * g.size()), rate);
    }
};

/// A rate that falls from `first` to `last` along half a cosine, at step t of `steps`, from 0 on.
inline double cosine_rate(double first, double last, index_t t, index_t steps) {
    if (steps < 1) detail::fail<option_error>("cosine_rate: ", steps, " steps: at least 1 is needed");
    const double part = t >= steps ? 1 : static_cast<double>(t) / static_cast<double>(steps);
    return last + (first - last) * (1 + std::cos(3.14159265358979323846 * part)) / 2;
}

}  // namespace faltung
