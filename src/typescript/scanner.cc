#include "src/typescript/scanner.h"

#include <array>

namespace rt::typescript {
namespace {

constexpr auto kNameBytes = [] {
  std::array<bool, 256> table = {};
  for (int c = 0; c < 256; ++c) {
    table[static_cast<size_t>(c)] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                    (c >= '0' && c <= '9') || c == '_' || c == '$' || c >= 0x80;
  }
  return table;
}();

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// After these an expression begins.
constexpr WordSet kBeforeExpression(
    " return typeof instanceof in of new delete void throw case do else yield await default "
    "extends ");
// After their parenthesis a statement begins.
constexpr WordSet kBeforeStatement(" if while for with ");
constexpr WordSet kBeforeBlock(" else do try finally static ");

}  // namespace

bool IsNameByte(char byte) {
  return kNameBytes[static_cast<unsigned char>(byte)];
}

size_t SpaceAt(std::string_view text, size_t at, bool* newline) {
  const char c = text[at];
  if (c == ' ' || c == '\t' || c == '\v' || c == '\f') return 1;
  if (c == '\n' || c == '\r') {
    *newline = true;
    return 1;
  }
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  const std::string_view two = text.substr(at, 2);
  if (two == "\u00A0") return 2;
  const std::string_view three = text.substr(at, 3);
  if (three == "\u2028" || three == "\u2029") {
    *newline = true;
    return 3;
  }
  if (three == "\uFEFF" || three == "\u3000" || three == "\u202F" || three == "\u205F" ||
      three == "\u1680" || (three >= "\u2000" && three <= "\u200A")) {
    return 3;
  }
  return 0;
}

bool Scanner::LastWasOneOf(const WordSet& words) const {
  return last_.kind == Token::Kind::kName && !after_dot_ && words.Has(TextOf(last_));
}

void Scanner::SkipSpace(Token* token) {
  while (at_ < text_.size()) {
    if (const size_t size = SpaceAt(text_, at_, &token->newline_before)) {
      at_ += size;
    } else if (text_[at_] == '/' && at_ + 1 < text_.size() && text_[at_ + 1] == '/') {
      at_ = text_.find_first_of("\n\r", at_);
      if (at_ == std::string_view::npos) at_ = text_.size();
    } else if (text_[at_] == '/' && at_ + 1 < text_.size() && text_[at_ + 1] == '*') {
      const size_t close = text_.find("*/", at_ + 2);
      if (close == std::string_view::npos) {
        lost_ = true;
        at_ = text_.size();
        return;
      }
      if (text_.substr(at_, close - at_).find('\n') != std::string_view::npos) {
        token->newline_before = true;
      }
      at_ = close + 2;
    } else {
      return;
    }
  }
}

void Scanner::ScanName() {
  while (at_ < text_.size()) {
    if (IsNameByte(text_[at_])) {
      bool newline = false;
      if (static_cast<unsigned char>(text_[at_]) >= 0x80 && SpaceAt(text_, at_, &newline)) return;
      ++at_;
    } else if (text_[at_] == '\\') {
      lost_ = true;  // an escape: the name is not what is written
      ++at_;
    } else {
      return;
    }
  }
}

void Scanner::ScanNumber() {
  const bool has_prefix = text_[at_] == '0' && at_ + 1 < text_.size() &&
                          std::string_view("xXoObB").find(text_[at_ + 1]) != std::string_view::npos;
  bool dot = false;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '.' && !dot && !has_prefix) {
      dot = true;
    } else if ((c == '+' || c == '-') && !has_prefix &&
               (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E')) {
    } else if (static_cast<unsigned char>(c) >= 0x80 || !IsNameByte(c)) {
      return;
    }
    ++at_;
  }
}

void Scanner::ScanString(char quote) {
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == quote) {
      ++at_;
      return;
    }
    if (c == '\\') {
      at_ += text_.substr(at_ + 1, 2) == "\r\n" ? 3 : 2;
      continue;
    }
    if (c == '\n' || c == '\r') break;
    ++at_;
  }
  if (at_ > text_.size()) at_ = text_.size();
  lost_ = true;
}

bool Scanner::ScanTemplate() {
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '`') {
      ++at_;
      return true;
    }
    if (c == '$' && at_ + 1 < text_.size() && text_[at_ + 1] == '{') {
      at_ += 2;
      brackets_.push_back({'$', false});
      return false;
    }
    at_ += c == '\\' ? 2 : 1;
  }
  at_ = text_.size();
  lost_ = true;
  return true;
}

