// expect: a nested array with gaps
#include <faltung/view/viewable.hpp>

// No std::array at hand has padding behind its elements, but the standard would allow it: this is what it would be.
struct padded {
    alignas(32) float samples[3];
    float& operator[](std::size_t i) { return samples[i]; }
};

int main() {
#if defined(SHOULD_COMPILE)
    using level = faltung::detail::nested_level<float[3], float, 3>;
    float x[3] = {};
#else
    using level = faltung::detail::nested_level<padded, float, 3>;
    padded x{};
#endif
    const auto v = level::view(x);
}
