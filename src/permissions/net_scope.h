// One entry of a network list: host, host:port, *.domain, address, CIDR block,
// unix:/path, or the built-in set `private`; each for connecting, listening or both. Must never
// look a name up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/ip_address.h"

namespace rt {

// A host in the one form everything is compared in: either an address or a lower-case name.
struct CanonicalHost {
  std::string text;  // name, or IpAddress::ToString()
  std::optional<IpAddress> ip;

  // Brackets, upper case, one trailing dot and every numeric spelling of IPv4 are undone. URIError
  // for an empty host, a bad number ("256.1.1.1"), a zone on a name, or a character no host has
  // (NUL, space, "/", "@", "\", "%", control and non-ASCII bytes: JS passes punycode).
  static Result<CanonicalHost> Parse(std::string_view host);
};

// "host:port" as Deno shows it: IPv6 in brackets, no port when there is none.
std::string FormatHostPort(std::string_view host, std::optional<uint16_t> port);

// What an address is wanted for. kEither: the asker does not say, so a rule must allow both.
enum class NetUse : uint8_t { kEither, kConnect, kListen };

class NetScope {
 public:
  enum class Kind : uint8_t { kName, kSubdomains, kBlock, kPrivate, kUnix };

  // One list entry. ":8000" stands for three (0.0.0.0, 127.0.0.1, localhost), so this appends.
  static Result<void> Parse(std::string_view entry, std::vector<NetScope>* out);
  // The `host` of a Deno.permissions descriptor or a prompted target: exact host and port.
  static NetScope Exact(const CanonicalHost& host, std::optional<uint16_t> port,
                        NetUse use = NetUse::kEither);
  static NetScope Unix(std::string path, NetUse use = NetUse::kEither);
  // Cuts "connect:" or "listen:" off the front of an entry or descriptor.
  static NetUse TakeUse(std::string_view& entry);

  // Does the scope as an allow rule cover this target? A scope without a port covers every port; a
  // target without a port is only covered by a scope without one.
  bool Allows(const CanonicalHost& host, std::optional<uint16_t> port,
              NetUse use = NetUse::kEither) const;
  // Does it as a deny rule hit this target? Wider: unspecified addresses count as loopback,
  // "localhost" and loopback addresses are each other, addresses embedded in IPv6 count. A target
  // without a port is hit only by a scope without one.
  bool Denies(const CanonicalHost& host, std::optional<uint16_t> port,
              NetUse use = NetUse::kEither) const;
  // "connect:" allows connecting, "listen:" listening, a rule without a prefix both; as a deny rule
  // it hits what it names and whoever does not say.
  bool AllowsUse(NetUse use) const { return use_ == NetUse::kEither || use_ == use; }
  bool DeniesUse(NetUse use) const {
    return use_ == NetUse::kEither || use == NetUse::kEither || use_ == use;
  }
  // As an allow rule this one covers all that `other` as an allow rule covers.
  bool CoversScope(const NetScope& other) const;
  // The scope names a part of what the target (without a port) names.
  bool IsPartOf(const CanonicalHost& host) const;

  Kind kind() const { return kind_; }
  NetUse use() const { return use_; }
  std::optional<uint16_t> port() const { return port_; }
  const std::string& unix_path() const { return name_; }  // kUnix
  const std::string& text() const { return text_; }       // as an entry of a list

 private:
  bool PortMatches(std::optional<uint16_t> port) const;
  bool BlockDenies(const IpAddress& ip) const;
  bool AllowsHost(const CanonicalHost& host, std::optional<uint16_t> port) const;
  bool DeniesHost(const CanonicalHost& host, std::optional<uint16_t> port) const;
  static Result<void> ParseHost(std::string_view entry, NetScope scope, std::vector<NetScope>* out);

  Kind kind_ = Kind::kName;
  std::string name_;  // kName, kSubdomains (without "*."), kUnix: the path
  IpAddress network_{};
  int prefix_ = 128;
  std::optional<uint16_t> port_;
  NetUse use_ = NetUse::kEither;
  std::string text_;
};

// "connect:" and "listen:" in front of a list entry; empty for kEither.
std::string_view NetUsePrefix(NetUse use);

}  // namespace rt
