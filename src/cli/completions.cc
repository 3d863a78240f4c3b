// rt completions: scripts for shells. Names of commands and flags are written into them; only the
// names of tasks are asked for when they are needed.
#include "src/cli/args/commands.h"
#include "src/cli/args/parse.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/manual.h"
#include "src/cli/messages.h"

namespace rt::cli {
namespace {

constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

// In single quotes of any of the three shells.
std::string Quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out;
}

bool TakesFiles(Command command) {
  switch (command) {
    case Command::kRun:
    case Command::kServe:
    case Command::kRecord:
    case Command::kTest:
    case Command::kBench:
    case Command::kCoverage:
    case Command::kInfo:
    case Command::kCache:
    case Command::kInit:
    case Command::kCompile:
    case Command::kCheck:
      return true;
    default:
      return false;
  }
}

// What may stand in the place of a command's argument, besides files.
std::string_view WordsOf(Command command) {
  return command == Command::kCompletions ? "bash zsh fish" : "";
}

std::string AllNames() {
  std::string names;
  for (const CommandInfo& info : AllCommands()) {
    names += (names.empty() ? "" : " ") + std::string(info.name);
  }
  return names;
}

// A flag with its "=" where a value must follow.
std::string Words(Command command, bool shorthand) {
  std::string words;
  for (const FlagInfo& flag : FlagsOf(command, shorthand)) {
    const bool needs_value = flag.value.starts_with('=');
    words += (words.empty() ? "--" : " --") + flag.name + (needs_value ? "=" : "");
    if (flag.letter != 0) words += std::string(" -") + flag.letter;
  }
  return words;
}

std::string Bash() {
  std::string text = R"(# bash completion for rt, made by rt completions bash.
_rt() {
  local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} flags words='' files=no
  # A value after "=" is the name of a file as often as not.
  if [[ $cur == = || ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then
    COMPREPLY=($(compgen -f -- "${cur#=}"))
    return
  fi
  case $command in
)";
  for (const CommandInfo& info : AllCommands()) {
    text += "    " + std::string(info.name) + ") flags='" + Quoted(Words(info.command, false)) +
            "'" + (TakesFiles(info.command) ? " files=yes" : "");
    if (const auto words = WordsOf(info.command); !words.empty()) {
      text += " words='" + std::string(words) + "'";
    }
    if (info.command == Command::kHelp) text += " words='" + AllNames() + "'";
    if (info.command == Command::kTask) {
      text += " words=$(rt task 2>/dev/null | sed -n 's/^- \\([^ ]*\\).*/\\1/p')";
    }
    text += " ;;\n";
  }
  text += "    *) flags='" + Quoted(Words(Command::kRun, true)) + "' files=yes ;;\n  esac\n";
  text += "  [[ $COMP_CWORD == 1 ]] && words='" + AllNames() + "' files=yes\n";
  text += R"(  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [[ $files == yes ]] && COMPREPLY+=($(compgen -f -- "$cur")) && compopt -o filenames
  return 0
}
complete -F _rt rt
)";
  return text;
}

// In a specification of zsh's _arguments: "[", "]" and ":" have a meaning there.
std::string ZshText(std::string_view text) {
  std::string out;
  for (const char c : Quoted(text)) {
    if (c == '[' || c == ']' || c == ':') out += '\\';
    out += c;
  }
  return out;
}

std::string ZshFlags(Command command, bool shorthand) {
  std::string text;
  for (const FlagInfo& flag : FlagsOf(command, shorthand)) {
    const std::string value = flag.value.starts_with('=')   ? "=:value:_files"
                              : flag.value.starts_with('[') ? "=-::value:_files"
                                                            : "";
    const std::string name = "--" + flag.name;
    text += "        '" + (value.empty() ? name : name + value.substr(0, value.find(':'))) + "[" +
            ZshText(flag.text) + "]" + (value.empty() ? "" : value.substr(value.find(':'))) +
            "' \\\n";
    if (flag.letter != 0) {
      text += std::string("        '-") + flag.letter + "[" + ZshText(flag.text) + "]' \\\n";
    }
  }
  return text;
}

