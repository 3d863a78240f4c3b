#include "src/typescript/declaration_gap.h"

#include "src/typescript/scanner.h"

namespace rt::typescript {
namespace {

// The first word of what can be blanked out as a whole statement or member, or in front of one.
constexpr WordSet kFirstWords(
    " type interface declare abstract namespace module global import export function async public "
    "private protected readonly override static enum get set constructor ");

// The end of a string, template or comment that begins at `at`; `at` itself if none does.
size_t SkipOpaque(std::string_view text, size_t at, size_t to) {
  const char c = text[at];
  if (c == '"' || c == '\'' || c == '`') {
    for (size_t i = at + 1; i < to; ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == c) {
        return i + 1;
      }
    }
    return to;
  }
  if (c == '/' && at + 1 < to && text[at + 1] == '/') {
    const size_t end = text.find('\n', at);
    return end < to ? end : to;
  }
  if (c == '/' && at + 1 < to && text[at + 1] == '*') {
    const size_t end = text.find("*/", at + 2);
    return end < to ? end + 2 : to;
  }
  return at;
}

// What may stand before "(" at the beginning of a line of a type, and is no method's name.
constexpr WordSet kTypeOperators(" new keyof typeof extends infer is asserts unique ");

// The end of the brackets that begin at `at`.
size_t SkipBrackets(std::string_view text, size_t at, size_t to) {
  int depth = 0;
  while (at < to) {
    if (const size_t end = SkipOpaque(text, at, to); end != at) {
      at = end;
      continue;
    }
    const char c = text[at++];
    if (c == '(' || c == '[' || c == '{' || c == '<') ++depth;
    if (c == '>' && at > 1 && text[at - 2] == '=') continue;  // "=>"
    if ((c == ')' || c == ']' || c == '}' || c == '>') && --depth == 0) break;
  }
  return at;
}

// Whether a method without a body begins at `at`: a key, "?" and type parameters if need be, "(".
bool IsSignature(std::string_view source, size_t at, size_t to) {
  const auto skip_space = [&] {
    bool newline = false;
    while (at < to) {
      const size_t size = SpaceAt(source, at, &newline);
      if (size == 0) break;
      at += size;
    }
  };
  if (source[at] == '#') ++at;
  const size_t start = at;
  while (at < to && IsNameByte(source[at])) ++at;
  if (at > start) {
    if (kTypeOperators.Has(source.substr(start, at - start))) return false;
  } else if (at < to && source[at] == '[') {
    at = SkipBrackets(source, at, to);
  } else {
    const size_t end = at < to ? SkipOpaque(source, at, to) : at;
    if (end == at || source[at] == '/' || source[at] == '`') return false;
    at = end;
  }
  skip_space();
  if (at < to && source[at] == '?') ++at;
  skip_space();
  if (at < to && source[at] == '<') at = SkipBrackets(source, at, to);
  skip_space();
  return at < to && source[at] == '(';
}

}  // namespace

std::optional<size_t> FindDeclaration(std::string_view source, std::string_view stripped,
                                      size_t from, size_t to) {
  if (source.substr(from, to - from) == stripped.substr(from, to - from)) return std::nullopt;
  int depth =
      0;  // of brackets in the blanked types: what begins a line inside them is no statement
  bool line_start = false;
  for (size_t at = from; at < to;) {
    bool newline = false;
    if (const size_t size = SpaceAt(source, at, &newline)) {
      line_start = line_start || newline;
      at += size;
      continue;
    }
    if (line_start && depth == 0 && stripped[at] == ' ' && IsSignature(source, at, to)) return at;
    if (const size_t end = SkipOpaque(source, at, to); end != at) {
      if (source.substr(at, 2) != "//" && source.substr(at, 2) != "/*") line_start = false;
      at = end;
      continue;
    }
    if (IsNameByte(source[at])) {
      size_t end = at;
      while (end < to && IsNameByte(source[end])) ++end;
      const std::string_view word = source.substr(at, end - at);
      if (line_start && depth == 0 && stripped[at] == ' ' && kFirstWords.Has(word)) return at;
      line_start = false;
      at = end;
      continue;
    }
    line_start = false;
    switch (source[at]) {
      case '(':
      case '[':
      case '{':
      case '<':
        ++depth;
        break;
      case '>':
        if (at > from && source[at - 1] == '=') break;  // "=>"
        [[fallthrough]];
      case ')':
      case ']':
      case '}':
        --depth;
        break;
      default:
        break;
    }
    ++at;
  }
  return std::nullopt;
}

}  // namespace rt::typescript
