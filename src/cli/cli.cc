// From the parsed command line to its command.
#include "src/cli/cli.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "src/base/cache_names.h"
#include "src/cli/args/parse.h"
#include "src/cli/cache_folder.h"
#include "src/cli/commands.h"
#include "src/cli/compile/payload.h"
#include "src/cli/compiled.h"
#include "src/cli/crash/crash_report.h"
#include "src/cli/messages.h"
#include "src/cli/standard_streams.h"
#include "src/permissions/activated_sockets.h"

namespace rt::cli {

int Main(int argc, char** argv) {
  OpenStandardStreams();
  TakeActivatedSockets();
  // A caller of execve may leave even the program's name out.
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const std::string cache = CacheFolder();
  InstallCrashReports(cache::PathOf(cache, cache::kCrashes),
                      IsCompiled() ? CommandLine::kScript : CommandLine::kRt, arguments);
  if (IsCompiled()) return RunCompiled(arguments);
  if (arguments.empty() && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
    Invocation repl;
    repl.command = Command::kRepl;
    repl.shorthand = true;
    return ReplCommand(repl);
  }
  auto invocation = ParseArguments(arguments);
  if (!invocation.ok()) return PrintError(invocation.error().message, kExitUsage);
  switch (invocation->command) {
    case Command::kRun:
      return RunCommand(*invocation);
    case Command::kEval:
      return EvalCommand(*invocation);
    case Command::kServe:
      return ServeCommand(*invocation);
    case Command::kRecord:
      return RecordCommand(*invocation);
    case Command::kTest:
      return TestCommand(*invocation);
    case Command::kBench:
      return BenchCommand(*invocation);
    case Command::kCoverage:
      return CoverageCommand(*invocation);
    case Command::kTask:
      return TaskCommand(*invocation);
    case Command::kInfo:
      return InfoCommand(*invocation);
    case Command::kCache:
      return CacheCommand(*invocation);
    case Command::kClean:
      return CleanCommand(*invocation);
    case Command::kInit:
      return InitCommand(*invocation);
    case Command::kCompletions:
      return CompletionsCommand(*invocation);
    case Command::kRepl:
      return ReplCommand(*invocation);
    case Command::kCompile:
      return CompileCommand(*invocation);
    case Command::kCheck:
      return CheckCommand(*invocation);
    case Command::kTypes:
      return TypesCommand();
    case Command::kOps:
      return OpsCommand(*invocation);
    case Command::kTrace:
      return TraceCommand(*invocation);
    case Command::kWhy:
      return WhyCommand(*invocation);
    case Command::kVersion:
      return VersionCommand();
    case Command::kHelp:
      return HelpCommand(*invocation);
  }
  return kExitUsage;
}

}  // namespace rt::cli
