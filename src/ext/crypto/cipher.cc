// See the header. Must never give out plaintext whose tag was not checked.
#include "src/ext/crypto/cipher.h"

#include <array>

#include "src/ext/crypto/crypto_ptr.h"

namespace rt {
namespace {

// EVP counts in int.
constexpr size_t kStep = size_t{1} << 30;
constexpr size_t kBlock = 16;
// OpenSSL's GCM keeps an iv of at most this many bytes.
constexpr size_t kMaxGcmIv = 128;

Error Failure(const CipherSpec& spec) {
  return OperationError(spec.encrypt ? "Encryption failed" : "Decryption failed");
}

const EVP_CIPHER* CipherOf(CipherMode mode, size_t key_size) {
  if (mode == CipherMode::kChaCha20Poly1305) {
    return key_size == 32 ? EVP_chacha20_poly1305() : nullptr;
  }
  using Make = const EVP_CIPHER* (*)();
  constexpr Make kCiphers[5][3] = {
      {EVP_aes_128_cbc, EVP_aes_192_cbc, EVP_aes_256_cbc},
      {EVP_aes_128_ctr, EVP_aes_192_ctr, EVP_aes_256_ctr},
      {EVP_aes_128_gcm, EVP_aes_192_gcm, EVP_aes_256_gcm},
      {EVP_aes_128_wrap, EVP_aes_192_wrap, EVP_aes_256_wrap},
      {EVP_aes_128_ocb, EVP_aes_192_ocb, EVP_aes_256_ocb},
  };
  if (key_size != 16 && key_size != 24 && key_size != 32) return nullptr;
  return kCiphers[static_cast<size_t>(mode)][key_size / 8 - 2]();
}

// Feeds `data`; false: failed. `out` moves on. A null `out` feeds additional data.
bool Update(EVP_CIPHER_CTX* context, uint8_t** out, std::span<const uint8_t> data) {
  while (!data.empty()) {
    const size_t size = std::min(data.size(), kStep);
    int written = 0;
    if (EVP_CipherUpdate(context, out ? *out : nullptr, &written, data.data(),
                         static_cast<int>(size)) != 1) {
      return false;
    }
    if (out) *out += written;
    data = data.subspan(size);
  }
  return true;
}

bool IsAuthenticated(CipherMode mode) {
  return mode == CipherMode::kGcm || mode == CipherMode::kOcb ||
         mode == CipherMode::kChaCha20Poly1305;
}

Result<SecretBytes> RunAuthenticated(const CipherSpec& spec, const EVP_CIPHER* cipher,
                                     std::span<const uint8_t> key, std::span<const uint8_t> data) {
  if (spec.iv.empty()) return OperationError("The initialization vector is empty");
  if (spec.iv.size() > kMaxGcmIv) {
    return OperationError("Initialization vectors of more than 128 bytes are not implemented");
  }
  const size_t tag_size = spec.tag_size;
  if (!spec.encrypt && data.size() < tag_size) {
    return OperationError("The ciphertext is shorter than its tag");
  }
  const size_t text_size = spec.encrypt ? data.size() : data.size() - tag_size;
  SecretBytes out = SecretBytes::Allocate(text_size + (spec.encrypt ? tag_size : 0));
  const CipherCtxPtr context(EVP_CIPHER_CTX_new());
  if (!out || !context) return Failure(spec);
  EVP_CIPHER_CTX* const c = context.get();
  const int encrypt = spec.encrypt ? 1 : 0;
  std::array<uint8_t, 16> tag{};
  if (!spec.encrypt) memcpy(tag.data(), data.data() + text_size, tag_size);
  if (EVP_CipherInit_ex2(c, cipher, nullptr, nullptr, encrypt, nullptr) != 1 ||
      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(spec.iv.size()), nullptr) !=
          1) {
    return Failure(spec);
  }
  // OCB wants the tag's size before the key, whichever way.
  const auto set_tag = [&](uint8_t* value) {
    return EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size), value) == 1;
  };
  if ((spec.mode == CipherMode::kOcb && !set_tag(nullptr)) ||
      (!spec.encrypt && !set_tag(tag.data()))) {
    return Failure(spec);
  }
  uint8_t* at = out.data();
  int written = 0;
  if (EVP_CipherInit_ex2(c, nullptr, key.data(), spec.iv.data(), encrypt, nullptr) != 1 ||
      !Update(c, nullptr, spec.additional_data.span()) || !Update(c, &at, data.first(text_size)) ||
      EVP_CipherFinal_ex(c, at, &written) != 1) {
    return Failure(spec);
  }
  at += written;
  if (at != out.data() + text_size) return Failure(spec);
  if (spec.encrypt &&
      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size), at) != 1) {
    return Failure(spec);
  }
  return out;
}

// CBC with PKCS #7 padding.
Result<SecretBytes> RunCbc(const CipherSpec& spec, const EVP_CIPHER* cipher,
                           std::span<const uint8_t> key, std::span<const uint8_t> data) {
  if (spec.iv.size() != kBlock) return OperationError("The initialization vector has no 16 bytes");
  if (!spec.encrypt && (data.empty() || data.size() % kBlock != 0)) return Failure(spec);
  SecretBytes room = SecretBytes::Allocate(data.size() + kBlock);
  const CipherCtxPtr context(EVP_CIPHER_CTX_new());
  uint8_t* at = room.data();
  int written = 0;
  if (!room || !context ||
      EVP_CipherInit_ex2(context.get(), cipher, key.data(), spec.iv.data(), spec.encrypt ? 1 : 0,
                         nullptr) != 1 ||
      !Update(context.get(), &at, data) || EVP_CipherFinal_ex(context.get(), at, &written) != 1) {
    return Failure(spec);
  }
  at += written;
  SecretBytes out = SecretBytes::Copy(room.span().first(static_cast<size_t>(at - room.data())));
  if (!out) return Failure(spec);
  return out;
}

