// See the header.
#include "src/ext/http/request_values.h"

#include <netinet/in.h>

#include <vector>

#include "src/engine/strings.h"
#include "src/ext/http/engine/server.h"
#include "src/ext/url/url.h"
#include "src/permissions/ip_address.h"

namespace rt {
namespace {

v8::Local<v8::String> InternalizedOneByte(v8::Isolate* isolate, std::string_view text) {
  return v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(text.data()),
                                    v8::NewStringType::kInternalized, static_cast<int>(text.size()))
      .ToLocalChecked();
}

// The URL as the request names it.
std::string NamedUrl(const http::Request& request) {
  const std::string_view target = request.target();
  const bool has_path = !target.empty() && target[0] == '/';
  if (!has_path && target != "*") return std::string(target);
  const sockaddr_storage& address = request.server->address();
  const bool is_unix = address.ss_family == AF_UNIX;
  std::string url = is_unix ? "http+unix://" : request.server->secure() ? "https://" : "http://";
  if (const std::string_view host = request.host(); !host.empty()) {
    url += host;
  } else {
    // Only HTTP/1.0 may leave it out.
    url += "localhost";
    if (!is_unix) url += ":" + std::to_string(HostAndPort(address).second);
  }
  if (!has_path) url += '/';
  url += target;
  return url;
}

// Serialised, so that a program sees the path that a URL parser sees: without "/../", for one. Most
// are already. What is no URL (an odd host of a Unix socket's, say) stays as it is named.
std::string UrlOf(const http::Request& request) {
  std::string named = NamedUrl(request);
  url::UrlOffsets offsets;
  url::Scheme scheme;
  if (url::ScanSerialized(named, offsets, scheme)) return named;
  std::optional<url::UrlRecord> parsed = url::ParseUnscannedUrl(named, nullptr);
  return parsed ? std::move(parsed->href) : named;
}

}  // namespace

bool IsUrlHost(std::string_view host) {
  const std::string named = "http://" + std::string(host) + "/";
  url::UrlOffsets offsets;
  url::Scheme scheme;
  return url::ScanSerialized(named, offsets, scheme) ||
         url::ParseUnscannedUrl(named, nullptr).has_value();
}

std::pair<std::string, uint32_t> HostAndPort(const sockaddr_storage& address) {
  const auto ip = IpAddress::FromSockaddr(reinterpret_cast<const sockaddr*>(&address));
  if (!ip) return {"", 0};
  // The port is at the same place in both families.
  const uint16_t port = ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  return {ip->ToString(), port};
}

v8::Local<v8::Value> MethodAndUrl(v8::Isolate* isolate, const http::Request& request) {
  v8::Local<v8::Value> parts[] = {InternalizedOneByte(isolate, request.method()),
                                  ToOneByteString(isolate, UrlOf(request))};
  return v8::Array::New(isolate, parts, 2);
}

v8::Local<v8::Value> HeaderList(v8::Isolate* isolate, const http::Request& request) {
  std::vector<v8::Local<v8::Value>> list;
  list.reserve(request.header_count() * 2);
  // Cookies are joined by "; ", not by the comma of other fields (RFC 9113 8.2.3; HTTP/1.1 clients
  // must send one field, and proxies that came from HTTP/2 sometimes do not).
  size_t cookie_at = 0;
  std::string cookies;
  for (size_t i = 0; i < request.header_count(); ++i) {
    const std::string_view name = request.header_name(i);
    const std::string_view value = request.header_value(i);
    if (name == "cookie") {
      if (cookie_at != 0) {
        cookies.append("; ").append(value);
        continue;
      }
      cookies = value;
      cookie_at = list.size() + 1;
    }
    list.push_back(InternalizedOneByte(isolate, name));
    list.push_back(ToOneByteString(isolate, value));
  }
  if (cookie_at != 0) list[cookie_at] = ToOneByteString(isolate, cookies);
  return v8::Array::New(isolate, list.data(), list.size());
}

}  // namespace rt
