// The ops of rt:ops/crypto_akp: ML-KEM and ML-DSA. Keys in and out are done at once, what takes
// long on the pool. No text of an error may depend on secrets.
#include "src/ext/crypto/akp.h"
#include "src/ext/crypto/crypto.h"
#include "src/ext/crypto/run.h"

namespace rt {

// A shared secret as a key, and what lets its owner find it again, as an ArrayBuffer.
struct Encapsulation {
  KeyOutput secret;
  KeyOutput ciphertext;
};
RT_STRUCT(Encapsulation, RT_FIELD(secret), RT_FIELD(ciphertext))

namespace {

// The numbers of js/ext/crypto/akp.js.
enum class Form : uint8_t { kSeed, kPublic, kSpki, kPkcs8 };

Result<KeyRef> Import(AkpKind kind, Form form, std::span<const uint8_t> data) {
  switch (form) {
    case Form::kSeed:
      return ImportAkpSeed(kind, data);
    case Form::kPublic:
      return ImportAkpPublic(kind, data);
    case Form::kSpki:
      return ParseAkpSpki(kind, data);
    case Form::kPkcs8:
      return ParseAkpPkcs8(kind, data);
  }
  return Error::Type("unknown form of a key");
}

Result<SecretBytes> Export(const AkpKey& key, Form form) {
  switch (form) {
    case Form::kSeed:
      return SecretBytes::Copy(key.seed.span());
    case Form::kPublic:
      return SecretBytes::Copy(key.public_bytes.span());
    case Form::kSpki: {
      RT_TRY(const Bytes der, ExportAkpSpki(key));
      return SecretBytes::Copy(der.span());
    }
    case Form::kPkcs8:
      return ExportAkpPkcs8(key);
  }
  return Error::Type("unknown form of a key");
}

bool IsSecret(Form form) {
  return form == Form::kSeed || form == Form::kPkcs8;
}

// Whether ops may use the key for this; JavaScript has checked it before.
bool IsKey(const KeyRef& key, bool kem, bool is_private) {
  return key->akp() != nullptr && IsKem(key->akp()->kind) == kem &&
         (!is_private || key->akp()->is_private());
}

// The private half; op_crypto_akp_public_half gives the other.
Task<Result<KeyOutput>> op_crypto_akp_generate(OpContext& cx, uint32_t kind_number) {
  if (kind_number >= kAkpKindCount) return Refuse<KeyOutput>();
  const auto kind = static_cast<AkpKind>(kind_number);
  return Run(cx, IsKem(kind), Bytes(),
             [kind, state = &cx.State<KeyState>()](std::span<const uint8_t>) {
               return KeyOutputOf(state, GenerateAkp(kind));
             });
}

Result<KeyOutput> op_crypto_akp_import(OpContext& cx, uint32_t kind, uint32_t form, KeyRef data) {
  if (kind >= kAkpKindCount || form > static_cast<uint32_t>(Form::kPkcs8)) {
    return Error::Type("invalid argument");
  }
  return KeyOutputOf(&cx.State<KeyState>(),
                     Import(static_cast<AkpKind>(kind), static_cast<Form>(form), data->secret()));
}

// As a handle: the bytes of a key that is being wrapped are never JavaScript's.
Result<KeyOutput> op_crypto_akp_export(OpContext& cx, uint32_t form_number, KeyRef key) {
  const auto form = static_cast<Form>(form_number);
  if (form_number > static_cast<uint32_t>(Form::kPkcs8) || !key->akp() ||
      (IsSecret(form) && !key->akp()->is_private())) {
    return Error::Type("invalid argument");
  }
  return SecretOutput(&cx.State<KeyState>(), Export(*key->akp(), form));
}

Result<KeyOutput> op_crypto_akp_public_half(OpContext& cx, KeyRef key) {
  if (!key->akp()) return Error::Type("not a key of a pair");
  return KeyOutputOf(&cx.State<KeyState>(), AkpPublicHalf(*key->akp()));
}

// Whether the two have the same public half.
Result<bool> op_crypto_akp_is_pair(OpContext&, KeyRef key, KeyRef other) {
  if (!key->akp() || !other->akp()) return Error::Type("not a key of a pair");
  return std::ranges::equal(key->akp()->public_bytes.span(), other->akp()->public_bytes.span());
}

Task<Result<KeyOutput>> op_crypto_akp_sign(OpContext& cx, KeyRef key, Bytes context, Bytes data) {
  if (!IsKey(key, false, true)) return Refuse<KeyOutput>();
  return Run(cx, false, data,
             [key = std::move(key), context = CopyOf(context)](std::span<const uint8_t> bytes) {
               return BytesOutput(SignMlDsa(*key->akp(), context.span(), bytes));
             });
}

Task<Result<bool>> op_crypto_akp_verify(OpContext& cx, KeyRef key, Bytes context, Bytes signature,
                                        Bytes data) {
  if (!IsKey(key, false, false)) return Refuse<bool>();
  return Run(cx, false, data,
             [key = std::move(key), context = CopyOf(context),
              signature = CopyOf(signature)](std::span<const uint8_t> bytes) -> Result<bool> {
               return VerifyMlDsa(*key->akp(), context.span(), signature.span(), bytes);
             });
}

Result<Encapsulation> op_crypto_akp_encapsulate(OpContext& cx, KeyRef key) {
  if (!IsKey(key, true, false)) return Error::Type("invalid argument");
  RT_TRY(Encapsulated made, Encapsulate(*key->akp()));
  Encapsulation result;
  RT_TRY(result.secret, SecretOutput(&cx.State<KeyState>(), std::move(made.secret)));
  RT_TRY(result.ciphertext, BytesOutput(std::move(made.ciphertext)));
  return result;
}

Result<KeyOutput> op_crypto_akp_decapsulate(OpContext& cx, KeyRef key,
                                            std::span<uint8_t> ciphertext) {
  if (!IsKey(key, true, true)) return Error::Type("invalid argument");
  return SecretOutput(&cx.State<KeyState>(), Decapsulate(*key->akp(), ciphertext));
}

constexpr std::array kOps = {
    RT_OP(op_crypto_akp_generate, NoPerm<"pure">),
    RT_OP(op_crypto_akp_import, NoPerm<"pure">),
    RT_OP(op_crypto_akp_export, NoPerm<"pure">),
    RT_OP(op_crypto_akp_public_half, NoPerm<"pure">),
    RT_OP(op_crypto_akp_is_pair, NoPerm<"pure">),
    RT_OP(op_crypto_akp_sign, NoPerm<"pure">),
    RT_OP(op_crypto_akp_verify, NoPerm<"pure">),
    RT_OP(op_crypto_akp_encapsulate, NoPerm<"pure">),
    RT_OP(op_crypto_akp_decapsulate, NoPerm<"pure">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension CryptoAkpExtension() {
  return {.name = "crypto_akp",
          .ops = kOps,
          .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<KeyState>();
          }};
}

}  // namespace rt