bool Scanner::ScanRegExp() {
  size_t at = at_ + 1;
  bool in_class = false;
  for (; at < text_.size(); ++at) {
    const char c = text_[at];
    if (c == '\n' || c == '\r') return false;
    if (c == '\\') {
      ++at;
    } else if (c == '[') {
      in_class = true;
    } else if (c == ']') {
      in_class = false;
    } else if (c == '/' && !in_class) {
      at_ = at + 1;
      ScanName();
      return true;
    }
  }
  return false;
}

bool Scanner::OpensBlock() const {
  if (last_.kind == Token::Kind::kEnd) return true;
  if (last_.kind == Token::Kind::kName) {
    if (after_dot_ || LastWasOneOf(kBeforeBlock)) return true;
    return !LastWasOneOf(kBeforeExpression);
  }
  if (last_.kind != Token::Kind::kPunctuator) return last_.kind != Token::Kind::kTemplate;
  const std::string_view text = TextOf(last_);
  if (text == ";" || text == ")" || text == "}" || text == "=>") return true;
  if (text == "{") return brackets_.empty() || brackets_.back().regexp_after;
  // "case x: {" or a label; or a property's value.
  if (text == ":") {
    return brackets_.empty() || (brackets_.back().kind == '{' && brackets_.back().regexp_after);
  }
  return false;
}

void Scanner::Open(char kind) {
  const bool regexp_after =
      kind == '(' ? LastWasOneOf(kBeforeStatement) : kind == '{' && OpensBlock();
  brackets_.push_back({kind, regexp_after});
  regexp_allowed_ = true;
}

bool Scanner::Close(char kind) {
  if (brackets_.empty() || (brackets_.back().kind != kind)) {
    lost_ = true;
    regexp_allowed_ = false;
    return false;
  }
  regexp_allowed_ = brackets_.back().regexp_after;
  brackets_.pop_back();
  return true;
}

void Scanner::ScanPunctuator() {
  const char c = text_[at_];
  const std::string_view rest = text_.substr(at_, 3);
  size_t size = 1;
  regexp_allowed_ = true;
  switch (c) {
    case '(':
    case '[':
    case '{':
      Open(c);
      break;
    case ')':
      Close('(');
      break;
    case ']':
      Close('[');
      break;
    case '}':
      Close('{');
      break;
    default:
      if (rest == "...") {
        size = 3;
      } else if (rest.starts_with("=>") ||
                 (rest.starts_with("?.") && !(rest.size() == 3 && IsDigit(rest[2])))) {
        size = 2;
      } else if (rest.starts_with("++") || rest.starts_with("--")) {
        size = 2;
        regexp_allowed_ = false;
      }
  }
  at_ += size;
}

Token Scanner::Next() {
  Token token;
  SkipSpace(&token);
  token.start = static_cast<uint32_t>(at_);
  bool after_dot = false;
  if (at_ >= text_.size()) {
    token.kind = Token::Kind::kEnd;
    if (!brackets_.empty()) lost_ = true;
  } else if (const char c = text_[at_];
             IsDigit(c) || (c == '.' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]))) {
    ScanNumber();
    token.kind = Token::Kind::kNumber;
    regexp_allowed_ = false;
  } else if (IsNameByte(c) || c == '\\') {
    after_dot =
        last_.kind == Token::Kind::kPunctuator && (TextOf(last_) == "." || TextOf(last_) == "?.");
    ScanName();
    token.kind = Token::Kind::kName;
  } else if (c == '#' && at_ + 1 < text_.size() && text_[at_ + 1] == '!' && at_ == 0) {
    at_ = text_.find_first_of("\n\r");
    if (at_ == std::string_view::npos) at_ = text_.size();
    return Next();
  } else if (c == '#') {
    ++at_;
    ScanName();
    token.kind = Token::Kind::kPrivateName;
    regexp_allowed_ = false;
  } else if (c == '"' || c == '\'') {
    ScanString(c);
    token.kind = Token::Kind::kString;
    regexp_allowed_ = false;
  } else if (c == '`' || (c == '}' && !brackets_.empty() && brackets_.back().kind == '$')) {
    if (c == '}') brackets_.pop_back();
    token.kind = Token::Kind::kTemplate;
    token.closes_template = ScanTemplate();
    regexp_allowed_ = !token.closes_template;
  } else if (c == '/' && regexp_allowed_ && ScanRegExp()) {
    token.kind = Token::Kind::kRegExp;
    regexp_allowed_ = false;
  } else {
    if (c == '/' && regexp_allowed_) lost_ = true;  // an operator where none can stand
    ScanPunctuator();
    token.kind = Token::Kind::kPunctuator;
  }
  token.end = static_cast<uint32_t>(at_);
  last_ = token;
  after_dot_ = after_dot;
  if (token.kind == Token::Kind::kName) regexp_allowed_ = LastWasOneOf(kBeforeExpression);
  return token;
}

}  // namespace rt::typescript
