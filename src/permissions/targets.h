// What the permissions other than read and write are granted for. Plain owned values; the checks
// that fill them are in GrantAccess. Must never hold a pointer into the runtime.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/permissions/ip_address.h"
#include "src/permissions/net_scope.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"
#include "src/permissions/permission.h"

namespace rt {

// As the script gave it: any spelling of the host, brackets around IPv6 or not.
struct HostPortRaw {
  std::string host;
  std::optional<uint16_t> port;
};

// A host to connect to or listen on. `host` is lower case without the trailing dot, or the
// canonical text of `ip` when the host was an address in any numeric spelling ("0x7f.1" ->
// "127.0.0.1"). A name has to be looked up: pass every answer through GrantAccess::CheckResolved
// before connecting.
struct HostPort {
  std::string host;
  std::optional<uint16_t> port;
  std::optional<IpAddress> ip;
  NetUse use = NetUse::kEither;  // what it was granted for
  // Whose deny rules the addresses it resolves to must pass: net, or import for a host that modules
  // are loaded from.
  Perm via = Perm::kNet;
};

// One socket address that passed the deny rules, ready for connect, bind or sendto.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// A unix socket path for connect or bind ("@name" is abstract). The path itself also needs read and
// write; issue 5 checks that too and binds through a directory descriptor.
struct UnixPath {
  std::string path;
};

struct EnvName {
  std::string name;
  bool ignored = false;  // --ignore-env: reads as not set, and stays so
};

// The whole environment, less what deny and ignore rules name.
class AllEnv {
 public:
  bool Hides(std::string_view name) const;

 private:
  friend class GrantAccess;
  std::vector<std::string> deny_;   // patterns of --deny-env and --ignore-env
  bool ignore_all_ = false;         // --ignore-env: only what is allowed by name is there
  std::vector<std::string> allow_;  // those names
};

// One of the kinds in SysKinds().
struct SysKind {
  std::string kind;
};

// A program to start, found once. Nothing is looked up again: pass it to ExecGranted (run_sinks.h).
struct Program {
  std::string name;   // as the script spelt it; what argv[0] is
  std::string path;   // absolute; empty: there is no such program (starting it is ENOENT)
  std::string entry;  // `path` with the links in its folder followed, not a last one
  dev_t device = 0;   // of the file that was checked
  ino_t inode = 0;
  std::shared_ptr<const OwnedFd> file;  // that file, O_PATH; null if there is none
  // Where the links between `entry` and the file are, and the file itself, links in folders
  // followed. Who replaces one of them replaces the program.
  std::vector<std::string> way;
};

// What a script says about a program to start.
struct RunRequest {
  std::string name;
  std::string cwd;                           // the child's; empty: the process's
  std::optional<std::string> search_path{};  // the child's PATH, if the script set one
};

// The changes a script makes to the environment a child inherits.
struct ChildEnvRequest {
  std::vector<std::pair<std::string, std::string>> set;
  bool clear = false;  // inherit nothing
};

// The whole environment of a child, "NAME=value" each. Without what --deny-env hides.
struct ChildEnv {
  std::vector<std::string> entries;
};

// A shared library to load; resolved like a read path.
class FfiPath : public PathTarget {
 public:
  FfiPath() = default;

 private:
  friend class GrantAccess;
  explicit FfiPath(PathTarget target) : PathTarget(std::move(target)) {}
};

// A host that modules may be loaded from.
struct ImportTarget {
  std::string host;
  std::optional<uint16_t> port;
  std::optional<IpAddress> ip;
};

// All of a permission, unscoped and without deny rules: for calls that name no target
// (Deno.kill needs all of `run`, Deno.symlink all of `read` and `write`).
struct Everything {};

}  // namespace rt
