// What the helpers do for rt. Every call is judged here by rules of the helper's own, made from
// the same flags, and done with what was judged: a path is resolved again, a program found again.
// They must never take rt's word for anything that decides.
#include "src/permissions/wall_server.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "src/base/output.h"
#include "src/permissions/database_sinks.h"
#include "src/permissions/env_sinks.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/ip_address.h"
#include "src/permissions/meta_sinks.h"
#include "src/permissions/net_sinks.h"
#include "src/permissions/path_resolver.h"
#include "src/permissions/path_scope.h"
#include "src/permissions/permissions_state.h"
#include "src/permissions/process_sinks.h"
#include "src/permissions/program_parts.h"
#include "src/permissions/rule_facts.h"
#include "src/permissions/seccomp_filter.h"
#include "src/permissions/sinks.h"
#include "src/permissions/wall_helper.h"
#include "src/permissions/wall_wire.h"

namespace rt {
namespace {

bool is_server = false;
bool is_asking = false;  // a script's question is being put to the person

constexpr int kWrites = O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

// What rt reads on its own to know what a package or a project is.
bool IsProjectFile(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == "package.json" || name == "deno.json" || name == "deno.jsonc" ||
         name == "tsconfig.json";
}

Result<void> UseSocketAddress(const OwnedFd& fd, const sockaddr* address, socklen_t length,
                              bool connects) {
  const int result =
      connects ? connect(fd.get(), address, length) : bind(fd.get(), address, length);
  if (result != 0) return Error::FromErrno(errno);
  return {};
}

// Which helper a call is for.
bool IsFor(WallRole role, WallCall call) {
  switch (call) {
    case WallCall::kReady:
    case WallCall::kUmask:
    case WallCall::kAsk:  // about what is its own
      return true;
    case WallCall::kSpawn:
    case WallCall::kSignal:
      return role == WallRole::kPrograms;
    default:
      return role == WallRole::kFiles;
  }
}

class WallServer {
 public:
  WallServer(WallRole role, int socket, const sigset_t& mask, const PermissionOptions& rules,
             const WallHelperOptions& options, Permissions permissions, pid_t parent)
      : role_(role),
        socket_(socket),
        mask_(mask),
        reads_code_(options.reads_code),
        lock_file_(options.lock_file),
        search_path_(RuleFacts::Of(rules)->search_path),
        permissions_(std::move(permissions)),
        asks_(options.asks),
        parent_(parent) {
    if (role == WallRole::kFiles) FindLockFile();
    for (const Perm perm : {Perm::kNet, Perm::kImport}) {
      if (rules[perm].deny_all) continue;
      for (const std::string& entry : rules[perm].allow_list) (void)NetScope::Parse(entry, &hosts_);
      any_host_ = any_host_ || (perm == Perm::kNet && rules[perm].allow_all);
    }
  }

  void Run() {
    WireMessage message;
    while (ReceiveWireMessage(socket_, &message)) {
      reply_ = WireWriter();
      reply_fd_.Reset();
      WireReader call(message.body);
      const auto which = static_cast<WallCall>(call.Number());
      const WallAnswer answer = call.ok() ? Serve(which, call, message.fds) : WallAnswer::kRefused;
      WireWriter head;
      head.Number(static_cast<uint64_t>(answer));
      const int fds[] = {reply_fd_.get()};
      if (!SendWireMessage(socket_, head.body() + reply_.body(),
                           std::span(fds, reply_fd_.valid() ? 1 : 0))) {
        return;
      }
      message.fds.clear();
    }
  }

