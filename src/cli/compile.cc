// rt compile: a program, what it imports and what it needs besides, in a copy of this executable.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/compile/assets.h"
#include "src/cli/compile/payload.h"
#include "src/cli/graph.h"
#include "src/cli/messages.h"
#include "src/cli/project_option.h"
#include "src/cli/sizes.h"
#include "src/engine/strings.h"
#include "src/module/specifier.h"

namespace rt::cli {
namespace {

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
  for (const char* extension : {".js", ".mjs", ".ts", ".mts", ".tsx", ".jsx"}) {
    if (path.ends_with(extension)) return true;
  }
  return false;
}

// What both begin with, up to a "/".
std::string CommonFolder(const std::string& a, const std::string& b) {
  const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return FolderOf(a.substr(0, static_cast<size_t>(end - a.begin())));
}

// V8's cache of a module, compiled whole: the functions it will call are ready, too.
std::string MakeCodeCache(v8::Isolate* isolate, const std::string& url, const std::string& code) {
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  v8::Local<v8::String> text;
  if (!TryToV8String(isolate, code).ToLocal(&text)) return {};
  v8::ScriptOrigin origin(ToV8String(isolate, url), 0, 0, false, -1, {}, false, false, true);
  v8::ScriptCompiler::Source source(text, origin);
  v8::Local<v8::Module> module;
  if (!v8::ScriptCompiler::CompileModule(isolate, &source, v8::ScriptCompiler::kEagerCompile)
           .ToLocal(&module)) {
    return {};
  }
  const std::unique_ptr<v8::ScriptCompiler::CachedData> data(
      v8::ScriptCompiler::CreateCodeCache(module->GetUnboundModuleScript()));
  if (!data) return {};
  return std::string(reinterpret_cast<const char*>(data->data), static_cast<size_t>(data->length));
}

class Compiler {
 public:
  explicit Compiler(const Invocation& invocation) : invocation_(invocation) {}

  int Run() {
    if (auto failed = CheckFlags()) return *failed;
    if (auto failed = Collect()) return *failed;
    if (auto failed = LoadGraph(invocation_, roots_, {.keep_text = true}, &loaded_)) {
      return Leave(*failed);
    }
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
    if (invocation_.permission_set) return NotThere("-P");
    if (!invocation_.env_files.empty()) return NotThere("--env-file");
    if (invocation_.trace_patterns) return NotThere("--trace-ops");
    if (invocation_.permission_trace) return NotThere("--permission-trace");
    if (invocation_.permission_audit) return NotThere("--permission-audit");
    if (invocation_.media_type) return NotThere("--ext");
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

  // The folder that all files are in becomes the program's own.
  void FindRoot() {
    std::optional<std::string> common;
    const auto see = [&](const std::string& path) {
      common = common ? CommonFolder(*common, path) : FolderOf(path);
    };
    for (const GraphModule& module : loaded_.graph.modules) {
      if (module.url.starts_with("file:")) see(module.local);
    }
    for (const AssetFile& asset : assets_) see(asset.path);
    root_ = common.value_or("/");
    root_url_ = PathToFileUrl(root_);
  }

  std::string Relative(const std::string& url) const {
    return url.starts_with(root_url_) ? "./" + url.substr(root_url_.size()) : url;
  }

  std::optional<int> Fill() {
    v8::Isolate* isolate = loaded_.runtime->isolate();
    const v8::HandleScope handles(isolate);
    payload_.name = DefaultName(roots_[0]);
    const Graph& graph = loaded_.graph;
    const GraphModule* main = graph.Find(roots_[0], ModuleType::kJavaScript);
    payload_.main = Relative(main ? main->url : roots_[0]);
    caches_.reserve(graph.modules.size());
    for (const GraphModule& module : graph.modules) {
      if (module.url.starts_with("node:") || module.url.starts_with("data:")) continue;
      if (module.is_common_js) {
        return PrintError("not implemented: a CommonJS module in a compiled program: " + module.url,
                          kExitError);
      }
      const bool is_code = module.type == ModuleType::kJavaScript;
      caches_.push_back(is_code ? MakeCodeCache(isolate, module.url, module.code) : "");
      const std::string_view source = module.source;
      payload_.modules.push_back(
          {.url = Relative(module.url),
           .type = module.type,
           .code = module.code,
           .map = module.map,
           .code_cache = caches_.back(),
           .source = source.substr(0, module.map.empty() ? 0 : source.size())});
      for (const GraphModule::Link& link : module.links) {
        if (link.missing) continue;
        const GraphModule* target = graph.Find(link.url, link.type);
        payload_.links.push_back(
            {Relative(module.url), link.specifier, Relative(target ? target->url : link.url)});
      }
    }
    for (const AssetFile& asset : assets_) {
      payload_.assets.push_back({.path = asset.path.substr(root_.size()),
                                 .content = asset.content,
                                 .executable = asset.executable});
    }
    payload_.invocation = invocation_;
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
  std::vector<std::string> caches_;
  Payload payload_;
};

}  // namespace

int CompileCommand(const Invocation& invocation) {
  return Compiler(invocation).Run();
}

}  // namespace rt::cli
