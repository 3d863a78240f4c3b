// Parsing and matching of network list entries.
#include "src/permissions/net_scope.h"

#include <algorithm>
#include <charconv>

#include "src/base/redact.h"

namespace rt {
namespace {

Error HostError(std::string_view host, std::string_view why) {
  return Error::Make(ErrorClass::kUriError,
                     "invalid host '" + RedactCredentials(host) + "': " + std::string(why));
}

bool IsLocalhostName(std::string_view name) {
  return name == "localhost" || name.ends_with(".localhost");
}

bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

Result<uint16_t> ParsePort(std::string_view entry, std::string_view text) {
  if (text.empty()) {
    return Error::Make(ErrorClass::kUriError,
                       "invalid empty port in '" + RedactCredentials(entry) + "'");
  }
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) {
    // What follows the colon of "user:secret@host" is a password.
    const bool secret = text.find('@') != std::string_view::npos;
    return Error::Make(ErrorClass::kUriError, "invalid port in '" + RedactCredentials(entry) +
                                                  "': '" + (secret ? "***" : std::string(text)) +
                                                  "'");
  }
  return port;
}

}  // namespace

Result<CanonicalHost> CanonicalHost::Parse(std::string_view host) {
  if (host.empty()) return Error::Make(ErrorClass::kUriError, "invalid empty host: ''");
  if (const std::optional<IpAddress> ip = IpAddress::Parse(host)) {
    return CanonicalHost{ip->ToString(), ip};
  }
  if (host.find(':') != std::string_view::npos || host.front() == '[') {
    return HostError(host, "not an IPv6 address");
  }
  if (IpAddress::EndsInNumber(host)) return HostError(host, "not an IPv4 address");
  std::string name(host);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (name.ends_with('.')) name.pop_back();
  if (name.empty()) return HostError(host, "empty label found in FQDN");
  if (name.size() > 253) return HostError(host, "longer than 253 characters");
  size_t label = 0;
  for (char c : name) {
    if (!IsHostCharacter(c)) return HostError(host, "invalid char found in FQDN");
    if (c == '.') {
      if (label == 0) return HostError(host, "empty label found in FQDN");
      label = 0;
    } else {
      ++label;
    }
  }
  if (label == 0) return HostError(host, "empty label found in FQDN");
  return CanonicalHost{std::move(name), std::nullopt};
}

std::string FormatHostPort(std::string_view host, std::optional<uint16_t> port) {
  std::string text;
  if (host.find(':') != std::string_view::npos && !host.starts_with('[')) {
    text.append("[").append(host).append("]");
  } else {
    text = host;
  }
  if (port) text.append(":").append(std::to_string(*port));
  return text;
}

std::string_view NetUsePrefix(NetUse use) {
  return use == NetUse::kConnect ? "connect:" : use == NetUse::kListen ? "listen:" : "";
}

NetUse NetScope::TakeUse(std::string_view& entry) {
  for (const NetUse use : {NetUse::kConnect, NetUse::kListen}) {
    if (!entry.starts_with(NetUsePrefix(use))) continue;
    const std::string_view rest = entry.substr(NetUsePrefix(use).size());
    // "listen:80" is port 80 of a host called listen, as it always was.
    const bool is_port = !rest.empty() && rest.find_first_not_of("0123456789") == rest.npos;
    if (rest.empty() || is_port) return NetUse::kEither;
    entry = rest;
    return use;
  }
  return NetUse::kEither;
}

Result<void> NetScope::Parse(std::string_view entry, std::vector<NetScope>* out) {
  NetScope scope;
  scope.text_ = entry;
  scope.use_ = TakeUse(entry);
  const std::string shown = RedactCredentials(entry);
  if (entry == "private") {
    scope.kind_ = Kind::kPrivate;
    out->push_back(std::move(scope));
    return {};
  }
  if (entry.starts_with("unix:")) {
    const std::string_view path = entry.substr(5);
    if (path.empty() || (path[0] != '/' && path[0] != '@')) {
      return Error::Make(ErrorClass::kUriError,
                         "invalid unix socket '" + shown + "': the path must be absolute");
    }
    scope.kind_ = Kind::kUnix;
    scope.name_ = path;
    out->push_back(std::move(scope));
    return {};
  }
  if (entry.starts_with("vsock:")) {
    return Error::Make(ErrorClass::kUriError, "vsock addresses are not supported: '" + shown + "'");
  }
  if (entry.find("://") != std::string_view::npos) {
    return Error::Make(
        ErrorClass::kUriError,
        "invalid value '" + shown + "': URLs are not supported, only domains and IPs");
  }
  return ParseHost(entry, std::move(scope), out);
}