 private:
  WallAnswer Serve(WallCall which, WireReader& call, std::vector<OwnedFd>& fds) {
    if (!IsFor(role_, which)) return WallAnswer::kRefused;
    switch (which) {
      case WallCall::kReady:
        return WallAnswer::kDone;
      case WallCall::kOpen:
        return Open(call);
      case WallCall::kCode:
        return OpenCode(call);
      case WallCall::kSeal:
        reads_code_ = false;
        return WallAnswer::kDone;
      case WallCall::kReplaceFile:
        return ReplaceFile(call);
      case WallCall::kMkdir: {
        const std::string path = call.Text();
        const auto mode = static_cast<mode_t>(call.Number());
        const bool recursive = call.Number() != 0;
        return OnEntry(call, path,
                       [&](const auto& entry) { return Mkdir(entry, mode, recursive); });
      }
      case WallCall::kRemove: {
        const std::string path = call.Text();
        const bool recursive = call.Number() != 0;
        auto entry = GrantAccess::CheckEntry<Perm::kWrite>(permissions_, path, {});
        if (!call.ok()) return WallAnswer::kRefused;
        return entry.ok() ? Done(Remove(*entry, recursive)) : RemoveBesideDatabase(path);
      }
      case WallCall::kRename: {
        const std::string from = call.Text();
        const std::string to = call.Text();
        auto source = GrantAccess::CheckEntryReadWrite(permissions_, from, {});
        if (!call.ok() || !source.ok()) return WallAnswer::kRefused;
        return OnEntry(call, to, [&](const auto& entry) { return Rename(*source, entry); });
      }
      case WallCall::kLink: {
        auto from = GrantAccess::CheckEntryReadWrite(permissions_, call.Text(), {});
        auto to = GrantAccess::CheckEntryReadWrite(permissions_, call.Text(), {});
        if (!call.ok() || !from.ok() || !to.ok()) return WallAnswer::kRefused;
        return Done(Link(*from, *to, "link"));
      }
      case WallCall::kSymlink: {
        const std::string target = call.Text();
        auto all_read = GrantAccess::CheckEverything<Perm::kRead>(permissions_, {});
        auto all_write = GrantAccess::CheckEverything<Perm::kWrite>(permissions_, {});
        auto path = GrantAccess::CheckEntryReadWrite(permissions_, call.Text(), {});
        if (!call.ok() || !all_read.ok() || !all_write.ok() || !path.ok()) {
          return WallAnswer::kRefused;
        }
        return Done(Symlink(*all_read, *all_write, target, *path, "symlink"));
      }
      case WallCall::kMakeTemporary:
        return MakeTemporary(call);
      case WallCall::kSpawn:
        return StartProgram(call, fds);
      case WallCall::kSignal: {
        const auto pid = static_cast<pid_t>(call.Number());
        const int signal = static_cast<int>(call.Number());
        auto all = GrantAccess::CheckEverything<Perm::kRun>(permissions_, {});
        if (!call.ok() || !all.ok()) return WallAnswer::kRefused;
        return Done(SendSignal(*all, pid, signal));
      }
      case WallCall::kConnect:
      case WallCall::kBind:
        return UseAddress(which == WallCall::kConnect, call, fds);
      case WallCall::kBindUnix: {
        const std::string path = call.Text();
        if (!call.ok() || fds.size() != 1) return WallAnswer::kRefused;
        auto entry = GrantAccess::CheckEntryReadWrite(permissions_, path, {});
        auto net = GrantAccess::CheckListenUnix(permissions_, path, {});
        if (!entry.ok() || !net.ok()) return WallAnswer::kRefused;
        return Done(BindUnixTo(fds[0], *entry, *net));
      }
      case WallCall::kAsk:
        return Ask(call);
      case WallCall::kUmask:
        umask(static_cast<mode_t>(call.Number() & 0777));
        return WallAnswer::kDone;
    }
    return WallAnswer::kRefused;
  }

  WallAnswer Failed(const Error& error) {
    // Its own checks within a sink (kernel state, a denied path inside a tree).
    if (error.error_class == ErrorClass::kNotCapable) return WallAnswer::kRefused;
    reply_.Failure(error);
    return WallAnswer::kFailed;
  }
  WallAnswer Done(const Result<void>& done) {
    return done.ok() ? WallAnswer::kDone : Failed(done.error());
  }
  WallAnswer DoneWith(Result<OwnedFd> opened) {
    if (!opened.ok()) return Failed(opened.error());
    reply_fd_ = std::move(*opened);
    return WallAnswer::kDone;
  }
  template <class Act>
  WallAnswer OnEntry(const WireReader& call, const std::string& path, const Act& act) {
    if (!call.ok()) return WallAnswer::kRefused;
    auto entry = GrantAccess::CheckEntry<Perm::kWrite>(permissions_, path, {});
    return entry.ok() ? Done(act(*entry)) : WallAnswer::kRefused;
  }

