// faltung/stream/state.hpp -- all that a stream remembers between two samples, in one block of memory
#pragma once

#include <array>
#include <cstring>

#include "kernel.hpp"

namespace faltung {
namespace detail {
inline namespace FALTUNG_COMPILED {

/// Where a swap of kernels stands. Its sums need one whole block of preparation, so it begins at the end of the block
/// in which it was asked for, and can be heard one block later.
enum class swap_stage : unsigned char { none, requested, preparing, fading };

/// The numbers of a stream's memory.
struct stream_position {
    index_t in_block = 0;              // samples of the current block that have arrived
    index_t newest = 0;                // place of the newest block in the delay line
    index_t first_work = 0, done = 0;  // of the current block, in products: with the transforms; since then
    index_t damaged = 0;               // outputs still to come whose windows touch the last non-finite sample
    index_t fade = 0, faded = 0;       // samples of the fade, and those that are over
    int active = 0;                    // which of the two kernels is heard, or fades out
    swap_stage stage = swap_stage::none;
};

/// Everything that processing changes: the last samples of each input, the delay line of their spectra, the sums for
/// the next block, the outputs of this one. Two of what depends on the kernel, for a fade from one to the other.
template <class T>
class stream_memory {
    static constexpr index_t lanes_of_a_line = static_cast<index_t>(buffer_alignment / sizeof(T));

    // The direct sums are computed in fours of vectors, and may read and write so far beyond a block.
    static constexpr index_t beyond = index_t{4} * 64 / static_cast<index_t>(sizeof(T));

    std::shared_ptr<partitions const> grid_;
    index_t recent_ = 0, spectrum_ = 0, row_ = 0;  // numbers of one each, with the rest of the cache line
    buffer<T> numbers_;

    static index_t padded(index_t n) {
        return checked::multiply(checked::ceil_divide(n, lanes_of_a_line), lanes_of_a_line, "numbers of a line");
    }

    T* after_recent(index_t spectra) const noexcept {
        return numbers_.data() + grid_->inputs * recent_ + spectra * spectrum_;
    }

public:
    std::array<std::shared_ptr<kernel_parts<T> const>, 2> kernels;
    stream_position at;

    /// Errors: overflow_error, std::bad_alloc.
    explicit stream_memory(std::shared_ptr<partitions const> grid)
        : grid_(std::move(grid)),
          recent_(padded(checked::add(checked::multiply(2, grid_->block, "samples of two blocks"), beyond,
                                      "samples of two blocks"))),
          spectrum_(padded(grid_->plan.spectrum)),
          row_(padded(grid_->block + beyond)) {
        constexpr char const* what = "numbers in the memory of a stream";
        partitions const& g = *grid_;
        const index_t spectra = checked::add(checked::multiply(g.inputs, g.count, what),
                                             checked::add(checked::multiply(2, g.outputs, what), 1, what), what);
        const index_t rows = checked::add(checked::multiply(2, g.outputs, what), 1, what);
        numbers_ = buffer<T>(checked::add(
            checked::multiply(g.inputs, recent_, what),
            checked::add(checked::multiply(spectra, spectrum_, what), checked::multiply(rows, row_, what), what),
            what));
        forget();
    }

    /// Numbers of a row.
    index_t row_length() const noexcept { return row_; }

    bool is_empty() const noexcept { return numbers_.data() == nullptr; }
    partitions const& grid() const noexcept { return *grid_; }

    /// The samples of two blocks: the last one that is complete, and the current one.
    T* recent(index_t input) const noexcept { return numbers_.data() + input * recent_; }
    /// The spectrum of the block that was complete `age` blocks ago, age < count.
    T* spectrum(index_t input, index_t age) const noexcept {
        return after_recent(input * grid_->count + (at.newest + age) % grid_->count);
    }
    /// The spectrum of an output of the next block, as far as it is known.
    T* sum(int kernel, index_t output) const noexcept {
        return after_recent(grid_->inputs * grid_->count + kernel * grid_->outputs + output);
    }
    /// The group of products that is being summed.
    T* group() const noexcept { return sum(2, 0); }
    /// The outputs of the current block, without the head's part.
    T* row(int kernel, index_t output) const noexcept {
        return group() + spectrum_ + (kernel * grid_->outputs + output) * row_;
    }
    /// NaN for each sample of the current block whose window touches a non-finite one, else 0.
    T* damage() const noexcept { return row(2, 0); }

    /// Silence before the first block, with the same kernels.
    void forget() noexcept {
        std::fill_n(numbers_.data(), numbers_.count(), T(0));
        at = {};
        at.in_block = grid_->block;
    }

    /// For memories of the same grid. Allocates nothing.
    void copy_from(stream_memory const& other) noexcept {
        std::copy_n(other.numbers_.data(), numbers_.count(), numbers_.data());
        kernels = other.kernels;
        at = other.at;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail

inline namespace FALTUNG_COMPILED {

/// A stream at one moment, with its kernels (shared, not copied): what stream_convolver::save makes and restore takes.
template <scalar T>
class stream_state {
    detail::stream_memory<T> memory_;

    explicit stream_state(std::shared_ptr<detail::partitions const> grid) : memory_(std::move(grid)) {}
    friend class stream_convolver<T>;
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung
