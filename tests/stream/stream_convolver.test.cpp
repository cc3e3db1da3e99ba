// tests/stream/stream_convolver.test.cpp -- streams against the defining sum, and the laws of cutting, swapping, saving
#include <faltung/stream.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/tensors.hpp"
#include "support/tolerance.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

template <class T>
using line = tensor<T, 2>;  // (channels, n)

/// All of x through the stream in pieces of `piece()` samples.
template <class T, class Piece>
line<T> through(stream_convolver<T>& stream, line<T> const& x, Piece piece) {
    line<T> y({stream.kernel_shape()[0], x.extent(1)});
    for (index_t at = 0; at < x.extent(1);) {
        const index_t to = std::min(x.extent(1), at + piece());
        stream.process(slice(x, all, range{at, to}), slice(y, all, range{at, to}));
        at = to;
    }
    return y;
}
template <class T>
line<T> through(stream_convolver<T>& stream, line<T> const& x) {
    return through(stream, x, [&] { return x.extent(1); });
}

/// y[o][n] = sum over i and t of h[o][i][t] x[i][n - t] in long double.
template <class T>
tensor<long double, 2> defining_sum(tensor<T, 3> const& h, line<T> const& x) {
    tensor<long double, 2> y({h.extent(0), x.extent(1)});
    for (index_t o = 0; o < h.extent(0); ++o)
        for (index_t i = 0; i < h.extent(1); ++i) {
            T const *taps = &h(o, i, 0), *from = &x(i, 0);
            for (index_t n = 0; n < x.extent(1); ++n) {
                long double sum = 0;
                for (index_t t = 0; t <= std::min(n, h.extent(2) - 1); ++t)
                    sum += static_cast<long double>(taps[t]) * static_cast<long double>(from[n - t]);
                y(o, n) += sum;
            }
        }
    return y;
}

template <class Values>
long double norm(Values const& values) {
    long double sum = 0;
    for (auto v : values) sum += static_cast<long double>(v) * static_cast<long double>(v);
    return std::sqrt(sum);
}

/// |y - exact|_2, the outputs of `stream` being late by its latency.
template <class T>
long double distance(stream_convolver<T> const& stream, line<T> const& y, tensor<long double, 2> const& exact) {
    std::vector<long double> e;
    for (index_t o = 0; o < y.extent(0); ++o)
        for (index_t n = stream.latency(); n < y.extent(1); ++n)
            e.push_back(static_cast<long double>(y(o, n)) - exact(o, n - stream.latency()));
    return norm(e);
}

/// 3 sqrt(log2 P) roundings for what is transformed, and sqrt(k) for k products of a direct sum.
template <class T>
long double roundings_of(tensor<T, 3> const& h, stream_options const& o) {
    const detail::partitions p(h.shape(), o, detail::own_engine<T>::table);
    const long double transformed = p.count > 0 ? 3 * std::sqrt(std::log2(static_cast<long double>(p.length))) : 0;
    return unit_roundoff<T> * (transformed + std::sqrt(static_cast<long double>(p.head * h.extent(1))));
}

template <class T>
tensor<T, 3> any_kernel(random_source& r, shape const& n) {
    return tensor_of<T, 3>(n, [&](index_list const&) { return static_cast<T>(r.between(-1000000, 1000000)); });
}
template <class T>
line<T> any_signal(random_source& r, index_t channels, index_t n) {
    return tensor_of<T, 2>({channels, n},
                           [&](index_list const&) { return static_cast<T>(r.between(-1000000, 1000000)); });
}

stream_options options_of(random_source& r) {
    stream_options o;
    if (r.percent(90)) o.block = r.between(1, 150);
    o.latency = r.percent(50) ? latency::zero : latency::block;
    return o;
}

}  // namespace

