// bench/versus/fourier/fourier.cpp -- the library's side and FFTW's of fourier.py, which asks through a pipe: a line of
// words is answered by a line that begins with "ok" or "failed"
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "contest.hpp"

using namespace faltung_bench;

// The case at hand, its rank and element type erased.
struct session {
    std::function<std::string()> shapes;
    std::function<contestant(std::string const&, shape const&)> make;
    std::function<std::array<double, 2>()> fingerprint;
    std::vector<contestant> contestants;
};

template <class T, std::size_t Rank>
static session session_of(named_case const& c, faltung::method m) {
    const auto held = std::make_shared<contest<T, Rank>>(c, m);
    return {[held] { return text_of(held->data()) + " " + text_of(held->kernel()) + " " + text_of(held->result()); },
            [held](std::string const& who, shape const& n) { return held->make(who, n); },
            [held] { return held->fingerprint(); },
            {}};
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

// The most memory that was resident since the last time, in KiB.
static std::string peak() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word && word != "VmHWM:") {
    }
    status >> word;
    std::ofstream("/proc/self/clear_refs") << "5";
    return word;
}

// A text of the library has 6 digits.
static std::string exact(double v) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.17g", v);
    return digits;
}

// case <name> <type> <method> | make <contestant> <extent>... | run <number> <times> | value <number> | peak | fftw
static std::string answer(session& now, std::istream& words) {
    std::string verb, name, type, by;
    words >> verb;
    if (verb == "case") {
        words >> name >> type >> by;
        now = {};
        now = type == "float" ? session_of<float>(case_named(name), method_named(by))
                              : session_of<double>(case_named(name), method_named(by));
        return now.shapes();
    }
    if (verb == "make") {
        shape n;
        words >> name;
        for (index_t extent; words >> extent;) n.push_back(extent);
        now.contestants.push_back(now.make(name, n));
        return exact(now.contestants.back().plan_seconds) + " " + now.contestants.back().about;
    }
    if (verb == "peak") return peak();
    if (verb == "fftw") return fftw_version;
    std::size_t number = 0;
    int times = 1;
    words >> number >> times;
    contestant const& c = now.contestants.at(number);
    if (verb == "run") {
        const double seconds = seconds_of([&] {
            for (int i = 0; i < times; ++i) c.run();
        });
        return exact(seconds / times);
    }
    if (verb == "value") {
        c.run();
        const auto [norm, sum] = now.fingerprint();
        return exact(norm) + " " + exact(sum);
    }
    faltung::detail::fail<faltung::option_error>("there is no verb ", verb);
}

int main() {
    session now;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        try {
            const std::string reply = answer(now, words);
            std::cout << "ok " << reply << std::endl;
        } catch (std::exception const& e) {
            std::cout << "failed " << e.what() << std::endl;
        }
    }
}
