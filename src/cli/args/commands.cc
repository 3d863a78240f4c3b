// The one list of commands.
#include "src/cli/args/commands.h"

#include <array>

#include "src/base/check.h"
#include "src/base/suggest.h"

namespace rt::cli {
namespace {

constexpr CommandInfo kCommands[] = {
    {Command::kRun, "run", "run [flags] <file> [args...]",
     "Run a program (\"-\": from standard input)"},
    {Command::kEval, "eval", "eval [flags] <code> [args...]", "Run code given as an argument"},
    {Command::kServe, "serve", "serve [flags] <file> [args...]",
     "Serve a module whose default export has a fetch function"},
    {Command::kRecord, "record", "record [flags] <file> [args...]",
     "Run a program with everything allowed and print the grants it used"},
    {Command::kTest, "test", "test [flags] [files...] [-- args...]",
     "Run the tests of files, folders or the current folder"},
    {Command::kBench, "bench", "bench [flags] [files...] [-- args...]",
     "Measure the benchmarks of files, folders or the current folder"},
    {Command::kCoverage, "coverage", "coverage [flags] [folder]",
     "Report what \"rt test --coverage\" wrote down"},
    {Command::kRepl, "repl", "repl [flags]", "Evaluate what is typed"},
    {Command::kTask, "task", "task [flags] [name] [args...]",
     "Run a task of deno.json or a script of package.json"},
    {Command::kInfo, "info", "info [flags] [file]",
     "Show what a program is made of, or where rt keeps things"},
    {Command::kCache, "cache", "cache [flags] <files...>",
     "Load, check and transpile modules without running them"},
    {Command::kCheck, "check", "check [flags] [files...]",
     "Check the types of modules, or of all in the current folder"},
    {Command::kTypes, "types", "types", "Print the type declarations of rt's own API"},
    {Command::kCompile, "compile", "compile [flags] <file> [args...]",
     "Make an executable of a program"},
    {Command::kClean, "clean", "clean [flags]", "Remove rt's cache folder"},
    {Command::kInit, "init", "init [flags] [folder]", "Begin a new project"},
    {Command::kCompletions, "completions", "completions <bash|zsh|fish>",
     "Print a script that lets a shell complete rt's command line"},
    {Command::kOps, "ops", "ops [flags]", "List the operations scripts reach the system through"},
    {Command::kTrace, "trace", "trace attach [flags] <pid>",
     "Show the operations of a running program"},
    {Command::kWhy, "why", "why <pid>", "Say what keeps a running program from ending"},
    {Command::kVersion, "version", "version", "Print the versions of rt and everything in it"},
    {Command::kHelp, "help", "help [flags] [command]", "Explain rt, or one command"},
};

constexpr auto kNames = [] {
  std::array<std::string_view, std::size(kCommands)> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = kCommands[i].name;
  return names;
}();

}  // namespace

std::span<const CommandInfo> AllCommands() {
  return kCommands;
}

const CommandInfo* FindCommand(std::string_view name) {
  for (const CommandInfo& info : kCommands) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

const CommandInfo& InfoOf(Command command) {
  for (const CommandInfo& info : kCommands) {
    if (info.command == command) return info;
  }
  RT_UNREACHABLE();
}

std::optional<std::string_view> NearestCommand(std::string_view typed) {
  return Nearest(typed, kNames);
}

}  // namespace rt::cli
