// The public header over what src/runtime and the layers below it are. No behaviour of its own.
#include <signal.h>

#include <cstdio>

#include <utility>

#include "rt/rt.h"
#include "src/base/cache_names.h"
#include "src/engine/platform.h"
#include "src/module/specifier.h"
#include "src/permissions/sinks.h"
#include "src/runtime/features.h"
#include "src/runtime/runtime.h"

namespace rt::embed {
namespace {

bool Fail(std::string* error, std::string message) {
  if (error != nullptr) *error = std::move(message);
  return false;
}

Result<PermissionOptions> PermissionsOf(const RuntimeOptions& options) {
  PermissionOptions permissions;
  permissions.no_prompt = true;
  if (options.allow_everything) permissions.AllowAll();
  for (const auto& [kind, given] : options.permissions) {
    const std::optional<Perm> perm = PermFromName(kind);
    if (!perm) return Error::Type("unknown permission \"" + kind + "\"");
    PermRules& rules = permissions[*perm];
    rules.allow_all = rules.allow_all || given.allow_all;
    rules.allow_list = given.allow;
    rules.deny_all = given.deny_all;
    rules.deny_list = given.deny;
  }
  return permissions;
}

}  // namespace

struct Runtime::State {
  std::unique_ptr<rt::Runtime> runtime;
  bool has_run = false;
};

std::string_view Version() {
  return RT_VERSION;
}

bool Initialize(const ProcessOptions& options, std::string* error) {
  if (GetPlatform() != nullptr) return Fail(error, "rt::embed::Initialize was called before");
  auto started = InitializePlatform({.v8_flags = options.v8_flags, .seed = options.seed});
  if (!started.ok()) return Fail(error, started.error().message);
  signal(SIGPIPE, SIG_IGN);
  return true;
}

std::unique_ptr<Runtime> Runtime::Create(const RuntimeOptions& options, std::string* error) {
  if (GetPlatform() == nullptr) {
    Fail(error, "rt::embed::Initialize has not been called");
    return nullptr;
  }
  rt::RuntimeOptions made;
  auto permissions = PermissionsOf(options);
  if (!permissions.ok()) {
    Fail(error, permissions.error().message);
    return nullptr;
  }
  made.permissions = std::move(*permissions);
  made.run_info.args = options.args;
  made.limits = {.max_memory = options.max_memory,
                 .max_cpu_ms = options.max_cpu_ms,
                 .max_time_ms = options.max_time_ms};
  made.transpiled_folder = cache::PathOf(options.cache_folder, cache::kTranspiled);
  made.code_folder = cache::PathOf(options.cache_folder, cache::kCode);
  made.remote.folder = options.cache_folder;
  if (!options.features.empty()) {
    auto features = std::make_shared<Features>();
    for (const Feature& feature : options.features) {
      if (feature.extension == nullptr) {
        Fail(error, "a feature without an extension");
        return nullptr;
      }
      if (auto added = features->Add(*feature.extension, feature.script); !added.ok()) {
        Fail(error, added.error().message);
        return nullptr;
      }
    }
    made.features = std::move(features);
  }
  auto runtime = rt::Runtime::Create(std::move(made));
  if (!runtime.ok()) {
    Fail(error, runtime.error().message);
    return nullptr;
  }
  auto state = std::make_unique<State>();
  state->runtime = std::move(*runtime);
  return std::unique_ptr<Runtime>(new Runtime(std::move(state)));
}

Runtime::Runtime(std::unique_ptr<State> state) : state_(std::move(state)) {}

Runtime::~Runtime() {
  state_->runtime->Leave();
}

int Runtime::RunFile(const std::string& path) {
  if (std::exchange(state_->has_run, true)) return -1;
  const auto report = [](const std::string& message) {
    (void)std::fprintf(stderr, "error: %s\n", message.c_str());
    return 1;
  };
  const auto cwd = CurrentDirectory();
  if (!cwd.ok()) return report(cwd.error().message);
  const auto url = ResolveMain(path, *cwd);
  if (!url.ok()) return report(url.error().message);
  rt::Runtime& runtime = *state_->runtime;
  runtime.host().run_info().main_module = *url;
  const int exit_code = runtime.RunMain(*url);
  if (exit_code <= 1) runtime.SaveCode();
  return exit_code;
}

int Runtime::RunText(const std::string& name, const std::string& text) {
  if (std::exchange(state_->has_run, true)) return -1;
  const auto cwd = CurrentDirectory();
  const std::string folder = cwd.ok() ? *cwd : "/";
  const std::string url =
      PathToFileUrl(folder.ends_with('/') ? folder + name : folder + "/" + name);
  state_->runtime->host().run_info().main_module = url;
  return state_->runtime->RunMain(url, text);
}

void Runtime::Stop(int exit_code) {
  state_->runtime->host().RequestExit(exit_code);
  state_->runtime->host().loop().Wake();
}

}  // namespace rt::embed
