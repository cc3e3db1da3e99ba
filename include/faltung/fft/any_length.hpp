// faltung/fft/any_length.hpp -- the transform of a line of any length, as a convolution with a chirp
#pragma once

#include "own_engine.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// X[m] = sum over j of x[j] e^(-2 pi i j m / n) for any n >= 1: since 2 j m = j^2 + m^2 - (m - j)^2,
///
///     X[m] = c[m] sum over j of (x[j] c[j]) conj(c[m - j]),   c[j] = e^(-pi i j^2 / n)
///
/// is a cyclic convolution of any length from 2n - 1 on.
/// Source: Bluestein, IEEE Transactions on Audio and Electroacoustics 18 (1970).
template <class R>
class any_length_transform {
    index_t n_, length_ = 0;
    transform_plan plan_;
    buffer<R> chirp_, spectrum_;

    static constexpr engine_table const& table = own_engine<R>::table;

public:
    any_length_transform(index_t n, instruction_set i) : n_(n), chirp_(2 * n) {
        transform_request r{{1}, number_kind::complex, ring_kind::cyclic, i};
        length_ = fast_length(checked::multiply(2, n, "samples of a chirp"), table.multiple(r, 0));
        r.n[0] = length_;
        plan_ = table.make(r);
        const roots_of_unity root(2 * n);
        buffer<R> data(plan_.data);
        spectrum_ = buffer<R>(plan_.spectrum);
        std::fill_n(data.data(), plan_.data, R{});
        for (index_t j = 0; j < n; ++j) {
            const auto c = root[checked::floor_modulo(j * j, 2 * n)];  // n < 2^31: the engine's data would not fit
            chirp_.data()[j] = static_cast<R>(c.re);
            chirp_.data()[n + j] = static_cast<R>(-c.im);
            for (index_t at : {j, (length_ - j) % length_}) {
                data.data()[at] = static_cast<R>(c.re / plan_.scale);
                data.data()[length_ + at] = static_cast<R>(c.im / plan_.scale);
            }
        }
        table.forward(plan_, data.data(), spectrum_.data());
    }

    /// Reals of scratch: two planes of `length()`, where the line goes and comes back.
    index_t scratch() const { return plan_.data + plan_.spectrum; }
    index_t length() const { return length_; }

    /// The first n numbers of two planes at `line`, which is scratch() long, in place.
    void run(R* line) const noexcept {
        turn(line);
        for (R* plane : {line, line + length_}) std::fill(plane + n_, plane + length_, R{});
        table.convolve(plan_, line, spectrum_.data(), line + plan_.data);
        turn(line);
    }

private:
    void turn(R* line) const noexcept {
        R const *re = chirp_.data(), *im = chirp_.data() + n_;
        for (index_t j = 0; j < n_; ++j) {
            R &x = line[j], &y = line[length_ + j];
            const R turned = x * re[j] - y * im[j];
            y = x * im[j] + y * re[j];
            x = turned;
        }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