TEMPLATE_TEST_CASE("stream: the defining sum, for kernels, blocks, channels and latencies", "[stream]", float, double) {
    random_source r(1);
    for (int k = 0; k < (is_slow_build ? 20 : 60); ++k) {
        const auto h = any_kernel<TestType>(r, {r.between(1, 3), r.between(1, 3), r.between(1, 700)});
        const auto x = any_signal<TestType>(r, h.extent(1), r.between(1, 2000));
        const stream_options o = options_of(r);
        stream_convolver<TestType> stream{h, o};
        INFO(text(h.shape(), " in blocks of ", stream.block(), " with latency ", name_of(o.latency)));
        CHECK(stream.latency() == (o.latency == latency::zero ? 0 : stream.block()));
        const auto y = through(stream, x);
        CHECK(distance(stream, y, defining_sum(h, x)) <= roundings_of(h, o) * norm(x) * norm(h));
        for (index_t c = 0; c < y.extent(0); ++c)
            for (index_t n = 0; n < std::min(stream.latency(), y.extent(1)); ++n) REQUIRE(y(c, n) == 0);
    }
}

TEMPLATE_TEST_CASE("stream: many partitions round no more than one", "[stream]", float, double) {
    random_source r(2);
    const auto h = any_kernel<TestType>(r, {1, 1, is_slow_build ? 3000 : 8000});
    const auto x = any_signal<TestType>(r, 1, h.extent(2) + 300);
    const auto exact = defining_sum(h, x);
    for (const index_t block : {2, 16, 200}) {
        const stream_options o{.block = block};
        stream_convolver<TestType> stream{h, o};
        CHECK(distance(stream, through(stream, x), exact) <= roundings_of(h, o) * norm(x) * norm(h));
    }
}

TEMPLATE_TEST_CASE("stream: sums in which everything adds up keep the bound with the 1-norm of the kernel", "[stream]",
                   float, double) {
    const auto h = tensor_of<TestType, 3>({1, 1, 1000}, [](index_list const&) { return TestType(0.7); });
    const auto x = tensor_of<TestType, 2>({1, 3000}, [](index_list const&) { return TestType(0.3); });
    const auto exact = defining_sum(h, x);
    long double one_norm = 0;
    for (TestType v : h) one_norm += v;
    for (const index_t block : {10, 100, 1000}) {
        const stream_options o{.block = block};
        stream_convolver<TestType> stream{h, o};
        CHECK(distance(stream, through(stream, x), exact) <= roundings_of(h, o) * norm(x) * one_norm);
    }
}

TEMPLATE_TEST_CASE("stream: the bits do not depend on how the input is cut", "[stream]", float, double) {
    random_source r(3);
    for (int k = 0; k < 40; ++k) {
        const auto h = any_kernel<TestType>(r, {r.between(1, 2), r.between(1, 2), r.between(1, 600)});
        const auto x = any_signal<TestType>(r, h.extent(1), r.between(1, 1500));
        const stream_options o = options_of(r);
        stream_convolver<TestType> whole{h, o}, single{h, o}, any{h, o};
        INFO(text(h.shape(), " in blocks of ", whole.block(), " with latency ", name_of(o.latency)));
        const auto y = through(whole, x);
        CHECK(difference(through(single, x, [] { return index_t{1}; }), y) == "");
        CHECK(difference(through(any, x, [&] { return r.between(0, 2 * any.block() + 3); }), y) == "");
    }
}

TEST_CASE("stream: views of any strides, and vectors, give the same bits", "[stream]") {
    random_source r(4);
    const auto h = any_kernel<float>(r, {2, 2, 300});
    const auto x = any_signal<float>(r, 2, 1000);
    stream_convolver<float> stream{h, {.block = 32}};
    const auto y = through(stream, x);
    tensor<float, 2> frames({1000, 2}), outputs({1000, 4});
    for (index_t n = 0; n < 1000; ++n)
        for (index_t c = 0; c < 2; ++c) frames(n, c) = x(c, n);
    stream.reset();
    stream.process(transpose(frames), slice(transpose(outputs), range{0, 4, 2}, all));
    for (index_t n = 0; n < 1000; ++n)
        for (index_t c = 0; c < 2; ++c) REQUIRE(outputs(n, 2 * c) == y(c, n));

    // one channel: vectors and spans, and the kernel read backwards
    const std::vector<float> taps(h.begin(), h.begin() + 300), reversed(taps.rbegin(), taps.rend());
    const std::vector<float> signal(x.begin(), x.begin() + 1000);
    std::vector<float> first(1000), second(1000);
    stream_convolver one{taps, {.block = 32}};
    stream_convolver<float> other{flip(reversed), {.block = 32}};
    one.process(signal, first);
    other.process(std::span<float const>(signal), std::span<float>(second));
    CHECK(first == second);
}

