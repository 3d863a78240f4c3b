// TlsClients: contexts by options, sessions by context and name.
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <deque>

#include "src/ext/tls/tls_configure.h"
#include "src/ext/tls/trust_store.h"
#include "src/permissions/ip_address.h"

namespace rt {
namespace {

constexpr size_t kMaxContexts = 32;
constexpr size_t kMaxSessionNames = 256;
// TLS 1.3 servers send more than one ticket, each of use once.
constexpr size_t kMaxSessionsPerName = 4;

// Length before text, so that no two lists of fields read the same.
void AppendField(std::string& key, std::string_view field) {
  key.append(std::to_string(field.size())).append(":").append(field);
}

}  // namespace

class TlsClientContext {
 public:
  static Result<std::shared_ptr<TlsClientContext>> Create(const TlsSettings& settings,
                                                          const TlsClientOptions& options,
                                                          bool verify) {
    auto made = std::make_shared<TlsClientContext>();
    made->context_ = NewSslContext(TLS_client_method(), settings);
    SSL_CTX* context = made->context_.get();
    if (verify) {
      RT_TRY(TrustStore trust, MakeTrustStore(settings, options.ca_certs));
      SSL_CTX_set_cert_store(context, trust.store.release());
      made->store_ = std::move(trust.description);
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &OnVerify);
    } else {
      SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    }
    if (options.key_pair) {
      RT_TRY_VOID(UseKeyPair(context, *options.key_pair));
    }
    RT_TRY(const std::string alpn, ToAlpnWire(options.alpn));
    if (!alpn.empty()) {
      RT_CHECK(SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(alpn.data()),
                                       static_cast<unsigned>(alpn.size())) == 0);
    }
    SSL_CTX_set_session_cache_mode(context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, &TlsClientContext::OnNewSession);
    return made;
  }

  SSL_CTX* get() const { return context_.get(); }
  const std::string& store() const { return store_; }

  SslSessionPtr TakeSession(const std::string& name) {
    const auto found = sessions_.find(name);
    if (found == sessions_.end()) return nullptr;
    SSL_SESSION* last = found->second.back().get();
    if (SSL_SESSION_get_protocol_version(last) < TLS1_3_VERSION) {
      // A ticket of TLS 1.2 may be used again; RFC 8446 appendix C.4 wants new ones each of use
      // once.
      SSL_SESSION_up_ref(last);
      return SslSessionPtr(last);
    }
    SslSessionPtr session = std::move(found->second.back());
    found->second.pop_back();
    if (found->second.empty()) sessions_.erase(found);
    return session;
  }

 private:
  // 1: the session is ours now.
  static int OnNewSession(SSL* ssl, SSL_SESSION* session) {
    const TlsStream* stream = TlsStream::Of(ssl);
    if (stream == nullptr) return 0;
    auto* self = static_cast<TlsClientContext*>(stream->peer().context.get());
    self->KeepSession(stream->peer().session_key, SslSessionPtr(session));
    return 1;
  }

  void KeepSession(const std::string& name, SslSessionPtr session) {
    if (sessions_.size() >= kMaxSessionNames && !sessions_.contains(name)) {
      sessions_.erase(sessions_.begin());
    }
    auto& kept = sessions_[name];
    if (kept.size() == kMaxSessionsPerName) kept.pop_front();
    kept.push_back(std::move(session));
  }

  SslCtxPtr context_;
  std::string store_;
  std::map<std::string, std::deque<SslSessionPtr>> sessions_;
};

TlsClients::TlsClients(std::shared_ptr<const TlsSettings> settings)
    : settings_(settings ? std::move(settings) : std::make_shared<const TlsSettings>()) {}

TlsClients::~TlsClients() = default;

bool TlsClients::IgnoresErrorsOf(const std::string& host) const {
  if (!settings_->ignore_errors) return false;
  return settings_->ignore_hosts.empty() ||
         std::find(settings_->ignore_hosts.begin(), settings_->ignore_hosts.end(), host) !=
             settings_->ignore_hosts.end();
}

Result<std::shared_ptr<TlsClientContext>> TlsClients::ContextFor(const TlsClientOptions& options,
                                                                 bool verify) {
  std::string key(verify ? "v" : "-");
  for (const auto* list : {&options.ca_certs, &options.alpn}) {
    AppendField(key, std::to_string(list->size()));
    for (const std::string& each : *list) AppendField(key, each);
  }
  if (options.key_pair) {
    AppendField(key, options.key_pair->cert);
    AppendField(key, options.key_pair->key);
  }
  if (const auto found = contexts_.find(key); found != contexts_.end()) return found->second;
  RT_TRY(auto made, TlsClientContext::Create(*settings_, options, verify));
  if (contexts_.size() >= kMaxContexts) contexts_.clear();
  contexts_.emplace(std::move(key), made);
  return made;
}

Result<void> TlsClients::Check(const std::vector<std::string>& ca_certs,
                               const std::optional<TlsKeyPair>& key_pair) {
  if (!ca_certs.empty()) RT_TRY_VOID(MakeOwnStore(ca_certs));
  if (!key_pair) return {};
  const SslCtxPtr context = NewSslContext(TLS_client_method(), {});
  return UseKeyPair(context.get(), *key_pair);
}

Result<Ref<TlsStream>> TlsClients::Start(Loop& loop, Ref<StreamResource> below,
                                         const TlsClientOptions& options) {
  const std::optional<IpAddress> ip = IpAddress::Parse(options.hostname);
  std::string host = ip ? ip->ToString() : options.hostname;
  if (host.ends_with('.')) host.pop_back();
  const bool verify = !IgnoresErrorsOf(host);
  RT_TRY(const auto context, ContextFor(options, verify));

  ERR_clear_error();
  SslPtr ssl(SSL_new(context->get()));
  RT_CHECK(ssl != nullptr);
  SSL_set_connect_state(ssl.get());
  // RFC 6066 section 3: names only, no addresses.
  if (!ip && SSL_set_tlsext_host_name(ssl.get(), host.c_str()) != 1) {
    return Error::Type("Invalid hostname: '" + options.hostname + "'");
  }
  if (verify && options.verify_hostname) {
    X509_VERIFY_PARAM* param = SSL_get0_param(ssl.get());
    // RFC 6125: subject alternative names only; "*" stands for one whole label.
    X509_VERIFY_PARAM_set_hostflags(
        param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    const int set = ip ? X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str())
                       : X509_VERIFY_PARAM_set1_host(param, host.data(), host.size());
    if (set != 1) {
      ERR_clear_error();
      return Error::Type("Invalid hostname: '" + options.hostname + "'");
    }
  }
  TlsPeer peer;
  peer.session_key =
      host + ":" + std::to_string(options.port) + (options.verify_hostname ? "" : " any name");
  peer.host = std::move(host);
  peer.store = context->store();
  if (const SslSessionPtr session = context->TakeSession(peer.session_key)) {
    (void)SSL_set_session(ssl.get(), session.get());
  }
  peer.context = context;
  return TlsStream::Start(loop, std::move(below), std::move(ssl), std::move(peer));
}

}  // namespace rt
