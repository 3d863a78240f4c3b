// Build-time: evaluates the bundled built-ins and writes V8's heap to a file, which is linked into rt.
//   mksnapshot <bundle> <output>
//   mksnapshot --emit-ops <folder>      writes the modules that `rt:ops/<extension>` names
#include <cstdio>
#include <fstream>

#include "src/engine/platform.h"
#include "src/runtime/builtins.h"
#include "src/runtime/extensions.h"
#include "src/runtime/snapshot.h"

namespace rt {

const v8::StartupData* BuiltinSnapshot() { return nullptr; }
BuiltinSourceText* BuiltinSource() { return nullptr; }

}  // namespace rt

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: mksnapshot <bundle> <output> | --emit-ops <folder>\n");
    return 2;
  }
  if (std::string_view(argv[1]) == "--emit-ops") {
    if (auto emitted = rt::EmitOpModules(rt::AllExtensions(), argv[2]); !emitted.ok()) {
      std::fprintf(stderr, "mksnapshot: %s\n", emitted.error().message.c_str());
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
  std::ofstream file(argv[2], std::ios::binary | std::ios::trunc);
  file.write(blob->data, blob->raw_size);
  file.close();
  delete[] blob->data;
  if (!file) {
    std::fprintf(stderr, "mksnapshot: cannot write %s\n", argv[2]);
    return 1;
  }
  return 0;
}
