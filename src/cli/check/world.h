// All that the type checker gets to know of the world, and a record of it: TypeScript's verdict is
// a function of these answers, so a program that had no errors has none as long as they are the
// same. Main thread. Runs no JavaScript.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "src/module/package_files.h"
#include "src/module/source_finder.h"

namespace rt::cli {

class CheckWorld {
 public:
  explicit CheckWorld(SourceFinder& finder) : finder_(finder) {}
  CheckWorld(const CheckWorld&) = delete;
  CheckWorld& operator=(const CheckWorld&) = delete;

  Result<std::string> Resolve(const std::string& specifier, const std::string& referrer);
  std::vector<Result<SourceFinder::Source>> Load(const std::vector<std::string>& urls);
  std::optional<std::string> ReadFile(const std::string& path);
  int KindOf(const std::string& path);  // 0: nothing, 1: a file, 2: a folder
  std::string RealPath(const std::string& path);
  std::optional<std::string> PackageOf(const std::string& path);
  std::optional<std::string> FolderOf(const std::string& name, const std::string& folder);
  // The folder with the declarations of Node's modules.
  Result<std::string> NodeTypes();

  // Set when a file of a registry's package is not what was published and cannot be had: what was
  // found since is about something else.
  const std::optional<Error>& failure() const { return failure_; }

  // What was asked and answered so far.
  std::string Record() const;
  // Asks all of a record again. False: an answer is another, or it is no record. Of files of
  // packages their text alone is compared: what is in a record was checked when it was made.
  bool IsStillTrue(const std::string& record);

 private:
  // "r" and the like, and the arguments.
  using Question = std::vector<std::string>;
  void Note(const Question& question, std::string answer);
  std::optional<std::string> Published(const std::string& path, std::optional<std::string> text);
  // In short: enough to see a change.
  std::string Ask(const Question& question);

  SourceFinder& finder_;
  DiskPackageFiles files_;
  std::optional<Error> failure_;
  std::string record_;
  std::unordered_set<std::string> noted_;
};

}  // namespace rt::cli
