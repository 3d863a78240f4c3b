// The ops of rt:ops/crypto_key: keys in and out, each small enough to be done at once. What a
// CryptoKey may be used for is decided in js/ext/crypto before these are called.
#include "src/ext/crypto/base64url.h"
#include "src/ext/crypto/crypto.h"
#include "src/ext/crypto/ec.h"
#include "src/ext/crypto/key_handle.h"
#include "src/ext/crypto/okp.h"
#include "src/ext/crypto/random.h"
#include "src/ext/crypto/rsa.h"

namespace rt {
namespace {

Result<PairKind> KindOf(uint32_t kind) {
  if (kind >= kPairKindCount) return Error::Type("unknown kind of key");
  return static_cast<PairKind>(kind);
}

Result<KeyOutput> Output(OpContext& cx, Result<KeyRef> key) {
  if (!key.ok()) return key.TakeError();
  return KeyOutput{.state = &cx.State<KeyState>(), .key = std::move(key).value(), .bytes = {}};
}

Result<void> RequirePair(const KeyRef& key) {
  if (key->pkey() == nullptr) return Error::Type("not a key of a pair");
  return {};
}

// `size` random bytes.
Result<KeyOutput> op_crypto_key_random(OpContext& cx, uint32_t size) {
  SecretBytes secret = SecretBytes::Allocate(size);
  if (!secret) return OperationError("Not enough memory for a key");
  RT_TRY_VOID(RandomSource(0).Fill(secret.span()));
  return Output(cx, MakeSecretKey(std::move(secret)));
}

Result<KeyOutput> op_crypto_key_import_secret(OpContext& cx, std::span<uint8_t> bytes) {
  return Output(cx, MakeSecretKey(SecretBytes::Copy(bytes)));
}

// The first `bits` bits of a secret; the others of its last byte are zero.
Result<KeyOutput> op_crypto_key_truncate(OpContext& cx, KeyRef key, uint32_t bits) {
  const size_t size = size_t{bits} / 8 + (bits % 8 != 0 ? 1 : 0);
  if (size > key->secret().size()) return OperationError("The secret has fewer bits");
  SecretBytes secret = SecretBytes::Copy(key->secret().first(size));
  if (secret && bits % 8 != 0) {
    secret.data()[size - 1] &= static_cast<uint8_t>(0xff << (8 - bits % 8));
  }
  return Output(cx, MakeSecretKey(std::move(secret)));
}

uint32_t op_crypto_key_secret_size(OpContext&, KeyRef key) {
  return static_cast<uint32_t>(key->secret().size());
}

// A copy: what a script does to its buffer never changes the key.
Result<KeyOutput> op_crypto_key_export_secret(OpContext&, KeyRef key) {
  const std::span<const uint8_t> secret = key->secret();
  return KeyOutput{
      .state = nullptr,
      .key = nullptr,
      .bytes = Bytes::Copy({reinterpret_cast<const char*>(secret.data()), secret.size()})};
}

Result<KeyOutput> op_crypto_key_import_spki(OpContext& cx, uint32_t kind, KeyRef der) {
  RT_TRY(const PairKind pair, KindOf(kind));
  return Output(cx, ParseSpki(pair, der->secret()));
}

Result<KeyOutput> op_crypto_key_import_pkcs8(OpContext& cx, uint32_t kind, KeyRef der) {
  RT_TRY(const PairKind pair, KindOf(kind));
  return Output(cx, ParsePkcs8(pair, der->secret()));
}

// The uncompressed or compressed point, or the bytes of RFC 7748 and RFC 8032.
Result<KeyOutput> op_crypto_key_import_raw(OpContext& cx, uint32_t kind, KeyRef raw) {
  RT_TRY(const PairKind pair, KindOf(kind));
  if (IsEc(pair)) return Output(cx, ImportEcPoint(pair, raw->secret()));
  if (IsOkp(pair)) return Output(cx, ImportOkpPublic(pair, raw->secret()));
  return Error::Type("the kind has no raw form");
}

// The numbers of a JWK: n e [d p q dp dq qi], x y [d], or x [d].
Result<KeyOutput> op_crypto_key_import_parts(OpContext& cx, uint32_t kind,
                                             std::vector<Bytes> parts) {
  RT_TRY(const PairKind pair, KindOf(kind));
  if (pair == PairKind::kRsa) return Output(cx, ImportRsa(parts));
  if (IsEc(pair)) {
    if (parts.size() != 2 && parts.size() != 3) return Error::Type("not the parts of an EC key");
    if (parts.size() == 3 && parts[2].empty()) return DataError("The private key is empty");
    return Output(cx, ImportEcParts(pair, parts[0].span(), parts[1].span(),
                                    parts.size() == 3 ? parts[2].span() : std::span<uint8_t>()));
  }
  if (parts.size() == 1) return Output(cx, ImportOkpPublic(pair, parts[0].span()));
  if (parts.size() != 2) return Error::Type("not the parts of an OKP key");
  if (parts[0].empty()) return DataError("The public key is empty");
  return Output(cx, ImportOkpPrivate(pair, parts[1].span(), parts[0].span()));
}

Result<std::vector<Bytes>> op_crypto_key_export_parts(OpContext&, uint32_t kind, KeyRef key,
                                                      bool is_private) {
  RT_TRY(const PairKind pair, KindOf(kind));
  RT_TRY_VOID(RequirePair(key));
  if (pair == PairKind::kRsa) return ExportRsa(*key, is_private);
  if (IsEc(pair)) return ExportEcParts(pair, *key, is_private);
  return ExportOkpParts(*key, is_private);
}

// As handles: the bytes of a key that is being wrapped are never JavaScript's.
Result<KeyOutput> op_crypto_key_export_spki(OpContext& cx, KeyRef key) {
  RT_TRY_VOID(RequirePair(key));
  RT_TRY(const Bytes der, ExportSpki(*key));
  return Output(cx, MakeSecretKey(SecretBytes::Copy(der.span())));
}

Result<KeyOutput> op_crypto_key_export_pkcs8(OpContext& cx, KeyRef key) {
  RT_TRY_VOID(RequirePair(key));
  return Output(cx, ExportPkcs8(*key));
}

Result<KeyOutput> op_crypto_key_export_raw(OpContext& cx, uint32_t kind, KeyRef key) {
  RT_TRY(const PairKind pair, KindOf(kind));
  RT_TRY_VOID(RequirePair(key));
  RT_TRY(const Bytes raw, IsEc(pair) ? ExportEcPoint(*key) : ExportOkpPublic(*key));
  return Output(cx, MakeSecretKey(SecretBytes::Copy(raw.span())));
}

Result<KeyOutput> op_crypto_key_public_half(OpContext& cx, KeyRef key) {
  RT_TRY_VOID(RequirePair(key));
  return Output(cx, PublicHalf(*key));
}

std::string op_crypto_base64url_encode(OpContext&, std::span<uint8_t> bytes) {
  return EncodeBase64Url(bytes);
}

// Null for what is not exactly base64url without padding.
std::optional<Bytes> op_crypto_base64url_decode(OpContext&, std::string text) {
  return DecodeBase64Url(text);
}

// The bytes of a BufferSource as they are now; none of one that is detached.
Bytes op_crypto_copy_bytes(OpContext&, std::span<uint8_t> bytes) {
  return Bytes::Copy({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// ---- structured clone: a key travels as a buffer that owns a reference to it.

struct SharedKey {
  const void* marker;
  KeyRef key;
};
constexpr char kSharedKeyMarker = 0;

// A buffer for js/ext/crypto/crypto_key.js to put into a message, which never shows it to scripts.
Bytes op_crypto_key_share(OpContext&, KeyRef key) {
  auto shared = std::make_shared<SharedKey>(SharedKey{&kSharedKeyMarker, std::move(key)});
  auto* data = reinterpret_cast<uint8_t*>(shared.get());
  return Bytes(std::move(shared), data, sizeof(SharedKey));
}

// The key in such a buffer.
Result<KeyOutput> op_crypto_key_receive(OpContext& cx, std::span<uint8_t> bytes) {
  const auto* shared = reinterpret_cast<const SharedKey*>(bytes.data());
  if (bytes.size() != sizeof(SharedKey) || shared->marker != &kSharedKeyMarker) {
    return Error::Type("not a shared key");
  }
  return Output(cx, KeyRef(shared->key));
}

constexpr std::array kOps = {
    RT_OP(op_crypto_key_random, NoPerm<"random bytes say nothing about the system">),
    RT_OP(op_crypto_key_import_secret, NoPerm<"pure">),
    RT_OP(op_crypto_key_truncate, NoPerm<"pure">),
    RT_OP(op_crypto_key_secret_size, NoPerm<"pure">),
    RT_OP(op_crypto_key_export_secret, NoPerm<"pure">),
    RT_OP(op_crypto_key_import_spki, NoPerm<"pure">),
    RT_OP(op_crypto_key_import_pkcs8, NoPerm<"pure">),
    RT_OP(op_crypto_key_import_raw, NoPerm<"pure">),
    RT_OP(op_crypto_key_import_parts, NoPerm<"pure">),
    RT_OP(op_crypto_key_export_parts, NoPerm<"pure">),
    RT_OP(op_crypto_key_export_spki, NoPerm<"pure">),
    RT_OP(op_crypto_key_export_pkcs8, NoPerm<"pure">),
    RT_OP(op_crypto_key_export_raw, NoPerm<"pure">),
    RT_OP(op_crypto_key_public_half, NoPerm<"pure">),
    RT_OP(op_crypto_base64url_encode, NoPerm<"pure">),
    RT_OP(op_crypto_base64url_decode, NoPerm<"pure">),
    RT_OP(op_crypto_copy_bytes, NoPerm<"pure">),
    RT_OP(op_crypto_key_share, NoPerm<"the script's own key">),
    RT_OP(op_crypto_key_receive, NoPerm<"the script's own key">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension CryptoKeyExtension() {
  return {.name = "crypto_key",
          .ops = kOps,
          .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<KeyState>();
          }};
}

}  // namespace rt