  WallAnswer Open(WireReader& call) {
    const std::string path = call.Text();
    const int flags = static_cast<int>(call.Number());
    const auto mode = static_cast<mode_t>(call.Number());
    const int access = flags & O_ACCMODE;
    if (!call.ok() || access == O_ACCMODE || (flags & O_PATH) != 0) return WallAnswer::kRefused;
    const bool reads = access != O_WRONLY;
    const bool writes = access != O_RDONLY || (flags & kWrites) != 0;
    // A FIFO's other end must not keep everybody waiting.
    const int quick = flags | O_NONBLOCK;
    auto granted = GrantAccess::CheckOpen(permissions_, path, reads, writes, {});
    if (!granted.ok()) return OpenBesideDatabase(path, reads, writes, flags, mode);
    Result<OwnedFd> opened = OpenGranted(*granted, "open", quick, mode);
    if (opened.ok() && (flags & O_NONBLOCK) == 0) {
      struct stat info;
      if (fstat(opened->get(), &info) != 0 || S_ISFIFO(info.st_mode)) return WallAnswer::kRefused;
      fcntl(opened->get(), F_SETFL, fcntl(opened->get(), F_GETFL) & ~O_NONBLOCK);
    }
    return DoneWith(std::move(opened));
  }

  // SQLite's files beside a database that was granted by name: which suffix, or nothing.
  std::string_view DatabaseSuffix(const std::string& path) const {
    for (const Perm perm : {Perm::kRead, Perm::kWrite}) {
      auto status = permissions_.Query(perm, path);
      if (!status.ok() || status->state == PermState::kDenied) return {};
    }
    for (const std::string_view suffix : {"-journal", "-wal", "-shm"}) {
      if (path.ends_with(suffix)) return suffix;
    }
    return {};
  }
  WallAnswer OpenBesideDatabase(const std::string& path, bool reads, bool writes, int flags,
                                mode_t mode) {
    const std::string_view suffix = DatabaseSuffix(path);
    if (suffix.empty()) return WallAnswer::kRefused;
    auto main = GrantAccess::CheckOpen(permissions_, path.substr(0, path.size() - suffix.size()),
                                       reads, writes, {});
    if (!main.ok()) return WallAnswer::kRefused;
    return DoneWith(OpenBeside(*main, suffix, flags, mode));
  }
  WallAnswer RemoveBesideDatabase(const std::string& path) {
    const std::string_view suffix = DatabaseSuffix(path);
    if (suffix.empty()) return WallAnswer::kRefused;
    auto main = GrantAccess::CheckOpen(permissions_, path.substr(0, path.size() - suffix.size()),
                                       false, true, {});
    if (!main.ok()) return WallAnswer::kRefused;
    return Done(RemoveBeside(*main, suffix));
  }

  WallAnswer OpenCode(WireReader& call) {
    const std::string path = call.Text();
    if (!call.ok() || !(reads_code_ || IsProjectFile(path))) return WallAnswer::kRefused;
    OwnedFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!fd) return Failed(Error::FromErrno(errno, "open", path));
    struct stat info;
    if (fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) || IsSpecialFileSystem(fd.get())) {
      return WallAnswer::kRefused;
    }
    // A link may call anything so.
    if (!reads_code_ && !IsProjectFile(PathOfFd(fd.get()))) return WallAnswer::kRefused;
    fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
    return DoneWith(std::move(fd));
  }

