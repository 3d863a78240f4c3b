// main() of the unit tests that use V8: the platform can be initialised once in a process, so it is
// done here and never in a test. Linked before libv8_monolith.a, which has a stray main of its own.
#include <gtest/gtest.h>

#include <cstdio>

#include "src/engine/platform.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const auto initialized =
      rt::InitializePlatform({.v8_flags = {"--allow-natives-syntax", "--expose-gc"}});
  if (!initialized.ok()) {
    std::fprintf(stderr, "%s\n", initialized.error().message.c_str());
    return 1;
  }
  return RUN_ALL_TESTS();
}