Result<void> NetScope::ParseHost(std::string_view entry, NetScope scope,
                                 std::vector<NetScope>* out) {
  const std::string shown = RedactCredentials(entry);
  std::string_view host = entry;
  if (const size_t slash = entry.find('/'); slash != std::string_view::npos) {
    const std::optional<IpAddress> network = IpAddress::Parse(entry.substr(0, slash));
    const std::string_view bits = entry.substr(slash + 1);
    int prefix = -1;
    const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix);
    const int longest = network && network->is_v4() ? 32 : 128;
    if (!network || error != std::errc() || end != bits.data() + bits.size() || prefix < 0 ||
        prefix > longest) {
      return Error::Make(ErrorClass::kUriError, "invalid address block '" + shown + "'");
    }
    scope.kind_ = Kind::kBlock;
    scope.network_ = *network;
    scope.prefix_ = longest == 32 ? prefix + 96 : prefix;
    out->push_back(std::move(scope));
    return {};
  }
  if (entry.starts_with('[')) {
    const size_t close = entry.find(']');
    if (close == std::string_view::npos) {
      return Error::Make(ErrorClass::kUriError, "invalid host: '" + shown + "'");
    }
    host = entry.substr(0, close + 1);
    const std::string_view after = entry.substr(close + 1);
    if (!after.empty()) {
      if (after[0] != ':') return HostError(entry, "unexpected text after ']'");
      RT_TRY(scope.port_, ParsePort(entry, after.substr(1)));
    }
  } else if (const size_t colon = entry.find(':'); colon != std::string_view::npos) {
    if (entry.find(':', colon + 1) != std::string_view::npos) {
      return Error::Make(ErrorClass::kUriError,
                         "ipv6 addresses must be enclosed in square brackets: '" + shown + "'");
    }
    host = entry.substr(0, colon);
    RT_TRY(scope.port_, ParsePort(entry, entry.substr(colon + 1)));
    if (host.empty()) {
      for (std::string_view each : {"0.0.0.0", "127.0.0.1", "localhost"}) {
        RT_TRY(CanonicalHost canonical, CanonicalHost::Parse(each));
        NetScope local = Exact(canonical, scope.port_, scope.use_);
        local.text_ = scope.text_;
        out->push_back(std::move(local));
      }
      return {};
    }
  }
  if (host.starts_with("*.")) {
    RT_TRY(CanonicalHost canonical, CanonicalHost::Parse(host.substr(2)));
    if (canonical.ip) return HostError(entry, "a wildcard needs a name");
    scope.kind_ = Kind::kSubdomains;
    scope.name_ = canonical.text;
    out->push_back(std::move(scope));
    return {};
  }
  RT_TRY(CanonicalHost canonical, CanonicalHost::Parse(host));
  NetScope exact = Exact(canonical, scope.port_, scope.use_);
  exact.text_ = std::move(scope.text_);
  out->push_back(std::move(exact));
  return {};
}

NetScope NetScope::Exact(const CanonicalHost& host, std::optional<uint16_t> port, NetUse use) {
  NetScope scope;
  scope.use_ = use;
  scope.text_ = std::string(NetUsePrefix(use)) + FormatHostPort(host.text, port);
  if (host.ip) {
    scope.kind_ = Kind::kBlock;
    scope.network_ = *host.ip;
  } else {
    scope.name_ = host.text;
  }
  scope.port_ = port;
  return scope;
}

NetScope NetScope::Unix(std::string path, NetUse use) {
  NetScope scope;
  scope.use_ = use;
  scope.text_ = std::string(NetUsePrefix(use)) + "unix:" + path;
  scope.kind_ = Kind::kUnix;
  scope.name_ = std::move(path);
  return scope;
}

bool NetScope::PortMatches(std::optional<uint16_t> port) const {
  return !port_ || port_ == port;
}

