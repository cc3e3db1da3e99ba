// faltung/fftw/planner.hpp -- FFTW's planner: its one lock, how hard it tries, its functions for each precision
#pragma once

#include <fftw3.h>

#include <mutex>

namespace faltung::fftw {

/// How FFTW looks for a plan: `estimate` compares counts of operations, in micro- to milliseconds; `measure` runs
/// candidates and takes their time, in milliseconds to minutes, and may find another plan, with other roundings, each
/// time unless wisdom is loaded.
enum class rigour : unsigned char { estimate, measure };
using enum rigour;

/// The lock that everything but the execution of a plan takes: all precisions, all threads, all shared objects of the
/// process. A program that calls FFTW's planner, destroys FFTW's plans or handles its wisdom holds it while it does,
/// and neither makes nor gives up a plan of this engine, nor loads or saves wisdom here, until it has let go.
/// (fftw_make_planner_thread_safe is not enough: it is in another library, one for each precision, leaves wisdom
/// unguarded, and must come before anybody's first plan.)
///
/// It is one object where the dynamic linker sees one symbol, whatever -fvisibility says: in the program and what it is
/// linked with, in what dlopen opens with RTLD_GLOBAL, and, if g++ compiled them, with RTLD_LOCAL. With other
/// compilers, a program that opens plug-ins with RTLD_LOCAL calls this function itself and is linked with -rdynamic.
__attribute__((visibility("default"))) inline std::mutex& planner_mutex() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace faltung::fftw

namespace faltung::detail {

/// FFTW's functions for one precision. They are named here alone, so a program that uses one precision links one
/// library.
template <class R>
struct fftw_functions;

template <>
struct fftw_functions<float> {
    using plan = fftwf_plan;
    using axis = fftwf_iodim64;
    static constexpr auto plan_complex = fftwf_plan_guru64_split_dft;
    static constexpr auto plan_from_real = fftwf_plan_guru64_split_dft_r2c;
    static constexpr auto plan_to_real = fftwf_plan_guru64_split_dft_c2r;
    static constexpr auto run_complex = fftwf_execute_split_dft;
    static constexpr auto run_from_real = fftwf_execute_split_dft_r2c;
    static constexpr auto run_to_real = fftwf_execute_split_dft_c2r;
    static constexpr auto destroy = fftwf_destroy_plan;
    static constexpr auto alignment = fftwf_alignment_of;
    static constexpr auto export_wisdom = fftwf_export_wisdom_to_string;
    static constexpr auto import_wisdom = fftwf_import_wisdom_from_string;
};

template <>
struct fftw_functions<double> {
    using plan = fftw_plan;
    using axis = fftw_iodim64;
    static constexpr auto plan_complex = fftw_plan_guru64_split_dft;
    static constexpr auto plan_from_real = fftw_plan_guru64_split_dft_r2c;
    static constexpr auto plan_to_real = fftw_plan_guru64_split_dft_c2r;
    static constexpr auto run_complex = fftw_execute_split_dft;
    static constexpr auto run_from_real = fftw_execute_split_dft_r2c;
    static constexpr auto run_to_real = fftw_execute_split_dft_c2r;
    static constexpr auto destroy = fftw_destroy_plan;
    static constexpr auto alignment = fftw_alignment_of;
    static constexpr auto export_wisdom = fftw_export_wisdom_to_string;
    static constexpr auto import_wisdom = fftw_import_wisdom_from_string;
};

template <>
struct fftw_functions<long double> {
    using plan = fftwl_plan;
    using axis = fftwl_iodim64;
    static constexpr auto plan_complex = fftwl_plan_guru64_split_dft;
    static constexpr auto plan_from_real = fftwl_plan_guru64_split_dft_r2c;
    static constexpr auto plan_to_real = fftwl_plan_guru64_split_dft_c2r;
    static constexpr auto run_complex = fftwl_execute_split_dft;
    static constexpr auto run_from_real = fftwl_execute_split_dft_r2c;
    static constexpr auto run_to_real = fftwl_execute_split_dft_c2r;
    static constexpr auto destroy = fftwl_destroy_plan;
    static constexpr auto alignment = fftwl_alignment_of;
    static constexpr auto export_wisdom = fftwl_export_wisdom_to_string;
    static constexpr auto import_wisdom = fftwl_import_wisdom_from_string;
};

}  // namespace faltung::detail
