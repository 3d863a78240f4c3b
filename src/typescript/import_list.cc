#include "src/typescript/import_list.h"

#include <algorithm>

namespace rt::typescript {
namespace {

using Kind = Token::Kind;

// Spaces for everything but line ends: as many columns as V8 counts (UTF-16 units).
void AppendBlank(std::string* out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r') {
      out->push_back(c);
    } else if ((byte & 0xC0) != 0x80) {
      out->append(byte >= 0xF0 ? 2 : 1, ' ');
    }
  }
}

}  // namespace

void ImportList::AddName() {
  if (name_.end != 0) current_.names.push_back(name_);
  name_ = {};
}

void ImportList::See(const Scanner& scanner, const Token& before, const Token& token,
                     const Token& next) {
  switch (where_) {
    case Where::kOutside: {
      if (token.kind != Kind::kName) return;
      const bool begins = scanner.Is(token, "import") && !scanner.Is(before, ".") &&
                          !scanner.Is(before, "?.") &&
                          (next.kind == Kind::kName || next.kind == Kind::kString ||
                           scanner.Is(next, "{") || scanner.Is(next, "*"));
      if (!begins) {
        other_code_ = true;
        if (!unused_.empty()) SeeUse(scanner, before, token, next);
        return;
      }
      current_ = {};
      name_ = {};
      star_ = false;
      current_.start = token.start;
      current_.keep = next.kind == Kind::kString;
      where_ = next.kind == Kind::kString ? Where::kSource : Where::kClause;
      return;
    }
    case Where::kClause:
    case Where::kNamed:
      SeeClause(scanner, token, next);
      return;
    case Where::kSource:
    case Where::kAttributes:
      SeeSource(scanner, token, next);
      return;
  }
}

void ImportList::SeeClause(const Scanner& scanner, const Token& token, const Token& next) {
  const std::string_view text = scanner.TextOf(token);
  if (token.kind == Kind::kEnd) return;
  if (where_ == Where::kClause && text == "from" && next.kind == Kind::kString) {
    AddName();
    where_ = Where::kSource;
  } else if (text == ",") {
    if (name_.end != 0) {
      name_.end = token.end;
      AddName();
    } else if (where_ == Where::kClause && !current_.names.empty()) {
      current_.keep = true;  // nothing is known of commas after "{…}"
    }
  } else if (text == "{" || text == "}") {
    AddName();
    where_ = text == "{" ? Where::kNamed : Where::kClause;
  } else if (text == "*") {
    if (name_.end != 0) current_.keep = true;
    star_ = true;
    if (!current_.names.empty()) {
      // "D, * as ns": without either the comma goes.
      name_.start = current_.names.back().end - 1;
    } else {
      name_.start = token.start;
    }
    name_.end = token.end;
  } else if (token.kind == Kind::kName ||
             (where_ == Where::kNamed && token.kind == Kind::kString)) {
    // "import defer * as x", "import source x": names that are none.
    if (where_ == Where::kClause && !star_ && name_.local_end != 0) current_.keep = true;
    if (name_.end == 0) name_.start = token.start;
    name_.local_start = token.start;
    name_.local_end = token.end;
    name_.end = token.end;
  } else {
    where_ = Where::kOutside;  // no import statement after all
    again_ = true;
  }
}

void ImportList::SeeSource(const Scanner& scanner, const Token& token, const Token& next) {
  if (where_ == Where::kSource) {
    if (token.kind != Kind::kString) {
      where_ = Where::kOutside;
      again_ = true;
      return;
    }
    if (scanner.Is(next, "with") || (scanner.Is(next, "assert") && !next.newline_before)) {
      where_ = Where::kAttributes;
      return;
    }
  } else if (token.kind != Kind::kEnd && !scanner.Is(token, "}")) {
    return;
  }
  current_.end = scanner.Is(next, ";") ? next.end : token.end;
  if (!current_.keep) AddStatement(scanner);
  if (other_code_ || (current_.keep && !current_.names.empty())) again_ = true;
  where_ = Where::kOutside;
}

void ImportList::AddStatement(const Scanner& scanner) {
  for (size_t i = 0; i < current_.names.size(); ++i) {
    const Name& name = current_.names[i];
    const std::string_view local =
        scanner.TextOf({.start = name.local_start, .end = name.local_end});
    unused_.push_back({local, static_cast<uint32_t>(statements_.size()), static_cast<uint32_t>(i)});
    unused_bits_ |= WordBit(local);
  }
  statements_.push_back(std::move(current_));
  current_ = {};
}

void ImportList::SeeUse(const Scanner& scanner, const Token& before, const Token& token,
                        const Token& next) {
  const std::string_view word = scanner.TextOf(token);
  if ((unused_bits_ & WordBit(word)) == 0) return;
  if (scanner.Is(before, ".") || scanner.Is(before, "?.")) return;  // a member
  // A property's key.
  if (scanner.Is(next, ":") && (scanner.Is(before, "{") || scanner.Is(before, ","))) return;
  std::erase_if(unused_, [&](const Unused& unused) {
    if (unused.local != word) return false;
    statements_[unused.statement].names[unused.name].used = true;
    return true;
  });
}

void ImportList::FindUses(std::string_view text) {
  Scanner scanner(text);
  size_t statement = 0;
  Token before;
  Token token = scanner.Next();
  while (token.kind != Kind::kEnd && !unused_.empty()) {
    const Token next = scanner.Next();
    while (statement < statements_.size() && statements_[statement].end <= token.start) ++statement;
    const bool in_import =
        statement < statements_.size() && statements_[statement].start <= token.start;
    if (token.kind == Kind::kName && !in_import) SeeUse(scanner, before, token, next);
    before = token;
    token = next;
  }
}

std::string ImportList::RemoveUnused(std::string code) {
  if (statements_.empty()) return code;
  if (again_) FindUses(code);
  unused_.clear();  // its names are the seen text's
  std::string out;
  size_t done = 0;
  auto blank = [&](size_t start, size_t end) {
    out.append(code, done, start - done);
    AppendBlank(&out, std::string_view(code).substr(start, end - start));
    done = end;
  };
  for (const Statement& statement : statements_) {
    const bool any = std::any_of(statement.names.begin(), statement.names.end(),
                                 [](const Name& name) { return name.used; });
    if (!any) {
      out.append(code, done, statement.start - done);
      out.push_back(';');  // the statement before may have ended here
      done = statement.start + 1;
      blank(done, statement.end);
      continue;
    }
    for (const Name& name : statement.names) {
      if (!name.used) blank(name.start, name.end);
    }
  }
  if (done == 0) return code;
  out.append(code, done);
  return out;
}

}  // namespace rt::typescript
