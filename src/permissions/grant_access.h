// The only maker of Granted values: each function checks first and then makes one. Runtime's thread
// only; may block on a prompt and, under a scoped grant, on the file system. Never opens the target
// itself. Errors: NotCapable in Deno's words, TypeError for a malformed target.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/path_target.h"
#include "src/permissions/permissions.h"
#include "src/permissions/targets.h"

namespace rt {

struct PermTarget;

// A host that may be connected to, and one that may be listened on. As op arguments they are
// checked for that use; a plain Granted<Perm::kNet, HostPort> must be allowed for both.
class GrantedConnect : public Granted<Perm::kNet, HostPort> {
  friend class GrantAccess;
  explicit GrantedConnect(Granted<Perm::kNet, HostPort> host) : Granted(std::move(host)) {}
};
class GrantedListen : public Granted<Perm::kNet, HostPort> {
  friend class GrantAccess;
  explicit GrantedListen(Granted<Perm::kNet, HostPort> host) : Granted(std::move(host)) {}
};

// The same for unix sockets.
class GrantedConnectUnix : public Granted<Perm::kNet, UnixPath> {
  friend class GrantAccess;
  explicit GrantedConnectUnix(Granted<Perm::kNet, UnixPath> path) : Granted(std::move(path)) {}
};
class GrantedListenUnix : public Granted<Perm::kNet, UnixPath> {
  friend class GrantAccess;
  explicit GrantedListenUnix(Granted<Perm::kNet, UnixPath> path) : Granted(std::move(path)) {}
};

class GrantAccess {
 public:
  // `shown` replaces the quoted path in messages: "<TMP>", "<CWD>".
  template <Perm P>
  requires(P == Perm::kRead || P == Perm::kWrite) static Result<Granted<P, PathTarget>> CheckPath(
      Permissions& permissions, std::string path, std::string_view api,
      std::string_view shown = {}) {
    RT_TRY(auto target, ResolvePath(permissions, std::array{P}, std::move(path), true, api, shown));
    return Granted<P, PathTarget>(std::move(target));
  }
  template <Perm P>
  requires(P == Perm::kRead || P == Perm::kWrite) static Result<Granted<P, EntryTarget>> CheckEntry(
      Permissions& permissions, std::string path, std::string_view api) {
    RT_TRY(auto target, ResolvePath(permissions, std::array{P}, std::move(path), false, api, {}));
    return Granted<P, EntryTarget>(EntryTarget(std::move(target)));
  }

  // Checked for reading, then for writing.
  static Result<GrantedReadWrite<PathTarget>> CheckPathReadWrite(Permissions& permissions,
                                                                 std::string path,
                                                                 std::string_view api);
  static Result<GrantedReadWrite<EntryTarget>> CheckEntryReadWrite(Permissions& permissions,
                                                                   std::string path,
                                                                   std::string_view api);
  // For op_fs_open: what is needed depends on the options. `read` is checked first, as in Deno.
  // At least one must be true (TypeError).
  static Result<GrantedFor<PathTarget>> CheckOpen(Permissions& permissions, std::string path,
                                                  bool read, bool write, std::string_view api);

  // A host to connect to or to listen on; names are not looked up.
  static Result<Granted<Perm::kNet, HostPort>> CheckNet(Permissions& permissions, HostPortRaw raw,
                                                        std::string_view api,
                                                        NetUse use = NetUse::kEither);
  static Result<GrantedConnect> CheckConnect(Permissions& permissions, HostPortRaw raw,
                                             std::string_view api);
  // A host that modules are loaded from: `import` allows connecting to it, `net` need not.
  static Result<GrantedConnect> CheckImportConnect(Permissions& permissions, HostPortRaw raw,
                                                   std::string_view api);
  static Result<GrantedListen> CheckListen(Permissions& permissions, HostPortRaw raw,
                                           std::string_view api);
  // An address that `host` resolved to (or that it is): the deny rules again, on what will be
  // connected. The port comes from `address`.
  static Result<Granted<Perm::kNet, SocketAddress>> CheckResolved(
      Permissions& permissions, const Granted<Perm::kNet, HostPort>& host, const sockaddr* address,
      socklen_t length);
  static Result<Granted<Perm::kNet, UnixPath>> CheckUnix(Permissions& permissions, std::string path,
                                                         std::string_view api,
                                                         NetUse use = NetUse::kEither);
  static Result<GrantedConnectUnix> CheckConnectUnix(Permissions& permissions, std::string path,
                                                     std::string_view api);
  static Result<GrantedListenUnix> CheckListenUnix(Permissions& permissions, std::string path,
                                                   std::string_view api);

  static Result<Granted<Perm::kEnv, EnvName>> CheckEnv(Permissions& permissions, std::string name,
                                                       std::string_view api);
  static Result<Granted<Perm::kEnv, AllEnv>> CheckAllEnv(Permissions& permissions,
                                                         std::string_view api);
  static Result<Granted<Perm::kSys, SysKind>> CheckSys(Permissions& permissions, std::string kind,
                                                       std::string_view api);
  // Under an unscoped grant a bare name is looked up on the child's PATH, as in Deno; under a list
  // on the PATH of the start, and what the list names is what was found then.
  static Result<Granted<Perm::kRun, Program>> CheckRun(Permissions& permissions, RunRequest request,
                                                       std::string_view api);
  static Result<Granted<Perm::kRun, Program>> CheckRun(Permissions& permissions, std::string name,
                                                       std::string_view api) {
    return CheckRun(permissions, RunRequest{std::move(name), {}, {}}, api);
  }
  // The environment for a program that was granted. Unless `run` is unscoped, NotCapable for
  // variables the script changed that steer programs (SteersPrograms) and for a PATH with folders
  // that are not on the PATH of the start. What the user's own environment holds passes.
  static Result<Granted<Perm::kRun, ChildEnv>> CheckChildEnv(Permissions& permissions,
                                                             ChildEnvRequest request);
  static Result<Granted<Perm::kFfi, FfiPath>> CheckFfi(Permissions& permissions, std::string path,
                                                       std::string_view api);
  static Result<Granted<Perm::kImport, ImportTarget>> CheckImport(Permissions& permissions,
                                                                  HostPortRaw raw,
                                                                  std::string_view api);
  // All of the permission.
  template <Perm P>
  static Result<Granted<P, Everything>> CheckEverything(Permissions& permissions,
                                                        std::string_view api) {
    RT_TRY_VOID(RequireAll(permissions, P, api));
    return Granted<P, Everything>(Everything{});
  }