TEMPLATE_TEST_CASE("stream: the output may be the input, but no part of it", "[stream]", float, double) {
    random_source r(5);
    for (const latency l : {latency::block, latency::zero}) {
        const auto h = any_kernel<TestType>(r, {2, 2, 200});
        auto x = any_signal<TestType>(r, 2, 500);
        stream_convolver<TestType> stream{h, {.block = 48, .latency = l}}, in_place{h, {.block = 48, .latency = l}};
        const auto y = through(stream, x);
        auto shared = x;
        in_place.process(slice(shared, all, range{0, 77}), slice(shared, all, range{0, 77}));
        in_place.process(slice(shared, all, range{77, 500}), slice(shared, all, range{77, 500}));
        CHECK(difference(shared, y) == "");

        stream.reset();
        const auto before = x;
        CHECK(message_of<overlap_error>([&] {
                  stream.process(slice(x, all, range{0, 400}), slice(x, all, range{1, 401}));
              }) == "process: the output overlaps a part of the input; let it be the same memory, or none of it");
        CHECK_THROWS_AS(stream.process(x, flip(x, {0})), overlap_error);
        CHECK(difference(x, before) == "");
        CHECK(difference(through(stream, x), y) == "");
    }
}

TEST_CASE("stream: calls that do not fit are refused with their numbers, and nothing has happened", "[stream]") {
    random_source r(6);
    const auto h = any_kernel<float>(r, {2, 3, 20});
    const auto x = any_signal<float>(r, 3, 100);
    stream_convolver<float> stream{h, {.block = 8}};
    line<float> y({2, 100}), short_one({2, 99}), three({3, 100}), once({1, 100});
    CHECK(message_of<shape_error>([&] { stream.process(y, y); }) ==
          "process: an input of 2 channels for a stream of 3");
    CHECK(message_of<shape_error>([&] { stream.process(x, three); }) ==
          "process: an output of 3 channels for a stream of 2");
    CHECK(message_of<shape_error>([&] { stream.process(x, short_one); }) ==
          "process: an output of 99 samples for an input of 100");
    CHECK(message_of<overlap_error>([&] {
              stream.process(x, tensor_view<float, 2>::from_raw(once.data(), {2, 100}, {0, 1}));
          }) == "process: the output of shape (2, 100) with strides (0, 1) overlaps itself");
    stream_convolver<float> fresh{h, {.block = 8}};
    CHECK(difference(through(stream, x), through(fresh, x)) == "");
    stream.process(line<float>({3, 0}), line<float>({2, 0}));  // no samples are samples too
    CHECK(message_of<shape_error>([] { stream_convolver<float>{std::vector<float>{}}; }) ==
          "stream_convolver: an empty kernel (1, 1, 0): every extent is at least 1");
    CHECK(message_of<option_error>([] {
              stream_convolver<float>{std::vector<float>{1, INFINITY}};
          }) == "stream_convolver: tap (0, 0, 1) of the kernel is not finite: inf");
}

TEMPLATE_TEST_CASE("stream: NaN and Inf make NaN of the outputs whose windows touch them, and are 0 for all others",
                   "[stream]", float, double) {
    using limits = std::numeric_limits<TestType>;
    random_source r(7);
    for (int k = 0; k < 40; ++k) {
        const auto h = any_kernel<TestType>(r, {r.between(1, 2), r.between(1, 2), r.between(1, 300)});
        auto x = any_signal<TestType>(r, h.extent(1), 1200), clean = x;
        const stream_options o = options_of(r);
        std::vector<index_t> places;
        for (int j = 0; j < 3; ++j) {
            const index_t c = r.between(0, h.extent(1) - 1), n = r.between(0, 1199);
            x(c, n) = r.one_of({limits::quiet_NaN(), limits::infinity(), -limits::infinity()});
            clean(c, n) = 0;
            places.push_back(n);
        }
        stream_convolver<TestType> stream{h, o}, other{h, o};
        const auto y = through(stream, x, [&] { return r.between(1, 100); }), expected = through(other, clean);
        INFO(text(h.shape(), " in blocks of ", stream.block(), " with latency ", name_of(o.latency)));
        for (index_t c = 0; c < y.extent(0); ++c)
            for (index_t n = 0; n < y.extent(1); ++n) {
                bool touches = false;
                for (index_t at : places)
                    touches = touches || (n - stream.latency() >= at && n - stream.latency() < at + h.extent(2));
                REQUIRE(is_same_value(y(c, n), touches ? limits::quiet_NaN() : expected(c, n)));
            }
    }
}

