// faltung/core/workspace.hpp -- scratch memory and parked threads that a plan asks for and the caller keeps
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "buffer.hpp"
#include "thread_pool.hpp"

namespace faltung {

/// Grains first, ..., last - 1 of a fixed grid of output tiles.
struct grain_range {
    index_t first, last;
};

/// One per calling thread. It owns every worker's scratch memory, the part that all workers share, and the threads.
/// Making it is the only step that allocates: a call with it never does. Two calls at a time need two workspaces.
class workspace {
    buffer<std::byte> scratch_;
    index_t bytes_ = 0, shared_ = 0;
    std::unique_ptr<thread_pool> pool_;

    static index_t rounded(index_t bytes) {
        constexpr index_t line = static_cast<index_t>(buffer_alignment);
        return checked::multiply(checked::ceil_divide(bytes, line), line, "bytes of a workspace");
    }

public:
    /// `bytes` for each of `workers` threads and `shared` for all. Errors: overflow_error, std::bad_alloc,
    /// std::system_error when a thread cannot be started.
    workspace(index_t bytes, index_t shared, int workers) : bytes_(rounded(bytes)), shared_(rounded(shared)) {
        const index_t scratch = checked::multiply(bytes_, workers, "scratch of all workers");
        scratch_ = buffer<std::byte>(checked::add(scratch, shared_, "bytes of a workspace"));
        if (workers > 1) pool_ = std::make_unique<thread_pool>(workers);
    }

    /// The other one is left without memory, and no plan takes it.
    workspace(workspace&& other) noexcept
        : scratch_(std::move(other.scratch_)),
          bytes_(std::exchange(other.bytes_, 0)),
          shared_(std::exchange(other.shared_, 0)),
          pool_(std::move(other.pool_)) {}
    workspace& operator=(workspace&& other) noexcept {
        scratch_ = std::move(other.scratch_);
        bytes_ = std::exchange(other.bytes_, 0);
        shared_ = std::exchange(other.shared_, 0);
        pool_ = std::move(other.pool_);
        return *this;
    }

    int workers() const noexcept { return pool_ ? pool_->workers() : 1; }
    index_t bytes_per_worker() const noexcept { return bytes_; }
    index_t shared_bytes() const noexcept { return shared_; }
    std::byte* shared() noexcept { return scratch_.data(); }

    /// `execute(grain_range, scratch)` on every worker, each with its own contiguous share of the grains.
    template <class Execute>
    void run(index_t grains, Execute const& execute) noexcept {
        if (!pool_) return execute(grain_range{0, grains}, scratch_.data() + shared_);
        struct call {
            workspace* self;
            index_t grains;
            Execute const* execute;
        } const context{this, grains, &execute};
        pool_->run(
            [](void const* erased, int worker, int workers) noexcept {
                auto const& c = *static_cast<call const*>(erased);
                // whole part and rest apart: grains * worker could pass 2^63
                const index_t each = c.grains / workers, rest = c.grains % workers;
                const auto edge = [&](index_t w) { return each * w + (w < rest ? w : rest); };
                const grain_range share{edge(worker), edge(worker + 1)};
                if (share.first < share.last)
                    (*c.execute)(share, c.self->scratch_.data() + c.self->shared_ + worker * c.self->bytes_);
            },
            &context);
    }
};

}  // namespace faltung
