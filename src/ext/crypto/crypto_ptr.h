// Owning pointers for OpenSSL's objects, and the scope that leaves its error queue empty. Nothing
// else.
#pragma once

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <memory>

#include "src/base/error.h"

namespace rt {

template <auto Free>
struct CryptoFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

// A public number may be secret's factor: all are wiped.
using BnPtr = std::unique_ptr<BIGNUM, CryptoFree<BN_clear_free>>;
using BnCtxPtr = std::unique_ptr<BN_CTX, CryptoFree<BN_CTX_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, CryptoFree<EVP_PKEY_free>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, CryptoFree<EVP_PKEY_CTX_free>>;
using CipherCtxPtr = std::unique_ptr<EVP_CIPHER_CTX, CryptoFree<EVP_CIPHER_CTX_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, CryptoFree<EVP_MD_CTX_free>>;
using MdPtr = std::unique_ptr<EVP_MD, CryptoFree<EVP_MD_free>>;
using MacPtr = std::unique_ptr<EVP_MAC, CryptoFree<EVP_MAC_free>>;
using MacCtxPtr = std::unique_ptr<EVP_MAC_CTX, CryptoFree<EVP_MAC_CTX_free>>;
using KdfPtr = std::unique_ptr<EVP_KDF, CryptoFree<EVP_KDF_free>>;
using KdfCtxPtr = std::unique_ptr<EVP_KDF_CTX, CryptoFree<EVP_KDF_CTX_free>>;
using ParamBuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, CryptoFree<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, CryptoFree<OSSL_PARAM_free>>;
using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, CryptoFree<ECDSA_SIG_free>>;
using SpkiPtr = std::unique_ptr<X509_PUBKEY, CryptoFree<X509_PUBKEY_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, CryptoFree<PKCS8_PRIV_KEY_INFO_free>>;

// What OpenSSL noted of failures stays in a queue of the thread and would confuse whoever looks
// there next (TLS does). Every entry point into OpenSSL opens one of these.
class ErrorQueueScope {
 public:
  ErrorQueueScope() = default;
  ~ErrorQueueScope() { ERR_clear_error(); }
  ErrorQueueScope(const ErrorQueueScope&) = delete;
  ErrorQueueScope& operator=(const ErrorQueueScope&) = delete;
};

// The two errors of the specification that come from below JavaScript. Texts never contain key
// material, nor OpenSSL's own words, which may tell why a decryption failed.
inline Error OperationError(std::string message) {
  return Error::Dom("OperationError", std::move(message));
}
inline Error DataError(std::string message) {
  return Error::Dom("DataError", std::move(message));
}

}  // namespace rt
