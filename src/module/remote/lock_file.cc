#include "src/module/remote/lock_file.h"

#include <sys/stat.h>

#include <algorithm>

#include "src/base/digest.h"
#include "src/config/project.h"
#include "src/module/npm/semver.h"
#include "src/permissions/wall_helper.h"
#include "src/typescript/files.h"

namespace rt {
namespace {

constexpr std::string_view kVersion = "5";

// Deno's order of sections.
size_t OrderOf(std::string_view section) {
  constexpr std::string_view kOrder[] = {"version", "specifiers", "jsr",
                                         "npm",     "redirects",  "remote"};
  return static_cast<size_t>(std::find(std::begin(kOrder), std::end(kOrder), section) -
                             std::begin(kOrder));
}

// Deno has these on one line.
bool IsShort(std::string_view key) {
  return key == "os" || key == "cpu" || key == "libc";
}

void WriteJson(const Json& value, std::string indent, std::string& out) {
  const std::string inner = indent + "  ";
  if (const Json::Object* object = value.AsObject()) {
    if (object->empty()) {
      out += "{}";
      return;
    }
    std::string separator = "{\n";
    for (const auto& [key, member] : *object) {
      out += separator + inner + QuoteJson(key) + ": ";
      if (member.AsArray() && IsShort(key)) {
        std::string comma = "[";
        for (const Json& item : *member.AsArray()) {
          out += std::exchange(comma, ", ");
          WriteJson(item, inner, out);
        }
        out += "]";
      } else {
        WriteJson(member, inner, out);
      }
      separator = ",\n";
    }
    out += "\n" + indent + "}";
  } else if (const Json::Array* array = value.AsArray()) {
    if (array->empty()) {
      out += "[]";
      return;
    }
    std::string separator = "[\n";
    for (const Json& item : *array) {
      out += separator + inner;
      WriteJson(item, inner, out);
      separator = ",\n";
    }
    out += "\n" + indent + "]";
  } else if (const std::string* text = value.AsString()) {
    out += QuoteJson(*text);
  } else if (const bool* flag = value.AsBool()) {
    out += *flag ? "true" : "false";
  } else if (const double* number = value.AsNumber()) {
    char digits[32];
    snprintf(digits, sizeof digits, "%.17g", *number);
    out += digits;
  } else {
    out += "null";
  }
}

// "npm:p@1" of "npm:p@^1.0.0", as Deno has it: what one of the two locked the other finds.
std::string NormalSpecifier(const std::string& specifier) {
  const size_t at = specifier.rfind('@');
  if (at == std::string::npos) return specifier;
  const auto range = VersionRange::Parse(std::string_view(specifier).substr(at + 1));
  return range ? specifier.substr(0, at + 1) + range->ToString() : specifier;
}

Error Mismatch(const std::string& what, const std::string& lock) {
  return Error::Make(ErrorClass::kError,
                     "Integrity check failed for \"" + what + "\": it is not what \"" + lock +
                         "\" says it was. It changed, or somebody changed it; if that is expected, "
                         "delete its line from the lock file");
}

}  // namespace

Result<LockFile> LockFile::Read(std::string path, bool frozen) {
  LockFile lock(std::move(path), frozen);
  // Read, a folder would be no lock file at all; written, a device would become a file.
  struct stat info;
  if (stat(lock.path_.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    return Error::Type("The lock file " + lock.path_ +
                       (S_ISDIR(info.st_mode) ? " is a folder" : " is no regular file") +
                       ": remove it, name another file with --lock=FILE, or use --no-lock");
  }
  RT_TRY(std::optional<std::string> text, ReadConfigText(lock.path_));
  if (!text) {
    lock.root_.emplace_back("version", Json(std::string(kVersion)));
    return lock;
  }
  auto json = ParseJson(*text);
  if (!json.ok()) {
    return Error::Type("The lock file " + lock.path_ + " is no JSON: " + json.error().message);
  }
  const std::string* version = json->FindString("version");
  if (!json->AsObject() || !version || (*version != "5" && *version != "4" && *version != "3")) {
    return Error::Type("The lock file " + lock.path_ +
                       " is of a version rt does not read (it reads 3 to 5)");
  }
  for (const char* name : {"remote", "redirects", "specifiers", "jsr"}) {
    const Json* section = json->Find(name);
    if (!section) continue;
    const bool of_text = std::string_view(name) != "jsr";
    bool is_right = section->AsObject() != nullptr;
    if (is_right) {
      for (const auto& [key, value] : *section->AsObject()) {
        const Json* hash = of_text ? &value : value.Find("integrity");
        is_right = is_right && (of_text || value.AsObject()) && (!hash || hash->AsString());
      }
    }
    // What cannot be read would mean "not locked".
    if (!is_right) {
      return Error::Type("The lock file " + lock.path_ + " is damaged: \"" + name +
                         "\" is not what it should be");
    }
  }
  lock.root_ = *json->AsObject();
  // Version 3 has it elsewhere and otherwise: as good as nothing said.
  const Json* npm = *version == "3" ? nullptr : json->Find("npm");
  if (npm) {
    auto packages = ReadLockedPackages(*npm);
    if (!packages.ok()) {
      return Error::Type("The lock file " + lock.path_ +
                         " is damaged: " + packages.error().message);
    }
    lock.npm_ = std::move(packages).value();
    std::erase_if(lock.root_, [](const auto& member) { return member.first == "npm"; });
  }
  return lock;
}

Json::Object& LockFile::Section(std::string_view name) {
  for (auto& [key, value] : root_) {
    if (key != name) continue;
    if (!value.AsObject()) value = Json(Json::Object());
    return const_cast<Json::Object&>(*value.AsObject());
  }
  root_.emplace_back(std::string(name), Json(Json::Object()));
  return const_cast<Json::Object&>(*root_.back().second.AsObject());
}

const std::string* LockFile::Get(std::string_view section, std::string_view key) const {
  for (const auto& [name, value] : root_) {
    if (name == section) return value.FindString(key);
  }
  return nullptr;
}

Error LockFile::OutOfDate(const std::string& what) const {
  return Error::Make(ErrorClass::kError, "The lock file " + path_ + " is out of date: \"" + what +
                                             "\" is not in it, and --frozen forbids changing it");
}

Result<void> LockFile::Add(std::string_view section, const std::string& key, Json value) {
  if (frozen_) return OutOfDate(key);
  Json::Object& members = Section(section);
  auto place =
      std::lower_bound(members.begin(), members.end(), key,
                       [](const Json::Member& a, const std::string& b) { return a.first < b; });
  members.emplace(place, key, std::move(value));
  changed_ = true;
  return {};
}

Result<void> LockFile::CheckRemote(const std::string& url, std::string_view body) {
  const std::lock_guard guard(*mutex_);
  const std::string hash = Sha256Hex(body);
  if (const std::string* known = Get("remote", url)) {
    if (*known != hash) return Mismatch(url, path_);
    return {};
  }
  return Add("remote", url, Json(hash));
}

Result<void> LockFile::CheckJsr(const std::string& package, std::string_view meta) {
  const std::lock_guard guard(*mutex_);
  const std::string hash = Sha256Hex(meta);
  for (const auto& [name, section] : root_) {
    const Json* entry = name == "jsr" ? section.Find(package) : nullptr;
    if (!entry) continue;
    const std::string* known = entry->FindString("integrity");
    if (known && *known != hash) return Mismatch("jsr:" + package, path_);
    return {};
  }
  return Add("jsr", package, Json(Json::Object{{"integrity", Json(hash)}}));
}

Result<void> LockFile::CheckRedirect(const std::string& from, const std::string& to) const {
  const std::lock_guard guard(*mutex_);
  const std::string* known = Get("redirects", from);
  if (!known || *known == to) return {};
  return Error::Make(ErrorClass::kError, "\"" + from + "\" leads to \"" + to +
                                             "\" now, not where the lock file " + path_ + " says");
}

Result<void> LockFile::AddRedirect(const std::string& from, const std::string& to) {
  RT_TRY_VOID(CheckRedirect(from, to));
  const std::lock_guard guard(*mutex_);
  if (Get("redirects", from)) return {};
  return Add("redirects", from, Json(to));
}

std::optional<std::string> LockFile::VersionOf(const std::string& specifier) const {
  const std::lock_guard guard(*mutex_);
  const std::string* version = Get("specifiers", NormalSpecifier(specifier));
  // As rt wrote it before.
  if (!version) version = Get("specifiers", specifier);
  return version ? std::optional<std::string>(*version) : std::nullopt;
}

Result<void> LockFile::AddSpecifier(const std::string& specifier, const std::string& version) {
  const std::lock_guard guard(*mutex_);
  const std::string key = NormalSpecifier(specifier);
  if (Get("specifiers", key)) return {};
  return Add("specifiers", key, Json(version));
}

LockedPackages LockFile::Npm() const {
  const std::lock_guard guard(*mutex_);
  return npm_;
}

Result<void> LockFile::AddNpm(const LockedPackages& packages, const std::string& specifier,
                              const std::string& version, bool replace) {
  const std::lock_guard guard(*mutex_);
  for (const auto& [id, package] : packages) {
    const auto known = npm_.find(id);
    if (known != npm_.end()) {
      const std::string& hash = known->second.integrity;
      if (!hash.empty() && !package.integrity.empty() && hash != package.integrity) {
        return Mismatch("npm:" + id, path_);
      }
      const bool is_same = known->second.dependencies == package.dependencies &&
                           known->second.optional == package.optional &&
                           known->second.optional_peers == package.optional_peers;
      if (is_same || !replace) continue;
    }
    if (frozen_) return OutOfDate("npm:" + id);
    npm_[id] = package;
    changed_ = true;
  }
  const std::string key = NormalSpecifier(specifier);
  for (const std::string& each : {key, specifier}) {
    const std::string* known = Get("specifiers", each);
    if (!known) continue;
    if (!replace || *known == version) return {};
    if (frozen_) return OutOfDate(each);
    std::erase_if(Section("specifiers"),
                  [&](const Json::Member& member) { return member.first == each; });
  }
  return Add("specifiers", key, Json(version));
}

Result<void> LockFile::SetNpmIntegrity(const std::string& id, const std::string& integrity) {
  const std::lock_guard guard(*mutex_);
  const auto known = npm_.find(id);
  if (known == npm_.end() || !known->second.integrity.empty()) return {};
  if (frozen_) return OutOfDate("npm:" + id);
  known->second.integrity = integrity;
  changed_ = true;
  return {};
}

Result<void> LockFile::Save() {
  const std::lock_guard guard(*mutex_);
  if (!changed_) return {};
  std::string text;
  Json::Object all = root_;
  if (!npm_.empty()) {
    all.emplace_back("npm", WriteLockedPackages(npm_));
    // What rt writes there is of this version.
    for (auto& [key, value] : all) {
      if (key == "version") value = Json(std::string(kVersion));
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Json::Member& a, const Json::Member& b) {
    return OrderOf(a.first) < OrderOf(b.first);
  });
  WriteJson(Json(std::move(all)), "", text);
  text += '\n';
  bool written = typescript::WriteFileWhole(path_, "", text, /*sync=*/true, /*shared=*/true);
  if (WallHelper* helper = WallHelper::Get(); helper != nullptr && !written) {
    const auto outside = helper->ReplaceFile(path_, "", text);
    written = outside && outside->ok();
  }
  if (!written) {
    return Error::Make(ErrorClass::kError, "The lock file " + path_ + " cannot be written");
  }
  changed_ = false;
  return {};
}

}  // namespace rt
