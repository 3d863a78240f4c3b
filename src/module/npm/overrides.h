// `overrides` of a project's package.json: which version of a dependency counts instead of the one
// a package asks for. https://docs.npmjs.com/cli/v11/configuring-npm/package-json#overrides. Pure;
// any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"
#include "src/module/npm/packument.h"

namespace rt {

class NpmOverrides {
 public:
  // `package`: a package.json. TypeError for rules that make no sense.
  static Result<NpmOverrides> Parse(const Json& package);

  bool empty() const { return rules_.empty(); }

  // A package on the way from the program to a dependency.
  struct Ancestor {
    std::string_view name;
    std::string_view version;
  };
  // What is wanted instead of `request`; itself if no rule is about it. `path`: who asks, and who
  // asked for that, the program's own request last. Rules below a package hold for all it needs.
  NpmRequest Apply(const NpmRequest& request, const std::vector<Ancestor>& path) const;

 private:
  struct Rule {
    std::string name;
    std::string range;                 // of the key: "name@range"; empty: any
    std::optional<NpmRequest> target;  // "." of an object
    std::vector<Rule> inner;
  };
  static Result<std::vector<Rule>> ParseRules(const Json& rules, const Json& package, int depth);
  static Result<NpmRequest> ParseTarget(const std::string& name, const std::string& text,
                                        const Json& package);
  static bool Meets(const Rule& rule, std::string_view range);

  std::vector<Rule> rules_;
};

}  // namespace rt
