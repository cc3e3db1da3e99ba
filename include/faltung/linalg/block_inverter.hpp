// faltung/linalg/block_inverter.hpp -- room for as many small matrices as a vector has lanes, and their inversion
#pragma once

#include "../core/buffer.hpp"
#include "../core/scalar.hpp"
#include "../simd/pseudo_inverses.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Rows and columns of the largest matrices that go through it; the smaller extent is at most `most_columns`.
inline constexpr index_t most_rows = 128, most_columns = 64;

/// Tall matrices, one per lane: fill them, run, and read the conjugates of their pseudo-inverses where is_full_rank.
template <class T>
class block_inverter {
    using R = real_t<T>;
    using loops = pseudo_inverses<R, is_complex<T>>;

    index_t lanes_, rows_, columns_;
    typename versions<loops>::function run_;
    buffer<R> memory_;
    typename loops::arguments given_{};

public:
    block_inverter(instruction_set i, index_t rows, index_t columns)
        : lanes_(bytes_of_vector(i) / index_t{sizeof(R)}),
          rows_(rows),
          columns_(columns),
          run_(versions<loops>::of(i)),
          memory_((2 * rows * columns * loops::parts + (loops::parts + 1) * columns + 2) * lanes_) {
        const index_t samples = rows * columns * unit();
        R* const inverse = memory_.data() + samples;
        R* const diagonal = inverse + samples;
        R* const norm = diagonal + (loops::parts + 1) * columns * lanes_;
        given_ = {memory_.data(), inverse, rows, columns, diagonal, norm, norm + lanes_};
    }

    static index_t bytes_of_vector(instruction_set i) {
        if (!is_compiled_in(i) || i == instruction_set::baseline) return baseline_bytes;
        return i == instruction_set::avx512 ? 64 : 32;
    }

    index_t lanes() const { return lanes_; }
    index_t unit() const { return lanes_ * loops::parts; }
    index_t rows() const { return rows_; }
    index_t columns() const { return columns_; }

    /// Samples (i, j) of all matrices, lane by lane: real parts, then imaginary ones. run() loses them.
    R* sample(index_t i, index_t j) const { return given_.a + (j * rows_ + i) * unit(); }
    /// Samples (i, j), columns x rows, of the conjugates of the pseudo-inverses.
    R* inverse(index_t i, index_t j) const { return given_.inverse + (i * rows_ + j) * unit(); }

    void run() const noexcept { run_(given_); }

    R norm(index_t lane) const { return std::sqrt(given_.norm[lane]); }  // Frobenius
    bool is_full_rank(index_t lane, double threshold) const {
        return loops::is_full_rank(given_.norm[lane], given_.bound[lane], threshold);
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
