// faltung/method/method.hpp -- the names of the methods, and the seam: what every method is made of
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "../core/strided.hpp"
#include "../core/workspace.hpp"
#include "../geometry/problem.hpp"

namespace faltung {

/// One way to compute a problem. They all give the same answer, to the stated bound; `automatic` takes the cheapest.
enum class method : unsigned char { automatic, direct, im2col, separable, fft, overlap_save, winograd };

constexpr char const* name_of(method m) {
    constexpr char const* names[] = {"automatic", "direct", "im2col", "separable", "fft", "overlap_save", "winograd"};
    return names[static_cast<int>(m)];
}

namespace detail {

/// Empty: supported. Otherwise the reason why not, a sentence.
using verdict = std::optional<std::string>;

/// Time in seconds of a call on one thread; |computed - exact|_2 relative to |x~|_2 |h|_2, as random data show it, and
/// as it is proved; what a plan costs besides: seconds to prepare it, and bytes that it holds beyond the kernel;
/// whether the errors are so much larger than those of the sum itself that automatic needs a tolerance to take the
/// method.
struct cost {
    double seconds;
    double expected_error, certified_error;
    double preparation = 0;
    index_t held = 0;
    bool asks_for_tolerance = false;
};

/// What a method makes of a problem once. Two parts, so that a plan with another kernel keeps the first.
struct prepared {
    std::shared_ptr<void const> geometry, kernel;
};

/// A kernel as methods get it. Where it has an owner it is packed in row-major order, and may be held, not copied.
template <class W>
struct kernel_taps : strided<W const> {
    std::shared_ptr<void const> owner;

    kernel_taps(strided<W const> const& taps, std::shared_ptr<void const> keeps_alive = {})
        : strided<W const>(taps), owner(std::move(keeps_alive)) {}
};

/// Element types: of x, of the kernel as given, of the sum, of y; and the operands as the inner loops hold them.
template <class X_, class H_, class Acc_, class Y_>
struct types {
    using X = X_;
    using H = H_;
    using Acc = Acc_;
    using Y = Y_;
    using Data = held_t<X, Acc>;
    using Weight = held_t<H, Acc>;
};

/// What a method says of a problem: all that a choice needs.
struct method_facts {
    method name;
    verdict (*supports)(problem const&);
    cost (*predict)(problem const&);
    index_t (*workspace)(problem const&);
    index_t (*grains)(problem const&);
};

/// The seam: one constant table for every (method, types). A plan holds a pointer to one. Arrays are as `problem` says;
/// the kernel arrives packed, reversed for a convolution, and conjugated where the call asks for it. `run` neither
/// allocates nor throws, and may be called for any split of [0, grains).
template <class T>
struct method_table : method_facts {
    prepared (*prepare)(problem const&, kernel_taps<typename T::Weight> const& h, prepared const* earlier);
    void (*run)(problem const&, prepared const&, strided<typename T::X const> const& x, strided<typename T::Y> const& y,
                std::byte* scratch, grain_range) noexcept;
};

template <class Method, class T>
inline constexpr method_table<T> table_of{
    {Method::name, Method::supports, Method::predict, Method::template workspace<T>, Method::grains},
    Method::template prepare<T>,
    Method::template run<T>};

}  // namespace detail
}  // namespace faltung
