// bench/versus/fourier/fourier.cpp -- the library's side and FFTW's of fourier.py, which asks through a pipe
#include "contest.hpp"

using namespace faltung_bench;

template <class T, std::size_t Rank>
static session session_of(named_case const& c, faltung::method m) {
    const auto held = std::make_shared<contest<T, Rank>>(c, m);
    return {text_of(held->data()) + " " + text_of(held->kernel()) + " " + text_of(held->result()),
            [held](std::string const& who, shape const& n) { return held->make(who, n); },
            [held] { return held->fingerprint(); }};
}

template <class T>
static session session_of(named_case const& c, faltung::method m) {
    if (c.data.rank() == 1) return session_of<T, 1>(c, m);
    return c.data.rank() == 2 ? session_of<T, 2>(c, m) : session_of<T, 3>(c, m);
}

static named_case const& case_named(std::string const& name) {
    for (named_case const& c : large_kernels)
        if (name == c.name) return c;
    faltung::detail::fail<faltung::option_error>("there is no case ", name);
}

static faltung::method method_named(std::string const& name) {
    using enum faltung::method;
    for (faltung::method m : {automatic, direct, im2col, fft, overlap_save})
        if (name == name_of(m)) return m;
    faltung::detail::fail<faltung::option_error>("there is no method ", name);
}

// <name> <type> <method>
static session open_case(std::istream& words) {
    std::string name, type, by;
    words >> name >> type >> by;
    return type == "float" ? session_of<float>(case_named(name), method_named(by))
                           : session_of<double>(case_named(name), method_named(by));
}

int main() { serve(open_case, fftw_version); }
