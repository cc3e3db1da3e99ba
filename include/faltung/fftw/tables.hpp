// faltung/fftw/tables.hpp -- FFTW's transforms as the tables of an engine
#pragma once

#include "../core/buffer.hpp"
#include "../core/for_each.hpp"
#include "../fft/engine.hpp"
#include "planner.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// FFTW's plans for one request: forward with the exponent's sign -1, backward with +1. Real data n has the spectrum
/// n[0] x ... x (n[last] / 2 + 1), axes of extent 1 left out. The spectrum is pairs of a real and an imaginary part: by
/// FFTW's own estimate (single precision, AVX, 16384 real samples) a transform costs a quarter of one with a plane of
/// each, for which it has little vector code.
template <class R>
class fftw_transform {
    using functions = fftw_functions<R>;
    struct plans {
        typename functions::plan forward = nullptr, backward = nullptr;
    };

    shape n_;
    number_kind kind_;
    index_t count_ = 0, numbers_ = 0;  // samples; complex numbers of the spectrum
    plans aligned_, unaligned_;

public:
    explicit fftw_transform(transform_request const& r) : kind_(r.numbers) {
        for (int a = 0; a < r.n.rank(); ++a) {
            if (r.n[a] < 1)
                fail<option_error>("a transform of ", r.n, ": axis ", a, " has ", r.n[a],
                                   " samples: at least 1 is needed");
            if (r.n[a] != 1) n_.push_back(r.n[a]);
        }
        if (n_.rank() == 0) n_.push_back(1);
        count_ = checked::product(n_, "samples of a transform");
        shape spectrum = n_;
        if (kind_ == number_kind::real) spectrum[n_.rank() - 1] = n_[n_.rank() - 1] / 2 + 1;
        numbers_ = checked::product(spectrum, "samples of a spectrum");
    }

    ~fftw_transform() {
        const std::lock_guard lock(fftw::planner_mutex());
        for (plans const& p : {aligned_, unaligned_}) {  // FFTW takes a null plan
            functions::destroy(p.forward);
            functions::destroy(p.backward);
        }
    }
    fftw_transform(fftw_transform const&) = delete;
    fftw_transform& operator=(fftw_transform const&) = delete;

    index_t count() const noexcept { return count_; }
    index_t data() const { return checked::multiply(kind_ == number_kind::real ? 1 : 2, count_, "numbers of data"); }
    index_t spectrum() const { return checked::multiply(2, numbers_, "numbers of a spectrum"); }

    /// Not a part of the constructor: where this fails, the lock is let go before the destructor takes it.
    void plan(fftw::rigour rigour) {
        const buffer<R> x(data()), s(spectrum());  // `estimate` does not touch them, `measure` fills them with 0
        const std::lock_guard lock(fftw::planner_mutex());
        plan(aligned_, x.data(), s.data(), rigour == fftw::measure ? FFTW_MEASURE : FFTW_ESTIMATE);
        plan(unaligned_, x.data(), s.data(), FFTW_ESTIMATE | FFTW_UNALIGNED);
    }

    void forward(R* data, R* spectrum) const noexcept {
        plans const& p = plans_for(data, spectrum);
        if (kind_ == number_kind::real)
            functions::run_from_real(p.forward, data, spectrum, spectrum + 1);
        else
            functions::run_complex(p.forward, data, data + count_, spectrum, spectrum + 1);
    }

    void backward(R* data, R* spectrum) const noexcept {
        plans const& p = plans_for(data, spectrum);
        if (kind_ == number_kind::real)
            functions::run_to_real(p.backward, spectrum, spectrum + 1, data);
        else
            functions::run_complex(p.backward, spectrum + 1, spectrum, data + count_, data);
    }

    /// to = x h, or to += x h; `to` may be x.
    void multiply(R const* x, R const* h, R* to, spectrum_update how) const noexcept {
        for (index_t j = 0; j < 2 * numbers_; j += 2) {
            const R re = x[j] * h[j] - x[j + 1] * h[j + 1], im = x[j] * h[j + 1] + x[j + 1] * h[j];
            to[j] = how == spectrum_update::add ? to[j] + re : re;
            to[j + 1] = how == spectrum_update::add ? to[j + 1] + im : im;
        }
    }

private:
    void plan(plans& p, R* data, R* spectrum, unsigned flags) const {
        std::array<typename functions::axis, max_rank> there{}, back{};
        index_t data_stride = 1, spectrum_stride = 2;
        for (int a = n_.rank(); a-- > 0;) {
            const bool halved = kind_ == number_kind::real && a + 1 == n_.rank();
            there[static_cast<std::size_t>(a)] = {n_[a], data_stride, spectrum_stride};
            back[static_cast<std::size_t>(a)] = {n_[a], spectrum_stride, data_stride};
            data_stride *= n_[a];
            spectrum_stride *= halved ? n_[a] / 2 + 1 : n_[a];
        }
        flags |= FFTW_DESTROY_INPUT;
        if (kind_ == number_kind::real) {
            p.forward =
                functions::plan_from_real(n_.rank(), there.data(), 0, nullptr, data, spectrum, spectrum + 1, flags);
            p.backward =
                functions::plan_to_real(n_.rank(), back.data(), 0, nullptr, spectrum, spectrum + 1, data, flags);
        } else {  // the backward transform is the forward one with real and imaginary parts in each other's place
            p.forward = functions::plan_complex(n_.rank(), there.data(), 0, nullptr, data, data + count_, spectrum,
                                                spectrum + 1, flags);
            p.backward = functions::plan_complex(n_.rank(), back.data(), 0, nullptr, spectrum + 1, spectrum,
                                                 data + count_, data, flags);
        }
        if (p.forward == nullptr || p.backward == nullptr)
            fail<option_error>("FFTW has no plan for a transform of ", n_);
    }

