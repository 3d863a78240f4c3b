// The grants a program used, gathered while it ran, and the smallest lists that cover them. Plain
// data; must never decide anything. Not thread-safe: the owner locks.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/permissions/permission.h"

namespace rt {

class GrantSet {
 public:
  // `entry` as a list of the permission takes it; empty for all of it.
  void Add(Perm perm, std::string_view entry);
  // The folder temporary files are made in: reads below it are granted as a whole, since their
  // names are others the next time.
  void AddTemporary(std::string_view folder);

  struct Lists {
    bool all = false;
    std::vector<std::string> entries{};
  };
  // Without what another entry covers, in order. Paths inside `cwd` are relative to it.
  Lists Smallest(Perm perm, std::string_view cwd) const;

  // `--allow-read=data --allow-net=connect:example.com:443`, quoted for a shell; empty if nothing
  // was used.
  std::string Flags(std::string_view cwd) const;
  // The same for a configuration file: {"permissions": {"default": {"read": ["data"]}}}.
  std::string Config(std::string_view cwd) const;

 private:
  std::array<std::set<std::string>, kPermCount> used_;
  std::set<std::string> temporary_;
};

// The text in double quotes, as JSON has it. Bytes that are no UTF-8 become U+FFFD.
std::string JsonText(std::string_view text);

}  // namespace rt
