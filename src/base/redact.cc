// Finding the user information in text.
#include "src/base/redact.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace rt {
namespace {

constexpr std::array<std::string_view, 15> kSecretWords = {
    "passw",   "passphrase", "secret",     "token",     "apikey",
    "api-key", "api_key",    "credential", "authori",   "cookie",
    "private", "session-id", "sessid",     "signature", "access-key"};
constexpr std::array<std::string_view, 6> kSecretNames = {"auth", "key",  "sig",
                                                          "pwd",  "pass", "jwt"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool IsSecretName(std::string_view name) {
  const std::string lower = Lower(name);
  return std::find(kSecretNames.begin(), kSecretNames.end(), lower) != kSecretNames.end() ||
         std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string RedactSecrets(std::string_view original) {
  const std::string text = RedactCredentials(original);
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    if (!IsNameCharacter(text[at])) {
      out += text[at++];
      continue;
    }
    const size_t start = at;
    while (at < text.size() && IsNameCharacter(text[at])) ++at;
    const std::string_view name = std::string_view(text).substr(start, at - start);
    out += name;
    const std::string lower = Lower(name);
    if ((lower == "bearer" || lower == "basic") && at < text.size() && text[at] == ' ') {
      out += " ***";
      ++at;
      while (at < text.size() && std::isgraph(static_cast<unsigned char>(text[at])) != 0) ++at;
      continue;
    }
    // name=value, name: value, "name":"value"
    size_t value = at;
    if (value < text.size() && text[value] == '"') ++value;
    if (value >= text.size() || (text[value] != '=' && text[value] != ':')) continue;
    const bool is_colon = text[value] == ':';
    ++value;
    if (is_colon && value < text.size() && text[value] == ' ') ++value;
    if (value < text.size() && text[value] == '"') ++value;
    // "https://" is no pair.
    if (!IsSecretName(name) || text.substr(value, 2) == "//") continue;
    out += text.substr(at, value - at);
    size_t end = value;
    // A header's value goes to the end of its line, a parameter's to its separator.
    const std::string_view ends = is_colon ? "\r\n\"" : "&;#\"' \t\r\n";
    while (end < text.size() && ends.find(text[end]) == std::string_view::npos) ++end;
    if (end > value) out += "***";
    at = end;
  }
  return out;
}

std::string RedactCredentials(std::string_view text) {
  std::string out;
  // An authority without a scheme: nothing before the "@" that ends one.
  size_t begin = 0;
  size_t scheme = text.find("//");
  if (scheme == std::string_view::npos) {
    const size_t end = text.find_first_of("/?# \t\r\n");
    const size_t at = text.substr(0, end).rfind('@');
    // "@name" is an abstract socket, "a@b" without a colon may be anything, nothing stands between
    // the two in "npm:@scope": only secrets go.
    const size_t colon = text.substr(0, at == std::string_view::npos ? 0 : at).find(':');
    if (colon == std::string_view::npos || colon + 1 == at || text.starts_with("unix:")) {
      return std::string(text);
    }
    return "***" + std::string(text.substr(at));
  }
  while (scheme != std::string_view::npos) {
    const size_t authority = scheme + 2;
    const size_t length = text.substr(authority).find_first_of("/\\?# \t\r\n\"'`<>");
    const size_t end = length == std::string_view::npos ? text.size() : authority + length;
    const size_t at = text.substr(authority, end - authority).rfind('@');
    out.append(text.substr(begin, authority - begin));
    if (at != std::string_view::npos) {
      out.append("***");
      out.append(text.substr(authority + at, end - authority - at));
    } else {
      out.append(text.substr(authority, end - authority));
    }
    begin = end;
    scheme = text.find("//", end);
  }
  out.append(text.substr(begin));
  return out;
}

}  // namespace rt
