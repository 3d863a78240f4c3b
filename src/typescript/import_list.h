// The import statements of a stripped file and which of their names are used: TypeScript removes
// names that only types mention. Fed token by token; pure text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/typescript/scanner.h"

namespace rt::typescript {

class ImportList {
 public:
  // Each token once, in order, with its neighbours (kEnd where there is none).
  void See(const Scanner& scanner, const Token& before, const Token& token, const Token& next);

  // Blanks out names nothing uses; lines and columns stay. `code` is the text whose tokens were
  // seen, with at most single characters changed since.
  std::string RemoveUnused(std::string code);

 private:
  struct Name {
    uint32_t local_start = 0;
    uint32_t local_end = 0;
    uint32_t start = 0;  // of what is to be removed, and the comma after it
    uint32_t end = 0;
    bool used = false;
  };
  struct Statement {
    uint32_t start = 0;
    uint32_t end = 0;
    std::vector<Name> names;
    bool keep = false;  // no names to begin with, or a form this does not know
  };
  enum class Where : uint8_t { kOutside, kClause, kNamed, kSource, kAttributes };

  void SeeClause(const Scanner& scanner, const Token& token, const Token& next);
  void SeeSource(const Scanner& scanner, const Token& token, const Token& next);
  void AddName();
  // One more statement whose names are to be looked for.
  void AddStatement(const Scanner& scanner);
  // Marks the imported names that `token`, outside of import statements, uses as a value.
  void SeeUse(const Scanner& scanner, const Token& before, const Token& token, const Token& next);
  // SeeUse for all of `text`: where imports do not stand before what uses them.
  void FindUses(std::string_view text);

  std::vector<Statement> statements_;
  struct Unused {
    std::string_view local;
    uint32_t statement;
    uint32_t name;
  };
  std::vector<Unused> unused_;
  uint64_t unused_bits_ = 0;
  bool other_code_ = false;  // names outside of import statements were seen
  bool again_ = false;       // uses may have been missed: FindUses
  Statement current_;
  Name name_;          // not complete yet
  bool star_ = false;  // "* as" was seen
  Where where_ = Where::kOutside;
};

}  // namespace rt::typescript