TEST_CASE("stream: a sample with which a transform overflows is forgotten", "[stream]") {
    random_source r(8);
    const index_t at = 500, taps = 100, block = 20;
    for (const latency l : {latency::block, latency::zero}) {
        const auto h = any_kernel<float>(r, {1, 1, taps});
        auto x = any_signal<float>(r, 1, 1500), clean = x;
        x(0, at) = std::numeric_limits<float>::max();
        stream_convolver<float> stream{h, {.block = block, .latency = l}}, other{h, {.block = block, .latency = l}};
        const auto y = through(stream, x), expected = through(other, clean);
        CHECK_FALSE(std::isfinite(y(0, at + stream.latency() + block)));
        for (index_t n = 0; n < 1500; ++n) {
            const index_t m = n - stream.latency();
            if (m < at / block * block || m >= at + taps + 2 * block) REQUIRE(y(0, n) == expected(0, n));
        }
    }
}

TEST_CASE("stream: reset leaves nothing behind", "[stream]") {
    random_source r(9);
    const auto h = any_kernel<float>(r, {2, 1, 500});
    const auto x = any_signal<float>(r, 1, 800);
    stream_convolver<float> stream{h, {.block = 64, .latency = latency::zero}};
    const auto y = through(stream, x);
    stream.process(x, line<float>({2, 800}));
    stream.reset();
    CHECK(difference(through(stream, x), y) == "");
}

TEST_CASE("stream: moves, and its state and kernels live on", "[stream]") {
    random_source r(10);
    const auto h = any_kernel<float>(r, {1, 1, 100});
    const auto x = any_signal<float>(r, 1, 300);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<stream_convolver<float>>);
    stream_convolver<float> first{h, {.block = 16}}, whole{h, {.block = 16}};
    const auto y = through(whole, x);
    line<float> part({1, 100}), rest({1, 200});
    first.process(slice(x, all, range{0, 100}), part);
    stream_convolver<float> second = std::move(first);
    second.process(slice(x, all, range{100, 300}), rest);
    for (index_t n = 0; n < 300; ++n) REQUIRE((n < 100 ? part(0, n) : rest(0, n - 100)) == y(0, n));
}

TEMPLATE_TEST_CASE("stream: a swap fades linearly from the second multiple of the block on", "[stream]", float,
                   double) {
    random_source r(11);
    for (int k = 0; k < (is_slow_build ? 10 : 30); ++k) {
        const shape n{r.between(1, 2), r.between(1, 2), r.between(1, 300)};
        const auto old = any_kernel<TestType>(r, n), next = any_kernel<TestType>(r, n);
        const auto x = any_signal<TestType>(r, n[1], 1500);
        const stream_options o{.block = r.between(1, 100), .latency = r.percent(50) ? latency::zero : latency::block};
        const index_t asked = r.between(0, 400), fade = r.percent(20) ? 0 : r.between(1, 500), b = *o.block;
        stream_convolver<TestType> stream{old, o}, before{old, o}, after{next, o};
        line<TestType> y({n[0], 1500});
        const auto some = [&] { return r.between(1, 70); };
        const auto run = [&](index_t from, index_t to) {
            for (index_t at = from; at < to;) {
                const index_t end = std::min(to, at + some());
                stream.process(slice(x, all, range{at, end}), slice(y, all, range{at, end}));
                at = end;
            }
        };
        run(0, asked);
        auto prepared = stream.prepare(next);
        CHECK(stream.swap(std::move(prepared), {.fade = fade}).is_empty());
        CHECK(prepared.is_empty());
        CHECK(stream.is_swapping());
        run(asked, 1500);
        CHECK_FALSE(stream.is_swapping());

        const index_t begin = ((asked + b - 1) / b + 1) * b;
        INFO(text(n, " in blocks of ", b, ", asked at ", asked, ", fading over ", fade, " from ", begin));
        const auto y_old = through(before, x), y_new = through(after, x);
        const auto exact_old = defining_sum(old, x), exact_new = defining_sum(next, x);
        long double error = 0;
        for (index_t c = 0; c < n[0]; ++c)
            for (index_t at = 0; at < 1500; ++at) {
                if (at < begin) REQUIRE(y(c, at) == y_old(c, at));
                if (at >= begin + fade) REQUIRE(y(c, at) == y_new(c, at));
                const index_t m = at - stream.latency();
                if (at < begin || at >= begin + fade || m < 0) continue;
                const long double w = static_cast<long double>(at - begin + 1) / static_cast<long double>(fade + 1);
                const long double e =
                    static_cast<long double>(y(c, at)) - ((1 - w) * exact_old(c, m) + w * exact_new(c, m));
                error += e * e;
            }
        // both kernels' bounds, and three roundings of the mixture, whose norm is at most the 1-norm's
        const long double u = unit_roundoff<TestType>;
        CHECK(std::sqrt(error) <=
              (roundings_of(old, o) + 3 * u) * norm(x) * (norm(old) + norm(next)) * std::sqrt(2.0L));
    }
}

