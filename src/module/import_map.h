// An import map: what bare names mean.
// https://html.spec.whatwg.org/multipage/webappapis.html#import-maps Made from a file of its own
// (--import-map) or from the `imports` and `scopes` of deno.json. Pure text; touches nothing.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"

namespace rt {

class ImportMap {
 public:
  // `json` is an object whose members `imports` and `scopes` are read; the others are left to
  // whoever owns the file. Addresses are relative to `base_url`. TypeError if a member has the
  // wrong shape. What the specification only reports goes to `warnings` (one line each).
  static Result<ImportMap> Make(const Json& json, const std::string& base_url,
                                std::vector<std::string>& warnings);

  // As deno.json has it beyond the specification: "name" mapped to a jsr: or npm: specifier also
  // maps "name/sub" below it, unless the map says otherwise itself.
  void ExpandPackages();

  bool empty() const { return imports_.empty() && scopes_.empty(); }

  // The URL that `specifier` stands for in the module at `referrer`; nothing if the map says
  // nothing about it. TypeError if the map forbids it (null address, failed parse, backtracking
  // above its prefix).
  Result<std::optional<std::string>> Resolve(std::string_view specifier,
                                             const std::string& referrer) const;

 private:
  // A null address blocks the specifier. Longest key first.
  using SpecifierMap = std::map<std::string, std::optional<std::string>, std::greater<>>;

  static Result<SpecifierMap> MakeSpecifierMap(const Json& json, const std::string& base_url,
                                               std::vector<std::string>& warnings);
  static Result<std::optional<std::string>> Match(const std::string& specifier, bool is_url,
                                                  bool is_special, const SpecifierMap& map);

  SpecifierMap imports_;
  std::map<std::string, SpecifierMap, std::greater<>> scopes_;
};

}  // namespace rt
