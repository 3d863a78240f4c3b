// See the header.
#include "src/ext/fetch/proxy.h"

#include <openssl/evp.h>

#include <charconv>

#include "src/ext/url/url.h"
#include "src/permissions/ip_address.h"

namespace rt {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
        HexValue(text[i + 2]) >= 0) {
      out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

Error BadProxy() {
  return Error::Type("Invalid proxy URL");
}

std::optional<uint16_t> ParsePort(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

// Cuts ":port" off an entry: of "[::1]:80" and "a.b:80", not of "::1".
std::optional<uint16_t> TakePort(std::string_view* entry) {
  const size_t colon = entry->rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const bool bracketed = entry->starts_with('[') && colon > 0 && (*entry)[colon - 1] == ']';
  if (!bracketed && entry->find(':') != colon) return std::nullopt;
  const auto port = ParsePort(entry->substr(colon + 1));
  if (port) *entry = entry->substr(0, colon);
  return port;
}

bool Covers(std::string_view entry, const std::string& host, const std::optional<IpAddress>& ip) {
  if (entry == "*") return true;
  if (ip) {
    const size_t slash = entry.find('/');
    const auto network = IpAddress::Parse(entry.substr(0, slash));
    if (!network) return false;
    if (slash == std::string_view::npos) return *network == *ip;
    const auto bits = ParsePort(entry.substr(slash + 1));
    if (!bits) return false;
    const int prefix = *bits + (network->is_v4() ? 96 : 0);
    return prefix <= 128 && network->is_v4() == ip->is_v4() && ip->InPrefix(*network, prefix);
  }
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  const std::string domain = Lower(entry);
  if (domain.empty() || !host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

Result<Proxy> Proxy::Parse(std::string_view text) {
  std::string with_scheme(text);
  if (text.find("://") == std::string_view::npos) with_scheme.insert(0, "http://");
  const auto url = url::ParseUrl(with_scheme);
  if (!url || !url->HasHost()) return BadProxy();
  const auto& at = url->at;
  const std::string_view href(url->href);
  const std::string_view scheme = href.substr(0, at.protocol_end);
  Proxy proxy;
  uint16_t default_port = 0;
  if (scheme == "http:") {
    default_port = 80;
  } else if (scheme == "https:") {
    proxy.kind = Kind::kHttps;
    default_port = 443;
  } else if (scheme == "socks5:" || scheme == "socks5h:") {
    proxy.kind = Kind::kSocks5;
    default_port = 1080;
  } else {
    return BadProxy();
  }
  proxy.port = at.port == url::kNoPort ? default_port : static_cast<uint16_t>(at.port);
  proxy.host = href.substr(at.host_start, at.host_end - at.host_start);
  if (proxy.host.empty()) return BadProxy();
  if (at.username_end > at.protocol_end + 2) {
    proxy.username =
        PercentDecode(href.substr(at.protocol_end + 2, at.username_end - at.protocol_end - 2));
  }
  if (href[at.username_end] == ':' && at.host_start > at.username_end + 1) {
    proxy.password =
        PercentDecode(href.substr(at.username_end + 1, at.host_start - at.username_end - 2));
  }
  return proxy;
}

std::string Proxy::Authorization() const {
  if (username.empty() && password.empty()) return {};
  const std::string pair = username + ":" + password;
  std::string encoded(4 * ((pair.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(pair.data()),
                                   static_cast<int>(pair.size()));
  encoded.resize(static_cast<size_t>(size));
  return "Basic " + encoded;
}

std::string Proxy::Key() const {
  return std::to_string(static_cast<int>(kind)) + " " + host + " " + std::to_string(port) + " " +
         std::to_string(username.size()) + " " + username + password;
}

bool IsExcluded(std::string_view no_proxy, std::string_view host, uint16_t port) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::optional<IpAddress> ip = IpAddress::Parse(host);
  const std::string name = Lower(host);
  while (!no_proxy.empty()) {
    const size_t comma = no_proxy.find(',');
    std::string_view entry = Trim(no_proxy.substr(0, comma));
    no_proxy.remove_prefix(comma == std::string_view::npos ? no_proxy.size() : comma + 1);
    const auto only_port = TakePort(&entry);
    if (only_port && *only_port != port) continue;
    if (!entry.empty() && Covers(entry, name, ip)) return true;
  }
  return false;
}

std::optional<Proxy> ProxyFor(const ProxySettings& settings, bool tls, std::string_view host,
                              uint16_t port) {
  const std::string& own = tls ? settings.https : settings.http;
  const std::string& chosen = own.empty() ? settings.all : own;
  if (chosen.empty() || IsExcluded(settings.no_proxy, host, port)) return std::nullopt;
  auto proxy = Proxy::Parse(chosen);
  // As in Deno: what is no proxy's URL is as good as none.
  if (!proxy.ok()) return std::nullopt;
  return std::move(proxy).value();
}

}  // namespace rt
