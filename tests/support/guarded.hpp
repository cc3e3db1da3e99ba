// tests/support/guarded.hpp -- memory that ends, or begins, exactly at a page that must not be touched
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <span>

#include <faltung/core/index.hpp>

namespace faltung::testing {

/// Where the forbidden page lies: one sample further, or one sample before.
enum class guard { after, before };

/// `count` samples of T with a forbidden page directly behind the last or before the first one: a program that touches
/// a byte beyond is ended by the system. Every byte of the samples is 0 at first.
template <class T>
class guarded {
    std::byte* pages_ = nullptr;
    std::size_t bytes_ = 0;
    T* data_ = nullptr;
    index_t count_;

public:
    guarded(index_t count, guard where) : count_(count) {
        const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        const std::size_t used = static_cast<std::size_t>(count) * sizeof(T), room = (used + page - 1) / page * page;
        bytes_ = room + 2 * page;
        void* const all = ::mmap(nullptr, bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED) throw std::bad_alloc();
        pages_ = static_cast<std::byte*>(all);
        if (room > 0 && ::mprotect(pages_ + page, room, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
        data_ = reinterpret_cast<T*>(where == guard::before ? pages_ + page : pages_ + page + (room - used));
    }
    ~guarded() { ::munmap(pages_, bytes_); }
    guarded(guarded const&) = delete;
    guarded& operator=(guarded const&) = delete;

    T* data() const { return data_; }
    index_t count() const { return count_; }
    std::span<T> span() const { return {data_, static_cast<std::size_t>(count_)}; }
};

}  // namespace faltung::testing
