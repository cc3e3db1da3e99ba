// tests/support/allocation_count.cpp -- the replaced operator new and delete behind allocation_count.hpp
#include "allocation_count.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

std::atomic<bool> watching{false};
std::atomic<std::size_t> allocations{0}, failing_one{never};
std::atomic<long long> blocks{0}, held{0}, peak{0};

void* allocate(std::size_t bytes, std::size_t alignment) {
    if (watching && allocations++ == failing_one) throw std::bad_alloc();
    // aligned_alloc wants a multiple of the alignment
    const std::size_t rounded = (bytes / alignment + 1) * alignment;
    void* block = rounded < bytes ? nullptr : std::aligned_alloc(alignment, rounded);
    if (block == nullptr) throw std::bad_alloc();
    if (watching) {
        ++blocks;
        const long long now = held += static_cast<long long>(malloc_usable_size(block));
        for (long long most = peak; most < now && !peak.compare_exchange_weak(most, now);) {
        }
    }
    return block;
}

void* allocate_or_null(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) noexcept {
    try {
        return allocate(bytes, alignment);
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}

void release(void* block) noexcept {
    if (block != nullptr && watching) {
        --blocks;
        held -= static_cast<long long>(malloc_usable_size(block));
    }
    std::free(block);
}

}  // namespace

namespace faltung::testing {

allocation_watch::allocation_watch() : allocation_watch(never) {}
allocation_watch::allocation_watch(std::size_t failing) {
    allocations = 0;
    blocks = 0;
    held = peak = 0;
    failing_one = failing;
    watching = true;
}
allocation_watch::~allocation_watch() { watching = false; }
std::size_t allocation_watch::count() const { return allocations; }
long long allocation_watch::balance() const { return blocks; }
long long allocation_watch::peak_bytes() const { return peak; }

}  // namespace faltung::testing

// Every form, array and nothrow too: where a sanitizer has forms of its own, they do not call the ones without them.
void* operator new(std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new[](std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept { return allocate_or_null(bytes); }
void* operator new[](std::size_t bytes, std::nothrow_t const&) noexcept { return allocate_or_null(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    return allocate_or_null(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    return allocate_or_null(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { release(block); }
void operator delete[](void* block) noexcept { release(block); }
void operator delete(void* block, std::nothrow_t const&) noexcept { release(block); }
void operator delete[](void* block, std::nothrow_t const&) noexcept { release(block); }
void operator delete(void* block, std::size_t) noexcept { release(block); }
void operator delete[](void* block, std::size_t) noexcept { release(block); }
void operator delete(void* block, std::align_val_t) noexcept { release(block); }
void operator delete[](void* block, std::align_val_t) noexcept { release(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { release(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { release(block); }
