// faltung/stream/partitions.hpp -- how a long kernel is cut for a stream, and when the work of each part is due
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "../core/for_each.hpp"
#include "../fft/engine.hpp"
#include "../fft/length.hpp"
#include "../simd/target.hpp"

namespace faltung {

/// How long an output waits. `block`: until its block is complete, one partition length. `zero`: not at all, since the
/// first partition of the taps is summed directly, sample by sample.
enum class latency : unsigned char { block, zero };

constexpr char const* name_of(latency l) { return l == latency::block ? "block" : "zero"; }

/// Options of stream_convolver. A plain aggregate, set by name in this order: `{.block = 256, .latency =
/// latency::zero}`.
struct stream_options {
    /// Taps of a partition, and samples from one transform to the next. Without a value: of 64, 128, ..., 8192, up to
    /// the first that holds the whole kernel, the one with the least work for a sample, where a product counts as one
    /// pass of a transform and three multiply-adds of the direct sum as one sample of a pass.
    std::optional<index_t> block = {};
    faltung::latency latency = faltung::latency::block;
    faltung::engine engine = {};  // who transforms: the library's own engine, or fftw::engine()
};

namespace detail {
inline namespace FALTUNG_COMPILED {

/// What a stream is, but for the values of its kernel. Output o is the sum over the inputs i of h[o][i] * x[i]; the
/// taps are cut into a head that is summed directly (latency zero) and `count` partitions of `block` taps that are
/// multiplied in the spectra of blocks: uniformly partitioned overlap-save. A transform sees the last `length` >= 2
/// `block` samples, and of its results the last `block` are kept: nothing has wrapped into them, with either sign.
///
/// The work is counted in products of two spectra, and a transform counts as many of them as it has passes. At the
/// beginning of a block stand the transforms and the products of the block that has just arrived. All others are for
/// the next one, and are due in proportion to the samples of the block, as soon as these have made up for the
/// transforms.
///
/// Source: Stockham, High-speed convolution and correlation, 1966 (the blocks); Torger and Farina, Real-time
/// partitioned convolution for ambiophonics surround sound, 2001 (the partitions).
struct partitions {
    index_t outputs, inputs, taps, block = 0;
    faltung::latency latency;
    engine_table const* engine;
    faltung::instruction_set instruction_set;
    index_t length = 0, head = 0, count = 0, passes = 0;
    index_t group = 1;  // products that are summed before their sum is: about as many as there are groups
    transform_plan plan;

    /// Errors: shape_error for an empty kernel; option_error, overflow_error.
    partitions(faltung::shape const& h, stream_options const& o, engine_table const& own)
        : outputs(h[0]),
          inputs(h[1]),
          taps(h[2]),
          latency(o.latency),
          engine(o.engine.table ? o.engine.table(own.real) : &own),
          instruction_set(best_instruction_set()) {
        if (is_empty(h)) fail<shape_error>("stream_convolver: an empty kernel ", h, ": every extent is at least 1");
        if (!engine)
            fail<option_error>("stream_convolver: the engine has no transform of ", name_of(own.real), " samples");
        if (engine->real != own.real)
            fail<option_error>("stream_convolver: the engine ", engine->name, " transforms ", name_of(engine->real),
                               ", and the samples are ", name_of(own.real));
        if (o.block && *o.block < 1)
            fail<option_error>("stream_convolver: blocks of ", *o.block, ": at least 1 sample is needed");
        cut(o.block ? *o.block : cheapest_block());
        plan = engine->make(request(length));
        group = std::max(index_t{1}, static_cast<index_t>(std::ceil(std::sqrt(products_of_output()))));
    }

    faltung::shape kernel_shape() const { return {outputs, inputs, taps}; }

    /// Products between two transforms, for so many kernels at a time.
    index_t products_of_output() const noexcept { return count > 1 ? inputs * (count - 1) : 0; }
    index_t products(index_t kernels) const noexcept { return kernels * outputs * products_of_output(); }

    /// What the beginning of a block counts: a transform for every input and, for each kernel, every output, and a
    /// product for every pair.
    index_t first_work(index_t kernels) const noexcept {
        return count == 0 ? 0 : (inputs + kernels * outputs) * passes + kernels * outputs * inputs;
    }

    /// How many of the `all` products are due after `samples_in` samples of a block that began with the work `first`.
    index_t due(index_t samples_in, index_t first, index_t all) const noexcept {
        return std::clamp(checked::ceil_divide((first + all) * samples_in, block) - first, index_t{0}, all);
    }

    friend bool operator==(partitions const& l, partitions const& r) {
        return l.kernel_shape() == r.kernel_shape() && l.block == r.block && l.latency == r.latency &&
               l.engine == r.engine;
    }
    friend void append(std::string& s, partitions const& p) {
        s += text("kernels of shape ", p.kernel_shape(), " in blocks of ", p.block, " with latency ",
                  name_of(p.latency), " by the engine ", p.engine->name);
    }

private:
    transform_request request(index_t n) const { return {{n}, number_kind::real, ring_kind::any, instruction_set}; }

    void cut(index_t wanted) {
        block = wanted;
        head = latency == latency::zero ? std::min(taps, block) : 0;
        count = checked::ceil_divide(taps - head, block);
        length = fast_length(checked::multiply(block, 2, "samples of a transform"), engine->multiple(request(1), 0));
        passes = static_cast<index_t>(std::ceil(transform_work(length / 2)));
    }

    index_t cheapest_block() {
        index_t best = 0;
        double least = 0;
        for (index_t b = 64; b <= 8192; b *= 2) {
            cut(b);
            const double pairs = static_cast<double>(inputs) * static_cast<double>(outputs);
            const double transforms = static_cast<double>(inputs + outputs) * transform_work(length / 2);
            const double passed = static_cast<double>(length) / static_cast<double>(block);
            const double work = (count > 0 ? passed * (transforms + pairs * static_cast<double>(count)) : 0) +
                                pairs * static_cast<double>(head) / 3;
            if (best == 0 || work < least) {
                best = b;
                least = work;
            }
            if (b >= taps) break;
        }
        return best;
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace detail
}  // namespace faltung
