// tests/support/catch.hpp -- Catch2, version 2 or 3, behind one include
#pragma once

// Only version 3 has a header of this name; version 2 is one header and needs CATCH_CONFIG_MAIN in one file.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>

namespace faltung::testing {

/// The text of the `Error` that `call` throws; "nothing was thrown" if it throws nothing. Any other exception passes
/// through and fails the test case. It replaces Catch's string matchers, whose names differ between the versions.
template <class Error, class Call>
std::string message_of(Call&& call) {
    try {
        call();
    } catch (Error const& e) {
        return e.what();
    }
    return "nothing was thrown";
}

}  // namespace faltung::testing
