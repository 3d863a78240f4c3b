#include "src/config/config_notes.h"

#include <algorithm>
#include <array>
#include <span>

#include "src/base/suggest.h"

namespace rt {
namespace {

// Deno's keys. Those of tools rt does not have (fmt, lint, publish) are accepted: they are not for
// us.
constexpr auto kKnownKeys = std::to_array<std::string_view>({
    "$schema",
    "allowScripts",
    "bench",
    "catalog",
    "catalogs",
    "compile",
    "compilerOptions",
    "deploy",
    "exclude",
    "exports",
    "fmt",
    "importMap",
    "imports",
    "license",
    "links",
    "lint",
    "lock",
    "minimumDependencyAge",
    "name",
    "nodeModulesDir",
    "nodeModulesLinker",
    "patch",
    "permissions",
    "publish",
    "scopes",
    "tasks",
    "test",
    "unstable",
    "vendor",
    "version",
    "workspace",
});

// Keys of the sections rt reads.
constexpr auto kFileKeys =
    std::to_array<std::string_view>({"exclude", "files", "include", "permissions"});
constexpr auto kLockKeys = std::to_array<std::string_view>({"frozen", "path"});
constexpr auto kTaskKeys = std::to_array<std::string_view>(
    {"command", "dependencies", "description", "env", "files", "output"});

// TypeScript's, whether or not they mean anything to rt.
constexpr auto kCompilerKeys = std::to_array<std::string_view>({
    "allowArbitraryExtensions",
    "allowImportingTsExtensions",
    "allowJs",
    "allowSyntheticDefaultImports",
    "allowUmdGlobalAccess",
    "allowUnreachableCode",
    "allowUnusedLabels",
    "alwaysStrict",
    "assumeChangesOnlyAffectDirectDependencies",
    "baseUrl",
    "charset",
    "checkJs",
    "composite",
    "customConditions",
    "declaration",
    "declarationDir",
    "declarationMap",
    "diagnostics",
    "disableReferencedProjectLoad",
    "disableSizeLimit",
    "disableSolutionSearching",
    "disableSourceOfProjectReferenceRedirect",
    "downlevelIteration",
    "emitBOM",
    "emitDeclarationOnly",
    "emitDecoratorMetadata",
    "erasableSyntaxOnly",
    "esModuleInterop",
    "exactOptionalPropertyTypes",
    "experimentalDecorators",
    "explainFiles",
    "extendedDiagnostics",
    "forceConsistentCasingInFileNames",
    "generateCpuProfile",
    "generateTrace",
    "importHelpers",
    "importsNotUsedAsValues",
    "incremental",
    "inlineSourceMap",
    "inlineSources",
    "isolatedDeclarations",
    "isolatedModules",
    "jsx",
    "jsxFactory",
    "jsxFragmentFactory",
    "jsxImportSource",
    "jsxImportSourceTypes",
    "jsxPrecompileSkipElements",
    "keyofStringsOnly",
    "lib",
    "libReplacement",
    "listEmittedFiles",
    "listFiles",
    "mapRoot",
    "maxNodeModuleJsDepth",
    "module",
    "moduleDetection",
    "moduleResolution",
    "moduleSuffixes",
    "newLine",
    "noCheck",
    "noEmit",
    "noEmitHelpers",
    "noEmitOnError",
    "noErrorTruncation",
    "noFallthroughCasesInSwitch",
    "noImplicitAny",
    "noImplicitOverride",
    "noImplicitReturns",
    "noImplicitThis",
    "noImplicitUseStrict",
    "noLib",
    "noPropertyAccessFromIndexSignature",
    "noResolve",
    "noStrictGenericChecks",
    "noUncheckedIndexedAccess",
    "noUncheckedSideEffectImports",
    "noUnusedLocals",
    "noUnusedParameters",
    "out",
    "outDir",
    "outFile",
    "paths",
    "plugins",
    "preserveConstEnums",
    "preserveSymlinks",
    "preserveValueImports",
    "preserveWatchOutput",
    "pretty",
    "reactNamespace",
    "removeComments",
    "resolveJsonModule",
    "resolvePackageJsonExports",
    "resolvePackageJsonImports",
    "rewriteRelativeImportExtensions",
    "rootDir",
    "rootDirs",
    "skipDefaultLibCheck",
    "skipLibCheck",
    "sourceMap",
    "sourceRoot",
    "stableTypeOrdering",
    "strict",
    "strictBindCallApply",
    "strictBuiltinIteratorReturn",
    "strictFunctionTypes",
    "strictNullChecks",
    "strictPropertyInitialization",
    "stripInternal",
    "suppressExcessPropertyErrors",
    "suppressImplicitAnyIndexErrors",
    "target",
    "traceResolution",
    "tsBuildInfoFile",
    "typeRoots",
    "types",
    "useDefineForClassFields",
    "useUnknownInCatchVariables",
    "verbatimModuleSyntax",
});

// What a value may be. Not here: what is an error for whoever reads it.
enum Kind : uint8_t { kBool = 1, kString = 2, kObject = 4, kList = 8, kStrings = 16 };
struct KeyType {
  std::string_view key;  // "test.include": of a section
  uint8_t kinds;
  std::string_view expected;
};
constexpr auto kTypes = std::to_array<KeyType>({
    {"bench", kObject, "an object"},
    {"exclude", kStrings, "a list of strings"},
    {"exports", kString | kObject, "a string or an object"},
    {"links", kStrings, "a list of strings"},
    {"lock", kBool | kString | kObject, "true, false, a path or an object"},
    {"name", kString, "a string"},
    {"permissions", kObject, "an object"},
    {"tasks", kObject, "an object"},
    {"test", kObject, "an object"},
    {"unstable", kStrings, "a list of strings"},
    {"vendor", kBool, "true or false"},
    {"version", kString, "a string"},
    {"workspace", kList | kObject, "a list or an object"},
    {"bench.exclude", kStrings, "a list of strings"},
    {"bench.include", kStrings, "a list of strings"},
    {"lock.frozen", kBool, "true or false"},
    {"lock.path", kString, "a string"},
    {"test.exclude", kStrings, "a list of strings"},
    {"test.include", kStrings, "a list of strings"},
});

bool Fits(const Json& value, uint8_t kinds) {
  const Json::Array* list = value.AsArray();
  const bool has_strings = list && std::all_of(list->begin(), list->end(), [](const Json& item) {
                             return item.AsString() != nullptr;
                           });
  return ((kinds & kBool) && value.AsBool()) || ((kinds & kString) && value.AsString()) ||
         ((kinds & kObject) && value.AsObject()) || ((kinds & kList) && list) ||
         ((kinds & kStrings) && has_strings);
}

void NoteWrong(ProjectConfig& config, std::string_view key, std::string_view expected,
               const Json& value) {
  const std::string kind(value.KindName());
  const std::string named = value.AsArray()    ? "such a list"
                            : value.AsObject() ? "an object"
                            : kind == "null"   ? kind
                                               : "a " + kind;
  config.warnings.push_back(config.path + ": \"" + std::string(key) + "\" must be " +
                            std::string(expected) + ", not " + named);
}

void NoteTypes(ProjectConfig& config) {
  for (const KeyType& type : kTypes) {
    const size_t dot = type.key.find('.');
    const Json* value = config.json.Find(type.key.substr(0, dot));
    if (value && dot != std::string_view::npos) {
      value = value->AsObject() ? value->Find(type.key.substr(dot + 1)) : nullptr;
    }
    if (value && !Fits(*value, type.kinds)) NoteWrong(config, type.key, type.expected, *value);
  }
  const Json* modules = config.json.Find("nodeModulesDir");
  if (modules && !modules->AsBool()) {
    constexpr std::string_view kExpected = "\"auto\", \"manual\", \"none\", true or false";
    const std::string* mode = modules->AsString();
    if (!mode) {
      NoteWrong(config, "nodeModulesDir", kExpected, *modules);
    } else if (*mode != "auto" && *mode != "manual" && *mode != "none") {
      config.warnings.push_back(config.path + ": \"nodeModulesDir\" must be " +
                                std::string(kExpected) + ", not " + QuoteJson(*mode));
    }
  }
  if (const Json* tasks = config.json.Find("tasks"); tasks && tasks->AsObject()) {
    for (const auto& [name, task] : *tasks->AsObject()) {
      if (!Fits(task, kString | kObject)) {
        NoteWrong(config, "tasks." + name, "a command or an object", task);
      }
    }
  }
}

// One line for each key of `json` that is not among `known`; `where` as in "tasks.build.".
void NoteUnknown(ProjectConfig& config, const Json& json, const std::string& where,
                 std::span<const std::string_view> known) {
  if (!json.AsObject()) return;
  for (const auto& [key, value] : *json.AsObject()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string line = config.path + ": unknown key \"" + where + key + "\"";
    if (const auto nearest = Nearest(key, known)) {
      line += "; did you mean \"" + where + std::string(*nearest) + "\"?";
    }
    config.warnings.push_back(std::move(line));
  }
}

void NoteKeys(ProjectConfig& config) {
  const Json& json = config.json;
  NoteUnknown(config, json, "", kKnownKeys);
  for (const char* name : {"test", "bench"}) {
    const Json* section = json.Find(name);
    if (section) NoteUnknown(config, *section, name + std::string("."), kFileKeys);
  }
  if (const Json* lock = json.Find("lock")) NoteUnknown(config, *lock, "lock.", kLockKeys);
  if (const Json* tasks = json.Find("tasks"); tasks && tasks->AsObject()) {
    for (const auto& [name, task] : *tasks->AsObject()) {
      NoteUnknown(config, task, "tasks." + name + ".", kTaskKeys);
    }
  }
  if (const Json* options = json.Find("compilerOptions")) {
    NoteUnknown(config, *options, "compilerOptions.", kCompilerKeys);
  }
  const Json* unstable = json.Find("unstable");
  if (unstable && unstable->AsArray() && !unstable->AsArray()->empty()) {
    config.warnings.push_back(config.path +
                              ": \"unstable\" is ignored; what rt has needs no such flag");
  }
}

}  // namespace

void NoteConfig(ProjectConfig& config) {
  NoteKeys(config);
  NoteTypes(config);
}

}  // namespace rt
