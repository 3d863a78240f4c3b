#include "src/ext/process/command.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "src/ext/process/exit_status.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/path_scope.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

Error SpawnError(const std::string& program, Error error) {
  error.message = "Failed to spawn '" + program + "': " + error.message;
  return error;
}

// Relative to the child's folder, as execve in the child would take it.
std::string Absolute(const CommandOptions& options) {
  std::string folder = CurrentDirectory().ok() ? *CurrentDirectory() : std::string();
  if (options.cwd)
    folder = options.cwd->starts_with('/') ? *options.cwd : folder + "/" + *options.cwd;
  return NormalizeLexically(folder + "/" + options.command);
}

// Why there is no program, to somebody who may start it.
Error NoProgram(const CommandOptions& options) {
  const std::string& command = options.command;
  if (const int shortage = DescriptorShortage(); shortage != 0) {
    return SpawnError(command, Error::FromErrno(shortage));
  }
  if (command.find('/') == std::string::npos || command.find('\0') != std::string::npos) {
    return Error::Make(ErrorClass::kNotFound, "Failed to spawn '" + command + "': entity not found",
                       "ENOENT");
  }
  const std::string path = command.starts_with('/') ? command : Absolute(options);
  return SpawnError(path, Error::FromErrno(WhyNotExecutable(path)));
}

// The child's PATH. Where it has none, programs are looked for on ours.
std::optional<std::string> SearchPath(Permissions& permissions, const ChildEnv& env) {
  if (!permissions.IsUnscoped(Perm::kRun)) return std::nullopt;
  for (const std::string& entry : env.entries) {
    if (entry.starts_with("PATH=")) return entry.substr(5);
  }
  return std::nullopt;
}

// A folder that may not be read is no place to start something in, and why is not told: that would
// say whether and what it is.
Error WhyNotStarted(Permissions& permissions, const std::string& cwd, Error error) {
  if (cwd.empty() || error.syscall != kEnterFolder) return error;
  const auto status = permissions.Query(Perm::kRead, cwd);
  if (status.ok() && status->state == PermState::kGranted) return error;
  return NotCapableError(Perm::kRead, "\"" + cwd + "\"");
}

}  // namespace

Result<StartedCommand> StartCommand(Permissions& permissions, const CommandOptions& options,
                                    std::string_view api) {
  if (options.command.empty() || options.command.find('\0') != std::string::npos) {
    return NoProgram(options);
  }
  ChildEnvRequest changes{.set = {}, .clear = options.clear_env};
  if (options.env_names.size() != options.env_values.size()) {
    return Error::Type("every variable needs a value");
  }
  for (size_t i = 0; i < options.env_names.size(); ++i) {
    if (options.env_values[i].find('\0') != std::string::npos) {
      return SpawnError(options.command, Error::Make(ErrorClass::kTypeError,
                                                     "nul byte found in provided data", "EINVAL"));
    }
    changes.set.emplace_back(options.env_names[i], options.env_values[i]);
  }
  const std::string cwd = options.cwd.value_or("");
  const bool unscoped = permissions.IsUnscoped(Perm::kRun);
  if (!unscoped) {
    // The program first: what is wrong with the environment is for those who may start it.
    auto allowed = GrantAccess::CheckRun(permissions, RunRequest{options.command, cwd, {}}, api);
    if (!allowed.ok()) return allowed.TakeError();
  }
  RT_TRY(const auto env, GrantAccess::CheckChildEnv(permissions, std::move(changes)));
  RT_TRY(const auto program,
         GrantAccess::CheckRun(
             permissions, RunRequest{options.command, cwd, SearchPath(permissions, *env)}, api));
  if (program->path.empty()) return NoProgram(options);

  SpawnOptions spawn;
  spawn.args.reserve(options.args.size() + 1);
  spawn.args.push_back(options.command);
  spawn.args.insert(spawn.args.end(), options.args.begin(), options.args.end());
  spawn.cwd = cwd;
  spawn.uid = options.uid;
  spawn.gid = options.gid;
  spawn.detached = options.detached;

  StartedCommand started;
  std::array<OwnedFd, 3> theirs;
  if (options.stdio.size() != 3) return Error::Type("three streams are expected");
  for (size_t i = 0; i < 3; ++i) {
    const std::string& kind = options.stdio[i];
    if (kind == "inherit") {
      spawn.stdio[i] = static_cast<int>(i);
    } else if (kind == "null") {
      spawn.stdio[i] = -1;
    } else if (kind == "piped") {
      int ends[2];
      if (pipe2(ends, O_CLOEXEC) != 0) return SpawnError(program->path, Error::FromErrno(errno));
      const bool child_reads = i == 0;
      theirs[i] = OwnedFd(ends[child_reads ? 0 : 1]);
      started.pipes[i] = OwnedFd(ends[child_reads ? 1 : 0]);
      spawn.stdio[i] = theirs[i].get();
    } else {
      return Error::Type("unknown variant `" + kind +
                         "`, expected one of `inherit`, `piped`, `null`");
    }
  }
  const auto lock = OrphanReaper::BeforeSpawn();
  auto child = Spawn(program, env, spawn);
  if (!child.ok()) return WhyNotStarted(permissions, cwd, child.TakeError());
  started.child = std::move(*child);
  OrphanReaper::AddChild(started.child.pid);
  return started;
}

}  // namespace rt
