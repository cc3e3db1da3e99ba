// tests/support/given.hpp -- whether an _into form writes what the other form returns, and refuses what it should
#pragma once

#include <string>

#include <faltung/view/slice.hpp>

#include "support/catch.hpp"
#include "support/tensors.hpp"

namespace faltung::testing {

/// into(y) has the bits of `expected` in a view with gaps, and leaves the gaps alone; of an output that is one sample
/// too long it says so by the filter's name, and leaves it alone.
template <class T, std::size_t Rank, class Into>
void require_given(char const* name, tensor<T, Rank> const& expected, Into into) {
    constexpr int last = static_cast<int>(Rank) - 1;
    const shape n = expected.shape();
    shape wide = n;
    wide[last] = 2 * n[last] + 1;
    tensor<T, Rank> memory(wide);
    std::fill(memory.begin(), memory.end(), T{77});
    INFO(name);
    into(slice_axis(memory.view(), last, range{1, wide[last], 2}));
    std::string wrong;
    for_each_index(wide, [&](index_list const& i) {
        index_list at = i;
        at[last] = i[last] / 2;
        const T wanted = i[last] % 2 == 0 ? T{77} : expected(at);
        if (wrong.empty() && !is_same_value(memory(i), wanted))
            wrong = text("at ", i, ": ", printed(memory(i)), " and ", printed(wanted));
    });
    CHECK(wrong == "");

    shape longer = n;
    ++longer[last];
    tensor<T, Rank> other(longer);
    CHECK(message_of<shape_error>([&] { into(other.view()); }) ==
          text(name, ": an output of shape ", longer, " where the result has ", n));
    for (T v : other) CHECK(v == T{});
}

}  // namespace faltung::testing
