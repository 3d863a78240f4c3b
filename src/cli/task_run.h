// Runs commands of tasks through /bin/sh, several at a time, each after those it depends on.
// Signals that would end rt are passed on, so that no task outlives it. Main thread only; no V8
// yet.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace rt::cli {

struct TaskStep {
  std::string label;   // what is said before it runs; empty: nothing
  std::string script;  // for sh(1)
  std::string folder;
  std::vector<std::pair<std::string, std::string>> variables;  // besides those of this process
};

struct TaskPlan {
  std::vector<TaskStep> steps;  // one after another; the first that fails ends the task
  std::vector<size_t> needs;    // plans that must have ended well before, all of them earlier ones
};

// The exit code: that of the first task that fails, whose companions are then ended; 128 + n when
// signal n ended it.
int RunTasks(const std::vector<TaskPlan>& plans, size_t at_once);

}  // namespace rt::cli
