// faltung/core/buffer.hpp -- owned memory on a cache-line boundary
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "checked.hpp"

namespace faltung {

/// The alignment of every buffer in bytes: a cache line, and the widest vector.
inline constexpr std::size_t buffer_alignment = 64;

namespace detail {
struct free_aligned {
    void operator()(void* p) const noexcept { ::operator delete (p, std::align_val_t{buffer_alignment}); }
};
}  // namespace detail

/// `count` elements of a trivial type, uninitialised, aligned to 64 bytes; moves, never copies.
/// Errors: overflow_error when count * sizeof(T) does not fit 64 bits; out_of_memory, a std::bad_alloc.
template <class T>
class buffer {
    static_assert(std::is_trivially_destructible_v<T>);
    std::unique_ptr<void, detail::free_aligned> memory_;
    index_t count_ = 0;

public:
    buffer() = default;
    explicit buffer(index_t count) : count_(count) {
        const index_t bytes = checked::multiply(count, index_t{sizeof(T)}, "bytes of a buffer");
        if (bytes <= 0) return;
        memory_.reset(
            ::operator new (static_cast<std::size_t>(bytes), std::align_val_t{buffer_alignment}, std::nothrow));
        if (!memory_) FALTUNG_THROW(out_of_memory(bytes));
        detail::ask_for_large_pages(memory_.get(), static_cast<std::size_t>(bytes));
    }

    buffer(buffer&& other) noexcept : memory_(std::move(other.memory_)), count_(std::exchange(other.count_, 0)) {}
    buffer& operator=(buffer&& other) noexcept {
        memory_ = std::move(other.memory_);
        count_ = std::exchange(other.count_, 0);
        return *this;
    }

    T* data() const noexcept { return static_cast<T*>(memory_.get()); }
    index_t count() const noexcept { return count_; }
};

}  // namespace faltung
