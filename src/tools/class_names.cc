// Only what esbuild writes needs to be understood: no spaces but the necessary, and lines that end
// anywhere.
#include "src/tools/class_names.h"

#include <algorithm>
#include <map>

namespace rt {
namespace {

bool IsNamePart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

// The name that ends before `end`, which is no property and no private name; else nothing.
std::string_view NameBefore(std::string_view text, size_t end) {
  size_t start = end;
  while (start > 0 && IsNamePart(text[start - 1])) --start;
  const bool is_member = start > 0 && (text[start - 1] == '.' || text[start - 1] == '#');
  return is_member ? std::string_view() : text.substr(start, end - start);
}

std::string_view NameAt(std::string_view text, size_t start) {
  size_t end = start;
  while (end < text.size() && IsNamePart(text[end])) ++end;
  return text.substr(start, end - start);
}

}  // namespace

Result<std::string> NameClasses(std::string_view text) {
  constexpr std::string_view kClass = "class";
  std::string named;
  std::map<std::string_view, std::string_view> renamed;  // "_URL": "URL"
  size_t copied = 0;
  for (size_t at = text.find(kClass); at != std::string_view::npos;
       at = text.find(kClass, at + 1)) {
    const size_t behind = at + kClass.size();
    const size_t equals = text.find_last_not_of('\n', at - 1);
    if (at == 0 || equals == std::string_view::npos || text[equals] != '=') continue;
    const std::string_view variable = NameBefore(text, equals);
    const size_t next = std::min(text.find_first_not_of(" \n", behind), text.size());
    const std::string_view name = NameAt(text, next);
    const bool is_class = next > behind || text.substr(behind).starts_with('{');
    if (variable.empty() || !is_class) continue;
    if (!name.empty() && name != "extends") {
      if (name == variable) continue;
      if (name.substr(1) != variable || name[0] != '_') {
        return Error::Make(ErrorClass::kError,
                           "the class in the variable " + std::string(variable) + " is called " +
                               std::string(name) + ": one of two of that name needs another");
      }
      renamed.emplace(name, variable);
      continue;
    }
    named.append(text.substr(copied, behind - copied)).append(" ").append(variable);
    copied = behind;
  }
  named.append(text.substr(copied));

  // No other variable is called so where the class can be seen: esbuild keeps the names of a bundle
  // apart.
  std::string result;
  for (size_t at = 0; at < named.size();) {
    if (!IsNamePart(named[at])) {
      result += named[at++];
      continue;
    }
    const std::string_view word = NameAt(named, at);
    const bool is_member = at > 0 && (named[at - 1] == '.' || named[at - 1] == '#');
    const auto found = is_member ? renamed.end() : renamed.find(word);
    result.append(found == renamed.end() ? word : found->second);
    at += word.size();
  }
  return result;
}

}  // namespace rt
