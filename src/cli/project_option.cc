#include "src/cli/project_option.h"

#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/module/specifier.h"
#include "src/permissions/sinks.h"

namespace rt::cli {

Result<std::string> AbsolutePath(const std::string& path) {
  if (path.starts_with('/')) return path;
  RT_TRY(const std::string folder, CurrentDirectory());
  // Through a URL and back: that removes "." and "..".
  RT_TRY(const std::string url, ResolveMain("./" + path, folder));
  return FileUrlToPath(url);
}

std::optional<std::string> ProjectFolder(const std::string& main_url) {
  if (main_url.starts_with("npm:")) {
    auto folder = CurrentDirectory();
    if (!folder.ok()) return std::nullopt;
    return *folder == "/" ? "" : std::move(*folder);
  }
  auto path = FileUrlToPath(main_url);
  if (!path.ok()) return std::nullopt;
  return path->substr(0, path->rfind('/'));
}

namespace {

Result<std::optional<ProjectConfig>> LoadConfig(const Invocation& invocation,
                                                const std::string& main_url) {
  if (invocation.no_config) return std::optional<ProjectConfig>();
  if (invocation.config_path) {
    RT_TRY(const std::string path, AbsolutePath(*invocation.config_path));
    RT_TRY(ProjectConfig config, ReadProjectConfig(path));
    return std::optional<ProjectConfig>(std::move(config));
  }
  auto folder = ProjectFolder(main_url);
  if (!folder) return std::optional<ProjectConfig>();
  return FindProjectConfig(std::move(*folder));
}

Result<ImportMap> ReadImportMap(const std::string& path, std::vector<std::string>& warnings) {
  RT_TRY(const std::string text, ReadNamedText(path));
  auto json = ParseJson(text, JsonSyntax::kWithComments);
  if (!json.ok()) {
    return Error::Make(ErrorClass::kSyntaxError, path + ":" + json.error().message);
  }
  return ImportMap::Make(*json, PathToFileUrl(path), warnings);
}

Result<ImportMap> LoadImportMap(const Invocation& invocation,
                                const std::optional<ProjectConfig>& config,
                                std::vector<std::string>& warnings) {
  if (invocation.import_map_path) {
    RT_TRY(const std::string path, AbsolutePath(*invocation.import_map_path));
    return ReadImportMap(path, warnings);
  }
  if (!config) return ImportMap();
  const bool has_own = config->json.Find("imports") || config->json.Find("scopes");
  if (const Json* named = config->json.Find("importMap")) {
    if (!named->AsString()) {
      return Error::Type(config->path + ": \"importMap\" must be a string, not " +
                         std::string(named->KindName()));
    }
    if (!has_own) {
      RT_TRY(const std::string url,
             ResolveMain(*named->AsString(), config->folder.empty() ? "/" : config->folder));
      RT_TRY(const std::string path, FileUrlToPath(url));
      return ReadImportMap(path, warnings);
    }
    warnings.push_back(config->path +
                       ": \"importMap\" is ignored: \"imports\" or \"scopes\" are given");
  }
  if (!has_own) return ImportMap();
  auto map = ImportMap::Make(config->json, PathToFileUrl(config->path), warnings);
  if (!map.ok()) return Error::Type(config->path + ": " + map.error().message);
  map->ExpandPackages();
  return map;
}

}  // namespace

Result<Project> LoadProject(const Invocation& invocation, const std::string& main_url) {
  Project project;
  RT_TRY(project.config, LoadConfig(invocation, main_url));
  std::vector<std::string> warnings;
  if (project.config) warnings = project.config->warnings;
  RT_TRY(project.import_map, LoadImportMap(invocation, project.config, warnings));
  if (!invocation.quiet) {
    for (const std::string& warning : warnings) PrintWarning(warning);
  }
  return project;
}

}  // namespace rt::cli
