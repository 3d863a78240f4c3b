// rt help, and --help of every command.
#include "src/cli/args/parse.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/manual.h"
#include "src/cli/messages.h"

namespace rt::cli {

int HelpCommand(const Invocation& invocation) {
  if (invocation.tool.man) return PrintOutput(ManualPage());
  auto text = HelpText(invocation.operand);
  if (!text.ok()) return PrintError(text.error().message, kExitUsage);
  return PrintOutput(*text);
}

}  // namespace rt::cli
