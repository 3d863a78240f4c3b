// The only place that sets up the process and creates the main program's runtime.
#include "src/cli/program.h"
#include "src/base/cache_names.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

#include "src/base/output.h"
#include "src/cli/cache_folder.h"
#include "src/cli/cli.h"
#include "src/cli/messages.h"
#include "src/cli/outside.h"
#include "src/cli/permission_set.h"
#include "src/cli/profile.h"
#include "src/cli/project_option.h"
#include "src/cli/remote_option.h"
#include "src/cli/trace_option.h"
#include "src/cli/wall.h"
#include "src/cli/watch.h"
#include "src/config/env_file.h"
#include "src/engine/platform.h"
#include "src/ext/io/io.h"
#include "src/ext/url/url.h"
#include "src/module/specifier.h"
#include "src/op/proxy_settings.h"
#include "src/op/tls_settings.h"
#include "src/permissions/prompt.h"
#include "src/permissions/sinks.h"
#include "src/runtime/permission_log.h"
#include "src/runtime/runtime.h"

namespace rt::cli {
namespace {

// RunInfo and V8 read 0 as "no seed"; --seed=0 is a seed like any other.
constexpr uint64_t kSeedForZero = 0x5eed;

#ifdef __SANITIZE_ADDRESS__
constexpr int kExitLeaks = 23;  // what LeakSanitizer itself would make of it
#endif

// Before any script can change the environment.
std::shared_ptr<const TlsSettings> ReadTlsSettings(const Invocation& invocation) {
  const auto variable = [](const char* name) {
    // Nothing that names files to whoever has more rights than the one who set it (setuid).
    const char* value = secure_getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  auto settings = std::make_shared<TlsSettings>();
  settings->cert_file = invocation.cert;
  settings->ignore_errors = invocation.ignore_certificates;
  settings->ignore_hosts = invocation.ignore_certificate_hosts;
  settings->store_file = variable("SSL_CERT_FILE");
  settings->store_dir = variable("SSL_CERT_DIR");
  settings->extra_file = variable("NODE_EXTRA_CA_CERTS");
  settings->keylog = variable("SSLKEYLOGFILE");
  return settings;
}

std::shared_ptr<const ProxySettings> ReadProxySettings() {
  const auto variable = [](const char* upper, const char* lower) {
    const char* value = getenv(upper);
    if (value == nullptr || *value == '\0') value = getenv(lower);
    return std::string(value == nullptr ? "" : value);
  };
  auto settings = std::make_shared<ProxySettings>();
  // In a CGI program HTTP_PROXY is the header `Proxy:` of whoever asks.
  const bool is_cgi = getenv("REQUEST_METHOD") != nullptr;
  settings->http = variable(is_cgi ? "http_proxy" : "HTTP_PROXY", "http_proxy");
  settings->https = variable("HTTPS_PROXY", "https_proxy");
  settings->all = variable("ALL_PROXY", "all_proxy");
  settings->no_proxy = variable("NO_PROXY", "no_proxy");
  return settings;
}

// What the process has already stays as it is.
Result<void> LoadEnvFile(const std::string& file, bool quiet) {
  RT_TRY(const std::optional<std::string> text, ReadConfigText(file));
  if (!text) {
    if (!quiet) PrintWarning("--env-file: there is no file \"" + file + "\"");
    return {};
  }
  RT_TRY(const Variables variables,
         ParseEnvFile(*text, [](const std::string& name) -> std::optional<std::string> {
           const char* value = getenv(name.c_str());
           return value == nullptr ? std::nullopt : std::optional<std::string>(value);
         }));
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 0);
  return {};
}

void WarnOfIgnoredCertificates(const Invocation& invocation) {
  if (!invocation.ignore_certificates) return;
  std::string hosts;
  for (const std::string& host : invocation.ignore_certificate_hosts) {
    hosts.append(hosts.empty() ? ": " : ", ").append(host);
  }
  PrintWarning("TLS certificates are not verified" +
               (hosts.empty() ? std::string(" for any host") : " for" + hosts));
}

void SetUpProcess() {
  // A peer that closes its end is an error of that write, not of the process.
  signal(SIGPIPE, SIG_IGN);
  // So is a file that may not grow further.
  signal(SIGXFSZ, SIG_IGN);
  // The soft limit is low for the sake of select(), which nothing here uses.
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

Result<std::unique_ptr<PermissionLog>> OpenPermissionLog(const Invocation& invocation) {
  PermissionLog::Options options{.fd = STDERR_FILENO};
  const std::string file = invocation.permission_trace.value_or("");
  if (!file.empty()) {
    options.fd = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (options.fd < 0) {
      return Error::Type("--permission-trace: " + Error::FromErrno(errno, "open", file).message);
    }
  }
  // An audit that is not traced tells what it let through, not what was granted anyway.
  options.only_refused = !invocation.permission_trace;
  return std::make_unique<PermissionLog>(options);
}

}  // namespace

int LeaveProcess(std::unique_ptr<Runtime> runtime, int exit_code) {
  if (runtime) runtime->Leave();
  std::fflush(nullptr);
  RestoreTerminals();
#ifdef __SANITIZE_ADDRESS__
  runtime.reset();
  // Leaks are looked for now, and not after the process's destructors: libuv's waits for the
  // threads of its pool, one of which may be stuck in a system call.
  if (__lsan_do_recoverable_leak_check() != 0) _exit(kExitLeaks);
#endif
  _exit(exit_code);
}

Result<Program> FileProgram(const std::string& file) {
  RT_TRY(const std::string cwd, CurrentDirectory());
  Program program;
  RT_TRY(program.url, ResolveMain(file, cwd));
  if (program.url.starts_with("file:")) {
    RT_TRY(const std::string path, FileUrlToPath(program.url));
    struct stat info;
    if (stat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
      return Error::Make(ErrorClass::kNotFound, "Module not found \"" + program.url + "\"");
    }
  }
  return program;
}

Result<Program> TextProgram(const std::string& name, const Invocation& invocation,
                            std::string text) {
  RT_TRY(const std::string cwd, CurrentDirectory());
  const auto type = invocation.media_type.value_or(typescript::MediaType::kJavaScript);
  const std::string file = name + (type == typescript::MediaType::kJavaScript
                                       ? ".mjs"
                                       : std::string(typescript::ExtensionOf(type)));
  Program program;
  program.url = PathToFileUrl(cwd.ends_with('/') ? cwd + file : cwd + "/" + file);
  program.text = std::move(text);
  return program;
}

std::optional<int> SetUpProgram(const Invocation& invocation, const Program& program,
                                ProgramSetup* setup) {
  RuntimeOptions& options = setup->options;
  for (const std::string& file : invocation.env_files) {
    if (auto loaded = LoadEnvFile(file, invocation.quiet); !loaded.ok()) {
      return PrintError("--env-file=" + file + ": " + loaded.error().message, kExitError);
    }
  }
  auto trace = MakeTraceOptions(invocation);
  if (!trace.ok()) return PrintError(trace.error().message, kExitUsage);
  options.trace = std::move(*trace);
  options.on_module = ReportModulesTo(invocation.module_report_fd);
  options.run_info.quiet = invocation.quiet;
  options.main_media = invocation.media_type;
  options.embedded = invocation.embedded;
  options.transpiled_folder = cache::PathOf(CacheFolder(), cache::kTranspiled);
  options.run_info.tls = ReadTlsSettings(invocation);
  options.run_info.proxies = ReadProxySettings();
  if (!invocation.location.empty()) {
    const auto location = url::ParseUrl(invocation.location);
    if (!location ||
        (location->scheme != url::Scheme::kHttp && location->scheme != url::Scheme::kHttps)) {
      return PrintError("--location=" + invocation.location + ": not an http or https URL",
                        kExitUsage);
    }
    options.run_info.location = location->href;
  }
  WarnOfIgnoredCertificates(invocation);
  SetUpProcess();
  if (invocation.permission_trace || invocation.permission_audit) {
    auto opened = OpenPermissionLog(invocation);
    if (!opened.ok()) return PrintError(opened.error().message, kExitUsage);
    setup->log = std::move(*opened);
  }
  // An audit asks nobody: it wants to know what would have been refused.
  if (!invocation.permissions.no_prompt && !invocation.permission_audit) {
    options.prompt_tty = MakeStdioPromptTty();
  }
  auto project = LoadProject(invocation, program.url);
  if (!project.ok()) return PrintError(project.error().message, kExitError);
  options.import_map = std::move(project->import_map);
  if (invocation.no_config || invocation.config_path) {
    auto& compiler_options = options.compiler_options.emplace();
    const Json* given = project->config ? project->config->json.Find("compilerOptions") : nullptr;
    if (given) {
      if (auto applied = compiler_options.Apply(*given, project->config->folder); !applied.ok()) {
        return PrintError(project->config->path + ": " + applied.error().message, kExitError);
      }
    }
  }
  options.permissions = invocation.permissions;
  if (invocation.permission_set) {
    auto added = AddPermissionSet(project->config, *invocation.permission_set, options.permissions);
    if (!added.ok()) return PrintError(added.error().message, kExitUsage);
  }
  auto remote = MakeRemoteOptions(invocation, *project, program.url);
  if (!remote.ok()) return PrintError(remote.error().message, kExitError);
  AllowUsualImports(invocation, program.url, *remote, options.permissions);
  options.remote = std::move(*remote);
  setup->config = std::move(project->config);
  for (const std::string& file : invocation.preloads) {
    auto preload = FileProgram(file);
    if (!preload.ok()) {
      return PrintError("--preload=" + file + ": " + preload.error().message, kExitError);
    }
    options.preloads.push_back(std::move(preload->url));
  }
  // Before V8 starts its threads: the wall holds for the calling thread and those it makes.
  if (program.is_walled) {
    RaiseWall(invocation, options,
              {.url = program.url,
               .text = program.text ? &*program.text : nullptr,
               .may_prompt = options.prompt_tty != nullptr,
               .write_folders = ProfileFolders(invocation),
               .lock_file = options.remote.lock ? options.remote.lock->path() : ""});
  }
  uint64_t seed = 0;
  if (invocation.seed) seed = *invocation.seed == 0 ? kSeedForZero : *invocation.seed;
  std::vector<std::string> v8_flags = invocation.v8_flags;
#ifdef RT_GC_STRESS
  // V8 collects on demand only with the first; with the second whatever can move does.
  v8_flags.insert(v8_flags.begin(), {"--expose-gc", "--stress-compaction"});
#endif
  auto started = InitializePlatform({.v8_flags = std::move(v8_flags), .seed = seed});
  if (!started.ok()) return PrintError("--v8-flags: " + started.error().message, kExitUsage);

  options.limits = {.max_memory = invocation.max_memory,
                    .max_cpu_ms = invocation.max_cpu_ms,
                    .max_time_ms = invocation.max_time_ms};
  options.permission_observer = program.observer;
  if (setup->log != nullptr) {
    options.permission_observer = setup->log.get();
    options.permission_audit = invocation.permission_audit;
  }
  options.run_info.main_module = program.url;
  options.run_info.args = invocation.script_args;
  options.run_info.seed = seed;
  options.run_info.color_stdout = WantsColor(STDOUT_FILENO);
  options.run_info.color_stderr = WantsColor(STDERR_FILENO);
  return std::nullopt;
}

int RunProgram(const Invocation& invocation, Program program) {
  ProgramSetup setup;
  program.is_walled = true;
  auto outside = Outside::Prepare(invocation);
  if (!outside.ok()) {
    const Error& error = outside.error();
    return PrintError(error.message,
                      error.error_class == ErrorClass::kTypeError ? kExitUsage : kExitError);
  }
  if (auto failed = SetUpProgram(invocation, program, &setup)) return *failed;
  if (!invocation.no_code_cache && !program.text) {
    setup.options.code_folder = cache::PathOf(CacheFolder(), cache::kCode);
  }
  if (auto watched = (*outside)->Watch(setup.options); !watched.ok()) {
    const Error& error = watched.error();
    return PrintError(error.message,
                      error.error_class == ErrorClass::kTypeError ? kExitUsage : kExitError);
  }
  auto runtime = Runtime::Create(std::move(setup.options));
  if (!runtime.ok()) {
    // A TypeError names the flag it could not read.
    const Error& error = runtime.error();
    return PrintError(error.message,
                      error.error_class == ErrorClass::kTypeError ? kExitUsage : kExitError);
  }
  if (auto begun = (*outside)->Begin(**runtime); !begun.ok()) {
    return PrintError(begun.error().message, kExitError);
  }
  const int exit_code = (*runtime)->RunMain(program.url, program.text, program.serve_options_json);
  if (exit_code <= kExitError) (*runtime)->SaveCode();
  (*outside)->Finish(**runtime);
  if (program.on_leave) program.on_leave();
  return LeaveProcess(std::move(*runtime), exit_code);
}

}  // namespace rt::cli
