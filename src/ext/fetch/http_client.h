// HttpClient: sends requests, each over a connection that rests in its pool or a new one. The one
// user of this in JavaScript is fetch (ops.cc); C++ that loads something uses it the same way:
//
//   HttpClient client(loop, permissions, std::make_shared<TlsClients>(run_info.tls),
//                     {.environment = run_info.proxies});
//   RT_CO_TRY(GrantedConnect host,
//             GrantAccess::CheckImportConnect(permissions, {"example.com", 443}, "import"));
//   HttpRequest request{.host = std::move(host), .tls = true, .target = "/mod.ts",
//                       .authority = "example.com"};
//   RT_CO_TRY(HttpResponse response, co_await client.Send(std::move(request)));
//   RT_CO_TRY(std::string text, co_await ReadAll(*response.body, limit));
//
// One request is one hop: it follows no redirect (each hop needs a grant of its own), and decodes
// no Content-Encoding (decoded_body.h does). Runtime's thread; runs no JavaScript. Loop
// and permissions must outlive it and all it made; bodies and requests under way may outlive it.
#pragma once

#include <memory>
#include <optional>

#include "src/ext/fetch/connection_pool.h"
#include "src/ext/fetch/connector.h"

namespace rt {

struct HttpClientOptions {
  // Trusted besides the store; the client's own certificate.
  std::vector<std::string> ca_certs = {};
  std::optional<TlsKeyPair> key_pair = {};
  // Every request goes through this one; else the environment's proxies decide.
  std::optional<Proxy> proxy = {};
  std::shared_ptr<const ProxySettings> environment = {};
  // HTTP/2 is chosen by ALPN; without HTTP/1.1 it is spoken with http: servers too.
  bool http1 = true;
  bool http2 = true;
  // The address of this machine to connect from.
  std::optional<IpAddress> local_address = {};
  size_t max_idle_per_host = SIZE_MAX;
  std::optional<uint64_t> idle_timeout_ms = 90'000;
};

class HttpClient {
 public:
  HttpClient(Loop& loop, Permissions& permissions, std::shared_ptr<TlsClients> tls,
             HttpClientOptions options);
  ~HttpClient();

  // Up to the response's head. Errors: NotCapable for a proxy or an address that is denied,
  // TypeError for a request that cannot be sent, Interrupted when cancelled, else what went wrong
  // with the network or the response. A request that can be repeated is, once, if a connection from
  // the pool turns out to be dead.
  Task<Result<HttpResponse>> Send(HttpRequest request);

  // Closes what rests; requests under way go on.
  void Close();
  size_t idle_connections() const;
  const HttpClientOptions& options() const;

 private:
  struct State;
  static Task<Result<HttpResponse>> Run(std::shared_ptr<State> state, HttpRequest request);
  std::shared_ptr<State> state_;
};

}  // namespace rt
