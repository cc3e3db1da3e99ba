// tests/view/overlap.test.cpp -- shared memory, against the set of all bytes that each view touches
#include <faltung/view/overlap.hpp>

#include <faltung/view/reshape.hpp>
#include <faltung/view/slice.hpp>
#include <faltung/view/sliding_window.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>

#include "support/catch.hpp"
#include "view/samples.hpp"

using namespace faltung;
using testing::counting;
using testing::message_of;

namespace {

alignas(64) unsigned char memory[256];

// How often each byte of `memory` is touched.
template <class T>
std::vector<int> touched(strided<T> const& v) {
    std::vector<int> times(sizeof memory);
    for_each_index(v.n, [&](index_list const& i) {
        const auto first = reinterpret_cast<unsigned char const*>(v.data + offset(i, v.stride)) - memory;
        for (std::size_t b = 0; b < sizeof(T); ++b) ++times.at(static_cast<std::size_t>(first) + b);
    });
    return times;
}

template <class A, class B>
bool share_a_byte(strided<A> const& a, strided<B> const& b) {
    const auto in_a = touched(a), in_b = touched(b);
    for (std::size_t k = 0; k < in_a.size(); ++k)
        if (in_a[k] > 0 && in_b[k] > 0) return true;
    return false;
}

template <class A>
bool touches_twice(strided<A> const& a) {
    for (int times : touched(a))
        if (times > 1) return true;
    return false;
}

index_t between(std::mt19937& random, index_t low, index_t high) {
    return low + static_cast<index_t>(random() % static_cast<unsigned long>(high - low + 1));
}

// A view of up to 3 axes somewhere in `memory`, now and then an empty one.
template <class T>
strided<T> any_view(std::mt19937& random) {
    const index_t elements = static_cast<index_t>(sizeof memory / sizeof(T));
    for (;;) {
        strided<T> v;
        for (index_t axes = between(random, 1, 3); axes > 0; --axes) {
            v.n.push_back(between(random, random() % 12 == 0 ? 0 : 1, 5));
            v.stride.push_back(between(random, -elements / 8, elements / 8));
        }
        const auto r = detail::reach_of(v.n, v.stride);
        const index_t origin = between(random, 0, elements - 1);
        if (origin + r.lowest < 0 || origin + r.highest >= elements) continue;
        v.data = reinterpret_cast<T*>(memory) + origin;
        return v;
    }
}

template <class A, class B>
int shared_pairs(unsigned seed) {
    std::mt19937 random(seed);
    int shared = 0;
    for (int k = 0; k < 3000; ++k) {
        const auto a = any_view<A>(random);
        const auto b = any_view<B>(random);
        INFO("pair " << k << ": " << text(a.n, a.stride, " and ", b.n, b.stride));
        const bool expected = share_a_byte(a, b);
        shared += expected;
        REQUIRE(overlap(a, b) == expected);
        REQUIRE(overlap(b, a) == expected);
    }
    return shared;
}

}  // namespace

TEST_CASE("overlap: random pairs of small views, exactly, also of different types and strides", "[view]") {
    for (int shared : {shared_pairs<std::uint8_t, std::uint8_t>(1), shared_pairs<std::uint8_t const, float>(2),
                       shared_pairs<float, double>(3), shared_pairs<std::int16_t, std::int16_t const>(4)}) {
        CHECK(shared > 300);
        CHECK(shared < 2700);
    }
}

TEST_CASE("overlaps_itself: random small views, exactly", "[view]") {
    std::mt19937 random(5);
    int itself = 0;
    for (int k = 0; k < 10000; ++k) {
        const auto v = any_view<std::int16_t>(random);
        INFO("view " << k << ": " << text(v.n, v.stride));
        const bool expected = touches_twice(v);
        itself += expected;
        REQUIRE(overlaps_itself(v) == expected);
    }
    CHECK(itself > 1000);
    CHECK(itself < 9000);
}

TEST_CASE("overlap: the channels of packed RGB lie beside each other", "[view]") {
    tensor<std::uint8_t, 3> rgb({480, 640, 3});
    const auto red = slice(rgb, all, all, 0), green = slice(rgb, all, all, 1), blue = slice(rgb, all, all, 2);
    CHECK_FALSE(overlap(red, green));
    CHECK_FALSE(overlap(blue, red));
    CHECK(overlap(red, red));
    CHECK(overlap(red, rgb));
    CHECK_FALSE(overlap(red, slice(rgb, range{479, -1, -1}, range{639, -1, -1}, 1)));
    CHECK(overlap(red, slice(rgb, range{479, -1, -1}, range{639, -1, -1}, 0)));
}

