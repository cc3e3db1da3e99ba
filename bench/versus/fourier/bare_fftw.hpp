// bench/versus/fourier/bare_fftw.hpp -- a convolution as one writes it on FFTW: r2c, product of spectra, c2r
#pragma once

#include <algorithm>
#include <utility>

#include <faltung/core/for_each.hpp>
#include <faltung/fftw.hpp>
#include <faltung/simd/lanes.hpp>
#include <faltung/simd/target.hpp>

namespace faltung_bench {

using faltung::buffer;
using faltung::index_list;
using faltung::index_t;
using faltung::shape;

template <class R>
struct fftw_calls;

template <>
struct fftw_calls<float> : faltung::detail::fftw_functions<float> {
    using complex = fftwf_complex;
    static constexpr auto plan_r2c = fftwf_plan_dft_r2c;
    static constexpr auto plan_c2r = fftwf_plan_dft_c2r;
    static constexpr auto r2c = fftwf_execute_dft_r2c;
    static constexpr auto c2r = fftwf_execute_dft_c2r;
    static constexpr auto forget_wisdom = fftwf_forget_wisdom;
};

template <>
struct fftw_calls<double> : faltung::detail::fftw_functions<double> {
    using complex = fftw_complex;
    static constexpr auto plan_r2c = fftw_plan_dft_r2c;
    static constexpr auto plan_c2r = fftw_plan_dft_c2r;
    static constexpr auto r2c = fftw_execute_dft_r2c;
    static constexpr auto c2r = fftw_execute_dft_c2r;
    static constexpr auto forget_wisdom = fftw_forget_wisdom;
};

/// x *= h for complex numbers, a real and an imaginary part in turn: x h = x Re h + (i x) Im h.
template <class R>
struct spectrum_product {
    struct arguments {
        R* x;
        R const* h;
        index_t count;  // of real numbers
    };

    template <int Bytes>
    static FALTUNG_ALWAYS_INLINE void body(arguments const& a) {
        using L = faltung::detail::lanes<R, Bytes>;
        index_t j = 0;
        for (; j + L::count <= a.count; j += L::count)
            vector<L>(a.x + j, a.h + j, std::make_index_sequence<L::count>());
        for (; j < a.count; j += 2) {
            const R re = a.x[j] * a.h[j] - a.x[j + 1] * a.h[j + 1];
            a.x[j + 1] = a.x[j] * a.h[j + 1] + a.x[j + 1] * a.h[j];
            a.x[j] = re;
        }
    }

private:
    template <class L, std::size_t... I>
    static FALTUNG_ALWAYS_INLINE void vector(R* x, R const* h, std::index_sequence<I...>) {
        typename L::vector v, w;
        L::load(v, x);
        L::load(w, h);
        const typename L::vector sign = {(I % 2 == 0 ? R(-1) : R(1))...};
        L::store(x, v * __builtin_shufflevector(w, w, (I & ~std::size_t{1})...) +
                        sign * __builtin_shufflevector(v, v, (I ^ 1)...) * __builtin_shufflevector(w, w, (I | 1)...));
    }
};

/// Convolutions of x with h, cyclic over the extents that are given. Where those along axis 0 hold less than the whole
/// result, x is cut into blocks whose results are added up (overlap-add).
template <class R>
class bare_fftw {
    using calls = fftw_calls<R>;
    using complex = typename calls::complex;
    using product = faltung::detail::versions<spectrum_product<R>>;

