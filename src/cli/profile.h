// --cpu-prof, --heap-prof, --heapsnapshot-signal: profiles of the main program, written as files
// that Chrome's DevTools open, with Node's names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"
#include "src/runtime/runtime.h"

namespace rt::cli {

class Profile {
 public:
  // On the runtime's thread, before the program; null: nothing was asked for.
  static Result<std::unique_ptr<Profile>> Start(const Invocation& invocation, Runtime& runtime);
  // When the program has ended: writes the files. What fails is said on standard error.
  void Finish();

 private:
  Profile(const Invocation& invocation, Runtime& runtime)
      : invocation_(invocation), runtime_(runtime) {}

  const Invocation& invocation_;
  Runtime& runtime_;
};

// Where the files go, which the kernel's wall must let through.
std::vector<std::string> ProfileFolders(const Invocation& invocation);

// A heap snapshot into the current folder each time the signal comes. Once a process.
Result<void> WriteSnapshotsOnSignal(const std::string& signal_name,
                                    std::shared_ptr<LiveRuntimes> live);

}  // namespace rt::cli
