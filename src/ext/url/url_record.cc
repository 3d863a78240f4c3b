// The schemes with their own rules, and the getters of UrlRecord that are more than a slice.
#include "src/ext/url/url_record.h"

namespace rt::url {

Scheme SchemeOf(std::string_view name) {
  switch (name.size()) {
    case 2:
      return name == "ws" ? Scheme::kWs : Scheme::kOther;
    case 3:
      return name == "wss" ? Scheme::kWss : name == "ftp" ? Scheme::kFtp : Scheme::kOther;
    case 4:
      return name == "http" ? Scheme::kHttp : name == "file" ? Scheme::kFile : Scheme::kOther;
    case 5:
      return name == "https" ? Scheme::kHttps : Scheme::kOther;
    default:
      return Scheme::kOther;
  }
}

uint32_t DefaultPort(Scheme scheme) {
  switch (scheme) {
    case Scheme::kFtp:
      return 21;
    case Scheme::kHttp:
    case Scheme::kWs:
      return 80;
    case Scheme::kHttps:
    case Scheme::kWss:
      return 443;
    case Scheme::kFile:
    case Scheme::kOther:
      return kNoPort;
  }
  return kNoPort;
}

std::string_view UrlRecord::Password() const {
  // The ':' is there only with a password, the '@' only with credentials.
  if (!HasCredentials() || href[at.username_end] != ':') return {};
  return Slice(at.username_end + 1, at.host_start - 1);
}

}  // namespace rt::url
