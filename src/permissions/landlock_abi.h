// Landlock's system calls and structures, which the C library's headers may not have yet. From the
// kernel's documentation, userspace-api/landlock; x86_64 and aarch64 share the numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt::landlock {

inline constexpr long kSysCreateRuleset = 444;
inline constexpr long kSysAddRule = 445;
inline constexpr long kSysRestrictSelf = 446;
inline constexpr uint32_t kCreateRulesetVersion = 1;
inline constexpr int kRulePathBeneath = 1;
inline constexpr int kRuleNetPort = 2;

inline constexpr uint64_t kExecute = 1 << 0;
inline constexpr uint64_t kWriteFile = 1 << 1;
inline constexpr uint64_t kReadFile = 1 << 2;
inline constexpr uint64_t kReadDir = 1 << 3;
inline constexpr uint64_t kRemoveDir = 1 << 4;
inline constexpr uint64_t kRemoveFile = 1 << 5;
inline constexpr uint64_t kMakeChar = 1 << 6;
inline constexpr uint64_t kMakeDir = 1 << 7;
inline constexpr uint64_t kMakeReg = 1 << 8;
inline constexpr uint64_t kMakeSock = 1 << 9;
inline constexpr uint64_t kMakeFifo = 1 << 10;
inline constexpr uint64_t kMakeBlock = 1 << 11;
inline constexpr uint64_t kMakeSym = 1 << 12;
inline constexpr uint64_t kRefer = 1 << 13;        // ABI 2
inline constexpr uint64_t kTruncate = 1 << 14;     // ABI 3
inline constexpr uint64_t kIoctlDevice = 1 << 15;  // ABI 5

inline constexpr uint64_t kBindTcp = 1 << 0;  // ABI 4
inline constexpr uint64_t kConnectTcp = 1 << 1;

inline constexpr uint64_t kScopeAbstractUnix = 1 << 0;  // ABI 6
inline constexpr uint64_t kScopeSignal = 1 << 1;

struct RulesetAttr {
  uint64_t handled_access_fs = 0;
  uint64_t handled_access_net = 0;  // ABI 4
  uint64_t scoped = 0;              // ABI 6
};

struct [[gnu::packed]] PathBeneathAttr {
  uint64_t allowed_access;
  int32_t parent_fd;
};

struct NetPortAttr {
  uint64_t allowed_access;
  uint64_t port;
};

}  // namespace rt::landlock
