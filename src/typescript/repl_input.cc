#include "src/typescript/repl_input.h"

#include <algorithm>
#include <array>

#include "src/typescript/scanner.h"

namespace rt::typescript {
namespace {

using Kind = Token::Kind;

constexpr auto kKeywords = std::to_array<std::string_view>(
    {"abstract",   "as",        "async",    "await",     "break",      "case",    "catch",
     "class",      "const",     "continue", "debugger",  "declare",    "default", "delete",
     "do",         "else",      "enum",     "export",    "extends",    "false",   "finally",
     "for",        "from",      "function", "if",        "implements", "import",  "in",
     "instanceof", "interface", "let",      "namespace", "new",        "null",    "of",
     "return",     "satisfies", "static",   "super",     "switch",     "this",    "throw",
     "true",       "try",       "type",     "typeof",    "undefined",  "var",     "void",
     "while",      "with",      "yield"});

struct Scan {
  std::vector<Token> tokens;
  size_t depth = 0;
  bool lost = false;  // before the end; brackets that are still open do not count
};

Scan ScanAll(std::string_view text) {
  Scan scan;
  Scanner scanner(text);
  for (;;) {
    const Token token = scanner.Next();
    if (token.kind == Kind::kEnd) break;
    scan.lost = scanner.lost();
    scan.tokens.push_back(token);
    if (scan.lost) break;
  }
  scan.depth = scanner.depth();
  return scan;
}

std::string_view TextOf(std::string_view text, const Token& token) {
  return text.substr(token.start, token.end - token.start);
}

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// One import declaration; `at` is behind the keyword. Empty: it is another form, which stays.
class ImportRewriter {
 public:
  ImportRewriter(std::string_view text, const std::vector<Token>& tokens, size_t at)
      : text_(text), tokens_(tokens), at_(at) {}

  std::string Rewrite() {
    std::string name_space;
    std::vector<std::string> names;
    if (Kind_() == Kind::kString) return Call("");
    if (Is("type") && !NextIs("from") && !NextIs(",")) return {};
    if (Kind_() == Kind::kName && !Is("from")) {
      names.push_back("default: " + Take());
      if (Is(",")) ++at_;
    }
    if (Is("*")) {
      ++at_;
      if (!Is("as")) return {};
      ++at_;
      name_space = Take();
    } else if (Is("{")) {
      ++at_;
      while (!Is("}")) {
        if (At() == nullptr) return {};
        bool is_type = Is("type") && !NextIs(",") && !NextIs("}") && !NextIs("as");
        if (is_type) ++at_;
        const std::string name = Take();
        std::string local = name;
        if (Is("as")) {
          ++at_;
          local = Take();
        }
        if (!is_type) names.push_back(name == local ? name : name + ": " + local);
        if (Is(",")) ++at_;
      }
      ++at_;
    }
    if (!Is("from")) return {};
    ++at_;
    std::string pattern;
    if (!names.empty()) {
      pattern = "{ ";
      for (size_t i = 0; i < names.size(); ++i) pattern += (i == 0 ? "" : ", ") + names[i];
      pattern += " }";
    }
    if (name_space.empty()) return Call(pattern.empty() ? "" : "const " + pattern + " = ");
    // Both: the second takes from the first.
    const std::string call = Call("const " + name_space + " = ");
    return pattern.empty() || call.empty() ? call
                                           : call + "; const " + pattern + " = " + name_space;
  }

  size_t at() const { return at_; }

 private:
  const Token* At() const { return at_ < tokens_.size() ? &tokens_[at_] : nullptr; }
  Kind Kind_() const { return At() ? At()->kind : Kind::kEnd; }
  bool Is(std::string_view text) const { return At() && TextOf(text_, *At()) == text; }
  bool NextIs(std::string_view text) const {
    return at_ + 1 < tokens_.size() && TextOf(text_, tokens_[at_ + 1]) == text;
  }
  std::string Take() { return At() ? std::string(TextOf(text_, tokens_[at_++])) : std::string(); }

