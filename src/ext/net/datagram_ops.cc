// The ops of Deno.listenDatagram: UDP with multicast, and unix datagram sockets.
#include <arpa/inet.h>
#include <netinet/in.h>

#include "src/ext/net/datagram_socket.h"
#include "src/ext/net/net.h"
#include "src/ext/net/unix_paths.h"
#include "src/op/op.h"

namespace rt {

struct UdpListenOptions {
  bool reuse_address;
  bool loopback;
};
RT_STRUCT(UdpListenOptions, RT_FIELD(reuse_address), RT_FIELD(loopback))

struct UdpBinding {
  uint32_t rid;
  std::string hostname;
  uint32_t port;
};
RT_STRUCT(UdpBinding, RT_FIELD(rid), RT_FIELD(hostname), RT_FIELD(port))

struct UdpReceived {
  double size;
  std::string hostname;
  uint32_t port;
};
RT_STRUCT(UdpReceived, RT_FIELD(size), RT_FIELD(hostname), RT_FIELD(port))

struct UnixReceived {
  double size;
  std::optional<std::string> path;
};
RT_STRUCT(UnixReceived, RT_FIELD(size), RT_FIELD(path))

namespace {

// --- UDP -----------------------------------------------------------------------------------------

Result<UdpBinding> op_net_listen_udp(OpContext& cx, GrantedListen host, UdpListenOptions options) {
  RT_TRY(const GrantedAddresses addresses, LookupHostSync(cx.permissions(), host, SOCK_DGRAM));
  RT_TRY(OwnedFd fd, BindUdpSocket(addresses[0], {.reuse_address = options.reuse_address,
                                                  .loopback = options.loopback}));
  RT_TRY(const auto socket,
         DatagramSocket::Create(cx.loop(), std::move(fd), DatagramSocket::Kind::kUdp));
  InetName name = ToInetName(LocalAddressOf(socket->fd()));
  RT_TRY(const Rid rid, cx.resources().Add(socket));
  return UdpBinding{rid, std::move(name.hostname), name.port};
}

Task<Result<UdpReceived>> op_net_recv_udp(OpContext& cx, Ref<DatagramSocket> socket, Bytes buffer) {
  RT_CO_TRY(const auto received, co_await socket->Receive(std::move(buffer)));
  InetName name = ToInetName(received.from);
  co_return UdpReceived{static_cast<double>(received.size), std::move(name.hostname), name.port};
}

Task<Result<double>> op_net_send_udp(OpContext& cx, Ref<DatagramSocket> socket, GrantedConnect host,
                                     Bytes data) {
  RT_CO_TRY(const GrantedAddresses addresses,
            co_await LookupHost(cx.loop(), cx.permissions(), std::move(host), SOCK_DGRAM, {}));
  const auto try_send = [&](int fd) { return SendUdp(fd, data.span(), addresses[0]); };
  RT_CO_TRY(const size_t sent, co_await socket->Send(try_send));
  co_return static_cast<double>(sent);
}

// --- multicast -----------------------------------------------------------------------------------

Result<in_addr> ParseV4(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) {
    return Error::Make(ErrorClass::kError, "invalid IPv4 address syntax");
  }
  return address;
}

Result<void> ChangeV4(DatagramSocket& socket, int option, const std::string& group,
                      const std::string& interface) {
  ip_mreq request{};
  RT_TRY(request.imr_multiaddr, ParseV4(group));
  RT_TRY(request.imr_interface, ParseV4(interface));
  return socket.SetOption(IPPROTO_IP, option, &request, sizeof request);
}

Result<void> ChangeV6(DatagramSocket& socket, int option, const std::string& group,
                      uint32_t interface) {
  ipv6_mreq request{};
  if (inet_pton(AF_INET6, group.c_str(), &request.ipv6mr_multiaddr) != 1) {
    return Error::Make(ErrorClass::kError, "invalid IPv6 address syntax");
  }
  request.ipv6mr_interface = interface;
  return socket.SetOption(IPPROTO_IPV6, option, &request, sizeof request);
}

Result<void> op_net_join_multicast_v4(OpContext& cx, Ref<DatagramSocket> socket, std::string group,
                                      std::string interface) {
  return ChangeV4(*socket, IP_ADD_MEMBERSHIP, group, interface);
}

Result<void> op_net_leave_multicast_v4(OpContext& cx, Ref<DatagramSocket> socket, std::string group,
                                       std::string interface) {
  return ChangeV4(*socket, IP_DROP_MEMBERSHIP, group, interface);
}

Result<void> op_net_join_multicast_v6(OpContext& cx, Ref<DatagramSocket> socket, std::string group,
                                      uint32_t interface) {
  return ChangeV6(*socket, IPV6_JOIN_GROUP, group, interface);
}

Result<void> op_net_leave_multicast_v6(OpContext& cx, Ref<DatagramSocket> socket, std::string group,
                                       uint32_t interface) {
  return ChangeV6(*socket, IPV6_LEAVE_GROUP, group, interface);
}

Result<void> op_net_set_multicast_loopback(OpContext& cx, Ref<DatagramSocket> socket, bool v4,
                                           bool on) {
  const int value = on ? 1 : 0;
  if (v4) return socket->SetOption(IPPROTO_IP, IP_MULTICAST_LOOP, &value, sizeof value);
  return socket->SetOption(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &value, sizeof value);
}

Result<void> op_net_set_multicast_ttl(OpContext& cx, Ref<DatagramSocket> socket, int32_t ttl) {
  return socket->SetOption(IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
}

// --- unix ----------------------------------------------------------------------------------------

// Without a path the socket has no name: it can send, not receive.
Result<uint32_t> op_net_listen_unixpacket(OpContext& cx, std::optional<std::string> path) {
  BoundUnix bound;
  if (path) {
    RT_TRY(bound, BindChecked(cx, std::move(*path), UnixKind::kDatagram));
  } else {
    RT_TRY(bound.fd, UnboundUnixDatagram());
  }
  RT_TRY(const auto socket,
         DatagramSocket::Create(cx.loop(), std::move(bound.fd), DatagramSocket::Kind::kUnix,
                                std::move(bound.file)));
  auto rid = cx.resources().Add(socket);
  if (!rid.ok()) socket->Close();
  return rid;
}

Task<Result<UnixReceived>> op_net_recv_unixpacket(OpContext& cx, Ref<DatagramSocket> socket,
                                                  Bytes buffer) {
  RT_CO_TRY(const auto received, co_await socket->Receive(std::move(buffer)));
  co_return UnixReceived{static_cast<double>(received.size),
                         ToUnixName(received.from, received.from_length)};
}

Task<Result<double>> op_net_send_unixpacket(OpContext& cx, Ref<DatagramSocket> socket,
                                            std::string path, Bytes data) {
  if (IsAbstractName(path)) {
    RT_CO_TRY(const auto name, CheckAbstractName(cx, std::move(path), NetUse::kConnect));
    const auto try_send = [&](int fd) { return SendAbstract(fd, data.span(), name); };
    RT_CO_TRY(const size_t sent, co_await socket->Send(try_send));
    co_return static_cast<double>(sent);
  }
  RT_CO_TRY(const auto file,
            GrantAccess::CheckPath<Perm::kWrite>(cx.permissions(), path, cx.op_name()));
  RT_CO_TRY(const auto address, CheckUnixFile(cx, *file, NetUse::kConnect));
  const auto try_send = [&](int fd) { return SendUnix(fd, data.span(), file, address); };
  RT_CO_TRY(const size_t sent, co_await socket->Send(try_send));
  co_return static_cast<double>(sent);
}

#define RT_UNIX_WHY "an abstract name has no file, and a socket without a name needs nothing"

constexpr std::array kOps = {
    RT_OP(op_net_listen_udp, Needs<Perm::kNet>),
    RT_OP(op_net_recv_udp, OnResource),
    RT_OP(op_net_send_udp, Needs<Perm::kNet>),
    RT_OP(op_net_join_multicast_v4, OnResource),
    RT_OP(op_net_leave_multicast_v4, OnResource),
    RT_OP(op_net_join_multicast_v6, OnResource),
    RT_OP(op_net_leave_multicast_v6, OnResource),
    RT_OP(op_net_set_multicast_loopback, OnResource),
    RT_OP(op_net_set_multicast_ttl, OnResource),
    RT_OP(op_net_listen_unixpacket, InBody<RT_UNIX_WHY, Perm::kRead, Perm::kWrite, Perm::kNet>),
    RT_OP(op_net_recv_unixpacket, OnResource),
    RT_OP(op_net_send_unixpacket, InBody<RT_UNIX_WHY, Perm::kWrite, Perm::kNet>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension DatagramExtension() {
  return {.name = "datagram", .ops = kOps};
}

}  // namespace rt
