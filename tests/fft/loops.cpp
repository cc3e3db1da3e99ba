// tests/fft/loops.cpp -- the plain functions behind loops.hpp: in one file, because vectors that the target does not
// have take long to compile
#include "fft/loops.hpp"

namespace faltung::testing {

namespace {

template <class Loop, int Bytes>
void plain(typename Loop::arguments const& a) noexcept {
    Loop::template body<Bytes>(a);
}

template <class T, int Bytes>
named_loops plain_loops() {
    return {text(Bytes, " bytes in plain functions"),
            {Bytes / static_cast<int>(sizeof(T)), static_cast<int>(sizeof(T)), plain<detail::level_pass<T>, Bytes>,
             plain<detail::tail_pass<T>, Bytes>, plain<detail::spectrum_product<T>, Bytes>,
             plain<detail::double_split<T>, Bytes>}};
}

}  // namespace

template <class T>
std::vector<named_loops> all_loops() {
    std::vector<named_loops> loops{plain_loops<T, 16>(), plain_loops<T, 32>(), plain_loops<T, 64>()};
    for (const instruction_set i : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512})
        if (detail::is_compiled_in(i) && i <= detail::best_instruction_set())
            loops.push_back({name_of(i), detail::transform_loops::of<T>(i)});
    return loops;
}

template std::vector<named_loops> all_loops<float>();
template std::vector<named_loops> all_loops<double>();

}  // namespace faltung::testing
