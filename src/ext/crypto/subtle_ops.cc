// The ops of rt:ops/crypto_subtle: what is done with keys. Long work goes to the pool with a copy
// of the caller's bytes, short work is done at once. No text of an error may depend on secrets.
#include "src/ext/crypto/argon2.h"
#include "src/ext/crypto/cipher.h"
#include "src/ext/crypto/crypto.h"
#include "src/ext/crypto/ec.h"
#include "src/ext/crypto/kdf.h"
#include "src/ext/crypto/key_handle.h"
#include "src/ext/crypto/mac.h"
#include "src/ext/crypto/okp.h"
#include "src/ext/crypto/rsa.h"
#include "src/ext/crypto/run.h"

namespace rt {
namespace {

// ---- digests and message authentication

Task<Result<KeyOutput>> op_crypto_digest(OpContext& cx, uint32_t hash, Bytes data) {
  if (hash >= kHashCount) return Refuse<KeyOutput>();
  return Run(cx, data.size() <= kAtOnce, data,
             [id = static_cast<HashId>(hash)](std::span<const uint8_t> bytes) {
               return BytesOutput(Digest(MdOf(id), bytes));
             });
}

Task<Result<KeyOutput>> op_crypto_cshake(OpContext& cx, uint32_t bits, Bytes data, uint32_t size,
                                         Bytes function_name, Bytes customization) {
  const bool at_once = data.size() + size <= kAtOnce;
  return Run(
      cx, at_once, data,
      [bits, size, function_name = CopyOf(function_name),
       customization = CopyOf(customization)](std::span<const uint8_t> bytes) {
        return BytesOutput(Cshake(bits, bytes, size, function_name.span(), customization.span()));
      });
}

}  // namespace

struct MacArguments {
  bool kmac;
  uint32_t hash;
  uint32_t bits;
  uint32_t size;
  Bytes customization;
};
RT_STRUCT(MacArguments, RT_FIELD(kmac), RT_FIELD(hash), RT_FIELD(bits), RT_FIELD(size),
          RT_FIELD(customization))

struct CipherArguments {
  uint32_t mode;
  bool encrypt;
  bool as_key;
  Bytes iv;
  Bytes additional_data;
  uint32_t tag_size;
  uint32_t counter_bits;
};
RT_STRUCT(CipherArguments, RT_FIELD(mode), RT_FIELD(encrypt), RT_FIELD(as_key), RT_FIELD(iv),
          RT_FIELD(additional_data), RT_FIELD(tag_size), RT_FIELD(counter_bits))

// How to sign; of RSA also padding and salt.
struct SignArguments {
  uint32_t kind;
  uint32_t hash;
  bool pss;
  uint32_t salt_size;
};
RT_STRUCT(SignArguments, RT_FIELD(kind), RT_FIELD(hash), RT_FIELD(pss), RT_FIELD(salt_size))

struct Argon2Arguments {
  uint32_t type;
  uint32_t memory;
  uint32_t passes;
  uint32_t parallelism;
  Bytes nonce;
  Bytes secret;
  Bytes associated_data;
};
RT_STRUCT(Argon2Arguments, RT_FIELD(type), RT_FIELD(memory), RT_FIELD(passes),
          RT_FIELD(parallelism), RT_FIELD(nonce), RT_FIELD(secret), RT_FIELD(associated_data))

namespace {

MacSpec SpecOf(const MacArguments& arguments) {
  return {.kmac = arguments.kmac,
          .hash = static_cast<HashId>(arguments.hash),
          .kmac_bits = arguments.bits,
          .kmac_size = arguments.size,
          .customization = CopyOf(arguments.customization)};
}

Task<Result<KeyOutput>> op_crypto_mac(OpContext& cx, KeyRef key, MacArguments arguments,
                                      Bytes data) {
  if (arguments.hash >= kHashCount) return Refuse<KeyOutput>();
  const bool at_once = data.size() + arguments.size <= kAtOnce;
  return Run(cx, at_once, data,
             [key = std::move(key), spec = SpecOf(arguments)](std::span<const uint8_t> bytes) {
               return BytesOutput(Mac(spec, key->secret(), bytes));
             });
}

Task<Result<bool>> op_crypto_mac_verify(OpContext& cx, KeyRef key, MacArguments arguments,
                                        Bytes signature, Bytes data) {
  if (arguments.hash >= kHashCount) return Refuse<bool>();
  const bool at_once = data.size() + arguments.size <= kAtOnce;
  return Run(cx, at_once, data,
             [key = std::move(key), spec = SpecOf(arguments),
              signature = CopyOf(signature)](std::span<const uint8_t> bytes) -> Result<bool> {
               RT_TRY(const Bytes made, Mac(spec, key->secret(), bytes));
               return EqualInConstantTime(made.span(), signature.span());
             });
}

// ---- encryption

Task<Result<KeyOutput>> op_crypto_cipher(OpContext& cx, KeyRef key, CipherArguments arguments,
                                         Bytes data) {
  if (arguments.mode >= kCipherModeCount || arguments.tag_size > 16) return Refuse<KeyOutput>();
  const bool at_once = data.size() + arguments.additional_data.size() <= kAtOnce;
  CipherSpec spec{.mode = static_cast<CipherMode>(arguments.mode),
                  .encrypt = arguments.encrypt,
                  .iv = CopyOf(arguments.iv),
                  .additional_data = CopyOf(arguments.additional_data),
                  .tag_size = arguments.tag_size,
                  .counter_bits = arguments.counter_bits};
  KeyState* state = arguments.as_key ? &cx.State<KeyState>() : nullptr;
  return Run(cx, at_once, data,
             [key = std::move(key), spec = std::move(spec), state](std::span<const uint8_t> bytes) {
               return SecretOutput(state, RunCipher(spec, key->secret(), bytes));
             });
}

Task<Result<KeyOutput>> op_crypto_oaep(OpContext& cx, KeyRef key, bool encrypt, uint32_t hash,
                                       Bytes label, Bytes data, bool as_key) {
  if (hash >= kHashCount || !key->pkey()) return Refuse<KeyOutput>();
  KeyState* state = as_key ? &cx.State<KeyState>() : nullptr;
  return Run(cx, false, data,
             [key = std::move(key), encrypt, id = static_cast<HashId>(hash), label = CopyOf(label),
              state](std::span<const uint8_t> bytes) {
               return SecretOutput(state, RunOaep(*key, encrypt, id, label.span(), bytes));
             });
}

// ---- signatures

// Curves on which OpenSSL takes some tens of microseconds.
bool IsFast(PairKind kind) {
  return kind == PairKind::kP256 || kind == PairKind::kEd25519 || kind == PairKind::kX25519;
}

bool IsValid(const SignArguments& arguments, const KeyRef& key) {
  return arguments.kind < kPairKindCount && arguments.hash < kHashCount && key->pkey() != nullptr;
}

Task<Result<KeyOutput>> op_crypto_sign(OpContext& cx, KeyRef key, SignArguments arguments,
                                       Bytes data) {
  if (!IsValid(arguments, key)) return Refuse<KeyOutput>();
  const auto kind = static_cast<PairKind>(arguments.kind);
  return Run(
      cx, IsFast(kind) && data.size() <= kAtOnce, data,
      [key = std::move(key), kind, arguments](std::span<const uint8_t> bytes) {
        const auto hash = static_cast<HashId>(arguments.hash);
        if (kind == PairKind::kRsa) {
          return BytesOutput(SignRsa(
              *key, {.hash = hash, .pss = arguments.pss, .salt_size = arguments.salt_size}, bytes));
        }
        return BytesOutput(IsEc(kind) ? SignEcdsa(kind, *key, hash, bytes)
                                      : SignEddsa(*key, bytes));
      });
}

Task<Result<bool>> op_crypto_verify(OpContext& cx, KeyRef key, SignArguments arguments,
                                    Bytes signature, Bytes data) {
  if (!IsValid(arguments, key)) return Refuse<bool>();
  const auto kind = static_cast<PairKind>(arguments.kind);
  return Run(cx, IsFast(kind) && data.size() <= kAtOnce, data,
             [key = std::move(key), kind, arguments,
              signature = CopyOf(signature)](std::span<const uint8_t> bytes) -> Result<bool> {
               const auto hash = static_cast<HashId>(arguments.hash);
               if (kind == PairKind::kRsa) {
                 return VerifyRsa(
                     *key, {.hash = hash, .pss = arguments.pss, .salt_size = arguments.salt_size},
                     signature.span(), bytes);
               }
               return IsEc(kind) ? VerifyEcdsa(kind, *key, hash, signature.span(), bytes)
                                 : VerifyEddsa(kind, *key, signature.span(), bytes);
             });
}

// ---- making and deriving keys

// The private half; op_crypto_key_public_half gives the other.
Task<Result<KeyOutput>> op_crypto_generate(OpContext& cx, uint32_t kind_number, uint32_t bits,
                                           Bytes exponent) {
  if (kind_number >= kPairKindCount) return Refuse<KeyOutput>();
  const auto kind = static_cast<PairKind>(kind_number);
  KeyState* state = &cx.State<KeyState>();
  return Run(cx, kind != PairKind::kRsa, exponent,
             [kind, bits, state](std::span<const uint8_t> public_exponent) {
               if (kind == PairKind::kRsa) {
                 return KeyOutputOf(state, GenerateRsa(bits, public_exponent));
               }
               return KeyOutputOf(state, IsEc(kind) ? GenerateEc(kind) : GenerateOkp(kind));
             });
}

Task<Result<KeyOutput>> op_crypto_agree(OpContext& cx, KeyRef own, KeyRef peer) {
  if (!own->pkey() || !peer->pkey()) return Refuse<KeyOutput>();
  return Run(cx, true, Bytes(),
             [own = std::move(own), peer = std::move(peer), state = &cx.State<KeyState>()](
                 std::span<const uint8_t>) { return SecretOutput(state, Agree(*own, *peer)); });
}

Task<Result<KeyOutput>> op_crypto_hkdf(OpContext& cx, KeyRef key, uint32_t hash, Bytes salt,
                                       Bytes info, uint32_t size) {
  if (hash >= kHashCount) return Refuse<KeyOutput>();
  const bool at_once = salt.size() + key->secret().size() + info.size() <= 1024 && size <= 1024;
  return Run(cx, at_once, info,
             [key = std::move(key), id = static_cast<HashId>(hash), salt = CopyOf(salt), size,
              state = &cx.State<KeyState>()](std::span<const uint8_t> bytes) {
               return SecretOutput(state, Hkdf(id, key->secret(), salt.span(), bytes, size));
             });
}

Task<Result<KeyOutput>> op_crypto_pbkdf2(OpContext& cx, KeyRef key, uint32_t hash, Bytes salt,
                                         uint32_t iterations, uint32_t size) {
  if (hash >= kHashCount) return Refuse<KeyOutput>();
  return Run(cx, false, salt,
             [key = std::move(key), id = static_cast<HashId>(hash), iterations, size,
              state = &cx.State<KeyState>()](std::span<const uint8_t> bytes) {
               return SecretOutput(state, Pbkdf2(id, key->secret(), bytes, iterations, size));
             });
}

Task<Result<KeyOutput>> op_crypto_argon2(OpContext& cx, KeyRef key, Argon2Arguments arguments,
                                         uint32_t size) {
  if (arguments.type >= kArgon2TypeCount) return Refuse<KeyOutput>();
  Argon2Spec spec{.type = static_cast<Argon2Type>(arguments.type),
                  .memory_kib = arguments.memory,
                  .passes = arguments.passes,
                  .lanes = arguments.parallelism,
                  .secret = SecretBytes::Copy(arguments.secret.span()),
                  .associated_data = CopyOf(arguments.associated_data)};
  return Run(cx, false, arguments.nonce,
             [key = std::move(key), spec = std::move(spec), size,
              state = &cx.State<KeyState>()](std::span<const uint8_t> nonce) {
               return SecretOutput(state, Argon2(spec, key->secret(), nonce, size));
             });
}

constexpr std::array kOps = {
    RT_OP(op_crypto_digest, NoPerm<"pure">),   RT_OP(op_crypto_cshake, NoPerm<"pure">),
    RT_OP(op_crypto_mac, NoPerm<"pure">),      RT_OP(op_crypto_mac_verify, NoPerm<"pure">),
    RT_OP(op_crypto_cipher, NoPerm<"pure">),   RT_OP(op_crypto_oaep, NoPerm<"pure">),
    RT_OP(op_crypto_sign, NoPerm<"pure">),     RT_OP(op_crypto_verify, NoPerm<"pure">),
    RT_OP(op_crypto_generate, NoPerm<"pure">), RT_OP(op_crypto_agree, NoPerm<"pure">),
    RT_OP(op_crypto_hkdf, NoPerm<"pure">),     RT_OP(op_crypto_pbkdf2, NoPerm<"pure">),
    RT_OP(op_crypto_argon2, NoPerm<"pure">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension CryptoSubtleExtension() {
  return {.name = "crypto_subtle",
          .ops = kOps,
          .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<KeyState>();
          }};
}

}  // namespace rt
