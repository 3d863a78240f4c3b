#include "src/cli/testing/glob.h"

#include <vector>

namespace rt::cli {
namespace {

constexpr size_t kMost = 4096;  // alternatives of braces

// "{a,b}c" to "ac", "bc".
void Expand(std::string_view pattern, std::vector<std::string>& result) {
  const size_t open = pattern.find('{');
  int depth = 0;
  std::vector<size_t> commas;
  size_t close = std::string_view::npos;
  for (size_t i = open; i < pattern.size(); ++i) {
    if (pattern[i] == '{') {
      ++depth;
    } else if (pattern[i] == '}') {
      if (--depth == 0) {
        close = i;
        break;
      }
    } else if (pattern[i] == ',' && depth == 1) {
      commas.push_back(i);
    }
  }
  if (open == std::string_view::npos || close == std::string_view::npos || result.size() > kMost) {
    result.emplace_back(pattern);
    return;
  }
  size_t start = open + 1;
  commas.push_back(close);
  for (const size_t end : commas) {
    std::string one(pattern.substr(0, open));
    one.append(pattern.substr(start, end - start)).append(pattern.substr(close + 1));
    Expand(one, result);
    start = end + 1;
  }
}

// One character against "[…]" at pattern[0]. `*length`: of the brackets, 0 if they do not close.
bool InBrackets(std::string_view pattern, char c, size_t* length) {
  size_t i = 1;
  const bool inverted = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (inverted) ++i;
  bool found = false;
  for (const size_t first = i; i < pattern.size(); ++i) {
    if (pattern[i] == ']' && i > first) {
      *length = i + 1;
      return found != inverted;
    }
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      found = found || (pattern[i] <= c && c <= pattern[i + 2]);
      i += 2;
    } else {
      found = found || pattern[i] == c;
    }
  }
  *length = 0;
  return false;
}

bool Matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    if (pattern.starts_with("**")) {
      std::string_view rest = pattern.substr(2);
      if (rest.empty()) return true;
      if (rest[0] == '/') {
        // Zero folders or more.
        rest.remove_prefix(1);
        if (Matches(rest, path)) return true;
        for (size_t i = 0; i < path.size(); ++i) {
          if (path[i] == '/' && Matches(rest, path.substr(i + 1))) return true;
        }
        return false;
      }
    }
    if (pattern[0] == '*') {
      const std::string_view rest =
          pattern.substr(pattern.find_first_not_of('*') == std::string_view::npos
                             ? pattern.size()
                             : pattern.find_first_not_of('*'));
      for (size_t i = 0;; ++i) {
        if (Matches(rest, path.substr(i))) return true;
        if (i >= path.size() || path[i] == '/') return false;
      }
    }
    if (path.empty()) return false;
    size_t length = 1;
    if (pattern[0] == '[') {
      const bool in = path[0] != '/' && InBrackets(pattern, path[0], &length);
      if (length == 0) {
        if (path[0] != '[') return false;
        length = 1;
      } else if (!in) {
        return false;
      }
    } else if (pattern[0] == '?' ? path[0] == '/' : pattern[0] != path[0]) {
      return false;
    }
    pattern.remove_prefix(length);
    path.remove_prefix(1);
  }
  return path.empty();
}

}  // namespace

bool IsGlob(std::string_view text) {
  return text.find_first_of("*?[{") != std::string_view::npos;
}

bool GlobMatches(std::string_view pattern, std::string_view path) {
  std::vector<std::string> alternatives;
  Expand(pattern, alternatives);
  for (const std::string& one : alternatives) {
    if (Matches(one, path)) return true;
  }
  return false;
}

std::string GlobFolder(std::string_view pattern) {
  const size_t special = pattern.find_first_of("*?[{");
  const std::string_view plain = pattern.substr(0, special);
  const size_t slash = plain.rfind('/');
  return std::string(plain.substr(0, slash == std::string_view::npos ? 0 : slash));
}

}  // namespace rt::cli
