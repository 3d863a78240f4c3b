// The kernel's wall around a program: what rt itself needs behind it, and what is said when it
// cannot be had. Before V8 has started any thread.
#pragma once

#include <string>
#include <vector>

#include "src/cli/args/invocation.h"
#include "src/permissions/permissions.h"
#include "src/runtime/runtime.h"

namespace rt::cli {

struct WalledProgram {
  std::string url;
  const std::string* text = nullptr;  // instead of the file
  bool may_prompt = false;
  std::vector<std::string> read_folders{};   // besides where the program lies
  std::vector<std::string> write_folders{};  // made if they are not there
  std::string lock_file{};
};

// On unless --no-os-sandbox, where the permissions leave it something to refuse. What cannot be had
// is said, not fatal: rt's own checks hold without it.
void RaiseWall(const Invocation& invocation, const RuntimeOptions& options,
               const WalledProgram& program);

}  // namespace rt::cli
