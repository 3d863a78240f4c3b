// The one pipe between a process that runs a file of tests and the one that reports. It carries
// what the tests print, as it is, and the runner's events among it, so that both keep their order.
// An event is a frame that begins with a nonce only the two processes know.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace rt::cli {

using ChannelNonce = std::array<char, 16>;
ChannelNonce MakeNonce();

// Writes one event. Frames are small enough that other writers cannot get between. A broken pipe is
// not an error: then nobody wants to know.
void WriteEvent(int fd, const ChannelNonce& nonce, std::string_view event);

// Takes what was read from the pipe apart again.
class ChannelReader {
 public:
  struct Sink {
    std::function<void(std::string_view)> output;
    std::function<void(std::string_view)> event;
  };
  ChannelReader(const ChannelNonce& nonce, Sink sink) : nonce_(nonce), sink_(std::move(sink)) {}

  void Feed(std::string_view bytes);
  // The pipe has ended: what looked like the start of a frame was none.
  void End();

 private:
  ChannelNonce nonce_;
  Sink sink_;
  std::string pending_;
  std::string event_;  // of a frame that goes on in the next
};

}  // namespace rt::cli
