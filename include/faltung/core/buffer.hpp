// faltung/core/buffer.hpp -- owned memory on a cache-line boundary
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "checked.hpp"

#if defined(__linux__) && __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace faltung {

/// The alignment of every buffer in bytes: a cache line, and the widest vector.
inline constexpr std::size_t buffer_alignment = 64;

namespace detail {
struct free_aligned {
    void operator()(void* p) const noexcept { ::operator delete (p, std::align_val_t{buffer_alignment}); }
};

/// Asks for pages of 2 MB, which are entered and found with fewer steps, below memory of several MB that nobody has
/// touched yet. Only the pages that lie in it as a whole are advised; a system that has no such pages does nothing.
inline void ask_for_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] index_t bytes) noexcept {
#if defined(MADV_HUGEPAGE)
    constexpr std::uintptr_t page = 4096;
    if (bytes < index_t{4} << 20) return;
    const auto begin = (reinterpret_cast<std::uintptr_t>(memory) + page - 1) / page * page;
    const auto end = (reinterpret_cast<std::uintptr_t>(memory) + static_cast<std::uintptr_t>(bytes)) / page * page;
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}
}  // namespace detail

/// `count` elements of a trivial type, uninitialised, aligned to 64 bytes; moves, never copies.
/// Errors: overflow_error when count * sizeof(T) does not fit 64 bits; std::bad_alloc.
template <class T>
class buffer {
    static_assert(std::is_trivially_destructible_v<T>);
    std::unique_ptr<void, detail::free_aligned> memory_;
    index_t count_ = 0;

public:
    buffer() = default;
    explicit buffer(index_t count) : count_(count) {
        const index_t bytes = checked::multiply(count, index_t{sizeof(T)}, "bytes of a buffer");
        if (bytes == 0) return;
        memory_.reset(::operator new (static_cast<std::size_t>(bytes), std::align_val_t{buffer_alignment}));
        detail::ask_for_large_pages(memory_.get(), bytes);
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
