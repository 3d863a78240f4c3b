// How this process trusts TLS peers, as whoever started it said: flags and environment, read once
// by the command line before any script runs. A script that changes its environment changes nothing
// here, so it can neither widen the trust nor make rt write keys to a file.
#pragma once

#include <string>
#include <vector>

namespace rt {

struct TlsSettings {
  std::string cert_file;       // --cert: trusted besides the store
  bool ignore_errors = false;  // --unsafely-ignore-certificate-errors
  // …=host,…: only for these; empty: for all.
  std::vector<std::string> ignore_hosts;
  std::string store_file;  // SSL_CERT_FILE: instead of the system's store
  std::string store_dir;   // SSL_CERT_DIR
  std::string extra_file;  // NODE_EXTRA_CA_CERTS: trusted besides the store
  std::string keylog;      // SSLKEYLOGFILE
};

}  // namespace rt
