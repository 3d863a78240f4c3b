// V8's platform: the only process-wide state of rt. Initialised once, by main or a test, before the first
// isolate; never torn down before the process ends (workers may still be unwinding).
#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"

namespace v8 {
class Platform;
}

namespace rt {

struct PlatformOptions {
  std::vector<std::string> v8_flags;  // "--max-old-space-size=512"
  // Non-zero makes Math.random and hash seeds repeatable (`--seed`).
  uint64_t seed = 0;
};

// Fails with a TypeError that names a flag V8 does not know.
Result<void> InitializePlatform(const PlatformOptions& options);

v8::Platform* GetPlatform();

}  // namespace rt
