# faltung_development: what the project's own programs are compiled with. It is never exported.
include_guard(GLOBAL)

option(FALTUNG_WERROR "Treat warnings as errors" OFF)
set(FALTUNG_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")

add_library(faltung_development INTERFACE)
target_link_libraries(faltung_development INTERFACE faltung)
target_compile_options(faltung_development INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow $<$<BOOL:${FALTUNG_WERROR}>:-Werror>)
if(FALTUNG_SANITIZE)
    set(sanitize -fsanitize=${FALTUNG_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_options(faltung_development INTERFACE ${sanitize})
    target_link_options(faltung_development INTERFACE ${sanitize})
endif()
