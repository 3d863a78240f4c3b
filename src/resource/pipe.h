// Moving everything one resource gives into another without JavaScript: what pipeTo does between
// two streams that stand for resources. One read is written before the next is asked for, so the
// slower side sets the pace and the memory is one buffer. Runtime's thread; runs no JavaScript.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "src/base/error.h"
#include "src/loop/task.h"
#include "src/resource/resource.h"

namespace rt {

// A pipe as a resource: closing it stops it between two steps, not in the middle of a write.
class Pipe final : public Resource {
 public:
  Pipe(Ref<Resource> from, Ref<Resource> to)
      : Resource(TypeIdOf<Pipe>()), from_(std::move(from)), to_(std::move(to)) {}

  std::string_view name() const override { return "pipe"; }
  void Close() override { closed_ = true; }

  // Runs to the end of the source and gives how many bytes went over; once. Neither end is closed.
  // On failure sink_failed() says whose error it is.
  Task<Result<uint64_t>> Run();
  bool sink_failed() const { return sink_failed_; }

 private:
  ~Pipe() override = default;

  Ref<Resource> from_;
  Ref<Resource> to_;
  bool closed_ = false;
  bool sink_failed_ = false;
};

}  // namespace rt
