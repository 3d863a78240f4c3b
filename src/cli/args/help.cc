// The help texts: prose here, the flag tables from the grammar, so that no flag can be missing.
#include "src/cli/args/commands.h"
#include "src/cli/args/grammar.h"
#include "src/cli/args/parse.h"

namespace rt::cli {
namespace {

constexpr size_t kColumn = 26;

std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string FlagRow(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += "-" + name + ", ";
  if (names.empty()) names = "    ";
  for (const std::string& name : option.get_lnames()) names += "--" + name;
  if (option.get_type_name() != "TEXT") names += option.get_type_name();
  std::string row = "  " + Padded(names, kColumn);
  if (row.size() > kColumn + 2) row += "\n" + std::string(kColumn + 2, ' ');
  return row + "  " + option.get_description() + "\n";
}

std::string FlagTables(const CLI::App& grammar) {
  std::string text;
  for (const std::string& group : grammar.get_groups()) {
    std::string rows;
    for (const CLI::Option* option : grammar.get_options()) {
      if (option->get_group() == group) rows += FlagRow(*option);
    }
    if (!rows.empty()) text += "\n" + group + ":\n" + rows;
  }
  return text;
}

}  // namespace

std::string_view RemarksOn(Command command) {
  switch (command) {
    case Command::kRun:
      return "Flags before the file are rt's, everything after it is the script's. Lists are "
             "separated by\n"
             "commas and follow \"=\": --allow-net=example.com,localhost:8000. \"rt [flags] "
             "<file>\" is\n"
             "short for \"rt run [flags] <file>\".\n";
    case Command::kEval:
      return "The code has all permissions, except those that are denied by a flag.\n";
    case Command::kServe:
      return "The default export is an object with fetch(request). Listening on --host and --port "
             "is allowed\n"
             "without --allow-net, unless --deny-net says otherwise.\n";
    case Command::kRecord:
      return "The program runs with all permissions. When it ends, or is stopped with Ctrl-C, what "
             "it used is\n"
             "written to standard error: as flags, and as a permission set for deno.json.\n";
    case Command::kTest:
      return "Without files: {*_,*.,}test.{ts,tsx,mts,js,mjs,jsx} below the current folder, or "
             "what "
             "\"test\" of\n"
             "deno.json includes. Each file has a process of its own, with the permissions the "
             "flags give.\n";
    case Command::kBench:
      return "Without files: {*_,*.,}bench.{ts,tsx,mts,js,mjs,jsx} below the current folder, or "
             "what \"bench\" of\n"
             "deno.json includes.\n";
    case Command::kCoverage:
      return "The folder is \"coverage\" unless another is given. Without flags: a table.\n";
    case Command::kTask:
      return "Without a name: the list of tasks. What follows the name is the command's. \"*\" in "
             "a "
             "name stands for\n"
             "any text: \"rt task 'build:*'\". Commands run in /bin/sh, in the folder of the file "
             "that has them,\n"
             "with node_modules/.bin in PATH; \"rt\" and \"deno\" mean this program.\n";
    case Command::kInfo:
      return "Without a file: the folders rt keeps things in.\n";
    case Command::kCache:
      return "Everything the files import is loaded, imports of other hosts included, so that they "
             "run without\n"
             "a network.\n";
    case Command::kClean:
      return "Downloads, transpiled code, the history of \"rt repl\": what rt made and can do "
             "without.\n";
    case Command::kInit:
      return "Files that are there already stay as they are.\n";
    case Command::kRepl:
      return "Without flags that allow something, it may do nothing but compute; \"rt\" alone on a "
             "terminal has all\n"
             "permissions. \".help\" explains it.\n";
    case Command::kCompile:
      return "The permissions and flags given here are the executable's, and so are the arguments; "
             "those it is\n"
             "started with follow them.\n";
    case Command::kCheck:
      return "With the project's own typescript package (node_modules), or else the one in rt.\n";
    case Command::kTypes:
      return "For editors and compilers: rt types > rt.d.ts\n";
    case Command::kCompletions:
      return "bash: source <(rt completions bash). zsh: rt completions zsh > \"${fpath[1]}/_rt\". "
             "fish: rt\n"
             "completions fish | source.\n";
    case Command::kOps:
      return "Every effect a script can have outside itself is one of these, and each states the "
             "permission it\n"
             "needs.\n";
    case Command::kTrace:
      return "Writes to standard output, or --trace-file, until Ctrl-C or the program's end. The "
             "program must be\n"
             "this user's, and run by this very rt.\n";
    case Command::kWhy:
      return "Lines of the script are known if the program was started with --why-alive.\n";
    case Command::kVersion:
    case Command::kHelp:
      return "";
  }
  return "";
}

namespace {

std::string GeneralHelp() {
  std::string text = "rt " RT_VERSION
                     ": a JavaScript runtime that lets a script do only what you allow.\n\n"
                     "Usage: rt [flags] <file> [args...]\n"
                     "       rt <command> [flags] ...\n\nCommands:\n";
  for (const CommandInfo& info : AllCommands()) {
    text += "  " + Padded(std::string(info.name), 12) + std::string(info.summary) + "\n";
  }
  FlagValues values;
  text += FlagTables(*MakeGrammar(Command::kRun, true, values));
  text += "\n" + std::string(RemarksOn(Command::kRun)) +
          "Exit codes: 0, 1 after an uncaught error, 2 for a command line that makes no sense, or "
          "what\n"
          "Deno.exit() said. \"rt help <command>\" explains one command.\n";
  return text;
}

}  // namespace

std::vector<FlagInfo> FlagsOf(Command command, bool shorthand) {
  FlagValues values;
  const auto grammar = MakeGrammar(command, shorthand, values);
  std::vector<FlagInfo> flags;
  for (const CLI::Option* option : grammar->get_options()) {
    FlagInfo flag{.letter = 0,
                  .name = option->get_lnames().at(0),
                  .value = option->get_type_name(),
                  .text = option->get_description(),
                  .group = option->get_group()};
    if (!option->get_snames().empty()) flag.letter = option->get_snames()[0][0];
    if (flag.value == "TEXT") flag.value.clear();
    flags.push_back(std::move(flag));
  }
  return flags;
}

Result<std::string> HelpText(const std::string& command) {
  if (command.empty()) return GeneralHelp();
  const CommandInfo* info = FindCommand(command);
  if (!info) {
    std::string message = "unknown command \"" + command + "\"";
    if (auto nearest = NearestCommand(command)) {
      message += "\nDid you mean \"" + std::string(*nearest) + "\"?";
    }
    return Error::Type(message);
  }
  FlagValues values;
  std::string text =
      std::string(info->summary) + ".\n\nUsage: rt " + std::string(info->synopsis) + "\n";
  text += FlagTables(*MakeGrammar(info->command, false, values));
  if (const std::string_view remarks = RemarksOn(info->command); !remarks.empty()) {
    text += "\n" + std::string(remarks);
  }
  return text;
}

}  // namespace rt::cli
