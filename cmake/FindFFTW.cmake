# FindFFTW -- FFTW 3 in each of its precisions. Debian has no CMake package for it; where pkg-config knows it, that is
# asked first.
#
# Components: single, double, long_double. Without a list, one of them is enough. Targets: FFTW::<component> for each
# one that was found, and FFTW::FFTW for all of these. Variables: FFTW_FOUND, FFTW_VERSION, FFTW_INCLUDE_DIR,
# FFTW_<component>_FOUND.
include(FindPackageHandleStandardArgs)

set(_fftw_components single double long_double)
set(_fftw_single fftw3f)
set(_fftw_double fftw3)
set(_fftw_long_double fftw3l)

find_package(PkgConfig QUIET)
foreach(_fftw_component IN LISTS _fftw_components)
    set(_fftw_name ${_fftw_${_fftw_component}})
    if(PkgConfig_FOUND)
        pkg_check_modules(PC_${_fftw_name} QUIET ${_fftw_name})
        if(PC_${_fftw_name}_VERSION)
            set(FFTW_VERSION "${PC_${_fftw_name}_VERSION}")
        endif()
    endif()
    find_path(FFTW_INCLUDE_DIR fftw3.h HINTS ${PC_${_fftw_name}_INCLUDE_DIRS})
    find_library(FFTW_${_fftw_component}_LIBRARY ${_fftw_name} HINTS ${PC_${_fftw_name}_LIBRARY_DIRS})
    mark_as_advanced(FFTW_${_fftw_component}_LIBRARY)
    if(FFTW_INCLUDE_DIR AND FFTW_${_fftw_component}_LIBRARY)
        set(FFTW_${_fftw_component}_FOUND TRUE)
        set(_fftw_any "${FFTW_${_fftw_component}_LIBRARY}")
    endif()
endforeach()
mark_as_advanced(FFTW_INCLUDE_DIR)

find_package_handle_standard_args(FFTW REQUIRED_VARS _fftw_any FFTW_INCLUDE_DIR VERSION_VAR FFTW_VERSION
    HANDLE_COMPONENTS)

if(FFTW_FOUND AND NOT TARGET FFTW::FFTW)
    add_library(FFTW::FFTW INTERFACE IMPORTED)
    foreach(_fftw_component IN LISTS _fftw_components)
        if(FFTW_${_fftw_component}_FOUND)
            add_library(FFTW::${_fftw_component} UNKNOWN IMPORTED)
            set_target_properties(FFTW::${_fftw_component} PROPERTIES
                IMPORTED_LOCATION "${FFTW_${_fftw_component}_LIBRARY}"
                INTERFACE_INCLUDE_DIRECTORIES "${FFTW_INCLUDE_DIR}")
            set_property(TARGET FFTW::FFTW APPEND PROPERTY INTERFACE_LINK_LIBRARIES FFTW::${_fftw_component})
        endif()
    endforeach()
endif()
