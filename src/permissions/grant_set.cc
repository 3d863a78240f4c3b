// Making lists small, and writing them.
#include "src/permissions/grant_set.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "src/permissions/path_scope.h"
#include "src/permissions/prompt.h"

namespace rt {
namespace {

bool IsPathPerm(Perm perm) {
  return perm == Perm::kRead || perm == Perm::kWrite || perm == Perm::kFfi;
}

std::string RelativeTo(std::string_view cwd, const std::string& path) {
  if (cwd.empty() || cwd == "/" || !IsInside(cwd, path)) return path;
  return path == cwd ? "." : path.substr(cwd.size() + 1);
}

// The length of the UTF-8 character at the front; 0 if there is none.
size_t Utf8Length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, beyond U+10FFFF.
  if ((byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xed && byte(1) > 0x9f) ||
      (byte(0) == 0xf0 && byte(1) < 0x90) || (byte(0) == 0xf4 && byte(1) > 0x8f)) {
    return 0;
  }
  return length;
}

// Text for a terminal shows a character as it is, or it is one of those that move the cursor,
// reverse the text or cannot be seen.
bool IsShown(std::string_view character) {
  return EscapeForTerminal(character) == character;
}

// $'…', which all shells of today know: what cannot be shown is written as octal numbers.
std::string DollarQuoted(std::string_view text) {
  std::string quoted = "$'";
  while (!text.empty()) {
    const size_t length = std::max<size_t>(Utf8Length(text), 1);
    const std::string_view character = text.substr(0, length);
    text.remove_prefix(length);
    if (character == "'" || character == "\\") {
      quoted.append("\\").append(character);
    } else if (IsShown(character)) {
      quoted += character;
    } else {
      for (const char c : character) {
        char code[8];
        std::snprintf(code, sizeof code, "\\%03o", static_cast<unsigned>(c) & 0xff);
        quoted += code;
      }
    }
  }
  return quoted + "'";
}

// The ports the system chooses from for whoever asks for port 0, as Linux has them by default.
bool IsChosenPort(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 32768 && port < 61000;
}

// A connection to a port of this machine that was chosen for the run will have another one in the
// next: any port then. Nothing if the entry is none of these.
std::optional<std::string> WithoutChosenPort(const std::string& entry) {
  const size_t colon = entry.rfind(':');
  if (colon == std::string::npos || !IsChosenPort(std::string_view(entry).substr(colon + 1))) {
    return std::nullopt;
  }
  for (const std::string_view host : {"127.0.0.1", "localhost", "[::1]", "0.0.0.0"}) {
    for (const std::string_view prefix : {"connect:", ""}) {
      if (entry.substr(0, colon) == std::string(prefix).append(host)) return entry.substr(0, colon);
    }
  }
  return std::nullopt;
}

bool ListensAnywhere(const std::string& entry) {
  return entry.ends_with(":0") && !entry.starts_with("connect:");
}

std::string ShellQuoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=,./:@%+";
  if (text.find_first_not_of(kPlain) == std::string::npos) return text;
  if (EscapeForTerminal(text, text.size()) != text) return DollarQuoted(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// One character of UTF-8 as \uXXXX, beyond U+FFFF as two.
std::string EscapedForJson(std::string_view character) {
  uint32_t code = static_cast<unsigned char>(character[0]);
  code &= character.size() == 2 ? 0x1f : character.size() == 3 ? 0x0f : 0x07;
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
  char text[16];
  if (code < 0x10000) {
    std::snprintf(text, sizeof text, "\\u%04x", code);
  } else {
    code -= 0x10000;
    std::snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800 + (code >> 10),
                  0xdc00 + (code & 0x3ff));
  }
  return text;
}

}  // namespace

std::string JsonText(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const auto c = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out.append("\\").append(1, text[0]);
    } else if (c < 0x20 || c == 0x7f) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", c);
      out += code;
    } else if (length > 1 && !IsShown(text.substr(0, length))) {
      out += EscapedForJson(text.substr(0, length));
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return out + "\"";
}

void GrantSet::Add(Perm perm, std::string_view entry) {
  used_[static_cast<size_t>(perm)].emplace(entry);
}

void GrantSet::AddTemporary(std::string_view folder) {
  temporary_.emplace(folder);
}

GrantSet::Lists GrantSet::Smallest(Perm perm, std::string_view cwd) const {
  Lists lists;
  const std::set<std::string>& used = used_[static_cast<size_t>(perm)];
  if (used.contains("")) {
    lists.all = true;
    return lists;
  }
  if (!IsPathPerm(perm)) {
    const bool chosen =
        perm == Perm::kNet && std::any_of(used.begin(), used.end(), ListensAnywhere);
    std::set<std::string> entries;
    for (const std::string& entry : used) {
      entries.insert(chosen ? WithoutChosenPort(entry).value_or(entry) : entry);
    }
    for (const std::string& entry : entries) {
      // "host:80" needs no "connect:host:80" besides.
      bool covered = false;
      for (const std::string_view prefix : {"connect:", "listen:"}) {
        covered = covered || (perm == Perm::kNet && entry.starts_with(prefix) &&
                              entries.contains(entry.substr(prefix.size())));
      }
      if (!covered) lists.entries.push_back(entry);
    }
    return lists;
  }
  std::set<std::string> paths;
  for (const std::string& path : used) {
    const auto folder =
        std::find_if(temporary_.begin(), temporary_.end(),
                     [&](const std::string& each) { return IsInside(each, path) && each != path; });
    paths.insert(folder != temporary_.end() ? *folder : path);
  }
  for (const std::string& path : paths) {
    const bool covered = std::any_of(paths.begin(), paths.end(), [&](const std::string& other) {
      return other != path && IsInside(other, path);
    });
    if (!covered) lists.entries.push_back(RelativeTo(cwd, path));
  }
  return lists;
}

std::string GrantSet::Flags(std::string_view cwd) const {
  std::string flags;
  for (size_t i = 0; i < kPermCount; ++i) {
    const Perm perm = static_cast<Perm>(i);
    const Lists lists = Smallest(perm, cwd);
    if (!lists.all && lists.entries.empty()) continue;
    std::string flag = "--allow-" + std::string(PermName(perm));
    for (size_t at = 0; at < lists.entries.size(); ++at) {
      flag += at == 0 ? "=" : ",";
      for (const char c : lists.entries[at])
        flag += c == ',' ? std::string(",,") : std::string(1, c);
    }
    flags.append(flags.empty() ? "" : " ").append(ShellQuoted(flag));
  }
  return flags;
}

std::string GrantSet::Config(std::string_view cwd) const {
  std::string text;
  for (size_t i = 0; i < kPermCount; ++i) {
    const Perm perm = static_cast<Perm>(i);
    const Lists lists = Smallest(perm, cwd);
    if (!lists.all && lists.entries.empty()) continue;
    text.append(text.empty() ? "\n" : ",\n").append("      ").append(JsonText(PermName(perm)));
    if (lists.all) {
      text += ": true";
      continue;
    }
    text += ": [";
    for (size_t at = 0; at < lists.entries.size(); ++at) {
      text.append(at == 0 ? "" : ", ").append(JsonText(lists.entries[at]));
    }
    text += "]";
  }
  return "{\n  \"permissions\": {\n    \"default\": {" + text + (text.empty() ? "" : "\n    ") +
         "}\n  }\n}\n";
}

}  // namespace rt
