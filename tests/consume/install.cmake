# cmake -Dbuild=... -Dprefix=... -P install.cmake: install into an empty prefix, so that nothing old is found there.
file(REMOVE_RECURSE "${prefix}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${build}" --prefix "${prefix}" COMMAND_ERROR_IS_FATAL ANY)
