// See the header.
#include "src/ext/tls/trust_store.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <filesystem>

#include "src/ext/tls/tls_error.h"

namespace rt {
namespace {

// Folders with one certificate a file, named by hash: read one by one when needed, so that a
// connection does not parse all of them.
constexpr const char* kHashedFolders[] = {"/etc/ssl/certs", "/etc/pki/tls/certs",
                                          "/usr/lib/ssl/certs"};
// Everything in one file.
constexpr const char* kBundles[] = {"/etc/ssl/certs/ca-certificates.crt",
                                    "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                    "/etc/ssl/cert.pem"};

bool HasHashedNames(const char* folder) {
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (name.size() == 10 && name.ends_with(".0")) return true;
  }
  return false;
}

void Describe(TrustStore& trust, const std::string& part) {
  trust.description.append(trust.description.empty() ? "" : ", ").append(part);
}

Result<void> AddFile(TrustStore& trust, const std::string& label, const std::string& path) {
  ERR_clear_error();
  if (X509_STORE_load_file(trust.store.get(), path.c_str()) != 1) {
    return Error::Make(ErrorClass::kInvalidData, label + " '" + path + "': " + TakeOpenSslReason());
  }
  Describe(trust, label + " " + path);
  return {};
}

void AddSystem(TrustStore& trust) {
  for (const char* folder : kHashedFolders) {
    if (!HasHashedNames(folder)) continue;
    (void)X509_STORE_load_path(trust.store.get(), folder);
    return Describe(trust, std::string("the system's store ") + folder);
  }
  for (const char* bundle : kBundles) {
    if (X509_STORE_load_file(trust.store.get(), bundle) == 1) {
      return Describe(trust, std::string("the system's store ") + bundle);
    }
  }
  ERR_clear_error();
  Describe(trust, "nothing (the system has no certificate store)");
}

Result<void> AddPem(X509_STORE* store, const std::string& pem) {
  ERR_clear_error();
  const BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  size_t count = 0;
  for (;; ++count) {
    const X509Ptr certificate(PEM_read_bio_X509_AUX(memory.get(), nullptr, nullptr, nullptr));
    if (!certificate) break;
    if (X509_STORE_add_cert(store, certificate.get()) != 1) {
      return Error::Make(ErrorClass::kInvalidData, "caCerts: " + TakeOpenSslReason());
    }
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = TakeOpenSslReason();
  if (count == 0 && at_end) {
    return Error::Make(ErrorClass::kInvalidData,
                       "caCerts: No certificates found in certificate data");
  }
  if (!at_end) return Error::Make(ErrorClass::kInvalidData, "caCerts: " + reason);
  return {};
}

}  // namespace

Result<TrustStore> MakeOwnStore(const std::vector<std::string>& certificates) {
  TrustStore trust;
  trust.store.reset(X509_STORE_new());
  for (const std::string& pem : certificates) {
    RT_TRY_VOID(AddPem(trust.store.get(), pem));
  }
  Describe(trust, std::to_string(certificates.size()) + " of caCerts");
  return trust;
}

Result<TrustStore> MakeTrustStore(const TlsSettings& settings,
                                  const std::vector<std::string>& extra) {
  TrustStore trust;
  trust.store.reset(X509_STORE_new());
  if (!settings.store_file.empty()) {
    RT_TRY_VOID(AddFile(trust, "SSL_CERT_FILE", settings.store_file));
  }
  if (!settings.store_dir.empty()) {
    (void)X509_STORE_load_path(trust.store.get(), settings.store_dir.c_str());
    Describe(trust, "SSL_CERT_DIR " + settings.store_dir);
  }
  if (settings.store_file.empty() && settings.store_dir.empty()) AddSystem(trust);
  if (!settings.cert_file.empty()) {
    RT_TRY_VOID(AddFile(trust, "--cert", settings.cert_file));
  }
  if (!settings.extra_file.empty()) {
    RT_TRY_VOID(AddFile(trust, "NODE_EXTRA_CA_CERTS", settings.extra_file));
  }
  for (const std::string& pem : extra) {
    RT_TRY_VOID(AddPem(trust.store.get(), pem));
  }
  if (!extra.empty()) Describe(trust, std::to_string(extra.size()) + " of caCerts");
  return trust;
}

}  // namespace rt
