// The V8 snapshot of the built-ins: made by mksnapshot at build time, linked into the executable.
#pragma once

#include <v8-snapshot.h>

#include <string>

#include "src/base/result.h"

namespace rt {

// The text of the built-ins, ASCII. V8 refers to it where it is, in the executable, instead of
// keeping a copy in every heap; so it must live as long as the process.
class BuiltinSourceText final : public v8::String::ExternalOneByteStringResource {
 public:
  constexpr BuiltinSourceText(const char* data, size_t size) : data_(data), size_(size) {}
  const char* data() const override { return data_; }
  size_t length() const override { return size_; }
  void Dispose() override {}  // V8 deletes it otherwise

 private:
  const char* data_;
  size_t size_;
};

// Builds the blob from the bundled built-ins. For mksnapshot only: it makes its own isolate.
Result<v8::StartupData> BuildSnapshot(const std::string& bundle_path);

// Position of the hooks object in the snapshot's context data.
inline constexpr size_t kSnapshotHooks = 0;

// The linked blob; null data in programs without one.
const v8::StartupData* BuiltinSnapshot();

// The linked text the blob refers to.
BuiltinSourceText* BuiltinSource();

}  // namespace rt
