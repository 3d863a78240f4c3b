// deno.lock, version 5: what every download was, so that it is the same next time. Parts rt does
// not know are kept as they are.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/config/json.h"
#include "src/module/npm/locked_packages.h"

namespace rt {

// One a process: any thread may use it.
class LockFile {
 public:
  // TypeError if the file is no lock file of a version rt reads. `frozen`: it must not change.
  static Result<LockFile> Read(std::string path, bool frozen);

  // The hash of a download: an error if it is not the one in the file, else remembered.
  Result<void> CheckRemote(const std::string& url, std::string_view body);
  // That of the meta file of a package's version (its name and version: "@std/path@1.0.0").
  Result<void> CheckJsr(const std::string& package, std::string_view meta);
  // Where a URL led. Error: the file says another target. Nothing said is fine.
  Result<void> CheckRedirect(const std::string& from, const std::string& to) const;
  Result<void> AddRedirect(const std::string& from, const std::string& to);
  // The version a "jsr:@std/path@1" was, however its range is written; nothing if the file does not
  // say.
  std::optional<std::string> VersionOf(const std::string& specifier) const;
  Result<void> AddSpecifier(const std::string& specifier, const std::string& version);

  // The packages of npm registries.
  LockedPackages Npm() const;
  // Adds these, and the version that "npm:name@range" stands for. Error: --frozen, and there is
  // something new. `replace`: what they and it depend on is not what was locked.
  Result<void> AddNpm(const LockedPackages& packages, const std::string& specifier,
                      const std::string& version, bool replace = false);
  // The hash of a package's tarball where the registry named none.
  Result<void> SetNpmIntegrity(const std::string& id, const std::string& integrity);

  // Writes the file if it changed.
  Result<void> Save();
  const std::string& path() const { return path_; }

 private:
  explicit LockFile(std::string path, bool frozen) : path_(std::move(path)), frozen_(frozen) {}
  Json::Object& Section(std::string_view name);
  const std::string* Get(std::string_view section, std::string_view key) const;
  Result<void> Add(std::string_view section, const std::string& key, Json value);
  Error OutOfDate(const std::string& what) const;

  std::string path_;
  bool frozen_;
  bool changed_ = false;
  Json::Object root_;  // without "npm"
  LockedPackages npm_;
  // Workers use their parent's file.
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
};

}  // namespace rt
