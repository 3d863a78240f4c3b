#include "src/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace rt {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "\nrt: internal check failed: %s (%s:%d)\nThis is a bug in rt.\n",
               expression, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace rt
