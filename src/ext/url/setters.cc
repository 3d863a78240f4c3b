// Setters: each works out the new text of a component and splices it into the serialization.
#include "src/ext/url/setters.h"

#include <algorithm>
#include <string>

#include "src/ext/url/components.h"
#include "src/ext/url/host.h"
#include "src/ext/url/parser.h"
#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

// The offsets, in the order of their places; `first` is the first that moves.
enum Place {
  kProtocolEnd,
  kUsernameEnd,
  kHostStart,
  kHostEnd,
  kPathStart,
  kSearchStart,
  kHashStart
};

// Replaces [from, to) of the serialization and moves every offset from `first` on by the
// difference.
void Splice(UrlRecord& url, uint32_t from, uint32_t to, std::string_view text, Place first) {
  url.href.replace(from, to - from, text);
  const uint32_t shift = static_cast<uint32_t>(text.size()) - (to - from);  // modulo 2^32
  UrlOffsets& at = url.at;
  uint32_t* const places[] = {&at.protocol_end,   &at.username_end, &at.host_start, &at.host_end,
                              &at.pathname_start, &at.search_start, &at.hash_start};
  for (int place = first; place <= kHashStart; ++place) *places[place] += shift;
}

// Afterwards the "/." between host and path is there exactly when it is needed.
void FixPathGuard(UrlRecord& url) {
  if (url.HasHost()) return;
  const bool guarded = url.at.pathname_start != url.at.host_end;
  const bool needed = url.Pathname().starts_with("//");
  if (guarded == needed) return;
  Splice(url, url.at.host_end, url.at.pathname_start, needed ? "/." : "", kPathStart);
}

void SetPortNumber(UrlRecord& url, uint32_t port) {
  std::string text;
  if (port != kNoPort && port != DefaultPort(url.scheme)) {
    text = ':' + std::to_string(port);
    url.at.port = port;
  } else {
    url.at.port = kNoPort;
  }
  Splice(url, url.at.host_end, url.at.pathname_start, text, kPathStart);
}

// `host` is serialized.
void SetHostText(UrlRecord& url, std::string_view host) {
  if (url.HasHost()) {
    Splice(url, url.at.host_start, url.at.host_end, host, kHostEnd);
    return;
  }
  // The first host: "//" comes with it, the guard of the path goes.
  std::string text("//");
  text.append(host);
  Splice(url, url.at.protocol_end, url.at.pathname_start, text, kPathStart);
  url.at.username_end = url.at.host_start = url.at.protocol_end + 2;
  url.at.host_end = url.at.pathname_start;
}

void SetProtocol(UrlRecord& url, std::string_view value) {
  std::string text(value);
  text.push_back(':');
  const auto length = SchemeLength(text);
  if (!length) return;
  text.resize(*length + 1);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  const Scheme scheme = SchemeOf(std::string_view(text).substr(0, *length));
  if ((scheme != Scheme::kOther) != url.IsSpecial()) return;
  if (scheme == Scheme::kFile && (url.HasCredentials() || url.at.port != kNoPort)) return;
  if (url.scheme == Scheme::kFile && url.Hostname().empty()) return;
  url.scheme = scheme;
  Splice(url, 0, url.at.protocol_end, text, kProtocolEnd);
  // Without a port, what lies between host and path is the guard of the path, and stays.
  if (url.at.port != kNoPort && url.at.port == DefaultPort(scheme)) SetPortNumber(url, kNoPort);
}

// `username` and `password` are encoded already.
void SetCredentials(UrlRecord& url, std::string_view username, std::string_view password) {
  std::string text(username);
  if (!password.empty()) text.append(":").append(password);
  if (!text.empty()) text.push_back('@');
  const uint32_t start = url.at.protocol_end + 2;
  Splice(url, start, url.at.host_start, text, kHostStart);
  url.at.username_end = start + static_cast<uint32_t>(username.size());
}

void SetUsername(UrlRecord& url, std::string_view value) {
  if (url.CannotHaveCredentials()) return;
  std::string username;
  AppendEncoded(username, value, kUserinfoSet);
  SetCredentials(url, username, std::string(url.Password()));
}

void SetPassword(UrlRecord& url, std::string_view value) {
  if (url.CannotHaveCredentials()) return;
  std::string password;
  AppendEncoded(password, value, kUserinfoSet);
  SetCredentials(url, std::string(url.Username()), password);
}

