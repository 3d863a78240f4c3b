// Reads a tar archive as registries send packages: ustar, with GNU's and POSIX's long names, fed in
// pieces. What it reads is a stranger's: names that leave the package, links and devices never
// reach the sink, and every size has a limit. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "src/base/result.h"

namespace rt {

struct TarLimits {
  uint64_t total = uint64_t{2} << 30;  // bytes of all files
  size_t entries = 200'000;
  size_t name = 1024;
};

// Who gets the files. An error ends the reading.
class TarSink {
 public:
  virtual ~TarSink() = default;
  // `path`: relative, without the archive's outermost folder, without "." and "..".
  virtual Result<void> BeginFile(const std::string& path, bool executable) = 0;
  virtual Result<void> Write(std::span<const uint8_t> bytes) = 0;
  virtual Result<void> EndFile() = 0;
};

class TarReader {
 public:
  explicit TarReader(TarSink& sink, TarLimits limits = {}) : sink_(sink), limits_(limits) {}

  Result<void> Feed(std::span<const uint8_t> bytes);
  // All has been fed. InvalidData if the archive was cut off.
  Result<void> Finish();

 private:
  static constexpr size_t kBlock = 512;
  enum class Body : uint8_t { kFile, kSkipped, kLongName, kPaxHeader };

  Result<void> ReadHeader();
  Result<void> EndEntry();
  Result<void> ReadPax();

  TarSink& sink_;
  TarLimits limits_;
  uint8_t header_[kBlock];
  size_t header_filled_ = 0;
  Body body_ = Body::kSkipped;
  uint64_t remaining_ = 0;  // of the entry's content
  size_t padding_ = 0;      // behind it
  bool in_entry_ = false;
  bool ended_ = false;
  uint64_t total_ = 0;
  size_t entries_ = 0;
  std::string text_;  // a long name or a pax header
  std::string next_name_;
  bool has_next_size_ = false;
  uint64_t next_size_ = 0;
};

}  // namespace rt
