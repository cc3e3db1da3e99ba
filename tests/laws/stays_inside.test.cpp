// tests/laws/stays_inside.test.cpp -- no byte outside x, h and y is read or written: they touch forbidden pages
#include <faltung/convolve.hpp>

#include <cmath>
#include <optional>
#include <utility>

#include "support/catch.hpp"
#include "support/compiled_methods.hpp"
#include "support/guarded.hpp"
#include "support/seam.hpp"
#include "support/tensors.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class X, class Acc>
void check_guarded(index_t n, index_t taps, index_t stride, guard where, random_source& r) {
    using T = detail::types<X, X, Acc, Acc>;
    const std::vector<reference::line> axes{{n, taps, stride, 1, taps - 1, taps - 1, 'e'}};
    problem p = problem_of(axes);
    const guarded<X> x(n, where);
    const guarded<Acc> y(p.output_count(), where);
    const guarded<typename T::Weight> h(taps, where);
    for (X& v : x.span()) v = r.small<X>();
    for (auto& v : h.span()) v = static_cast<typename T::Weight>(r.small<X>());
    const auto want = reference::correlate<Acc>(axes, std::vector<X>(x.data(), x.data() + n),
                                                std::vector<typename T::Weight>(h.data(), h.data() + taps));
    p.kernel.norm_1 = 1;
    p.kernel.terms = 1;
    for (const instruction_set s : instruction_sets())
        for (const method m : {method::direct, method::im2col, method::separable}) {
            p.limits.instruction_set = s;
            const detail::lowered<T> plan("seam", p, array_of<typename T::Weight const>(h.data(), {1, 1, taps}), m,
                                          nullptr);
            workspace scratch(plan.workspace(), 0, 1);
            std::fill(y.data(), y.data() + y.count(), Acc(99));
            plan.run(array_of<X const>(x.data(), {1, n}), array_of(y.data(), {1, y.count()}), scratch);
            INFO(name_of(m) << " on " << name_of(s) << " n " << n << " taps " << taps << " stride " << stride);
            CHECK(std::equal(want.begin(), want.end(), y.data(), y.data() + y.count()));
        }
}

// So many bytes between an array and its forbidden page: any that its type can begin at, often none.
template <class T>
std::size_t some_offset(random_source& r) {
    return r.percent(25) ? 0 : static_cast<std::size_t>(r.between(0, 63)) / alignof(T) * alignof(T);
}

// A problem of up to three axes with any boundaries, strides and dilations, by every method that takes it.
template <class X, class Acc>
void check_random_problem(std::uint64_t number) {
    using T = detail::types<X, X, Acc, Acc>;
    using W = typename T::Weight;
    random_source r(97, number);
    std::vector<reference::line> axes;
    const auto rank = r.between(1, 3);
    for (int a = 0; a < rank; ++a)
        axes.push_back(some_axis(r, a + 1 < rank ? 9 : 80, rank < 3 ? 7 : 4, r.one_of({'z', 'c', 'e', 'r', 's', 'w'})));
    problem p = problem_of(axes);
    p.types = {element_of<X>(), element_of<X>(), element_of<Acc>(), element_of<Acc>(), algebra::plus_times};
    p.limits.threads = static_cast<int>(r.between(1, 2));
    const guard where = r.percent(50) ? guard::after : guard::before;
    const shape n = p.inputs(), taps = p.taps(), outputs = p.outputs();
    const guarded<X> x(checked::product(n, "samples"), where, some_offset<X>(r));
    const guarded<W> h(checked::product(taps, "taps"), where, some_offset<W>(r));
    for (X& v : x.span()) v = r.small<X>();
    for (W& v : h.span()) v = static_cast<W>(r.small<X>());
    const auto want = reference::correlate<Acc>(axes, std::vector<X>(x.data(), x.data() + x.count()),
                                                std::vector<W>(h.data(), h.data() + h.count()));
    const detail::packed_kernel<W> facts(array_of<W const>(h.data(), taps), [](W w) { return w; });
    p.kernel = facts.facts;
    double largest = 1;
    for (const Acc v : want) largest = std::max(largest, std::fabs(static_cast<double>(v)));
    for (const instruction_set s : instruction_sets())
        for (const method m : {method::direct, method::im2col, method::separable, method::fft, method::overlap_save}) {
            problem q = p;
            q.limits.instruction_set = s;
            facts.measure_terms(q, m);
            INFO("case " << number << " " << name_of(m) << " on " << name_of(s) << " x " << text(n) << " taps "
                         << text(taps));
            std::optional<detail::lowered<T>> plan;
            try {
                plan.emplace("seam", q, array_of<W const>(h.data(), with_axes({1, 1}, taps)), m, nullptr);
            } catch (unsupported_error const&) {
                continue;
            }
            workspace scratch(plan->workspace(), 0, p.limits.threads);
            const guarded<Acc> y(checked::product(outputs, "outputs"), where, some_offset<Acc>(r));
            plan->run(array_of<X const>(x.data(), with_axes({1}, n)), array_of(y.data(), with_axes({1}, outputs)),
                      scratch);
            double distance = 0;
            for (std::size_t o = 0; o < want.size(); ++o)
                distance =
                    std::max(distance, std::fabs(static_cast<double>(y.data()[o]) - static_cast<double>(want[o])));
            const bool is_exact = m == method::direct || m == method::im2col || std::is_integral_v<Acc>;
            CHECK(distance <= (is_exact ? 0 : 1e-4 * largest));
            CHECK((x.frame_is_intact() && h.frame_is_intact() && y.frame_is_intact()));
        }
}

}  // namespace

