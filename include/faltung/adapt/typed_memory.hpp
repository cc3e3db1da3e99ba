// faltung/adapt/typed_memory.hpp -- bytes of another library as samples of a type
#pragma once

#include <cstdint>

#include "../core/index.hpp"
#include "../core/scalar.hpp"

namespace faltung::detail {

/// The address `bytes` as that of a T. Errors: shape_error when it is not aligned for T. `what` starts the sentence.
template <class T>
T* typed_memory(void* bytes, char const* what) {
    const std::uintptr_t past = reinterpret_cast<std::uintptr_t>(bytes) % alignof(T);
    if (past != 0)
        detail::fail<shape_error>(what, ": the samples begin ", past, past == 1 ? " byte" : " bytes",
                                  " past a multiple of ", alignof(T), ", the alignment of ",
                                  name_of(element_of<std::remove_const_t<T>>()));
    return static_cast<T*>(bytes);
}

}  // namespace faltung::detail
