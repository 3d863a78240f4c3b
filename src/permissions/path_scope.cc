// Lexical path handling and the making of path scopes.
#include "src/permissions/path_scope.h"

#include <utility>

#include "src/permissions/path_resolver.h"

namespace rt {

bool HasDotDot(std::string_view path) {
  for (size_t at = path.find(".."); at != std::string_view::npos; at = path.find("..", at + 1)) {
    const bool starts = at == 0 || path[at - 1] == '/';
    const bool ends = at + 2 == path.size() || path[at + 2] == '/';
    if (starts && ends) return true;
  }
  return false;
}

std::string NormalizeLexically(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::string result;
  result.reserve(path.size());
  size_t fixed = 0;  // the leading ".." of a relative path, which no later ".." takes back
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (result.size() > fixed) {
        const size_t last = result.rfind('/');
        result.resize(last == std::string::npos ? 0 : last);
        continue;
      }
      if (absolute) continue;
    }
    if (absolute || !result.empty()) result += '/';
    result += part;
    if (part == "..") fixed = result.size();
  }
  if (result.empty()) return absolute ? "/" : ".";
  return result;
}

bool IsInside(std::string_view folder, std::string_view path) {
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

PathScope PathScope::Make(std::string_view entry, std::string_view cwd) {
  std::string absolute(entry);
  if (!entry.starts_with('/')) absolute = std::string(cwd) + "/" + absolute;
  PathResolver::Outcome outcome = PathResolver::Resolve(NormalizeLexically(absolute), {});
  return Resolved(std::move(outcome.lexical), std::move(outcome.resolved), outcome.device,
                  outcome.exists ? outcome.inode : 0);
}

PathScope PathScope::Resolved(std::string lexical, std::string resolved, dev_t device,
                              ino_t inode) {
  PathScope scope;
  scope.lexical_ = std::move(lexical);
  scope.resolved_ = resolved.empty() ? scope.lexical_ : std::move(resolved);
  scope.device_ = device;
  scope.inode_ = inode;
  return scope;
}

}  // namespace rt
