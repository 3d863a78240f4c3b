// Percent-encoding of the URL Standard (https://url.spec.whatwg.org/#percent-encoded-bytes): the
// encode sets as constant 256-bit tables, encoding and decoding. Works on bytes of UTF-8; must
// never look at locale.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rt::url {

// A percent-encode set over bytes. Every byte from 0x7F up is a member of all of them, so encoding
// the bytes of UTF-8 one by one equals encoding code points.
class EncodeSet {
 public:
  // The C0 control percent-encode set.
  constexpr EncodeSet() {
    for (unsigned byte = 0; byte < 0x20; ++byte) Add(byte);
    for (unsigned byte = 0x7f; byte < 0x100; ++byte) Add(byte);
  }

  // This set and the characters of `more`.
  constexpr EncodeSet With(std::string_view more) const {
    EncodeSet set = *this;
    for (const char c : more) set.Add(static_cast<uint8_t>(c));
    return set;
  }

  constexpr bool Contains(char c) const {
    const auto byte = static_cast<uint8_t>(c);
    return (words_[byte >> 6] >> (byte & 63)) & 1;
  }

 private:
  constexpr void Add(unsigned byte) { words_[byte >> 6] |= uint64_t{1} << (byte & 63); }

  std::array<uint64_t, 4> words_{};
};

inline constexpr EncodeSet kC0ControlSet;
inline constexpr EncodeSet kFragmentSet = kC0ControlSet.With(" \"<>`");
inline constexpr EncodeSet kQuerySet = kC0ControlSet.With(" \"#<>");
inline constexpr EncodeSet kSpecialQuerySet = kQuerySet.With("'");
inline constexpr EncodeSet kPathSet = kQuerySet.With("?^`{}");
inline constexpr EncodeSet kUserinfoSet = kPathSet.With("/:;=@[\\]|");
inline constexpr EncodeSet kComponentSet = kUserinfoSet.With("$%&+,");
inline constexpr EncodeSet kFormSet = kComponentSet.With("!'()~");

// True if some byte of `text` is in `set`.
bool NeedsEncoding(std::string_view text, const EncodeSet& set);

// Appends `text`, with each byte of `set` as %XX (upper-case digits), to `out`.
void AppendEncoded(std::string& out, std::string_view text, const EncodeSet& set);

// Replaces every %XX by its byte; a % not followed by two hex digits stays.
std::string PercentDecode(std::string_view text);

// The value of an ASCII hex digit, or -1.
constexpr int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace rt::url
