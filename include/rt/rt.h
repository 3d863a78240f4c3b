// rt for programs that embed it: make a runtime, give it features of your own, run a script. The
// stable part of rt: no V8 and no libuv in here. What a feature's functions look like is in
// <rt/op.h>, which has both. How to build with it: docs/embedding.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rt {

struct Extension;  // <rt/op.h>

namespace embed {

// "0.1.0"
std::string_view Version();

struct ProcessOptions {
  std::vector<std::string> v8_flags{};  // "--max-semi-space-size=8"
  // Not 0: Math.random and hash seeds are the same in every run.
  uint64_t seed = 0;
};

// Once a process, before its first runtime: starts V8, and ignores SIGPIPE, because a peer that
// closes its end is an error of that write. What it starts ends with the process. False: `*error`
// says which flag V8 does not know, or that this was called before. Not at the same time on two
// threads.
[[nodiscard]] bool Initialize(const ProcessOptions& options, std::string* error);

// What scripts may do of one kind: see docs/permissions.md, where `allow` is --allow-read=… and
// so on. Deny rules always win.
struct PermissionRules {
  bool allow_all = false;
  std::vector<std::string> allow{};
  bool deny_all = false;
  std::vector<std::string> deny{};
};

// A feature of the program: functions in C++, and JavaScript that makes something nice of them.
struct Feature {
  // Its ops. What it points to must outlive every runtime. Its name must be no other extension's.
  const Extension* extension = nullptr;
  // The body of a function, in strict mode, that gets `ops`: an object with a function for each op,
  // by its name. Those of asynchronous ops may return a promise or a value: await them. What
  // scripts are to see it puts on globalThis. It runs before the script, in each runtime, workers
  // included. UTF-8.
  std::string script{};
};

struct RuntimeOptions {
  // By kind: read, write, net, env, run, sys, ffi, import. What is not named is not allowed, and
  // nobody is asked.
  std::map<std::string, PermissionRules> permissions{};
  bool allow_everything = false;
  std::vector<std::string> args{};  // Deno.args
  std::vector<Feature> features{};
  // Where transpiled TypeScript, compiled code and downloaded modules are kept. Empty: nowhere.
  std::string cache_folder{};
  // 0: no limit. A script that reaches one is stopped, and its exit code is 124.
  size_t max_memory = 0;  // of the JavaScript heap, bytes
  uint64_t max_cpu_ms = 0;
  uint64_t max_time_ms = 0;
};

// One isolate with its event loop. It belongs to the thread that made it: all but Stop() is called
// there, and it is destroyed there, too. A thread has one at a time; other threads may have theirs.
class Runtime {
 public:
  // Null: `*error` says why, such as an unknown permission or an error in a feature's script.
  [[nodiscard]] static std::unique_ptr<Runtime> Create(const RuntimeOptions& options,
                                                       std::string* error);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Runs a module and then the event loop, until nothing is left to do. The exit code: what the
  // script said with Deno.exit or Deno.exitCode, or 1 after an error nobody caught, which is on
  // standard error. A runtime runs one module: a second call is an error, -1.
  int RunFile(const std::string& path);
  // The same for text that has no file: `name` is where it seems to lie, relative to the current
  // folder, and its extension says the language (".ts", else JavaScript).
  int RunText(const std::string& name, const std::string& text);

  // Any thread, while the object is there: the script ends where it is, with this exit code. Before
  // Run…: nothing of it runs.
  void Stop(int exit_code);

 private:
  struct State;
  explicit Runtime(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace embed
}  // namespace rt
