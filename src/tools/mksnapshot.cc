// Build-time: evaluates the bundled built-ins and writes V8's heap to a file, which is linked into
// rt.
//   mksnapshot <bundle> <output>
//   mksnapshot --emit-ops <folder>      writes the modules that `rt:ops/<extension>` names
//   mksnapshot --name-classes <bundle>  rewrites it, so that classes are called as in their modules
//   mksnapshot --typescript <snapshot> <its bundle> <transpiler> <output>
//                                       V8's code cache for TypeScript's transpiler
#include <cstdio>
#include <fstream>

#include "src/engine/platform.h"
#include "src/runtime/builtins.h"
#include "src/runtime/extensions.h"
#include "src/runtime/snapshot.h"
#include "src/tools/class_names.h"
#include "src/typescript/fallback/fallback.h"

namespace rt {

const v8::StartupData* BuiltinSnapshot() {
  return nullptr;
}
BuiltinSourceText* BuiltinSource() {
  return nullptr;
}
LazyBundle FindLazyBundle(std::string_view) {
  return {};
}
LazyBundle TestingBundle() {
  return {};
}
LazyBundle ReplBundle() {
  return {};
}

}  // namespace rt

namespace {

std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool WriteFile(const char* path, const char* data, std::streamsize size) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(data, size);
  file.close();
  return static_cast<bool>(file);
}

// The cache is good only for a process with this snapshot: V8 compares their read-only heaps.
rt::Result<std::string> TypeScriptCache(const char* snapshot_path, const char* builtins_path,
                                        const char* transpiler_path) {
  const std::string snapshot = ReadFile(snapshot_path);
  const std::string builtins = ReadFile(builtins_path);
  const std::string transpiler = ReadFile(transpiler_path);
  rt::BuiltinSourceText builtins_text(builtins.data(), builtins.size());
  const v8::StartupData blob{snapshot.data(), static_cast<int>(snapshot.size())};
  RT_TRY(auto loop, rt::Loop::Create());
  RT_TRY(auto permissions, rt::Permissions::FromOptions({}));
  rt::OpHost host(rt::AllExtensions(), std::move(loop), std::move(permissions), {}, {});
  host.AddExternalReference(&builtins_text);
  auto cache =
      rt::typescript::MakeTypeScriptCodeCache(transpiler, {&blob, host.external_references()});
  host.Shutdown();
  return cache;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 6 && std::string_view(argv[1]) == "--typescript") {
    auto cache = rt::InitializePlatform({}).ok() ? TypeScriptCache(argv[2], argv[3], argv[4])
                                                 : rt::Result<std::string>(rt::Error());
    if (!cache.ok() ||
        !WriteFile(argv[5], cache->data(), static_cast<std::streamsize>(cache->size()))) {
      std::fprintf(stderr, "mksnapshot: no code cache for TypeScript: %s\n",
                   cache.ok() ? argv[5] : cache.error().message.c_str());
      return 1;
    }
    return 0;
  }
  if (argc != 3) {
    std::fprintf(
        stderr,
        "usage: mksnapshot <bundle> <output> | --emit-ops <folder> | --name-classes <bundle>\n");
    return 2;
  }
  if (std::string_view(argv[1]) == "--emit-ops") {
    if (auto emitted = rt::EmitOpModules(rt::AllExtensions(), argv[2]); !emitted.ok()) {
      std::fprintf(stderr, "mksnapshot: %s\n", emitted.error().message.c_str());
      return 1;
    }
    return 0;
  }
  if (std::string_view(argv[1]) == "--name-classes") {
    auto named = rt::NameClasses(ReadFile(argv[2]));
    if (!named.ok() ||
        !WriteFile(argv[2], named->data(), static_cast<std::streamsize>(named->size()))) {
      std::fprintf(stderr, "mksnapshot: %s: %s\n", argv[2],
                   named.ok() ? "cannot be written" : named.error().message.c_str());
      return 1;
    }
    return 0;
  }
  if (auto started = rt::InitializePlatform({}); !started.ok()) {
    std::fprintf(stderr, "mksnapshot: %s\n", started.error().message.c_str());
    return 1;
  }
  auto blob = rt::BuildSnapshot(argv[1]);
  if (!blob.ok()) {
    std::fprintf(stderr, "mksnapshot: %s\n", blob.error().message.c_str());
    return 1;
  }
  const bool written = WriteFile(argv[2], blob->data, blob->raw_size);
  delete[] blob->data;
  if (!written) {
    std::fprintf(stderr, "mksnapshot: cannot write %s\n", argv[2]);
    return 1;
  }
  return 0;
}
