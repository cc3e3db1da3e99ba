# cmake -Dfolder=... -P run.cmake: both programs find one lock in the two shared objects.
foreach(name IN ITEMS linked opens)
    execute_process(COMMAND "${folder}/${name}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
