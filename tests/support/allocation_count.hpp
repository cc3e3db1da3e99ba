// tests/support/allocation_count.hpp -- count what operator new hands out, and let one allocation fail
#pragma once

#include <cstddef>

namespace faltung::testing {

/// From construction on: how many allocations any thread makes, and whether one of them must fail. One at a time.
/// Only executables that compile allocation_count.cpp have it.
class allocation_watch {
public:
    /// Count only.
    allocation_watch();
    /// Count, and throw std::bad_alloc from the allocation number `failing` (0 is the first one from now on).
    explicit allocation_watch(std::size_t failing);
    ~allocation_watch();
    allocation_watch(allocation_watch const&) = delete;
    allocation_watch& operator=(allocation_watch const&) = delete;

    /// Allocations since construction; one that failed counts.
    std::size_t count() const;
    /// Blocks allocated and not yet freed since construction: 0 says that a failure leaked nothing.
    long long balance() const;
    /// The most bytes that were held at a time, of blocks allocated since construction.
    long long peak_bytes() const;
};

}  // namespace faltung::testing
