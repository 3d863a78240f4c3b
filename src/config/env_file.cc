#include "src/config/env_file.h"

#include <algorithm>

namespace rt {
namespace {

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsNamePart(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9');
}

class Parser {
 public:
  Parser(std::string_view text,
         const std::function<std::optional<std::string>(const std::string&)>& lookup)
      : text_(text), lookup_(lookup) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  Result<Variables> Run() {
    for (;;) {
      SkipBlank(/*lines=*/true);
      if (Done()) return std::move(variables_);
      if (Peek() == '#') {
        SkipLine();
        continue;
      }
      RT_TRY_VOID(Line());
    }
  }

 private:
  bool Done() const { return at_ >= text_.size(); }
  char Peek() const { return Done() ? '\0' : text_[at_]; }
  bool AtLineEnd() const { return Done() || Peek() == '\n' || text_.substr(at_, 2) == "\r\n"; }

  void SkipBlank(bool lines) {
    while (!Done() &&
           (Peek() == ' ' || Peek() == '\t' || (lines && (Peek() == '\n' || Peek() == '\r')))) {
      if (Peek() == '\n') ++line_;
      ++at_;
    }
  }
  void SkipLine() {
    while (!AtLineEnd()) ++at_;
  }
  Error Wrong(const std::string& what) const {
    return Error::Make(ErrorClass::kSyntaxError, "line " + std::to_string(line_) + ": " + what);
  }
  std::string Name() {
    const size_t start = at_;
    if (!Done() && IsNameStart(Peek())) {
      while (!Done() && (IsNamePart(Peek()) || Peek() == '.' || Peek() == '-')) ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  Result<void> Line() {
    std::string name = Name();
    SkipBlank(false);
    if (name == "export" && Peek() != '=') {
      name = Name();
      SkipBlank(false);
    }
    if (name.empty()) return Wrong("expected the name of a variable");
    if (Peek() != '=') return Wrong("expected \"=\" after \"" + name + "\"");
    ++at_;
    SkipBlank(false);
    std::string value;
    if (Peek() == '\'' || Peek() == '"' || Peek() == '`') {
      RT_TRY(value, Quoted());
      SkipBlank(false);
      if (!AtLineEnd() && Peek() != '#') return Wrong("unexpected text after the quoted value");
      SkipLine();
    } else {
      RT_TRY(value, Unquoted());
    }
    variables_.emplace_back(std::move(name), std::move(value));
    return {};
  }

  Result<std::string> Quoted() {
    const char quote = Peek();
    const int opened = line_;
    ++at_;
    std::string value;
    while (!Done() && Peek() != quote) {
      const char c = Peek();
      if (c == '\n') ++line_;
      if (quote == '"' && c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        const char escaped = Peek();
        ++at_;
        switch (escaped) {
          case 'n':
            value += '\n';
            break;
          case 'r':
            value += '\r';
            break;
          case 't':
            value += '\t';
            break;
          case '\\':
          case '"':
          case '$':
            value += escaped;
            break;
          default:
            (value += '\\') += escaped;
        }
        continue;
      }
      if (quote == '"' && c == '$') {
        value += Variable();
        continue;
      }
      value += c;
      ++at_;
    }
    if (Done()) {
      line_ = opened;
      return Wrong("the quoted value has no end");
    }
    ++at_;
    return value;
  }

  Result<std::string> Unquoted() {
    std::string value;
    while (!AtLineEnd()) {
      const char c = Peek();
      if (c == '#' && (value.empty() || value.back() == ' ' || value.back() == '\t')) break;
      if (c == '$') {
        value += Variable();
        continue;
      }
      if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '$') ++at_;
      value += Peek();
      ++at_;
    }
    SkipLine();
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.pop_back();
    return value;
  }

  // At a "$". What names no variable stands for itself.
  std::string Variable() {
    const size_t start = at_;
    ++at_;
    const bool braced = Peek() == '{';
    if (braced) ++at_;
    const size_t name_start = at_;
    while (!Done() && IsNamePart(Peek())) ++at_;
    const std::string name(text_.substr(name_start, at_ - name_start));
    std::string fallback;
    bool is_closed = !braced;
    if (braced) {
      const size_t end = text_.find_first_of("}\n", at_);
      if (end != std::string_view::npos && text_[end] == '}') {
        std::string_view rest = text_.substr(at_, end - at_);
        if (rest.empty() || rest.starts_with(":-")) {
          is_closed = true;
          if (!rest.empty()) fallback = rest.substr(2);
          at_ = end + 1;
        }
      }
    }
    if (name.empty() || !IsNameStart(name[0]) || !is_closed) {
      at_ = start + 1;
      return "$";
    }
    if (auto outside = lookup_(name); outside && !outside->empty()) return *outside;
    const auto known = std::find_if(variables_.begin(), variables_.end(),
                                    [&](const auto& each) { return each.first == name; });
    if (known != variables_.end() && !known->second.empty()) return known->second;
    return fallback;
  }

  std::string_view text_;
  const std::function<std::optional<std::string>(const std::string&)>& lookup_;
  size_t at_ = 0;
  int line_ = 1;
  Variables variables_;
};

}  // namespace

Result<Variables> ParseEnvFile(
    std::string_view text,
    const std::function<std::optional<std::string>(const std::string& name)>& lookup) {
  if (text.find('\0') != std::string_view::npos) {
    return Error::Make(ErrorClass::kSyntaxError, "it holds a NUL character");
  }
  return Parser(text, lookup).Run();
}

}  // namespace rt