  // Where the lock file is was found out at the start: no link put there since is followed.
  void FindLockFile() {
    if (lock_file_.empty()) return;
    char* const target = realpath(lock_file_.c_str(), nullptr);
    const std::string place = target != nullptr ? target : lock_file_;
    free(target);
    const size_t slash = place.rfind('/');
    lock_folder_ = OwnedFd(
        open(slash == 0 ? "/" : place.substr(0, slash).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    lock_name_ = place.substr(slash + 1);
  }

  WallAnswer ReplaceFile(WireReader& call) {
    const std::string path = call.Text();
    const std::string head = call.Text();
    const std::string bytes = head + call.Text();
    if (!call.ok() || !lock_folder_ || path != lock_file_) return WallAnswer::kRefused;
    const std::string temporary = lock_name_ + "." + std::to_string(getpid());
    const int folder = lock_folder_.get();
    const mode_t mask = umask(0);
    umask(mask);
    struct stat info;
    const bool is_there = fstatat(folder, lock_name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                          S_ISREG(info.st_mode);
    (void)unlinkat(folder, temporary.c_str(), 0);  // of a process that had this number
    const OwnedFd fd(openat(folder, temporary.c_str(),
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd && fchmod(fd.get(), is_there ? info.st_mode & 07777 : 0666 & ~mask) == 0 &&
        WriteFully(fd.get(), bytes) && fdatasync(fd.get()) == 0 &&
        renameat(folder, temporary.c_str(), folder, lock_name_.c_str()) == 0) {
      return WallAnswer::kDone;
    }
    const int error_number = errno;
    if (fd) (void)unlinkat(folder, temporary.c_str(), 0);
    return Failed(Error::FromErrno(error_number, "write", path));
  }

  WallAnswer MakeTemporary(WireReader& call) {
    const std::string dir = call.Text();
    const std::string prefix = call.Text();
    const std::string suffix = call.Text();
    const bool folder = call.Number() != 0;
    if (!call.ok()) return WallAnswer::kRefused;
    auto granted = GrantAccess::CheckPath<Perm::kWrite>(permissions_, dir, {});
    if (!granted.ok()) return WallAnswer::kRefused;
    auto made =
        folder ? MakeTempDir(*granted, prefix, suffix) : MakeTempFile(*granted, prefix, suffix);
    if (!made.ok()) return Failed(made.error());
    reply_.Text(*made);
    return WallAnswer::kDone;
  }

  WallAnswer StartProgram(WireReader& call, std::vector<OwnedFd>& fds) {
    const std::string name = call.Text();
    SpawnOptions options;
    options.args = call.Texts();
    const std::vector<std::string> entries = call.Texts();
    options.cwd = call.Text();
    const std::string shown_cwd = call.Text();
    const uint64_t uid = call.Number();
    const uint64_t gid = call.Number();
    if (uid != 0) options.uid = static_cast<uid_t>(uid - 1);
    if (gid != 0) options.gid = static_cast<gid_t>(gid - 1);
    options.detached = call.Number() != 0;
    if (!call.ok() || fds.size() != 3) return WallAnswer::kRefused;
    for (size_t i = 0; i < 3; ++i) options.stdio[i] = fds[i].get();
    auto program = GrantAccess::CheckRun(permissions_, name, {});
    if (!program.ok() || (*program)->path.empty()) return WallAnswer::kRefused;
    ChildEnvRequest changes{.set = {}, .clear = true};
    for (const std::string& entry : entries) {
      const size_t equals = entry.find('=', 1);
      if (equals == std::string::npos) return WallAnswer::kRefused;
      changes.set.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
    }
    auto env = GrantAccess::CheckChildEnv(permissions_, std::move(changes));
    if (!env.ok()) return WallAnswer::kRefused;
    pid_t failed = 0;
    options.from_helper =
        SpawnFromHelper{.mask = mask_, .failed_child = &failed, .shown_cwd = shown_cwd};
    auto child = Spawn(*program, *env, options);
    if (!child.ok()) {
      reply_.Failure(child.error()).Number(static_cast<uint64_t>(failed));
      return WallAnswer::kFailed;
    }
    reply_.Number(static_cast<uint64_t>(child->pid));
    reply_fd_ = std::move(child->pidfd);
    return WallAnswer::kDone;
  }

  // A name was granted, and what it leads to is rt's to find out: there the port counts, as in the
  // kernel's own rules, and the deny rules on the address.
  bool MayUse(const sockaddr* address, bool connects) {
    const NetUse use = connects ? NetUse::kConnect : NetUse::kListen;
    if (!permissions_.CheckAddress(address, {}, use).ok()) return false;
    if (any_host_) return true;
    const auto ip = IpAddress::FromSockaddr(address);
    if (!ip) return false;
    // sin_port and sin6_port are at the same place.
    const uint16_t port = ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
    const CanonicalHost host{ip->ToString(), *ip};
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const NetScope& scope) {
      const bool by_name =
          scope.kind() == NetScope::Kind::kName || scope.kind() == NetScope::Kind::kSubdomains;
      if (by_name) return scope.AllowsUse(use) && (!scope.port() || *scope.port() == port);
      return scope.Allows(host, port, use);
    });
  }

  WallAnswer UseAddress(bool connects, WireReader& call, std::vector<OwnedFd>& fds) {
    const std::string bytes = call.Text();
    sockaddr_storage address{};
    if (!call.ok() || fds.size() != 1 || bytes.size() > sizeof address ||
        bytes.size() < sizeof(sockaddr_in)) {
      return WallAnswer::kRefused;
    }
    std::memcpy(&address, bytes.data(), bytes.size());
    const auto* given = reinterpret_cast<const sockaddr*>(&address);
    if ((given->sa_family != AF_INET && given->sa_family != AF_INET6) || !MayUse(given, connects)) {
      return WallAnswer::kRefused;
    }
    // A blocking socket would keep everybody waiting.
    if ((fcntl(fds[0].get(), F_GETFL) & O_NONBLOCK) == 0) return WallAnswer::kRefused;
    return Done(UseSocketAddress(fds[0], given, static_cast<socklen_t>(bytes.size()), connects));
  }

  template <Perm P>
  bool AskAbout(const std::optional<std::string>& target, std::string_view shown,
                std::string_view api) {
    if (!target) return GrantAccess::CheckEverything<P>(permissions_, api).ok();
    if constexpr (P == Perm::kRead || P == Perm::kWrite) {
      return GrantAccess::CheckPath<P>(permissions_, *target, api, shown).ok();
    } else if constexpr (P == Perm::kFfi) {
      return GrantAccess::CheckFfi(permissions_, *target, api).ok();
    } else if constexpr (P == Perm::kNet || P == Perm::kImport) {
      return AskAboutHost(P, *target, api);
    } else if constexpr (P == Perm::kEnv) {
      return GrantAccess::CheckEnv(permissions_, *target, api).ok();
    } else if constexpr (P == Perm::kSys) {
      return GrantAccess::CheckSys(permissions_, *target, api).ok();
    } else {
      return GrantAccess::CheckRun(permissions_, *target, api).ok();
    }
  }

  bool AskAboutHost(Perm perm, std::string_view entry, std::string_view api) {
    std::vector<NetScope> scopes;
    if (!NetScope::Parse(entry, &scopes).ok() || scopes.empty()) return false;
    const NetScope scope = scopes[0];
    const NetUse use = scope.use();
    std::string_view rest = entry;
    (void)NetScope::TakeUse(rest);
    bool granted = false;
    if (scope.kind() == NetScope::Kind::kUnix) {
      granted = GrantAccess::CheckUnix(permissions_, scope.unix_path(), api, use).ok();
    } else {
      HostPortRaw raw{.host = std::string(rest), .port = scope.port()};
      if (scope.port()) raw.host.resize(raw.host.rfind(':'));
      granted = perm == Perm::kNet
                    ? GrantAccess::CheckNet(permissions_, std::move(raw), api, use).ok()
                    : GrantAccess::CheckImport(permissions_, std::move(raw), api).ok();
    }
    if (granted) hosts_.push_back(scope);
    return granted;
  }

  bool AskAbout(Perm perm, const std::optional<std::string>& target, std::string_view shown,
                std::string_view api) {
    switch (perm) {
      case Perm::kRead:
        return AskAbout<Perm::kRead>(target, shown, api);
      case Perm::kWrite:
        return AskAbout<Perm::kWrite>(target, shown, api);
      case Perm::kNet:
        return AskAbout<Perm::kNet>(target, shown, api);
      case Perm::kEnv:
        return AskAbout<Perm::kEnv>(target, shown, api);
      case Perm::kSys:
        return AskAbout<Perm::kSys>(target, shown, api);
      case Perm::kRun:
        return AskAbout<Perm::kRun>(target, shown, api);
      case Perm::kFfi:
        return AskAbout<Perm::kFfi>(target, shown, api);
      case Perm::kImport:
        return AskAbout<Perm::kImport>(target, shown, api);
    }
    return false;
  }

  // A path is shown as the script spelt it only if it leads there from where rt is.
  bool IsWhereItLeads(std::string_view shown, const std::string& target) const {
    char folder[4096];
    const std::string link = "/proc/" + std::to_string(parent_) + "/cwd";
    const ssize_t size = readlink(link.c_str(), folder, sizeof folder);
    const std::string cwd(folder, size > 0 ? static_cast<size_t>(size) : 0);
    if (shown == "<CWD>") return target == cwd;
    if (shown == "<TMP>") {
      return target == PathResolver::Resolve(TemporaryDirectory(), {}).resolved;
    }
    if (shown.size() < 2) return false;
    const std::string spelt(shown.substr(1, shown.size() - 2));
    return NormalizeLexically(spelt.starts_with('/') ? spelt : cwd + "/" + spelt) == target;
  }

  WallAnswer Ask(WireReader& call) {
    const uint64_t number = call.Number();
    const bool has_target = call.Number() != 0;
    std::optional<std::string> target = call.Text();
    std::string shown = call.Text();
    const std::string api = call.Text();
    if (!call.ok() || number >= kPermCount || !asks_) return WallAnswer::kRefused;
    const auto perm = static_cast<Perm>(number);
    if ((perm == Perm::kRun) != (role_ == WallRole::kPrograms)) return WallAnswer::kRefused;
    if (!has_target) target.reset();
    if (target && !IsWhereItLeads(shown, *target)) shown = "\"" + *target + "\"";
    is_asking = true;
    const PromptAnswer answer =
        permissions_.AskAnew([&] { return AskAbout(perm, target, shown, api); });
    is_asking = false;
    if (answer == PromptAnswer::kAllowAll && perm == Perm::kNet) any_host_ = true;
    reply_.Number(static_cast<uint64_t>(answer));
    if (perm == Perm::kRun && target && answer != PromptAnswer::kDeny) TellParts(*target);
    return WallAnswer::kDone;
  }

  // rt protects them, and cannot read what they are.
  void TellParts(const std::string& name) {
    const auto program = GrantAccess::CheckRun(permissions_, name, {});
    std::vector<std::string> links;
    std::vector<std::string> files;
    if (program.ok()) {
      for (const ProgramPart& part : PartsOf(**program, search_path_)) {
        (part.is_link ? links : files).push_back(part.scope.resolved());
      }
    }
    reply_.Texts(links).Texts(files);
  }

  const WallRole role_;
  const int socket_;
  const sigset_t mask_;
  bool reads_code_;
  const std::string lock_file_;
  const std::string search_path_;
  OwnedFd lock_folder_;
  std::string lock_name_;
  Permissions permissions_;
  const bool asks_;
  const pid_t parent_;
  std::vector<NetScope> hosts_;  // allow rules of net and import, and what was granted since
  bool any_host_ = false;
  WireWriter reply_;
  OwnedFd reply_fd_;
};

// Keeps `socket` (as 3) and, to ask a person, the terminal.
int CloseTheRest(int socket, bool asks) {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  // An output that stays open here would never end for its reader.
  for (int fd = 0; fd < 3; ++fd) {
    if (asks && fd != STDOUT_FILENO) continue;
    dup2(null, fd);
  }
  if (socket != 3) dup3(socket, 3, O_CLOEXEC);
  if (syscall(SYS_close_range, 4, ~0U, 0) != 0) {
    for (int fd = 4; fd < 65536; ++fd) close(fd);
  }
  return 3;
}

}  // namespace

bool IsWallServer() {
  return is_server;
}

bool WallServerAsksNobody() {
  return is_server && !is_asking;
}

void RunWallServer(WallRole role, int socket, pid_t parent, const sigset_t& mask,
                   const PermissionOptions& rules, const WallHelperOptions& options) {
  is_server = true;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  prctl(PR_SET_NAME, role == WallRole::kFiles ? "rt-helper" : "rt-starter");
  socket = CloseTheRest(socket, options.asks);
  // Where rt was started may be unmounted meanwhile.
  const std::string cwd = rules.cwd.empty() ? ProcessCwd() : rules.cwd;
  PermissionOptions own = rules;
  own.cwd = cwd;
  std::unique_ptr<PromptTty> tty = options.asks ? MakeStdioPromptTty() : nullptr;
  auto permissions = Permissions::FromOptions(own, std::move(tty));
  if (!permissions.ok()) _exit(1);
  (void)chdir("/");
  // Programs that the other one starts would have its filter, and no setuid rights.
  if (role == WallRole::kFiles && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    (void)InstallSeccompFilter({});
  }
  WallServer(role, socket, mask, rules, options, std::move(*permissions), parent).Run();
  _exit(0);
}

}  // namespace rt
