// The words of the opening handshake (RFC 6455 section 4): keys and extension lists. No I/O; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rt::ws {

// What the server answers to this `Sec-WebSocket-Key`.
std::string AcceptKey(std::string_view key);
// Whether it is what a key must be: 16 bytes in base64.
bool IsKey(std::string_view key);
// A fresh one, from the system's randomness.
std::string MakeKey();

struct ExtensionParam {
  std::string name;
  std::optional<std::string> value;  // unquoted
};
struct ExtensionField {
  std::string name;
  std::vector<ExtensionParam> params;
};
// `Sec-WebSocket-Extensions`, all fields joined with commas. Nothing: it breaks the grammar
// (section 9.1). An empty field is an empty list. Takes time in proportion to its length.
std::optional<std::vector<ExtensionField>> ParseExtensions(std::string_view field);

// Whether `field`, a comma-separated list of tokens, holds this (lower-case) token.
bool HasToken(std::string_view field, std::string_view token);
// RFC 9110 section 5.6.2.
bool IsToken(std::string_view text);

}  // namespace rt::ws
