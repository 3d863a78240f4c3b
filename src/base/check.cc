#include "src/base/check.h"

#include <cstdio>
#include <cstdlib>

#include "src/base/crash.h"

namespace rt {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "\nrt: internal check failed: %s (%s:%d)\nThis is a bug in rt.\n",
               expression, file, line);
  std::fflush(stderr);
  char reason[512];
  std::snprintf(reason, sizeof reason, "internal check failed: %s (%s:%d)", expression, file, line);
  ReportCrash(reason);
  std::abort();
}

}  // namespace rt
