// The process environment, behind one lock.
#include "src/permissions/env_sinks.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <mutex>

namespace rt {
namespace {

// The environment is the process's, so its lock is too.
std::mutex& EnvLock() {
  static std::mutex lock;
  return lock;
}

}  // namespace

std::string TemporaryDirectory() {
  const std::lock_guard guard(EnvLock());
  const char* from_env = getenv("TMPDIR");
  return from_env != nullptr && from_env[0] == '/' ? from_env : "/tmp";
}

bool NoColorRequested() {
  const std::lock_guard guard(EnvLock());
  const char* value = getenv("NO_COLOR");
  return value != nullptr && value[0] != '\0';
}

std::optional<std::string> GetEnv(const Granted<Perm::kEnv, EnvName>& name) {
  if (name->ignored) return std::nullopt;
  const std::lock_guard guard(EnvLock());
  const char* value = getenv(name->name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

Result<void> SetEnv(const Granted<Perm::kEnv, EnvName>& name, std::string_view value) {
  if (value.find('\0') != std::string_view::npos) {
    std::string shown;
    for (char c : value) shown += c == '\0' ? std::string("\\0") : std::string(1, c);
    return Error::Type("Value contains invalid characters: \"" + shown + "\"");
  }
  if (name->ignored) return {};
  const std::lock_guard guard(EnvLock());
  if (setenv(name->name.c_str(), std::string(value).c_str(), 1) != 0) {
    return Error::FromErrno(errno, "setenv");
  }
  return {};
}

Result<void> UnsetEnv(const Granted<Perm::kEnv, EnvName>& name) {
  if (name->ignored) return {};
  const std::lock_guard guard(EnvLock());
  if (unsetenv(name->name.c_str()) != 0) return Error::FromErrno(errno, "unsetenv");
  return {};
}

std::vector<std::pair<std::string, std::string>> ListEnv(const Granted<Perm::kEnv, AllEnv>& all) {
  std::vector<std::pair<std::string, std::string>> list;
  const std::lock_guard guard(EnvLock());
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    const std::string_view name = text.substr(0, equals);
    if (all->Hides(name)) continue;
    list.emplace_back(name, text.substr(equals + 1));
  }
  return list;
}

}  // namespace rt
