// The ops of TCP and unix stream sockets. Reading, writing and shutting down are those of every
// resource (src/ext/core/resource_ops.cc). Must never connect or bind but through the net sinks.
#include "src/ext/io/io.h"
#include "src/ext/net/net.h"
#include "src/ext/net/unix_paths.h"
#include "src/op/op.h"
#include "src/permissions/activated_sockets.h"

namespace rt {

struct TcpListenOptions {
  bool reuse_port;
  int32_t backlog;
};
RT_STRUCT(TcpListenOptions, RT_FIELD(reuse_port), RT_FIELD(backlog))

struct TcpConnectOptions {
  bool race;
  uint32_t attempt_delay;
};
RT_STRUCT(TcpConnectOptions, RT_FIELD(race), RT_FIELD(attempt_delay))

struct TcpBinding {
  uint32_t rid;
  std::string hostname;
  uint32_t port;
};
RT_STRUCT(TcpBinding, RT_FIELD(rid), RT_FIELD(hostname), RT_FIELD(port))

struct TcpConnection {
  uint32_t rid;
  std::string local_hostname;
  uint32_t local_port;
  std::string remote_hostname;
  uint32_t remote_port;
};
RT_STRUCT(TcpConnection, RT_FIELD(rid), RT_FIELD(local_hostname), RT_FIELD(local_port),
          RT_FIELD(remote_hostname), RT_FIELD(remote_port))

struct UnixConnection {
  uint32_t rid;
  std::optional<std::string> local_path;
  std::optional<std::string> remote_path;
};
RT_STRUCT(UnixConnection, RT_FIELD(rid), RT_FIELD(local_path), RT_FIELD(remote_path))

namespace {

// --- TCP -----------------------------------------------------------------------------------------

Result<TcpBinding> op_net_listen_tcp(OpContext& cx, GrantedListen host, TcpListenOptions options) {
  RT_TRY(const GrantedAddresses addresses, LookupHostSync(cx.permissions(), host, SOCK_STREAM));
  const ListenSocketOptions socket_options{.backlog = options.backlog,
                                           .reuse_port = options.reuse_port};
  // A name may have addresses this machine cannot bind: the first that can is taken.
  Result<OwnedFd> fd = ListenTcpSocket(addresses[0], socket_options);
  for (size_t i = 1; i < addresses.size() && !fd.ok(); ++i) {
    fd = ListenTcpSocket(addresses[i], socket_options);
  }
  if (!fd.ok()) return fd.TakeError();
  RT_TRY(const auto listener,
         SocketListener::Create(cx.loop(), std::move(fd).value(), SocketListener::Kind::kTcp));
  InetName name = ToInetName(LocalAddressOf(listener->fd()));
  RT_TRY(const Rid rid, cx.resources().Add(listener));
  return TcpBinding{rid, std::move(name.hostname), name.port};
}

Result<TcpConnection> AddTcp(OpContext& cx, const Ref<SocketStream>& stream) {
  InetName local = ToInetName(LocalAddressOf(stream->fd()));
  InetName remote = ToInetName(PeerAddressOf(stream->fd()));
  RT_TRY(const Rid rid, cx.resources().Add(stream));
  return TcpConnection{rid, std::move(local.hostname), local.port, std::move(remote.hostname),
                       remote.port};
}

Task<Result<TcpConnection>> op_net_accept_tcp(OpContext& cx, Ref<SocketListener> listener) {
  RT_CO_TRY(OwnedFd fd, co_await listener->Accept());
  RT_CO_TRY(const auto stream,
            SocketStream::Create(cx.loop(), std::move(fd), SocketStream::Kind::kTcp));
  co_return AddTcp(cx, stream);
}

Task<Result<TcpConnection>> op_net_connect_tcp(OpContext& cx, GrantedConnect host,
                                               TcpConnectOptions options,
                                               std::optional<Ref<CancelHandle>> cancel) {
  ConnectOptions connect_options;
  connect_options.attempt_delay_ms = options.attempt_delay;
  connect_options.race = options.race;
  if (cancel) connect_options.cancel = (*cancel)->token();
  RT_CO_TRY(const auto stream, co_await ConnectTcp(cx.loop(), cx.permissions(), std::move(host),
                                                   std::move(connect_options)));
  co_return AddTcp(cx, stream);
}

Result<void> op_net_set_nodelay(OpContext& cx, Ref<SocketStream> stream, bool on) {
  return stream->SetNoDelay(on);
}

Result<void> op_net_set_keepalive(OpContext& cx, Ref<SocketStream> stream, bool on) {
  return stream->SetKeepAlive(on);
}

// --- sockets a service manager passed ------------------------------------------------------------

struct ActivatedName {
  std::string transport;
  std::string hostname;
  uint32_t port;
  std::string path;
};
RT_STRUCT(ActivatedName, RT_FIELD(transport), RT_FIELD(hostname), RT_FIELD(port), RT_FIELD(path))

Result<ActivatedName> op_net_activated(OpContext&, std::string name) {
  const auto found = FindActivatedSocket(name);
  if (!found) {
    return Error::Make(ErrorClass::kNotFound,
                       "No socket called \"" + name + "\" was passed to this process");
  }
  const bool is_stream = found->type == SOCK_STREAM;
  if (found->address.ss_family == AF_UNIX) {
    const auto path = ToUnixName(found->address, found->length);
    return ActivatedName{is_stream ? "unix" : "unixpacket", "", 0, path.value_or("")};
  }
  InetName inet = ToInetName(found->address);
  return ActivatedName{is_stream ? "tcp" : "udp", std::move(inet.hostname), inet.port, ""};
}

// --- unix ----------------------------------------------------------------------------------------

Result<uint32_t> op_net_listen_unix(OpContext& cx, std::string path, int32_t backlog) {
  RT_TRY(BoundUnix bound, BindChecked(cx, std::move(path), UnixKind::kStream));
  if (auto listening = ListenOn(bound.fd, backlog); !listening.ok()) {
    bound.file.Remove();
    return listening.TakeError();
  }
  RT_TRY(const auto listener,
         SocketListener::Create(cx.loop(), std::move(bound.fd), SocketListener::Kind::kUnix,
                                std::move(bound.file)));
  auto rid = cx.resources().Add(listener);
  if (!rid.ok()) listener->Close();
  return rid;
}

std::optional<std::string> LocalUnixName(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return ToUnixName(address, length);
}
std::optional<std::string> PeerUnixName(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return ToUnixName(address, length);
}

Result<UnixConnection> AddUnix(OpContext& cx, OwnedFd fd) {
  RT_TRY(const auto stream,
         SocketStream::Create(cx.loop(), std::move(fd), SocketStream::Kind::kUnix));
  auto local = LocalUnixName(stream->fd());
  auto remote = PeerUnixName(stream->fd());
  RT_TRY(const Rid rid, cx.resources().Add(stream));
  return UnixConnection{rid, std::move(local), std::move(remote)};
}

Task<Result<UnixConnection>> op_net_accept_unix(OpContext& cx, Ref<SocketListener> listener) {
  RT_CO_TRY(OwnedFd fd, co_await listener->Accept());
  co_return AddUnix(cx, std::move(fd));
}

// Not inlined: GCC 12 then takes the path's characters for uninitialized.
[[gnu::noinline]] Result<Connecting> ConnectStream(OpContext& cx, std::string path) {
  if (IsAbstractName(path)) {
    RT_TRY(const auto name, CheckAbstractName(cx, std::move(path), NetUse::kConnect));
    return ConnectAbstractSocket(name);
  }
  RT_TRY(const auto file, GrantAccess::CheckPathReadWrite(cx.permissions(), path, cx.op_name()));
  RT_TRY(const auto address, CheckUnixFile(cx, *file, NetUse::kConnect));
  return ConnectUnixSocket(file, address);
}

Result<UnixConnection> op_net_connect_unix(OpContext& cx, std::string path) {
  RT_TRY(Connecting connecting, ConnectStream(cx, std::move(path)));
  return AddUnix(cx, std::move(connecting.fd));
}

#define RT_UNIX_WHY "an abstract name has no file: only then read and write are not asked for"

constexpr std::array kOps = {
    RT_OP(op_net_activated, NoPerm<"an address; listening there needs net as ever">),
    RT_OP(op_net_listen_tcp, Needs<Perm::kNet>),
    RT_OP(op_net_accept_tcp, OnResource),
    RT_OP(op_net_connect_tcp, Needs<Perm::kNet>),
    RT_OP(op_net_set_nodelay, OnResource),
    RT_OP(op_net_set_keepalive, OnResource),
    RT_OP(op_net_listen_unix, InBody<RT_UNIX_WHY, Perm::kRead, Perm::kWrite, Perm::kNet>),
    RT_OP(op_net_accept_unix, OnResource),
    RT_OP(op_net_connect_unix, InBody<RT_UNIX_WHY, Perm::kRead, Perm::kWrite, Perm::kNet>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension NetExtension() {
  return {.name = "net", .ops = kOps};
}

}  // namespace rt
