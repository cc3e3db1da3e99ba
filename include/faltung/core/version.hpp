// faltung/core/version.hpp -- the version, in this one place (CMake reads it from here)
#pragma once

#define FALTUNG_VERSION_MAJOR 0
#define FALTUNG_VERSION_MINOR 1
#define FALTUNG_VERSION_PATCH 0
