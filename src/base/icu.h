// Names of ICU's C functions in the V8 archive. They end in ICU's version (ucnv_open_77), which
// CMake tells (RT_ICU_SUFFIX, third_party/cmake/RtV8.cmake). The archive has no headers: whoever
// calls ICU declares what it calls.
#pragma once

#define RT_ICU_JOIN_(name, suffix) name##suffix
#define RT_ICU_JOIN(name, suffix) RT_ICU_JOIN_(name, suffix)
#define RT_ICU(name) RT_ICU_JOIN(name, RT_ICU_SUFFIX)
