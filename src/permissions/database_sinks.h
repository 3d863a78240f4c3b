// What a database's files need beyond opening them (sinks.h): whether one is there, taking one
// away, making a folder's entries durable, and temporary files. Granted values only; any thread.
// Must never follow a last link.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"

namespace rt {

// Where a target is: absolute, links followed; what does not exist, where it would be. ENOENT if
// its folder does not exist.
Result<std::string> CanonicalPath(const Granted<Perm::kRead, PathTarget>& path);

// The rest acts on a file beside `main`: in its folder, under its name and a suffix ("-journal"),
// or on itself if that is empty. `main` must name the object and not a link to it, and the caller
// has asked whether a rule takes the file beside it away.

// `flags` as for OpenGranted, within what was granted for `main`.
Result<OwnedFd> OpenBeside(const GrantedFor<PathTarget>& main, std::string_view suffix, int flags,
                           mode_t mode = 0666);
// A regular file that is not empty, which is how SQLite tells a journal that counts.
Result<bool> HoldsData(const GrantedFor<PathTarget>& main, std::string_view suffix);
// ENOENT if there is none.
Result<void> RemoveBeside(const GrantedFor<PathTarget>& main, std::string_view suffix);
// Waits until the entries of the folder are on the disk.
Result<void> SyncFolderOf(const GrantedFor<PathTarget>& main);

// Memory of the kernel that behaves like a file and has no name.
Result<OwnedFd> OpenAnonymousFile();

}  // namespace rt
