// See the header.
#include "src/ext/tls/tls_error.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <string_view>

#include "src/ext/tls/openssl_ptr.h"

namespace rt {
namespace {

// The names rustls gives these, which Deno shows.
std::string_view KindOf(int code) {
  switch (code) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return "UnknownIssuer";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "Expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "NotValidYet";
    case X509_V_ERR_CERT_REVOKED:
      return "Revoked";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CA_MD_TOO_WEAK:
    case X509_V_ERR_EE_KEY_TOO_SMALL:
      return "BadSignature";
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_INVALID_CA:
      return "InvalidPurpose";
    default:
      return "Other";
  }
}

// RFC 8446 section 6, in rustls's spelling.
const char* AlertName(int alert) {
  switch (alert) {
    case 0:
      return "CloseNotify";
    case 10:
      return "UnexpectedMessage";
    case 20:
      return "BadRecordMac";
    case 22:
      return "RecordOverflow";
    case 40:
      return "HandshakeFailure";
    case 42:
      return "BadCertificate";
    case 43:
      return "UnsupportedCertificate";
    case 44:
      return "CertificateRevoked";
    case 45:
      return "CertificateExpired";
    case 46:
      return "CertificateUnknown";
    case 47:
      return "IllegalParameter";
    case 48:
      return "UnknownCA";
    case 49:
      return "AccessDenied";
    case 50:
      return "DecodeError";
    case 51:
      return "DecryptError";
    case 70:
      return "ProtocolVersion";
    case 71:
      return "InsufficientSecurity";
    case 80:
      return "InternalError";
    case 86:
      return "InappropriateFallback";
    case 90:
      return "UserCanceled";
    case 109:
      return "MissingExtension";
    case 110:
      return "UnsupportedExtension";
    case 112:
      return "UnrecognisedName";
    case 115:
      return "UnknownPSKIdentity";
    case 116:
      return "CertificateRequired";
    case 120:
      return "NoApplicationProtocol";
    default:
      return "Unknown";
  }
}

std::string NameText(const X509_NAME* name) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (!memory || X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253) < 0) return "?";
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

std::string_view ViewOf(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<size_t>(ASN1_STRING_length(text))};
}

std::string AddressText(const ASN1_OCTET_STRING* address) {
  char text[INET6_ADDRSTRLEN] = "?";
  const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET || ASN1_STRING_length(address) == 16) {
    inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof text);
  }
  return text;
}

std::string AlternativeNames(const X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string list;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    std::string one;
    if (name->type == GEN_DNS) {
      one.append("DnsName(\"").append(ViewOf(name->d.dNSName)).append("\")");
    } else if (name->type == GEN_IPADD) {
      one = "IpAddress(" + AddressText(name->d.iPAddress) + ")";
    } else {
      continue;
    }
    list.append(list.empty() ? "" : ", ").append(one);
  }
  GENERAL_NAMES_free(names);
  return list;
}

// A certificate's text is the peer's: no control characters reach a terminal.
std::string Printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

}  // namespace

CertificateFailure DescribeFailure(X509_STORE_CTX* context) {
  CertificateFailure failure;
  failure.code = X509_STORE_CTX_get_error(context);
  failure.depth = X509_STORE_CTX_get_error_depth(context);
  if (const X509* current = X509_STORE_CTX_get_current_cert(context)) {
    failure.subject = Printable(NameText(X509_get_subject_name(current)));
    failure.issuer = Printable(NameText(X509_get_issuer_name(current)));
  }
  if (const X509* end = X509_STORE_CTX_get0_cert(context)) {
    failure.names = Printable(AlternativeNames(end));
  }
  return failure;
}

Error CertificateError(const CertificateFailure& failure, const std::string& host,
                       const std::string& store) {
  std::string message = "invalid peer certificate: ";
  if (failure.code == X509_V_ERR_HOSTNAME_MISMATCH ||
      failure.code == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    message += "certificate not valid for name \"" + host + "\"; certificate is ";
    message += failure.names.empty() ? "not valid for any name" : "only valid for " + failure.names;
    message += " (subject " + failure.subject + ")";
    return Error::Make(ErrorClass::kInvalidData, std::move(message));
  }
  message += KindOf(failure.code);
  message += " (";
  if (!host.empty()) message += host + ": ";
  message += X509_verify_cert_error_string(failure.code);
  if (!failure.subject.empty()) {
    message += "; certificate " + std::to_string(failure.depth) + ", subject " + failure.subject +
               ", issuer " + failure.issuer;
  }
  message += "; trusted: " + store + ")";
  return Error::Make(ErrorClass::kInvalidData, std::move(message));
}

std::string TakeOpenSslReason() {
  const unsigned long code = ERR_peek_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = reason == nullptr ? "unknown error" : reason;
  ERR_clear_error();
  return text;
}

Error TlsEof() {
  return Error::Make(ErrorClass::kUnexpectedEof, "unexpected end of file");
}

bool IsTlsAlert(unsigned long code) {
  const int reason = ERR_GET_REASON(code);
  return ERR_GET_LIB(code) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET &&
         reason < SSL_AD_REASON_OFFSET + 256;
}

Error TakeTlsError(const std::string& host) {
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_REASON(code);
  const bool is_ssl = ERR_GET_LIB(code) == ERR_LIB_SSL;
  std::string text = TakeOpenSslReason();
  if (is_ssl && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) return TlsEof();
  if (IsTlsAlert(code)) {
    text = std::string("received fatal alert: ") + AlertName(reason - SSL_AD_REASON_OFFSET);
  } else if (is_ssl && (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
                        reason == SSL_R_HTTPS_PROXY_REQUEST)) {
    text = "received corrupt message of type InvalidContentType";
  } else if (is_ssl && reason == SSL_R_NO_APPLICATION_PROTOCOL) {
    text = "peer doesn't support any known protocol";
  }
  if (!host.empty()) text += " (" + host + ")";
  return Error::Make(ErrorClass::kInvalidData, std::move(text));
}

}  // namespace rt
