// See the header.
#include "src/resource/stream_resource.h"

namespace rt {
namespace {

// How often a direction may move bytes without waiting before the loop must have turned.
constexpr int kEagerPerTurn = 32;

}  // namespace

Error InterruptedError() {
  return Error::Make(ErrorClass::kInterrupted, "operation canceled", "EINTR");
}

bool StreamResource::Budget::Take() {
  if (loop_.turn() != turn_) {
    turn_ = loop_.turn();
    left_ = kEagerPerTurn;
  }
  return left_-- > 0;
}

Task<Result<size_t>> StreamResource::Read(Bytes buffer) {
  const Ref<StreamResource> keep(this);  // the caller may drop the last other reference
  const Turnstile::Pass pass = co_await reading_.Enter();
  if (buffer.empty()) co_return 0;
  if (!read_budget_.Take()) co_await read_budget_.NextTurn();
  for (;;) {
    if (closed()) co_return InterruptedError();
    RT_CO_TRY(const std::optional<size_t> moved, TryRead(buffer.span()));
    if (moved) co_return *moved;
    co_await IoReady(*this, IoDirection::kRead);
  }
}

Task<Result<size_t>> StreamResource::Write(Bytes buffer) {
  const Ref<StreamResource> keep(this);
  const Turnstile::Pass pass = co_await writing_.Enter();
  if (buffer.empty()) co_return 0;
  if (!write_budget_.Take()) co_await write_budget_.NextTurn();
  for (;;) {
    if (closed()) co_return InterruptedError();
    const iovec part{buffer.data(), buffer.size()};
    RT_CO_TRY(const std::optional<size_t> moved, TryWrite({&part, 1}));
    if (moved) co_return *moved;
    co_await IoReady(*this, IoDirection::kWrite);
  }
}

std::optional<Result<size_t>> StreamResource::WriteNow(std::span<const uint8_t> buffer) {
  if (closed() || writing_.taken() || buffer.empty() || !write_budget_.Take()) return {};
  const iovec part{const_cast<uint8_t*>(buffer.data()), buffer.size()};
  Moved moved = TryWrite({&part, 1});
  if (!moved.ok()) return moved.TakeError();
  if (!*moved) return {};
  return Result<size_t>(**moved);
}

Task<Result<void>> StreamResource::CloseWrite() {
  const Ref<StreamResource> keep(this);
  const Turnstile::Pass pass = co_await writing_.Enter();
  for (;;) {
    if (closed()) co_return InterruptedError();
    RT_CO_TRY(const bool done, TryShutdown());
    if (done) co_return {};
    co_await IoReady(*this, IoDirection::kWrite);
  }
}

}  // namespace rt
