// A list of path scopes that answers in time that does not grow with the list: one look-up for each
// folder above the path asked about. Must never touch the file system. Copyable; not thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/permissions/path_resolver.h"
#include "src/permissions/path_scope.h"

namespace rt {

class PathRules {
 public:
  void Add(PathScope scope);
  // The entry at this place alone and the folders above it, not what is below: for links that must
  // stay what they are, while what they lead to has rules of its own. For deny rules.
  void AddEntry(PathScope scope);
  bool empty() const { return scopes_.empty(); }
  void Clear() { *this = PathRules(); }
  // Drops the scopes that lie inside `resolved`, and those it lies in.
  void EraseAround(std::string_view resolved);

  // For allow rules: a scope that contains the resolved path; null if none does.
  const PathScope* Containing(std::string_view resolved) const;
  // For deny rules: a scope that is hit by the resolved path, by the path as it was spelt, or by
  // the object itself or its folder under another name.
  const PathScope* Hit(const PathResolver::Outcome& path) const;
  // A scope lies strictly inside the path.
  bool AnyBelow(const PathResolver::Outcome& path) const;

  const std::vector<PathScope>& scopes() const { return scopes_; }

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct ObjectHash {
    size_t operator()(const std::pair<dev_t, ino_t>& object) const {
      return std::hash<uint64_t>()(object.second * 0x9e3779b97f4a7c15u + object.first);
    }
  };
  // The scopes by one of their paths.
  struct TextIndex {
    std::unordered_map<std::string, uint32_t, TextHash, std::equal_to<>> by_text;
    // The same texts in order: what is inside a folder stands together.
    std::set<std::string, std::less<>> sorted;
    // Which lengths there are (modulo the size): most folders above a path need no look-up.
    std::bitset<256> lengths;
    size_t longest = 0;

    void Add(const std::string& text, uint32_t scope);
    bool AnyInside(std::string_view folder) const;
  };

  const PathScope* FindAbove(const TextIndex& index, std::string_view path) const;
  const PathScope* FindObject(dev_t device, ino_t inode) const;

  std::vector<PathScope> scopes_;
  TextIndex resolved_;
  TextIndex lexical_;
  std::unordered_map<std::string, uint32_t, TextHash, std::equal_to<>> entries_;
  bool has_links_ = false;  // of some scope the two are not the same
  std::unordered_map<std::pair<dev_t, ino_t>, uint32_t, ObjectHash> objects_;
};

}  // namespace rt
