// The parts of an SSL_CTX that clients and servers share. Internal to this folder.
#pragma once

#include <string>
#include <vector>

#include "src/ext/tls/tls_context.h"

namespace rt {

// TLS 1.2 and up, no renegotiation, no compression; keys are logged if SSLKEYLOGFILE was set.
SslCtxPtr NewSslContext(const SSL_METHOD* method, const TlsSettings& settings);

// InvalidData for what cannot be read, Error when certificate and key do not fit.
Result<void> UseKeyPair(SSL_CTX* context, const TlsKeyPair& pair);

// RFC 7301: names with their length before them. TypeError for an empty or too long one.
Result<std::string> ToAlpnWire(const std::vector<std::string>& names);

// For SSL_CTX_set_verify: notes the first failure in the connection's stream.
int OnVerify(int ok, X509_STORE_CTX* context);

}  // namespace rt