    // FFTW's vector code wants arrays that are aligned as those it was planned with, which the library's own buffers
    // are; FFTW_UNALIGNED for all would cost four times as much, by its estimate as above. So there are two plans.
    plans const& plans_for(R* data, R* spectrum) const noexcept {
        return functions::alignment(data) == 0 && functions::alignment(spectrum) == 0 ? aligned_ : unaligned_;
    }
};

/// FFTW as a table: cyclic, any extents, spectra as of fftw_transform.
template <class R, fftw::rigour Rigour>
struct fftw_engine {
    static index_t multiple(transform_request const&, int) { return 1; }
    static bool takes(transform_request const&) { return true; }
    static index_t spectrum(transform_request const& r) { return fftw_transform<R>(r).spectrum(); }

    static spectrum_order order(transform_request const& r) {
        spectrum_order o;
        if (r.n.rank() == 0) return o;
        shape counts = r.n;  // of frequencies; of real data the last axis has the first half of them
        for (int a = r.n.rank() - 1; r.numbers == number_kind::real; --a)
            if (r.n[a] != 1 || a == 0) {
                counts[a] = r.n[a] / 2 + 1;
                break;
            }
        for_each_index(counts, [&](index_list const& frequency) {
            for (int a = 0; a < r.n.rank(); ++a) o.half_turns.push_back(2 * frequency[a]);
        });
        return o;
    }

    static transform_plan make(transform_request const& r) {
        const auto state = std::make_shared<fftw_transform<R>>(r);
        state->plan(Rigour);
        return {state, state->data(), state->spectrum(), static_cast<double>(state->count()), false};
    }

    static fftw_transform<R> const& of(transform_plan const& p) noexcept {
        return *static_cast<fftw_transform<R> const*>(p.state.get());
    }
    static void forward(transform_plan const& p, void* data, void* spectrum) noexcept {
        of(p).forward(static_cast<R*>(data), static_cast<R*>(spectrum));
    }
    static void backward(transform_plan const& p, void* data, void* spectrum) noexcept {
        of(p).backward(static_cast<R*>(data), static_cast<R*>(spectrum));
    }
    static void multiply(transform_plan const& p, void const* x, void const* h, void* to,
                         spectrum_update how) noexcept {
        of(p).multiply(static_cast<R const*>(x), static_cast<R const*>(h), static_cast<R*>(to), how);
    }
    static void convolve(transform_plan const& p, void* data, void const* h, void* spectrum) noexcept {
        forward(p, data, spectrum);
        multiply(p, spectrum, h, spectrum, spectrum_update::replace);
        backward(p, data, spectrum);
    }

    static constexpr engine_table table{"FFTW", element_of<R>(), multiple, takes,    spectrum, order,
                                        make,   forward,         backward, multiply, convolve, false};
};

template <fftw::rigour Rigour, class... R>
engine_table const* fftw_table(element real) {
    engine_table const* found = nullptr;
    ((found = element_of<R>() == real ? &fftw_engine<R, Rigour>::table : found), ...);
    return found;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail

namespace faltung::fftw {

/// FFTW as the engine of Fourier transforms: `fftw::engine()`, `fftw::engine(fftw::measure)`. engine<float>() has one
/// precision and needs one of FFTW's libraries; without a list it is float, double and long double.
///
/// Shapes: any extents from 1 on; lengths with large prime factors cost more. FFTW chooses the instruction set itself.
/// Types: float32, float64, float80; real and complex.
/// Errors: making a plan: option_error for an extent below 1 and where FFTW has no plan, overflow_error,
/// std::bad_alloc. FFTW does not report its own allocations that fail: it prints a line and aborts the program.
/// Cost: a transform allocates nothing by itself, but FFTW may hold a buffer while it runs some of its plans. Plans are
/// made and destroyed under planner_mutex().
/// Licence: FFTW is under the GPL, and so is what is given to others with it inside, unless its authors license it.
template <class... R>
faltung::engine engine(rigour r = estimate) {
    if constexpr (sizeof...(R) == 0)
        return engine<float, double, long double>(r);
    else
        return {r == measure ? detail::fftw_table<measure, R...> : detail::fftw_table<estimate, R...>};
}

}  // namespace faltung::fftw
