// Runs CLI11 and makes an Invocation of what it found (fill.cc). A flag that was misspelt or
// misplaced must never be ignored.
#include "src/cli/args/parse.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "src/base/suggest.h"
#include "src/cli/args/commands.h"
#include "src/cli/args/fill.h"
#include "src/cli/args/grammar.h"

namespace rt::cli {
namespace {

// What is handed to CLI11, argument for argument: it neither takes "-N=value" nor leaves "++"
// alone. The operand and the script's arguments are taken from the originals.
std::vector<std::string> ForCli11(std::span<const std::string> arguments) {
  std::vector<std::string> rewritten(arguments.begin(), arguments.end());
  for (std::string& argument : rewritten) {
    if (argument == "++") {
      argument = "./++";
    } else if (argument.size() >= 3 && argument[0] == '-' && argument[2] == '=') {
      const std::string long_name = LongListFlag(argument[1]);
      if (!long_name.empty()) argument.replace(0, 2, long_name);
    }
  }
  return rewritten;
}

Error UnknownFlag(const std::string& typed, Command command, bool shorthand) {
  const std::string name = typed.substr(0, typed.find('='));
  std::string message = "unknown flag \"" + name + "\" for rt " + std::string(InfoOf(command).name);
  for (const CommandInfo& other : AllCommands()) {
    FlagValues values;
    auto others = MakeGrammar(other.command, other.command == Command::kRun, values);
    if (others->get_option_no_throw(name) == nullptr) continue;
    if (command == Command::kEval && name.starts_with("--allow-")) {
      message += "\neval has every permission; take some away with --deny-" + name.substr(8);
    } else {
      message += "\nIt belongs to rt " + std::string(other.name);
    }
    return Error::Type(message);
  }
  FlagValues values;
  const std::vector<std::string> names = FlagNames(*MakeGrammar(command, shorthand, values));
  const std::vector<std::string_view> views(names.begin(), names.end());
  if (auto nearest = Nearest(name, views)) {
    message += "\nDid you mean \"" + std::string(*nearest) + "\"?";
  } else {
    message += "\nSee \"rt help " + std::string(InfoOf(command).name) + "\"";
  }
  return Error::Type(message);
}

// How many arguments a command that runs no program has, besides flags; and whether it must.
struct OperandCount {
  size_t most;
  const char* needed = nullptr;  // what is missing if there is none
};

OperandCount OperandsOf(Command command) {
  switch (command) {
    case Command::kTask:  // the rest is the task's
      return {.most = SIZE_MAX};
    case Command::kHelp:
    case Command::kCoverage:
    case Command::kInfo:
    case Command::kInit:
      return {.most = 1};
    case Command::kCompletions:
      return {.most = 1, .needed = "shell"};
    default:
      return {.most = 0};
  }
}

// `rt trace attach PID`, `rt why PID`: the words between the flags.
Result<void> FillProcess(Invocation& invocation) {
  std::vector<std::string> words = std::move(invocation.test.files);
  invocation.test.files.clear();
  const std::string usage = "\nUsage: rt " + std::string(InfoOf(invocation.command).synopsis);
  if (invocation.command == Command::kTrace) {
    if (words.empty() || words[0] != "attach") {
      return Error::Type((words.empty() ? "expected \"attach\""
                                        : "expected \"attach\", not \"" + words[0] + "\"") +
                         usage);
    }
    words.erase(words.begin());
  }
  if (words.size() != 1) {
    return Error::Type(
        (words.empty() ? "no process given" : "unexpected argument \"" + words[1] + "\"") + usage);
  }
  int pid = 0;
  const char* const end = words[0].data() + words[0].size();
  const auto [stop, error] = std::from_chars(words[0].data(), end, pid);
  if (error != std::errc() || stop != end || pid <= 0) {
    return Error::Type("\"" + words[0] + "\" is not the number of a process");
  }
  invocation.pid = pid;
  return {};
}

// Files and flags may stand in any order before "--": the flags of `arguments`, and what is none
// goes to `files`. After "--" are the script's arguments.
std::vector<std::string> TakeFiles(Command command, std::span<const std::string> arguments,
                                   std::vector<std::string>& files,
                                   std::vector<std::string>& script_args) {
  FlagValues values;
  const auto grammar = MakeGrammar(command, false, values);
  std::vector<std::string> flags;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      script_args.assign(arguments.begin() + static_cast<ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      files.push_back(argument);
      continue;
    }
    flags.push_back(argument);
    if (argument.find('=') != std::string::npos) continue;
    const CLI::Option* option = grammar->get_option_no_throw(argument);
    // Flags with an optional value are flags to CLI11, too: they never take the next argument.
    if (option && option->get_items_expected_min() > 0 && i + 1 < arguments.size())
      flags.push_back(arguments[++i]);
  }
  return flags;
}

// The first argument that is no flag, and what follows it.
Result<void> FillOperand(std::span<const std::string> rest, Invocation& invocation) {
  const bool takes_program =
      invocation.command == Command::kRun || invocation.command == Command::kEval ||
      invocation.command == Command::kServe || invocation.command == Command::kRecord ||
      invocation.command == Command::kCompile;
  const std::string name(InfoOf(invocation.command).name);
  if (takes_program && (rest.empty() || rest[0].empty())) {
    // Empty code is a program, an empty file name is none.
    if (!rest.empty() && invocation.command == Command::kEval) return {};
    const std::string what = invocation.command == Command::kEval ? "code" : "file";
    return Error::Type("no " + what + " given\nUsage: rt " +
                       std::string(InfoOf(invocation.command).synopsis));
  }
  const OperandCount operands = OperandsOf(invocation.command);
  if (!takes_program && rest.size() > operands.most) {
    return Error::Type("unexpected argument \"" + rest[operands.most] + "\" for rt " + name);
  }
  if (operands.needed && (rest.empty() || rest[0].empty())) {
    return Error::Type("no " + std::string(operands.needed) + " given\nUsage: rt " +
                       std::string(InfoOf(invocation.command).synopsis));
  }
  if (rest.empty()) return {};
  invocation.operand = rest[0];
  invocation.script_args.assign(rest.begin() + 1, rest.end());
  return {};
}

// "--flag=" and "--flag={}": CLI11 takes both for the flag without a value, which would allow
// everything.
Result<void> RejectEmptyValues(std::span<const std::string> flags) {
  for (const std::string& flag : flags) {
    if (!flag.starts_with("--")) continue;
    const size_t equals = flag.find('=');
    if (equals == std::string::npos) continue;
    const std::string value = flag.substr(equals + 1);
    if (!value.empty() && value != "{}") continue;
    return Error::Type(flag + ": expected a value after \"=\"");
  }
  return {};
}

// In better words than CLI11's, where the flag was given a value it does not take.
Error WrongValue(const CLI::App& grammar, std::span<const std::string> arguments,
                 const CLI::Error& error) {
  for (const std::string& argument : arguments) {
    const size_t equals = argument.find('=');
    if (equals == std::string::npos || !argument.starts_with('-')) continue;
    const std::string name = argument.substr(0, equals);
    const CLI::Option* option = grammar.get_option_no_throw(name);
    if (option != nullptr && option->get_disable_flag_override()) {
      return Error::Type(name + " takes no value");
    }
  }
  return Error::Type(error.what());
}

Result<Invocation> ParseCommand(Command command, bool shorthand,
                                std::span<const std::string> arguments) {
  Invocation invocation;
  invocation.command = command;
  invocation.shorthand = shorthand;
  FlagValues values;
  std::vector<std::string> flags_only;
  if (TakesFiles(command)) {
    flags_only = TakeFiles(command, arguments, invocation.test.files, invocation.script_args);
    arguments = flags_only;
  }
  const std::vector<std::string> rewritten = ForCli11(arguments);
  const auto grammar = MakeGrammar(command, shorthand, values, &rewritten);
  try {
    // CLI11 wants them last first.
    grammar->parse(std::vector<std::string>(rewritten.rbegin(), rewritten.rend()));
  } catch (const CLI::Error& error) {
    return WrongValue(*grammar, rewritten, error);
  }
  const std::vector<std::string> unread = grammar->remaining();
  const bool marked = !unread.empty() && unread[0] == "--";  // everything after "--" is no flag
  if (!marked && !unread.empty() && unread[0].size() > 1 && unread[0][0] == '-') {
    return UnknownFlag(unread[0], command, shorthand);
  }
  const size_t flag_count = arguments.size() - unread.size();
  if (values.version || values.help) {
    invocation.command = values.version ? Command::kVersion : Command::kHelp;
    invocation.operand = values.version || shorthand ? "" : std::string(InfoOf(command).name);
    return invocation;
  }
  RT_TRY_VOID(RejectEmptyValues(std::span(rewritten).first(flag_count)));
  RT_TRY_VOID(Fill(values, invocation));
  if (command == Command::kTrace || command == Command::kWhy) {
    RT_TRY_VOID(FillProcess(invocation));
    return invocation;
  }
  if (command == Command::kCache || command == Command::kCheck) {
    invocation.tool.files = std::move(invocation.test.files);
  }
  if (TakesFiles(command) && unread.empty()) return invocation;
  RT_TRY_VOID(FillOperand(arguments.subspan(flag_count + (marked ? 1 : 0)), invocation));
  if (shorthand && !marked && flag_count > 0 && FindCommand(invocation.operand)) {
    return Error::Type("flags come after the command: rt " + invocation.operand +
                       " [flags] ...\nFor a file of that name write ./" + invocation.operand);
  }
  return invocation;
}

}  // namespace

Result<Invocation> ParseArguments(std::span<const std::string> arguments) {
  if (!arguments.empty()) {
    if (const CommandInfo* info = FindCommand(arguments[0])) {
      return ParseCommand(info->command, false, arguments.subspan(1));
    }
  }
  return ParseCommand(Command::kRun, true, arguments);
}

}  // namespace rt::cli
