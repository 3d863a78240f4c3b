// rt check: type-checks a program and all it imports, without running any of it.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "src/base/cache_names.h"
#include "src/cli/cache_folder.h"
#include "src/cli/check/checker.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/cli/project_option.h"
#include "src/cli/testing/discover.h"
#include "src/config/json.h"
#include "src/module/remote/remote_modules.h"
#include "src/module/specifier.h"
#include "src/permissions/sinks.h"
#include "src/runtime/extensions.h"
#include "src/typescript/files.h"

namespace rt::cli {
namespace {

constexpr size_t kMaxRecord = size_t{256} << 20;

bool IsUrl(const std::string& operand) {
  return operand.find("://") != std::string::npos || RemoteModules::IsRemote(operand) ||
         operand.starts_with("data:");
}

// Files, folders and patterns as typed, as URLs; none: the current folder.
Result<std::vector<std::string>> FindRoots(const Invocation& invocation, std::string_view kind,
                                           const std::optional<ProjectConfig>& config,
                                           const std::string& cwd) {
  const std::vector<std::string>& operands = invocation.tool.files;
  std::vector<std::string> urls;
  DiscoverOptions options{
      .kind = kind, .operands = {}, .ignore = invocation.test.ignore, .cwd = cwd};
  if (config) options.config = &*config;
  for (const std::string& operand : operands) {
    if (!IsUrl(operand)) {
      options.operands.push_back(operand);
      continue;
    }
    RT_TRY(Program program, FileProgram(operand));
    urls.push_back(std::move(program.url));
  }
  if (!options.operands.empty() || operands.empty()) {
    RT_TRY(const std::vector<std::string> paths, DiscoverFiles(options));
    for (const std::string& path : paths) urls.push_back(PathToFileUrl(path));
  }
  return urls;
}

// The file whose compilerOptions count: the one named, or the nearest that has some.
std::string FindOptionsFile(const Invocation& invocation, const std::string& first_url,
                            const std::string& cwd) {
  if (invocation.no_config) return {};
  if (invocation.config_path) {
    auto path = AbsolutePath(*invocation.config_path);
    return path.ok() ? *path : std::string();
  }
  auto path = FileUrlToPath(first_url);
  std::string folder = path.ok() ? path->substr(0, path->rfind('/')) : cwd;
  for (;; folder = folder.substr(0, folder.rfind('/'))) {
    for (const char* name : {"/deno.json", "/deno.jsonc", "/tsconfig.json"}) {
      auto text = ReadConfigText(folder + name);
      if (!text.ok() || !*text) continue;
      const auto json = ParseJson(**text, JsonSyntax::kWithComments);
      if (json.ok() && (json->Find("compilerOptions") || json->Find("extends"))) {
        return folder + name;
      }
    }
    if (folder.empty()) return {};
  }
}

// A program that had no errors is not checked again as long as nothing has changed that it was
// judged by. The exit code.
int CheckOrRemember(const Invocation& invocation, OpHost& host, SourceFinder& finder,
                    CheckRequest request) {
  const std::vector<std::string> roots = request.roots;
  auto checker = TypeChecker::Make(std::move(request));
  if (!checker.ok()) return PrintError(checker.error().message, kExitError);
  const std::string folder = cache::PathOf(CacheFolder(), cache::kChecked);
  const std::string file = folder + "/" + (*checker)->Key();
  if (!folder.empty() && !invocation.reload) {
    const auto record = typescript::ReadWholeFile(file, kMaxRecord);
    if (record && CheckWorld(finder).IsStillTrue(*record)) return kExitOk;
  }
  if (!invocation.quiet) {
    for (const std::string& url : roots) PrintNote("Check", url);
  }
  CheckWorld world(finder);
  const auto errors = (*checker)->Run(host, world);
  if (world.failure()) return PrintError(world.failure()->message, kExitError);
  if (!errors.ok()) return PrintError(errors.error().message, kExitError);
  if (*errors > 0) return PrintError("Type checking failed.", kExitError);
  // A folder that cannot be written is no error.
  if (!folder.empty()) typescript::WriteFileWhole(file, "", world.Record());
  return kExitOk;
}

int Check(const Invocation& given, std::string_view kind) {
  Invocation invocation = given;
  // Nothing runs: reading is the user's own, and nobody is asked.
  invocation.permissions[Perm::kRead] = {.allow_all = true};
  invocation.permissions.no_prompt = true;
  auto cwd = CurrentDirectory();
  if (!cwd.ok()) return PrintError(cwd.error().message, kExitError);
  // The project is that of the first file; what folders hold may depend on its settings.
  Program program;
  program.url = PathToFileUrl(*cwd + "/main.ts");
  for (const std::string& operand : invocation.tool.files) {
    // A pattern is none; what is not there is found out below.
    if (auto first = FileProgram(operand); first.ok()) program.url = first->url;
    break;
  }
  ProgramSetup setup;
  if (auto failed = SetUpProgram(invocation, program, &setup)) return *failed;
  auto roots = FindRoots(invocation, kind, setup.config, *cwd);
  if (!roots.ok()) return PrintError(roots.error().message, kExitError);
  if (roots->empty()) {
    // Whoever runs them has its own opinion.
    if (kind != kAnyCode) return kExitOk;
    return PrintError("No modules found to check", kExitError);
  }
  RuntimeOptions& options = setup.options;
  auto loop = Loop::Create();
  if (!loop.ok()) return PrintError(loop.error().message, kExitError);
  auto permissions = Permissions::FromOptions(options.permissions, nullptr);
  if (!permissions.ok()) return PrintError(permissions.error().message, kExitUsage);
  OpHost host(AllExtensions(), std::move(*loop), std::move(*permissions),
              std::move(options.run_info), {});
  int exit_code = kExitError;
  {
    SourceFinder finder(host, std::move(options.import_map), options.compiler_options,
                        std::move(options.remote));
    CheckRequest request{.roots = *roots,
                         .cwd = *cwd,
                         .all = invocation.tool.check_all,
                         .color = WantsColor(STDERR_FILENO),
                         .config = FindOptionsFile(invocation, (*roots)[0], *cwd),
                         .typescript_folder = {}};
    auto first = FileUrlToPath((*roots)[0]);
    std::string note;
    request.typescript_folder =
        FindTypeScript(first.ok() ? first->substr(0, first->rfind('/')) : *cwd, &note);
    if (!note.empty() && !invocation.quiet) PrintWarning(note);
    exit_code = CheckOrRemember(invocation, host, finder, std::move(request));
    if (auto settled = finder.Settle(); !settled.ok()) PrintWarning(settled.error().message);
  }
  host.Shutdown();
  return exit_code;
}

}  // namespace

int CheckCommand(const Invocation& invocation) {
  return LeaveProcess(nullptr, Check(invocation, kAnyCode));
}

int CheckFirst(const Invocation& invocation, const std::vector<std::string>& files,
               std::string_view kind) {
  const pid_t pid = fork();
  if (pid < 0) return PrintError(Error::FromErrno(errno, "fork").message, kExitError);
  if (pid == 0) {
    Invocation check = invocation;
    check.command = Command::kCheck;
    check.tool.files = files;
    check.trace_patterns.reset();
    check.permission_trace.reset();
    check.permission_audit = false;
    check.os_sandbox = false;
    check.v8_flags.clear();
    return LeaveProcess(nullptr, Check(check, kind));
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return kExitError;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : kExitError;
}

}  // namespace rt::cli
