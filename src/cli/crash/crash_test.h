// --crash-test=KIND: breaks this process on purpose, so that tests can read what it leaves behind.
// The flag is shown nowhere, and no script can reach it.
#pragma once

#include <memory>
#include <string>

#include "src/base/result.h"
#include "src/runtime/live_runtimes.h"

namespace rt::cli {

// On the thread of a runtime that computes and calls no operations meanwhile. KIND: segv, abort,
// check, v8, stack. TypeError for any other.
Result<void> StartCrashTest(const std::string& kind, std::shared_ptr<LiveRuntimes> live);

}  // namespace rt::cli