  std::string Call(const std::string& before) {
    if (Kind_() != Kind::kString) return {};
    std::string call = before + "await import(" + Take();
    if (Is("with")) {
      ++at_;
      if (!Is("{")) return {};
      const uint32_t start = At()->start;
      while (At() && !Is("}")) ++at_;
      if (!At()) return {};
      call += ", { with: " + std::string(text_.substr(start, At()->end - start)) + " }";
      ++at_;
    }
    return call + ")";
  }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  size_t at_;
};

// After these something has to follow, whatever it is. Not ">", which may end a type, nor "!",
// which may stand behind a value.
constexpr auto kOperators = std::to_array<std::string_view>(
    {"=",   "+=", "-=", "*=", "/=", "%=", "**=", "<<=", "&=", "|=", "^=", "&&=", "||=", "?\?=",
     "=>",  "+",  "-",  "*",  "/",  "%",  "**",  "<",   "<=", "<<", ">=", "==",  "===", "!=",
     "!==", "&&", "||", "??", "&",  "|",  "^",   "~",   "?",  ":",  ",",  ".",   "?.",  "..."});
constexpr auto kOperatorNames = std::to_array<std::string_view>(
    {"delete", "else", "extends", "in", "instanceof", "new", "typeof"});

// Whether the last token asks for more.
bool EndsWithOperator(std::string_view text, const std::vector<Token>& tokens) {
  if (tokens.empty()) return false;
  // However the scanner cut it: all punctuation that stands together.
  size_t first = tokens.size() - 1;
  if (tokens[first].kind == Kind::kName) {
    const bool is_property = first > 0 && (TextOf(text, tokens[first - 1]) == "." ||
                                           TextOf(text, tokens[first - 1]) == "?.");
    return !is_property && std::find(kOperatorNames.begin(), kOperatorNames.end(),
                                     TextOf(text, tokens[first])) != kOperatorNames.end();
  }
  if (tokens[first].kind != Kind::kPunctuator) return false;
  constexpr std::string_view kBrackets = "()[]{};";
  const auto is_bracket = [&](const Token& token) {
    return kBrackets.find(text[token.start]) != std::string_view::npos;
  };
  if (is_bracket(tokens[first])) return false;
  while (first > 0 && tokens[first - 1].kind == Kind::kPunctuator &&
         tokens[first - 1].end == tokens[first].start && !is_bracket(tokens[first - 1])) {
    --first;
  }
  const std::string_view all =
      text.substr(tokens[first].start, tokens.back().end - tokens[first].start);
  return std::find(kOperators.begin(), kOperators.end(), all) != kOperators.end();
}

// Whether no input begins so: what the line says belongs to the one before.
bool GoesOn(std::string_view line) {
  while (!line.empty() && IsSpace(line.front())) line.remove_prefix(1);
  if (line.empty()) return false;
  // ".5" is a number.
  if (line[0] == '.') return line.size() == 1 || line[1] < '0' || line[1] > '9';
  if (std::string_view("?=:*%,)]}&|^").find(line[0]) != std::string_view::npos) return true;
  const size_t end =
      static_cast<size_t>(std::find_if_not(line.begin(), line.end(), IsNameByte) - line.begin());
  constexpr auto kWords =
      std::to_array<std::string_view>({"else", "catch", "finally", "instanceof"});
  return std::find(kWords.begin(), kWords.end(), line.substr(0, end)) != kWords.end();
}

}  // namespace

bool IsFinished(std::string_view input) {
  const Scan scan = ScanAll(input);
  if (!scan.lost && (scan.depth > 0 || EndsWithOperator(input, scan.tokens))) return false;
  // A template or a comment that does not end; a string that does not is a mistake.
  const std::string_view from_last =
      scan.tokens.empty() || scan.lost ? std::string_view() : input.substr(scan.tokens.back().end);
  const bool open_template =
      scan.lost && !scan.tokens.empty() && scan.tokens.back().kind == Kind::kTemplate;
  const std::string_view rest = scan.tokens.empty() ? input : from_last;
  const size_t comment = rest.rfind("/*");
  const bool open_comment =
      comment != std::string_view::npos && rest.find("*/", comment + 2) == std::string_view::npos;
  return !open_template && !open_comment;
}

std::vector<std::string> SplitInputs(std::string_view text) {
  std::vector<std::string> inputs;
  std::string input;
  bool is_finished = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_blank = std::all_of(line.begin(), line.end(), IsSpace);
    if (is_blank && (input.empty() || is_finished)) continue;
    if (is_finished && !GoesOn(line)) inputs.push_back(std::exchange(input, {}));
    if (!input.empty()) input += '\n';
    input += line;
    is_finished = IsFinished(input);
  }
  if (!input.empty()) inputs.push_back(std::move(input));
  return inputs;
}

bool LooksLikeObject(std::string_view input) {
  size_t start = 0;
  size_t end = input.size();
  while (start < end && IsSpace(input[start])) ++start;
  while (end > start && IsSpace(input[end - 1])) --end;
  return end - start >= 2 && input[start] == '{' && input[end - 1] != ';';
}

