#include "src/permissions/landlock_ruleset.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace rt {
namespace {

constexpr uint64_t kFileRights = landlock::kExecute | landlock::kWriteFile | landlock::kReadFile |
                                 landlock::kTruncate | landlock::kIoctlDevice;

uint64_t KnownPathRights(int version) {
  uint64_t rights = (landlock::kMakeSym << 1) - 1;
  if (version >= 2) rights |= landlock::kRefer;
  if (version >= 3) rights |= landlock::kTruncate;
  if (version >= 5) rights |= landlock::kIoctlDevice;
  return rights;
}

}  // namespace

int LandlockVersion() {
  const long version =
      syscall(landlock::kSysCreateRuleset, nullptr, size_t{0}, landlock::kCreateRulesetVersion);
  return version > 0 ? static_cast<int>(version) : 0;
}

LandlockRuleset::LandlockRuleset(landlock::RulesetAttr attributes, int version)
    : attributes_(attributes), version_(version) {
  attributes_.handled_access_fs &= KnownPathRights(version);
  if (version < 4) attributes_.handled_access_net = 0;
  if (version < 6) attributes_.scoped = 0;
  if (version < 1) attributes_ = {};
}

bool LandlockRuleset::Create() {
  // Older kernels know a shorter structure.
  const size_t size = version_ >= 6   ? sizeof attributes_
                      : version_ >= 4 ? offsetof(landlock::RulesetAttr, scoped)
                                      : offsetof(landlock::RulesetAttr, handled_access_net);
  fd_ = OwnedFd(
      static_cast<int>(syscall(landlock::kSysCreateRuleset, &attributes_, size, uint32_t{0})));
  return fd_.valid();
}

void LandlockRuleset::AllowPath(const char* path, uint64_t rights) {
  rights &= attributes_.handled_access_fs;
  if (rights == 0) return;
  const OwnedFd object(open(path, O_PATH | O_CLOEXEC));
  if (!object) return;
  landlock::PathBeneathAttr rule{rights, object.get()};
  const auto add = [&] {
    return syscall(landlock::kSysAddRule, fd_.get(), landlock::kRulePathBeneath, &rule,
                   uint32_t{0}) == 0;
  };
  if (add() || errno != EINVAL) return;
  // Rights that only folders have are an error for anything else.
  rule.allowed_access &= kFileRights;
  if (rule.allowed_access != 0) (void)add();
}

void LandlockRuleset::AllowPort(uint16_t port, uint64_t rights) {
  landlock::NetPortAttr rule{rights & attributes_.handled_access_net, port};
  if (rule.allowed_access == 0) return;
  syscall(landlock::kSysAddRule, fd_.get(), landlock::kRuleNetPort, &rule, uint32_t{0});
}

bool LandlockRuleset::Enforce() {
  return syscall(landlock::kSysRestrictSelf, fd_.get(), uint32_t{0}) == 0;
}

}  // namespace rt
