// From what a script asked for to a started program: finds it, checks it, makes the pipes. Must run
// on the runtime's thread, since checks do.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "src/op/op.h"
#include "src/permissions/process_sinks.h"

namespace rt {

// What JavaScript passes; every property is there.
struct CommandOptions {
  std::string command;
  std::vector<std::string> args;
  std::optional<std::string> cwd;
  bool clear_env = false;
  std::vector<std::string> env_names;
  std::vector<std::string> env_values;
  std::optional<uint32_t> uid;
  std::optional<uint32_t> gid;
  bool detached = false;
  std::vector<std::string> stdio;  // "piped", "inherit", "null"; for 0, 1 and 2
};
RT_STRUCT(CommandOptions, RT_FIELD(command), RT_FIELD(args), RT_FIELD(cwd), RT_FIELD(clear_env),
          RT_FIELD(env_names), RT_FIELD(env_values), RT_FIELD(uid), RT_FIELD(gid),
          RT_FIELD(detached), RT_FIELD(stdio))

struct StartedCommand {
  SpawnedChild child;
  std::array<OwnedFd, 3> pipes;  // our ends; invalid unless piped
};

// NotCapable, or an error in Deno's words.
Result<StartedCommand> StartCommand(Permissions& permissions, const CommandOptions& options,
                                    std::string_view api);

}  // namespace rt
