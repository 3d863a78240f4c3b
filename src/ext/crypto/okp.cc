// See the header.
#include "src/ext/crypto/okp.h"

#include <algorithm>
#include <array>

namespace rt {
namespace {

struct Okp {
  const char* name;
  size_t size;  // of either half, in bytes
};

const Okp& Of(PairKind kind) {
  static constexpr Okp kKinds[] = {{"ED25519", 32}, {"X25519", 32}, {"ED448", 57}, {"X448", 56}};
  return kKinds[static_cast<size_t>(kind) - static_cast<size_t>(PairKind::kEd25519)];
}

Error BadKey() {
  return DataError("The key data is not a valid key of the algorithm");
}

Result<Bytes> TakeRaw(const KeyMaterial& key,
                      int (*take)(const EVP_PKEY*, unsigned char*, size_t*)) {
  size_t size = 0;
  if (take(key.pkey(), nullptr, &size) != 1) {
    return OperationError("The key could not be exported");
  }
  Bytes out = Bytes::Allocate(size);
  if (take(key.pkey(), out.data(), &size) != 1) {
    return OperationError("The key could not be exported");
  }
  return out;
}

// The y coordinates of points whose order divides 8, little endian, and those encodings of them
// that are not reduced: 0, 1, -1, the two of order 8, p and p + 1.
constexpr std::array<std::array<uint8_t, 32>, 2> kOrderEight = {{
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
}};

bool IsSmallOrder25519(std::span<const uint8_t> point) {
  std::array<uint8_t, 32> y;
  std::copy(point.begin(), point.end(), y.begin());
  y[31] &= 0x7f;  // the sign of x
  if (y == kOrderEight[0] || y == kOrderEight[1]) return true;
  const bool middle_zero = std::all_of(y.begin() + 1, y.end(), [](uint8_t b) { return b == 0; });
  if (middle_zero && y[0] <= 1) return true;
  const bool middle_full =
      std::all_of(y.begin() + 1, y.end() - 1, [](uint8_t b) { return b == 0xff; });
  return middle_full && y[31] == 0x7f && y[0] >= 0xec && y[0] <= 0xee;
}

// The same for Ed448, whose cofactor is 4: y is 0, 1, -1, p or p + 1, where p = 2^448 - 2^224 - 1.
bool IsSmallOrder448(std::span<const uint8_t> point) {
  const auto all = [&](size_t from, size_t to, uint8_t value) {
    return std::all_of(point.begin() + static_cast<ptrdiff_t>(from),
                       point.begin() + static_cast<ptrdiff_t>(to),
                       [value](uint8_t b) { return b == value; });
  };
  if ((point[56] & 0x7f) != 0) return false;
  if (all(1, 56, 0)) return point[0] <= 1;
  // p is 28 bytes 0xff, then 0xfe, then 27 bytes 0xff.
  if (point[28] == 0xfe && all(29, 56, 0xff) && all(1, 28, 0xff)) return point[0] >= 0xfe;
  return point[28] == 0xff && all(29, 56, 0xff) && all(0, 28, 0);  // p + 1
}

bool IsSmallOrder(PairKind kind, std::span<const uint8_t> point) {
  return kind == PairKind::kEd25519 ? IsSmallOrder25519(point) : IsSmallOrder448(point);
}

}  // namespace

Result<KeyRef> GenerateOkp(PairKind kind) {
  const ErrorQueueScope errors;
  PkeyPtr pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, Of(kind).name));
  if (!pkey) return OperationError("The key could not be generated");
  return MakeKey(std::move(pkey));
}

Result<KeyRef> ImportOkpPublic(PairKind kind, std::span<const uint8_t> bytes) {
  const ErrorQueueScope errors;
  if (bytes.size() != Of(kind).size) return BadKey();
  PkeyPtr pkey(
      EVP_PKEY_new_raw_public_key_ex(nullptr, Of(kind).name, nullptr, bytes.data(), bytes.size()));
  if (!pkey) return BadKey();
  return MakeKey(std::move(pkey));
}

Result<KeyRef> ImportOkpPrivate(PairKind kind, std::span<const uint8_t> bytes,
                                std::span<const uint8_t> public_bytes) {
  const ErrorQueueScope errors;
  if (bytes.size() != Of(kind).size) return BadKey();
  PkeyPtr pkey(
      EVP_PKEY_new_raw_private_key_ex(nullptr, Of(kind).name, nullptr, bytes.data(), bytes.size()));
  if (!pkey) return BadKey();
  KeyRef key = MakeKey(std::move(pkey));
  if (!public_bytes.empty()) {
    RT_TRY(const Bytes made, ExportOkpPublic(*key));
    if (!std::ranges::equal(made.span(), public_bytes)) return BadKey();
  }
  return key;
}

Result<Bytes> ExportOkpPublic(const KeyMaterial& key) {
  const ErrorQueueScope errors;
  return TakeRaw(key, EVP_PKEY_get_raw_public_key);
}

Result<std::vector<Bytes>> ExportOkpParts(const KeyMaterial& key, bool is_private) {
  const ErrorQueueScope errors;
  std::vector<Bytes> parts;
  RT_TRY(Bytes x, TakeRaw(key, EVP_PKEY_get_raw_public_key));
  parts.push_back(std::move(x));
  if (is_private) {
    RT_TRY(Bytes d, TakeRaw(key, EVP_PKEY_get_raw_private_key));
    parts.push_back(std::move(d));
  }
  return parts;
}

Result<Bytes> SignEddsa(const KeyMaterial& key, std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  const MdCtxPtr context(EVP_MD_CTX_new());
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(key.pkey()));
  Bytes out = Bytes::Allocate(size);
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.pkey(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), out.data(), &size, data.data(), data.size()) != 1 ||
      size != out.size()) {
    return OperationError("Signing failed");
  }
  return out;
}

bool VerifyEddsa(PairKind kind, const KeyMaterial& key, std::span<const uint8_t> signature,
                 std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  if (signature.size() != 2 * Of(kind).size) return false;
  Result<Bytes> point = ExportOkpPublic(key);
  // Such a key or commitment makes one signature valid for many messages.
  if (!point.ok() || IsSmallOrder(kind, point->span()) ||
      IsSmallOrder(kind, signature.first(Of(kind).size))) {
    return false;
  }
  const MdCtxPtr context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.pkey(),
                                 nullptr) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(),
                          data.size()) == 1;
}

}  // namespace rt
