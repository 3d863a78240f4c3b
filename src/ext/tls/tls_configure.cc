// See the header.
#include "src/ext/tls/tls_configure.h"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace rt {
namespace {

int KeylogIndex() {
  static const int kIndex =
      CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, nullptr, nullptr, nullptr,
                              [](void*, void* path, CRYPTO_EX_DATA*, int, long, void*) {
                                delete static_cast<std::string*>(path);
                              });
  return kIndex;
}

// The file format of NSS: one line a secret, appended.
void LogKey(const SSL* ssl, const char* line) {
  const auto* path =
      static_cast<const std::string*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), KeylogIndex()));
  if (path == nullptr) return;
  const BioPtr file(BIO_new_file(path->c_str(), "a"));
  if (!file) return ERR_clear_error();
  (void)BIO_printf(file.get(), "%s\n", line);
}

Error KeyError(const char* what) {
  ERR_clear_error();
  return Error::Make(ErrorClass::kInvalidData, what);
}

BioPtr Memory(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// An encrypted key must not make OpenSSL ask at the terminal.
int NoPassword(char*, int, int, void*) {
  return -1;
}

}  // namespace

SslCtxPtr NewSslContext(const SSL_METHOD* method, const TlsSettings& settings) {
  SslCtxPtr context(SSL_CTX_new(method));
  RT_CHECK(context != nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (!settings.keylog.empty()) {
    SSL_CTX_set_ex_data(context.get(), KeylogIndex(), new std::string(settings.keylog));
    SSL_CTX_set_keylog_callback(context.get(), &LogKey);
  }
  return context;
}

Result<void> UseKeyPair(SSL_CTX* context, const TlsKeyPair& pair) {
  ERR_clear_error();
  const BioPtr certificates = Memory(pair.cert);
  const X509Ptr first(PEM_read_bio_X509_AUX(certificates.get(), nullptr, &NoPassword, nullptr));
  if (!first) return KeyError("No certificates found in certificate data");
  if (SSL_CTX_use_certificate(context, first.get()) != 1) {
    return Error::Make(ErrorClass::kInvalidData, "certificate: " + TakeOpenSslReason());
  }
  for (;;) {
    X509Ptr next(PEM_read_bio_X509(certificates.get(), nullptr, &NoPassword, nullptr));
    if (!next) break;
    if (SSL_CTX_add0_chain_cert(context, next.get()) != 1) {
      return Error::Make(ErrorClass::kInvalidData, "certificate: " + TakeOpenSslReason());
    }
    (void)next.release();
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return Error::Make(ErrorClass::kInvalidData, "certificate: " + TakeOpenSslReason());
  }
  ERR_clear_error();
  const BioPtr key_text = Memory(pair.key);
  const EvpPkeyPtr key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, &NoPassword, nullptr));
  if (!key) return KeyError("No keys found in key data");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    ERR_clear_error();
    return Error::Make(ErrorClass::kError, "keys may not be consistent: KeyMismatch");
  }
  return {};
}

Result<std::string> ToAlpnWire(const std::vector<std::string>& names) {
  std::string wire;
  for (const std::string& name : names) {
    if (name.empty() || name.size() > 255) {
      return Error::Type("an ALPN protocol has from 1 to 255 bytes, not " +
                         std::to_string(name.size()));
    }
    wire += static_cast<char>(name.size());
    wire += name;
  }
  if (wire.size() > 65535) return Error::Type("too many ALPN protocols");
  return wire;
}

int OnVerify(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  if (TlsStream* stream = TlsStream::Of(ssl)) stream->NoteFailure(DescribeFailure(context));
  return 0;
}

}  // namespace rt