std::string Zsh() {
  std::string text = R"zsh(#compdef rt
# zsh completion for rt, made by rt completions zsh.
_rt_tasks() {
  local -a tasks
  tasks=(${(f)"$(rt task 2>/dev/null | sed -n 's/^- \([^ ]*\).*/\1/p')"})
  _describe task tasks
}
_rt() {
  local -a commands
  commands=(
)zsh";
  for (const CommandInfo& info : AllCommands()) {
    text += "    '" + std::string(info.name) + ":" + Quoted(info.summary) + "'\n";
  }
  text += R"(  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    _files
    return
  fi
  local command=$words[2]
  case $command in
)";
  for (const CommandInfo& info : AllCommands()) {
    std::string rest = "'*::argument:_default'";
    if (TakesFiles(info.command)) rest = "'*:file:_files'";
    if (info.command == Command::kTask) rest = "'1:task:_rt_tasks' '*::argument:_default'";
    if (info.command == Command::kCompletions) rest = "'1:shell:(bash zsh fish)'";
    if (info.command == Command::kHelp) rest = "'1:command:(" + AllNames() + ")'";
    text += "    " + std::string(info.name) + ")\n      shift words; (( CURRENT-- ))\n" +
            "      _arguments \\\n" + ZshFlags(info.command, false) + "        " + rest + " ;;\n";
  }
  text += "    *)\n      _arguments \\\n" + ZshFlags(Command::kRun, true) +
          "        '*:file:_files' ;;\n";
  text += "  esac\n}\nif [[ $funcstack[1] == _rt ]]; then _rt \"$@\"; else compdef _rt rt; fi\n";
  return text;
}

std::string FishFlags(const std::string& condition, Command command, bool shorthand) {
  std::string text;
  for (const FlagInfo& flag : FlagsOf(command, shorthand)) {
    text += "complete -c rt -n '" + condition + "' -l " + flag.name;
    if (flag.letter != 0) text += std::string(" -s ") + flag.letter;
    if (flag.value.starts_with('=')) text += " -r";
    // fish escapes a quote by a backslash.
    std::string description;
    for (const char c : flag.text) {
      if (c == '\'' || c == '\\') description += '\\';
      description += c;
    }
    text += " -d '" + description + "'\n";
  }
  return text;
}

std::string Fish() {
  std::string text = "# fish completion for rt, made by rt completions fish.\n";
  for (const CommandInfo& info : AllCommands()) {
    text += "complete -c rt -n __fish_use_subcommand -a " + std::string(info.name) + " -d '" +
            Quoted(info.summary) + "'\n";
  }
  text += FishFlags("__fish_use_subcommand", Command::kRun, true);
  for (const CommandInfo& info : AllCommands()) {
    const std::string seen = "__fish_seen_subcommand_from " + std::string(info.name);
    text += FishFlags(seen, info.command, false);
    if (!TakesFiles(info.command)) text += "complete -c rt -n '" + seen + "' -f\n";
    if (info.command == Command::kTask) {
      text += "complete -c rt -n '" + seen +
              "' -a \"(rt task 2>/dev/null | string replace -rf '^- (\\S+).*' '\\$1')\"\n";
    }
    if (info.command == Command::kCompletions) {
      text += "complete -c rt -n '" + seen + "' -a 'bash zsh fish'\n";
    }
    if (info.command == Command::kHelp) {
      text += "complete -c rt -n '" + seen + "' -a '" + AllNames() + "'\n";
    }
  }
  return text;
}

}  // namespace

std::optional<std::string> CompletionScript(std::string_view shell) {
  if (shell == kShells[0]) return Bash();
  if (shell == kShells[1]) return Zsh();
  if (shell == kShells[2]) return Fish();
  return std::nullopt;
}

int CompletionsCommand(const Invocation& invocation) {
  const auto script = CompletionScript(invocation.operand);
  if (script) return PrintOutput(*script);
  return PrintError("unknown shell \"" + invocation.operand + "\": expected bash, zsh or fish",
                    kExitUsage);
}

}  // namespace rt::cli