// Host state or hostname state as the state override.
void SetHost(UrlRecord& url, std::string_view value, bool with_port) {
  if (url.HasOpaquePath()) return;
  const bool special = url.IsSpecial();
  value = value.substr(0, AuthorityLength(value, special));
  std::string host;
  if (url.scheme == Scheme::kFile) {
    if (!value.empty() && !AppendHost(host, value, HostKind::kDomain)) return;
    SetHostText(url, host == "localhost" ? "" : host);
    return;
  }
  const size_t colon = PortColon(value);
  const bool has_colon = colon != value.size();
  if (has_colon && (colon == 0 || !with_port)) return;
  if (value.empty() && (special || url.HasCredentials() || url.at.port != kNoPort)) return;
  const HostKind kind = special ? HostKind::kDomain : HostKind::kOpaque;
  if (!AppendHost(host, value.substr(0, colon), kind)) return;
  SetHostText(url, host);
  if (!has_colon) return;
  size_t digits = 0;
  if (const auto port = ParsePort(value.substr(colon + 1), digits)) SetPortNumber(url, *port);
}

void SetPort(UrlRecord& url, std::string_view value) {
  if (url.CannotHaveCredentials()) return;
  size_t digits = 0;
  if (const auto port = ParsePort(value, digits)) SetPortNumber(url, *port);
}

void SetPathname(UrlRecord& url, std::string_view value) {
  if (url.HasOpaquePath()) return;
  std::string path;
  const bool special = url.IsSpecial();
  if (!value.empty() && IsSlash(value[0], special)) {
    AppendPath(path, 0, value.substr(1), url.scheme, PathEnd::kAtInputEnd);
  } else if (special || !value.empty() || !url.HasHost()) {
    AppendPath(path, 0, value, url.scheme, PathEnd::kAtInputEnd);
  }
  Splice(url, url.at.pathname_start, url.at.search_start, path, kSearchStart);
  FixPathGuard(url);
}

// `value` encoded, behind its mark.
std::string Marked(char mark, std::string_view value, const EncodeSet& set) {
  std::string text(1, mark);
  AppendEncoded(text, value, set);
  return text;
}

void SetSearch(UrlRecord& url, std::string_view value, bool remove) {
  const EncodeSet& set = url.IsSpecial() ? kSpecialQuerySet : kQuerySet;
  Splice(url, url.at.search_start, url.at.hash_start,
         remove ? std::string() : Marked('?', value, set), kHashStart);
}

void SetHash(UrlRecord& url, std::string_view value, bool remove) {
  url.href.resize(url.at.hash_start);
  if (!remove) url.href.append(Marked('#', value, kFragmentSet));
}

bool SetHref(UrlRecord& url, std::string_view value) {
  auto parsed = ParseUrl(value);
  if (!parsed) return false;
  url = *std::move(parsed);
  return true;
}

void Apply(UrlRecord& url, Setter setter, std::string_view given) {
  // These two are not parsed, only encoded: tabs and newlines stay.
  if (setter == Setter::kUsername) return SetUsername(url, given);
  if (setter == Setter::kPassword) return SetPassword(url, given);
  std::string_view rest = given;
  if (setter == Setter::kSearch && rest.starts_with('?')) rest.remove_prefix(1);
  if (setter == Setter::kHash && rest.starts_with('#')) rest.remove_prefix(1);
  std::string storage;
  const std::string_view value = RemoveTabsAndNewlines(rest, storage);
  switch (setter) {
    case Setter::kProtocol:
      return SetProtocol(url, value);
    case Setter::kHost:
      return SetHost(url, value, true);
    case Setter::kHostname:
      return SetHost(url, value, false);
    case Setter::kPort:
      // Only the empty string removes the port; one of tabs and newlines alone is no number.
      if (given.empty() && !url.CannotHaveCredentials()) return SetPortNumber(url, kNoPort);
      return SetPort(url, value);
    case Setter::kPathname:
      return SetPathname(url, value);
    case Setter::kSearch:
      return SetSearch(url, value, given.empty());
    case Setter::kHash:
      return SetHash(url, value, given.empty());
    case Setter::kHref:
    case Setter::kUsername:
    case Setter::kPassword:
      return;
  }
}

}  // namespace

bool SetComponent(UrlRecord& url, Setter setter, std::string_view value) {
  if (value.size() > kMaxHrefLength) return false;
  if (setter == Setter::kHref) return SetHref(url, value);
  // What a byte of `value` adds at most is "%XX"; only a value that large needs the copy to go back
  // to.
  if (url.href.size() + 3 * value.size() + 16 <= kMaxHrefLength) {
    Apply(url, setter, value);
    return true;
  }
  UrlRecord changed = url;
  Apply(changed, setter, value);
  if (changed.href.size() > kMaxHrefLength) return false;
  url = std::move(changed);
  return true;
}

}  // namespace rt::url
