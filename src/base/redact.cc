// Finding the user information in text.
#include "src/base/redact.h"

namespace rt {

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
