// See the header.
#include "src/ext/fetch/upload_channel.h"

namespace rt {

class UploadChannel::Source final : public BodySource {
 public:
  explicit Source(std::optional<uint64_t> size) : size_(size) {}

  std::optional<uint64_t> size() const override { return size_; }

  Task<Result<Bytes>> Next() override {
    if (std::exchange(sending_, false)) writer_.Wake();  // the last piece is out
    while (!piece_ && !ended_ && !aborted_) co_await reader_.Wait();
    if (piece_) {
      sending_ = true;
      co_return *std::exchange(piece_, std::nullopt);
    }
    if (ended_) co_return Bytes();
    co_return Error::Make(ErrorClass::kInterrupted, "the request's body was aborted");
  }

  void Stop() override {
    stopped_ = true;
    sending_ = false;
    writer_.Wake();
  }

 private:
  friend class UploadChannel;

  bool busy() const { return piece_.has_value() || sending_; }

  std::optional<uint64_t> size_;
  std::optional<Bytes> piece_;  // given, not taken
  bool sending_ = false;        // taken, not sent
  bool ended_ = false;
  bool aborted_ = false;
  bool stopped_ = false;
  Wakeup reader_;
  Wakeup writer_;
};

UploadChannel::UploadChannel(std::optional<uint64_t> size)
    : Resource(TypeIdOf<UploadChannel>()), source_(std::make_shared<Source>(size)) {}

std::shared_ptr<BodySource> UploadChannel::source() const {
  return source_;
}

void UploadChannel::Close() {
  if (source_->ended_ || source_->aborted_) return;
  source_->aborted_ = true;
  source_->reader_.Wake();
  source_->Stop();
}

Task<Result<size_t>> UploadChannel::Write(Bytes buffer) {
  const std::shared_ptr<Source> source = source_;
  if (source->busy()) co_return Error::Make(ErrorClass::kBusy, "a write is under way");
  if (source->stopped_ || source->ended_) {
    co_return Error::Make(ErrorClass::kBrokenPipe, "the request takes no more of its body");
  }
  if (buffer.empty()) co_return 0;
  const size_t size = buffer.size();
  source->piece_ = std::move(buffer);
  source->reader_.Wake();
  while (source->busy() && !source->stopped_) co_await source->writer_.Wait();
  if (source->stopped_) {
    co_return Error::Make(ErrorClass::kBrokenPipe, "the request takes no more of its body");
  }
  co_return size;
}

Task<Result<void>> UploadChannel::CloseWrite() {
  source_->ended_ = true;
  source_->reader_.Wake();
  co_return Result<void>();
}

}  // namespace rt
