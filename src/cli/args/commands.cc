// The one list of commands.
#include "src/cli/args/commands.h"

#include <array>

#include "src/base/check.h"
#include "src/base/suggest.h"

namespace rt::cli {
namespace {

constexpr std::array<CommandInfo, 10> kCommands = {{
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
    {Command::kOps, "ops", "ops [flags]", "List the operations scripts reach the system through"},
    {Command::kVersion, "version", "version", "Print the versions of rt and everything in it"},
    {Command::kHelp, "help", "help [command]", "Explain rt, or one command"},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kCommands.size()> names;
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
