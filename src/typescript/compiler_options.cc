#include "src/typescript/compiler_options.h"

#include <algorithm>
#include <string_view>

#include "src/base/join_path.h"

namespace rt::typescript {
namespace {

Error Wrong(std::string_view name, std::string_view expected, const Json& value) {
  return Error::Type("compilerOptions." + std::string(name) + " must be " + std::string(expected) +
                     ", not " + std::string(value.KindName()));
}

Result<void> TakeText(const Json& options, std::string_view name, std::string* text) {
  const Json* value = options.Find(name);
  if (!value || value->IsNull()) return {};
  if (!value->AsString()) return Wrong(name, "a string", *value);
  *text = *value->AsString();
  return {};
}

Result<void> TakeBool(const Json& options, std::string_view name, bool* flag) {
  const Json* value = options.Find(name);
  if (!value || value->IsNull()) return {};
  if (!value->AsBool()) return Wrong(name, "true or false", *value);
  *flag = *value->AsBool();
  return {};
}

Result<std::vector<PathMapping>> ReadPaths(const Json& paths, const std::string& folder) {
  const auto stars = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '*');
  };
  if (!paths.AsObject()) return Wrong("paths", "an object", paths);
  std::vector<PathMapping> mappings;
  for (const auto& [pattern, targets] : *paths.AsObject()) {
    const std::string name = "paths[" + QuoteJson(pattern) + "]";
    if (!targets.AsArray()) return Wrong(name, "an array of strings", targets);
    PathMapping mapping{.pattern = pattern, .targets = {}};
    bool has_too_many = stars(pattern) > 1;
    for (const Json& target : *targets.AsArray()) {
      if (!target.AsString()) return Wrong(name, "an array of strings", target);
      has_too_many = has_too_many || stars(*target.AsString()) > 1;
      mapping.targets.push_back(JoinPath(folder, *target.AsString()));
    }
    if (has_too_many) return Error::Type("compilerOptions." + name + " has more than one \"*\"");
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

}  // namespace

Result<void> CompilerOptions::Apply(const Json& options, const std::string& folder) {
  if (!options.AsObject()) return Error::Type("compilerOptions must be an object");
  std::string mode;
  RT_TRY_VOID(TakeText(options, "jsx", &mode));
  for (char& c : mode) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (mode == "react") {
    jsx = Jsx::kReact;
  } else if (mode == "react-jsx" || mode == "precompile") {
    jsx = Jsx::kReactJsx;
  } else if (mode == "react-jsxdev") {
    jsx = Jsx::kReactJsxDev;
  } else if (mode == "preserve" || mode == "react-native") {
    return Error::Type(
        "compilerOptions.jsx \"" + mode +
        "\" leaves JSX as it is, which cannot be run; use \"react-jsx\" or \"react\"");
  } else if (!mode.empty()) {
    return Error::Type("compilerOptions.jsx \"" + mode +
                       "\" is not known (react, react-jsx, react-jsxdev, precompile)");
  }
  RT_TRY_VOID(TakeText(options, "jsxImportSource", &jsx_import_source));
  RT_TRY_VOID(TakeText(options, "jsxFactory", &jsx_factory));
  RT_TRY_VOID(TakeText(options, "jsxFragmentFactory", &jsx_fragment_factory));
  RT_TRY_VOID(TakeBool(options, "experimentalDecorators", &experimental_decorators));
  RT_TRY_VOID(TakeBool(options, "emitDecoratorMetadata", &emit_decorator_metadata));
  RT_TRY_VOID(TakeBool(options, "verbatimModuleSyntax", &verbatim_module_syntax));
  RT_TRY_VOID(TakeBool(options, "useDefineForClassFields", &define_class_fields));
  std::string base;
  RT_TRY_VOID(TakeText(options, "baseUrl", &base));
  if (const Json* given = options.Find("paths"); given && !given->IsNull()) {
    RT_TRY(paths, ReadPaths(*given, JoinPath(folder, base)));
    paths_folder = folder;
  }
  return {};
}

std::string CompilerOptions::ToJson() const {
  // Numbers are TypeScript's enums: JsxEmit, ModuleKind.ESNext, ScriptTarget.ES2022 (with
  // decorators and `accessor` turned into what V8 runs), ModuleDetectionKind.Force.
  std::string json =
      "{\"module\":99,\"target\":9,\"moduleDetection\":3,\"sourceMap\":true,\"isolatedModules\":"
      "true";
  auto text = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json += ",\"" + std::string(name) + "\":" + QuoteJson(value);
  };
  auto flag = [&](std::string_view name, bool value) {
    json += ",\"" + std::string(name) + (value ? "\":true" : "\":false");
  };
  json += jsx == Jsx::kReact ? ",\"jsx\":2" : jsx == Jsx::kReactJsx ? ",\"jsx\":4" : ",\"jsx\":5";
  if (jsx != Jsx::kReact) text("jsxImportSource", jsx_import_source);
  if (jsx == Jsx::kReact) {
    text("jsxFactory", jsx_factory);
    text("jsxFragmentFactory", jsx_fragment_factory);
  }
  flag("experimentalDecorators", experimental_decorators);
  flag("emitDecoratorMetadata", emit_decorator_metadata);
  flag("verbatimModuleSyntax", verbatim_module_syntax);
  flag("useDefineForClassFields", define_class_fields);
  return json + "}";
}

}  // namespace rt::typescript
