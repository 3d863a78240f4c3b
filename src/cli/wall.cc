#include "src/cli/wall.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "src/base/cache_names.h"
#include "src/base/make_folders.h"
#include "src/cli/cache_folder.h"
#include "src/cli/messages.h"
#include "src/module/specifier.h"
#include "src/op/tls_settings.h"
#include "src/permissions/os_sandbox.h"
#include "src/permissions/owned_fd.h"

namespace rt::cli {
namespace {

// Longer programs are taken to import something.
constexpr off_t kLongestScanned = 4 << 20;

// A program that nowhere has the words can have no second module, whatever they mean there.
bool MentionsModules(std::string_view text) {
  for (const std::string_view word : {"import", "export", "require", "Worker"}) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

bool LoadsModules(const Invocation& invocation, const RuntimeOptions& options,
                  const WalledProgram& program) {
  if (!invocation.preloads.empty()) return true;
  if (options.embedded) {
    const EmbeddedModule* main = options.embedded->Find(program.url, ModuleType::kJavaScript);
    return main == nullptr || MentionsModules(main->code);
  }
  if (program.text != nullptr) return MentionsModules(*program.text);
  const auto path = FileUrlToPath(program.url);
  // JSX brings its runtime's import.
  if (!path.ok() || path->ends_with("x")) return true;
  const OwnedFd fd(open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info;
  if (!fd || fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_size > kLongestScanned) {
    return true;
  }
  std::string text(static_cast<size_t>(info.st_size), '\0');
  const ssize_t size = read(fd.get(), text.data(), text.size());
  return size != info.st_size || MentionsModules(text);
}

// Its folder, and what counts for it in all folders above.
void AddProgramFolders(const std::string& url, bool loads_modules,
                       std::vector<std::string>& reads) {
  const auto path = FileUrlToPath(url);
  if (!path.ok()) return;
  std::string folder = path->substr(0, std::max<size_t>(path->rfind('/'), 1));
  if (folder == "/") {
    // A program there is not given the whole disk.
    reads.push_back(*path);
  } else {
    reads.push_back(folder);
  }
  for (;;) {
    const std::string base = folder == "/" ? "" : folder;
    reads.push_back(base + "/package.json");
    reads.push_back(base + "/deno.json");
    reads.push_back(base + "/deno.jsonc");
    reads.push_back(base + "/tsconfig.json");
    if (loads_modules) reads.push_back(base + "/node_modules");
    if (folder == "/") return;
    folder = folder.substr(0, std::max<size_t>(folder.rfind('/'), 1));
  }
}

void AddTlsFiles(const TlsSettings& tls, OsSandboxOptions& options) {
  for (const std::string& path : {tls.cert_file, tls.store_file, tls.store_dir, tls.extra_file}) {
    if (!path.empty()) options.reads.push_back(path);
  }
  if (tls.keylog.empty()) return;
  // The kernel's rules are for what is there.
  const OwnedFd made(open(tls.keylog.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600));
  options.writes.push_back(tls.keylog);
}

// What a program makes rt read and write in its cache folder, and no more: not what the check of
// types remembers, nor what was typed in the REPL. A program without other modules needs least.
void AddCacheFolders(const Invocation& invocation, bool loads_modules, const std::string& main_url,
                     OsSandboxOptions& wall) {
  const std::string cache = CacheFolder();
  if (cache.empty()) return;
  std::vector<std::string_view> written = {cache::kCode, cache::kStorage};
  const bool is_plain = main_url.ends_with(".js") || main_url.ends_with(".mjs");
  if (loads_modules || !is_plain) written.push_back(cache::kTranspiled);
  if (loads_modules) {
    const bool fetches = !invocation.cached_only && !invocation.no_remote;
    if (fetches) written.push_back(cache::kRemote);
    if (!fetches) wall.reads.push_back(cache::PathOf(cache, cache::kRemote));
    if (!invocation.no_npm) written.push_back(cache::kNpm);
  }
  for (const std::string_view name : written) {
    std::string folder = cache::PathOf(cache, name);
    if (MakeFolders(folder)) wall.writes.push_back(std::move(folder));
  }
  // Should rt crash.
  if (std::string crashes = cache::PathOf(cache, cache::kCrashes); MakeFolders(crashes)) {
    wall.writes.push_back(std::move(crashes));
  }
  // Where those who look at a program from outside wait for it, some day.
  std::string control = cache::PathOf(cache, cache::kControl);
  if (MakeFolders(control)) wall.reads.push_back(std::move(control));
}

// Once for a cache folder, that is once for a person; every time if nothing can be remembered.
bool FirstTime() {
  const std::string cache = CacheFolder();
  if (cache.empty() || !MakeFolders(cache)) return true;
  const std::string mark = cache + "/no_os_sandbox";
  const OwnedFd made(open(mark.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  return made.valid() || errno != EEXIST;
}

}  // namespace

void RaiseWall(const Invocation& invocation, const RuntimeOptions& options,
               const WalledProgram& program) {
  if (invocation.no_os_sandbox || invocation.permission_audit) return;
  if (!NeedsOsSandbox(options.permissions)) {
    if (invocation.os_sandbox && !invocation.quiet) {
      PrintWarning("--os-sandbox has nothing to do: " +
                   std::string(options.permissions[Perm::kRun].allow_all
                                   ? "any program may be started, and may do anything"
                                   : "everything is allowed"));
    }
    return;
  }
  OsSandboxOptions wall{.may_prompt = program.may_prompt, .lock_file = program.lock_file};
  wall.loads_modules = LoadsModules(invocation, options, program);
  const PermRules& imports = invocation.permissions[Perm::kImport];
  wall.loads_remote = imports.allow_all || !imports.allow_list.empty() ||
                      (wall.loads_modules && !invocation.cached_only &&
                       !(invocation.no_remote && invocation.no_npm));
  AddProgramFolders(program.url, wall.loads_modules, wall.reads);
  wall.reads.insert(wall.reads.end(), program.read_folders.begin(), program.read_folders.end());
  for (const std::string& url : options.preloads) {
    AddProgramFolders(url, wall.loads_modules, wall.reads);
  }
  for (const std::string& folder : program.write_folders) {
    if (MakeFolders(folder)) wall.writes.push_back(folder);
  }
  AddCacheFolders(invocation, wall.loads_modules, program.url, wall);
  AddTlsFiles(*options.run_info.tls, wall);
  const auto raised = RaiseOsSandbox(options.permissions, wall);
  if (raised.ok()) return;
  if (!invocation.os_sandbox && (invocation.quiet || !FirstTime())) return;
  PrintWarning("--os-sandbox: " + raised.error().message + "; only rt's own checks hold");
}

}  // namespace rt::cli
