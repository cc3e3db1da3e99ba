// faltung/nn/layer_epilogue.hpp -- what a layer does with its sums before they are stored: relu, clamp, add, requantise
#pragma once

#include <limits>

#include "../geometry/epilogue.hpp"
#include "channel_values.hpp"

namespace faltung::nn {

/// s where s >= 0, 0 where s < 0.
struct relu_step {};
inline constexpr relu_step relu{};

/// slope * s where s < 0. Floating sums alone.
struct leaky_relu {
    double slope = 0.01;
};

/// s, but at least `low` and at most `high`.
struct clamp {
    double low, high;
};

/// s + the residual's sample at the output's place. `add{}` in a plan: the residual is given with every call.
class add {
    residual_values residual_;

public:
    constexpr add() = default;
    explicit constexpr add(residual_values const& residual) : residual_(residual) {}
    constexpr residual_values const& residual() const { return residual_; }
};

/// round(s * scale) + zero_point, half to even and saturated: how integer sums become 8 bits again. One scale, or one
/// per output channel.
class requantise {
    double scale_ = 1;
    channel_values scales_;
    index_t zero_point_;

public:
    constexpr requantise(double scale, index_t zero_point = 0) : scale_(scale), zero_point_(zero_point) {}
    constexpr requantise(channel_values const& scales, index_t zero_point = 0)
        : scales_(scales), zero_point_(zero_point) {}
    constexpr double scale() const { return scale_; }
    constexpr channel_values const& scales() const { return scales_; }
    constexpr index_t zero_point() const { return zero_point_; }
};

/// Any one of them.
class epilogue_part {
    epilogue_step step_;
    channel_values scales_;
    residual_values residual_;

public:
    using rule = epilogue_step::rule;

    constexpr epilogue_part() = default;
    constexpr epilogue_part(relu_step) : step_{rule::clamp, 0, std::numeric_limits<double>::infinity()} {}
    constexpr epilogue_part(leaky_relu s) : step_{rule::leaky_relu, s.slope} {}
    constexpr epilogue_part(clamp s) : step_{rule::clamp, s.low, s.high} {}
    constexpr epilogue_part(add const& s) : step_{rule::add}, residual_(s.residual()) {}
    constexpr epilogue_part(requantise const& s)
        : step_{rule::requantise, s.scale(), static_cast<double>(s.zero_point())}, scales_(s.scales()) {}

    constexpr epilogue_step const& step() const { return step_; }
    constexpr channel_values const& scales() const { return scales_; }
    constexpr residual_values const& residual() const { return residual_; }
};

/// What happens to a sum before it is stored: nothing, one thing, or a list of at most 4 in their order:
///
///     nn::relu        nn::leaky_relu{0.1}        {nn::add{residual}, nn::relu}        nn::requantise{scales, 128}
class layer_epilogue {
    std::array<epilogue_part, std::size_t{faltung::epilogue::most_steps}> parts_{};
    int count_ = 0;

public:
    constexpr layer_epilogue() = default;
    template <class Part>
        requires(std::is_convertible_v<Part, epilogue_part>)
    constexpr layer_epilogue(Part const& part) : layer_epilogue({epilogue_part(part)}) {}
    constexpr layer_epilogue(std::initializer_list<epilogue_part> list) {
        if (list.size() > parts_.size())
            detail::fail<option_error>("an epilogue of ", list.size(), " steps: at most ",
                                       faltung::epilogue::most_steps, " are possible");
        for (epilogue_part const& p : list) parts_[static_cast<std::size_t>(count_++)] = p;
    }

    constexpr epilogue_part const* begin() const { return parts_.data(); }
    constexpr epilogue_part const* end() const { return parts_.data() + count_; }
};

}  // namespace faltung::nn
