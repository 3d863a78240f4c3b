#include "src/module/remote/auth_tokens.h"

#include <algorithm>

#include "src/base/digest.h"

namespace rt {
namespace {

bool IsHeaderSafe(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) != 0x7f;
  });
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return lower;
}

}  // namespace

std::string BasicAuthorization(std::string_view name, std::string_view password) {
  return "Basic " + Base64Of(std::string(name) + ":" + std::string(password));
}

AuthTokens AuthTokens::Parse(std::string_view text) {
  AuthTokens tokens;
  while (!text.empty()) {
    const size_t end = text.find(';');
    std::string_view each = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (each.starts_with(' ')) each.remove_prefix(1);
    while (each.ends_with(' ')) each.remove_suffix(1);
    // A password may have "@" in it, a host may not.
    const size_t at = each.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == each.size()) continue;
    const std::string_view secret = each.substr(0, at);
    if (!IsHeaderSafe(secret)) continue;
    const size_t colon = secret.find(':');
    tokens.entries_.push_back(
        {.host = Lower(each.substr(at + 1)),
         .authorization =
             colon == std::string_view::npos
                 ? "Bearer " + std::string(secret)
                 : BasicAuthorization(secret.substr(0, colon), secret.substr(colon + 1))});
  }
  return tokens;
}

std::string AuthTokens::For(std::string_view hostname, uint16_t port) const {
  const std::string host = std::string(hostname) + (port == 0 ? "" : ":" + std::to_string(port));
  for (const Entry& entry : entries_) {
    if (entry.host == host) return entry.authorization;
  }
  return {};
}

}  // namespace rt