TEMPLATE_TEST_CASE("stays inside: random problems at any offset from forbidden pages", "[laws][differential]",
                   (std::pair<float, float>), (std::pair<double, double>), (std::pair<std::uint8_t, std::int64_t>),
                   (std::pair<std::int16_t, std::int32_t>)) {
    for (std::uint64_t i = 0; i < 300; ++i)
        check_random_problem<typename TestType::first_type, typename TestType::second_type>(i);
}

TEMPLATE_TEST_CASE("stays inside: dense arrays of every length about the vector widths", "[laws]",
                   (std::pair<float, float>), (std::pair<double, double>), (std::pair<std::uint8_t, std::int64_t>),
                   (std::pair<std::int16_t, std::int32_t>)) {
    random_source r(1);
    for (const guard where : {guard::after, guard::before})
        for (index_t n = 0; n <= 70; ++n) {
            check_guarded<typename TestType::first_type, typename TestType::second_type>(n, r.between(1, 5), 1, where,
                                                                                         r);
            check_guarded<typename TestType::first_type, typename TestType::second_type>(n, r.between(1, 70),
                                                                                         r.between(1, 3), where, r);
        }
}

TEST_CASE("stays inside: rows of a matrix, read forwards and backwards through the public calls", "[laws]") {
    random_source r(2);
    for (const guard where : {guard::after, guard::before})
        for (index_t columns = 1; columns <= 70; columns += 3) {
            const index_t rows = r.between(1, 4);
            const guarded<float> memory(rows * columns, where), result(rows * columns, where);
            for (float& v : memory.span()) v = r.small<float>();
            const tensor_view<float, 2> x(memory.span(), {rows, columns}), y(result.span(), {rows, columns});
            const auto h = small_tensor<float, 2>(r, {r.between(1, 3), r.between(1, 4)});
            for (const method m :
                 {method::direct, method::im2col, method::separable, method::fft, method::overlap_save})
                for (boundary const& edge : {boundary::zero, boundary::reflect, boundary::circular}) {
                    const convolve_options o{.padding = mode::same, .boundary = edge, .method = m};
                    convolve_into(y, x, h, o);
                    CHECK(difference(copy(y), convolve(copy(x), h, o)) == "");
                    convolve_into(flip(y), flip(x), flip(h), o);
                    CHECK(difference(copy(flip(y)), convolve(copy(flip(x)), copy(flip(h)), o)) == "");
                    const convolver<float> plan{{rows, columns}, h, o};
                    auto scratch = plan.adjoint_workspace();
                    plan.adjoint(x, y, scratch);
                    tensor<float, 2> back({rows, columns});
                    plan.adjoint(copy(x), back, scratch);
                    CHECK(difference(copy(y), back) == "");
                }
        }
}
