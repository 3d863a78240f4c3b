// rt types: the type declarations of what rt has on its global object.
#include "src/cli/check/declarations.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"

namespace rt::cli {

int TypesCommand() {
  auto own = OwnDeclarations();
  if (!own.ok()) return PrintError(own.error().message, kExitError);
  return PrintOutput(JoinOwn(*own));
}

}  // namespace rt::cli
