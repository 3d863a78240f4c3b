// The parts of a program, found as the kernel (execve(2)) and env(1) find them.
#include "src/permissions/program_parts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "src/permissions/owned_fd.h"
#include "src/permissions/programs.h"

namespace rt {
namespace {

constexpr size_t kFirstLine = 256;    // as much as the kernel looks at
constexpr int kMostInterpreters = 5;  // a script may be run by a script
constexpr std::string_view kBlanks = " \t";

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view TakeWord(std::string_view& text) {
  text = Trimmed(text);
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text.remove_prefix(word.size());
  return word;
}

// What follows "#!" in the first line; nothing if the file does not begin so.
std::optional<std::string> ScriptLine(const std::string& path) {
  const OwnedFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  char text[kFirstLine];
  const ssize_t size = fd ? read(fd.get(), text, sizeof text) : -1;
  if (size < 3 || text[0] != '#' || text[1] != '!') return std::nullopt;
  const std::string_view line(text + 2, static_cast<size_t>(size) - 2);
  return std::string(line.substr(0, line.find('\n')));
}

// The program that `env` with these arguments starts; empty if it starts none.
std::string_view EnvStarts(std::string_view arguments) {
  for (;;) {
    std::string_view word = TakeWord(arguments);
    constexpr std::string_view kSplit = "--split-string=";
    if (word.starts_with(kSplit)) {
      word.remove_prefix(kSplit.size());
    } else if (word.size() > 1 && word[0] == '-' && word[1] != '-') {
      const size_t split = word.find('S');
      if (word == "-u" || word == "-C") (void)TakeWord(arguments);
      if (split == word.npos || split + 1 == word.size()) continue;
      word.remove_prefix(split + 1);
    }
    if (word.starts_with('-') || word.find('=') != word.npos) continue;
    return word;
  }
}

class Parts {
 public:
  explicit Parts(std::string_view search_path) : search_path_(search_path) {}

  void Add(const Program& program, int depth = 0) {
    if (program.path.empty()) return;
    Add(PathScope::Resolved(program.path, program.entry, program.device, program.inode));
    for (size_t i = 0; i + 1 < program.way.size(); ++i) {
      Add(PathScope::Resolved(program.way[i], program.way[i], 0, 0), true);
    }
    if (!program.way.empty()) {
      const std::string& file = program.way.back();
      Add(PathScope::Resolved(file, file, program.device, program.inode));
    }
    if (depth < kMostInterpreters) AddInterpreter(program.path, depth + 1);
  }

  std::vector<ProgramPart> Take() { return std::move(parts_); }

 private:
  void Add(PathScope scope, bool is_link = false) { parts_.push_back({std::move(scope), is_link}); }

  void AddInterpreter(const std::string& path, int depth) {
    const std::optional<std::string> line = ScriptLine(path);
    if (!line) return;
    std::string_view rest = *line;
    const std::string interpreter(TakeWord(rest));
    AddByPath(interpreter, depth);
    if (interpreter.substr(interpreter.rfind('/') + 1) != "env") return;
    const std::string started(EnvStarts(rest));
    if (started.find('/') != started.npos) {
      AddByPath(started, depth);
    } else if (!started.empty()) {
      AddByName(started, depth);
    }
  }

  void AddByPath(const std::string& path, int depth) {
    if (!path.starts_with('/')) return;
    const Program program = FindProgram(path, {}, {});
    // What is not there may be put there.
    if (program.path.empty()) Add(PathScope::Make(path, {}));
    Add(program, depth);
  }

  // The places before the one where it is found, too.
  void AddByName(const std::string& name, int depth) {
    std::string_view rest = search_path_;
    while (!rest.empty()) {
      const size_t colon = std::min(rest.find(':'), rest.size());
      const std::string folder(rest.substr(0, colon));
      rest.remove_prefix(std::min(colon + 1, rest.size()));
      if (!folder.starts_with('/')) continue;
      const std::string place = folder + "/" + name;
      AddByPath(place, depth);
      if (!FindProgram(place, {}, {}).path.empty()) return;
    }
  }

  const std::string_view search_path_;
  std::vector<ProgramPart> parts_;
};

}  // namespace

std::vector<ProgramPart> PartsOf(const Program& program, std::string_view search_path) {
  Parts parts(search_path);
  parts.Add(program);
  return parts.Take();
}

}  // namespace rt
