// The ops of TLS connections and listeners. Reading, writing and shutting down are those of every
// resource (src/ext/core/resource_ops.cc).
#include "src/ext/io/io.h"
#include "src/ext/net/net.h"
#include "src/ext/tls/tls.h"
#include "src/op/op.h"

namespace rt {

struct TlsConnectOptions {
  std::string server_name;
  std::vector<std::string> ca_certs;
  std::optional<std::string> cert;
  std::optional<std::string> key;
  std::vector<std::string> alpn_protocols;
  bool verify_hostname;
  bool race;
  uint32_t attempt_delay;
};
RT_STRUCT(TlsConnectOptions, RT_FIELD(server_name), RT_FIELD(ca_certs), RT_FIELD(cert),
          RT_FIELD(key), RT_FIELD(alpn_protocols), RT_FIELD(verify_hostname), RT_FIELD(race),
          RT_FIELD(attempt_delay))

struct TlsListenOptions {
  std::vector<std::string> certs;
  std::vector<std::string> keys;
  std::vector<std::string> alpn_protocols;
  std::vector<std::string> client_ca_certs;
  bool client_cert_required;
  bool reuse_port;
  int32_t backlog;
};
RT_STRUCT(TlsListenOptions, RT_FIELD(certs), RT_FIELD(keys), RT_FIELD(alpn_protocols),
          RT_FIELD(client_ca_certs), RT_FIELD(client_cert_required), RT_FIELD(reuse_port),
          RT_FIELD(backlog))

struct TlsBinding {
  uint32_t rid;
  std::string hostname;
  uint32_t port;
};
RT_STRUCT(TlsBinding, RT_FIELD(rid), RT_FIELD(hostname), RT_FIELD(port))

struct TlsConnection {
  uint32_t rid;
  std::string local_hostname;
  uint32_t local_port;
  std::string remote_hostname;
  uint32_t remote_port;
};
RT_STRUCT(TlsConnection, RT_FIELD(rid), RT_FIELD(local_hostname), RT_FIELD(local_port),
          RT_FIELD(remote_hostname), RT_FIELD(remote_port))

struct TlsHandshakeInfo {
  std::optional<std::string> alpn_protocol;
};
RT_STRUCT(TlsHandshakeInfo, RT_FIELD(alpn_protocol))

namespace {

class TlsState final : public ExtensionState {
 public:
  explicit TlsState(OpHost& host) : host_(host) {}

  TlsClients& clients() {
    if (!clients_) clients_ = std::make_unique<TlsClients>(host_.run_info().tls);
    return *clients_;
  }
  TlsSettings settings() const {
    return host_.run_info().tls ? *host_.run_info().tls : TlsSettings();
  }

 private:
  OpHost& host_;
  std::unique_ptr<TlsClients> clients_;
};

// A listening socket and what its connections speak.
class TlsListener final : public Resource {
 public:
  TlsListener(Ref<SocketListener> listener, std::shared_ptr<TlsServerContext> context)
      : Resource(TypeIdOf<TlsListener>()),
        listener_(std::move(listener)),
        context_(std::move(context)) {}

  std::string_view name() const override { return "tlsListener"; }
  void Close() override { listener_->Close(); }

  SocketListener& listener() { return *listener_; }
  TlsServerContext& context() { return *context_; }

