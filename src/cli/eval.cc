// rt eval: code given as an argument.
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"

namespace rt::cli {

int EvalCommand(const Invocation& invocation) {
  std::string code = invocation.operand;
  if (invocation.print) {
    // As Deno does it: only an expression can be printed. The line end keeps a comment at the
    // code's end from swallowing the parenthesis, and the code keeps its line numbers.
    code = "console.log(" + code + "\n)";
  }
  auto program = TextProgram("$rt$eval", invocation, std::move(code));
  if (!program.ok()) return PrintError(program.error().message, kExitError);
  return RunProgram(invocation, std::move(*program));
}

}  // namespace rt::cli
