#include "src/cli/compiled.h"

#include <cstdlib>

#include "src/base/cache_names.h"
#include "src/cli/cache_folder.h"
#include "src/cli/cli.h"
#include "src/cli/compile/assets.h"
#include "src/cli/compile/payload.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/module/embedded.h"
#include "src/module/specifier.h"

namespace rt::cli {
namespace {

// Where files that came with the program are; else a folder that does not exist, so that what the
// program's own modules are called says where they come from.
Result<std::string> RootOf(const Payload& payload) {
  if (payload.assets.empty()) return "/rt-compile/" + payload.name + "/";
  const std::string cache_folder = CacheFolder();
  if (cache_folder.empty()) {
    return Error::Type(
        "the program's files cannot be written anywhere: none of RT_DIR, XDG_CACHE_HOME and HOME "
        "is set");
  }
  // By what is in it: another version of the program has other files.
  const std::string folder =
      cache::PathOf(cache_folder, cache::kCompiled) + "/" + payload.name + "-" + payload.hash;
  RT_TRY_VOID(ExtractAssets(payload.assets, folder));
  return folder + "/";
}

}  // namespace

int RunCompiled(const std::vector<std::string>& arguments) {
  auto payload = ReadPayload();
  if (!payload.ok()) return PrintError(payload.error().message, kExitError);
  auto root = RootOf(*payload);
  if (!root.ok()) return PrintError(root.error().message, kExitError);
  const std::string root_url = PathToFileUrl(*root);
  const auto absolute = [&](const std::string& url) {
    return url.starts_with("./") ? root_url + url.substr(2) : url;
  };
  auto embedded = std::make_shared<EmbeddedModules>();
  if (payload->assets.empty()) embedded->SetVirtualRoot(*root);
  for (const PayloadModule& module : payload->modules) {
    embedded->Add(absolute(module.url), module.type,
                  {.code = module.code,
                   .map = module.map,
                   .source = module.source,
                   .code_cache = module.code_cache,
                   .is_common_js = module.is_common_js});
  }
  for (const PayloadLink& link : payload->links) {
    embedded->AddLink(absolute(link.referrer), link.specifier, absolute(link.url));
  }
  for (const PayloadLink& link : payload->required) {
    embedded->AddRequire(absolute(link.referrer), link.specifier, absolute(link.url));
  }
  for (const auto& [name, value] : payload->variables) setenv(name.c_str(), value.c_str(), 0);
  Invocation& invocation = payload->invocation;
  invocation.script_args.insert(invocation.script_args.end(), arguments.begin(), arguments.end());
  // The project was read when the program was compiled.
  invocation.no_config = true;
  invocation.no_lock = true;
  if (!payload->assets.empty() && !invocation.permissions[Perm::kRead].allow_all) {
    invocation.permissions[Perm::kRead].allow_list.push_back(*root);
  }
  invocation.embedded = std::move(embedded);
  Program program;
  program.url = absolute(payload->main);
  return RunProgram(invocation, std::move(program));
}

}  // namespace rt::cli
