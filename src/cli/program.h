// Running one program from the command line: the process's set-up, the runtime, the way out.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"

namespace rt::cli {

struct Program {
  std::string url;
  std::optional<std::string> text;                // stands in for the file at `url`
  std::optional<std::string> serve_options_json;  // serve the module's default export
  PermissionObserver* observer = nullptr;         // instead of what the trace flags ask for
  std::function<void()> on_leave{};               // when the program has ended
};

// The file named on the command line. An Error of class kNotFound: there is no such file.
Result<Program> FileProgram(const std::string& file);

// Text that has no file, as `file://<cwd>/<name>` with the extension of --ext: imports are relative
// to the current folder.
Result<Program> TextProgram(const std::string& name, const Invocation& invocation,
                            std::string text);

// Runs it to its end. Does not return in ordinary builds: leaves the process at once, since taking
// V8's heap down costs milliseconds and frees nothing the kernel does not. Under AddressSanitizer
// it is taken down, so that leaks show.
int RunProgram(const Invocation& invocation, Program program);

}  // namespace rt::cli
