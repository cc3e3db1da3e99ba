// tests/golden/golden.hpp -- reads the golden files (format: golden_file.py) and compares faltung with a line of them
#pragma once

#include <faltung/convolve/apply.hpp>

#include <array>
#include <cmath>
#include <complex>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace faltung::golden {

struct array {
    std::string type;  // NumPy's name
    shape n;
    std::vector<std::complex<long double>> values;
};

/// One `case` of a golden file. `error` is the exception's name, or empty where there is a result y.
struct line {
    std::string text, call, error;
    std::map<std::string, std::string> options;
    array x, h, y;

    bool has(std::string const& key) const { return options.count(key) > 0; }
    std::string const& operator[](std::string const& key) const { return options.at(key); }
    /// The option 1,2 as a list; an option that is missing counts as one value.
    index_list list(std::string const& key, index_t missing) const {
        index_list values;
        if (!has(key)) return {missing};
        std::istringstream words(options.at(key));
        for (std::string v; std::getline(words, v, ',');) values.push_back(std::stol(v));
        return values;
    }
};

inline shape shape_of(std::string const& dims) {
    shape n;
    std::istringstream words(dims);
    for (std::string v; std::getline(words, v, 'x');) n.push_back(std::stol(v));
    return n;
}

/// The rest of the words. `number` reads one: decimals of an operand are float64 before they get their type, those of a
/// result have the type of the result; integers of 64 bits need a long double either way.
template <class Number>
std::vector<std::complex<long double>> values_of(std::istringstream& words, Number number) {
    std::vector<std::complex<long double>> values;
    for (std::string w; words >> w;) {
        const std::size_t comma = w.find(',');
        values.emplace_back(number(w.substr(0, comma)),
                            comma == std::string::npos ? 0.0L : number(w.substr(comma + 1)));
    }
    return values;
}

inline long double operand_number(std::string const& w) {
    return w.find('.') == std::string::npos ? std::stold(w) : static_cast<long double>(std::stod(w));
}
inline long double result_number(std::string const& w) { return std::stold(w); }

/// Every case of tests/golden/<name>.txt.
inline std::vector<line> read(std::string const& name) {
    std::ifstream file(FALTUNG_TEST_DATA "/golden/" + name + ".txt");
    REQUIRE(file.is_open());
    std::map<std::string, array> operands;
    std::vector<line> lines;
    for (std::string text; std::getline(file, text);) {
        std::istringstream words(text);
        std::string kind, word;
        words >> kind >> word;
        if (kind == "array") {
            std::string dims;
            words >> dims;
            operands[word] = {"", shape_of(dims), values_of(words, operand_number)};
        } else if (kind == "case") {
            line l{text.substr(0, 200), word, {}, {}, {}, {}, {}};
            const auto operand = [&](std::string const& value) {
                const std::size_t colon = value.find(':');
                array a = operands.at(value.substr(0, colon));
                a.type = value.substr(colon + 1);
                return a;
            };
            while (words >> word && word != "->") {
                const std::size_t equals = word.find('=');
                const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
                if (key == "x")
                    l.x = operand(value);
                else if (key == "h")
                    l.h = operand(value);
                else
                    l.options[key] = value;
            }
            words >> l.y.type >> word;
            if (l.y.type == "error")
                l.error = word;
            else {
                l.y.n = shape_of(word);
                l.y.values = values_of(words, result_number);
            }
            lines.push_back(l);
        }
    }
    return lines;
}

/// NumPy's name of an element type.
template <class T>
std::string type_name() {
    constexpr std::array names{"bool",    "int8",       "uint8",     "int16",      "uint16",
                               "int32",   "uint32",     "int64",     "uint64",     "float32",
                               "float64", "longdouble", "complex64", "complex128", "clongdouble"};
    return names[static_cast<std::size_t>(element_of<T>())];
}

template <class T>
T as(std::complex<long double> v) {
    if constexpr (is_complex<T>)
        return T(static_cast<real_t<T>>(v.real()), static_cast<real_t<T>>(v.imag()));
    else
        return static_cast<T>(v.real());
}

/// The array as a tensor; one of fewer axes gets leading axes of extent 1.
template <class T, std::size_t Rank>
tensor<T, Rank> as_tensor(array const& a) {
    shape n = index_list::repeated(static_cast<int>(Rank) - a.n.rank(), 1);
    for (index_t extent : a.n) n.push_back(extent);
    tensor<T, Rank> t(n);
    for (index_t i = 0; i < t.count(); ++i) t.data()[i] = as<T>(a.values[static_cast<std::size_t>(i)]);
    return t;
}

inline long double largest(array const& a) {
    long double m = 0;
    for (auto const& v : a.values) m = std::max(m, std::abs(v));
    return m;
}

inline long double sum_of_magnitudes(array const& a) {
    long double sum = 0;
    for (auto const& v : a.values) sum += std::abs(v);
    return sum;
}

