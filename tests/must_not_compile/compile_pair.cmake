# cmake -Dcompiler=... -Dincludes=... [-Dheaders=...] -Dsource=NAME.cpp -P compile_pair.cmake: compile both programs of a
# pair, after the headers that are precompiled beside `headers`.

file(STRINGS "${source}" expected REGEX "^// expect: .+")
list(LENGTH expected lines)
if(NOT lines EQUAL 1)
    message(FATAL_ERROR "${source}: ${lines} lines '// expect: <regex>', exactly 1 is needed")
endif()
string(REPLACE "// expect: " "" expected "${expected}")

list(TRANSFORM includes PREPEND "-I")
set(compile "${compiler}" -std=c++20 -fsyntax-only ${includes})
if(headers)
    list(APPEND compile -include "${headers}")
endif()
execute_process(COMMAND ${compile} -DSHOULD_COMPILE "${source}"
    RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${source}: the twin that should compile was refused:\n${said}")
endif()

execute_process(COMMAND ${compile} "${source}" RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(result EQUAL 0)
    message(FATAL_ERROR "${source}: it compiled; the compiler should have refused it")
endif()
if(NOT said MATCHES "${expected}")
    message(FATAL_ERROR "${source}: refused, but no line matches '${expected}':\n${said}")
endif()
