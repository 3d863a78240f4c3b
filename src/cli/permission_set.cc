#include "src/cli/permission_set.h"

namespace rt::cli {
namespace {

// Reads one set; knows where it stands for messages.
class SetReader {
 public:
  SetReader(const ProjectConfig& config, const std::string& name, PermissionOptions& permissions)
      : config_(config), where_(config.path + ": permissions." + name), permissions_(permissions) {}

  Result<void> Read(const Json& set) {
    if (set.AsObject() == nullptr) return Wrong("", "an object", set);
    for (const auto& [key, value] : *set.AsObject()) {
      if (key == "all") {
        if (value.AsBool() == nullptr) return Wrong(".all", "a boolean", value);
        if (*value.AsBool()) permissions_.AllowAll();
        continue;
      }
      const std::optional<Perm> perm = PermFromName(key);
      if (!perm) return Error::Type(where_ + ": unknown permission \"" + key + "\"");
      RT_TRY_VOID(ReadKind(*perm, value));
    }
    return {};
  }

 private:
  Error Wrong(const std::string& at, const std::string& expected, const Json& got) const {
    return Error::Type(where_ + at + " must be " + expected + ", not " +
                       std::string(got.KindName()));
  }

  Result<void> ReadKind(Perm perm, const Json& value) {
    PermRules& rules = permissions_[perm];
    const std::string at = "." + std::string(PermName(perm));
    if (value.AsObject() == nullptr) {
      return ReadList(perm, at, value, rules.allow_all, rules.allow_list);
    }
    for (const auto& [key, part] : *value.AsObject()) {
      if (key == "allow") {
        RT_TRY_VOID(ReadList(perm, at + ".allow", part, rules.allow_all, rules.allow_list));
      } else if (key == "deny") {
        RT_TRY_VOID(ReadList(perm, at + ".deny", part, rules.deny_all, rules.deny_list));
      } else if (key == "ignore" && (perm == Perm::kRead || perm == Perm::kEnv)) {
        RT_TRY_VOID(ReadList(perm, at + ".ignore", part, rules.ignore_all, rules.ignore_list));
      } else {
        return Error::Type(where_ + at + ": unknown key \"" + key + "\"");
      }
    }
    return {};
  }

  Result<void> ReadList(Perm perm, const std::string& at, const Json& value, bool& all,
                        std::vector<std::string>& list) {
    if (const bool* yes = value.AsBool()) {
      all = all || *yes;
      return {};
    }
    if (value.AsArray() == nullptr) return Wrong(at, "a boolean or an array", value);
    for (const Json& entry : *value.AsArray()) {
      if (entry.AsString() == nullptr) return Wrong(at, "an array of strings", entry);
      list.push_back(Entry(perm, *entry.AsString()));
    }
    return {};
  }

  // Paths are the configuration's, wherever rt is started.
  std::string Entry(Perm perm, const std::string& text) const {
    const bool is_path = perm == Perm::kRead || perm == Perm::kWrite || perm == Perm::kFfi ||
                         (perm == Perm::kRun && text.find('/') != std::string::npos);
    return is_path && !text.empty() && text[0] != '/' ? config_.folder + "/" + text : text;
  }

  const ProjectConfig& config_;
  const std::string where_;
  PermissionOptions& permissions_;
};

}  // namespace

Result<void> AddPermissionSet(const std::optional<ProjectConfig>& config, const std::string& name,
                              PermissionOptions& permissions) {
  if (!config) return Error::Type("-P: there is no deno.json with a permission set");
  const std::string wanted = name.empty() ? "default" : name;
  const Json* sets = config->json.Find("permissions");
  const Json* set = sets == nullptr ? nullptr : sets->Find(wanted);
  if (set == nullptr) {
    std::string known;
    if (sets != nullptr && sets->AsObject() != nullptr) {
      for (const auto& [key, value] : *sets->AsObject()) known += (known.empty() ? "" : ", ") + key;
    }
    return Error::Type("-P: no permission set \"" + wanted + "\" in " + config->path +
                       (known.empty() ? "" : " (there are: " + known + ")"));
  }
  return SetReader(*config, wanted, permissions).Read(*set);
}

}  // namespace rt::cli