/// How far two roundings of the same sum of K products may lie apart: both within gamma_(K+1) |x| * |h| of the exact
/// one, gamma_k = k u / (1 - k u); a complex product counts as 4 real roundings. `outside` is the boundary's constant.
template <class Y>
long double bound(line const& l, long double outside) {
    if constexpr (!is_floating<Y>) return 0;
    const long double u = static_cast<long double>(std::numeric_limits<real_t<Y>>::epsilon()) / 2;
    const long double k = static_cast<long double>(l.h.values.size() + 1) * (is_complex<Y> ? 4 : 1);
    return 2 * k * u / (1 - k * u) * std::max(largest(l.x), outside) * sum_of_magnitudes(l.h);
}

template <class Y, std::size_t Rank>
void require_equal(line const& l, tensor<Y, Rank> const& y, long double tolerance) {
    REQUIRE(y.shape() == l.y.n);
    for (index_t i = 0; i < y.count(); ++i) {
        const auto expected = l.y.values[static_cast<std::size_t>(i)];
        const Y got = y.data()[i];
        INFO("output " << i << " of " << y.count() << " is " << text(std::real(got)) << ", expected "
                       << text(expected.real()));
        if (tolerance == 0)
            REQUIRE(got == as<Y>(expected));
        else if constexpr (is_complex<Y>)
            REQUIRE(std::abs(std::complex<long double>(got.real(), got.imag()) - expected) <= tolerance);
        else
            REQUIRE(std::abs(static_cast<long double>(got) - expected.real()) <= tolerance);
    }
}

/// A dialect's answer as plain options, to which a method can be added.
inline convolve_options options_of(dialect const& d, sense s, shape const& x, shape const& h) {
    problem p;
    for (int a = 0; a < x.rank(); ++a) {
        axis k;
        k.n = x[a];
        k.taps = h[a];
        p.push_back(k);
    }
    d.place(p, s, "golden");
    convolve_options o{.overflow = p.store.overflow, .rounding = p.store.rounding};
    const std::array<low_high, 3> amounts{{{p[0].low, p[0].high}, {p[1].low, p[1].high}, {p[2].low, p[2].high}}};
    o.padding = p.rank == 1   ? faltung::padding{amounts[0]}
                : p.rank == 2 ? faltung::padding{amounts[0], amounts[1]}
                              : faltung::padding{amounts[0], amounts[1], amounts[2]};
    for (int a = 0; a < p.rank; ++a) {
        o.boundary.push_back(p[a].edge);
        o.stride.push_back(p[a].window_stride);
        o.dilation.push_back(p[a].dilation);
    }
    return o;
}

template <class X, class H, class Y, class Acc, std::size_t Rank>
void require_same_of_rank(line const& l, dialect const& d, sense s, long double tolerance) {
    auto const x = as_tensor<X, Rank>(l.x);
    auto h = as_tensor<H, Rank>(l.h);
    const auto call = [&](auto const& how) {
        return s == sense::convolution ? convolve<Y, Acc>(x, h, how) : correlate<Y, Acc>(x, h, how);
    };
    require_equal(l, call(d), tolerance);
    convolve_options o = options_of(d, s, x.shape(), h.shape());
    if (s == sense::correlation && !d.conjugates(s))
        for (H& tap : h) tap = conjugate(tap);  // plain options do
    for (method m : {method::direct, method::im2col}) {
        INFO("method " << name_of(m));
        o.method = m;
        require_equal(l, call(o), tolerance);
    }
}

/// The dialect's answer equals the line's, through the dialect and with each method forced.
template <class X, class H, class Y, class Acc>
void require_same(line const& l, dialect const& d, sense s, long double tolerance) {
    switch (l.x.n.rank()) {
        case 1:
            return require_same_of_rank<X, H, Y, Acc, 1>(l, d, s, tolerance);
        case 2:
            return require_same_of_rank<X, H, Y, Acc, 2>(l, d, s, tolerance);
        case 3:
            return require_same_of_rank<X, H, Y, Acc, 3>(l, d, s, tolerance);
    }
    FAIL("a case of another rank");
}

/// Element types of input, kernel and result, as the system has them.
template <class X, class H, class Y = X, class Acc = by_rule>
struct typed {
    static bool run(line const& l, dialect const& d, sense s, long double outside) {
        if (l.x.type != type_name<X>() || l.h.type != type_name<H>() || l.y.type != type_name<Y>()) return false;
        require_same<X, H, Y, Acc>(l, d, s, bound<Y>(l, outside));
        return true;
    }
};

/// Runs a line with the first of the types that fit it; false when none does.
template <class... Typed>
bool run(line const& l, dialect const& d, sense s, long double outside = 0) {
    INFO(l.text);
    return (Typed::run(l, d, s, outside) || ...);
}

/// The call as the library refuses it: `place` throws before any element type is known.
inline void require_refused(line const& l, dialect const& d, sense s) {
    INFO(l.text);
    REQUIRE_THROWS_AS(options_of(d, s, l.x.n, l.h.n), faltung::error);
}

}  // namespace faltung::golden
