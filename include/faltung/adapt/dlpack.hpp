// faltung/adapt/dlpack.hpp -- DLPack tensors in CPU memory as views
#pragma once

#include <utility>

#include "../view/tensor_view.hpp"
#include "typed_memory.hpp"

namespace faltung {
namespace detail {

/// DLTensor, known by its members: this header includes nothing of DLPack.
template <class X>
concept dlpack_tensor = requires(X const& t) {
    { t.data } -> std::convertible_to<void*>;
    static_cast<int>(t.device.device_type);
    { t.ndim } -> std::convertible_to<int>;
    { t.dtype.code } -> std::convertible_to<int>;
    { t.dtype.bits } -> std::convertible_to<int>;
    { t.dtype.lanes } -> std::convertible_to<int>;
    { t.shape[0] } -> std::convertible_to<index_t>;
    { t.strides[0] } -> std::convertible_to<index_t>;
    { t.byte_offset } -> std::convertible_to<std::uint64_t>;
};

inline constexpr int dlpack_cpu = 1;  // kDLCPU

/// DLDataType.code of a sample: kDLInt, kDLUInt, kDLFloat, kDLComplex or kDLBool.
template <class T>
constexpr int dlpack_code_of() {
    if constexpr (std::is_same_v<T, bool>)
        return 6;
    else if constexpr (is_complex<T>)
        return 5;
    else if constexpr (is_floating<T>)
        return 2;
    else
        return std::is_signed_v<T> ? 0 : 1;
}

inline std::string text_of_dlpack_type(int code, int bits, int lanes) {
    return text("type code ", code, " with ", bits, " bits and ", lanes, lanes == 1 ? " lane" : " lanes");
}

template <class T>
void require_dlpack_type(int code, int bits, int lanes) {
    static_assert(sizeof(real_t<T>) <= 8, "DLPack has no type for long double");
    constexpr int own_code = dlpack_code_of<T>(), own_bits = static_cast<int>(8 * sizeof(T));
    if (code != own_code || bits != own_bits || lanes != 1)
        detail::fail<shape_error>("dl_tensor: elements of ", text_of_dlpack_type(code, bits, lanes), ", but ",
                                  name_of(element_of<T>()), " is ", text_of_dlpack_type(own_code, own_bits, 1));
}

}  // namespace detail

/// A DLTensor in CPU memory as a view, which the producer's managed tensor must outlive. No sample is copied.
///
/// Shapes: axis a is dimension a; strides of null mean row-major. Types: T as the tensor's type says, T const for a
/// tensor that is read-only: a DLTensor does not say so itself.
/// Errors: shape_error for another device, type or rank, a negative extent, memory that is missing or not aligned for
/// T; overflow_error.
template <class T, std::size_t Rank, detail::dlpack_tensor DlTensor>
[[nodiscard]] tensor_view<T, Rank> dl_tensor(DlTensor const& t) {
    if (const int device = static_cast<int>(t.device.device_type); device != detail::dlpack_cpu)
        detail::fail<shape_error>("dl_tensor: the memory is on a device of type ", device, ", but only type ",
                                  detail::dlpack_cpu, ", the CPU, can be viewed");
    detail::require_dlpack_type<std::remove_const_t<T>>(t.dtype.code, t.dtype.bits, t.dtype.lanes);
    constexpr int rank = static_cast<int>(Rank);
    if (t.ndim != rank)
        detail::fail<shape_error>("dl_tensor: the tensor has ", t.ndim, t.ndim == 1 ? " axis" : " axes",
                                  ", but the view has ", Rank);
    if (t.shape == nullptr) detail::fail<shape_error>("dl_tensor: no list of ", Rank, " extents");

    shape n;
    for (int a = 0; a < rank; ++a) n.push_back(t.shape[a]);
    detail::require_shape(n, Rank, "dl_tensor");
    strides stride;
    if (t.strides == nullptr)
        stride = row_major(n);
    else
        for (int a = 0; a < rank; ++a) stride.push_back(t.strides[a]);

    if (is_empty(n)) return tensor_view<T, Rank>::from_raw(nullptr, n, stride);
    if (t.data == nullptr) detail::fail<shape_error>("dl_tensor: no memory for shape ", n);
    if (!std::in_range<index_t>(t.byte_offset))
        detail::fail<overflow_error>("dl_tensor: byte offset ", t.byte_offset, " does not fit 64 bits");
    unsigned char* const first = static_cast<unsigned char*>(t.data) + static_cast<index_t>(t.byte_offset);
    return tensor_view<T, Rank>::from_raw(detail::typed_memory<T>(first, "dl_tensor"), n, stride);
}

}  // namespace faltung
