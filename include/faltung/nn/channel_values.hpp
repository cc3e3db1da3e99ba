// faltung/nn/channel_values.hpp -- arrays that options carry without their type: one value per channel, and residuals
#pragma once

#include <complex>

#include "../core/scalar.hpp"
#include "../view/viewable.hpp"

namespace faltung::nn {

/// One value per output channel, in memory that somebody else owns: any array of one axis. None by default. Its length
/// and type are checked where the channels are known.
class channel_values {
    using widest = std::complex<long double>;  // holds every element type exactly

    void const* data_ = nullptr;
    index_t count_ = 0, step_ = 0;
    faltung::element element_ = element::float32;
    widest (*read_)(void const*, index_t) = nullptr;

    template <class T>
    static widest read(void const* data, index_t i) {
        return convert<widest>(static_cast<T const*>(data)[i]);
    }

    template <class T>
    explicit constexpr channel_values(strided<T> const& v)
        : data_(v.data),
          count_(v.n[0]),
          step_(v.stride[0]),
          element_(element_of<std::remove_const_t<T>>()),
          read_(read<std::remove_const_t<T>>) {}

    template <class Values>
    static constexpr void require_one_axis() {
        static_assert(rank_of<Values> == 1, "one value per channel: an array of one axis");
    }

public:
    constexpr channel_values() = default;
    template <viewable Values>
        requires(!std::is_same_v<std::remove_const_t<Values>, channel_values>)
    constexpr channel_values(Values& values) : channel_values(as_view(values).erased()) { require_one_axis<Values>(); }
    /// A temporary that owns its values is refused.
    template <viewable Values>
        requires(!std::is_same_v<Values, channel_values>)
    constexpr channel_values(Values const&& values) : channel_values(as_view(std::move(values)).erased()) {
        require_one_axis<Values>();
    }

    constexpr bool is_none() const { return read_ == nullptr; }
    constexpr index_t count() const { return count_; }
    constexpr faltung::element element() const { return element_; }

    template <class T>
    T at(index_t channel) const {
        const widest v = read_(data_, channel * step_);
        if constexpr (is_complex<T>)
            return T(static_cast<real_t<T>>(v.real()), static_cast<real_t<T>>(v.imag()));
        else
            return static_cast<T>(v.real());
    }
};

/// An array of the output's shape and type, in memory that somebody else owns.
class residual_values {
    void const* data_ = nullptr;
    faltung::shape shape_;
    faltung::strides strides_;
    faltung::element element_ = element::float32;

    template <class T>
    explicit constexpr residual_values(strided<T> const& v)
        : data_(v.data), shape_(v.n), strides_(v.stride), element_(element_of<std::remove_const_t<T>>()) {}

public:
    constexpr residual_values() = default;
    template <viewable Values>
        requires(!std::is_same_v<std::remove_const_t<Values>, residual_values>)
    constexpr residual_values(Values& values) : residual_values(as_view(values).erased()) {}
    /// A temporary that owns its values is refused.
    template <viewable Values>
        requires(!std::is_same_v<Values, residual_values>)
    constexpr residual_values(Values const&& values) : residual_values(as_view(std::move(values)).erased()) {}

    constexpr bool is_none() const { return shape_.rank() == 0; }
    constexpr faltung::shape const& shape() const { return shape_; }
    constexpr faltung::element element() const { return element_; }

    /// T is the type that element() names.
    template <class T>
    strided<T const> view() const {
        return {static_cast<T const*>(data_), shape_, strides_};
    }
};

}  // namespace faltung::nn
