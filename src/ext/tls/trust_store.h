// TrustStore: the certificates that peers are verified against when a script names none of its own:
// SSL_CERT_FILE and SSL_CERT_DIR if set, else the system's; always also --cert and
// NODE_EXTRA_CA_CERTS. Made on first use. The only reader of certificate files.
#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/ext/tls/openssl_ptr.h"
#include "src/op/tls_settings.h"

namespace rt {

struct TrustStore {
  X509StorePtr store;
  std::string description;  // for messages: "the system's store /etc/ssl/certs, --cert a.pem"
};

// `extra`: certificates in PEM that a script trusts besides. InvalidData for one that cannot be
// read, naming it; a --cert or SSL_CERT_FILE that cannot be read is an error too, other missing
// files are not.
Result<TrustStore> MakeTrustStore(const TlsSettings& settings,
                                  const std::vector<std::string>& extra);

// Only these certificates.
Result<TrustStore> MakeOwnStore(const std::vector<std::string>& certificates);

}  // namespace rt
