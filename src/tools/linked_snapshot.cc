// The snapshot, the source text it refers to, and TypeScript's transpiler, as the assembler
// included them.
#include "src/runtime/builtins.h"
#include "src/runtime/snapshot.h"
#include "src/typescript/fallback/fallback.h"

extern "C" const char rt_snapshot_data[];
extern "C" const char rt_snapshot_end[];
extern "C" const char rt_builtins_data[];
extern "C" const char rt_builtins_end[];
extern "C" const char rt_testing_data[];
extern "C" const char rt_testing_end[];
extern "C" const char rt_lazy_sqlite_data[];
extern "C" const char rt_lazy_sqlite_end[];
extern "C" const char rt_lazy_inspector_data[];
extern "C" const char rt_lazy_inspector_end[];
extern "C" const char rt_repl_data[];
extern "C" const char rt_repl_end[];
extern "C" const char rt_typescript_data[];
extern "C" const char rt_typescript_end[];
extern "C" const char rt_typescript_cache_data[];
extern "C" const char rt_typescript_cache_end[];
extern "C" const char rt_own_types_data[];
extern "C" const char rt_own_types_end[];
extern "C" const char rt_language_types_data[];
extern "C" const char rt_language_types_end[];
extern "C" const char rt_checker_data[];
extern "C" const char rt_checker_end[];

namespace rt {

const v8::StartupData* BuiltinSnapshot() {
  static const v8::StartupData kBlob{rt_snapshot_data,
                                     static_cast<int>(rt_snapshot_end - rt_snapshot_data)};
  return &kBlob;
}

BuiltinSourceText* BuiltinSource() {
  static BuiltinSourceText text(rt_builtins_data,
                                static_cast<size_t>(rt_builtins_end - rt_builtins_data));
  return &text;
}

LazyBundle FindLazyBundle(std::string_view name) {
  if (name == "sqlite") return {"sqlite", {rt_lazy_sqlite_data, rt_lazy_sqlite_end}};
  if (name == "inspector") return {"inspector", {rt_lazy_inspector_data, rt_lazy_inspector_end}};
  return {};
}

LazyBundle TestingBundle() {
  return {"testing", {rt_testing_data, rt_testing_end}};
}

LazyBundle ReplBundle() {
  return {"repl", {rt_repl_data, rt_repl_end}};
}

std::string_view OwnTypesArchive() {
  return {rt_own_types_data, rt_own_types_end};
}

std::string_view LanguageTypesArchive() {
  return {rt_language_types_data, rt_language_types_end};
}

std::string_view CheckerText() {
  return {rt_checker_data, rt_checker_end};
}

const typescript::EmbeddedTypeScript* typescript::BuiltinTypeScript() {
  static const EmbeddedTypeScript kTypeScript{{rt_typescript_data, rt_typescript_end},
                                              {rt_typescript_cache_data, rt_typescript_cache_end}};
  return &kTypeScript;
}

}  // namespace rt
