// The indexes over path scopes.
#include "src/permissions/path_rules.h"

#include <algorithm>

namespace rt {

void PathRules::TextIndex::Add(const std::string& text, uint32_t scope) {
  by_text.emplace(text, scope);
  sorted.insert(text);
  lengths.set(text.size() % lengths.size());
  longest = std::max(longest, text.size());
}

// Some text lies strictly inside `folder`.
bool PathRules::TextIndex::AnyInside(std::string_view folder) const {
  if (folder.empty() || folder.size() >= longest) return false;
  std::string prefix(folder);
  if (prefix != "/") prefix += '/';
  const auto first = sorted.upper_bound(prefix);  // not "/" itself
  return first != sorted.end() && first->starts_with(prefix);
}

void PathRules::Add(PathScope scope) {
  const auto index = static_cast<uint32_t>(scopes_.size());
  resolved_.Add(scope.resolved(), index);
  lexical_.Add(scope.lexical(), index);
  has_links_ = has_links_ || scope.resolved() != scope.lexical();
  if (scope.inode() != 0) objects_.emplace(std::pair(scope.device(), scope.inode()), index);
  scopes_.push_back(std::move(scope));
}

void PathRules::AddEntry(PathScope scope) {
  entries_.emplace(scope.resolved(), static_cast<uint32_t>(scopes_.size()));
  resolved_.sorted.insert(scope.resolved());
  resolved_.longest = std::max(resolved_.longest, scope.resolved().size());
  scopes_.push_back(std::move(scope));
}

void PathRules::EraseAround(std::string_view resolved) {
  std::vector<PathScope> kept;
  for (PathScope& scope : scopes_) {
    if (!scope.Contains(resolved) && !scope.IsBelow(resolved)) kept.push_back(std::move(scope));
  }
  Clear();
  for (PathScope& scope : kept) Add(std::move(scope));
}

const PathScope* PathRules::FindAbove(const TextIndex& index, std::string_view path) const {
  if (path.empty() || path[0] != '/') return nullptr;
  for (std::string_view at = path;;) {
    // Looking up takes time by the length, and a script chooses how long a path is.
    if (at.size() <= index.longest && index.lengths.test(at.size() % index.lengths.size())) {
      const auto found = index.by_text.find(at);
      if (found != index.by_text.end()) return &scopes_[found->second];
    }
    if (at.size() <= 1) return nullptr;
    const size_t slash = at.rfind('/');
    at = at.substr(0, slash == 0 ? 1 : slash);
  }
}

const PathScope* PathRules::FindObject(dev_t device, ino_t inode) const {
  if (inode == 0) return nullptr;
  const auto found = objects_.find(std::pair(device, inode));
  return found == objects_.end() ? nullptr : &scopes_[found->second];
}

const PathScope* PathRules::Containing(std::string_view resolved) const {
  if (scopes_.empty() || resolved.empty()) return nullptr;
  return FindAbove(resolved_, resolved);
}

const PathScope* PathRules::Hit(const PathResolver::Outcome& path) const {
  if (scopes_.empty()) return nullptr;
  if (const PathScope* scope = FindAbove(resolved_, path.resolved)) return scope;
  if (!entries_.empty()) {
    const auto found = entries_.find(path.resolved);
    if (found != entries_.end()) return &scopes_[found->second];
  }
  if (has_links_) {
    if (const PathScope* scope = FindAbove(lexical_, path.resolved)) return scope;
  }
  if (has_links_ || path.lexical != path.resolved) {
    if (const PathScope* scope = FindAbove(lexical_, path.lexical)) return scope;
  }
  if (const PathScope* scope = FindObject(path.parent_device, path.parent_inode)) return scope;
  return path.exists ? FindObject(path.device, path.inode) : nullptr;
}

bool PathRules::AnyBelow(const PathResolver::Outcome& path) const {
  if (scopes_.empty()) return false;
  if (resolved_.AnyInside(path.resolved)) return true;
  if (has_links_ && lexical_.AnyInside(path.resolved)) return true;
  return (has_links_ || path.lexical != path.resolved) && lexical_.AnyInside(path.lexical);
}

}  // namespace rt
