// tests/laws/threads.test.cpp -- the same bits for every number of threads, and one plan for many threads
#include <faltung/convolve.hpp>

#include <limits>
#include <thread>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

TEST_CASE("laws: the bits do not depend on the number of threads", "[laws][threads]") {
    random_source r(1);
    const auto x = any_tensor<float, 2>(r, {130, 1100}), h = any_tensor<float, 2>(r, {3, 5});  // of 3 terms
    const auto line = any_tensor<std::complex<double>, 1>(r, {5000}),
               taps = any_tensor<std::complex<double>, 1>(r, {9});
    for (const method m : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save})
        for (boundary const& edge : {boundary::zero, boundary::circular}) {
            convolve_options o{.boundary = edge, .method = m};
            const auto one = convolve(x, h, o);
            const auto one_line = correlate(line, taps, o);
            convolver<float> plan{x.shape(), h, o};
            auto scratch = plan.adjoint_workspace();
            tensor<float, 2> back(x.shape());
            plan.adjoint(one, back, scratch);
            for (int threads = 2; threads <= 8; ++threads) {
                o.threads = threads;
                INFO(name_of(m) << " with " << threads << " threads");
                CHECK(difference(convolve(x, h, o), one) == "");
                CHECK(difference(correlate(line, taps, o), one_line) == "");
                const convolver<float> threaded{x.shape(), h, o};
                auto own = threaded.adjoint_workspace();
                // the whole signal in one transform is one grain, and a transform's tiles may be fewer than threads
                CHECK((own.workers() == threads || m == method::separable || m == method::fft ||
                       m == method::overlap_save));
                tensor<float, 2> again(x.shape());
                threaded.adjoint(one, again, own);
                CHECK(difference(again, back) == "");
            }
        }
}

TEST_CASE("laws: 0 threads are as many as the machine has", "[laws][threads]") {
    const std::vector<float> h(3, 1.0f);
    const convolver<float> plan{{index_t{1} << 20}, h, {.threads = 0}};
    CHECK(plan.workspace().workers() == static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
}

TEST_CASE("laws: no more threads are started than there is work for", "[laws][threads]") {
    const std::vector<float> x(10, 1.0f), h(3, 1.0f);
    const convolve_options unlimited{.threads = std::numeric_limits<int>::max()};
    CHECK(convolver<float>{{10}, h, unlimited}.workspace().workers() == 1);
    CHECK(convolve(x, h, unlimited)(5) == 3);
}

TEST_CASE("laws: many threads call one plan at a time, each with its own workspace", "[laws][threads]") {
    random_source r(2);
    const auto h = any_tensor<float, 2>(r, {3, 3});
    for (const int inner : {1, 2}) {
        const convolver<float> plan{
            {20, 70}, h, {.padding = mode::same, .boundary = boundary::reflect, .threads = inner}};
        constexpr int callers = 4, calls = 8;
        std::vector<tensor<float, 2>> x, want, want_back;
        for (int i = 0; i < callers; ++i) {
            x.push_back(any_tensor<float, 2>(r, {20, 70}));
            want.push_back(plan(x.back()));
            tensor<float, 2> back({20, 70});
            auto scratch = plan.adjoint_workspace();
            plan.adjoint(x.back(), back, scratch);
            want_back.push_back(back);
        }
        std::vector<int> wrong(callers, 0);
        std::vector<std::thread> threads;
        for (int i = 0; i < callers; ++i)
            threads.emplace_back([&, i] {
                const std::size_t me = static_cast<std::size_t>(i);
                auto scratch = plan.adjoint_workspace();
                tensor<float, 2> y({20, 70});
                for (int call = 0; call < calls; ++call) {
                    plan(x[me], y, scratch);
                    wrong[me] += difference(y, want[me]) != "";
                    plan.adjoint(x[me], y, scratch);
                    wrong[me] += difference(y, want_back[me]) != "";
                }
            });
        for (std::thread& t : threads) t.join();
        CHECK(wrong == std::vector<int>(callers, 0));
    }
}
