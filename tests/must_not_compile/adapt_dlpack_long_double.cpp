// expect: DLPack has no type for long double
#include <faltung/adapt/dlpack.hpp>

using namespace faltung;

struct dl {  // the members of DLTensor
    void* data;
    struct {
        int device_type, device_id;
    } device;
    int ndim;
    struct {
        std::uint8_t code, bits;
        std::uint16_t lanes;
    } dtype;
    std::int64_t *shape, *strides;
    std::uint64_t byte_offset;
};

#if defined(SHOULD_COMPILE)
using sample = double;
#else
using sample = long double;
#endif

int main() {
    sample x[2] = {};
    std::int64_t two = 2;
    const auto v = dl_tensor<sample, 1>(dl{x, {1, 0}, 1, {2, 64, 1}, &two, nullptr, 0});
}
