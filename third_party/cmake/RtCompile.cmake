# Compiler and linker settings for our own code, and rt_library(), which every folder of src/ uses.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)  # a fixed-address executable starts fastest
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1")

find_program(RT_CCACHE ccache)
if(RT_CCACHE)  # by the list of headers: preprocessing each file first would cost a first build a fifth
  set(rt_launcher ${CMAKE_COMMAND} -E env
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime" CCACHE_DEPEND=1 ${RT_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${rt_launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${rt_launcher})
endif()

add_library(rt_options INTERFACE)
target_include_directories(rt_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
# Without three warnings that GCC 12 gives for std::string itself (its bugs 105329, 105651).
target_compile_options(rt_options INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
  -fno-omit-frame-pointer -ffunction-sections -fdata-sections -fpch-preprocess
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti -Wnon-virtual-dtor -Wsuggest-override>)
target_compile_definitions(rt_options INTERFACE RT_VERSION="${PROJECT_VERSION}")
if(RT_ASAN)
  target_compile_options(rt_options INTERFACE -fsanitize=address)
  target_link_options(rt_options INTERFACE -fsanitize=address)
endif()
if(RT_UBSAN)
  target_compile_options(rt_options INTERFACE -fsanitize=undefined -fno-sanitize=vptr
                         -fno-sanitize-recover=all -Wno-maybe-uninitialized)
  target_link_options(rt_options INTERFACE -fsanitize=undefined)
endif()
if(RT_TSAN)  # our code only: V8 is as it comes (tests/tsan.supp)
  # GCC 12 sees uninitialised values in what it instruments.
  target_compile_options(rt_options INTERFACE -fsanitize=thread -Wno-maybe-uninitialized)
  target_link_options(rt_options INTERFACE -fsanitize=thread)
endif()
target_link_options(rt_options INTERFACE -fuse-ld=mold -no-pie -Wl,--gc-sections)
if(NOT RT_ASAN AND NOT RT_UBSAN AND NOT RT_TSAN)
  target_link_options(rt_options INTERFACE -static-libstdc++ -static-libgcc)
endif()

# Unit tests spend their build in the compiler, not their run in the tests.
set(RT_TEST_OPTIONS $<$<CONFIG:Release>:-O0>)

# rt_library(name [V8] [EXCEPTIONS] DEPS a b c): a static library of every .cc in the current folder (and
# the folders below it that have no CMakeLists of their own).
# V8 is for what includes its headers; EXCEPTIONS for what includes a library that throws.
function(rt_library name)
  cmake_parse_arguments(ARG "V8;EXCEPTIONS" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(NOT sources)  # headers only
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE rt_options ${ARG_DEPS})
    return()
  endif()
  if(NOT RT_TRACING)  # only where ops are made from functions: the rest comes out of ccache
    foreach(source IN LISTS sources)
      file(STRINGS ${source} rows REGEX "RT_OP\\(" LIMIT_COUNT 1)
      if(rows)
        set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS RT_NO_TRACING=1)
        set_property(SOURCE ${source} PROPERTY SKIP_PRECOMPILE_HEADERS ON)  # made without the definition
        # Without the calls in between, GCC 12 takes moved-from parts of Result for uninitialized.
        set_property(SOURCE ${source} APPEND PROPERTY COMPILE_OPTIONS -Wno-maybe-uninitialized)
      endif()
    endforeach()
  endif()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC rt_options ${ARG_DEPS})
  set(pch rt_pch)
  if(ARG_V8)
    set(pch ${RT_V8_PCH})
    target_link_libraries(${name} PUBLIC rt::v8)
  endif()
  if(NOT ARG_EXCEPTIONS)
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
    target_precompile_headers(${name} REUSE_FROM ${pch})
  endif()
endfunction()

# rt_unit_test(name [V8] [APART] DEPS a b c): one GoogleTest executable, unit_<name>, of every *_test.cc in the
# current folder. tools/test runs all build/<preset>/tests/unit_*. With V8, tests/unit/v8_main.cc is its main.
# APART: its files give different things the same names, so each is compiled by itself.
function(rt_unit_test name)
  cmake_parse_arguments(ARG "V8;APART" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc)
  add_executable(unit_${name} ${sources})
  target_link_libraries(unit_${name} PRIVATE rt_options ${ARG_DEPS} GTest::gtest)
  target_compile_options(unit_${name} PRIVATE ${RT_TEST_OPTIONS})
  if(ARG_V8)
    target_sources(unit_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit/v8_main.cc)
    target_compile_options(unit_${name} PRIVATE -fno-exceptions)
    target_precompile_headers(unit_${name} REUSE_FROM rt_v8_test_pch)
  else()
    target_link_libraries(unit_${name} PRIVATE GTest::gtest_main)
    target_precompile_headers(unit_${name} REUSE_FROM rt_test_pch)
  endif()
  set_target_properties(unit_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(NOT ARG_APART)  # four files at once take half as long as one after the other
    set_target_properties(unit_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
  endif()
endfunction()

# rt_npm_versions(file package…): RT_<PACKAGE>_VERSION in a file of the current folder, for npm packages that became
# part of the executable.
function(rt_npm_versions file)
  foreach(package ${ARGN})
    file(READ ${PROJECT_SOURCE_DIR}/third_party/npm/node_modules/${package}/package.json manifest)
    string(JSON version GET "${manifest}" version)
    string(TOUPPER RT_${package}_VERSION macro)
    string(REPLACE "-" "_" macro ${macro})
    set_property(SOURCE ${file} APPEND PROPERTY COMPILE_DEFINITIONS ${macro}="${version}")
  endforeach()
endfunction()
