// See the header. Each function is the grammar of its RFC section, written out.
#include "src/ext/http/engine/head_check.h"

#include <array>

#include "src/ext/http/engine/head_scan.h"

namespace rt::http {
namespace {

constexpr std::array<char, 256> MakeTokenTable() {
  std::array<char, 256> table{};
  for (char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")) {
    table[static_cast<unsigned char>(c)] = c;
  }
  for (char c = 'A'; c <= 'Z'; ++c) {
    table[static_cast<unsigned char>(c)] = static_cast<char>(c + ('a' - 'A'));
  }
  return table;
}
constexpr std::array<char, 256> kTokenLower = MakeTokenTable();

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsHex(char c) {
  return IsDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool IsAlpha(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

// Every printable ASCII character but the fragment's '#'. Wider than RFC 3986 (`{`, `|`, `"` pass),
// as browsers send these; nothing here can end a line or a target.
bool IsTargetChars(std::string_view text) {
  for (char c : text) {
    if (c <= ' ' || c >= 0x7f || c == '#')
      return false;  // char is signed or not: both refuse >= 0x80
  }
  return true;
}

bool StartsWithIgnoreCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && EqualsIgnoreCase(text.substr(0, lower.size()), lower);
}

}  // namespace

char TokenLower(char c) {
  return kTokenLower[static_cast<unsigned char>(c)];
}

bool IsToken(std::string_view text) {
  if (text.empty()) return false;
  for (char c : text) {
    if (TokenLower(c) == 0) return false;
  }
  return true;
}

bool IsFieldValue(std::string_view text) {
  return FindControl(text.data(), 0, text.size()) == text.size();
}

bool EqualsIgnoreCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (c != lower[i]) return false;
  }
  return true;
}

Refusal CheckRequestLine(std::string_view line, size_t max_target_bytes, RequestLine* out) {
  const size_t first = line.find(' ');
  if (first == std::string_view::npos || first == 0) return 400;
  const size_t second = line.find(' ', first + 1);
  if (second == std::string_view::npos || second == first + 1) return 400;
  out->method = line.substr(0, first);
  out->target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!IsToken(out->method)) return 400;
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !IsDigit(version[5]) ||
      version[6] != '.' || !IsDigit(version[7])) {
    return 400;
  }
  if (version[5] != '1') return 505;
  if (version[7] > '1') return 505;
  out->minor_version = version[7] - '0';
  if (out->target.size() > max_target_bytes) return 414;
  if (out->method == "CONNECT") return 501;
  return 0;
}

bool CheckTarget(std::string_view method, std::string_view target, std::string_view* authority) {
  *authority = {};
  if (!IsTargetChars(target)) return false;
  if (target[0] == '/') return true;
  if (target == "*") return method == "OPTIONS";
  size_t start;
  if (StartsWithIgnoreCase(target, "http://")) {
    start = 7;
  } else if (StartsWithIgnoreCase(target, "https://")) {
    start = 8;
  } else {
    return false;
  }
  size_t end = target.find_first_of("/?", start);
  if (end == std::string_view::npos) end = target.size();
  const std::string_view host = target.substr(start, end - start);
  if (!IsValidHost(host)) return false;
  *authority = host;
  return true;
}

bool IsValidHost(std::string_view host) {
  if (host.empty()) return false;
  size_t at = 0;
  if (host[0] == '[') {
    // IP-literal: the address itself is checked by whoever parses the URL; here no delimiter may
    // hide.
    for (at = 1; at < host.size() && host[at] != ']'; ++at) {
      if (!IsHex(host[at]) && host[at] != ':' && host[at] != '.') return false;
    }
    if (at == host.size() || at < 3) return false;
    ++at;
  } else {
    for (; at < host.size() && host[at] != ':'; ++at) {
      const char c = host[at];
      if (c == '%') {
        if (at + 2 >= host.size() || !IsHex(host[at + 1]) || !IsHex(host[at + 2])) return false;
        continue;
      }
      if (IsAlpha(c) || IsDigit(c)) continue;
      if (std::string_view("-._~!$&'()*+,;=").find(c) == std::string_view::npos) return false;
    }
    if (at == 0) return false;
  }
  if (at == host.size()) return true;
  if (host[at] != ':') return false;
  uint32_t port = 0;
  for (++at; at < host.size(); ++at) {
    if (!IsDigit(host[at])) return false;
    port = port * 10 + static_cast<uint32_t>(host[at] - '0');
    if (port > 65535) return false;
  }
  return true;
}

bool ParseContentLength(std::string_view value, uint64_t* length) {
  if (value.empty() || value.size() > 32) return false;
  uint64_t total = 0;
  for (char c : value) {
    if (!IsDigit(c)) return false;
    total = total * 10 + static_cast<uint64_t>(c - '0');
    if (total >= (1ull << 53)) return false;
  }
  *length = total;
  return true;
}

bool IsForbiddenTrailer(std::string_view lower) {
  for (std::string_view name :
       {"content-length", "transfer-encoding", "host", "connection", "upgrade", "expect", "te",
        "trailer", "content-encoding", "content-range"}) {
    if (lower == name) return true;
  }
  return false;
}

}  // namespace rt::http
