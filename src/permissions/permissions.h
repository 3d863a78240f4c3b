// What one runtime may do: allow and deny rules for each Perm, answers given at prompts, and what
// was revoked. Deny rules always win, at every level. Runtime's thread only. The checks that make
// Granted values are in grant_access.h; nothing here opens, connects or spawns.
#pragma once

#include <sys/socket.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/decision.h"
#include "src/permissions/net_scope.h"
#include "src/permissions/permission.h"
#include "src/permissions/prompt.h"

namespace rt {

// What the flags of one permission said.
struct PermRules {
  bool allow_all = false;                 // --allow-net
  std::vector<std::string> allow_list{};  // --allow-net=a,b
  bool deny_all = false;                  // --deny-net
  std::vector<std::string> deny_list{};   // --deny-net=a,b
  bool ignore_all = false;                // --ignore-env; read and env only
  std::vector<std::string> ignore_list{};
};

struct PermissionOptions {
  std::array<PermRules, kPermCount> rules;
  bool no_prompt = false;  // --no-prompt
  std::string cwd;         // what relative list entries are relative to; empty: the process's cwd

  PermRules& operator[](Perm perm) { return rules[static_cast<size_t>(perm)]; }
  const PermRules& operator[](Perm perm) const { return rules[static_cast<size_t>(perm)]; }

  // -A: all eight, unscoped.
  void AllowAll() {
    for (PermRules& rule : rules) rule.allow_all = true;
  }
};

// A descriptor of Deno.permissions: what of the permission is meant. Without a value: all of it.
// read, write, ffi: a path; run: a command; env: a name; sys: a kind; net, import: "host[:port]".
using PermDescriptor = std::optional<std::string>;

// What a worker is given of its parent's permissions.
struct RestrictOptions {
  enum class Mode : uint8_t {
    kInherit,  // what the parent may
    kNone,     // nothing
    kAll,      // all of it, which the parent must have
    kList,     // entries, each of which the parent must have
  };
  struct Rule {
    Mode mode = Mode::kInherit;
    std::vector<std::string> list{};
  };
  std::array<Rule, kPermCount> rules;
  std::string cwd;  // what relative entries are relative to; empty: the process's cwd
  Rule& operator[](Perm perm) { return rules[static_cast<size_t>(perm)]; }
  const Rule& operator[](Perm perm) const { return rules[static_cast<size_t>(perm)]; }
};

class GrantAccess;
struct PermissionsState;
struct PermTarget;

class Permissions {
 public:
  // Errors (TypeError) name the flag and the entry: `--allow-net=a b: ...`. `tty` asks at run time;
  // null, or no_prompt, means a missing permission is simply refused.
  static Result<Permissions> FromOptions(const PermissionOptions& options,
                                         std::unique_ptr<PromptTty> tty = nullptr);
  // The permissions of a worker: never more than the parent's, deny and ignore rules included. What
  // the parent does not have is NotCapable. `tty` may ask only for inherited kinds; what is
  // answered there is the worker's alone. Call it on the parent's thread; the result may move.
  static Result<Permissions> Restrict(const Permissions& parent, const RestrictOptions& options,
                                      std::unique_ptr<PromptTty> tty = nullptr);
  ~Permissions();
  Permissions(Permissions&&) noexcept;
  Permissions& operator=(Permissions&&) noexcept;

  // Deno.permissions.query. TypeError for a descriptor that cannot be parsed (unknown sys kind, bad
  // host, empty path).
  Result<PermStatus> Query(Perm perm, const PermDescriptor& descriptor = {}) const;
  // Deno.permissions.request: asks if the state is "prompt" and there is a terminal; the state
  // after.
  Result<PermStatus> Request(Perm perm, const PermDescriptor& descriptor = {});
  // Deno.permissions.revoke: takes back what was granted for the descriptor (all of the permission
  // without one) and everything it covers; the state after.
  Result<PermStatus> Revoke(Perm perm, const PermDescriptor& descriptor = {});

  // For the helper on the other side of the kernel's wall: runs `check` as if nothing had been
  // granted, so that it asks a person, and says what the answer was.
  PromptAnswer AskAnew(const std::function<bool()>& check);

  // Tells `observer` of every check from now on (null: nobody). With `audit` what no rule grants is
  // done all the same. The observer must outlive this object.
  void Observe(PermissionObserver* observer, bool audit);

  // Allowed for every target, no deny rule: the check is this one load.
  bool IsUnscoped(Perm perm) const { return unscoped_[static_cast<size_t>(perm)]; }
  // All eight are unscoped (-A): procfs and raw devices are open too.
  bool IsEverything() const { return everything_; }

  // Deny rules of `net` (or of `import`) against an address a name resolved to, or a peer to send
  // to. NotCapable shows `name` if given, else the address. Allow rules are not consulted: they
  // were, for the name.
  Result<void> CheckAddress(const sockaddr* address, std::string_view name = {},
                            NetUse use = NetUse::kEither, Perm perm = Perm::kNet) const;

 private:
  friend class GrantAccess;
  Permissions();
  void Recompute();
  // Unscoped, and nobody wants to know.
  bool IsFree(Perm perm) const { return free_[static_cast<size_t>(perm)]; }
  // Tells the observer, if there is one. True if the operation may be done.
  bool Report(Perm perm, const PermTarget& target, const Decision& decision,
              std::string_view api) const;

  std::array<bool, kPermCount> free_{};
  std::array<bool, kPermCount> unscoped_{};
  bool everything_ = false;
  std::unique_ptr<PermissionsState> state_;
};

// The kinds `sys` knows ("hostname", "osRelease", ...).
bool IsSysKind(std::string_view kind);

// NotCapable: `Requires net access to "0.0.0.0:8000", run again with the --allow-net flag`.
// `target` goes in as it is: quoted by the caller, or `<CWD>`, or empty for all of the permission.
Error NotCapableError(Perm perm, std::string_view target);
// NotCapable for what only -A opens: `Requires all access to "/proc/self/mem", run again with the
// --allow-all flag`.
Error AllAccessError(std::string_view target);

}  // namespace rt
