// Fuzz target: bytes of a WebSocket peer. However they are cut, the receiver tells the same events
// and the same failure, and never holds more than a message may have.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "src/websocket/handshake.h"
#include "src/websocket/receiver.h"

namespace rt::ws {
namespace {

constexpr size_t kMaxMessage = 4096;

struct Log final : ReceiverListener {
  bool OnMessage(IncomingMessage message) override {
    if (message.payload.size() > kMaxMessage) std::abort();
    Note(message.text ? 't' : 'b', message.payload);
    return true;
  }
  bool OnPing(std::string_view payload) override { return Note('i', payload); }
  bool OnPong(std::string_view payload) override { return Note('o', payload); }
  void OnClose(uint16_t code, std::string_view reason) override {
    Note('c', std::to_string(code) + ":" + std::string(reason));
  }
  bool Note(char kind, std::string_view text) {
    events += kind;
    events += text;
    events += '\n';
    return true;
  }
  std::string events;
};

std::string Events(std::string bytes, size_t step, const ReceiverOptions& options) {
  Receiver receiver(options);
  Log log;
  for (size_t at = 0; at < bytes.size(); at += step) {
    const size_t size = std::min(step, bytes.size() - at);
    // Memory of its own, so that nothing beyond it is read unnoticed.
    std::vector<uint8_t> piece(bytes.begin() + static_cast<long>(at),
                               bytes.begin() + static_cast<long>(at + size));
    const auto fed = receiver.Feed(piece, log);
    if (receiver.held_bytes() > 16 * kMaxMessage) std::abort();
    if (fed.failure) return log.events + "failed " + std::to_string(fed.failure->code);
    if (!receiver.closed() && fed.used != size) std::abort();
  }
  return log.events;
}

}  // namespace
}  // namespace rt::ws

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  rt::ws::ReceiverOptions options;
  options.role = (data[0] & 1) != 0 ? rt::ws::Role::kServer : rt::ws::Role::kClient;
  options.max_message_size = rt::ws::kMaxMessage;
  if ((data[0] & 2) != 0) options.deflate = rt::ws::DeflateParams{};
  const size_t step = 1 + data[1] % 32;
  const std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string whole = rt::ws::Events(bytes, std::max<size_t>(bytes.size(), 1), options);
  if (rt::ws::Events(bytes, step, options) != whole) std::abort();
  (void)rt::ws::ParseExtensions(bytes);
  (void)rt::ws::AcceptDeflateOffer(bytes);
  (void)rt::ws::ReadDeflateAnswer(bytes);
  return 0;
}
