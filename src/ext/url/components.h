// The parts of the URL parser that both parsing and the setters need: each reads one component of
// the input (UTF-8, tabs and newlines already removed) and appends its serialization. Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/ext/url/url_record.h"

namespace rt::url {

constexpr bool IsAsciiAlpha(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
constexpr bool IsAsciiDigit(char c) {
  return c >= '0' && c <= '9';
}

// Whether a path ends at the first '?' or '#' (parsing) or takes them in (the pathname setter).
enum class PathEnd { kAtQuery, kAtInputEnd };

// `input` without ASCII tabs and newlines; `storage` holds the copy if there is something to
// remove.
std::string_view RemoveTabsAndNewlines(std::string_view input, std::string& storage);

// The length of the scheme `input` starts with, if a ':' follows it.
std::optional<size_t> SchemeLength(std::string_view input);

// True if `c` separates path segments (and ends a host).
constexpr bool IsSlash(char c, bool special) {
  return c == '/' || (special && c == '\\');
}

// The length of the part of `input` before the first '/', '?', '#' or, if special, '\'.
size_t AuthorityLength(std::string_view input, bool special);

// The offset of the ':' before a port in host:port, or the size. Colons inside [] do not count.
size_t PortColon(std::string_view host_and_port);

// The port the digits at the start of `input` say: nothing if it does not fit 16 bits or there are
// none. `digits` is set to how many there are.
std::optional<uint32_t> ParsePort(std::string_view input, size_t& digits);

// https://url.spec.whatwg.org/#start-with-a-windows-drive-letter
bool StartsWithDriveLetter(std::string_view input);
// "C:" or "C|" exactly; with `normalized`, only "C:".
bool IsDriveLetter(std::string_view text, bool normalized);

// https://url.spec.whatwg.org/#shorten-a-urls-path on the path that is the tail of `out` from
// `path_start`.
void ShortenPath(std::string& out, size_t path_start, Scheme scheme);

// https://url.spec.whatwg.org/#path-state: appends segments to the path that is the tail of `out`
// from `path_start`. `input` starts after the path's slash. Returns how much of it was the path.
size_t AppendPath(std::string& out, size_t path_start, std::string_view input, Scheme scheme,
                  PathEnd end);

// Puts "/." before a path that starts with "//" when there is no host to keep it from looking like
// one. Returns where the path starts then.
size_t GuardPath(std::string& out, size_t path_start);

// https://url.spec.whatwg.org/#cannot-be-a-base-url-path-state; returns how much of `input` was the
// path.
size_t AppendOpaquePath(std::string& out, std::string_view input);

}  // namespace rt::url