std::string ImportsToCalls(std::string_view input) {
  if (input.find("import") == std::string_view::npos &&
      input.find("export") == std::string_view::npos) {
    return std::string(input);
  }
  const Scan scan = ScanAll(input);
  const std::vector<Token>& tokens = scan.tokens;
  std::string out;
  size_t copied = 0;
  size_t depth = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view text = TextOf(input, tokens[i]);
    if (text == "{" || text == "(" || text == "[") ++depth;
    if ((text == "}" || text == ")" || text == "]") && depth > 0) --depth;
    const bool begins =
        depth == 0 && tokens[i].kind == Kind::kName &&
        (i == 0 || tokens[i].newline_before || TextOf(input, tokens[i - 1]) == ";" ||
         TextOf(input, tokens[i - 1]) == "}");
    if (!begins || i + 1 == tokens.size()) continue;
    if (text == "export") {
      const std::string_view next = TextOf(input, tokens[i + 1]);
      constexpr auto kDeclarations =
          std::to_array<std::string_view>({"const", "let", "var", "function", "class", "async",
                                           "enum", "abstract", "interface", "type", "namespace"});
      if (std::find(kDeclarations.begin(), kDeclarations.end(), next) == kDeclarations.end()) {
        continue;
      }
      out += input.substr(copied, tokens[i].start - copied);
      out += "      ";
      copied = tokens[i].end;
    } else if (text == "import") {
      ImportRewriter rewriter(input, tokens, i + 1);
      const std::string call = rewriter.Rewrite();
      if (call.empty()) continue;
      out += input.substr(copied, tokens[i].start - copied);
      const size_t last = rewriter.at() - 1;
      // As many lines as before.
      const std::string_view replaced =
          input.substr(tokens[i].start, tokens[last].end - tokens[i].start);
      out += call;
      out.append(static_cast<size_t>(std::count(replaced.begin(), replaced.end(), '\n')), '\n');
      // The statement ends here, whatever follows.
      const bool has_semicolon = last + 1 < tokens.size() && TextOf(input, tokens[last + 1]) == ";";
      if (!has_semicolon) out += ";";
      copied = tokens[last].end;
      i = last;
    }
  }
  out += input.substr(copied);
  return out;
}

bool IsName(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), IsNameByte);
}

std::span<const std::string_view> Keywords() {
  return kKeywords;
}

CompletionPlace PlaceToComplete(std::string_view before) {
  CompletionPlace place;
  place.start = before.size();
  while (place.start > 0 && IsNameByte(before[place.start - 1])) --place.start;
  // In a string, a comment, a regular expression or a number nothing is completed.
  const Scan scan = ScanAll(before);
  if (scan.lost) return place;
  const std::vector<Token>& tokens = scan.tokens;
  size_t end = tokens.size();  // of the tokens before the name
  if (place.start < before.size()) {
    if (tokens.empty() || tokens.back().start != place.start || tokens.back().kind != Kind::kName) {
      return place;
    }
    --end;
  } else if (!tokens.empty() && tokens.back().end < before.size() &&
             before.substr(tokens.back().end).find("//") != std::string_view::npos) {
    return place;
  }
  place.possible = true;
  if (end == 0) return place;
  std::string_view dot = TextOf(before, tokens[end - 1]);
  if (dot != "." && dot != "?.") return place;
  // Backwards over "name.name.": what the dot stands after.
  size_t first = end - 1;
  for (;;) {
    if (first == 0) {
      place.possible = false;
      return place;
    }
    const Token& token = tokens[first - 1];
    const bool is_value = token.kind == Kind::kName || token.kind == Kind::kString ||
                          token.kind == Kind::kNumber || token.kind == Kind::kRegExp;
    if (!is_value) {
      place.possible = false;  // calls and indices may do anything, or are not worth guessing
      return place;
    }
    --first;
    if (first == 0) break;
    dot = TextOf(before, tokens[first - 1]);
    if (dot != "." && dot != "?.") break;
    --first;
  }
  place.object = before.substr(tokens[first].start, tokens[end - 2].end - tokens[first].start);
  return place;
}

std::vector<ColoredPart> Colors(std::string_view input) {
  std::vector<ColoredPart> parts;
  Scanner scanner(input);
  uint32_t before = 0;
  for (;;) {
    const Token token = scanner.Next();
    const auto start = token.kind == Kind::kEnd ? static_cast<uint32_t>(input.size()) : token.start;
    const std::string_view gap = input.substr(before, start - before);
    if (const size_t comment = gap.find('/'); comment != std::string_view::npos) {
      parts.push_back({before + static_cast<uint32_t>(comment), start, "90"});
    }
    if (token.kind == Kind::kEnd || token.end <= token.start) break;
    before = token.end;
    const std::string_view text = scanner.TextOf(token);
    std::string_view color;
    if (token.kind == Kind::kString || token.kind == Kind::kTemplate) {
      color = "32";
    } else if (token.kind == Kind::kRegExp) {
      color = "31";
    } else if (token.kind == Kind::kNumber) {
      color = "33";
    } else if (token.kind == Kind::kName) {
      if (text == "true" || text == "false" || text == "null" || text == "undefined" ||
          text == "NaN" || text == "Infinity") {
        color = "33";
      } else if (std::find(kKeywords.begin(), kKeywords.end(), text) != kKeywords.end()) {
        color = "36";
      }
    }
    if (!color.empty()) parts.push_back({token.start, token.end, color});
    if (scanner.lost()) break;
  }
  return parts;
}

}  // namespace rt::typescript