bool NetScope::Allows(const CanonicalHost& host, std::optional<uint16_t> port, NetUse use) const {
  return AllowsUse(use) && AllowsHost(host, port);
}

bool NetScope::Denies(const CanonicalHost& host, std::optional<uint16_t> port, NetUse use) const {
  return DeniesUse(use) && DeniesHost(host, port);
}

bool NetScope::CoversScope(const NetScope& other) const {
  if (!AllowsUse(other.use_)) return false;
  if (port_ && port_ != other.port_) return false;
  switch (other.kind_) {
    case Kind::kName:
      return AllowsHost(CanonicalHost{other.name_, std::nullopt}, other.port_);
    case Kind::kSubdomains:
      return kind_ == Kind::kSubdomains &&
             AllowsHost(CanonicalHost{other.name_, std::nullopt}, other.port_);
    case Kind::kBlock:
      if (kind_ == Kind::kBlock) {
        return prefix_ <= other.prefix_ && other.network_.InPrefix(network_, prefix_);
      }
      return other.prefix_ == 128 &&
             AllowsHost(CanonicalHost{other.network_.ToString(), other.network_}, other.port_);
    case Kind::kPrivate:
      return kind_ == Kind::kPrivate;
    case Kind::kUnix:
      return kind_ == Kind::kUnix && name_ == other.name_;
  }
  return false;
}

bool NetScope::AllowsHost(const CanonicalHost& host, std::optional<uint16_t> port) const {
  if (!PortMatches(port)) return false;
  switch (kind_) {
    case Kind::kName:
      return !host.ip && host.text == name_;
    case Kind::kSubdomains:
      return !host.ip && (host.text == name_ ||
                          (host.text.size() > name_.size() + 1 && host.text.ends_with(name_) &&
                           host.text[host.text.size() - name_.size() - 1] == '.'));
    case Kind::kBlock:
      return host.ip && host.ip->InPrefix(network_, prefix_);
    case Kind::kPrivate:
      return host.ip ? host.ip->IsPrivate() : IsLocalhostName(host.text);
    case Kind::kUnix:
      return false;
  }
  return false;
}

bool NetScope::BlockDenies(const IpAddress& ip) const {
  if (kind_ == Kind::kPrivate) return ip.IsPrivate();
  return ip.InPrefix(network_, prefix_);
}

bool NetScope::DeniesHost(const CanonicalHost& host, std::optional<uint16_t> port) const {
  if (AllowsHost(host, port)) return true;
  if (!PortMatches(port)) return false;
  static constexpr uint32_t kLoopbackV4 = 0x7f000001;
  const auto loopback_v6 = [] {
    std::array<uint8_t, 16> bytes{};
    bytes[15] = 1;
    return IpAddress::V6(bytes);
  };
  if (kind_ == Kind::kName || kind_ == Kind::kSubdomains) {
    // A rule that names localhost means this machine.
    return IsLocalhostName(name_) && host.ip &&
           (host.ip->IsLoopback() || host.ip->IsUnspecified() ||
            (host.ip->EmbeddedV4() && host.ip->EmbeddedV4()->IsLoopback()));
  }
  if (kind_ == Kind::kUnix) return false;
  // Every loopback and unspecified address reaches the same servers: a rule that names one of them
  // means this machine.
  const bool names_this_machine =
      BlockDenies(IpAddress::V4(kLoopbackV4)) || BlockDenies(loopback_v6()) ||
      (kind_ == Kind::kBlock &&
       (network_.IsLoopback() || (prefix_ == 128 && network_.IsUnspecified())));
  const std::optional<IpAddress> embedded = host.ip ? host.ip->EmbeddedV4() : std::nullopt;
  const auto is_this_machine = [](const IpAddress& ip) {
    return ip.IsLoopback() || ip.IsUnspecified();
  };
  const bool reaches_this_machine =
      host.ip ? is_this_machine(*host.ip) || (embedded && is_this_machine(*embedded))
              : IsLocalhostName(host.text);
  if (names_this_machine && reaches_this_machine) return true;
  return embedded && BlockDenies(*embedded);
}

bool NetScope::IsPartOf(const CanonicalHost& host) const {
  if (kind_ == Kind::kName) return !host.ip && host.text == name_;
  return kind_ == Kind::kBlock && prefix_ == 128 && host.ip == network_;
}

}  // namespace rt
