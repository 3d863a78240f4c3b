// JavaScript's tokens, for looking over what the TypeScript stripper made. Not a parser: where "/"
// could begin a regular expression or divide, it decides by the token before, and says when it got
// lost.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "src/typescript/word_set.h"

namespace rt::typescript {

struct Token {
  enum class Kind : uint8_t {
    kEnd,
    kName,  // identifiers and keywords
    kPrivateName,
    kNumber,
    kString,
    kTemplate,  // from "`" or "}" to "${" or "`"
    kRegExp,
    kPunctuator,
  };
  Kind kind = Kind::kEnd;
  bool newline_before = false;
  bool closes_template = false;
  uint32_t start = 0;
  uint32_t end = 0;
};

class Scanner {
 public:
  // `text` (UTF-8, below 4 GiB) outlives the scanner.
  explicit Scanner(std::string_view text) : text_(text) {}

  Token Next();

  std::string_view TextOf(const Token& token) const {
    return text_.substr(token.start, token.end - token.start);
  }
  bool Is(const Token& token, std::string_view text) const { return TextOf(token) == text; }
  // How many brackets are open after the last token.
  size_t depth() const { return brackets_.size(); }
  // The text cannot be what the tokens say: an unfinished string, brackets that do not match, an
  // escape in a name. What follows is not to be trusted.
  bool lost() const { return lost_; }

 private:
  struct Bracket {
    char kind;          // ( [ { or $ for a template's "${"
    bool regexp_after;  // a "/" after the closing one begins a regular expression
  };
  void SkipSpace(Token* token);
  void ScanName();
  void ScanNumber();
  void ScanString(char quote);
  bool ScanTemplate();  // true: up to the closing "`"
  bool ScanRegExp();
  void ScanPunctuator();
  void Open(char kind);
  bool Close(char kind);
  bool OpensBlock() const;
  bool LastWasOneOf(const WordSet& words) const;

  std::string_view text_;
  size_t at_ = 0;
  std::vector<Bracket> brackets_;
  Token last_;
  bool regexp_allowed_ = true;
  bool after_dot_ = false;  // the last token is a property name: "a.return"
  bool lost_ = false;
};

// The bytes of the white space or line end at `at`, or 0; sets `newline` for line ends.
size_t SpaceAt(std::string_view text, size_t at, bool* newline);

bool IsNameByte(char byte);

}  // namespace rt::typescript
