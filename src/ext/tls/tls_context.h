// TlsClients and TlsServerContext: from what a script asked for to streams that speak TLS. Contexts
// are made once for each set of options; a session is only resumed by a connection whose every
// identity option is the same (trust, own certificate, ALPN, verification, name and port), so that
// a peer accepted under loose rules is never trusted under strict ones.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/ext/tls/openssl_ptr.h"
#include "src/ext/tls/tls_stream.h"
#include "src/op/tls_settings.h"

namespace rt {

// A certificate chain and its key, both PEM.
struct TlsKeyPair {
  std::string cert;
  std::string key;
};

struct TlsClientOptions {
  std::string hostname;               // verified, and sent as SNI unless it is an address
  uint16_t port = 0;                  // of the peer: part of what names a session
  std::vector<std::string> ca_certs;  // PEM; trusted besides the store
  std::optional<TlsKeyPair> key_pair;
  std::vector<std::string> alpn;
  bool verify_hostname = true;
};

class TlsClientContext;

// The client side of one runtime.
class TlsClients {
 public:
  // Null: nothing was said on the command line.
  explicit TlsClients(std::shared_ptr<const TlsSettings> settings);
  ~TlsClients();

  // Begins TLS over `below`, taking it over. Certificate failures come with the handshake; errors
  // here are about the options (InvalidData).
  Result<Ref<TlsStream>> Start(Loop& loop, Ref<StreamResource> below,
                               const TlsClientOptions& options);
  // InvalidData, or Error where they do not fit, for certificates and keys that cannot be used; of
  // the program's own, not those of the system.
  static Result<void> Check(const std::vector<std::string>& ca_certs,
                            const std::optional<TlsKeyPair>& key_pair);

 private:
  Result<std::shared_ptr<TlsClientContext>> ContextFor(const TlsClientOptions& options,
                                                       bool verify);
  bool IgnoresErrorsOf(const std::string& host) const;

  std::shared_ptr<const TlsSettings> settings_;
  std::map<std::string, std::shared_ptr<TlsClientContext>> contexts_;
};

struct TlsServerOptions {
  std::vector<TlsKeyPair> key_pairs;   // the first whose certificate fits the client's SNI is used
  std::vector<std::string> alpn = {};  // in the server's order of preference
  // mTLS: certificates that clients must (or may) have.
  std::vector<std::string> client_ca_certs = {};
  bool client_cert_required = false;
};

class TlsServerContext : public std::enable_shared_from_this<TlsServerContext> {
 public:
  TlsServerContext() = default;
  static Result<std::shared_ptr<TlsServerContext>> Create(const TlsServerOptions& options,
                                                          const TlsSettings& settings);
  // A connection's state, its side set; keep this object alive as long.
  SslPtr NewSsl();
  // Begins TLS over `below` as its server.
  Ref<TlsStream> Start(Loop& loop, Ref<StreamResource> below);

 private:
  static int OnServerName(SSL* ssl, int* alert, void* self);
  static int OnAlpn(SSL* ssl, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned in_size, void* self);

  std::vector<SslCtxPtr> sites_;
  std::string alpn_;  // wire form
};

}  // namespace rt
