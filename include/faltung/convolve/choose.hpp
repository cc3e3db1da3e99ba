// faltung/convolve/choose.hpp -- the cheapest method that supports the problem within its limits, and the account of it
#pragma once

#include "../method/direct.hpp"
#include "../method/fft.hpp"
#include "../method/im2col.hpp"
#include "../method/overlap_save.hpp"
#include "../method/separable.hpp"
#include "../method/winograd.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED_FOR {

/// Every method there is, for some element types, and the engine that transforms unless another one is asked for.
struct method_list {
    method_facts const* const* first;
    std::size_t count;
    engine_table const* engine;
    constexpr method_facts const* const* begin() const { return first; }
    constexpr method_facts const* const* end() const { return first + count; }
};

/// In place of an engine that has nothing for a precision: what it says of itself fits no problem.
inline constexpr engine_table no_engine{"none",  element::boolean, nullptr, nullptr, nullptr, nullptr,
                                        nullptr, nullptr,          nullptr, nullptr, nullptr, false};

/// Not inline: a program of many files may compile the methods for its element types once, with `template` in one file
/// and `extern template` in the others, optimised for those that are debugged, too.
template <class T>
method_list methods_for() {
    if constexpr (sum_traits<typename T::Acc>::name != algebra::plus_times) {
        static constexpr method_facts const* direct_alone[] = {&table_of<direct, T>};
        return {direct_alone, std::size(direct_alone), nullptr};
    } else {
        static constexpr method_facts const* tables[] = {&table_of<direct, T>,       &table_of<im2col, T>,
                                                         &table_of<separable, T>,    &table_of<fft, T>,
                                                         &table_of<overlap_save, T>, &table_of<winograd, T>};
        using R = transformed_t<typename T::Acc>;
        if constexpr (std::is_same_v<R, float> || std::is_same_v<R, double>)
            return {tables, std::size(tables), &own_engine<R>::table};
        else
            return {tables, std::size(tables), nullptr};
    }
}

}  // namespace FALTUNG_COMPILED_FOR

inline namespace FALTUNG_COMPILED {

/// As many as were asked for, but no more than there are grains or than fit the memory.
inline int workers(method_facts const& m, problem const& p, index_t held) {
    const index_t fit = (p.limits.memory - held) / std::max<index_t>(m.workspace(p), 1);
    return static_cast<int>(std::clamp<index_t>(std::min(m.grains(p), fit), 1, p.limits.threads));
}

/// Why a method that supports the problem at this cost may not be taken, or nothing.
inline verdict refusal(method_facts const& m, problem const& p, cost const& c) {
    if (c.certified_error > p.limits.tolerance)
        return text("its certified error ", c.certified_error, " is larger than the tolerance ", p.limits.tolerance);
    if (p.limits.memory == std::numeric_limits<index_t>::max()) return {};
    const index_t bytes = checked::add(m.workspace(p), c.held, "bytes of a plan and its scratch");
    if (bytes > p.limits.memory) return text("it needs ", bytes, " bytes of scratch, the limit is ", p.limits.memory);
    return {};
}

/// What a method says of a problem: why it may not be taken, or what it costs.
struct offer {
    method_facts const* method = nullptr;
    verdict reason;
    detail::cost cost{};

    offer() = default;
    offer(method_facts const& m, problem const& p, faltung::method wanted = faltung::method::automatic)
        : method(&m), reason(m.supports(p)) {
        if (reason) return;
        cost = m.predict(p);
        reason = refusal(m, p, cost);
        if (!reason && wanted == faltung::method::automatic && cost.asks_for_tolerance &&
            std::isinf(p.limits.tolerance))
            reason = text("its error may be ", cost.certified_error, ": it waits for a tolerance, or to be asked for");
    }

    /// Seconds of one call, with its share of the preparation.
    double seconds(problem const& p) const { return cost.seconds + cost.preparation / p.limits.calls; }
};

/// The offer with the least predicted time, the one asked for, or none where none is left. `reasons`, if given,
/// receives why the others may not be taken.
inline offer cheapest(method_list methods, problem p, method wanted, std::string* reasons = nullptr) {
    if (!p.engine) p.engine = methods.engine;
    offer best;
    for (auto const* m : methods) {
        if (wanted != method::automatic && m->name != wanted) continue;
        offer o(*m, p, wanted);
        if (o.reason) {
            if (reasons) *reasons += text(reasons->empty() ? "" : "; ", name_of(m->name), ": ", *o.reason);
        } else if (!best.method || o.seconds(p) < best.seconds(p)) {
            best = std::move(o);
        }
    }
    return best;
}

/// Errors: unsupported_error with every method's reason when none is left, or with that of the one asked for.
inline offer choose(method_list methods, char const* operation, problem const& p, method wanted) {
    std::string reasons;
    offer best = cheapest(methods, p, wanted, &reasons);
    if (!best.method) fail<unsupported_error>(operation, ": no method is left: ", reasons);
    return best;
}

/// One line per method: predicted time for so many kernels, scratch, errors, or why it may not be taken. The one that
/// `wanted` leads to is marked, if there is one.
inline std::string account(method_list methods, problem p, method wanted, index_t kernels = 1) {
    if (!p.engine) p.engine = methods.engine;
    std::string lines;
    auto const* const best = cheapest(methods, p, wanted).method;
    for (auto const* m : methods) {
        lines += text(m == best ? "* " : "  ", name_of(m->name), ": ");
        const offer o(*m, p, wanted);
        if (o.reason) {
            lines += text(*o.reason, "\n");
            continue;
        }
        lines += text(o.cost.seconds * static_cast<double>(kernels) * 1e6, " us, ");
        lines += text(o.cost.preparation * static_cast<double>(kernels) * 1e6, " us to prepare, ");
        lines += text(m->workspace(p), " bytes of scratch per thread, ");
        if (o.cost.held > 0) lines += text(o.cost.held, " held, ");
        lines += text("error ", o.cost.expected_error, " expected, ", o.cost.certified_error, " certified\n");
    }
    return lines;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
