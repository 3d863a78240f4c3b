// See the header.
#include "src/websocket/frame.h"

#include <cstring>

namespace rt::ws {

bool MayBeSent(uint16_t code) {
  if (code >= 3000) return code < 5000;
  if (code < 1000 || code > 1014) return false;
  return code != 1004 && code != kNoStatus && code != kAbnormalClosure;
}

size_t FrameHeaderSize(uint64_t payload_size, bool masked) {
  const size_t length = payload_size < 126 ? 2 : payload_size <= 0xffff ? 4 : 10;
  return length + (masked ? 4 : 0);
}

size_t WriteFrameHeader(char* out, Opcode opcode, uint64_t payload_size, const uint8_t* mask,
                        FrameOptions options) {
  const int mask_bit = mask != nullptr ? 0x80 : 0;
  out[0] = static_cast<char>((options.fin ? 0x80 : 0) | (options.compressed ? 0x40 : 0) |
                             static_cast<int>(opcode));
  size_t at = 2;
  int length_bytes = 0;
  if (payload_size < 126) {
    out[1] = static_cast<char>(mask_bit | static_cast<int>(payload_size));
  } else {
    length_bytes = payload_size <= 0xffff ? 2 : 8;
    out[1] = static_cast<char>(mask_bit | (length_bytes == 2 ? 126 : 127));
  }
  for (int i = length_bytes - 1; i >= 0; --i) {
    out[at++] = static_cast<char>(payload_size >> (8 * i));
  }
  if (mask != nullptr) {
    std::memcpy(out + at, mask, 4);
    at += 4;
  }
  return at;
}

void ApplyMask(uint8_t* data, size_t size, const uint8_t mask[4], size_t offset) {
  uint8_t key[8];
  for (size_t i = 0; i < 8; ++i) key[i] = mask[(offset + i) & 3];
  uint64_t wide;
  std::memcpy(&wide, key, 8);
  size_t at = 0;
  // Four words a round: the compiler makes vector instructions of it.
  for (; at + 32 <= size; at += 32) {
    uint64_t words[4];
    std::memcpy(words, data + at, 32);
    for (uint64_t& word : words) word ^= wide;
    std::memcpy(data + at, words, 32);
  }
  for (; at + 8 <= size; at += 8) {
    uint64_t word;
    std::memcpy(&word, data + at, 8);
    word ^= wide;
    std::memcpy(data + at, &word, 8);
  }
  for (; at < size; ++at) data[at] ^= key[at & 7];
}

std::string ClosePayload(uint16_t code, std::string_view reason) {
  std::string payload;
  if (code == kNoStatus) return payload;
  payload.push_back(static_cast<char>(code >> 8));
  payload.push_back(static_cast<char>(code & 0xff));
  payload.append(reason.substr(0, kMaxCloseReason));
  return payload;
}

std::string MakeFrame(Opcode opcode, std::string_view payload, const uint8_t* mask,
                      FrameOptions options) {
  char header[kMaxFrameHeader];
  const size_t header_size = WriteFrameHeader(header, opcode, payload.size(), mask, options);
  std::string frame(header, header_size);
  frame.append(payload);
  if (mask != nullptr) {
    ApplyMask(reinterpret_cast<uint8_t*>(frame.data()) + header_size, payload.size(), mask);
  }
  return frame;
}

}  // namespace rt::ws