// How many blocks there are before the lowest `bits` bits of the counter wrap to zero; at most
// 2^60.
uint64_t BlocksBeforeWrap(const Bytes& counter, uint32_t bits) {
  constexpr uint64_t kMany = uint64_t{1} << 60;
  unsigned __int128 low = 0;
  for (uint8_t byte : counter.span()) low = low << 8 | byte;
  // 2^bits - (counter mod 2^bits); with 128 bits unsigned arithmetic does the same.
  const unsigned __int128 mask = bits == 128 ? ~static_cast<unsigned __int128>(0)
                                             : (static_cast<unsigned __int128>(1) << bits) - 1;
  const unsigned __int128 last = mask - (low & mask);  // blocks after this one
  return last >= kMany ? kMany : static_cast<uint64_t>(last) + 1;
}

Result<SecretBytes> RunCtr(const CipherSpec& spec, const EVP_CIPHER* cipher,
                           std::span<const uint8_t> key, std::span<const uint8_t> data) {
  const uint32_t bits = spec.counter_bits;
  if (spec.iv.size() != kBlock) return OperationError("The counter has no 16 bytes");
  if (bits == 0 || bits > 128) return OperationError("The counter's length is not 1 to 128 bits");
  const uint64_t blocks = data.size() / kBlock + (data.size() % kBlock != 0 ? 1 : 0);
  if (bits < 60 && blocks > uint64_t{1} << bits) {
    return OperationError("The data is longer than the counter can count");
  }
  SecretBytes out = SecretBytes::Allocate(data.size());
  const CipherCtxPtr context(EVP_CIPHER_CTX_new());
  if (!out || !context) return Failure(spec);
  // OpenSSL counts with all 128 bits: what comes after the wrap starts with a counter of zero.
  const uint64_t before_wrap = BlocksBeforeWrap(spec.iv, bits);
  const size_t first = blocks > before_wrap ? before_wrap * kBlock : data.size();
  std::array<uint8_t, kBlock> counter;
  memcpy(counter.data(), spec.iv.data(), kBlock);
  uint8_t* at = out.data();
  for (std::span<const uint8_t> part : {data.first(first), data.subspan(first)}) {
    if (EVP_CipherInit_ex2(context.get(), cipher, key.data(), counter.data(), 1, nullptr) != 1 ||
        !Update(context.get(), &at, part)) {
      return Failure(spec);
    }
    for (uint32_t bit = 0; bit < bits; bit += 8) {
      uint8_t& byte = counter[kBlock - 1 - bit / 8];
      byte = bits - bit >= 8 ? 0 : static_cast<uint8_t>(byte & 0xff << (bits - bit));
    }
  }
  return out;
}

// RFC 3394.
Result<SecretBytes> RunKeyWrap(const CipherSpec& spec, const EVP_CIPHER* cipher,
                               std::span<const uint8_t> key, std::span<const uint8_t> data) {
  const size_t least = spec.encrypt ? 16 : 24;
  if (data.size() < least || data.size() % 8 != 0 || data.size() > kStep) {
    return OperationError(spec.encrypt
                              ? "The data to wrap is not 16 bytes or a longer multiple of 8"
                              : "The wrapped data has no valid length");
  }
  const size_t size = spec.encrypt ? data.size() + 8 : data.size() - 8;
  SecretBytes out = SecretBytes::Allocate(data.size() + 8);
  const CipherCtxPtr context(EVP_CIPHER_CTX_new());
  if (!out || !context) return Failure(spec);
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  int written = 0;
  if (EVP_CipherInit_ex2(context.get(), cipher, key.data(), nullptr, spec.encrypt ? 1 : 0,
                         nullptr) != 1 ||
      EVP_CipherUpdate(context.get(), out.data(), &written, data.data(),
                       static_cast<int>(data.size())) != 1 ||
      static_cast<size_t>(written) != size) {
    return Failure(spec);
  }
  SecretBytes exact = SecretBytes::Copy(out.span().first(size));
  if (!exact) return Failure(spec);
  return exact;
}

}  // namespace

Result<SecretBytes> RunCipher(const CipherSpec& spec, std::span<const uint8_t> key,
                              std::span<const uint8_t> data) {
  const ErrorQueueScope errors;
  const EVP_CIPHER* cipher = CipherOf(spec.mode, key.size());
  if (cipher == nullptr) return OperationError("The key does not fit the cipher");
  if (IsAuthenticated(spec.mode)) return RunAuthenticated(spec, cipher, key, data);
  switch (spec.mode) {
    case CipherMode::kCtr:
      return RunCtr(spec, cipher, key, data);
    case CipherMode::kKw:
      return RunKeyWrap(spec, cipher, key, data);
    default:
      return RunCbc(spec, cipher, key, data);
  }
}

}  // namespace rt
