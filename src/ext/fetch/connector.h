// From a granted host to a stream that speaks HTTP with it: TCP, a proxy in between, TLS on top.
// Each address that is connected to was granted. Runtime's thread.
#pragma once

#include <string>
#include <vector>

#include "src/ext/fetch/http_message.h"
#include "src/ext/fetch/proxy.h"
#include "src/ext/net/net.h"
#include "src/ext/tls/tls.h"

namespace rt {

struct ConnectorOptions {
  std::vector<std::string> ca_certs;
  std::optional<TlsKeyPair> key_pair;
  std::optional<IpAddress> from;
};

class Connector {
 public:
  Connector(Loop& loop, Permissions& permissions, std::shared_ptr<TlsClients> tls,
            ConnectorOptions options)
      : loop_(loop),
        permissions_(permissions),
        tls_(std::move(tls)),
        options_(std::move(options)) {}

  // `proxy` may be null. For http: through an http proxy the stream speaks with the proxy, which
  // wants the absolute form. The host's grant says by which permission the proxy is checked too.
  // Errors: what the steps say; ConnectionRefused for a proxy that refuses a tunnel.
  // `alpn`: what to offer, if it is https:.
  Task<Result<Ref<StreamResource>>> Connect(const HttpRequest& request, const Proxy* proxy,
                                            std::vector<std::string> alpn);

  // What was negotiated by ALPN.
  static std::optional<std::string> AlpnOf(const Ref<StreamResource>& stream);

 private:
  Task<Result<Ref<StreamResource>>> ConnectProxy(const HttpRequest& request, const Proxy& proxy);
  Task<Result<Ref<StreamResource>>> ConnectUnix(const HttpRequest& request, const Proxy& proxy);
  Task<Result<Ref<StreamResource>>> StartTls(Ref<StreamResource> below, std::string hostname,
                                             uint16_t port, std::vector<std::string> alpn,
                                             CancelToken cancel);
  Result<Granted<Perm::kNet, HostPort>> GrantProxy(const HttpRequest& request, const Proxy& proxy);

  Loop& loop_;
  Permissions& permissions_;
  std::shared_ptr<TlsClients> tls_;
  ConnectorOptions options_;
};

// RFC 1928 and 1929: asks the SOCKS5 proxy behind `stream` to connect to the host.
Task<Result<bool>> OpenSocksTunnel(StreamResource& stream, std::string host, uint16_t port,
                                   std::string username, std::string password);

}  // namespace rt
