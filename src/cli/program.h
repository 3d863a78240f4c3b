// Running one program from the command line: the process's set-up, the runtime, the way out.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"
#include "src/config/project.h"
#include "src/runtime/permission_log.h"
#include "src/runtime/runtime.h"

namespace rt::cli {

struct Program {
  std::string url;
  std::optional<std::string> text;                // stands in for the file at `url`
  std::optional<std::string> serve_options_json;  // serve the module's default export
  bool is_walled = false;                         // by the kernel, see wall.h
  PermissionObserver* observer = nullptr;         // instead of what the trace flags ask for
  std::function<void()> on_leave{};               // when the program has ended
};

// The file named on the command line. An Error of class kNotFound: there is no such file.
Result<Program> FileProgram(const std::string& file);

// Text that has no file, as `file://<cwd>/<name>` with the extension of --ext: imports are relative
// to the current folder.
Result<Program> TextProgram(const std::string& name, const Invocation& invocation,
                            std::string text);

// Everything a runtime of this command line needs.
struct ProgramSetup {
  RuntimeOptions options;
  std::unique_ptr<PermissionLog> log;  // outlives the runtime
  std::optional<ProjectConfig> config;
};

// Sets the process up: signals, V8's platform, the kernel's wall; reads the project. Once a
// process. An exit code: something is wrong, and was said.
std::optional<int> SetUpProgram(const Invocation& invocation, const Program& program,
                                ProgramSetup* setup);

// Ends the process. (See RunProgram.)
int LeaveProcess(std::unique_ptr<Runtime> runtime, int exit_code);

// Runs it to its end. Does not return in ordinary builds: leaves the process at once, since taking
// V8's heap down costs milliseconds and frees nothing the kernel does not. Under AddressSanitizer
// it is taken down, so that leaks show.
int RunProgram(const Invocation& invocation, Program program);

}  // namespace rt::cli
