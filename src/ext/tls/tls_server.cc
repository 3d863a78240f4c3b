// TlsServerContext: one SSL_CTX a certificate, chosen by the name the client asks for.
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "src/ext/tls/tls_configure.h"
#include "src/ext/tls/trust_store.h"

namespace rt {
namespace {

Result<void> AskForClientCertificate(SSL_CTX* context, const TlsServerOptions& options) {
  // Clients are verified against the script's own list, never the system's.
  RT_TRY(TrustStore trust, MakeOwnStore(options.client_ca_certs));
  SSL_CTX_set_cert_store(context, trust.store.release());
  SSL_CTX_set_verify(
      context,
      SSL_VERIFY_PEER | (options.client_cert_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
      &OnVerify);
  return {};
}

}  // namespace

Result<std::shared_ptr<TlsServerContext>> TlsServerContext::Create(const TlsServerOptions& options,
                                                                   const TlsSettings& settings) {
  auto made = std::make_shared<TlsServerContext>();
  RT_TRY(made->alpn_, ToAlpnWire(options.alpn));
  // Sessions of this context only; also needed to resume with a client certificate.
  unsigned char id[16];
  RT_CHECK(RAND_bytes(id, sizeof id) == 1);
  for (const TlsKeyPair& pair : options.key_pairs) {
    SslCtxPtr context = NewSslContext(TLS_server_method(), settings);
    RT_TRY_VOID(UseKeyPair(context.get(), pair));
    RT_CHECK(SSL_CTX_set_session_id_context(context.get(), id, sizeof id) == 1);
    if (!options.client_ca_certs.empty()) {
      RT_TRY_VOID(AskForClientCertificate(context.get(), options));
    }
    if (!made->alpn_.empty()) {
      SSL_CTX_set_alpn_select_cb(context.get(), &TlsServerContext::OnAlpn, made.get());
    }
    made->sites_.push_back(std::move(context));
  }
  if (made->sites_.empty()) return Error::Type("A key and certificate are required");
  if (made->sites_.size() > 1) {
    SSL_CTX_set_tlsext_servername_callback(made->sites_[0].get(), &TlsServerContext::OnServerName);
    SSL_CTX_set_tlsext_servername_arg(made->sites_[0].get(), made.get());
  }
  return made;
}

int TlsServerContext::OnServerName(SSL* ssl, int*, void* self) {
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
  for (const SslCtxPtr& site : static_cast<TlsServerContext*>(self)->sites_) {
    X509* certificate = SSL_CTX_get0_certificate(site.get());
    if (X509_check_host(certificate, name, 0, 0, nullptr) != 1) continue;
    SSL_set_SSL_CTX(ssl, site.get());
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;  // the first certificate
}

int TlsServerContext::OnAlpn(SSL*, const unsigned char** out, unsigned char* out_size,
                             const unsigned char* in, unsigned in_size, void* self) {
  const std::string& ours = static_cast<TlsServerContext*>(self)->alpn_;
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(ours.data()),
                            static_cast<unsigned>(ours.size()), in, in_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

SslPtr TlsServerContext::NewSsl() {
  ERR_clear_error();
  SslPtr ssl(SSL_new(sites_[0].get()));
  RT_CHECK(ssl != nullptr);
  SSL_set_accept_state(ssl.get());
  return ssl;
}

Ref<TlsStream> TlsServerContext::Start(Loop& loop, Ref<StreamResource> below) {
  SslPtr ssl = NewSsl();
  TlsPeer peer;
  peer.store = "the listener's client certificates";
  peer.context = shared_from_this();
  return TlsStream::Start(loop, std::move(below), std::move(ssl), std::move(peer));
}

}  // namespace rt
