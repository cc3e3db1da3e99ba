// faltung/convolve/choose.hpp -- the cheapest method that supports the problem within its limits, and the account of it
#pragma once

#include "../method/direct.hpp"
#include "../method/im2col.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Every method there is, for some element types.
struct method_list {
    method_facts const* const* first;
    std::size_t count;
    constexpr method_facts const* const* begin() const { return first; }
    constexpr method_facts const* const* end() const { return first + count; }
};

template <class T>
inline constexpr method_facts const* method_tables[] = {&table_of<direct, T>, &table_of<im2col, T>};

template <class T>
constexpr method_list methods_for() {
    return {method_tables<T>, std::size(method_tables<T>)};
}

/// As many as were asked for, but no more than there are grains.
inline int workers(method_facts const& m, problem const& p) {
    return static_cast<int>(std::clamp<index_t>(m.grains(p), 1, p.limits.threads));
}

/// Why a method may not be taken, or nothing: its own verdict, then the limits of the problem.
inline verdict refusal(method_facts const& m, problem const& p) {
    if (auto reason = m.supports(p)) return reason;
    const cost c = m.predict(p);
    if (c.certified_error > p.limits.tolerance)
        return text("its certified error ", c.certified_error, " is larger than the tolerance ", p.limits.tolerance);
    const index_t bytes = checked::multiply(m.workspace(p), workers(m, p), "scratch of all workers");
    if (bytes > p.limits.memory) return text("it needs ", bytes, " bytes of scratch, the limit is ", p.limits.memory);
    return {};
}

/// The method with the least predicted time, the one asked for, or nothing where none is left. `reasons`, if given,
/// receives why the others may not be taken.
inline method_facts const* cheapest(method_list methods, problem const& p, method wanted,
                                    std::string* reasons = nullptr) {
    method_facts const* best = nullptr;
    double best_seconds = 0;
    for (auto const* m : methods) {
        if (wanted != method::automatic && m->name != wanted) continue;
        if (auto reason = refusal(*m, p)) {
            if (reasons) *reasons += text(reasons->empty() ? "" : "; ", name_of(m->name), ": ", *reason);
            continue;
        }
        const double seconds = m->predict(p).seconds;
        if (!best || seconds < best_seconds) {
            best = m;
            best_seconds = seconds;
        }
    }
    return best;
}

inline method_facts const& choose_from(method_list methods, char const* operation, problem const& p, method wanted) {
    std::string reasons;
    auto const* const best = cheapest(methods, p, wanted, &reasons);
    if (!best) fail<unsupported_error>(operation, ": no method is left: ", reasons);
    return *best;
}

/// Errors: unsupported_error with every method's reason when none is left, or with that of the one asked for.
template <class T>
method_table<T> const& choose(char const* operation, problem const& p, method wanted) {
    return static_cast<method_table<T> const&>(choose_from(methods_for<T>(), operation, p, wanted));
}

/// One line per method: predicted time for so many kernels, scratch, errors, or why it may not be taken. The one that
/// `wanted` leads to is marked, if there is one.
inline std::string account(method_list methods, problem const& p, method wanted, index_t kernels = 1) {
    std::string lines;
    auto const* const best = cheapest(methods, p, wanted);
    for (auto const* m : methods) {
        lines += text(m == best ? "* " : "  ", name_of(m->name), ": ");
        if (auto reason = refusal(*m, p)) {
            lines += text(*reason, "\n");
            continue;
        }
        const cost c = m->predict(p);
        lines += text(c.seconds * static_cast<double>(kernels) * 1e6, " us, ", m->workspace(p),
                      " bytes of scratch per thread, error ", c.expected_error, " expected, ", c.certified_error,
                      " certified\n");
    }
    return lines;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
