// The "npm" section of deno.lock, version 5: which packages a program has, what their tarballs
// hash to, and what each of them finds under its dependencies' names. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"

namespace rt {

struct LockedPackage {
  // A dependency's name in the package's code, and its id.
  using Links = std::map<std::string, std::string>;

  std::string integrity = {};  // as NpmRelease has it
  Links dependencies = {};
  Links optional = {};
  Links optional_peers = {};
  std::vector<std::string> os = {};
  std::vector<std::string> cpu = {};
  std::vector<std::string> libc = {};
  std::string tarball = {};  // empty: where the registry has them
  bool deprecated = false;
  bool has_scripts = false;
  bool has_bin = false;

  bool operator==(const LockedPackage&) const = default;
};

// By id: "name@version", and behind it "_" and the ids of its peers, if it has any.
using LockedPackages = std::map<std::string, LockedPackage>;

// "@a/b@1.0.0_c@2.0.0": {"@a/b", "1.0.0"}. Nothing: it is no id.
struct LockedName {
  std::string name;
  std::string version;
};
std::optional<LockedName> ParseLockedId(std::string_view id);

// TypeError for what is not what Deno writes.
Result<LockedPackages> ReadLockedPackages(const Json& section);
Json WriteLockedPackages(const LockedPackages& packages);

}  // namespace rt
