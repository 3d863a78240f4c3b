// The commands, one file each. They print what they have to say and return the exit code.
#pragma once

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
int TypesCommand();
int CompletionsCommand(const Invocation& invocation);
int OpsCommand(const Invocation& invocation);
int VersionCommand();
int HelpCommand(const Invocation& invocation);

}  // namespace rt::cli