TEST_CASE("stream: a swap does not depend on the cut either, and reset ends it", "[stream]") {
    random_source r(12);
    const auto old = any_kernel<float>(r, {1, 1, 200}), next = any_kernel<float>(r, {1, 1, 200});
    const auto x = any_signal<float>(r, 1, 600);
    stream_convolver<float> one{old, {.block = 32}}, two{old, {.block = 32}}, fresh{next, {.block = 32}};
    const auto kernel = one.prepare(next);
    for (stream_convolver<float>* stream : {&one, &two}) {
        stream->process(slice(x, all, range{0, 75}), line<float>({1, 75}));
        stream->swap(stream_kernel(kernel), {.fade = 100});
    }
    CHECK(difference(through(one, x), through(two, x, [] { return index_t{1}; })) == "");
    stream_convolver<float> third{old, {.block = 32}};
    third.swap(stream_kernel(kernel));
    third.reset();
    CHECK_FALSE(third.is_swapping());
    CHECK(difference(through(third, x), through(fresh, x)) == "");
}

TEST_CASE("stream: kernels go back and forth, and the one that was replaced comes back", "[stream]") {
    random_source r(13);
    const auto a = any_kernel<double>(r, {1, 1, 60}), b = any_kernel<double>(r, {1, 1, 60});
    const auto x = any_signal<double>(r, 1, 200);
    stream_convolver<double> stream{a, {.block = 16}}, reference{a, {.block = 16}};
    CHECK(stream.swap(stream.prepare(b), {.fade = 20}).is_empty());
    CHECK(message_of<option_error>([&] { stream.swap(stream.prepare(a)); }) ==
          "swap: another kernel is fading in, 0 of 20 samples are over; swap again when is_swapping() is false");
    through(stream, x);
    auto first = stream.swap(stream.prepare(b), {.fade = 20});
    CHECK_FALSE(first.is_empty());  // a's
    through(stream, x);
    stream.swap(std::move(first), {.fade = 0});
    through(stream, x);
    for (int k = 0; k < 3; ++k) through(reference, x);
    CHECK(difference(through(stream, x), through(reference, x)) == "");
}

