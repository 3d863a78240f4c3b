// Keys below JavaScript: what was refused leaves nothing in OpenSSL's error queue, and keys are
// usable by several threads at once.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "src/ext/crypto/base64url.h"
#include "src/ext/crypto/cipher.h"
#include "src/ext/crypto/ec.h"
#include "src/ext/crypto/kdf.h"
#include "src/ext/crypto/okp.h"
#include "src/ext/crypto/rsa.h"

namespace rt {
namespace {

const std::vector<uint8_t> kJunk(200, 0x30);

TEST(KeyMaterialTest, FailuresLeaveNoErrorInTheQueue) {
  for (PairKind kind :
       {PairKind::kRsa, PairKind::kP256, PairKind::kP521, PairKind::kEd25519, PairKind::kX448}) {
    EXPECT_FALSE(ParseSpki(kind, kJunk).ok());
    EXPECT_EQ(ERR_peek_error(), 0u);
    EXPECT_FALSE(ParsePkcs8(kind, kJunk).ok());
    EXPECT_EQ(ERR_peek_error(), 0u);
    EXPECT_FALSE(ParseSpki(kind, {}).ok());
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
  EXPECT_FALSE(ImportEcPoint(PairKind::kP256, kJunk).ok());
  const std::vector<uint8_t> off_curve(65, 4);
  EXPECT_FALSE(ImportEcPoint(PairKind::kP256, off_curve).ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
  Result<KeyRef> rsa = GenerateRsa(1024, std::vector<uint8_t>{1, 0, 1});
  ASSERT_TRUE(rsa.ok());
  EXPECT_FALSE(RunOaep(**rsa, false, HashId::kSha1, {}, kJunk).ok());
  EXPECT_FALSE(VerifyRsa(**rsa, {.pss = true, .salt_size = 20}, kJunk, kJunk));
  EXPECT_FALSE(SignRsa(**rsa, {.pss = true, .salt_size = UINT32_MAX}, kJunk).ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
  CipherSpec cbc;
  cbc.encrypt = false;
  cbc.iv = Bytes::Allocate(16);
  EXPECT_FALSE(RunCipher(cbc, std::vector<uint8_t>(16), std::vector<uint8_t>(32)).ok());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(KeyMaterialTest, KeysOfAnotherKindAreRefused) {
  Result<KeyRef> ed = GenerateOkp(PairKind::kEd25519);
  ASSERT_TRUE(ed.ok());
  Result<Bytes> spki = ExportSpki(**ed);
  ASSERT_TRUE(spki.ok());
  EXPECT_TRUE(ParseSpki(PairKind::kEd25519, spki->span()).ok());
  for (PairKind kind : {PairKind::kRsa, PairKind::kP256, PairKind::kX25519, PairKind::kEd448}) {
    EXPECT_FALSE(ParseSpki(kind, spki->span()).ok());
  }
}

TEST(KeyMaterialTest, ThreadsShareAKey) {
  Result<KeyRef> made = GenerateEc(PairKind::kP256);
  ASSERT_TRUE(made.ok());
  const KeyRef key = *made;
  std::vector<std::thread> threads;
  std::array<int, 4> good{};
  for (int& count : good) {
    threads.emplace_back([key, &count] {
      for (int i = 0; i < 50; ++i) {
        Result<Bytes> signature = SignEcdsa(PairKind::kP256, *key, HashId::kSha256, kJunk);
        if (signature.ok() &&
            VerifyEcdsa(PairKind::kP256, *key, HashId::kSha256, signature->span(), kJunk)) {
          ++count;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int count : good) EXPECT_EQ(count, 50);
}

TEST(KeyMaterialTest, HkdfBoundsItsOutput) {
  EXPECT_TRUE(Hkdf(HashId::kSha256, {}, {}, {}, 255 * 32).ok());
  EXPECT_FALSE(Hkdf(HashId::kSha256, {}, {}, {}, 255 * 32 + 1).ok());
}

TEST(Base64UrlTest, TakesOneSpellingOnly) {
  for (const char* text :
       {"A", "AAAAA", "AA=", "AA==", "A+", "A/", "A A", "AB", "AAB", "\xc3\xa9"}) {
    EXPECT_FALSE(DecodeBase64Url(text).has_value()) << text;
  }
  for (size_t size = 0; size < 70; ++size) {
    std::vector<uint8_t> bytes(size);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(251 * i + size);
    const auto back = DecodeBase64Url(EncodeBase64Url(bytes));
    ASSERT_TRUE(back.has_value());
    EXPECT_TRUE(std::ranges::equal(back->span(), bytes));
  }
}

}  // namespace
}  // namespace rt
