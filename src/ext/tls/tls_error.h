// From what OpenSSL reports to the errors scripts see: classes and first words as in Deno, then
// what Deno leaves out: the host, the certificate that failed and where trust was looked for.
#pragma once

#include <openssl/x509.h>

#include <string>

#include "src/base/error.h"

namespace rt {

// What went wrong with a peer's certificate, noted while the chain is verified.
struct CertificateFailure {
  int code = X509_V_OK;
  int depth = 0;
  std::string subject;
  std::string issuer;
  std::string names;  // of the end certificate: `DnsName("a"), IpAddress("::1")`
};

CertificateFailure DescribeFailure(X509_STORE_CTX* context);

// InvalidData "invalid peer certificate: UnknownIssuer (…)". `store` says what was trusted.
Error CertificateError(const CertificateFailure& failure, const std::string& host,
                       const std::string& store);

// Whether an error of OpenSSL's is an alert of the peer's.
bool IsTlsAlert(unsigned long code);

// InvalidData for the oldest error in OpenSSL's queue, which is emptied. `host` may be empty.
Error TakeTlsError(const std::string& host);

// UnexpectedEof: the peer went away without close_notify.
Error TlsEof();

// The queue's oldest error as text ("no start line"), for configuration errors; empties the queue.
std::string TakeOpenSslReason();

}  // namespace rt
