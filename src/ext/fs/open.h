// Opening files and making temporary ones: the calls whose options decide what permission they
// need. Preparing checks and must run on the runtime's thread; the job itself may run on the pool.
#pragma once

#include <string>

#include "src/base/result.h"
#include "src/ext/fs/values.h"
#include "src/ext/io/io.h"
#include "src/permissions/grant_access.h"

namespace rt {

// An open that passed its checks.
struct OpenJob {
  GrantedFor<PathTarget> path;
  int flags;
  mode_t mode;
  FileResource::Rights rights;

  // Any thread.
  Result<OwnedFd> Run() const;
};
// NotCapable for what the options need; Error for options that contradict each other, in Deno's
// words.
Result<OpenJob> PrepareOpen(Permissions& permissions, std::string path, const OpenOptions& options,
                            std::string_view api);

// A temporary file or folder to make.
struct TempJob {
  Granted<Perm::kWrite, PathTarget> dir;
  std::string prefix;
  std::string suffix;
};
// Without `dir`: in the system's folder for temporary files, which messages then call <TMP>.
// TypeError for a prefix or suffix that is more than a part of a name.
Result<TempJob> PrepareTemp(Permissions& permissions, std::optional<std::string> dir,
                            std::string prefix, std::string suffix, std::string_view api);

}  // namespace rt
