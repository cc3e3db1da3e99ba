// faltung/fft/roots_of_unity.hpp -- e^(2 pi i j / m), accurate to the last bits, without a sine for each
#pragma once

#include <cmath>

#include "../core/buffer.hpp"

namespace faltung::detail {

/// The m-th roots of unity, as products of one entry of each of two tables of about sqrt(m) entries.
///
/// Error: three roundings of long double (the two entries and their product), so that a float or double made of it is
/// the nearest one but for ties within 2^-62. Cost: 2 sqrt(m) sines to make, 4 multiplications for each root.
class roots_of_unity {
public:
    struct root {
        long double re, im;
    };

private:
    int shift_ = 0;
    buffer<root> coarse_, fine_;

    // the angle is reduced to an eighth of a turn in integers first: the sine never sees a rounded multiple of pi
    static root exact(index_t j, index_t order) {
        const index_t octant = 8 * j / order;
        const bool odd = octant % 2 != 0;
        const long double turns = odd ? static_cast<long double>((octant + 1) * order - 8 * j)
                                      : static_cast<long double>(8 * j - octant * order);
        const long double angle =
            turns / (4 * static_cast<long double>(order)) * 3.14159265358979323846264338327950288L;
        long double c = std::cos(angle), s = std::sin(angle);
        // in an odd octant the angle is counted back from the next axis or diagonal
        switch (octant) {
            case 0:
                return {c, s};
            case 1:
                return {s, c};
            case 2:
                return {-s, c};
            case 3:
                return {-c, s};
            case 4:
                return {-c, -s};
            case 5:
                return {-s, -c};
            case 6:
                return {s, -c};
            default:
                return {c, -s};
        }
    }

public:
    /// m = order, from 1 to 2^59.
    explicit roots_of_unity(index_t order) {
        while ((order >> 2 * shift_) > 1) ++shift_;
        coarse_ = buffer<root>(((order - 1) >> shift_) + 1);
        fine_ = buffer<root>(index_t{1} << shift_);
        for (index_t j = 0; j < coarse_.count(); ++j) coarse_.data()[j] = exact(j << shift_, order);
        for (index_t j = 0; j < fine_.count(); ++j) fine_.data()[j] = exact(j, order);
    }

    /// e^(2 pi i j / m) for j in [0, m).
    root operator[](index_t j) const {
        root const &a = coarse_.data()[j >> shift_], &b = fine_.data()[j & ((index_t{1} << shift_) - 1)];
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }
};

}  // namespace faltung::detail
