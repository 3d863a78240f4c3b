// Scanning and serializing of single components; see components.h.
#include "src/ext/url/components.h"

#include <algorithm>

#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

bool IsTabOrNewline(char c) {
  return c == '\t' || c == '\n' || c == '\r';
}

bool IsSchemeChar(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '+' || c == '-' || c == '.';
}

// The number of dots a segment made only of "." and "%2e" stands for: 1, 2, or 0 if it is another
// segment.
int DotCount(std::string_view segment) {
  if (segment.empty() || segment.size() > 6 || (segment[0] != '.' && segment[0] != '%')) return 0;
  int dots = 0;
  while (!segment.empty()) {
    if (segment[0] == '.') {
      segment.remove_prefix(1);
    } else if (segment.size() >= 3 && segment[0] == '%' && segment[1] == '2' &&
               (segment[2] | 0x20) == 'e') {
      segment.remove_prefix(3);
    } else {
      return 0;
    }
    ++dots;
  }
  return dots <= 2 ? dots : 0;
}

}  // namespace

std::string_view RemoveTabsAndNewlines(std::string_view input, std::string& storage) {
  const auto first = std::find_if(input.begin(), input.end(), IsTabOrNewline);
  if (first == input.end()) return input;
  storage.assign(input);
  storage.erase(std::remove_if(storage.begin(), storage.end(), IsTabOrNewline), storage.end());
  return storage;
}

std::optional<size_t> SchemeLength(std::string_view input) {
  if (input.empty() || !IsAsciiAlpha(input[0])) return std::nullopt;
  size_t at = 1;
  while (at < input.size() && IsSchemeChar(input[at])) ++at;
  if (at == input.size() || input[at] != ':') return std::nullopt;
  return at;
}

size_t AuthorityLength(std::string_view input, bool special) {
  size_t at = 0;
  while (at < input.size()) {
    const char c = input[at];
    if (c == '/' || c == '?' || c == '#' || (special && c == '\\')) break;
    ++at;
  }
  return at;
}

size_t PortColon(std::string_view host_and_port) {
  bool in_brackets = false;
  for (size_t i = 0; i < host_and_port.size(); ++i) {
    const char c = host_and_port[i];
    if (c == '[') in_brackets = true;
    if (c == ']') in_brackets = false;
    if (c == ':' && !in_brackets) return i;
  }
  return host_and_port.size();
}

std::optional<uint32_t> ParsePort(std::string_view input, size_t& digits) {
  uint32_t port = 0;
  digits = 0;
  while (digits < input.size() && IsAsciiDigit(input[digits])) {
    port = std::min(port * 10 + static_cast<uint32_t>(input[digits] - '0'), uint32_t{0x10000});
    ++digits;
  }
  if (digits == 0 || port > 0xffff) return std::nullopt;
  return port;
}

bool IsDriveLetter(std::string_view text, bool normalized) {
  return text.size() == 2 && IsAsciiAlpha(text[0]) &&
         (text[1] == ':' || (!normalized && text[1] == '|'));
}

bool StartsWithDriveLetter(std::string_view input) {
  if (!IsDriveLetter(input.substr(0, 2), false)) return false;
  return input.size() == 2 || std::string_view("/\\?#").find(input[2]) != std::string_view::npos;
}

void ShortenPath(std::string& out, size_t path_start, Scheme scheme) {
  if (out.size() == path_start) return;
  if (scheme == Scheme::kFile &&
      IsDriveLetter(std::string_view(out).substr(path_start + 1), true)) {
    return;
  }
  out.resize(std::max(path_start, out.rfind('/')));
}

size_t AppendPath(std::string& out, size_t path_start, std::string_view input, Scheme scheme,
                  PathEnd end) {
  const bool special = scheme != Scheme::kOther;
  size_t at = 0;
  while (true) {
    const size_t start = at;
    bool encode = false;
    for (; at < input.size(); ++at) {
      const char c = input[at];
      if (IsSlash(c, special)) break;
      if (!kPathSet.Contains(c)) continue;
      if ((c == '?' || c == '#') && end == PathEnd::kAtQuery) break;
      encode = true;
    }
    const bool more = at < input.size() && IsSlash(input[at], special);
    const std::string_view segment = input.substr(start, at - start);
    const int dots = DotCount(segment);
    if (dots == 2) ShortenPath(out, path_start, scheme);
    if (dots != 0) {
      if (!more) out.push_back('/');
    } else {
      const bool drive =
          scheme == Scheme::kFile && out.size() == path_start && IsDriveLetter(segment, false);
      out.push_back('/');
      if (encode) {
        AppendEncoded(out, segment, kPathSet);
      } else {
        out.append(segment);
      }
      if (drive) out.back() = ':';
    }
    if (!more) return at;
    ++at;
  }
}

size_t GuardPath(std::string& out, size_t path_start) {
  if (!std::string_view(out).substr(path_start).starts_with("//")) return path_start;
  out.insert(path_start, "/.");
  return path_start + 2;
}

size_t AppendOpaquePath(std::string& out, std::string_view input) {
  const size_t end = std::min(input.find_first_of("?#"), input.size());
  std::string_view path = input.substr(0, end);
  // A space before '?' or '#' would be trimmed off once those are removed.
  const bool encode_last = end < input.size() && path.ends_with(' ');
  if (encode_last) path.remove_suffix(1);
  AppendEncoded(out, path, kC0ControlSet);
  if (encode_last) out.append("%20");
  return end;
}

}  // namespace rt::url
