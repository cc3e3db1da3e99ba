// bench/versus/fourier/contest.hpp -- a named case, and who takes part in it: the library in several ways, and FFTW
#pragma once

#include <memory>
#include <string>

#include <faltung/convolve.hpp>
#include <faltung/stream.hpp>

#include "../../cases.hpp"
#include "../session.hpp"
#include "bare_fftw.hpp"

namespace faltung_bench {

/// 512x512, a word.
inline std::string text_of(shape const& n) {
    std::string word;
    for (index_t extent : n) word += faltung::text(word.empty() ? "" : "x", extent);
    return word;
}

/// The operands of a case and its result, which all contestants write.
template <class T, std::size_t Rank>
class contest {
    using plan = faltung::convolver<T>;

    named_case case_;
    faltung::tensor<T, Rank> x_, h_, y_;

public:
    contest(named_case const& c, faltung::method m)
        : case_(c), x_(samples<T, Rank>(c.data)), h_(samples<T, Rank>(c.kernel)), y_(result_of(c)) {
        case_.options.method = m;
        fftw_calls<T>::forget_wisdom();
    }

    shape data() const { return x_.shape(); }
    shape kernel() const { return h_.shape(); }
    shape result() const { return y_.shape(); }

    std::array<double, 2> fingerprint() const { return fingerprint_of(y_); }

    /// `n`: the extents of FFTW's transforms, or a stream's block. Errors: option_error for a name that stands for
    /// nobody.
    contestant make(std::string const& who, shape const& n) {
        convolve_options o = case_.options;
        if (who == "kept") return kept(o);
        if (who == "call") return {0, "", [this, o] { convolve_into(y_, x_, h_, o); }};
        if (who == "plan") return {0, "", [this, o] { plan(case_.data, h_, o); }};
        if constexpr (Rank == 1)
            if (who == "stream") return stream(n[0]);
        o.engine = faltung::fftw::engine<float, double>(faltung::fftw::measure);
        if (who == "kept_on_fftw") return kept(o);
        if (who == "two_threads") return two_threads();
        if (who == "two_copies") return two_copies();
        if (who == "fftw_kept") return fftw_kept(n);
        if (who == "fftw_call") return fftw_call(n, FFTW_MEASURE);
        if (who == "fftw_estimate_call") return fftw_call(n, FFTW_ESTIMATE);
        if (who == "inside") return inside();
        if (who == "inside_fftw") return inside_fftw();
        faltung::detail::fail<faltung::option_error>("there is no contestant ", who);
    }

private:
    static faltung::tensor<T, Rank> result_of(named_case const& c) {
        return faltung::tensor<T, Rank>(
            faltung::detail::resolve({"bench", faltung::sense::convolution}, c.data, c.kernel, c.options)
                .problem.outputs());
    }

    static faltung::detail::spectral_layout layout_of(faltung::problem const& p, faltung::method m) {
        if (m == faltung::method::fft) return faltung::detail::spectral_search(p, *p.engine).one_tile();
        if (m == faltung::method::overlap_save) return faltung::detail::spectral_search(p, *p.engine).tiles();
        faltung::detail::fail<faltung::option_error>("there is no transform inside of ", name_of(m));
    }
    static shape tile_of(plan const& p) {
        return faltung::detail::request_of(p.problem(), layout_of(p.problem(), p.method())).n;
    }

    static std::string about(plan const& p) {
        const bool transforms = p.method() == faltung::method::fft || p.method() == faltung::method::overlap_save;
        return transforms ? faltung::text(name_of(p.method()), " ", text_of(tile_of(p))) : name_of(p.method());
    }

    contestant kept(convolve_options const& o) {
        std::shared_ptr<plan const> ready;
        const double seconds = seconds_of([&] { ready = std::make_shared<plan const>(case_.data, h_, o); });
        const auto scratch = std::make_shared<faltung::workspace>(ready->workspace());
        return {seconds, about(*ready), [this, ready, scratch] { (*ready)(x_, y_, *scratch); }};
    }

    // A run is the next block.
    contestant stream(index_t block) {
        struct state {
            faltung::stream_convolver<T> convolver;
            index_t at = 0;
        };
        const faltung::stream_options o{.block = block, .latency = faltung::latency::zero};
        const std::shared_ptr<state> now(new state{faltung::stream_convolver<T>(h_, o)});
        return {0, "", [this, now, block] {
                    if (now->at + block > x_.shape()[0]) now->at = 0;
                    const auto first = now->at;
                    const auto count = static_cast<std::size_t>(block);
                    now->convolver.process(std::span(x_.data() + first, count), std::span(y_.data() + first, count));
                    now->at += block;
                }};
    }

    contestant two_threads() {
        convolve_options o = case_.options;
        o.threads = 2;
        return kept(o);
    }

    contestant two_copies() {
        const auto copy = [this]() -> contestant {
            struct arrays {
                plan ready;
                faltung::tensor<T, Rank> x, y;
                faltung::workspace scratch = ready.workspace();
            };
            const std::shared_ptr<arrays> c(new arrays{plan(case_.data, h_, case_.options), x_, y_});
            return {0, about(c->ready), [c] { c->ready(c->x, c->y, c->scratch); }};
        };
        return at_the_same_time(copy(), copy());
    }

    std::shared_ptr<bare_fftw<T>> fftw(shape const& n, unsigned rigour) const {
        return std::make_shared<bare_fftw<T>>(n, data(), kernel(), result(), rigour);
    }

    contestant fftw_kept(shape const& n) {
        std::shared_ptr<bare_fftw<T>> ready;
        const double seconds = seconds_of([&] {
            ready = fftw(n, FFTW_MEASURE);
            ready->transform_kernel(h_.data());
        });
        return {seconds, text_of(n), [this, ready] { ready->run(x_.data(), y_.data()); }};
    }

    contestant fftw_call(shape const& n, unsigned rigour) {
        std::shared_ptr<bare_fftw<T>> ready;
        const double seconds = seconds_of([&] { ready = fftw(n, rigour); });
        return {seconds, text_of(n), [this, ready] {
                    ready->transform_kernel(h_.data());
                    ready->run(x_.data(), y_.data());
                }};
    }

    // The transforms, by the engine's own table: there, product with a spectrum, and back.
    contestant inside() {
        struct tile {
            faltung::engine_table const* engine;
            faltung::transform_plan transform;
            buffer<T> data, spectrum;
        };
        const plan whole(case_.data, h_, case_.options);
        faltung::problem const& p = whole.problem();
        const auto t = std::make_shared<tile>();
        t->engine = p.engine;
        const double seconds = seconds_of(
            [&] { t->transform = p.engine->make(faltung::detail::request_of(p, layout_of(p, whole.method()))); });
        t->data = buffer<T>(t->transform.data);
        t->spectrum = buffer<T>(t->transform.spectrum);
        std::fill_n(t->data.data(), t->data.count(), T{});
        std::fill_n(t->spectrum.data(), t->spectrum.count(), T{});
        return {seconds, text_of(tile_of(whole)),
                [t] { t->engine->convolve(t->transform, t->data.data(), t->spectrum.data(), nullptr); }};
    }

    contestant inside_fftw() {
        const shape n = tile_of(plan(case_.data, h_, case_.options));
        std::shared_ptr<bare_fftw<T>> ready;
        const double seconds = seconds_of([&] { ready = fftw(n, FFTW_MEASURE); });
        return {seconds, text_of(n), [ready] { ready->run_inside(); }};
    }
};

}  // namespace faltung_bench
