// The frames of RFC 6455: numbers, headers, masking. No I/O, no state; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rt::ws {

enum class Role : uint8_t { kClient, kServer };

// RFC 6455 section 5.2.
enum class Opcode : uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

// RFC 6455 section 7.4.1. 1005 and 1006 are never sent.
inline constexpr uint16_t kNormalClosure = 1000;
inline constexpr uint16_t kGoingAway = 1001;
inline constexpr uint16_t kProtocolError = 1002;
inline constexpr uint16_t kUnsupportedData = 1003;
inline constexpr uint16_t kNoStatus = 1005;
inline constexpr uint16_t kAbnormalClosure = 1006;
inline constexpr uint16_t kInvalidPayload = 1007;
inline constexpr uint16_t kMessageTooBig = 1009;
inline constexpr uint16_t kInternalError = 1011;

// Whether an endpoint may put this code into a close frame.
bool MayBeSent(uint16_t code);

// The longest payload of ping, pong and close, and the longest reason, which shares it with a code.
inline constexpr size_t kMaxControlPayload = 125;
inline constexpr size_t kMaxCloseReason = 123;

inline constexpr size_t kMaxFrameHeader = 14;
// How long the header of a frame with this payload is.
size_t FrameHeaderSize(uint64_t payload_size, bool masked);
// Writes it and says how long it is. `mask` is 4 bytes, or null for a frame that is not masked.
struct FrameOptions {
  bool fin = true;
  bool compressed = false;  // RSV1, RFC 7692
};
size_t WriteFrameHeader(char* out, Opcode opcode, uint64_t payload_size, const uint8_t* mask,
                        FrameOptions options = {});

// Masks or unmasks in place. `offset`: how many bytes of the frame's payload came before.
void ApplyMask(uint8_t* data, size_t size, const uint8_t mask[4], size_t offset = 0);

// The payload of a close frame; `code` kNoStatus makes an empty one. The reason must fit.
std::string ClosePayload(uint16_t code, std::string_view reason);

// A whole frame as a string: for control frames and whoever sends little. `mask` as above.
std::string MakeFrame(Opcode opcode, std::string_view payload, const uint8_t* mask = nullptr,
                      FrameOptions options = {});

}  // namespace rt::ws
