// FileResource: an open file, or one of the three standard streams. Regular files are read and
// written on the thread pool, one request after the other; pipes, terminals and sockets when the
// kernel says they are ready, so that a read that never ends holds no thread and can be dropped at
// any time. The inherited descriptors are never made non-blocking and never closed: other
// processes, and the runtime's own messages, use them too. Runtime's thread only; runs no
// JavaScript.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/ext/io/readiness.h"
#include "src/loop/loop.h"
#include "src/loop/turnstile.h"
#include "src/permissions/owned_fd.h"
#include "src/resource/resource.h"

namespace rt {

// Jobs on the pool hold one of these, so that closing the file in the middle never hands the
// descriptor's number to somebody else.
using SharedFd = std::shared_ptr<const OwnedFd>;

class FileResource final : public Resource {
 public:
  // What the open was granted. An operation on the open file needs the right its twin on paths
  // needs.
  struct Rights {
    bool read = false;
    bool write = false;
    // Metadata may be read: `read`, or the path is readable though it was opened for writing only.
    bool stat = false;
    // Times may be changed: `write`, or the path may be written though it was opened for reading.
    bool touch = false;
    std::string path;  // as the caller spelt it, for messages
  };

  // A file this resource owns.
  FileResource(Loop& loop, OwnedFd fd, Rights rights);
  // A standard stream: 0, 1 or 2. `name` must be a literal.
  FileResource(Loop& loop, int standard_fd, std::string_view name);

  std::string_view name() const override { return name_; }
  void Close() override;

  Task<Result<size_t>> Read(Bytes buffer) override;
  Task<Result<size_t>> Write(Bytes buffer) override;
  Result<size_t> ReadSync(std::span<uint8_t> buffer) override;
  Result<size_t> WriteSync(std::span<const uint8_t> buffer) override;

  // BadResource after Close().
  Result<SharedFd> fd() const;
  const Rights& rights() const { return rights_; }
  // For operations on the file as a whole: after the reads and writes asked for before.
  Turnstile& turnstile() { return reading_.turnstile; }
  Loop& loop() { return loop_; }
  bool IsTerminal() const;

 private:
  ~FileResource() override = default;

  struct Direction {
    Turnstile turnstile;
    std::unique_ptr<Readiness> readiness;
    bool asked = false;  // whether `readiness` was asked for
  };

  // Reads and writes of a regular file share its position, hence also a turnstile.
  Direction& Writing() { return IsStream() ? writing_ : reading_; }
  bool IsStream();
  // Null: use the pool.
  Result<Readiness*> ReadinessOf(Direction& direction, Readiness::For purpose);
  // A stream that always has data must not keep the loop from turning.
  bool MayGoOnAtOnce();
  template <class Attempt>
  Task<Result<size_t>> Transfer(Direction& direction, Readiness::For purpose, Bytes buffer,
                                Attempt attempt);

  Loop& loop_;
  SharedFd fd_;
  std::string_view name_;
  Rights rights_;
  std::optional<bool> is_stream_;
  Direction reading_;
  Direction writing_;
  uint64_t eager_at_ms_ = 0;
  int eager_left_ = 0;
};

}  // namespace rt
