// The tasks of a project: "tasks" of deno.json and "scripts" of package.json, as data. Pure text;
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/config/json.h"

namespace rt {

struct TaskDefinition {
  std::string name;
  std::optional<std::string> command;  // nothing: only its dependencies
  std::string description;
  std::vector<std::string> dependencies;
  bool is_script = false;  // of package.json
};

// In the order of the file. `json` is the whole deno.json, `path` its name for messages. TypeError
// if "tasks" has another shape than Deno's: a command, or an object with `command`, `description`
// and `dependencies`.
Result<std::vector<TaskDefinition>> TasksOfDenoJson(const Json& json, const std::string& path);

// The same of package.json. What is no string is left out, as npm does it.
std::vector<TaskDefinition> ScriptsOfPackageJson(const Json& json);

// Whether `name` fits what was asked for, where "*" stands for any text.
bool TaskNameMatches(std::string_view pattern, std::string_view name);

// `roots` and everything they depend on, each once and after what it depends on: indices into
// `tasks`. NotFound names a task that is not there; TypeError a cycle ("a -> b -> a").
Result<std::vector<size_t>> OrderTasks(const std::vector<TaskDefinition>& tasks,
                                       const std::vector<size_t>& roots);

// `text` as one word of sh(1).
std::string QuoteForShell(std::string_view text);

}  // namespace rt
