// tests/support/reference.cpp -- where the terms of a sum come from
#include "support/reference.hpp"

namespace reference {

index_t walk(index_t i, index_t n, char map) {
    if (i >= 0 && i < n) return i;
    if (map == 'z' || map == 'c') return -1;
    if (map == 'e') return i < 0 ? 0 : n - 1;
    index_t at = i < 0 ? 0 : n - 1, towards = i < 0 ? 1 : -1;  // inwards, seen from the end that i lies beyond
    const index_t steps = i < 0 ? -i : i - (n - 1);
    for (index_t k = 0; k < steps; ++k) {
        if (map == 'w') {
            at = i < 0 ? (at == 0 ? n - 1 : at - 1) : (at == n - 1 ? 0 : at + 1);
        } else if (map == 's' && k == 0) {
            // the first step beyond the edge shows the end sample again
        } else if (n > 1) {
            const index_t next = at + towards;
            if (next >= 0 && next < n) {
                at = next;
            } else {
                towards = -towards;
                if (map == 'r') at += towards;
            }
        }
    }
    return at;
}

index_t outputs(line const& axis) {
    index_t count = 0;
    if (axis.n == 0) return 0;
    for (index_t start = -axis.low; start + axis.dilation * (axis.taps - 1) <= axis.n - 1 + axis.high;
         start += axis.stride)
        ++count;
    return count;
}

std::vector<index_t> output_shape(std::vector<line> const& axes) {
    std::vector<index_t> n;
    for (line const& k : axes) n.push_back(outputs(k));
    return n;
}

all_terms::all_terms(std::vector<line> const& axes) : axes_(&axes), source_(axes.size()), outputs_(1) {
    std::size_t taps = 1;
    for (std::size_t a = 0; a < axes.size(); ++a) {
        line const& k = axes[a];
        const index_t count = reference::outputs(k);
        outputs_ *= static_cast<std::size_t>(count);
        taps *= static_cast<std::size_t>(k.taps);
        for (index_t o = 0; o < count; ++o)
            for (index_t t = 0; t < k.taps; ++t)
                source_[a].push_back(walk(o * k.stride + t * k.dilation - k.low, k.n, k.map));
    }
    terms_.resize(taps);
}

term const* all_terms::of(std::size_t o) {
    if (terms_.empty()) return nullptr;
    const std::size_t rank = axes_->size();
    std::vector<index_t const*> sources(rank);  // of this output, a sample for every tap
    for (std::size_t a = rank; a-- > 0;) {
        const std::size_t taps = static_cast<std::size_t>((*axes_)[a].taps), count = source_[a].size() / taps;
        sources[a] = source_[a].data() + o % count * taps;
        o /= count;
    }
    terms_[0] = {0, nullptr};
    std::size_t done = 1;  // of the axes before, the products of their taps; written from the last one, in place
    for (std::size_t a = 0; a < rank; ++a) {
        line const& k = (*axes_)[a];
        const std::size_t taps = static_cast<std::size_t>(k.taps);
        for (std::size_t before = done; before-- > 0;) {
            const term outer = terms_[before];
            for (std::size_t t = 0; t < taps; ++t) {
                const index_t i = sources[a][t];
                // the last axis that is outside wins, and there is no sample
                terms_[before * taps + t] = {outer.sample * static_cast<std::size_t>(k.n) + static_cast<std::size_t>(i),
                                             i < 0 ? &k : outer.outside};
            }
        }
        done *= taps;
    }
    for (term& t : terms_)
        if (t.outside) t.sample = 0;
    return terms_.data();
}

}  // namespace reference
