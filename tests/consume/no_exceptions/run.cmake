# cmake -Dfolder=... -P run.cmake: both programs meet an empty kernel.
function(require_run program result_pattern text_pattern)
    execute_process(COMMAND "${folder}/${program}" RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(NOT result MATCHES "${result_pattern}" OR NOT said MATCHES "${text_pattern}")
        message(FATAL_ERROR "${program} ended with '${result}' and said '${said}'")
    endif()
endfunction()

require_run(aborts "[Aa]bort" "^faltung: convolve: .*kernel")
require_run(leaves "^42$" "^left with: convolve: .*kernel")
