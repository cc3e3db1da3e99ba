// bench/versus/session.hpp -- a program that turns.py asks through a pipe: a line of words is answered by a line that
// begins with "ok" or "failed"
#pragma once

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <faltung/core/workspace.hpp>
#include <faltung/view.hpp>

#include "../measure.hpp"

namespace faltung_bench {

/// One way to compute a case, ready to be called.
struct contestant {
    double plan_seconds;
    std::string about;
    std::function<void()> run;
};

/// Two that share nothing, each on a thread of its own: what two threads on one call can hope for.
inline contestant at_the_same_time(contestant first, contestant second) {
    struct pair {
        contestant both[2];
        faltung::workspace threads{0, 0, 2};
    };
    const std::string about = first.about;
    const std::shared_ptr<pair> p(new pair{{std::move(first), std::move(second)}});
    return {0, about, [p] {
                p->threads.run(2, [&](faltung::grain_range share, std::byte*) noexcept {
                    for (faltung::index_t i = share.first; i < share.last; ++i) p->both[i].run();
                });
            }};
}

/// A case, its rank and element type erased. `make` takes a contestant's name, and extents where it needs some.
struct session {
    std::string about;
    std::function<contestant(std::string const&, faltung::shape const&)> make;
    std::function<std::array<double, 2>()> fingerprint;
    std::vector<contestant> contestants = {};
};

/// |y|_2, and the sum of y with weights from -6 to 6 in turn.
template <class T, std::size_t Rank>
std::array<double, 2> fingerprint_of(faltung::tensor<T, Rank> const& y) {
    long double norm = 0, sum = 0;  // millions of additions
    int weight = 0;
    for (const long double v : y) {
        norm += v * v;
        sum += v * (weight++ % 13 - 6);
    }
    return {static_cast<double>(std::sqrt(norm)), static_cast<double>(sum)};
}

/// The most memory that was resident since the last time, in KiB.
inline std::string peak() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word && word != "VmHWM:") {
    }
    status >> word;
    std::ofstream("/proc/self/clear_refs") << "5";
    return word;
}

/// A text of the library has 6 digits.
inline std::string exact(double v) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.17g", v);
    return digits;
}

/// The answer to make <contestant> <extent>... | run <number> <times> | value <number> | peak.
inline std::string answer(session& now, std::string const& verb, std::istream& words) {
    if (verb == "make") {
        std::string name;
        faltung::shape n;
        words >> name;
        for (faltung::index_t extent; words >> extent;) n.push_back(extent);
        now.contestants.push_back(now.make(name, n));
        return exact(now.contestants.back().plan_seconds) + " " + now.contestants.back().about;
    }
    if (verb == "peak") return peak();
    std::size_t number = 0;
    int times = 1;
    words >> number >> times;
    if (verb != "run" && verb != "value") faltung::detail::fail<faltung::option_error>("there is no verb ", verb);
    contestant const& c = now.contestants.at(number);
    if (verb == "run") {
        const double seconds = seconds_of([&] {
            for (int i = 0; i < times; ++i) c.run();
        });
        return exact(seconds / times);
    }
    c.run();
    const auto [norm, sum] = now.fingerprint();
    return exact(norm) + " " + exact(sum);
}

/// Answers until there are no more lines. case <word>... opens another case; versions is answered with `versions`.
inline void serve(std::function<session(std::istream&)> const& open, std::string const& versions) {
    session now;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string verb, reply;
        words >> verb;
        try {
            if (verb == "case") {
                now = {};  // its arrays go before others come
                now = open(words);
                reply = now.about;
            } else {
                reply = verb == "versions" ? versions : answer(now, verb, words);
            }
            std::cout << "ok " << reply << std::endl;
        } catch (std::exception const& e) {
            std::cout << "failed " << e.what() << std::endl;
        }
    }
}

}  // namespace faltung_bench
