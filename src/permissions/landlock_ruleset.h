// Landlock's half of the wall: which paths and ports the kernel lets this process use. Internal to
// os_sandbox.cc. Every version of the kernel's interface, and none.
#pragma once

#include <cstdint>
#include <string>

#include "src/permissions/landlock_abi.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_scope.h"

namespace rt {

// The version of the kernel's interface; 0: there is none.
int LandlockVersion();

class LandlockRuleset {
 public:
  // What this version does not know is left out of `attributes`.
  LandlockRuleset(landlock::RulesetAttr attributes, int version);
  // Something is refused at all.
  bool refuses_anything() const {
    return attributes_.handled_access_fs != 0 || attributes_.handled_access_net != 0 ||
           attributes_.scoped != 0;
  }
  // False, and errno: the kernel did not make it.
  bool Create();
  const landlock::RulesetAttr& attributes() const { return attributes_; }

  // Everything below the path, or the file. What does not exist is left out.
  void AllowPath(const char* path, uint64_t rights);
  void AllowPort(uint16_t port, uint64_t rights);
  // Holds for the calling thread from now on. Needs PR_SET_NO_NEW_PRIVS.
  bool Enforce();

 private:
  landlock::RulesetAttr attributes_;
  int version_;
  OwnedFd fd_;
};

}  // namespace rt
