# Precompiled headers. Parsing the standard library, V8 and GoogleTest was half of a full build, so each
# kind of target shares one precompiled header: with V8 or without, of ours or of a unit test. Only headers
# that never change belong here; ours would rebuild everything when one of them is touched (those that do so anyway:
# src/CMakeLists.txt, and for tests below).
set(rt_std_headers <algorithm> <array> <atomic> <chrono> <condition_variable> <coroutine> <cstdint> <cstring>
    <deque> <functional> <map> <memory> <mutex> <optional> <random> <set> <span> <sstream> <string>
    <string_view> <thread> <tuple> <unordered_map> <unordered_set> <utility> <variant> <vector> <uv.h>)

# rt_pch(name DEPS targets OPTIONS options HEADERS headers): the target that owns one.
function(rt_pch name)
  cmake_parse_arguments(ARG "" "" "DEPS;OPTIONS;HEADERS" ${ARGN})
  set(owner ${PROJECT_BINARY_DIR}/${name}.cc)
  if(NOT EXISTS ${owner})
    file(WRITE ${owner} "// Only here to own the precompiled header.\n")
  endif()
  add_library(${name} STATIC ${owner})
  target_link_libraries(${name} PUBLIC rt_options rt::uv ${ARG_DEPS})
  target_compile_options(${name} PRIVATE ${ARG_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS} ${rt_std_headers})
endfunction()

rt_pch(rt_pch OPTIONS -fno-exceptions)
set(RT_V8_PCH rt_v8_pch)  # what rt_library(… V8) takes
rt_pch(rt_v8_pch DEPS rt::v8 OPTIONS -fno-exceptions HEADERS ${RT_V8_HEADERS})
if(RT_BUILD_TESTS)
  find_package(GTest REQUIRED)
  rt_pch(rt_test_pch DEPS GTest::gtest OPTIONS ${RT_TEST_OPTIONS} HEADERS <gtest/gtest.h>)
  rt_pch(rt_v8_test_pch DEPS rt_op rt::v8 GTest::gtest OPTIONS -fno-exceptions ${RT_TEST_OPTIONS}
         HEADERS ${RT_V8_HEADERS} <gtest/gtest.h> ${PROJECT_SOURCE_DIR}/src/op/op.h)
endif()