    shape n_, x_, h_, y_;
    index_t numbers_ = 1;  // real ones of a spectrum
    buffer<R> tile_, spectrum_, kernel_;
    typename calls::plan forward_ = nullptr, backward_ = nullptr;
    typename product::function multiply_ = product::of(faltung::detail::best_instruction_set());

public:
    bare_fftw(shape const& n, shape const& x, shape const& h, shape const& y, unsigned rigour)
        : n_(n), x_(x), h_(h), y_(y), tile_(faltung::checked::product(n, "samples of a transform")) {
        int extents[faltung::max_rank];
        for (int a = 0; a < n.rank(); ++a) {
            extents[a] = static_cast<int>(n[a]);
            numbers_ *= a + 1 < n.rank() ? n[a] : n[a] / 2 + 1;
        }
        numbers_ *= 2;
        spectrum_ = buffer<R>(numbers_);
        kernel_ = buffer<R>(numbers_);
        const std::lock_guard lock(faltung::fftw::planner_mutex());
        complex* const s = numbers(spectrum_);
        forward_ = calls::plan_r2c(n.rank(), extents, tile_.data(), s, rigour);
        backward_ = calls::plan_c2r(n.rank(), extents, s, tile_.data(), rigour | FFTW_DESTROY_INPUT);
        std::fill_n(tile_.data(), tile_.count(), R{});
        std::fill_n(kernel_.data(), numbers_, R{});
    }
    ~bare_fftw() {
        const std::lock_guard lock(faltung::fftw::planner_mutex());
        calls::destroy(forward_);
        calls::destroy(backward_);
    }
    bare_fftw(bare_fftw const&) = delete;
    bare_fftw& operator=(bare_fftw const&) = delete;

    void transform_kernel(R const* h) {
        place(h, h_);
        const R scale = 1 / static_cast<R>(tile_.count());
        for (index_t j = 0; j < tile_.count(); ++j) tile_.data()[j] *= scale;
        calls::r2c(forward_, tile_.data(), numbers(kernel_));
    }

    void run(R const* x, R* y) {
        const bool overwrites = y_ == n_;  // then the tile is the result, and no sample is copied
        const index_t step = n_ == x_ ? x_[0] : n_[0] - h_[0] + 1, inner = count_behind(x_), outer = count_behind(y_);
        for (index_t first = 0; first < x_[0]; first += step) {
            shape block = x_;
            block[0] = std::min(step, x_[0] - first);
            R* data = tile_.data();
            if (block == n_)
                data = const_cast<R*>(x);  // r2c keeps it
            else
                place(x + first * inner, block);
            calls::r2c(forward_, data, numbers(spectrum_));
            multiply();
            calls::c2r(backward_, numbers(spectrum_), overwrites ? y : tile_.data());
            if (!overwrites) add(y + first * outer, std::min(n_[0], y_[0] - first), first > 0 ? h_[0] - 1 : 0);
        }
    }

    /// What is inside of a convolution: the tile is transformed, multiplied and transformed back.
    void run_inside() {
        calls::r2c(forward_, tile_.data(), numbers(spectrum_));
        multiply();
        calls::c2r(backward_, numbers(spectrum_), tile_.data());
    }

private:
    static complex* numbers(buffer<R> const& b) { return reinterpret_cast<complex*>(b.data()); }
    void multiply() { multiply_({spectrum_.data(), kernel_.data(), numbers_}); }

    static index_t count_behind(shape const& n) {
        index_t count = 1;
        for (int a = 1; a < n.rank(); ++a) count *= n[a];
        return count;
    }

    // the samples, with zeros up to the extents of the tile
    void place(R const* from, shape const& n) {
        const int last = n_.rank() - 1;
        R* to = tile_.data();
        faltung::for_each_line(n_, [&](index_list const& i) {
            bool is_inside = true;
            for (int a = 0; a < last; ++a) is_inside = is_inside && i[a] < n[a];
            const index_t count = is_inside ? n[last] : 0;
            std::copy_n(from, count, to);
            std::fill(to + count, to + n_[last], R{});
            from += count;
            to += n_[last];
        });
    }

    // `rows` along axis 0 from the tile: the first `shared` ones are added to what the block before has left
    void add(R* to, index_t rows, index_t shared) const {
        const int last = n_.rank() - 1;
        shape block = y_;
        block[0] = rows;
        const index_t count = block[last];
        faltung::for_each_line(block, [&](index_list const& i) {
            index_t at = 0;
            for (int a = 0; a <= last; ++a) at = at * n_[a] + i[a];
            R const* const from = tile_.data() + at;
            const index_t both = last == 0 ? std::min(shared, count) : i[0] < shared ? count : 0;
            for (index_t j = 0; j < both; ++j) to[j] += from[j];
            std::copy(from + both, from + count, to + both);
            to += count;
        });
    }
};

}  // namespace faltung_bench
