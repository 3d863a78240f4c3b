#include "src/typescript/dynamic_imports.h"

#include <algorithm>

#include "src/typescript/scanner.h"

namespace rt::typescript {
namespace {

using Kind = Token::Kind;

// The text of a string or of a template without parts; false for one with escapes, which no
// specifier needs.
bool TextOfLiteral(const Scanner& scanner, const Token& token, std::string* text) {
  const bool is_template = token.kind == Kind::kTemplate && token.closes_template;
  if (token.kind != Kind::kString && !is_template) return false;
  std::string_view inner = scanner.TextOf(token);
  if (inner.size() < 2 || inner.find('\\') != std::string_view::npos) return false;
  inner.remove_prefix(1);
  inner.remove_suffix(1);
  *text = inner;
  return true;
}

}  // namespace

std::vector<DynamicImportText> FindDynamicImports(std::string_view code) {
  std::vector<DynamicImportText> found;
  // Most files have none, and need no scanning.
  if (code.find("import") == std::string_view::npos) return found;
  Scanner scanner(code);
  Token before;
  Token token = scanner.Next();
  while (token.kind != Kind::kEnd && !scanner.lost()) {
    const bool begins = token.kind == Kind::kName && scanner.Is(token, "import") &&
                        !scanner.Is(before, ".") && !scanner.Is(before, "?.");
    before = token;
    const Token import = token;
    token = scanner.Next();
    if (!begins || !scanner.Is(token, "(")) continue;
    const size_t depth = scanner.depth();
    token = scanner.Next();
    DynamicImportText one;
    if (!TextOfLiteral(scanner, token, &one.specifier)) continue;
    before = token;
    token = scanner.Next();
    if (!scanner.Is(token, ")") && !scanner.Is(token, ",")) continue;
    // The options: looked over for `type: "…"`.
    while (token.kind != Kind::kEnd && scanner.depth() >= depth && !scanner.lost()) {
      const bool is_type = scanner.Is(before, "type") || scanner.Is(before, "\"type\"") ||
                           scanner.Is(before, "'type'");
      const bool is_colon = is_type && scanner.Is(token, ":");
      before = token;
      token = scanner.Next();
      if (is_colon) TextOfLiteral(scanner, token, &one.type);
    }
    const std::string_view above = code.substr(0, import.start);
    one.line = 1 + static_cast<int>(std::count(above.begin(), above.end(), '\n'));
    const size_t line_start = above.rfind('\n') + 1;  // npos + 1 is 0
    one.column = 1 + static_cast<int>(above.size() - line_start);
    found.push_back(std::move(one));
  }
  return found;
}

std::vector<std::string> FindRequires(std::string_view code) {
  std::vector<std::string> found;
  if (code.find("require") == std::string_view::npos) return found;
  Scanner scanner(code);
  Token before;
  Token token = scanner.Next();
  while (token.kind != Kind::kEnd && !scanner.lost()) {
    const bool begins = token.kind == Kind::kName && scanner.Is(token, "require") &&
                        !scanner.Is(before, ".") && !scanner.Is(before, "?.");
    before = token;
    token = scanner.Next();
    if (!begins) continue;
    if (scanner.Is(token, ".")) {
      if (token = scanner.Next(); !scanner.Is(token, "resolve")) continue;
      token = scanner.Next();
    }
    if (!scanner.Is(token, "(")) continue;
    before = token;
    token = scanner.Next();
    std::string specifier;
    if (!TextOfLiteral(scanner, token, &specifier)) continue;
    before = token;
    token = scanner.Next();
    const bool ends = scanner.Is(token, ")") || scanner.Is(token, ",");
    if (ends && std::find(found.begin(), found.end(), specifier) == found.end()) {
      found.push_back(std::move(specifier));
    }
  }
  return found;
}

}  // namespace rt::typescript
