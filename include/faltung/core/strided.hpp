// faltung/core/strided.hpp -- a view with its rank erased: what methods see
#pragma once

#include "index.hpp"

namespace faltung {

/// Pointer, extents, strides; borrowed, any rank. The door makes one from a `tensor_view` and behind it nothing is a
/// template on the rank. `data` points at the sample with index 0 on every axis (not at the lowest address).
template <class T>
struct strided {
    T* data = nullptr;
    shape n;
    strides stride;

    constexpr operator strided<T const>() const { return {data, n, stride}; }
};

}  // namespace faltung
