# cmake -Dfolder=... -P run.cmake: the program runs, and no function that the plain file has, whichever file it is taken
# from, uses a register that is wider than every x86-64 has, but for the versions that are chosen at run time.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND "${folder}/consumer" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "the program ended with '${result}'")
endif()
file(STRINGS "${folder}/objects.txt" objects)
list(GET objects 0 wide)
list(GET objects 1 plain)
execute_process(COMMAND nm --defined-only --format=just-symbols "${plain}" OUTPUT_FILE "${folder}/of_plain.txt"
    COMMAND_ERROR_IS_FATAL ANY)
foreach(object IN ITEMS "${plain}" "${wide}")
    execute_process(
        COMMAND objdump -d --no-show-raw-insn "${object}"
        COMMAND awk "/^[0-9a-f]+ <.*>:$/ { name = substr($2, 2, length($2) - 3) } /%[yz]mm/ { print name }"
        COMMAND sort -u
        OUTPUT_VARIABLE names)
    string(REPLACE "\n" ";" names "${names}")
    file(STRINGS "${folder}/of_plain.txt" of_plain)
    foreach(name IN LISTS names)
        if(name AND name IN_LIST of_plain AND NOT name MATCHES "(4avx2|6avx512)E")
            message(SEND_ERROR "${name} has wide instructions")
        endif()
    endforeach()
endforeach()
