// The strict rules for one request head (RFC 9112 2 to 7, RFC 9110 7.2), applied around llhttp: a
// head counts as a request only if both llhttp and these checks accept it. Pure functions on bytes.
// None of them may repair input: what is ambiguous is refused (S46).
#pragma once

#include <cstdint>
#include <string_view>

namespace rt::http {

// 0, or the status of the refusal. After a refusal the connection closes.
using Refusal = int;

struct RequestLine {
  std::string_view method;
  std::string_view target;
  int minor_version = 1;
};

// Exactly `method SP target SP HTTP/1.x`, without the line end. 400, 414, 501 (CONNECT) or 505.
Refusal CheckRequestLine(std::string_view line, size_t max_target_bytes, RequestLine* out);

// origin-form, absolute-form with http or https, or `*` for OPTIONS. `authority` is set for
// absolute-form, where it takes the place of the Host field (RFC 9112 3.2.2); else it stays empty.
bool CheckTarget(std::string_view method, std::string_view target, std::string_view* authority);

// uri-host [":" port] with a host that is not empty (RFC 3986 3.2.2, 3.2.3).
bool IsValidHost(std::string_view host);

// 1*DIGIT and below 2^53. No sign, no list, no white space.
bool ParseContentLength(std::string_view value, uint64_t* length);

// The character's lower case if it may stand in a token (RFC 9110 5.6.2), else 0.
char TokenLower(char c);
bool IsToken(std::string_view text);
// Field values: no control but HTAB.
bool IsFieldValue(std::string_view text);
bool EqualsIgnoreCase(std::string_view text, std::string_view lower);

// Field names that may not stand in trailers, because they would change framing or routing
// (RFC 9110 6.5.1). `lower` is in lower case.
bool IsForbiddenTrailer(std::string_view lower);

}  // namespace rt::http
