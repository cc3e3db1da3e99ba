# cmake -Dprogram=... -Dreport=... -P run.cmake: run one named case and read its time out of the JSON report.
execute_process(COMMAND "${program}" --benchmark_list_tests OUTPUT_VARIABLE cases COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "^[^\n]+" case "${cases}")
file(REMOVE "${report}")
execute_process(
    COMMAND "${program}" "--benchmark_filter=^${case}$" --benchmark_min_time=0.01 --benchmark_out_format=json
        "--benchmark_out=${report}"
    COMMAND_ERROR_IS_FATAL ANY)
file(READ "${report}" json)
string(JSON name GET "${json}" benchmarks 0 name)
string(JSON time GET "${json}" benchmarks 0 real_time)
if(NOT name STREQUAL case OR NOT time GREATER 0)
    message(FATAL_ERROR "the report names '${name}' with a time of '${time}'; '${case}' was asked for")
endif()
