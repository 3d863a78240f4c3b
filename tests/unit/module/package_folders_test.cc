// Packages on disk: what their marks and manifests say, and what an integrity may be.
#include "src/module/npm/package_folders.h"

#include <gtest/gtest.h>

#include "src/base/digest.h"

namespace rt {
namespace {

TEST(PackageManifest, KnowsItsFilesAndNoOthers) {
  const PackageManifest::Hashes hashes = {
      {"index.js", DigestOf(DigestKind::kSha256, "code")},
      {std::string("a\nb"), DigestOf(DigestKind::kSha256, "")},
  };
  const std::string text = PackageManifest::TextOf(hashes);
  const PackageManifest manifest(text);
  EXPECT_TRUE(manifest.Has("index.js"));
  EXPECT_TRUE(manifest.Matches("index.js", "code"));
  EXPECT_TRUE(manifest.Matches("a\nb", ""));
  EXPECT_FALSE(manifest.Matches("index.js", "cod"));
  EXPECT_FALSE(manifest.Matches("index.js", ""));
  EXPECT_FALSE(manifest.Has("other.js"));
  EXPECT_FALSE(manifest.Matches("other.js", "code"));
  for (size_t size = 0; size < text.size(); ++size) {
    const PackageManifest torn(text.substr(0, size));
    EXPECT_FALSE(torn.Has("index.js") && torn.Has("a\nb")) << size;
  }
}

TEST(PackageMark, IsReadAsItWasWritten) {
  const std::string text = PackageMark::Of("tarball", "manifest").ToText();
  const auto mark = PackageMark::Parse(text);
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->sha512, IntegrityOf("tarball"));
  EXPECT_EQ(mark->manifest, Sha256Hex("manifest"));
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(PackageMark::Parse(text.substr(0, size))) << size;
  }
  EXPECT_FALSE(PackageMark::Parse(text + "\n"));
  EXPECT_FALSE(PackageMark::Parse(IntegrityOf("tarball")));  // that of another version
}

TEST(Integrity, IsCheckedAgainstBytesAndMarksAlike) {
  const PackageMark mark = PackageMark::Of("tarball", "");
  const PackageMark other = PackageMark::Of("another", "");
  const std::string hex = HexOf(DigestOf(DigestKind::kSha1, "tarball"));
  for (const std::string& right :
       {mark.sha512, mark.sha384, mark.sha256, mark.sha1, hex, other.sha512 + " " + mark.sha512,
        mark.sha512 + "?opt", other.sha1 + " " + mark.sha256}) {
    EXPECT_TRUE(IsIntegrity(right)) << right;
    EXPECT_TRUE(CheckIntegrity("tarball", right).ok()) << right;
    EXPECT_TRUE(CheckIntegrity(mark, right).ok()) << right;
    EXPECT_FALSE(CheckIntegrity("something", right).ok()) << right;
  }
  EXPECT_FALSE(CheckIntegrity(other, mark.sha1).ok());
  EXPECT_FALSE(CheckIntegrity(other, hex).ok());
  // The strongest kind counts.
  EXPECT_FALSE(CheckIntegrity(mark, other.sha512 + " " + mark.sha1).ok());
}

TEST(Integrity, ThatSaysNothingIsNone) {
  for (const char* wrong : {"", "garbage", "md5-abc", "md5-AAAA", "sha512-", "sha512-AAAA",
                            "sha1-abc", "SHA512-AAAA", "0123456789abcdef"}) {
    EXPECT_FALSE(IsIntegrity(wrong)) << wrong;
    EXPECT_FALSE(CheckIntegrity("tarball", wrong).ok()) << wrong;
    EXPECT_FALSE(CheckIntegrity(PackageMark::Of("tarball", ""), wrong).ok()) << wrong;
  }
  EXPECT_FALSE(IsIntegrity(IntegrityOf("x") + " sha512-AAAA"));
}

}  // namespace
}  // namespace rt
