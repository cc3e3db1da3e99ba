// tests/laws/adjoint.test.cpp -- <adjoint(y), x> = <y, A x>, exactly, for every boundary, stride, dilation and crop
#include <faltung/convolve.hpp>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
using wider = std::conditional_t<std::is_same_v<T, float>, double,
                                 std::conditional_t<std::is_same_v<T, std::complex<float>>, std::complex<double>, T>>;

/// sum of conj(l) r. Of small integers, so without a rounding.
template <class T, std::size_t Rank>
wider<T> dot(tensor<T, Rank> const& l, tensor<T, Rank> const& r) {
    REQUIRE(l.shape() == r.shape());
    wider<T> sum{};
    for (index_t i = 0; i < l.count(); ++i) sum += wider<T>(conjugate(l.data()[i])) * wider<T>(r.data()[i]);
    return sum;
}

constexpr boundary rules[] = {boundary::zero,    boundary::constant(4), boundary::replicate,
                              boundary::reflect, boundary::symmetric,   boundary::circular};

template <std::size_t Rank>
convolve_options random_options(random_source& r, method m) {
    convolve_options o{.method = m};
    per_axis<boundary> edge;
    per_axis<index_t> stride, dilation;
    per_axis<low_high> amounts;
    for (std::size_t a = 0; a < Rank; ++a) {
        edge.push_back(rules[r.between(0, 5)]);
        stride.push_back(r.between(1, 3));
        dilation.push_back(r.between(1, 3));
        amounts.push_back({r.between(-2, 7), r.between(-2, 7)});
    }
    o.boundary = edge;
    o.stride = stride;
    o.dilation = dilation;
    const auto which = r.between(0, 3);
    if (which == 0) o.padding = mode::same;
    if (which == 1) o.padding = mode::valid;
    if (which == 2) {
        if constexpr (Rank == 1) o.padding = {amounts[0]};
        if constexpr (Rank == 2) o.padding = {amounts[0], amounts[1]};
        if constexpr (Rank == 3) o.padding = {amounts[0], amounts[1], amounts[2]};
    }
    return o;
}

template <class T, std::size_t Rank>
void check_dot(random_source& r, method m) {
    shape n, k;
    for (std::size_t a = 0; a < Rank; ++a) {
        n.push_back(r.between(1, Rank == 1 ? 40 : 7));
        k.push_back(r.between(1, 4));
    }
    const auto x = small_tensor<T, Rank>(r, n), h = small_tensor<T, Rank>(r, k);
    convolve_options o = random_options<Rank>(r, m);
    const bool correlates = r.percent(50);
    const auto make = [&] { return correlates ? convolver<T>(as_correlation{}, n, h, o) : convolver<T>(n, h, o); };
    const auto plan = make();
    auto scratch = plan.adjoint_workspace();
    const auto y = small_tensor<T, Rank>(r, plan.output_shape());
    tensor<T, Rank> forward(plan.output_shape()), back(n), none(plan.output_shape());
    plan(x, forward, scratch);
    plan(tensor<T, Rank>(n), none, scratch);  // what constant boundaries add
    for (index_t i = 0; i < forward.count(); ++i) forward.data()[i] = forward.data()[i] - none.data()[i];
    for (T& v : back) v = T(99);
    plan.adjoint(y, back, scratch);
    INFO(name_of(m) << " x " << text(n) << " h " << text(k) << " outputs " << text(plan.output_shape()));
    if (m == method::direct || m == method::im2col) {
        CHECK(dot(back, x) == dot(y, forward));
        return;
    }
    long double size = 9;  // of the largest y; a lost digit would be 10^3 times what is allowed
    for (auto const* factor : {&x, &h}) {
        long double sum = 0;
        for (const T v : *factor) sum += std::abs(v);
        size *= sum;
    }
    const long double lost = sizeof(real_t<T>) == 4 ? 0x1p29L * 1e-14L : 1e-14L;
    CHECK(std::abs(dot(back, x) - dot(y, forward)) <= lost * (size + 1000));
}

}  // namespace

TEMPLATE_TEST_CASE("laws: the adjoint is exact", "[laws]", std::int64_t, double, std::complex<double>) {
    random_source r(1);
    for (const method m : {method::direct, method::im2col})
        for (int i = 0; i < 150; ++i) {
            check_dot<TestType, 1>(r, m);
            check_dot<TestType, 2>(r, m);
            check_dot<TestType, 3>(r, m);
        }
}

TEMPLATE_TEST_CASE("laws: the adjoint by transforms is exact to their bound", "[laws]", float, double,
                   std::complex<float>, std::complex<double>) {
    random_source r(4);
    for (const method m : {method::fft, method::overlap_save})
        for (int i = 0; i < 60; ++i) {
            check_dot<TestType, 1>(r, m);
            check_dot<TestType, 2>(r, m);
            check_dot<TestType, 3>(r, m);
        }
}

TEST_CASE("laws: without a stride, zero and circular boundaries make convolve and correlate each other's adjoint",
          "[laws]") {
    random_source r(2);
    for (int i = 0; i < 30; ++i) {
        const shape n{r.between(4, 9), r.between(4, 30)}, k{r.between(1, 4), r.between(1, 4)};
        const auto x = small_tensor<std::complex<double>, 2>(r, n), h = small_tensor<std::complex<double>, 2>(r, k);
        const index_t d = r.between(1, 2);
        for (boundary const& edge : {boundary::zero, boundary::circular}) {
            const convolve_options same{.padding = mode::same, .boundary = edge, .dilation = d};
            const auto y = small_tensor<std::complex<double>, 2>(r, n);
            CHECK(dot(correlate(y, h, same), x) == dot(y, convolve(x, h, same)));
        }
        const auto y = small_tensor<std::complex<double>, 2>(r, convolve(x, h, {.dilation = d}).shape());
        CHECK(dot(correlate(y, h, {.padding = mode::valid, .dilation = d}), x) ==
              dot(y, convolve(x, h, {.dilation = d})));
    }
}

TEST_CASE("laws: a plan that reads bytes has the adjoint of its floating output", "[laws]") {
    random_source r(3);
    for (int i = 0; i < 30; ++i) {
        const shape n{r.between(1, 30)};
        const auto x = small_tensor<std::uint8_t, 1>(r, n);
        const auto h = small_tensor<float, 1>(r, {r.between(1, 6)});
        const convolver<std::uint8_t, float> plan{n, h, random_options<1>(r, method::automatic)};
        auto scratch = plan.adjoint_workspace();
        const auto y = small_tensor<float, 1>(r, plan.output_shape());
        tensor<float, 1> back(n), as_float(n), none(plan.output_shape()), forward(plan.output_shape());
        for (index_t j = 0; j < n[0]; ++j) as_float(j) = x(j);
        plan(tensor<std::uint8_t, 1>(n), none, scratch);
        plan(x, forward, scratch);
        for (index_t j = 0; j < forward.extent(0); ++j) forward(j) -= none(j);
        plan.adjoint(y, back, scratch);
        CHECK(dot(back, as_float) == dot(y, forward));
    }
}
