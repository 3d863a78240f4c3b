# rt::v8: V8's headers and its static archive, from V8_ROOT (tools/setup puts the pinned gem's vendor/v8
# there). Any folder laid out like it is accepted: include/v8.h and <platform>/libv8/obj/libv8_monolith.a.
if(NOT V8_ROOT)
  if(DEFINED ENV{V8_ROOT} AND NOT "$ENV{V8_ROOT}" STREQUAL "")
    set(V8_ROOT $ENV{V8_ROOT})
  else()
    set(V8_ROOT ${PROJECT_SOURCE_DIR}/third_party/deps/v8)
  endif()
endif()
set(V8_ROOT ${V8_ROOT} CACHE PATH "Folder with V8's include/ and its static archive")
file(GLOB RT_V8_ARCHIVE ${V8_ROOT}/*/libv8/obj/libv8_monolith.a)
if(NOT EXISTS ${V8_ROOT}/include/v8.h OR NOT RT_V8_ARCHIVE)
  message(FATAL_ERROR "no V8 in ${V8_ROOT}: run tools/setup, or set V8_ROOT")
endif()
list(GET RT_V8_ARCHIVE 0 RT_V8_ARCHIVE)

# The version that ends the names of ICU's functions in the archive; see src/base/icu.h.
set(RT_ICU_SUFFIX _77)

add_library(rt_v8 STATIC IMPORTED)
set_target_properties(rt_v8 PROPERTIES IMPORTED_LOCATION ${RT_V8_ARCHIVE})
target_include_directories(rt_v8 SYSTEM INTERFACE ${V8_ROOT}/include)
find_package(Threads REQUIRED)
target_link_libraries(rt_v8 INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
add_library(rt::v8 ALIAS rt_v8)

# Symbols the archive expects of a newer C library; see third_party/glue.
add_library(rt_glibc_compat STATIC ${PROJECT_SOURCE_DIR}/third_party/glue/glibc_compat.cc)
target_compile_options(rt_glibc_compat PRIVATE -fno-rtti)
target_link_libraries(rt_v8 INTERFACE rt_glibc_compat)

# What every V8 target's precompiled header has besides the standard library's (RtPch.cmake).
set(RT_V8_HEADERS <v8.h> <v8-fast-api-calls.h> <v8-cppgc.h> <cppgc/garbage-collected.h>)
