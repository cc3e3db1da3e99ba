// faltung/convolve/choose.hpp -- the cheapest method that supports the problem within its limits, and the account of it
#pragma once

#include "../method/direct.hpp"
#include "../method/im2col.hpp"

namespace faltung::detail {
inline namespace FALTUNG_COMPILED {

/// Every method there is, for the given element types.
template <class T>
inline constexpr std::array method_tables{&table_of<direct, T>, &table_of<im2col, T>};

/// Why a method may not be taken, or nothing: its own verdict, then the limits of the problem.
template <class T>
verdict refusal(method_table<T> const& m, problem const& p) {
    if (auto reason = m.supports(p)) return reason;
    const cost c = m.predict(p);
    if (c.certified_error > p.limits.tolerance)
        return text("its certified error ", c.certified_error, " is larger than the tolerance ", p.limits.tolerance);
    const index_t bytes = checked::multiply(m.workspace(p), p.limits.threads, "scratch of all workers");
    if (bytes > p.limits.memory) return text("it needs ", bytes, " bytes of scratch, the limit is ", p.limits.memory);
    return {};
}

/// Errors: unsupported_error with every method's reason when none is left, or with that of the one asked for.
template <class T>
method_table<T> const& choose(char const* operation, problem const& p, method wanted) {
    method_table<T> const* best = nullptr;
    double best_seconds = 0;
    std::string reasons;
    for (auto const* m : method_tables<T>) {
        if (wanted != method::automatic && m->name != wanted) continue;
        if (auto reason = refusal(*m, p)) {
            reasons += text(reasons.empty() ? "" : "; ", name_of(m->name), ": ", *reason);
            continue;
        }
        const double seconds = m->predict(p).seconds;
        if (!best || seconds < best_seconds) {
            best = m;
            best_seconds = seconds;
        }
    }
    if (!best) detail::fail<unsupported_error>(operation, ": no method is left: ", reasons);
    return *best;
}

/// One line per method: predicted time, scratch, errors, or why it may not be taken; the chosen one is marked.
template <class T>
std::string account(problem const& p, method chosen) {
    std::string lines;
    for (auto const* m : method_tables<T>) {
        lines += text(m->name == chosen ? "* " : "  ", name_of(m->name), ": ");
        if (auto reason = refusal(*m, p)) {
            lines += text(*reason, "\n");
            continue;
        }
        const cost c = m->predict(p);
        lines += text(c.seconds * 1e6, " us, ", m->workspace(p), " bytes of scratch per thread, error ",
                      c.expected_error, " expected, ", c.certified_error, " certified\n");
    }
    return lines;
}

}  // namespace FALTUNG_COMPILED
}  // namespace faltung::detail
