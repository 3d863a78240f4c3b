// rt ops: the op table.
#include "src/op/op_table.h"

#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/runtime/extensions.h"

namespace rt::cli {

int OpsCommand(const Invocation& invocation) {
  switch (invocation.ops_format) {
    case OpsFormat::kTable:
      return PrintOutput(OpsAsText(AllExtensions()));
    case OpsFormat::kJson:
      return PrintOutput(OpsAsJson(AllExtensions()));
    case OpsFormat::kMarkdown:
      return PrintOutput(OpsAsMarkdown(AllExtensions()));
  }
  return kExitUsage;
}

}  // namespace rt::cli
