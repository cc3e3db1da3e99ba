// tests/golden/golden.cpp -- the golden files' reader and the comparisons, compiled once
#include "golden.hpp"

#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

namespace faltung::golden {

namespace {

using complex_value = std::complex<long double>;

index_list separated(std::string const& text, char separator) {
    index_list values;
    std::istringstream words(text);
    for (std::string v; std::getline(words, v, separator);) values.push_back(std::stol(v));
    return values;
}

/// The rest of the words. `number` reads one: decimals of an operand are float64 before they get their type, those of a
/// result have the type of the result; integers of 64 bits need a long double either way.
template <class Number>
std::vector<complex_value> values_of(std::istringstream& words, Number number) {
    std::vector<complex_value> values;
    for (std::string w; words >> w;) {
        const std::size_t comma = w.find(',');
        values.emplace_back(number(w.substr(0, comma)),
                            comma == std::string::npos ? 0.0L : number(w.substr(comma + 1)));
    }
    return values;
}

long double operand_number(std::string const& w) {
    return w.find('.') == std::string::npos ? std::stold(w) : static_cast<long double>(std::stod(w));
}
long double result_number(std::string const& w) { return std::stold(w); }

/// Half the distance from 1 to the next number of a floating type; 0 for integers.
long double unit_roundoff(std::string const& type) {
    if (type == "float32" || type == "complex64") return std::numeric_limits<float>::epsilon() / 2;
    if (type == "float64" || type == "complex128") return std::numeric_limits<double>::epsilon() / 2;
    if (type == "longdouble" || type == "clongdouble") return std::numeric_limits<long double>::epsilon() / 2;
    return 0;
}

bool is_complex_type(std::string const& type) { return type[0] == 'c'; }

long double norm_2(array const& a) {
    long double sum = 0;
    for (complex_value const& v : a.values) sum += std::norm(v);
    return std::sqrt(sum);
}

}  // namespace

index_list line::list(std::string const& key, index_t missing) const {
    return has(key) ? separated(options.at(key), ',') : index_list{missing};
}

per_axis<index_t> listed(index_list const& values) {
    per_axis<index_t> list = values[0];
    if (values.rank() > 1)
        for (index_t v : values) list.push_back(v);
    return list;
}

std::vector<line> read(std::string const& name) {
    std::ifstream file(FALTUNG_TEST_DATA "/golden/" + name + ".txt");
    REQUIRE(file.is_open());
    std::map<std::string, array> operands;
    std::vector<line> lines;
    std::size_t announced = 0;
    for (std::string text; std::getline(file, text);) {
        std::istringstream words(text);
        std::string kind, word;
        words >> kind >> word;
        if (kind == "#" && text.find(" cases") != std::string::npos) {
            announced = std::stoul(text.substr(text.rfind(';') + 1));
        } else if (kind == "array") {
            std::string dims;
            words >> dims;
            operands[word] = {"", separated(dims, 'x'), values_of(words, operand_number)};
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
                l.y.n = separated(word, 'x');
                l.y.values = values_of(words, result_number);
            }
            lines.push_back(l);
        }
    }
    REQUIRE(announced > 0);
    REQUIRE(lines.size() == announced);
    return lines;
}

long double bound(line const& l, long double outside) {
    const long double u = unit_roundoff(l.y.type);
    const long double k = static_cast<long double>(l.h.values.size() + 1) * (is_complex_type(l.y.type) ? 4 : 1);
    long double largest = outside, sum = 0;
    for (complex_value const& v : l.x.values) largest = std::max(largest, std::abs(v));
    for (complex_value const& v : l.h.values) sum += std::abs(v);
    return 2 * k * u / (1 - k * u) * largest * sum;
}

long double fourier_bound(line const& l) {
    const auto samples = static_cast<long double>(4 * (l.x.values.size() + l.h.values.size()));
    return 3 * 5 * unit_roundoff(l.y.type) * std::log2(samples) * norm_2(l.x) * norm_2(l.h);
}

void require_equal(line const& l, array const& y, long double tolerance) {
    REQUIRE(y.type == l.y.type);
    REQUIRE(y.n == l.y.n);
    for (std::size_t i = 0; i < y.values.size(); ++i) {
        const complex_value got = y.values[i], expected = l.y.values[i];
        INFO("output " << i << " of " << y.values.size() << " is " << text(got.real()) << " + " << text(got.imag())
                       << "i, expected " << text(expected.real()) << " + " << text(expected.imag()) << "i");
        REQUIRE(std::abs(got - expected) <= tolerance);
    }
}

convolve_options options_of(dialect const& d, sense s, shape const& x, shape const& h) {
    problem p;
    for (int a = 0; a < x.rank(); ++a) {
        axis k;
        k.n = x[a];
        k.taps = h[a];
        p.push_back(k);
    }
    d.place(p, s, "golden");
    convolve_options o{.overflow = p.store.overflow, .rounding = p.store.rounding};
    per_axis<low_high> amounts;
    for (int a = 0; a < p.rank; ++a) {
        amounts.push_back({p[a].low, p[a].high});
        o.boundary.push_back(p[a].edge);
        o.stride.push_back(p[a].window_stride);
        o.dilation.push_back(p[a].dilation);
    }
    o.padding = faltung::padding(amounts);
    return o;
}

void require_same(line const& l, dialect const& d, sense s, long double tolerance) {
    INFO(l.text);
    require_equal(l, answer({l.x, l.h, l.y.type, s}, d), tolerance);
    convolve_options o = options_of(d, s, l.x.n, l.h.n);
    array h = l.h;
    if (s == sense::correlation && !d.conjugates(s))
        for (complex_value& tap : h.values) tap = std::conj(tap);  // plain options do
    for (method m : {method::direct, method::im2col}) {
        INFO("method " << name_of(m));
        o.method = m;
        require_equal(l, answer({l.x, h, l.y.type, s}, o), tolerance);
    }
}

void require_refused(line const& l, dialect const& d, sense s) {
    INFO(l.text);
    REQUIRE_THROWS_AS(options_of(d, s, l.x.n, l.h.n), faltung::error);
}

std::string types_of(line const& l) { return l.x.type == l.h.type ? l.x.type : l.x.type + "*" + l.h.type; }

std::string parity(shape const& h) {
    int odd = 0;
    for (index_t taps : h) odd += static_cast<int>(taps % 2);
    return odd == h.rank() ? "odd" : odd == 0 ? "even" : "mixed";
}

namespace {

std::string spelled(account::words const& combination) {
    std::string all;
    for (std::string const& word : combination) all += word + ' ';
    return all;
}

}  // namespace

void account::add(words const& combination) { compared_.insert(spelled(combination)); }

void account::require_every(std::vector<words> const& lists) const {
    shape lengths;
    for (words const& list : lists) lengths.push_back(static_cast<index_t>(list.size()));
    REQUIRE_FALSE(is_empty(lengths));
    for_each_index(lengths, [&](index_list const& i) {
        words combination;
        for (int a = 0; a < i.rank(); ++a)
            combination.push_back(lists[static_cast<std::size_t>(a)][static_cast<std::size_t>(i[a])]);
        INFO("not compared: " << spelled(combination));
        REQUIRE(compared_.count(spelled(combination)) == 1);
    });
}

account::words const integers{"int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"};
account::words const all_types =
    joined(integers, {"bool", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble"});

account::words joined(account::words all, account::words const& more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace faltung::golden
