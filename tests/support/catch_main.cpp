// tests/support/catch_main.cpp -- Catch's main(): version 2 needs this macro in one file, version 3 brings its own
#define CATCH_CONFIG_MAIN
#include "catch.hpp"
