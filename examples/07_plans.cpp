// examples/07_plans.cpp -- a plan: called without allocating, run backwards, given another kernel, shared by threads

#include <algorithm>
#include <iostream>
#include <numeric>

#include <faltung/convolve.hpp>

using namespace faltung;

namespace {

void begin(char const* section) { std::cout << "\n[" << section << "]\n"; }

double dot(tensor<float, 2> const& l, tensor<float, 2> const& r) {
    return std::inner_product(l.begin(), l.end(), r.begin(), 0.0);
}

}  // namespace

int main() {
    tensor<float, 2> frame{{480, 640}};
    std::iota(frame.begin(), frame.end(), 0.0f);
    for (float& v : frame) v = static_cast<float>(static_cast<int>(v) % 17);
    const tensor<float, 2> h{{2, 2}, {1, 2, 3, 4}};

    begin("plan");
    // [plan]
    const convolver half{frame.shape(), h, {.padding = mode::same, .stride = 2}};
    tensor<float, 2> out{half.output_shape()};
    auto scratch = half.workspace();                        // one for each calling thread
    for (int i = 0; i < 3; ++i) half(frame, out, scratch);  // nothing is allocated here
    std::cout << text(half.input_shape(), " becomes ", half.output_shape(), "\n");
    // [/plan]

    begin("adjoint");
    // [adjoint]
    tensor<float, 2> back{half.input_shape()};
    auto for_both = half.adjoint_workspace();  // for calls and for adjoints, which may need more
    half.adjoint(out, back, for_both);
    std::cout << text("<A x, A x> = ", dot(out, out), ", <x, adjoint(A x)> = ", dot(frame, back), "\n");
    // [/adjoint]

    begin("with_kernel");
    // [with_kernel]
    const convolver mean = half.with_kernel(tensor<float, 2>{{2, 2}, {0.25f, 0.25f, 0.25f, 0.25f}});
    mean(frame, out, scratch);
    std::cout << out(100, 100) << '\n';
    // [/with_kernel]

    begin("threads");
    // [threads]
    tensor<float, 2> by_four{out.shape()};
    const convolver threaded{frame.shape(), h, {.padding = mode::same, .stride = 2, .threads = 4}};
    auto team = threaded.workspace();  // starts the threads and keeps them
    threaded(frame, by_four, team);
    half(frame, out, scratch);
    std::cout << (std::equal(out.begin(), out.end(), by_four.begin()) ? "the same bits" : "other bits") << '\n';
    // [/threads]

    begin("lengths");
    // [lengths]
    for (const index_t n : {525, 540, 576, 1024})  // 512 samples and 7 taps are 518 outputs
        std::cout << text(n,
                          is_smooth(n) ? text(": ", transform_work(n) + 1, " passes over the samples, ",
                                              static_cast<double>(n) * (transform_work(n) + 1), " in all")
                                       : ": no pass for its factor of 7",
                          n == fast_length(518) ? ", taken" : "", "\n");
    // [/lengths]
}
