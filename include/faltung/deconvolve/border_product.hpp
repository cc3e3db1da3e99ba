// faltung/deconvolve/border_product.hpp -- the few outputs of a border as others of them see them: a preconditioner
#pragma once

#include <map>
#include <span>

#include "periodic_layer.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Of a periodic layer P and some of its outputs E: z = E^T P P^H E r, summed up tap by tap. Two outputs have common
/// samples of x only where they are nearer than the kernel is wide, so this costs much less than transforms of the
/// whole torus where the outputs are few. It approximates the inverse of E^T (P P^H)^-1 E: what is left out is what the
/// other outputs have to say.
///
/// Vectors: all places of output channel 0, then of channel 1, ... Cost: O^2 multiply-adds for each pair of places that
/// have common samples; to build, O^2 C for each pair of taps.
template <class T>
class border_product {
    struct offset_block {
        std::vector<T> factors;                                  // of P P^H: from channel q to channel o at q O + o
        std::vector<std::pair<std::size_t, std::size_t>> pairs;  // to which place, from which place
    };

    std::size_t channels_, places_;
    std::vector<offset_block> blocks_;
    std::vector<T> from_, to_;  // place by place

public:
    border_product(periodic_layer<T> const& l, std::vector<index_t> const& places)
        : channels_(static_cast<std::size_t>(l.outputs())),
          places_(places.size()),
          from_(channels_ * places_),
          to_(channels_ * places_) {
        shape const& n = l.extents();
        std::vector<index_t> number(static_cast<std::size_t>(l.samples()), -1);  // of a place
        for (std::size_t i = 0; i < places_; ++i) number[static_cast<std::size_t>(places[i])] = static_cast<index_t>(i);
        std::map<index_t, std::size_t> block_of;  // an offset on the torus
        for (index_t t = 0; t < l.taps(); ++t)
            for (index_t s = 0; s < l.taps(); ++s) {
                const index_t offset = moved(l.place(t), l.place(s), n);
                const auto [found, is_new] = block_of.try_emplace(offset, blocks_.size());
                if (is_new)
                    blocks_.push_back({std::vector<T>(channels_ * channels_), pairs(places, number, offset, n)});
                offset_block& block = blocks_[found->second];
                if (!block.pairs.empty()) add(block, l, t, s);
            }
    }

    void operator()(std::span<T const> r, std::span<T> z) {
        for (std::size_t o = 0; o < channels_; ++o)
            for (std::size_t i = 0; i < places_; ++i) from_[i * channels_ + o] = r[o * places_ + i];
        std::fill(to_.begin(), to_.end(), T{});
        for (offset_block const& block : blocks_)
            for (auto const& pair : block.pairs) {
                T* const to = to_.data() + pair.first * channels_;
                T const* factors = block.factors.data();
                for (std::size_t q = 0; q < channels_; ++q, factors += channels_) {
                    const T v = from_[pair.second * channels_ + q];
                    for (std::size_t o = 0; o < channels_; ++o) to[o] = multiply_add(to[o], factors[o], v);
                }
            }
        for (std::size_t o = 0; o < channels_; ++o)
            for (std::size_t i = 0; i < places_; ++i) z[o * places_ + i] = to_[i * channels_ + o];
    }

private:
    // The place at a - b on the torus.
    static index_t moved(index_t a, index_t b, shape const& n) {
        index_t to = 0, stride = 1;
        for (int axis = n.rank(); axis-- > 0;) {
            to += checked::floor_modulo(a % n[axis] - b % n[axis], n[axis]) * stride;
            stride *= n[axis];
            a /= n[axis];
            b /= n[axis];
        }
        return to;
    }

    static auto pairs(std::vector<index_t> const& places, std::vector<index_t> const& number, index_t offset,
                      shape const& n) {
        std::vector<std::pair<std::size_t, std::size_t>> found;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const index_t from = number[static_cast<std::size_t>(moved(places[i], offset, n))];
            if (from >= 0) found.emplace_back(i, static_cast<std::size_t>(from));
        }
        return found;
    }

    void add(offset_block& block, periodic_layer<T> const& l, index_t t, index_t s) const {
        for (index_t q = 0; q < l.outputs(); ++q)
            for (index_t o = 0; o < l.outputs(); ++o) {
                T& to = block.factors[static_cast<std::size_t>(q * l.outputs() + o)];
                for (index_t c = 0; c < l.inputs(); ++c)
                    to = multiply_add(to, l.tap(o, c, t), conjugate(l.tap(q, c, s)));
            }
    }
};

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