TEST_CASE("overlap: regions of one picture", "[view]") {
    tensor<float, 2> x({1000, 1000});
    const auto region = [&](index_t row, index_t column) {
        return slice(x, range{row, row + 500}, range{column, column + 500});
    };
    CHECK_FALSE(overlap(region(0, 0), region(0, 500)));
    CHECK_FALSE(overlap(region(100, 0), region(0, 500)));
    CHECK(overlap(region(0, 0), region(0, 499)));
    CHECK(overlap(region(0, 0), region(499, 499)));
    CHECK_FALSE(overlap(slice(x, all, range{0, 1000, 2}), slice(x, all, range{1, 1000, 2})));
    CHECK_FALSE(overlap(slice(x, range{0, 1000, 2}, all), slice(x, range{1, 1000, 2}, all)));
    // other strides on each side: even columns, and columns 1, 4, 7, ... of odd rows
    CHECK(overlap(slice(x, all, range{0, 1000, 2}), slice(x, all, range{1, 1000, 3})));
    CHECK_FALSE(
        overlap(slice(x, range{0, 1000, 2}, range{0, 1000, 2}), slice(x, range{1, 1000, 2}, range{1, 1000, 3})));
}

TEST_CASE("overlap: no sample shares nothing, and other memory neither", "[view]") {
    tensor<int, 2> x({3, 4}), y({3, 4});
    CHECK_FALSE(overlap(x, y));
    CHECK_FALSE(overlap(x, slice(x, range{1, 1}, all)));
    CHECK_FALSE(overlap(tensor_view<int, 2>(), tensor_view<int, 2>()));
    CHECK(overlap(x, std::span(x.begin() + 11, 1)));
    CHECK_FALSE(overlap(std::span(x.begin(), 11), std::span(x.begin() + 11, 1)));
}

TEST_CASE("overlap: ten axes are decided exactly", "[view]") {
    // Two interleaved sets of 2^10 samples: every step is twice the next, and the shortest leaves room for the other
    // set.
    std::vector<char> x(2050);
    const auto n = shape::repeated(10, 2);
    strides stride;
    for (index_t step = 1024; step > 2; step /= 2) stride.push_back(step);
    stride.push_back(2);
    const auto even = tensor_view<char, 10>(x, n, stride), odd = tensor_view<char, 10>(x, n, stride, 1);
    CHECK_FALSE(overlap(even, odd));
    CHECK_FALSE(overlaps_itself(even));
    CHECK(overlap(even, tensor_view<char, 10>(x, n, stride, 2)));
}

TEST_CASE("overlap: yes where the search would take too long", "[view]") {
    // Every step is 1 more than a multiple of 1000, so no sum of at most 18 of them is 500 away from such a multiple;
    // but 5^9 sums would have to be looked at.
    std::vector<char> x(2000000);
    strides stride;
    for (index_t k = 100; k < 109; ++k) stride.push_back(1000 * k + 1);
    const auto n = shape::repeated(9, 3);
    const auto a = tensor_view<char, 9>(x, n, stride), b = tensor_view<char, 9>(x, n, stride, 500);
    for_each_index(n, [&](index_list const& i) { a(i) = 1; });
    int shared = 0;
    for_each_index(n, [&](index_list const& i) { shared += b(i); });
    CHECK(shared == 0);
    CHECK(overlap(a, b));
}

TEST_CASE("overlaps_itself: repeated samples, windows, and views without either", "[view]") {
    auto x = counting<2>({4, 5});
    CHECK_FALSE(overlaps_itself(x));
    CHECK(overlaps_itself(broadcast_to<3>(x, {2, 4, 5})));
    CHECK_FALSE(overlaps_itself(broadcast_to<3>(x, {1, 4, 5})));
    CHECK_FALSE(overlaps_itself(broadcast_to<3>(slice(x, range{0, 0}, all), {2, 0, 5})));
    CHECK(overlaps_itself(sliding_window(x, 2)));
    CHECK(overlaps_itself(sliding_window(x, 2, {.stride = {2, 1}})));
    CHECK_FALSE(overlaps_itself(sliding_window(x, {2, 5}, {.stride = {2, 1}})));
    CHECK_FALSE(overlaps_itself(slice(x, range{3, -1, -1}, range{4, -1, -1})));
    CHECK_FALSE(overlaps_itself(tensor_view<int, 2>()));
}

TEST_CASE("overlap: views beyond any memory", "[view]") {
    constexpr index_t far = std::numeric_limits<index_t>::max() / 2;
    char here = 0;
    // Reaching 2^62 bytes is no real memory: the answer is the careful one.
    const auto v = tensor_view<char, 1>::from_raw(&here, {2}, {far});
    CHECK(overlap(v, v));
    CHECK(overlaps_itself(v));
    const strided<char> wild{&here, {3}, {far + 1}};
    CHECK(message_of<overflow_error>([&] { (void)overlap(wild, wild); }) ==
          "reach of a view: 2 * 4611686018427387904 does not fit 64 bits");
}
