// faltung/fft/roots_of_unity.hpp -- e^(2 pi i j / m), accurate to the last bits, without a sine for each
#pragma once

#include <cmath>

#include "../core/buffer.hpp"

namespace faltung::detail {

/// The m-th roots of unity. An angle is reduced in integers to a part t of an eighth of a turn, cut into m; that root
/// is a product of one entry of each of two tables of about sqrt(m) entries.
///
/// Error: each component is off by a few roundings of long double relative to itself, also beside an axis, because no
/// difference cancels within an eighth of a turn; so a float or double made of it is the nearest one but for near ties,
/// and the axes are exact. Cost: 2 sqrt(m) sines to make, a division and 4 multiplications for each root.
class roots_of_unity {
public:
    struct root {
        long double re, im;
    };

private:
    index_t order_;
    int shift_ = 0;
    buffer<root> coarse_, fine_;

    // the sine never sees a rounded multiple of pi
    root exact(index_t t) const {
        const long double angle = static_cast<long double>(t) / (4 * static_cast<long double>(order_)) *
                                  3.14159265358979323846264338327950288L;
        return {std::cos(angle), std::sin(angle)};
    }

    root in_octant(index_t t) const {
        root const &a = coarse_.data()[t >> shift_], &b = fine_.data()[t & ((index_t{1} << shift_) - 1)];
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }

public:
    /// m = order, from 1 to 2^59.
    explicit roots_of_unity(index_t order) : order_(order) {
        while ((order >> 2 * shift_) > 1) ++shift_;
        coarse_ = buffer<root>((order >> shift_) + 1);
        fine_ = buffer<root>(index_t{1} << shift_);
        for (index_t j = 0; j < coarse_.count(); ++j) coarse_.data()[j] = exact(j << shift_);
        for (index_t j = 0; j < fine_.count(); ++j) fine_.data()[j] = exact(j);
    }

    /// e^(2 pi i j / m) for j in [0, m).
    root operator[](index_t j) const {
        const index_t octant = 8 * j / order_;
        // in an odd octant the angle is counted back from the next axis
        const root w = in_octant(octant % 2 != 0 ? (octant + 1) * order_ - 8 * j : 8 * j - octant * order_);
        switch (octant) {
            case 0:
                return {w.re, w.im};
            case 1:
                return {w.im, w.re};
            case 2:
                return {-w.im, w.re};
            case 3:
                return {-w.re, w.im};
            case 4:
                return {-w.re, -w.im};
            case 5:
                return {-w.im, -w.re};
            case 6:
                return {w.im, -w.re};
            default:
                return {w.re, -w.im};
        }
    }
};

}  // namespace faltung::detail
