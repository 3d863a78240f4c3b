// The commands, one file each. They print what they have to say and return the exit code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/cli/args/invocation.h"

namespace rt::cli {

int RunCommand(const Invocation& invocation);
int EvalCommand(const Invocation& invocation);
int ServeCommand(const Invocation& invocation);
int RecordCommand(const Invocation& invocation);
int TestCommand(const Invocation& invocation);
int BenchCommand(const Invocation& invocation);
int CoverageCommand(const Invocation& invocation);
int TaskCommand(const Invocation& invocation);
int InfoCommand(const Invocation& invocation);
int CacheCommand(const Invocation& invocation);
int CleanCommand(const Invocation& invocation);
int InitCommand(const Invocation& invocation);
int ReplCommand(const Invocation& invocation);
int CompileCommand(const Invocation& invocation);
int CheckCommand(const Invocation& invocation);
// The same for what is about to run (--check), in a process of its own. Before the platform starts.
// `kind`: of the files that folders mean, as in src/cli/testing/discover.h.
int CheckFirst(const Invocation& invocation, const std::vector<std::string>& files,
               std::string_view kind = {});
int TypesCommand();
int CompletionsCommand(const Invocation& invocation);
int OpsCommand(const Invocation& invocation);
int TraceCommand(const Invocation& invocation);
int WhyCommand(const Invocation& invocation);
int VersionCommand();
int HelpCommand(const Invocation& invocation);

}  // namespace rt::cli
