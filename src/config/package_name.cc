#include "src/config/package_name.h"

namespace rt {

std::optional<PackageName> ParsePackageName(std::string_view text) {
  size_t slash = text.find('/');
  if (text.starts_with('@')) {
    if (slash == std::string_view::npos) return std::nullopt;
    slash = text.find('/', slash + 1);
  }
  std::string_view head = text.substr(0, slash);
  PackageName parsed;
  parsed.subpath = slash == std::string_view::npos ? "." : "." + std::string(text.substr(slash));
  if (parsed.subpath == "./") parsed.subpath = ".";
  if (const size_t at = head.find('@', 1); at != std::string_view::npos) {
    parsed.range = head.substr(at + 1);
    head = head.substr(0, at);
    if (parsed.range.empty()) return std::nullopt;
  }
  if (head.empty() || head.starts_with('.') || head.ends_with('/') ||
      head.find_first_of("\\%?# \t\n") != std::string_view::npos ||
      head.find('\0') != std::string_view::npos || head.starts_with("@/")) {
    return std::nullopt;
  }
  parsed.name = head;
  return parsed;
}

}  // namespace rt
