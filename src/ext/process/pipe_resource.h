// PipeResource: our end of a child's standard stream, non-blocking, read or written. Ends with the
// resource: closing the child's stdin is how the child sees its end. Runtime's thread only.
#pragma once

#include <memory>

#include "src/ext/io/io.h"
#include "src/ext/process/fd_poll.h"
#include "src/resource/resource.h"

namespace rt {

class PipeResource final : public Resource {
 public:
  // `name`, a literal: "childStdin", "childStdout", "childStderr".
  PipeResource(std::unique_ptr<FdPoll> poll, std::string_view name)
      : Resource(TypeIdOf<PipeResource>()), poll_(std::move(poll)), name_(name) {}

  std::string_view name() const override { return name_; }
  void Close() override;

  Task<Result<size_t>> Read(Bytes buffer) override;
  // All of the buffer, unless the other end goes away.
  Task<Result<size_t>> Write(Bytes buffer) override;
  Result<size_t> ReadSync(std::span<uint8_t> buffer) override;
  Result<size_t> WriteSync(std::span<const uint8_t> buffer) override;

  // Everything until the end.
  Task<Result<Bytes>> ReadAll();

 private:
  // At least one byte, 0 at the end.
  Task<Result<size_t>> ReadSome(std::span<uint8_t> into);

  std::unique_ptr<FdPoll> poll_;
  std::string_view name_;
  bool closed_ = false;
  Turnstile turnstile_;
};

}  // namespace rt
