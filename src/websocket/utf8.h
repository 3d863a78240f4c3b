// Utf8Check: whether bytes that come in pieces are UTF-8 (RFC 3629: no surrogates, no overlong
// forms). Fails at the first byte that cannot be part of any text, not at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace rt::ws {

class Utf8Check {
 public:
  // False: it is not UTF-8, whatever follows.
  bool Add(std::string_view bytes) {
    const auto* at = reinterpret_cast<const uint8_t*>(bytes.data());
    const uint8_t* const end = at + bytes.size();
    while (at < end) {
      if (needed_ == 0) {
        at = SkipAscii(at, end);
        if (at == end) break;
        ascii_ = false;
        if (!Begin(*at++)) return false;
        continue;
      }
      if (*at < low_ || *at > high_) return false;
      low_ = 0x80;
      high_ = 0xbf;
      --needed_;
      ++at;
    }
    return true;
  }
  // Not in the middle of a character.
  bool complete() const { return needed_ == 0; }
  bool ascii() const { return ascii_; }
  void Reset() { *this = Utf8Check(); }

  static bool IsAscii(std::string_view bytes) {
    const auto* at = reinterpret_cast<const uint8_t*>(bytes.data());
    return SkipAscii(at, at + bytes.size()) == at + bytes.size();
  }

 private:
  static const uint8_t* SkipAscii(const uint8_t* at, const uint8_t* end) {
    constexpr uint64_t kHigh = 0x8080808080808080;
    for (; end - at >= 32; at += 32) {
      uint64_t words[4];
      std::memcpy(words, at, 32);
      if (((words[0] | words[1] | words[2] | words[3]) & kHigh) != 0) break;
    }
    for (; end - at >= 8; at += 8) {
      uint64_t word;
      std::memcpy(&word, at, 8);
      if ((word & kHigh) != 0) break;
    }
    while (at < end && *at < 0x80) ++at;
    return at;
  }
  // The first byte of a character of several: how many follow, and the range of the second.
  bool Begin(uint8_t lead) {
    if (lead < 0xc2 || lead > 0xf4) return false;
    low_ = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    high_ = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    needed_ = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    return true;
  }

  uint8_t needed_ = 0;
  uint8_t low_ = 0x80;
  uint8_t high_ = 0xbf;
  bool ascii_ = true;
};

}  // namespace rt::ws
