// faltung/nn/layer_constants.hpp -- bias and epilogue of a layer, checked, in the accumulator's type and kept by its
// plan
#pragma once

#include <memory>
#include <vector>

#include "../convolve/lowered.hpp"
#include "layer_options.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// What the store of a problem points to. Y is the type of outputs and residuals.
template <class Acc, class Y>
class layer_constants {
    std::shared_ptr<buffer<Acc> const> bias_;
    std::vector<std::shared_ptr<buffer<double> const>> scales_;
    epilogue epilogue_;

    using rule = epilogue_step::rule;

    template <class V>
    static std::shared_ptr<buffer<V> const> kept(char const* operation, nn::channel_values const& given,
                                                 index_t channels, char const* what) {
        if (given.count() != channels)
            fail<shape_error>(operation, ": ", what, " of ", given.count(), given.count() == 1 ? " value" : " values",
                              " for ", channels, " output channels");
        const bool is_fraction = given.element() >= element::float32,
                   is_complex_value = given.element() >= element::complex32;
        if ((is_complex_value && !is_complex<V>) || (is_fraction && std::is_integral_v<V>))
            fail<option_error>(operation, ": ", what, " of type ", name_of(given.element()), " for sums of type ",
                               name_of(element_of<V>()));
        auto values = std::make_shared<buffer<V>>(channels);
        for (index_t c = 0; c < channels; ++c) values->data()[c] = given.at<V>(c);
        return values;
    }

    void require_step(char const* operation, epilogue_step const& s) const {
        if (is_complex<Acc> && s.what != rule::add)
            fail<option_error>(operation, ": complex sums can be added to, nothing else: they have no order");
        if (is_complex<Y> && !is_complex<Acc> && s.what == rule::add)
            fail<option_error>(operation, ": a complex residual, to be added to real sums: name a complex accumulator");
        if (std::is_integral_v<Acc> && s.what == rule::leaky_relu)
            fail<option_error>(operation, ": leaky_relu{", s.first, "} of sums of type ", name_of(element_of<Acc>()),
                               ": requantise them first, or name a floating accumulator");
        if (s.what == rule::clamp && !(s.first <= s.second))
            fail<option_error>(operation, ": clamp{", s.first, ", ", s.second, "}: the low end is above the high one");
        if (s.what == rule::add && epilogue_.has(rule::add))
            fail<option_error>(operation, ": an epilogue that adds two residuals: one is possible");
    }

public:
    /// Errors: shape_error for a bias or scales of another length, a residual of another shape; option_error.
    template <class Options>
    layer_constants(char const* operation, Options const& o, shape const& y) {
        if (!o.bias.is_none()) bias_ = kept<Acc>(operation, o.bias, y[1], "a bias");
        for (nn::epilogue_part const& part : o.epilogue) {
            epilogue_step step = part.step();
            require_step(operation, step);
            if (!part.scales().is_none()) {
                scales_.push_back(kept<double>(operation, part.scales(), y[1], "scales"));
                step.per_channel = scales_.back()->data();
            }
            if (!part.residual().is_none()) {
                nn::residual_values const& given = part.residual();
                if (!(given.shape() == y))
                    fail<shape_error>(operation, ": a residual of shape ", given.shape(), " for an output of ", y);
                if (given.element() != element_of<Y>())
                    fail<option_error>(operation, ": a residual of type ", name_of(given.element()),
                                       " for an output of type ", name_of(element_of<Y>()));
                set_residual(given.view<Y>());
            }
            epilogue_.steps[static_cast<std::size_t>(epilogue_.count++)] = step;
        }
    }

    Acc const* bias() const { return bias_ ? bias_->data() : nullptr; }

    void apply_to(problem::store_rule& s) const {
        s.bias = bias();
        s.epilogue = epilogue_;
        if (epilogue_.has(rule::requantise)) s.overflow = overflow::saturate;
    }

    bool adds_residual() const { return epilogue_.has(rule::add); }
    bool has_residual() const { return epilogue_.residual_stride.rank() > 0; }

    /// The residual that is known already: of the problem's shape, without its extents.
    strided<Y const> residual(shape const& n) const {
        return {static_cast<Y const*>(epilogue_.residual), n, epilogue_.residual_stride};
    }

private:
    void set_residual(strided<Y const> const& given) {
        epilogue_.residual = given.data;
        epilogue_.residual_stride = given.stride;
        std::swap(epilogue_.residual_stride[0], epilogue_.residual_stride[1]);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
