// What a registry says about a package: its versions and what each needs, in the abbreviated form
// of https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md. Pure; any
// thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"
#include "src/module/npm/semver.h"

namespace rt {

// The name a package's code uses, and what its author wrote behind it.
using NpmDependencies = std::map<std::string, std::string>;

// One version of a package.
struct NpmRelease {
  std::string name;
  std::string version;
  NpmDependencies dependencies = {};
  NpmDependencies optional = {};
  NpmDependencies peers = {};
  std::vector<std::string> optional_peers = {};
  std::vector<std::string> os = {};
  std::vector<std::string> cpu = {};
  std::vector<std::string> libc = {};
  std::string tarball = {};
  // "sha512-…" (https://www.w3.org/TR/SRI/), or 40 hexadecimal digits of SHA-1 from before that
  // was; empty: the registry does not say.
  std::string integrity = {};
  std::string deprecated = {};
  bool has_scripts = false;
  bool has_bin = false;

  // Whether this machine is one it says it works on.
  bool FitsPlatform() const;
};

class Packument {
 public:
  // TypeError if it is not what a registry says about `name`.
  static Result<Packument> Parse(std::string_view text, const std::string& name);

  // The version that `range` (a range, a version or a tag) means: the one tagged "latest" if it is
  // in the range, else the newest, and one that is not deprecated rather than one that is. `known`:
  // versions the program has already, one of which is as good. Empty: there is none.
  std::string Choose(std::string_view range, const std::vector<std::string>& known) const;
  // Nothing: it has no such version.
  std::unique_ptr<NpmRelease> Release(const std::string& version) const;

 private:
  struct Listed {
    Version version;
    std::string text;
    const Json* about;
  };
  std::string name_;
  std::unique_ptr<Json> json_;
  std::vector<Listed> versions_;
};

// Whether it can be a package's name: it becomes part of URLs and the name of a folder.
bool IsNpmName(std::string_view name);

// What stands behind a dependency's name.
struct NpmRequest {
  std::string name;   // of the package in the registry
  std::string range;  // "*" if nothing is said
};
// "^1.2.0", "latest", "npm:other@1". Nothing: it comes from elsewhere (git, a URL, a file).
std::optional<NpmRequest> ParseNpmRequest(const std::string& name, std::string_view text);

}  // namespace rt
