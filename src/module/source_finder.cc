#include "src/module/source_finder.h"

#include "src/module/npm/package_folders.h"
#include "src/module/specifier.h"

namespace rt {

SourceFinder::SourceFinder(OpHost& host, ImportMap import_map,
                           const std::optional<typescript::CompilerOptions>& compiler_options,
                           RemoteOptions remote)
    : tool_options_(remote),
      host_(host),
      resolver_(std::move(import_map)),
      remote_(host, std::move(remote)) {
  tool_options_.lock = nullptr;
  resolver_.SetCompilerOptions(compiler_options);
  resolver_.SetStore(&remote_.npm());
  sources_.SetStore(&remote_.npm());
}

Result<std::string> SourceFinder::Resolve(std::string_view specifier, const std::string& referrer) {
  RT_TRY(std::string url, resolver_.Resolve(specifier, referrer));
  const bool is_remote = referrer.starts_with("https:") || referrer.starts_with("http:");
  if (is_remote && url.starts_with("file:")) {
    return Error::Type("Remote modules are not allowed to import local modules: " + url);
  }
  return url;
}

Result<SourceFinder::Source> SourceFinder::LoadLocal(const std::string& url) {
  RT_TRY(ModuleSource loaded,
         sources_.Load(host_.permissions(), url, ModuleType::kJavaScript, ImportKind::kStatic));
  Source source{.url = url, .text = std::move(loaded.text), .type = loaded.type, .types = {}};
  source.media =
      loaded.media.value_or(typescript::MediaTypeOf(url.substr(0, url.find_first_of("?#"))));
  return source;
}

// Of another host, after it has ended.
Result<SourceFinder::Source> SourceFinder::Loaded(const std::string& url) {
  Result<RemoteModule>& loaded = *remote_.Find(url);
  if (!loaded.ok()) return Error(loaded.error());
  const RemoteModule& module = *loaded;
  RT_TRY(std::string text, module.is_wasm ? Result<std::string>(module.text) : module.Decoded());
  Source source{.url = module.url, .text = std::move(text), .types = module.types};
  source.type = module.is_json   ? ModuleType::kJson
                : module.is_wasm ? ModuleType::kWasm
                                 : ModuleType::kJavaScript;
  source.media = module.media;
  source.package = module.package;
  return source;
}

std::vector<Result<SourceFinder::Source>> SourceFinder::Load(const std::vector<std::string>& urls) {
  for (const std::string& url : urls) {
    if (RemoteModules::IsRemote(url)) remote_.Want(url);
  }
  const auto all_there = [&] {
    for (const std::string& url : urls) {
      if (RemoteModules::IsRemote(url) && !remote_.Find(url)) return false;
    }
    return true;
  };
  while (!all_there()) host_.loop().Poll(true);
  std::vector<Result<Source>> found;
  found.reserve(urls.size());
  for (const std::string& url : urls) {
    found.push_back(RemoteModules::IsRemote(url) ? Loaded(url) : LoadLocal(url));
  }
  remote_.TakeNews();
  remote_.ForgetEnded();
  return found;
}

Result<std::string> SourceFinder::LoadTool(const std::string& specifier,
                                           const std::string& integrity) {
  if (!tools_) tools_ = std::make_unique<RemoteModules>(host_, tool_options_);
  tools_->Want(specifier);
  while (!tools_->Find(specifier)) host_.loop().Poll(true);
  Result<RemoteModule>& loaded = *tools_->Find(specifier);
  if (!loaded.ok()) return Error(loaded.error());
  const std::string folder = loaded->package->folder;
  const auto kept = PackageFolders(tool_options_.folder).InstalledFrom(folder);
  if (!kept || kept->sha512 != integrity) {
    return Error::Make(ErrorClass::kError, "Integrity check failed for \"" + specifier +
                                               "\": the registry has another");
  }
  return folder;
}

std::optional<std::string> SourceFinder::PackageOf(const std::string& path) const {
  auto found = remote_.npm().PackageOf(path);
  return found || !tools_ ? found : tools_->npm().PackageOf(path);
}

std::optional<std::string> SourceFinder::FolderOf(const std::string& name,
                                                  const std::string& folder) const {
  auto found = remote_.npm().FolderOf(name, folder);
  return found || !tools_ ? found : tools_->npm().FolderOf(name, folder);
}

Result<std::optional<std::string>> SourceFinder::Published(const std::string& path,
                                                           std::optional<std::string> content) {
  const bool is_tool = tools_ && !remote_.npm().PackageOf(path);
  return (is_tool ? *tools_ : remote_).npm().Published(path, std::move(content));
}

}  // namespace rt