TEST_CASE("stream: kernels that do not fit are refused and stay as they are", "[stream]") {
    stream_convolver<float> stream{std::vector<float>{1, 2, 3}, {.block = 4}};
    stream_convolver<float> other{std::vector<float>{1, 2, 3}, {.block = 5, .latency = latency::zero}};
    CHECK(message_of<shape_error>([&] {
              (void)stream.prepare(std::vector<float>{1, 2});
          }) == "prepare: a kernel of shape (1, 1, 2) for a stream made for (1, 1, 3)");
    CHECK(message_of<option_error>([&] {
              (void)stream.prepare(std::vector<float>{1, 2, NAN});
          }) == "prepare: tap (0, 0, 2) of the kernel is not finite: nan");
    auto foreign = other.prepare(std::vector<float>{4, 5, 6});
    CHECK(message_of<option_error>([&] { stream.swap(std::move(foreign)); }) ==
          "swap: a kernel prepared for kernels of shape (1, 1, 3) in blocks of 5 with latency zero by the engine "
          "faltung; this stream has kernels of shape (1, 1, 3) in blocks of 4 with latency block by the engine "
          "faltung");
    CHECK_FALSE(foreign.is_empty());
    auto own = stream.prepare(std::vector<float>{4, 5, 6});
    CHECK(message_of<option_error>([&] { stream.swap(std::move(own), {.fade = -1}); }) ==
          "swap: a fade of -1 samples: at least 0 are needed");
    CHECK_FALSE(own.is_empty());
    CHECK(message_of<option_error>([&] { stream.swap(stream_kernel<float>{}); }) ==
          "swap: an empty kernel; prepare makes one");
    CHECK_FALSE(stream.is_swapping());
}

TEMPLATE_TEST_CASE("stream: a restored state goes on with the same bits, in the middle of a fade too", "[stream]",
                   float, double) {
    random_source r(14);
    for (int k = 0; k < 30; ++k) {
        const shape n{r.between(1, 2), r.between(1, 2), r.between(1, 300)};
        const auto h = any_kernel<TestType>(r, n), next = any_kernel<TestType>(r, n);
        const stream_options o = options_of(r);
        const auto x = any_signal<TestType>(r, n[1], 700), later = any_signal<TestType>(r, n[1], 700);
        stream_convolver<TestType> stream{h, o}, twin{next, o};
        stream.process(slice(x, all, range{0, 100}), line<TestType>({n[0], 100}));
        stream.swap(stream.prepare(next), {.fade = r.between(0, 300)});
        const index_t end = r.between(100, 700);
        stream.process(slice(x, all, range{100, end}), line<TestType>({n[0], end - 100}));
        auto state = stream.save();
        const auto y = through(stream, later);
        twin.save_into(state);
        twin.process(x, line<TestType>({n[0], 700}));
        const auto twin_before = twin.save();
        stream.restore(state);  // the twin's: it had the new kernel and no sample
        stream_convolver<TestType> fresh{next, o};
        CHECK(difference(through(stream, later), through(fresh, later)) == "");
        stream.restore(twin_before);
        CHECK(difference(through(stream, later), through(twin, later)) == "");
        // and the first one again, by the same way, in a stream that was made with another kernel
        stream_convolver<TestType> again{h, o}, elsewhere{next, o};
        again.process(slice(x, all, range{0, 100}), line<TestType>({n[0], 100}));
        auto middle = again.save();
        elsewhere.restore(middle);
        CHECK(difference(through(elsewhere, later), through(again, later)) == "");
        CHECK(y.extent(1) == 700);
    }
}

TEST_CASE("stream: the state of another stream is refused and changes nothing", "[stream]") {
    stream_convolver<float> stream{std::vector<float>{1, 2, 3}, {.block = 4}};
    stream_convolver<float> other{std::vector<float>{1, 2}, {.block = 4}};
    auto foreign = other.save(), own = stream.save();
    const std::string text_of_foreign =
        "a state of a stream for kernels of shape (1, 1, 2) in blocks of 4 with latency block by the engine faltung; "
        "this stream has kernels of shape (1, 1, 3) in blocks of 4 with latency block by the engine faltung";
    CHECK(message_of<shape_error>([&] { stream.restore(foreign); }) == "restore: " + text_of_foreign);
    CHECK(message_of<shape_error>([&] { stream.save_into(foreign); }) == "save_into: " + text_of_foreign);
    const auto taken = std::move(own);
    CHECK(message_of<shape_error>([&] { stream.restore(own); }) == "restore: a state that was moved away");
    stream.restore(taken);
    std::vector<float> x{1, 0, 0, 0, 0, 0, 0}, y(7);
    stream.process(x, y);
    for (std::size_t n = 0; n < 7; ++n) CHECK(std::abs(y[n] - (n < 4 ? 0.0f : static_cast<float>(n) - 3)) < 1e-5f);
}

