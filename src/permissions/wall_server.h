// The helper processes' own code. Internal to wall_helper.cc and the test of the wall.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>

#include "src/permissions/permissions.h"

namespace rt {

enum class WallRole : uint8_t;
struct WallHelperOptions;

// Serves `socket` until the other end is closed or `parent` ends, then ends the process. `mask`:
// the signals that programs it starts are to have blocked. In a process forked from one that had a
// single thread.
[[noreturn]] void RunWallServer(WallRole role, int socket, pid_t parent, const sigset_t& mask,
                                const PermissionOptions& rules, const WallHelperOptions& options);

// True in a helper process.
bool IsWallServer();
// And there, while no script has asked for anything: what is not granted is refused without a
// question, and without keeping an answer.
bool WallServerAsksNobody();

}  // namespace rt
