// H2Stream: one request and its response on an H2Session. The session's, the request's and the
// body's; it never outlives the session by more than being told so. Runtime's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/ext/fetch/h2_session.h"

namespace rt {

class H2Stream final : public std::enable_shared_from_this<H2Stream>,
                       private Task<Result<Bytes>>::Listener {
 public:
  H2Stream(H2Session* session, const HttpRequest& request)
      : session_(session), upload_(request.body.value_or(Bytes())), source_(request.source) {}
  ~H2Stream() {
    if (source_) source_->Stop();
  }

  void set_id(int32_t id) { id_ = id; }

  // --- from nghttp2's callbacks; nobody is resumed ---
  // False: too many or too large.
  bool AddHeader(std::string_view name, std::string_view value);
  void EndHeaders();
  void AddData(std::string_view data);
  void EndBody() { body_ended_ = true; }
  void Close(std::optional<Error> error);
  // How much of the upload went into `into`; nothing: none is at hand.
  std::optional<size_t> TakeUpload(std::span<uint8_t> into, bool* ended);

  // Asks the source for its next piece; true if it was there at once.
  bool AskForUpload();
  // Resumes who waits.
  void Wake() { waiter_.Wake(); }

  Task<Result<HttpResponse>> WaitForHead();
  Task<Result<size_t>> Read(Bytes into);
  std::optional<Bytes> TakeArrived(size_t limit);
  // Nobody wants the rest.
  void Cancel();

  bool body_ended() const { return body_ended_; }
  bool heard() const { return heard_; }
  bool refused() const { return refused_; }
  void set_refused() { refused_ = true; }
  // The session is gone.
  void Detach() { session_ = nullptr; }

 private:
  void OnTaskDone() override;
  void TakePiece();
  void Consume(size_t size);

  H2Session* session_;  // null: gone
  int32_t id_ = 0;
  int status_ = 0;
  HeaderFields headers_;
  size_t header_bytes_ = 0;
  bool heard_ = false;
  bool head_done_ = false;
  bool body_ended_ = false;
  bool closed_ = false;
  bool refused_ = false;
  std::optional<Error> error_;
  std::string body_;
  size_t body_at_ = 0;
  Wakeup waiter_;

  Bytes upload_;  // what is at hand of the request's body
  std::shared_ptr<BodySource> source_;
  bool upload_ended_ = false;
  std::optional<Task<Result<Bytes>>> asking_;
};

std::unique_ptr<HttpBody> MakeH2Body(std::shared_ptr<H2Session> session,
                                     std::shared_ptr<H2Stream> stream);

}  // namespace rt
