#include "src/cli/check/declarations.h"

#include <zstd.h>

#include <memory>
#include <vector>

#include "src/module/npm/tar_reader.h"
#include "src/runtime/builtins.h"

namespace rt::cli {
namespace {

class IntoMap final : public TarSink {
 public:
  explicit IntoMap(Declarations& into) : into_(into) {}
  Result<void> BeginFile(const std::string& path, bool) override {
    current_ = &into_[path];
    return {};
  }
  Result<void> Write(std::span<const uint8_t> bytes) override {
    current_->append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  Result<void> EndFile() override { return {}; }

 private:
  Declarations& into_;
  std::string* current_ = nullptr;
};

struct FreeDecoder {
  void operator()(ZSTD_DStream* decoder) const { ZSTD_freeDStream(decoder); }
};

Result<Declarations> Unpack(std::string_view archive) {
  const auto damaged = [] {
    return Error::Make(ErrorClass::kInvalidData, "the executable's type declarations are damaged");
  };
  Declarations files;
  IntoMap sink(files);
  TarReader reader(sink);
  const std::unique_ptr<ZSTD_DStream, FreeDecoder> decoder(ZSTD_createDStream());
  std::vector<uint8_t> part(ZSTD_DStreamOutSize());
  ZSTD_inBuffer input{archive.data(), archive.size(), 0};
  while (input.pos < input.size) {
    ZSTD_outBuffer output{part.data(), part.size(), 0};
    if (ZSTD_isError(ZSTD_decompressStream(decoder.get(), &output, &input))) return damaged();
    RT_TRY_VOID(reader.Feed(std::span(part).first(output.pos)));
  }
  RT_TRY_VOID(reader.Finish());
  return files;
}

}  // namespace

Result<Declarations> OwnDeclarations() {
  return Unpack(OwnTypesArchive());
}

Result<Declarations> LanguageDeclarations() {
  return Unpack(LanguageTypesArchive());
}

std::string JoinOwn(const Declarations& own) {
  std::string text =
      "/// <reference no-default-lib=\"true\" />\n/// <reference lib=\"esnext\" />\n";
  for (const auto& [name, declarations] : own) {
    // A worker's globals are others of the same names.
    if (name != "worker.d.ts") text.append("\n").append(declarations);
  }
  return text;
}

}  // namespace rt::cli
