# The headers, the CMake package with its components, and the pkg-config file. All of it is text, so all of it goes
# to the architecture-independent folder.
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_DATADIR}/cmake/faltung")

# One export per component: a program that asks for one must not need what the others need.
install(TARGETS faltung EXPORT faltung-targets FILE_SET HEADERS FILE_SET foreign)
install(TARGETS faltung_eigen EXPORT faltung-eigen-targets)
install(TARGETS faltung_fftw EXPORT faltung-fftw-targets)
install(TARGETS faltung_bench EXPORT faltung-bench-targets)
foreach(component "" -eigen -fftw -bench)
    install(EXPORT faltung${component}-targets NAMESPACE faltung:: DESTINATION "${package_folder}")
endforeach()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/faltungConfig.cmake.in" faltungConfig.cmake
    INSTALL_DESTINATION "${package_folder}")
# Before 1.0 the middle number is the one that breaks programs.
write_basic_package_version_file(faltungConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/faltungConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/faltungConfigVersion.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindFFTW.cmake" DESTINATION "${package_folder}")

set(pkgconfig_folder "${CMAKE_INSTALL_DATADIR}/pkgconfig")
file(RELATIVE_PATH up_to_prefix "${CMAKE_INSTALL_PREFIX}/${pkgconfig_folder}" "${CMAKE_INSTALL_PREFIX}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/faltung.pc.in" faltung.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/faltung.pc" DESTINATION "${pkgconfig_folder}")

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
