#include "src/config/tasks.h"

#include <algorithm>

namespace rt {
namespace {

Error Malformed(const std::string& path, const std::string& name, const std::string& what) {
  return Error::Type(path + ": task \"" + name + "\": " + what);
}

Result<TaskDefinition> ReadTask(const std::string& name, const Json& json,
                                const std::string& path) {
  TaskDefinition task{.name = name, .command = {}, .description = {}, .dependencies = {}};
  if (const std::string* command = json.AsString()) {
    task.command = *command;
    return task;
  }
  if (!json.AsObject()) {
    return Malformed(path, name,
                     "must be a command or an object, not " + std::string(json.KindName()));
  }
  if (const Json* command = json.Find("command"); command && !command->IsNull()) {
    if (!command->AsString()) return Malformed(path, name, "\"command\" must be a string");
    task.command = *command->AsString();
  }
  if (const Json* description = json.Find("description"); description && !description->IsNull()) {
    if (!description->AsString()) return Malformed(path, name, "\"description\" must be a string");
    task.description = *description->AsString();
  }
  if (const Json* dependencies = json.Find("dependencies");
      dependencies && !dependencies->IsNull()) {
    const bool is_list = dependencies->AsArray() != nullptr;
    if (is_list) {
      for (const Json& dependency : *dependencies->AsArray()) {
        if (!dependency.AsString()) {
          return Malformed(path, name, "\"dependencies\" must be names of tasks");
        }
        task.dependencies.push_back(*dependency.AsString());
      }
    } else {
      return Malformed(path, name, "\"dependencies\" must be an array");
    }
  }
  return task;
}

// Depth first, without recursion: chains may be long.
class Sorter {
 public:
  explicit Sorter(const std::vector<TaskDefinition>& tasks)
      : tasks_(tasks), states_(tasks.size(), State::kNew) {}

  Result<void> Visit(size_t root) {
    if (states_[root] == State::kDone) return {};
    Enter(root);
    while (!path_.empty()) {
      Step& step = path_.back();
      const TaskDefinition& task = tasks_[step.task];
      if (step.next == task.dependencies.size()) {
        states_[step.task] = State::kDone;
        order_.push_back(step.task);
        path_.pop_back();
        continue;
      }
      const std::string& name = task.dependencies[step.next++];
      const auto found = std::find_if(tasks_.begin(), tasks_.end(),
                                      [&](const TaskDefinition& t) { return t.name == name; });
      if (found == tasks_.end()) return Error::Make(ErrorClass::kNotFound, name);
      const auto index = static_cast<size_t>(found - tasks_.begin());
      if (states_[index] == State::kDone) continue;
      if (states_[index] == State::kOpen) return Error::Type(Cycle(index));
      Enter(index);
    }
    return {};
  }

  std::vector<size_t> Take() { return std::move(order_); }

 private:
  enum class State : uint8_t { kNew, kOpen, kDone };
  struct Step {
    size_t task;
    size_t next;  // of its dependencies
  };

  void Enter(size_t task) {
    states_[task] = State::kOpen;
    path_.push_back({task, 0});
  }

  std::string Cycle(size_t again) const {
    std::string text;
    for (const Step& step : path_) text += tasks_[step.task].name + " -> ";
    return text + tasks_[again].name;
  }

  const std::vector<TaskDefinition>& tasks_;
  std::vector<State> states_;
  std::vector<Step> path_;
  std::vector<size_t> order_;
};

}  // namespace

Result<std::vector<TaskDefinition>> TasksOfDenoJson(const Json& json, const std::string& path) {
  std::vector<TaskDefinition> tasks;
  const Json* section = json.Find("tasks");
  if (!section || section->IsNull()) return tasks;
  if (!section->AsObject()) {
    return Error::Type(path + ": \"tasks\" must be an object, not " +
                       std::string(section->KindName()));
  }
  for (const auto& [name, value] : *section->AsObject()) {
    RT_TRY(TaskDefinition task, ReadTask(name, value, path));
    // Of two keys of one name the last counts, as in JSON.parse.
    std::erase_if(tasks, [&](const TaskDefinition& other) { return other.name == task.name; });
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::vector<TaskDefinition> ScriptsOfPackageJson(const Json& json) {
  std::vector<TaskDefinition> tasks;
  const Json* section = json.Find("scripts");
  if (!section || !section->AsObject()) return tasks;
  for (const auto& [name, value] : *section->AsObject()) {
    if (!value.AsString()) continue;
    std::erase_if(tasks, [&](const TaskDefinition& other) { return other.name == name; });
    tasks.push_back({.name = name,
                     .command = *value.AsString(),
                     .description = {},
                     .dependencies = {},
                     .is_script = true});
  }
  return tasks;
}

bool TaskNameMatches(std::string_view pattern, std::string_view name) {
  // Greedy, going back to the last "*" only: linear for practical purposes.
  size_t p = 0;
  size_t n = 0;
  size_t star = std::string_view::npos;
  size_t star_at = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_at = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_at;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

Result<std::vector<size_t>> OrderTasks(const std::vector<TaskDefinition>& tasks,
                                       const std::vector<size_t>& roots) {
  Sorter sorter(tasks);
  for (const size_t root : roots) RT_TRY_VOID(sorter.Visit(root));
  return sorter.Take();
}

std::string QuoteForShell(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=@%+,").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace rt
