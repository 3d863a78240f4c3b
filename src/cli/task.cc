// rt task: the tasks of deno.json and the scripts of package.json.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <thread>

#include "src/base/output.h"
#include "src/base/suggest.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/project_option.h"
#include "src/cli/task_run.h"
#include "src/config/tasks.h"
#include "src/permissions/prompt.h"

namespace rt::cli {
namespace {

struct Package {
  std::string path;  // of its package.json
  std::string folder;
  Json json;
};

struct TaskProject {
  std::string folder;  // where the search began, and commands of --eval run
  std::optional<ProjectConfig> config;
  std::optional<Package> package;
  std::vector<TaskDefinition> tasks;  // those of deno.json hide scripts of the same name
};

class Painter {
 public:
  explicit Painter(int fd) : color_(WantsColor(fd)) {}
  std::string Green(const std::string& text) const { return Paint("32", text); }
  std::string Cyan(const std::string& text) const { return Paint("36", text); }
  std::string Red(const std::string& text) const { return Paint("31", text); }
  std::string Gray(const std::string& text) const { return Paint("90", text); }

 private:
  std::string Paint(const char* code, const std::string& text) const {
    return color_ ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
  }
  bool color_;
};

constexpr size_t kLongestCommand = 16 * 1024;  // shown

std::string Shown(std::string_view text) {
  return EscapeForTerminal(text, kLongestCommand);
}

Result<std::optional<Package>> FindPackage(std::string folder) {
  while (folder.ends_with('/')) folder.pop_back();
  for (;;) {
    const std::string path = folder + "/package.json";
    RT_TRY(const std::optional<std::string> text, ReadConfigText(path));
    if (text) {
      auto json = ParseJson(*text);
      if (!json.ok()) {
        return Error::Make(ErrorClass::kSyntaxError, path + ":" + json.error().message);
      }
      return std::optional<Package>(
          Package{.path = path, .folder = folder, .json = std::move(*json)});
    }
    if (folder.empty()) return std::optional<Package>();
    folder.resize(folder.rfind('/'));
  }
}

Result<TaskProject> LoadTasks(const Invocation& invocation) {
  TaskProject project;
  RT_TRY(project.folder, AbsolutePath(invocation.tool.cwd.empty() ? "." : invocation.tool.cwd));
  while (project.folder.size() > 1 && project.folder.ends_with('/')) project.folder.pop_back();
  struct stat info;
  if (stat(project.folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    return Error::Make(ErrorClass::kNotFound, "--cwd=" + invocation.tool.cwd + ": no such folder");
  }
  if (invocation.config_path) {
    RT_TRY(const std::string path, AbsolutePath(*invocation.config_path));
    RT_TRY(project.config, ReadProjectConfig(path));
  } else {
    RT_TRY(project.config, FindProjectConfig(project.folder));
  }
  RT_TRY(project.package, FindPackage(project.folder));
  if (project.config) {
    RT_TRY(project.tasks, TasksOfDenoJson(project.config->json, project.config->path));
    if (!invocation.quiet) {
      for (const std::string& warning : project.config->warnings) PrintWarning(warning);
    }
  }
  if (!project.package) return project;
  for (TaskDefinition& script : ScriptsOfPackageJson(project.package->json)) {
    const bool is_hidden =
        std::any_of(project.tasks.begin(), project.tasks.end(),
                    [&](const TaskDefinition& task) { return task.name == script.name; });
    if (!is_hidden) project.tasks.push_back(std::move(script));
  }
  return project;
}

std::string ListOf(const TaskProject& project, const Painter& paint) {
  std::string text = paint.Green("Available tasks:") + "\n";
  if (project.tasks.empty()) {
    return text + "  " + paint.Red("No tasks found in configuration file") + "\n";
  }
  for (const TaskDefinition& task : project.tasks) {
    text += "- " + paint.Cyan(Shown(task.name));
    if (task.is_script) text += " " + paint.Gray("(package.json)");
    text += "\n";
    std::string_view description = task.description;
    while (!description.empty()) {
      const size_t end = std::min(description.find('\n'), description.size());
      text += "    " + paint.Gray("// " + Shown(description.substr(0, end))) + "\n";
      description.remove_prefix(std::min(end + 1, description.size()));
    }
    if (task.command) text += "    " + Shown(*task.command) + "\n";
    if (task.dependencies.empty()) continue;
    std::string names;
    for (const std::string& name : task.dependencies) {
      names += (names.empty() ? "" : ", ") + Shown(name);
    }
    text += "    " + paint.Gray("depends on:") + " " + paint.Cyan(names) + "\n";
  }
  return text;
}

int NotFound(const TaskProject& project, const std::string& name) {
  std::vector<std::string_view> names;
  for (const TaskDefinition& task : project.tasks) names.push_back(task.name);
  std::string message = "Task not found: " + name;
  if (const auto nearest = Nearest(name, names)) {
    message += "\nDid you mean \"" + std::string(*nearest) + "\"?";
  }
  PrintError(message, kExitError);
  WriteFully(STDERR_FILENO, ListOf(project, Painter(STDERR_FILENO)));
  return kExitError;
}

std::string OwnPath() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<size_t>(size)) : "rt";
}

std::string Variable(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

// What every command has besides the caller's environment: programs of installed packages first.
std::vector<std::pair<std::string, std::string>> VariablesIn(std::string folder) {
  std::string path;
  for (;;) {
    const std::string bin = folder + "/node_modules/.bin";
    if (access(bin.c_str(), F_OK) == 0) path += bin + ":";
    if (folder.empty()) break;
    folder.resize(folder.rfind('/'));
  }
  path += Variable("PATH");
  std::vector<std::pair<std::string, std::string>> variables = {{"PATH", path}};
  // Of a task within a task: where the user stood.
  if (auto cwd = AbsolutePath("."); cwd.ok() && Variable("INIT_CWD").empty()) {
    while (cwd->size() > 1 && cwd->ends_with('/')) cwd->pop_back();
    variables.emplace_back("INIT_CWD", *cwd);
  }
  return variables;
}

class Planner {
 public:
  Planner(const Invocation& invocation, const TaskProject& project)
      : invocation_(invocation), project_(project), paint_(STDERR_FILENO), own_path_(OwnPath()) {
    for (const std::string& argument : invocation.script_args) {
      arguments_ += " " + QuoteForShell(argument);
    }
  }

  TaskStep Eval(const std::string& command) const {
    return Step("", command + arguments_, project_.folder);
  }

  // `with_arguments`: those of the command line follow its command.
  TaskPlan Plan(const TaskDefinition& task, bool with_arguments) const {
    TaskPlan plan;
    const std::string arguments = with_arguments ? arguments_ : "";
    if (task.is_script) {
      for (const char* prefix : {"pre", "", "post"}) {
        const std::string name = prefix + task.name;
        // A task of deno.json is no script, whatever its name.
        const Json* scripts = project_.package->json.Find("scripts");
        const std::string* command = scripts->FindString(name);
        if (!command) continue;
        TaskStep step = Step(name, *command + arguments, FolderOf(project_.package->folder));
        AddScriptVariables(name, *command, step);
        plan.steps.push_back(std::move(step));
      }
    } else if (task.command) {
      plan.steps.push_back(
          Step(task.name, *task.command + arguments, FolderOf(project_.config->folder)));
    } else {
      plan.steps.push_back({.label = Label(task.name, paint_.Gray("(no command)")),
                            .script = {},
                            .folder = {},
                            .variables = {}});
    }
    return plan;
  }

 private:
  std::string FolderOf(const std::string& folder) const {
    return invocation_.tool.cwd.empty() ? folder : project_.folder;
  }

  std::string Label(const std::string& name, const std::string& command) const {
    if (invocation_.quiet || name.empty()) return {};
    return paint_.Green("Task") + " " + paint_.Cyan(Shown(name)) + " " + command;
  }

  TaskStep Step(const std::string& name, const std::string& command,
                const std::string& folder) const {
    // Tasks are written for the runtime that runs them: both names mean this very program,
    // wherever it is and whatever PATH says. On one line with the command, so that line numbers in
    // the shell's messages are right.
    const std::string own = QuoteForShell(own_path_);
    std::string script = "rt() { " + own + " \"$@\"; }; deno() { " + own + " \"$@\"; }; " + command;
    return {.label = Label(name, Shown(command)),
            .script = std::move(script),
            .folder = folder.empty() ? "/" : folder,
            .variables = VariablesIn(folder)};
  }

  // As npm sets them for its scripts.
  void AddScriptVariables(const std::string& name, const std::string& command,
                          TaskStep& step) const {
    const auto add = [&](const char* variable, const std::string* value) {
      if (value) step.variables.emplace_back(variable, *value);
    };
    add("npm_package_name", project_.package->json.FindString("name"));
    add("npm_package_version", project_.package->json.FindString("version"));
    add("npm_package_json", &project_.package->path);
    add("npm_lifecycle_event", &name);
    add("npm_lifecycle_script", &command);
    add("npm_execpath", &own_path_);
    add("npm_node_execpath", &own_path_);
    const std::string run = "run-script";
    add("npm_command", &run);
  }

  const Invocation& invocation_;
  const TaskProject& project_;
  Painter paint_;
  std::string own_path_;
  std::string arguments_;
};

size_t AtOnce() {
  const std::string jobs = Variable("DENO_JOBS");
  size_t count = 0;
  if (std::from_chars(jobs.data(), jobs.data() + jobs.size(), count).ec == std::errc() &&
      count > 0) {
    return count;
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

int TaskCommand(const Invocation& invocation) {
  const ToolInvocation& tool = invocation.tool;
  if (tool.eval && invocation.operand.empty()) {
    return PrintError("no command given\nUsage: rt task --eval <command> [args...]", kExitUsage);
  }
  auto project = LoadTasks(invocation);
  if (!project.ok()) return PrintError(project.error().message, kExitError);
  const Planner planner(invocation, *project);
  if (tool.eval) {
    TaskPlan plan{.steps = {planner.Eval(invocation.operand)}, .needs = {}};
    return RunTasks({std::move(plan)}, 1);
  }
  if (!project->config && !project->package) {
    return PrintError("rt task: there is no deno.json, deno.jsonc or package.json here or above",
                      kExitError);
  }
  if (invocation.operand.empty()) return PrintOutput(ListOf(*project, Painter(STDOUT_FILENO)));

  std::vector<size_t> roots;
  for (size_t i = 0; i < project->tasks.size(); ++i) {
    if (TaskNameMatches(invocation.operand, project->tasks[i].name)) roots.push_back(i);
  }
  if (roots.empty()) return tool.if_present ? kExitOk : NotFound(*project, invocation.operand);
  auto order = OrderTasks(project->tasks, roots);
  if (!order.ok()) {
    if (order.error().error_class == ErrorClass::kNotFound) {
      return NotFound(*project, order.error().message);
    }
    return PrintError("Task cycle detected: " + order.error().message, kExitError);
  }
  std::vector<TaskPlan> plans;
  for (const size_t index : *order) {
    const TaskDefinition& task = project->tasks[index];
    // Of several, the last one that was asked for.
    TaskPlan plan = planner.Plan(task, index == order->back());
    for (const std::string& need : task.dependencies) {
      for (size_t i = 0; i < plans.size(); ++i) {
        if (project->tasks[(*order)[i]].name == need) plan.needs.push_back(i);
      }
    }
    plans.push_back(std::move(plan));
  }
  return RunTasks(plans, AtOnce());
}

}  // namespace rt::cli
