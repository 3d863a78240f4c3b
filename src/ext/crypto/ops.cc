// The ops of the crypto extension. Randomness only; must never fall back to a weaker source.
#include <array>

#include "src/ext/crypto/crypto.h"
#include "src/ext/crypto/random.h"
#include "src/op/op.h"

namespace rt {
namespace {

class CryptoState final : public ExtensionState {
 public:
  explicit CryptoState(OpHost& host) : host_(host) {}

  // Made at first use: the seed is known only once the command line was read.
  RandomSource& random() {
    if (!random_) random_.emplace(host_.run_info().seed);
    return *random_;
  }

 private:
  OpHost& host_;
  std::optional<RandomSource> random_;
};

Result<void> op_crypto_fill_random(OpContext& cx, std::span<uint8_t> bytes) {
  return cx.State<CryptoState>().random().Fill(bytes);
}

Result<v8::Local<v8::String>> op_crypto_random_uuid(OpContext& cx) {
  std::array<uint8_t, 16> bytes;
  RT_TRY_VOID(cx.State<CryptoState>().random().Fill(bytes));
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);  // RFC 9562's variant
  constexpr char kHex[] = "0123456789abcdef";
  std::array<char, 36> text;
  size_t at = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text[at++] = '-';
    text[at++] = kHex[bytes[i] >> 4];
    text[at++] = kHex[bytes[i] & 0x0f];
  }
  return ToOneByteString(cx.isolate(), std::string_view(text.data(), text.size()));
}

constexpr std::array kOps = {
    RT_OP(op_crypto_fill_random, NoPerm<"random bytes say nothing about the system">,
          Fast::kRequire),
    RT_OP(op_crypto_random_uuid, NoPerm<"random bytes say nothing about the system">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension CryptoExtension() {
  return {.name = "crypto",
          .ops = kOps,
          .make_state = [](OpHost& host) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<CryptoState>(host);
          }};
}

}  // namespace rt
