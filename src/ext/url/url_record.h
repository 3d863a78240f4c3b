// A parsed URL: its serialization and where the components are in it. JavaScript holds the same two
// things, so every getter of the URL class is a substring and needs no call into C++.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rt::url {

// https://url.spec.whatwg.org/#special-scheme
enum class Scheme : uint8_t { kOther, kFtp, kFile, kHttp, kHttps, kWs, kWss };

inline constexpr uint32_t kNoPort = 0xffffffff;

// The scheme named by lower-case `name` (without the colon).
Scheme SchemeOf(std::string_view name);
// The scheme's default port; kNoPort for file and for schemes that are not special.
uint32_t DefaultPort(Scheme scheme);

// Offsets into UrlRecord::href; each is at least the one before it, and search_start to the end
// likewise.
//
//   https://user:pass@example.com:1234/foo/bar?baz#quux
//         |     |     |          |    |       |   |
//         |     |     |          |    |       |   hash_start     '#', or the end
//         |     |     |          |    |       search_start       '?', or hash_start
//         |     |     |          |    pathname_start
//         |     |     |          host_end                         ':' if there is a port
//         |     |     host_start                                  after '@', if there is one
//         |     username_end                                      ':', '@' or host_start
//         protocol_end                                            after ':'
//
// A URL with a host (maybe an empty one) has "//" at protocol_end, so username_end is two further
// at least. Without a host username_end, host_start and host_end equal protocol_end, and "/."
// precedes a path that starts with "//": it lies between host_end and pathname_start, in no
// component. ops.cc hands the eight numbers to JavaScript in this order.
struct UrlOffsets {
  uint32_t protocol_end = 0;
  uint32_t username_end = 0;
  uint32_t host_start = 0;
  uint32_t host_end = 0;
  uint32_t port = kNoPort;
  uint32_t pathname_start = 0;
  uint32_t search_start = 0;
  uint32_t hash_start = 0;

  bool operator==(const UrlOffsets&) const = default;
};

// Longest href; what V8 can hold in a string.
inline constexpr size_t kMaxHrefLength = (size_t{1} << 29) - 24;

struct UrlRecord {
  std::string href;
  UrlOffsets at;
  Scheme scheme = Scheme::kOther;

  bool IsSpecial() const { return scheme != Scheme::kOther; }
  bool HasHost() const { return at.username_end != at.protocol_end; }
  bool HasOpaquePath() const { return !HasHost() && !Pathname().starts_with('/'); }
  bool HasCredentials() const { return at.host_start > at.protocol_end + 2; }
  // https://url.spec.whatwg.org/#cannot-have-a-username-password-port
  bool CannotHaveCredentials() const {
    return at.host_start == at.host_end || scheme == Scheme::kFile;
  }
  bool HasQuery() const { return at.search_start != at.hash_start; }
  bool HasFragment() const { return at.hash_start != href.size(); }

  // The getters of the URL class. Views into href, valid until it changes.
  std::string_view Protocol() const { return Slice(0, at.protocol_end); }
  std::string_view Username() const {
    return HasHost() ? Slice(at.protocol_end + 2, at.username_end) : std::string_view();
  }
  std::string_view Password() const;
  std::string_view Hostname() const { return Slice(at.host_start, at.host_end); }
  std::string_view Host() const {
    return at.port == kNoPort ? Hostname() : Slice(at.host_start, at.pathname_start);
  }
  std::string_view Port() const {
    return at.port == kNoPort ? std::string_view() : Slice(at.host_end + 1, at.pathname_start);
  }
  std::string_view Pathname() const { return Slice(at.pathname_start, at.search_start); }
  // Empty for an empty query, else with the "?".
  std::string_view Search() const { return Present(Slice(at.search_start, at.hash_start)); }
  // Empty for an empty fragment, else with the "#".
  std::string_view Hash() const {
    return Present(Slice(at.hash_start, static_cast<uint32_t>(href.size())));
  }

 private:
  std::string_view Slice(uint32_t from, uint32_t to) const {
    return std::string_view(href).substr(from, to - from);
  }
  static std::string_view Present(std::string_view text) {
    return text.size() <= 1 ? std::string_view() : text;
  }
};

}  // namespace rt::url
