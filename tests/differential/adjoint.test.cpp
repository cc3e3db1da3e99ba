// tests/differential/adjoint.test.cpp -- adjoints of random problems, sample by sample, against the transposed sum
#include <faltung/convolve/adjoint.hpp>

#include "differential/differential.hpp"
#include "support/compiled_methods.hpp"

using namespace faltung;
using namespace faltung::testing;
using detail::types;

namespace {

/// Empty when the adjoint is right with every method that must support it, else what is wrong. F are the types of the
/// plan, A those of its adjoint.
template <class F, class A>
std::string wrong_adjoint(random_problem const& p, random_source& r, shares& count) {
    using H = typename F::H;
    using Y = typename A::Y;
    const buffer<H> h_memory(p.h_layout.room);
    const buffer<Y> y_memory(p.y_layout.room), x_memory(p.x_layout.room);
    const bool is_large = r.percent(30);
    const auto fill = [&]<class E>(buffer<E> const& memory) {
        for (E& v : std::span(memory.data(), static_cast<std::size_t>(memory.count())))
            v = is_floating<E> || is_large ? r.any<E>() : r.small<E>();
    };
    fill(h_memory);
    fill(y_memory);
    const strided<H> h = p.h_layout.in(h_memory.data());
    const strided<Y> y = p.y_layout.in(y_memory.data());
    std::vector<Y> dense;
    for_each_index(y.n, [&](index_list const& o) { dense.push_back(y.data[offset(o, y.stride)]); });
    if constexpr (is_floating<Y> && !is_complex<Y>)
        if (r.percent(20) && !dense.empty()) {
            index_list o = index_list::repeated(y.n.rank(), 0);
            y.data[offset(o, y.stride)] = dense[0] =
                r.one_of({std::numeric_limits<Y>::quiet_NaN(), std::numeric_limits<Y>::infinity()});
            ++count.non_finite;
        }

    auto taps = p.canonical(h);
    if constexpr (is_complex<H>)  // the adjoint has the conjugate of the kernel as it enters
        if (p.way == sense::convolution)
            for (H& v : taps) v = std::conj(v);
    using Wide = wide_of<typename A::Acc>;
    const auto want =
        componentwise<Wide>(dense, taps, [&](std::vector<Wide> const& a, std::vector<Wide> const& b, index_t) {
            return reference::adjoint<Wide>(p.axes, a, b);
        });
    const std::vector<index_t> terms = reference::adjoint<index_t>(p.axes, std::vector<index_t>(dense.size(), 1),
                                                                   std::vector<index_t>(taps.size(), 1));
    ++count.cases;
    count.negative_strides += p.x_layout.has_negative || p.h_layout.has_negative || p.y_layout.has_negative;
    count.dilation += p.has_dilation;
    count.window_stride += p.has_window_stride;
    count.even_kernel += p.has_even_kernel;
    count.overhang += p.has_overhang;
    count.outputs += !dense.empty();

    for (const method m : {method::direct, method::im2col}) {
        convolve_options options = p.options;
        options.method = m;
        std::memset(static_cast<void*>(x_memory.data()), 0x5a, static_cast<std::size_t>(x_memory.count()) * sizeof(Y));
        const strided<Y> x = p.x_layout.in(x_memory.data());
        const detail::request request{"differential", p.way};
        const detail::forward_plan<F> forward(request, detail::resolve(request, p.x, p.h, options), h, m);
        const detail::adjoint_plan<A> plan("adjoint", forward.problem(), forward.kernel(), m);
        workspace scratch(plan.workspace(), plan.shared(), forward.problem().limits.threads);
        plan.run(detail::with_channel(strided<Y const>(y)), detail::with_channel(x), scratch);

        std::string wrong;
        std::size_t i = 0;
        std::vector<bool> is_sample(static_cast<std::size_t>(x_memory.count()), false);
        for_each_index(x.n, [&](index_list const& at) {
            const index_t place = offset(at, x.stride);
            is_sample[static_cast<std::size_t>(p.x_layout.origin + place)] = true;
            const Y got = x.data[place];
            const index_t products =
                terms[i] * (is_complex<Y> && is_complex<H> ? 2 : 1) + 1 + is_rounded<H, Y>;  // 1: the fold
            bool right;
            if constexpr (is_complex<Y>)
                right = is_near<Y>(got.real(), want.re[i], sum_bound<Y>(products, want.re_magnitude[i]), {}) &&
                        is_near<Y>(got.imag(), want.im[i], sum_bound<Y>(products, want.im_magnitude[i]), {});
            else
                right = is_near<Y>(got, want.re[i], sum_bound<Y>(products, want.re_magnitude[i]), {});
            if (!right && wrong.empty())
                wrong = text(name_of(m), " is wrong at ", at, ", where the exact sum is ",
                             static_cast<long double>(want.re[i]));
            ++i;
        });
        if (!wrong.empty()) return wrong;
        auto const* const bytes = reinterpret_cast<unsigned char const*>(x_memory.data());
        for (std::size_t b = 0; b < is_sample.size() * sizeof(Y); ++b)
            if (!is_sample[b / sizeof(Y)] && bytes[b] != 0x5a) return text(name_of(m), " writes between the samples");
    }
    return {};
}

}  // namespace

TEST_CASE("differential: adjoints", "[laws][differential][shard_adjoint]") {
    using f = float;
    using z = std::complex<float>;
    using w = std::complex<double>;
    using i64 = std::int64_t;
    constexpr std::string (*in_types[])(random_problem const&, random_source&, shares&) = {
        wrong_adjoint<types<f, f, f, f>, types<f, f, f, f>>,
        wrong_adjoint<types<i64, i64, i64, i64>, types<i64, i64, i64, i64>>,
        wrong_adjoint<types<z, z, z, z>, types<z, z, z, z>>,
        wrong_adjoint<types<double, w, w, w>, types<w, w, w, w>>,
        wrong_adjoint<types<std::uint8_t, std::int8_t, i64, f>, types<f, std::int8_t, f, f>>,
    };
    shares count;
    case_range cases;
    if (!std::getenv("FALTUNG_CASE")) cases.last /= 4;
    int complaints = 0;
    for (std::uint64_t i = cases.first; i < cases.last && complaints < 5; ++i) {
        random_source r(cases.seed, i);
        random_problem p(cases.seed, i, r);
        p.x_layout = random_layout(r, p.x, 0);  // it is written
        const std::string wrong = in_types[i % std::size(in_types)](p, r, count);
        if (wrong.empty()) continue;
        ++complaints;
        FAIL_CHECK(p.name() << ": " << wrong);
    }
    check_shares(count);
    if (count.cases >= 500) CHECK(count.non_finite * 20 >= count.cases);
}
