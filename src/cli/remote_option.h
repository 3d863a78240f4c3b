// What the command line, deno.json and the environment say about modules of other hosts.
#pragma once

#include <string>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"
#include "src/cli/project_option.h"
#include "src/module/remote/remote_modules.h"

namespace rt::cli {

// Reads the lock file. Errors name the flag or the file.
Result<RemoteOptions> MakeRemoteOptions(const Invocation& invocation, const Project& project,
                                        const std::string& main_url);

// Where nothing is said about importing, the hosts that Deno allows may be imported from, and the
// registries the user has configured; besides, always, the host of the main module. With
// --os-sandbox nothing is assumed: sockets stay closed unless a permission needs them.
void AllowUsualImports(const Invocation& invocation, const std::string& main_url,
                       const RemoteOptions& remote, PermissionOptions& permissions);

}  // namespace rt::cli
