// See the header.
#include "src/ext/http/wire_stream.h"

#include <algorithm>

#include "src/ext/net/net.h"
#include "src/permissions/owned_fd.h"

namespace rt {
namespace {

constexpr size_t kReadBytes = 16 * 1024;
constexpr size_t kWriteBytes = 64 * 1024;

// A socket with a WireFilter on top.
class WireStream final : public StreamResource {
 public:
  WireStream(Loop& loop, Ref<StreamResource> below, std::unique_ptr<http::WireFilter> filter)
      : StreamResource(TypeIdOf<WireStream>(), loop),
        below_(std::move(below)),
        filter_(std::move(filter)) {}

  std::string_view name() const override { return "tlsStream"; }
  void Close() override {
    closed_ = true;
    below_->Close();
  }

  Moved TryRead(std::span<uint8_t> into) override {
    if (closed_) return InterruptedError();
    if (plain_at_ == plain_.size()) {
      plain_.clear();
      plain_at_ = 0;
      if (ended_) return std::optional<size_t>(0);
      RT_TRY(const bool moved, Refill());
      if (!moved) return std::optional<size_t>();
    }
    const size_t size = std::min(into.size(), plain_.size() - plain_at_);
    std::memcpy(into.data(), plain_.data() + plain_at_, size);
    plain_at_ += size;
    return std::optional<size_t>(size);
  }

  Moved TryWrite(std::span<const iovec> parts) override {
    if (closed_) return InterruptedError();
    RT_TRY(const bool free, FlushWire());
    if (!free) return std::optional<size_t>();
    size_t taken = 0;
    for (const iovec& part : parts) {
      const size_t size = std::min(part.iov_len, kWriteBytes - taken);
      if (size > 0 && !filter_->Send({static_cast<const char*>(part.iov_base), size}, &wire_)) {
        return Error::Make(ErrorClass::kConnectionReset, "the TLS connection is broken");
      }
      taken += size;
    }
    RT_TRY_VOID(FlushWire());
    return std::optional<size_t>(taken);
  }

  Result<bool> TryShutdown() override {
    if (closed_) return InterruptedError();
    if (!std::exchange(end_said_, true)) filter_->End(&wire_);
    RT_TRY(const bool free, FlushWire());
    if (!free) return false;
    return below_->TryShutdown();
  }

  void Wait(IoDirection direction, IoWaiter* waiter) override {
    // It may be long until something comes.
    if (direction == IoDirection::kRead && waiter != nullptr) filter_->Rest();
    below_->Wait(direction, waiter);
  }

 private:
  ~WireStream() override { Close(); }
  bool closed() const override { return closed_; }

  // True: there is something to give, if only the end.
  Result<bool> Refill() {
    uint8_t buffer[kReadBytes];
    for (;;) {
      RT_TRY(const std::optional<size_t> moved, below_->TryRead(buffer));
      if (!moved) return false;
      if (*moved == 0) {
        ended_ = true;
        return true;
      }
      const auto state =
          filter_->Receive({reinterpret_cast<char*>(buffer), *moved}, &plain_, &wire_);
      RT_TRY_VOID(FlushWire());
      ended_ = state != http::WireFilter::State::kOpen;
      if (!plain_.empty() || ended_) return true;
    }
  }

  // False: the socket takes no more for now.
  Result<bool> FlushWire() {
    while (wire_at_ < wire_.size()) {
      const iovec part{wire_.data() + wire_at_, wire_.size() - wire_at_};
      RT_TRY(const std::optional<size_t> moved, below_->TryWrite({&part, 1}));
      if (!moved) return false;
      wire_at_ += *moved;
    }
    wire_.clear();
    wire_at_ = 0;
    return true;
  }

  Ref<StreamResource> below_;
  std::unique_ptr<http::WireFilter> filter_;
  std::string plain_;  // deciphered and not read
  size_t plain_at_ = 0;
  http::Output wire_;  // enciphered and not written
  size_t wire_at_ = 0;
  bool ended_ = false;
  bool end_said_ = false;
  bool closed_ = false;
};

}  // namespace

Result<HandedStream> MakeWireStream(Loop& loop, http::HandedOver connection) {
  if (connection.fd < 0) {
    return Error::Make(ErrorClass::kHttp, "the connection was closed before it was upgraded");
  }
  RT_TRY(auto socket, SocketStream::Create(loop, OwnedFd(std::exchange(connection.fd, -1)),
                                           connection.is_unix ? SocketStream::Kind::kUnix
                                                              : SocketStream::Kind::kTcp));
  HandedStream handed{std::move(socket), std::move(connection.received)};
  if (connection.filter) {
    handed.stream =
        MakeResource<WireStream>(loop, std::move(handed.stream), std::move(connection.filter));
  }
  return handed;
}

Result<Ref<UpgradedStream>> MakeUpgradedStream(Loop& loop, http::HandedOver connection) {
  RT_TRY(HandedStream handed, MakeWireStream(loop, std::move(connection)));
  return MakeResource<UpgradedStream>(std::move(handed.stream), std::move(handed.received));
}

}  // namespace rt
