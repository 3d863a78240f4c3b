#include "src/module/module_map.h"
#include "src/module/modules.h"
#include "src/module/specifier.h"
#include "src/op/op.h"

namespace rt {
namespace {

Result<std::string> op_modules_resolve_required(OpContext& cx, std::string specifier,
                                                std::string path, bool own) {
  return ModuleMap::From(cx.isolate()).ResolveRequired(specifier, path, own);
}

v8::MaybeLocal<v8::Array> op_modules_load_required(OpContext& cx, std::string path, bool evaluates,
                                                   bool own) {
  return ModuleMap::From(cx.isolate())
      .LoadRequired(cx.isolate()->GetCurrentContext(), path, evaluates, own);
}

Result<std::string> op_modules_file_path(OpContext&, std::string url) {
  return FileUrlToPath(url);
}

bool op_modules_is_stored(OpContext& cx, std::string path) {
  return ModuleMap::From(cx.isolate()).IsStoredFile(path);
}

constexpr std::array kOps = {
    RT_OP(op_modules_resolve_required,
          InBody<"looks for files outside the program's folders only with read", Perm::kRead>),
    RT_OP(op_modules_load_required,
          InBody<"reads code as import() does: outside the program's folders only with read",
                 Perm::kRead>),
    RT_OP(op_modules_is_stored, NoPerm<"tells whether a file is of a package the program has">),
    RT_OP(op_modules_file_path, NoPerm<"only looks at text">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension ModulesExtension() {
  return {.name = "modules", .ops = kOps};
}

}  // namespace rt
