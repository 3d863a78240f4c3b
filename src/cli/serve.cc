// rt serve: a module whose default export has a fetch function, as an HTTP server.
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"

namespace rt::cli {
namespace {

constexpr uint16_t kDefaultPort = 8000;

}  // namespace

int ServeCommand(const Invocation& invocation) {
  auto program = FileProgram(invocation.operand);
  if (!program.ok()) return PrintError(program.error().message, kExitError);
  const std::string port = std::to_string(invocation.port.value_or(kDefaultPort));
  // The host was checked to be plain characters.
  program->serve_options_json = "{\"port\":" + port + ",\"hostname\":\"" + invocation.host + "\"}";

  // Who types `rt serve` allows that one listener; a deny rule still wins.
  Invocation allowed = invocation;
  PermRules& net = allowed.permissions[Perm::kNet];
  if (!net.allow_all) {
    const bool is_ipv6 = invocation.host.find(':') != std::string::npos;
    net.allow_list.push_back("listen:" + (is_ipv6 ? "[" + invocation.host + "]" : invocation.host) +
                             ":" + port);
  }
  return RunProgram(allowed, std::move(*program));
}

}  // namespace rt::cli
