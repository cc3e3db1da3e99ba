// tests/method/overlap_save.test.cpp -- tiles: many of them, any split of the grains, within a limit of memory
#include <faltung/method/overlap_save.hpp>

#include <cmath>

#include "method/lost_share.hpp"
#include "support/catch.hpp"

using namespace faltung;
using namespace faltung::testing;

namespace {

using T = detail::types<float, float, float, float>;

}  // namespace

TEST_CASE("overlap_save: many tiles along every axis, on every instruction set", "[method]") {
    random_source r(1);
    for (const char map : {'z', 'r', 'w'})
        for (const instruction_set s : instruction_sets()) {
            const std::vector<reference::line> line{{5000, 9, 1, 1, 4, 4, map}},
                image{{90, 5, 1, 1, 2, 2, map}, {150, 7, 1, 1, 3, 3, map}};
            problem p = problem_of(line), q = problem_of(image);
            p.limits.instruction_set = q.limits.instruction_set = s;
            p.limits.memory = 10000;
            q.limits.memory = 40000;
            INFO("boundary " << map << ", " << name_of(s));
            CHECK(lost_share(method::overlap_save, line, p, 5000, 9, r, 64) <= 1.5);
            CHECK(lost_share(method::overlap_save, image, q, 90 * 150, 35, r, 64) <= 1.5);
            for (problem* each : {&p, &q}) {
                each->types = {element::float32, element::float32, element::float32, element::float32};
                each->engine = &detail::own_engine<float>::table;
                CHECK(detail::overlap_save::grains(*each) >= 4);
            }
        }
}

TEST_CASE("overlap_save: any split of the grains gives the same outputs, and so does any number of threads",
          "[method][threads]") {
    random_source r(2);
    problem p = problem_of({{60, 3, 1, 1, 1, 1, 'r'}, {500, 15, 1, 1, 7, 7, 'w'}});
    p.types = {element::float32, element::float32, element::float32, element::float32};
    p.engine = &detail::own_engine<float>::table;
    p.limits.memory = 60000;
    const auto x = r.many<float>(60 * 500), h = r.many<float>(45);
    const auto want = run_seam<T>(p, method::overlap_save, x, h);
    const index_t grains = detail::overlap_save::grains(p);
    REQUIRE(grains > 4);
    for (int threads = 2; threads <= 5; ++threads) CHECK(run_seam<T>(p, method::overlap_save, x, h, threads) == want);
    const auto ready = detail::overlap_save::prepare<T>(p, array_of(h.data(), {1, 1, 3, 15}), nullptr);
    const buffer<std::byte> scratch(detail::overlap_save::workspace<T>(p));
    for (index_t each = 1; each <= grains; ++each) {
        std::vector<float> y(want.size(), -1);
        for (index_t first = 0; first < grains; first += each)
            detail::overlap_save::run<T>(p, ready, array_of(x.data(), {1, 60, 500}), array_of(y.data(), {1, 60, 500}),
                                         scratch.data(), {first, std::min(first + each, grains)});
        CHECK(y == want);
    }
}

TEST_CASE("overlap_save: an array that is larger than the memory is convolved within it", "[method]") {
    random_source r(3);
    const std::vector<reference::line> axes{{300000, 65, 1, 1, 32, 32, 'z'}};
    problem p = problem_of(axes);
    p.limits.memory = 100000;  // of an array of 1,200,000 bytes
    p.types = {element::float32, element::float32, element::float32, element::float32};
    p.engine = &detail::own_engine<float>::table;
    const auto c = detail::overlap_save::predict(p);
    CHECK(c.held + detail::overlap_save::workspace<T>(p) <= 100000);
    CHECK(lost_share(method::overlap_save, axes, p, 300000, 65, r, 64) <= 1.5);
}

TEST_CASE("overlap_save: a large value damages its neighbourhood alone", "[method]") {
    random_source r(4);
    const std::vector<reference::line> axes{{20000, 9, 1, 1, 4, 4, 'z'}};
    problem p = problem_of(axes);
    p.limits.memory = 20000;
    auto x = r.many<float>(20000);
    const auto h = r.many<float>(9);
    const auto want = run_seam<T>(p, method::overlap_save, x, h);
    x[3] = 1e30f;
    const auto y = run_seam<T>(p, method::overlap_save, x, h);
    p.types = {element::float32, element::float32, element::float32, element::float32};
    p.engine = &detail::own_engine<float>::table;
    const index_t step = 20000 / detail::overlap_save::grains(p) + 1;
    for (std::size_t o = static_cast<std::size_t>(2 * step); o < y.size(); ++o) CHECK(y[o] == want[o]);
}

TEST_CASE("overlap_save: a kernel whose tile cannot be made is refused", "[method]") {
    problem p = problem_of({{10, 3, 1, index_t{1} << 45, index_t{1} << 46, 0, 'z'}});
    p.types = {element::float32, element::float32, element::float32, element::float32};
    p.engine = &detail::own_engine<float>::table;
    CHECK(detail::overlap_save::supports(p).value_or("") == "a tile has at least 7.03687e+13 samples, more than 2^45");
}
