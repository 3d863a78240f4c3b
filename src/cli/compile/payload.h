// What `rt compile` puts behind a copy of rt's executable, and how the copy finds it again. A mark
// in the executable's data says that there is something, so an ordinary rt looks for nothing.
//
//   executable | blobs | header (JSON) | end: offset of the blobs, length of the blobs, length of
//   the header (8 bytes each, little endian), SHA-256 of blobs and header
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"
#include "src/module/module_source.h"

namespace rt::cli {

struct PayloadModule {
  std::string url;  // for files relative to the program's root: "./a/b.ts"
  ModuleType type = ModuleType::kJavaScript;
  std::string_view code;
  std::string_view map;
  std::string_view code_cache;
  std::string_view source;  // only with a map
  bool is_common_js = false;
};
struct PayloadLink {
  std::string referrer;  // as PayloadModule::url
  std::string specifier;
  std::string url;
};
struct PayloadAsset {
  std::string path;  // relative to the root
  std::string_view content;
  bool executable = false;
};

struct Payload {
  std::string name;  // of the program, for its virtual folder
  std::string main;  // as PayloadModule::url
  std::string hash;  // of the whole payload, hexadecimal; set by ReadPayload
  std::vector<PayloadModule> modules;
  std::vector<PayloadLink> links;
  std::vector<PayloadLink> required;  // the same by require()
  std::vector<PayloadAsset> assets;
  // Of --env-file: what the process has already stays as it is.
  std::vector<std::pair<std::string, std::string>> variables;
  Invocation invocation;  // permissions, limits, arguments
};

// Whether this executable was marked. Costs nothing.
bool IsCompiled();

// Whether the file at `path` is what `rt compile` made, by its form; nothing is verified.
bool LooksCompiled(const std::string& path);

// The bytes that follow the executable of `executable_size` bytes.
std::string WritePayload(const Payload& payload, uint64_t executable_size);
// Sets the mark in a copy of this executable. TypeError: it has none, or more than one.
Result<void> MarkExecutable(char* begin, size_t size);

// That of this very executable, mapped into memory for good. TypeError in words for a person: it
// is cut off, or has been changed.
Result<Payload> ReadPayload();

}  // namespace rt::cli
