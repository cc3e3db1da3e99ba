// tests/golden/answers.cpp -- finds the combination of element types that a question names
#include "answers.hpp"

namespace faltung::golden {

namespace {

std::string key(std::string const& x, std::string const& h, std::string const& y) { return x + " * " + h + " -> " + y; }

std::map<std::string, answerer> const& all() {
    static const std::map<std::string, answerer> table = [] {
        std::map<std::string, answerer> by_types;
        for (auto const& group : {with_int64_sums(), with_int64_sums_as_double(), with_float_sums(), with_double_sums(),
                                  with_complex_sums(), with_wide_sums()})
            for (answerer const& a : group) by_types.emplace(key(a.x, a.h, a.y), a);
        return by_types;
    }();
    return table;
}

answerer const& find(std::string const& x, std::string const& h, std::string const& y) {
    const auto found = all().find(key(x, h, y));
    if (found == all().end()) FAIL("no answers_*.cpp compiles " << key(x, h, y));
    return found->second;
}

}  // namespace

array answer(question const& q, dialect const& how) { return find(q.x.type, q.h.type, q.y).answer(q, how); }
array answer(question const& q, convolve_options const& how) { return find(q.x.type, q.h.type, q.y).answer(q, how); }

array adjoint_answer(line const& l, shape const& inputs, array const& h, dialect const& how) {
    answerer const& found = find(l.x.type, h.type, l.y.type);
    if (!found.adjoint) FAIL("no answers_*.cpp compiles the adjoint of " << l.y.type);
    return found.adjoint(l, inputs, h, how);
}

}  // namespace faltung::golden