namespace {

/// Our engine, and how often it was asked.
struct counting_engine {
    static inline index_t products = 0, transforms = 0;
    using own = detail::own_engine<float>;

    static void forward(transform_plan const& p, void* data, void* spectrum) noexcept {
        ++transforms;
        own::forward(p, data, spectrum);
    }
    static void backward(transform_plan const& p, void* data, void* spectrum) noexcept {
        ++transforms;
        own::backward(p, data, spectrum);
    }
    static void multiply(transform_plan const& p, void const* x, void const* h, void* to,
                         spectrum_update how) noexcept {
        ++products;
        own::multiply(p, x, h, to, how);
    }
    static constexpr engine_table table{"counting",    element::float32, own::multiple, own::takes_any,
                                        own::spectrum, own::order,       own::make,     forward,
                                        backward,      multiply,         own::convolve, true};
};

constexpr engine counting{[](element) { return &counting_engine::table; }};

}  // namespace

TEST_CASE("stream: the work is spread evenly over the samples", "[stream]") {
    random_source r(15);
    for (shape const& n : {shape{1, 1, 20000}, shape{2, 2, 5000}, shape{1, 1, 300}, shape{3, 1, 2000}})
        for (const latency l : {latency::block, latency::zero})
            for (const index_t piece : {1, 4, 16, 64, 128, 256, 50, 100, 300}) {
                const index_t block = 128;
                const auto h = any_kernel<float>(r, n);
                stream_convolver<float> stream{h, {.block = block, .latency = l, .engine = counting}};
                // by hand: partitions, and the passes of radix 4 over 128 complex numbers, 4^3 * 2, rounded up
                const index_t parts = (n[2] - (l == latency::zero ? block : 0) + block - 1) / block;
                const index_t pairs = n[0] * n[1], passes = 4;
                const index_t first = (n[0] + n[1]) * passes + pairs, each = first + pairs * (parts - 1);
                const line<float> x({n[1], piece});
                line<float> y({n[0], piece});
                index_t most = 0, all_work = 0, calls = 0;
                for (index_t at = 0; at < 75 * block; at += piece, ++calls) {
                    counting_engine::products = counting_engine::transforms = 0;
                    stream.process(x, y);
                    const index_t work = counting_engine::products + passes * counting_engine::transforms;
                    most = std::max(most, work);
                    all_work += work;
                }
                INFO(text(n, ", latency ", name_of(l), ", pieces of ", piece, ": ", each, " a block, ", first,
                          " at its beginning, at most ", most));
                const double share = static_cast<double>(each * piece) / static_cast<double>(block);
                if (block % piece == 0)  // no piece has samples of two blocks
                    CHECK(static_cast<double>(most) <= std::max(static_cast<double>(first), share + 1));
                else if (piece % block == 0)
                    CHECK(static_cast<double>(most) == share);
                else
                    CHECK(static_cast<double>(most) < share + 1 + static_cast<double>(first));
                // nothing is left out or computed twice
                const double wanted = share * static_cast<double>(calls);
                CHECK(std::abs(static_cast<double>(all_work) - wanted) <= static_cast<double>(each));
            }
}

TEST_CASE("stream: a swap doubles what depends on the kernel, and nothing else", "[stream]") {
    random_source r(16);
    const index_t block = 64, taps = 1280, parts = 20, passes = 3;  // 64 complex numbers: 4^3
    const auto h = any_kernel<float>(r, {1, 1, taps});
    stream_convolver<float> stream{h, {.block = block, .engine = counting}};
    const line<float> x({1, block});
    line<float> y({1, block});
    const auto work = [&] {
        counting_engine::products = counting_engine::transforms = 0;
        stream.process(x, y);
        return counting_engine::products + passes * counting_engine::transforms;
    };
    const index_t alone = 2 * passes + parts, preparing = alone + (parts - 1), both = 3 * passes + 2 * parts;
    CHECK(work() == alone);
    auto kernel = stream.prepare(h);
    stream.swap(std::move(kernel), {.fade = 2 * block});
    CHECK(work() == preparing);
    CHECK(work() == both);
    CHECK(work() == both);
    CHECK(work() == alone);
    CHECK_FALSE(stream.is_swapping());
}