 private:
  ~TlsListener() override = default;
  Ref<SocketListener> listener_;
  std::shared_ptr<TlsServerContext> context_;
};

TlsClientOptions ToClientOptions(TlsConnectOptions options, uint16_t port) {
  TlsClientOptions made;
  made.hostname = std::move(options.server_name);
  made.port = port;
  made.ca_certs = std::move(options.ca_certs);
  if (options.cert && options.key) {
    made.key_pair = TlsKeyPair{std::move(*options.cert), std::move(*options.key)};
  }
  made.alpn = std::move(options.alpn_protocols);
  made.verify_hostname = options.verify_hostname;
  return made;
}

Result<TlsConnection> AddTls(OpContext& cx, const Ref<TlsStream>& stream, int fd) {
  InetName local = ToInetName(LocalAddressOf(fd));
  InetName remote = ToInetName(PeerAddressOf(fd));
  RT_TRY(const Rid rid, cx.resources().Add(stream));
  return TlsConnection{rid, std::move(local.hostname), local.port, std::move(remote.hostname),
                       remote.port};
}

// Begins TLS as the client; the socket is closed if the options are bad.
Result<TlsConnection> StartClient(OpContext& cx, const Ref<SocketStream>& socket,
                                  const TlsClientOptions& options) {
  const int fd = socket->fd();
  auto stream = cx.State<TlsState>().clients().Start(cx.loop(), socket, options);
  if (!stream.ok()) {
    socket->Close();
    return stream.TakeError();
  }
  return AddTls(cx, *stream, fd);
}

Task<Result<TlsConnection>> op_tls_connect(OpContext& cx, GrantedConnect host,
                                           TlsConnectOptions options,
                                           std::optional<Ref<CancelHandle>> cancel) {
  ConnectOptions connect_options;
  connect_options.attempt_delay_ms = options.attempt_delay;
  connect_options.race = options.race;
  if (cancel) connect_options.cancel = (*cancel)->token();
  const uint16_t port = host->port.value_or(0);
  RT_CO_TRY(const auto socket, co_await ConnectTcp(cx.loop(), cx.permissions(), std::move(host),
                                                   std::move(connect_options)));
  co_return StartClient(cx, socket, ToClientOptions(std::move(options), port));
}

// `rid` names `socket`, which is taken out of the table: only TLS may use it from now on.
Result<TlsConnection> op_tls_start(OpContext& cx, Ref<SocketStream> socket, uint32_t rid,
                                   TlsConnectOptions options) {
  if (socket->busy()) {
    return Error::Make(ErrorClass::kBusy, "TCP stream is currently in use");
  }
  RT_TRY(const Ref<Resource> taken, cx.resources().Get(rid));
  if (taken.get() != socket.get()) return Error::BadResource();
  const uint32_t port = ToInetName(PeerAddressOf(socket->fd())).port;
  RT_TRY_VOID(cx.resources().Take(rid));
  return StartClient(cx, socket, ToClientOptions(std::move(options), static_cast<uint16_t>(port)));
}

Result<TlsBinding> op_tls_listen(OpContext& cx, GrantedListen host, TlsListenOptions options) {
  TlsServerOptions server;
  if (options.certs.size() != options.keys.size()) {
    return Error::Type("each certificate needs its key");
  }
  for (size_t i = 0; i < options.certs.size(); ++i) {
    server.key_pairs.push_back({std::move(options.certs[i]), std::move(options.keys[i])});
  }
  server.alpn = std::move(options.alpn_protocols);
  server.client_ca_certs = std::move(options.client_ca_certs);
  server.client_cert_required = options.client_cert_required;
  RT_TRY(const auto context, TlsServerContext::Create(server, cx.State<TlsState>().settings()));
  RT_TRY(const GrantedAddresses addresses, LookupHostSync(cx.permissions(), host, SOCK_STREAM));
  RT_TRY(OwnedFd fd, ListenTcpSocket(addresses[0], {.backlog = options.backlog,
                                                    .reuse_port = options.reuse_port}));
  RT_TRY(const auto listener,
         SocketListener::Create(cx.loop(), std::move(fd), SocketListener::Kind::kTcp));
  InetName name = ToInetName(LocalAddressOf(listener->fd()));
  RT_TRY(const Rid rid, cx.resources().Add(MakeResource<TlsListener>(listener, context)));
  return TlsBinding{rid, std::move(name.hostname), name.port};
}

Task<Result<TlsConnection>> op_tls_accept(OpContext& cx, Ref<TlsListener> listener) {
  RT_CO_TRY(OwnedFd fd, co_await listener->listener().Accept());
  RT_CO_TRY(const auto socket,
            SocketStream::Create(cx.loop(), std::move(fd), SocketStream::Kind::kTcp));
  const int socket_fd = socket->fd();
  co_return AddTls(cx, listener->context().Start(cx.loop(), socket), socket_fd);
}

Task<Result<TlsHandshakeInfo>> op_tls_handshake(OpContext& cx, Ref<TlsStream> stream) {
  RT_CO_TRY(const bool done, co_await stream->Handshake());
  (void)done;
  co_return TlsHandshakeInfo{stream->alpn_protocol()};
}

constexpr std::array kOps = {
    RT_OP(op_tls_connect, Needs<Perm::kNet>), RT_OP(op_tls_start, OnResource),
    RT_OP(op_tls_listen, Needs<Perm::kNet>),  RT_OP(op_tls_accept, OnResource),
    RT_OP(op_tls_handshake, OnResource),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension TlsExtension() {
  return {.name = "tls", .ops = kOps, .make_state = [](OpHost& host) {
            return std::unique_ptr<ExtensionState>(new TlsState(host));
          }};
}

}  // namespace rt
