// The decoders of the legacy encodings, to the letter of the Encoding Standard
// (https://encoding.spec.whatwg.org/#legacy-multi-byte-chinese-(simplified)-encodings and the
// following). Bytes to UTF-16.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "src/ext/encoding/legacy_index.h"

namespace rt {

// What a decoder remembers between two parts of a stream. All zero at the start. Any content is
// safe: JavaScript keeps it for us.
struct LegacyState {
  uint8_t first = 0;  // bytes of an unfinished character
  uint8_t second = 0;
  uint8_t third = 0;
  uint8_t jis0212 = 0;   // EUC-JP: the character is of the second set
  uint8_t mode = 0;      // ISO-2022-JP: decoder state
  uint8_t out_mode = 0;  // ISO-2022-JP: decoder output state
  uint8_t output = 0;    // ISO-2022-JP: output flag
  uint8_t unused = 0;
};
static_assert(sizeof(LegacyState) == 8);

// Appends the text of `bytes` to `text`, with U+FFFD for what is malformed, or fails (TypeError)
// when `fatal`. With `last` an unfinished character is malformed, else it stays in `state`.
// NotSupported without ICU's data.
Result<void> DecodeLegacy(LegacyIndexes& indexes, LegacyEncoding encoding,
                          std::span<const uint8_t> bytes, bool fatal, bool last, LegacyState& state,
                          std::u16string& text);

}  // namespace rt
