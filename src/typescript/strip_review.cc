#include "src/typescript/strip_review.h"

#include <algorithm>
#include <vector>

#include "src/typescript/declaration_gap.h"
#include "src/typescript/import_list.h"
#include "src/typescript/scanner.h"

namespace rt::typescript {
namespace {

using Kind = Token::Kind;

// Could the statement before have ended with this token, or go on after it?
bool EndsExpression(const Scanner& scanner, const Token& token) {
  switch (token.kind) {
    case Kind::kEnd:
      return false;
    case Kind::kPunctuator: {
      const std::string_view text = scanner.TextOf(token);
      return text == ")" || text == "]" || text == "}" || text == "++" || text == "--";
    }
    case Kind::kTemplate:
      return token.closes_template;
    default:
      return true;
  }
}

// Would this token, at the beginning of a line, go on with the expression before it?
bool ContinuesExpression(const Scanner& scanner, const Token& token) {
  const std::string_view text = scanner.TextOf(token);
  if (token.kind == Kind::kPunctuator) {
    return text == "(" || text == "[" || text == "/" || text == "+" || text == "-" || text == "*";
  }
  if (token.kind == Kind::kName) return text == "in" || text == "instanceof";
  return token.kind == Kind::kTemplate || token.kind == Kind::kRegExp;
}

// A field of this name, with nothing between it and the next member, would become part of that.
bool IsModifierName(const Scanner& scanner, const Token& token) {
  if (token.kind != Kind::kName) return false;
  const std::string_view text = scanner.TextOf(token);
  return text == "get" || text == "set" || text == "static";
}

bool IsAccessorField(const Scanner& scanner, const Token& before, const Token& next) {
  if (next.newline_before || scanner.Is(before, ".") || scanner.Is(before, "?.")) return false;
  return next.kind == Kind::kName || next.kind == Kind::kPrivateName ||
         next.kind == Kind::kString || next.kind == Kind::kNumber || scanner.Is(next, "[");
}

// `source` with filler for the bytes the stripper saved: it blanks a character of several bytes to
// fewer. Empty if the two do not belong together.
std::string Aligned(std::string_view source, std::string_view stripped) {
  std::string aligned;
  aligned.reserve(stripped.size());
  size_t at = 0;
  while (at < source.size()) {
    const auto byte = static_cast<unsigned char>(source[at]);
    const size_t size = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (size == 1 || stripped.substr(aligned.size(), size) == source.substr(at, size)) {
      aligned.append(source, at, size);
    } else {
      // As many columns as before: UTF-16 units.
      aligned.append(size == 4 ? 2 : 1, '\x80');
    }
    at += size;
  }
  if (aligned.size() != stripped.size()) aligned.clear();
  return aligned;
}

}  // namespace

bool MayHaveDecorators(std::string_view code) {
  if (code.find('@') == std::string_view::npos && code.find("accessor") == std::string_view::npos) {
    return false;
  }
  Scanner scanner(code);
  Token before;
  Token token;
  for (;;) {
    const Token next = scanner.Next();
    if (scanner.lost()) return true;
    if (token.kind == Kind::kPunctuator && scanner.Is(token, "@")) return true;
    if (token.kind == Kind::kName && scanner.Is(token, "accessor") &&
        IsAccessorField(scanner, before, next)) {
      return true;
    }
    if (next.kind == Kind::kEnd) return false;
    before = token;
    token = next;
  }
}

bool MayMergeDeclarations(std::string_view source) {
  std::vector<std::string_view> names;
  for (const std::string_view word : {"namespace", "module", "enum"}) {
    for (size_t at = source.find(word); at != std::string_view::npos;
         at = source.find(word, at + 1)) {
      if (at > 0 && IsNameByte(source[at - 1])) continue;
      const size_t start = source.find_first_not_of(" \t\r\n", at + word.size());
      if (start == std::string_view::npos || start == at + word.size()) continue;
      size_t end = start;
      while (end < source.size() && IsNameByte(source[end])) ++end;
      const std::string_view name = source.substr(start, end - start);
      if (name.empty()) continue;
      if (std::find(names.begin(), names.end(), name) != names.end()) return true;
      names.push_back(name);
    }
  }
  return false;
}

Review ReviewStripped(std::string_view source, std::string stripped, bool keep_unused_imports) {
  std::string aligned;
  if (source.size() != stripped.size()) {
    aligned = Aligned(source, stripped);
    if (aligned.empty()) return {Verdict::kTransform, {}};
    source = aligned;
  }
  Scanner scanner(stripped);
  ImportList imports;
  std::vector<size_t> boundaries;  // where a ";" belongs
  Token before;
  Token token;
  for (;;) {
    const Token next = scanner.Next();
    if (token.kind == Kind::kPunctuator && scanner.Is(token, "@"))
      return {Verdict::kTypeScript, {}};
    if (token.kind == Kind::kName) {
      const std::string_view word = scanner.TextOf(token);
      if (word == "accessor" && IsAccessorField(scanner, before, next)) {
        return {Verdict::kTypeScript, {}};
      }
    }
    if (next.newline_before && EndsExpression(scanner, token) &&
        (ContinuesExpression(scanner, next) || IsModifierName(scanner, token))) {
      if (auto at = FindDeclaration(source, stripped, token.end, next.start)) {
        boundaries.push_back(*at);
      }
    }
    if (!keep_unused_imports) imports.See(scanner, before, token, next);
    if (next.kind == Kind::kEnd) break;
    before = token;
    token = next;
  }
  if (scanner.lost()) return {Verdict::kTransform, {}};
  for (const size_t at : boundaries) stripped[at] = ';';
  if (!keep_unused_imports) stripped = imports.RemoveUnused(std::move(stripped));
  return {Verdict::kFine, std::move(stripped)};
}

}  // namespace rt::typescript
