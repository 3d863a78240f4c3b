// The ops of the encoding extension. Thin: each validates what JavaScript could get wrong and calls
// one function.
#include <cstring>

#include "src/ext/encoding/encoding.h"
#include "src/ext/encoding/legacy_decoder.h"
#include "src/op/op.h"

namespace rt {
namespace {

class EncodingState final : public ExtensionState {
 public:
  LegacyIndexes indexes;
};

Result<uint32_t> op_encoding_legacy_number(OpContext&, std::string name) {
  RT_TRY(const LegacyEncoding encoding, LegacyEncodingFromName(name));
  return static_cast<uint32_t>(encoding);
}

// `state` is a Uint8Array(8), zero at the start of a stream; it keeps an unfinished character
// unless `last`.
Result<v8::Local<v8::String>> op_encoding_decode_legacy(OpContext& cx, uint32_t encoding,
                                                        std::span<uint8_t> bytes, bool fatal,
                                                        bool last, std::span<uint8_t> state) {
  LegacyState copy;
  if (!IsLegacyEncoding(encoding) || state.size() != sizeof copy) {
    return Error::Range("unknown encoding");
  }
  std::memcpy(&copy, state.data(), sizeof copy);
  std::u16string text;
  RT_TRY_VOID(DecodeLegacy(cx.State<EncodingState>().indexes, static_cast<LegacyEncoding>(encoding),
                           bytes, fatal, last, copy, text));
  v8::Local<v8::String> made;
  if (text.size() > static_cast<size_t>(v8::String::kMaxLength) ||
      !v8::String::NewFromTwoByte(cx.isolate(), reinterpret_cast<const uint16_t*>(text.data()),
                                  v8::NewStringType::kNormal, static_cast<int>(text.size()))
           .ToLocal(&made)) {
    return Error::Range("Cannot create a string longer than 0x1fffffe8 characters");
  }
  std::memcpy(state.data(), &copy, sizeof copy);
  return made;
}

constexpr std::array kOps = {
    RT_OP(op_encoding_legacy_number, NoPerm<"pure">),
    RT_OP(op_encoding_decode_legacy, NoPerm<"pure">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension EncodingExtension() {
  return {.name = "encoding",
          .ops = kOps,
          .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<EncodingState>();
          }};
}

}  // namespace rt
