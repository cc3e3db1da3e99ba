// tests/golden/golden.hpp -- reads the golden files (format: golden_file.py), compares faltung with a line of them, and
// keeps account of what has been compared
#pragma once

#include <faltung/convolve/options.hpp>
#include <faltung/geometry/dialect.hpp>

#include <complex>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace faltung::golden {

struct array {
    std::string type;  // NumPy's name
    shape n;
    std::vector<std::complex<long double>> values;  // which hold integers of 64 bits, too
};

/// One `case` of a golden file. `error` is the exception's name, or empty where there is a result y.
struct line {
    std::string text, call, error;
    std::map<std::string, std::string> options;
    array x, h, y;

    bool has(std::string const& key) const { return options.count(key) > 0; }
    std::string const& operator[](std::string const& key) const { return options.at(key); }
    /// The option 1,2 as a list; an option that is missing counts as one value.
    index_list list(std::string const& key, index_t missing) const;
};

/// Every case of tests/golden/<name>.txt, as many as its second line says.
std::vector<line> read(std::string const& name);

/// One value for every axis, or a list.
per_axis<index_t> listed(index_list const& values);

// --- what faltung answers, for element types that are known only at run time: answers.hpp ----------------------------

/// convolve<Y>(x, h, how) or correlate<Y>(x, h, how), Y = the type named `y`.
struct question {
    array const& x;
    array const& h;
    std::string const& y;
    faltung::sense sense;
};
array answer(question const& q, dialect const& how);
array answer(question const& q, convolve_options const& how);

/// The adjoint of correlate(., h, how) from arrays of shape `inputs`, applied to l.x; all have one element type.
array adjoint_answer(line const& l, shape const& inputs, array const& h, dialect const& how);

// --- comparisons -----------------------------------------------------------------------------------------------------

/// How far two roundings of the same sum of K products may lie apart: both within gamma_(K+1) |x| * |h| of the exact
/// one, gamma_k = k u / (1 - k u); a complex product counts as 4 real roundings. `outside` is the boundary's constant.
/// 0 for integers.
long double bound(line const& l, long double outside = 0);

/// By transforms: one of N samples errs by about 5 u log2 N of the norm of its input, and three of them make one
/// answer; its share of one output is at most that of the whole.
long double fourier_bound(line const& l);

void require_equal(line const& l, array const& y, long double tolerance);

/// The dialect's answer equals the line's, through the dialect and with each method forced.
void require_same(line const& l, dialect const& d, sense s, long double tolerance);

/// A dialect's answer as plain options, to which a method can be added.
convolve_options options_of(dialect const& d, sense s, shape const& x, shape const& h);

/// The call as the library refuses it: `place` throws before any element type is known.
void require_refused(line const& l, dialect const& d, sense s);

// --- the account -----------------------------------------------------------------------------------------------------

/// "int8", or "int8*uint8" where the operands differ.
std::string types_of(line const& l);

/// "odd" or "even" where all axes of the kernel are, else "mixed".
std::string parity(shape const& h);

/// The combinations (call, mode, boundary, parity, element type: what a system has of them) that were compared.
class account {
    std::set<std::string> compared_;

public:
    using words = std::vector<std::string>;

    void add(words const& combination);
    /// Fails for the first combination of one word of each list that was not added.
    void require_every(std::vector<words> const& lists) const;
};

/// Element types by NumPy's names.
extern account::words const integers, all_types;

/// One list after the other.
account::words joined(account::words all, account::words const& more);

}  // namespace faltung::golden
