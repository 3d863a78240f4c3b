// permessage-deflate (RFC 7692): what two ends agree on, and the two directions. A message that
// inflates beyond its limit is stopped there, before the memory for it exists. Any thread, one at a
// time.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rt::ws {

struct DeflateParams {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  int server_max_window_bits = 15;
  int client_max_window_bits = 15;
};

// What a client says in `Sec-WebSocket-Extensions`.
inline constexpr std::string_view kDeflateOffer = "permessage-deflate; client_max_window_bits";

// The first offer of a client's field that can be met, if there is any. The answer keeps no context
// between messages, so that a connection at rest holds no window.
std::optional<DeflateParams> AcceptDeflateOffer(std::string_view field);
// What the server answers then.
std::string DeflateAnswer(const DeflateParams& params);

enum class AnswerKind : uint8_t { kNone, kDeflate, kInvalid };
struct DeflateReply {
  AnswerKind kind = AnswerKind::kNone;
  DeflateParams params = {};
};
// What the client makes of a server's answer to kDeflateOffer: kInvalid must fail the connection.
DeflateReply ReadDeflateAnswer(std::string_view field);

class Deflater {
 public:
  Deflater(int window_bits, bool no_context_takeover);
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // Appends one message, without the 00 00 ff ff at its end.
  void Compress(std::string_view message, std::string* out);

 private:
  z_stream stream_{};
  bool no_context_takeover_;
};

class Inflater {
 public:
  Inflater(int window_bits, bool no_context_takeover);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  enum class Outcome : uint8_t { kDone, kMalformed, kTooLarge };
  // Appends what `piece` of a message means; *out never grows beyond `limit`.
  Outcome Add(std::string_view piece, size_t limit, std::string* out);
  // After the last piece.
  Outcome EndMessage(size_t limit, std::string* out);

 private:
  z_stream stream_{};
  bool no_context_takeover_;
  bool ended_ = false;  // a final block: more may only follow in the next message
};

}  // namespace rt::ws
