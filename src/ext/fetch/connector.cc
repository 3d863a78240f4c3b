// See the header.
#include "src/ext/fetch/connector.h"

#include "src/ext/fetch/h1_connection.h"
#include "src/loop/co_try.h"

namespace rt {
namespace {

// Closes the stream when the request is cancelled.
auto CloseOnCancel(CancelToken cancel, const Ref<StreamResource>& stream) {
  return cancel.OnCancel([stream] { stream->Close(); });
}

uint16_t PortOf(const HttpRequest& request) {
  return request.host->port.value_or(request.tls ? 443 : 80);
}

// "example.com:443", as CONNECT wants it.
std::string TunnelAuthority(const HttpRequest& request) {
  return FormatHostPort(request.host->host, PortOf(request));
}

}  // namespace

std::optional<std::string> Connector::AlpnOf(const Ref<StreamResource>& stream) {
  if (stream->type_id() != TypeIdOf<TlsStream>()) return std::nullopt;
  return static_cast<TlsStream*>(stream.get())->alpn_protocol();
}

Result<Granted<Perm::kNet, HostPort>> Connector::GrantProxy(const HttpRequest& request,
                                                            const Proxy& proxy) {
  HostPortRaw raw{proxy.host, proxy.port};
  if (request.host->via == Perm::kImport) {
    RT_TRY(GrantedConnect granted,
           GrantAccess::CheckImportConnect(permissions_, std::move(raw), "import"));
    return Granted<Perm::kNet, HostPort>(std::move(granted));
  }
  RT_TRY(GrantedConnect granted,
         GrantAccess::CheckConnect(permissions_, std::move(raw), "fetch()"));
  return Granted<Perm::kNet, HostPort>(std::move(granted));
}

Task<Result<Ref<StreamResource>>> Connector::Connect(const HttpRequest& request, const Proxy* proxy,
                                                     std::vector<std::string> alpn) {
  Ref<StreamResource> stream;
  if (proxy == nullptr) {
    ConnectOptions options;
    options.cancel = request.cancel;
    options.from = options_.from;
    Granted<Perm::kNet, HostPort> host = request.host;
    RT_CO_TRY(const auto socket,
              co_await ConnectTcp(loop_, permissions_, std::move(host), std::move(options)));
    (void)socket->SetNoDelay(true);
    stream = socket;
  } else {
    RT_CO_TRY(stream, co_await ConnectProxy(request, *proxy));
  }
  if (!request.tls) co_return stream;
  co_return co_await StartTls(std::move(stream), request.host->host, PortOf(request),
                              std::move(alpn), request.cancel);
}

Task<Result<Ref<StreamResource>>> Connector::ConnectProxy(const HttpRequest& request,
                                                          const Proxy& proxy) {
  if (proxy.kind == Proxy::Kind::kUnix) co_return co_await ConnectUnix(request, proxy);
  RT_CO_TRY(auto host, GrantProxy(request, proxy));
  ConnectOptions options;
  options.cancel = request.cancel;
  options.from = options_.from;
  RT_CO_TRY(const auto socket,
            co_await ConnectTcp(loop_, permissions_, std::move(host), std::move(options)));
  (void)socket->SetNoDelay(true);
  Ref<StreamResource> stream = socket;
  if (proxy.kind == Proxy::Kind::kTcp) co_return stream;
  if (proxy.kind == Proxy::Kind::kSocks5) {
    const auto registration = CloseOnCancel(request.cancel, stream);
    auto opened = co_await OpenSocksTunnel(*stream, request.host->host, PortOf(request),
                                           proxy.username, proxy.password);
    if (request.cancel.cancelled()) co_return InterruptedError();
    if (!opened.ok()) {
      stream->Close();
      co_return opened.TakeError();
    }
    co_return stream;
  }
  if (proxy.kind == Proxy::Kind::kHttps) {
    std::vector<std::string> alpn{"http/1.1"};
    RT_CO_TRY(stream, co_await StartTls(std::move(stream), proxy.host, proxy.port, std::move(alpn),
                                        request.cancel));
  }
  // What is to become another protocol is a tunnel from the start (RFC 6455 section 4.1).
  if (!request.tls && request.upgrade.empty()) co_return stream;
  // Kept by itself only: dropping it would close the stream.
  const auto tunnel = std::make_shared<H1Connection>(stream);
  RT_CO_TRY(const int status, co_await tunnel->OpenTunnel(TunnelAuthority(request),
                                                          proxy.Authorization(), request.cancel));
  if (status < 200 || status >= 300) {
    std::string why = status == 407 ? "proxy authentication required" : "unsuccessful tunnel";
    co_return Error::Make(ErrorClass::kConnectionRefused,
                          why + " (the proxy answered " + std::to_string(status) + ")");
  }
  co_return tunnel->TakeStream();
}

Task<Result<Ref<StreamResource>>> Connector::ConnectUnix(const HttpRequest& request,
                                                         const Proxy& proxy) {
  RT_CO_TRY(const auto path,
            GrantAccess::CheckPathReadWrite(permissions_, proxy.host, "Deno.createHttpClient()"));
  RT_CO_TRY(const auto address,
            GrantAccess::CheckConnectUnix(permissions_, proxy.host, "Deno.createHttpClient()"));
  RT_CO_TRY_VOID(
      CheckSocketPlace(permissions_, *path, NetUse::kConnect, "Deno.createHttpClient()"));
  RT_CO_TRY(Connecting connecting, ConnectUnixSocket(path, address));
  RT_CO_TRY(const auto socket,
            SocketStream::Create(loop_, std::move(connecting.fd), SocketStream::Kind::kUnix));
  Ref<StreamResource> stream = socket;
  const auto registration = CloseOnCancel(request.cancel, stream);
  while (connecting.pending) {
    co_await IoReady(*stream, IoDirection::kWrite);
    if (request.cancel.cancelled()) co_return InterruptedError();
    RT_CO_TRY(const bool done, FinishConnect(socket->fd()));
    connecting.pending = !done;
  }
  co_return stream;
}

Task<Result<Ref<StreamResource>>> Connector::StartTls(Ref<StreamResource> below,
                                                      std::string hostname, uint16_t port,
                                                      std::vector<std::string> alpn,
                                                      CancelToken cancel) {
  TlsClientOptions options;
  options.hostname = std::move(hostname);
  options.port = port;
  options.ca_certs = options_.ca_certs;
  options.key_pair = options_.key_pair;
  options.alpn = std::move(alpn);
  auto started = tls_->Start(loop_, below, options);
  if (!started.ok()) {
    below->Close();
    co_return started.TakeError();
  }
  Ref<TlsStream> tls = std::move(started).value();
  Ref<StreamResource> stream = tls;
  const auto registration = CloseOnCancel(cancel, stream);
  auto done = co_await tls->Handshake();
  if (cancel.cancelled()) co_return InterruptedError();
  if (!done.ok()) {
    tls->Close();
    co_return done.TakeError();
  }
  co_return stream;
}

}  // namespace rt
