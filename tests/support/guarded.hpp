// tests/support/guarded.hpp -- memory that ends, or begins, exactly at a page that must not be touched
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>

#include <faltung/core/index.hpp>

namespace faltung::testing {

/// Where the forbidden page lies: one sample further, or one sample before.
enum class guard { after, before };

/// `count` samples of T with a forbidden page directly behind the last or before the first one: a program that touches
/// a byte beyond is ended by the system; or with some bytes in between, a frame that nobody may change, so that samples
/// begin and end anywhere in a line of the cache. Every byte of the samples is 0 at first.
template <class T>
class guarded {
    static constexpr std::byte frame{0x5a};

    std::byte* pages_ = nullptr;
    std::size_t bytes_ = 0, page_ = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), used_;
    T* data_ = nullptr;
    index_t count_;

public:
    guarded(index_t count, guard where, std::size_t offset = 0)
        : used_(static_cast<std::size_t>(count) * sizeof(T)), count_(count) {
        const std::size_t room = (used_ + offset + page_ - 1) / page_ * page_;
        bytes_ = room + 2 * page_;
        void* const all = ::mmap(nullptr, bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED) throw std::bad_alloc();
        pages_ = static_cast<std::byte*>(all);
        if (room > 0 && ::mprotect(pages_ + page_, room, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
        std::byte* const first = pages_ + page_ + (where == guard::before ? offset : room - used_ - offset);
        std::fill(pages_ + page_, first, frame);
        std::fill(first + used_, pages_ + page_ + room, frame);
        data_ = reinterpret_cast<T*>(first);
    }
    ~guarded() { ::munmap(pages_, bytes_); }
    guarded(guarded const&) = delete;
    guarded& operator=(guarded const&) = delete;

    /// Whether the bytes between the samples and the forbidden pages are what they were.
    bool frame_is_intact() const {
        std::byte const *const first = reinterpret_cast<std::byte const*>(data_), *const begin = pages_ + page_,
                               *const end = pages_ + bytes_ - page_;
        const auto is_frame = [](std::byte b) { return b == frame; };
        return std::all_of(begin, first, is_frame) && std::all_of(first + used_, end, is_frame);
    }

    T* data() const { return data_; }
    index_t count() const { return count_; }
    std::span<T> span() const { return {data_, static_cast<std::size_t>(count_)}; }
};

}  // namespace faltung::testing