 private:
  static Result<PathTarget> ResolvePath(Permissions& permissions, std::span<const Perm> perms,
                                        std::string path, bool follow, std::string_view api,
                                        std::string_view shown);
  // With `ignored`, a target that is to be answered as absent is no error; without, it is.
  static Result<void> Require(Permissions& permissions, Perm perm, const PermTarget& target,
                              std::string_view api, bool* ignored = nullptr);
  static Result<void> RequireHost(Permissions& permissions, Perm perm, const CanonicalHost& host,
                                  std::optional<uint16_t> port, NetUse use, std::string_view api);
  static AllEnv VisibleEnv(const Permissions& permissions);
  static Result<void> RequireAll(Permissions& permissions, Perm perm, std::string_view api);
};

// --- op arguments ---

template <Perm P>
struct Granter<Granted<P, PathTarget>> {
  using Raw = std::string;
  static constexpr std::array kPerms{P};
  static Result<Granted<P, PathTarget>> Check(Permissions& permissions, Raw raw,
                                              std::string_view api) {
    return GrantAccess::CheckPath<P>(permissions, std::move(raw), api);
  }
};

template <Perm P>
struct Granter<Granted<P, EntryTarget>> {
  using Raw = std::string;
  static constexpr std::array kPerms{P};
  static Result<Granted<P, EntryTarget>> Check(Permissions& permissions, Raw raw,
                                               std::string_view api) {
    return GrantAccess::CheckEntry<P>(permissions, std::move(raw), api);
  }
};

#define RT_GRANTER(GrantedType, RawType, function, ...)                                         \
  template <>                                                                                   \
  struct Granter<GrantedType> {                                                                 \
    using Raw = RawType;                                                                        \
    static constexpr std::array kPerms{__VA_ARGS__};                                            \
    static Result<GrantedType> Check(Permissions& permissions, Raw raw, std::string_view api) { \
      return GrantAccess::function(permissions, std::move(raw), api);                           \
    }                                                                                           \
  };

// Aliases keep commas out of the macro; ops may spell either.
using GrantedHostPort = Granted<Perm::kNet, HostPort>;
using GrantedUnixPath = Granted<Perm::kNet, UnixPath>;
using GrantedEnvName = Granted<Perm::kEnv, EnvName>;
using GrantedSysKind = Granted<Perm::kSys, SysKind>;
using GrantedProgram = Granted<Perm::kRun, Program>;
using GrantedFfiPath = Granted<Perm::kFfi, FfiPath>;
using GrantedImport = Granted<Perm::kImport, ImportTarget>;

RT_GRANTER(GrantedReadWrite<PathTarget>, std::string, CheckPathReadWrite, Perm::kRead, Perm::kWrite)
RT_GRANTER(GrantedReadWrite<EntryTarget>, std::string, CheckEntryReadWrite, Perm::kRead,
           Perm::kWrite)
RT_GRANTER(GrantedHostPort, HostPortRaw, CheckNet, Perm::kNet)
RT_GRANTER(GrantedConnect, HostPortRaw, CheckConnect, Perm::kNet)
RT_GRANTER(GrantedListen, HostPortRaw, CheckListen, Perm::kNet)
RT_GRANTER(GrantedConnectUnix, std::string, CheckConnectUnix, Perm::kNet)
RT_GRANTER(GrantedListenUnix, std::string, CheckListenUnix, Perm::kNet)
RT_GRANTER(GrantedUnixPath, std::string, CheckUnix, Perm::kNet)
RT_GRANTER(GrantedEnvName, std::string, CheckEnv, Perm::kEnv)
RT_GRANTER(GrantedSysKind, std::string, CheckSys, Perm::kSys)
RT_GRANTER(GrantedProgram, std::string, CheckRun, Perm::kRun)
RT_GRANTER(GrantedFfiPath, std::string, CheckFfi, Perm::kFfi)
RT_GRANTER(GrantedImport, HostPortRaw, CheckImport, Perm::kImport)

#undef RT_GRANTER

// Targets that need no JS value: the op takes the Granted argument, the caller passes nothing for
// it.
struct NoRaw {};

template <>
struct Granter<Granted<Perm::kEnv, AllEnv>> {
  using Raw = NoRaw;
  static constexpr std::array kPerms{Perm::kEnv};
  static Result<Granted<Perm::kEnv, AllEnv>> Check(Permissions& permissions, Raw,
                                                   std::string_view api) {
    return GrantAccess::CheckAllEnv(permissions, api);
  }
};

template <Perm P>
struct Granter<Granted<P, Everything>> {
  using Raw = NoRaw;
  static constexpr std::array kPerms{P};
  static Result<Granted<P, Everything>> Check(Permissions& permissions, Raw, std::string_view api) {
    return GrantAccess::CheckEverything<P>(permissions, api);
  }
};

}  // namespace rt
