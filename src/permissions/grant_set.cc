// Making lists small, and writing them.
#include "src/permissions/grant_set.h"

#include <algorithm>
#include <cstdio>

#include "src/permissions/path_scope.h"

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

std::string ShellQuoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=,./:@%+";
  if (text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
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
    for (const std::string& entry : used) {
      // "host:80" needs no "connect:host:80" besides.
      bool covered = false;
      for (const std::string_view prefix : {"connect:", "listen:"}) {
        covered = covered || (perm == Perm::kNet && entry.starts_with(prefix) &&
                              used.contains(entry.substr(prefix.size())));
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
