// Helpers of the permission tests: a folder that goes away, and permissions from short
// descriptions. Must never be included outside tests/unit/permissions.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/permissions/grant_access.h"

namespace rt::test {

// Where a file system in memory is, for tests that change folders very often.
inline std::filesystem::path InMemory() {
  const char* const shared = "/dev/shm";
  return access(shared, W_OK) == 0 ? shared : std::filesystem::temp_directory_path();
}

class TempFolder {
 public:
  explicit TempFolder(
      const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    std::string name = (parent / "rt-perm-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = std::filesystem::canonical(name).string();
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  void Folder(const std::string& name) const { std::filesystem::create_directories(*this / name); }
  void File(const std::string& name, const std::string& text) const {
    std::ofstream(*this / name) << text;
  }
  void Link(const std::string& name, const std::string& target) const {
    ASSERT_EQ(symlink(target.c_str(), (*this / name).c_str()), 0) << name;
  }

 private:
  std::string path_;
};

inline Permissions Make(const PermissionOptions& options,
                        std::unique_ptr<PromptTty> tty = nullptr) {
  Result<Permissions> made = Permissions::FromOptions(options, std::move(tty));
  if (!made.ok()) {
    ADD_FAILURE() << made.error().message;
    std::abort();
  }
  return std::move(made).value();
}

// allow and deny lists for the read and write permissions alike.
inline Permissions ForPaths(std::vector<std::string> allow, std::vector<std::string> deny = {}) {
  PermissionOptions options;
  for (Perm perm : {Perm::kRead, Perm::kWrite}) {
    options[perm].allow_list = allow;
    options[perm].deny_list = deny;
  }
  return Make(options);
}

inline Permissions Unscoped(std::vector<Perm> perms) {
  PermissionOptions options;
  for (Perm perm : perms) options[perm].allow_all = true;
  return Make(options);
}

inline Permissions Everything() {
  PermissionOptions options;
  options.AllowAll();
  return Make(options);
}

// The ways a file may be reached: below what is granted, past nothing but the kernel's own files,
// without a look.
enum class Mode { kScoped, kGuarded, kEverything };
inline auto AllModes() {
  return ::testing::Values(Mode::kScoped, Mode::kGuarded, Mode::kEverything);
}
inline Permissions MakeFor(Mode mode, const TempFolder& folder) {
  switch (mode) {
    case Mode::kScoped:
      return ForPaths({folder.path()});
    case Mode::kGuarded:
      return Unscoped({Perm::kRead, Perm::kWrite});
    case Mode::kEverything:
      break;
  }
  return Everything();
}

inline Result<Granted<Perm::kRead, PathTarget>> Read(Permissions& permissions,
                                                     const std::string& path) {
  return GrantAccess::CheckPath<Perm::kRead>(permissions, path, "test");
}
inline Result<Granted<Perm::kWrite, PathTarget>> Write(Permissions& permissions,
                                                       const std::string& path) {
  return GrantAccess::CheckPath<Perm::kWrite>(permissions, path, "test");
}
template <Perm P>
Result<Granted<P, EntryTarget>> Entry(Permissions& permissions, const std::string& path) {
  return GrantAccess::CheckEntry<P>(permissions, path, "test");
}

template <class T>
::testing::AssertionResult IsNotCapable(const Result<T>& result) {
  if (result.ok()) return ::testing::AssertionFailure() << "was granted";
  if (result.error().error_class == ErrorClass::kNotCapable) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << ErrorClassName(result.error().error_class) << ": " << result.error().message;
}

template <class T>
std::string MessageOf(const Result<T>& result) {
  return result.ok() ? "(ok)" : result.error().message;
}

inline std::string ReadFd(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, got);
  return text;
}

}  // namespace rt::test
