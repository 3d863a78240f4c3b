// The pinned V8 archive was compiled against glibc 2.38 and libstdc++ 13; Debian 12 has older ones.
// These seven symbols are all it misses. Weak, so that a newer C library's own win.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#define RT_WEAK __attribute__((weak))

// C23 variants differ from these only in accepting 0b prefixes, which V8 never parses with them.
extern "C" {
RT_WEAK long __isoc23_strtol(const char* text, char** end, int base) {
  return strtol(text, end, base);
}
RT_WEAK long long __isoc23_strtoll(const char* text, char** end, int base) {
  return strtoll(text, end, base);
}
RT_WEAK unsigned long __isoc23_strtoul(const char* text, char** end, int base) {
  return strtoul(text, end, base);
}
RT_WEAK unsigned long long __isoc23_strtoull(const char* text, char** end, int base) {
  return strtoull(text, end, base);
}
RT_WEAK int __isoc23_sscanf(const char* text, const char* format, ...) {
  va_list args;
  va_start(args, format);
  const int count = vsscanf(text, format, args);
  va_end(args);
  return count;
}
RT_WEAK int __isoc23_fscanf(FILE* file, const char* format, ...) {
  va_list args;
  va_start(args, format);
  const int count = vfscanf(file, format, args);
  va_end(args);
  return count;
}

// std::string::_M_replace_cold: replaces the `old_size` bytes at `at` by `size` bytes of `source`,
// which may lie in the same string; `tail` bytes follow. libstdc++ 13 calls it out of line.
RT_WEAK void
rt_string_replace_cold(std::string*, char* at, size_t old_size, const char* source, size_t size, size_t tail) __asm__(
    "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE15_M_replace_coldEPcmPKcmm");
RT_WEAK void rt_string_replace_cold(std::string*, char* at, size_t old_size, const char* source,
                                    size_t size, size_t tail) {
  const std::string copy(source, size);
  if (tail != 0 && old_size != size) memmove(at + size, at + old_size, tail);
  if (size != 0) memcpy(at, copy.data(), size);
}
}
