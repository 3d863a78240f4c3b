// rt compile: a program, what it imports and what it needs besides, in a copy of this executable.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <set>

#include "src/base/cache_names.h"
#include "src/base/output.h"
#include "src/cli/cache_folder.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/compile/assets.h"
#include "src/cli/compile/payload.h"
#include "src/cli/graph.h"
#include "src/cli/messages.h"
#include "src/cli/permission_set.h"
#include "src/cli/project_option.h"
#include "src/cli/sizes.h"
#include "src/config/env_file.h"
#include "src/config/project.h"
#include "src/engine/strings.h"
#include "src/module/common_js.h"
#include "src/module/specifier.h"

namespace rt::cli {
namespace {

// Where registries' packages are in the executable; no folder of a project is called so.
constexpr char kPackages[] = "./npm~/";

std::string FolderOf(const std::string& path) {
  return path.substr(0, path.rfind('/') + 1);  // with the "/" at its end
}

std::string StemOf(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  if (const size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
  return name;
}

// As Deno names executables: "main.ts" says nothing, its folder does.
std::string DefaultName(const std::string& main_url) {
  std::string path = main_url.substr(0, main_url.find_first_of("?#"));
  while (path.ends_with('/')) path.pop_back();
  std::string name = StemOf(path);
  if (name == "main" || name == "mod" || name == "index" || name == "cli") {
    const std::string folder = FolderOf(path);
    const std::string above = folder.size() > 1 ? StemOf(folder.substr(0, folder.size() - 1)) : "";
    if (!above.empty()) name = above;
  }
  const bool is_plain = name.find_first_of("%:") == std::string::npos;
  return name.empty() || !is_plain ? "a.out" : name;
}

bool IsCode(const std::string& path) {
  for (const char* extension : {".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"}) {
    if (path.ends_with(extension)) return true;
  }
  return false;
}

// What both begin with, up to a "/".
std::string CommonFolder(const std::string& a, const std::string& b) {
  const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return FolderOf(a.substr(0, static_cast<size_t>(end - a.begin())));
}

std::string TextOf(const v8::ScriptCompiler::CachedData* made) {
  const std::unique_ptr<const v8::ScriptCompiler::CachedData> data(made);
  if (!data) return {};
  return std::string(reinterpret_cast<const char*>(data->data), static_cast<size_t>(data->length));
}

// V8's cache of a module, compiled whole: the functions it will call are ready, too.
std::string MakeCodeCache(v8::Isolate* isolate, v8::Local<v8::Context> context,
                          const GraphModule& module) {
  const std::string& url = module.url;
  const std::string& code = module.code;
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  if (module.is_common_js) {
    v8::Local<v8::Function> function;
    if (!CompileCommonJsWith(context, url, code, nullptr, v8::ScriptCompiler::kEagerCompile)
             .ToLocal(&function)) {
      return {};
    }
    return TextOf(v8::ScriptCompiler::CreateCodeCacheForFunction(function));
  }
  v8::Local<v8::String> text;
  if (!TryToV8String(isolate, code).ToLocal(&text)) return {};
  v8::ScriptOrigin origin(ToV8String(isolate, url), 0, 0, false, -1, {}, false, false, true);
  v8::ScriptCompiler::Source source(text, origin);
  v8::Local<v8::Module> compiled;
  if (!v8::ScriptCompiler::CompileModule(isolate, &source, v8::ScriptCompiler::kEagerCompile)
           .ToLocal(&compiled)) {
    return {};
  }
  return TextOf(v8::ScriptCompiler::CreateCodeCache(compiled->GetUnboundModuleScript()));
}

class Compiler {
 public:
  explicit Compiler(const Invocation& invocation) : invocation_(invocation) {}

  int Run() {
    if (auto failed = CheckFlags()) return *failed;
    if (auto failed = Collect()) return *failed;
    if (auto failed = ReadVariables()) return *failed;
    // The graph is loaded with the user's own rights; the set is the executable's.
    Invocation loading = invocation_;
    loading.permission_set.reset();
    // So are the limits.
    loading.max_time_ms = 0;
    loading.max_cpu_ms = 0;
    loading.max_memory = 0;
    const GraphOptions options{.keep_text = true, .follow_requires = true};
    if (auto failed = LoadGraph(loading, roots_, options, &loaded_)) return Leave(*failed);
    FindRoot();
    if (auto failed = Fill()) return Leave(*failed);
    return Leave(Write());
  }

 private:
  int Leave(int code) {
    return loaded_.runtime ? LeaveProcess(std::move(loaded_.runtime), code) : code;
  }

  static int NotThere(const char* flag) {
    return PrintError(std::string("not implemented: ") + flag + " with rt compile", kExitUsage);
  }

  std::optional<int> CheckFlags() const {
    if (IsCompiled()) return PrintError("this is a compiled program, not rt", kExitError);
    if (invocation_.trace_patterns) return NotThere("--trace-ops");
    if (invocation_.permission_trace) return NotThere("--permission-trace");
    if (invocation_.permission_audit) return NotThere("--permission-audit");
    return std::nullopt;
  }

  std::optional<int> Collect() {
    std::vector<std::string> files = {invocation_.operand};
    std::vector<std::string> excluded;
    for (const std::string& path : invocation_.tool.exclude) {
      auto absolute = AbsolutePath(path);
      if (!absolute.ok()) return PrintError(absolute.error().message, kExitError);
      while (absolute->size() > 1 && absolute->ends_with('/')) absolute->pop_back();
      excluded.push_back(*absolute);
    }
    for (const std::string& path : invocation_.tool.include) {
      if (path.find("://") != std::string::npos) {
        files.push_back(path);
        continue;
      }
      auto absolute = AbsolutePath(path);
      if (!absolute.ok()) return PrintError(absolute.error().message, kExitError);
      while (absolute->size() > 1 && absolute->ends_with('/')) absolute->pop_back();
      struct stat info;
      if (IsCode(*absolute) && stat(absolute->c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
        files.push_back(*absolute);
        continue;
      }
      if (auto collected = CollectAssets(*absolute, excluded, assets_); !collected.ok()) {
        return PrintError("--include: " + collected.error().message, kExitError);
      }
    }
    return ResolveRoots(files, &roots_);
  }

  // What --env-file says becomes the executable's. As for `rt run`: of two files the first wins.
  std::optional<int> ReadVariables() {
    for (const std::string& file : invocation_.env_files) {
      const auto failed = [&](const Error& error) {
        return PrintError("--env-file=" + file + ": " + error.message, kExitError);
      };
      auto text = ReadConfigText(file);
      if (!text.ok()) return failed(text.error());
      if (!*text) {
        PrintWarning("--env-file: there is no file \"" + file + "\"");
        continue;
      }
      const auto lookup = [&](const std::string& name) -> std::optional<std::string> {
        for (const auto& [known, value] : payload_.variables) {
          if (known == name) return value;
        }
        const char* value = getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      };
      auto variables = ParseEnvFile(**text, lookup);
      if (!variables.ok()) return failed(variables.error());
      payload_.variables.insert(payload_.variables.end(), variables->begin(), variables->end());
      if (!invocation_.quiet) {
        PrintWarning("--env-file: the executable carries the variables of \"" + file +
                     "\", and everybody who has it can read them");
      }
    }
    return std::nullopt;
  }

  // The folder that all files are in becomes the program's own.
  void FindRoot() {
    if (const std::string folder = CacheFolder(); !folder.empty()) {
      packages_url_ = PathToFileUrl(cache::PathOf(folder, cache::kNpm) + "/");
    }
    std::optional<std::string> common;
    const auto see = [&](const std::string& path) {
      common = common ? CommonFolder(*common, path) : FolderOf(path);
    };
    for (const GraphModule& module : loaded_.graph.modules) {
      if (module.url.starts_with("file:") && !IsOfPackage(module.url)) see(module.local);
    }
    for (const AssetFile& asset : assets_) see(asset.path);
    root_ = common.value_or("/");
    root_url_ = PathToFileUrl(root_);
  }

  // A file of a registry's package. (The cache folder is no part of the project.)
  bool IsOfPackage(const std::string& url) const {
    return !packages_url_.empty() && url.starts_with(packages_url_);
  }

  std::string Relative(const std::string& url) const {
    if (IsOfPackage(url)) return kPackages + url.substr(packages_url_.size());
    return url.starts_with(root_url_) ? "./" + url.substr(root_url_.size()) : url;
  }

  std::optional<int> Fill() {
    v8::Isolate* isolate = loaded_.runtime->isolate();
    const v8::HandleScope handles(isolate);
    const v8::Local<v8::Context> context = loaded_.runtime->v8_context();
    const v8::Context::Scope scope(context);
    payload_.name = DefaultName(roots_[0]);
    const Graph& graph = loaded_.graph;
    const GraphModule* main = graph.Find(roots_[0], ModuleType::kJavaScript);
    payload_.main = Relative(main ? main->url : roots_[0]);
    caches_.reserve(graph.modules.size());
    for (const GraphModule& module : graph.modules) {
      if (module.url.starts_with("node:") || module.url.starts_with("data:")) continue;
      const bool is_code = module.type == ModuleType::kJavaScript;
      caches_.push_back(is_code ? MakeCodeCache(isolate, context, module) : "");
      const std::string_view source = module.source;
      payload_.modules.push_back(
          {.url = Relative(module.url),
           .type = module.type,
           .code = module.code,
           .map = module.map,
           .code_cache = caches_.back(),
           .source = source.substr(0, module.map.empty() ? 0 : source.size()),
           .is_common_js = module.is_common_js});
      for (const GraphModule::Link& link : module.links) {
        if (link.missing) continue;
        const GraphModule* target = graph.Find(link.url, link.type);
        (link.required ? payload_.required : payload_.links)
            .push_back(
                {Relative(module.url), link.specifier, Relative(target ? target->url : link.url)});
      }
    }
    for (const AssetFile& asset : assets_) {
      payload_.assets.push_back({.path = asset.path.substr(root_.size()),
                                 .content = asset.content,
                                 .executable = asset.executable});
    }
    payload_.invocation = invocation_;
    if (invocation_.permission_set) {
      auto added = AddPermissionSet(loaded_.setup.config, *invocation_.permission_set,
                                    payload_.invocation.permissions);
      if (!added.ok()) return PrintError(added.error().message, kExitUsage);
    }
    return std::nullopt;
  }

  int Write() {
    const std::string named = invocation_.tool.output;
    std::string output = named.empty() ? payload_.name : named;
    struct stat info;
    if (output.ends_with('/') || (stat(output.c_str(), &info) == 0 && S_ISDIR(info.st_mode))) {
      if (named.empty()) {
        return PrintError("there is a folder called " + output +
                              " here: name the executable with "
                              "--output",
                          kExitError);
      }
      output += (output.ends_with('/') ? "" : "/") + payload_.name;
    }
    // Nothing is lost but what compiling made: a mistyped --output may name a source.
    if (lstat(output.c_str(), &info) == 0 && !(S_ISREG(info.st_mode) && info.st_size == 0) &&
        !LooksCompiled(output)) {
      return PrintError("will not overwrite " + output +
                            ": it is no executable that rt compile made. Remove it, or name "
                            "another with --output",
                        kExitError);
    }
    auto written = WriteExecutable(output);
    if (!written.ok()) return PrintError(written.error().message, kExitError);
    if (!invocation_.quiet) {
      uint64_t assets = 0;
      for (const AssetFile& asset : assets_) assets += asset.content.size();
      WriteFully(STDERR_FILENO, "Compile " + roots_[0] + " to " + output + "\n" +
                                    std::to_string(payload_.modules.size()) + " modules, " +
                                    std::to_string(assets_.size()) + " files (" + SizeText(assets) +
                                    "); " + SizeText(*written) + " more than rt itself\n");
    }
    return kExitOk;
  }

  // How many bytes it added.
  Result<uint64_t> WriteExecutable(const std::string& output) const {
    const int own = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (own < 0) return Error::FromErrno(errno, "open", "/proc/self/exe");
    struct stat info;
    const bool known = fstat(own, &info) == 0;
    const auto size = known ? static_cast<size_t>(info.st_size) : 0;
    // A private copy: what is written to it stays in memory, page by page.
    void* mapped =
        size > 0 ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, own, 0) : MAP_FAILED;
    close(own);
    if (mapped == MAP_FAILED) return Error::FromErrno(errno, "mmap", "/proc/self/exe");
    RT_TRY_VOID(MarkExecutable(static_cast<char*>(mapped), size));
    const std::string payload = WritePayload(payload_, size);
    // Under another name first: nobody starts half an executable.
    std::string temporary = output + ".XXXXXX";
    const int fd = mkostemp(temporary.data(), O_CLOEXEC);
    if (fd < 0) return Error::FromErrno(errno, "open", output);
    const mode_t mask = umask(0);
    umask(mask);
    const bool written = WriteFully(fd, {static_cast<const char*>(mapped), size}) &&
                         WriteFully(fd, payload) && fchmod(fd, 0777 & ~mask) == 0;
    const int write_error = errno;
    close(fd);
    munmap(mapped, size);
    if (written && rename(temporary.c_str(), output.c_str()) == 0) return payload.size();
    const int error = written ? errno : write_error;
    unlink(temporary.c_str());
    return Error::FromErrno(error, written ? "rename" : "write", output);
  }

  const Invocation& invocation_;
  std::vector<std::string> roots_;
  std::vector<AssetFile> assets_;
  LoadedGraph loaded_;
  std::string root_;  // with "/" at its end
  std::string root_url_;
  std::string packages_url_;  // the same, of registries' packages; empty: there are none
  std::vector<std::string> caches_;
  Payload payload_;
};

}  // namespace

int CompileCommand(const Invocation& invocation) {
  return Compiler(invocation).Run();
}

}  // namespace rt::cli
