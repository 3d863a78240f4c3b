#include "src/module/npm/tar_reader.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

namespace rt {
namespace {

class Collector final : public TarSink {
 public:
  Result<void> BeginFile(const std::string& path, bool executable) override {
    text_ += path + (executable ? "*" : "") + "=";
    return {};
  }
  Result<void> Write(std::span<const uint8_t> bytes) override {
    text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  Result<void> EndFile() override {
    text_ += ";";
    return {};
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string Entry(const std::string& name, const std::string& body, char type = '0',
                  const char* size = nullptr, const char* mode = "0000644") {
  std::string block(512, '\0');
  std::memcpy(block.data(), name.data(), std::min<size_t>(name.size(), 100));
  std::memcpy(block.data() + 100, mode, 7);
  char digits[16];
  snprintf(digits, sizeof digits, "%011zo", body.size());
  std::memcpy(block.data() + 124, size ? size : digits, 11);
  block[156] = type;
  std::memcpy(block.data() + 257, "ustar\0", 6);
  unsigned sum = 8 * ' ';
  for (const char c : block) sum += static_cast<unsigned char>(c);
  snprintf(digits, sizeof digits, "%06o", sum);
  std::memcpy(block.data() + 148, digits, 7);
  std::string padded = body;
  padded.resize((body.size() + 511) / 512 * 512);
  return block + padded;
}

// What is read, or "!" and the error. `piece`: how much at a time.
std::string Read(const std::string& archive, size_t piece = SIZE_MAX, TarLimits limits = {}) {
  Collector collector;
  TarReader reader(collector, limits);
  for (size_t at = 0; at < archive.size();) {
    const size_t size = std::min(piece, archive.size() - at);
    const auto* data = reinterpret_cast<const uint8_t*>(archive.data()) + at;
    if (auto fed = reader.Feed({data, size}); !fed.ok()) return "!" + fed.error().message;
    at += size;
  }
  if (auto ended = reader.Finish(); !ended.ok()) return "!" + ended.error().message;
  return collector.text();
}

const std::string kEnd(1024, '\0');

TEST(TarReader, FilesInPiecesOfAnySize) {
  const std::string archive =
      Entry("package/a.js", "hello") +
      Entry("package/b/c", std::string(700, 'x'), '\0', nullptr, "0000755") +
      Entry("package/empty", "") + kEnd + "rubbish";
  const std::string expected = "a.js=hello;b/c*=" + std::string(700, 'x') + ";empty=;";
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{511}, size_t{512}, SIZE_MAX}) {
    EXPECT_EQ(Read(archive, piece), expected) << piece;
  }
}

TEST(TarReader, NamesThatLeaveThePackage) {
  for (const char* name : {"/a", "package/../a", "..", "package/b/../../../a", "../package/a"}) {
    EXPECT_NE(Read(Entry(name, "x") + kEnd).find("is outside the package"), std::string::npos)
        << name;
  }
  EXPECT_EQ(Read(Entry("./package//./a", "x") + kEnd), "a=x;");
  EXPECT_EQ(Read(Entry("lonely", "x") + kEnd), "");
}

TEST(TarReader, OnlyFilesArrive) {
  std::string archive;
  for (const char type : {'1', '2', '3', '4', '5', '6', 'g', 'K', 'V', 'S'}) {
    archive += Entry("package/a", "x", type);
  }
  EXPECT_EQ(Read(archive + Entry("package/b", "y") + kEnd), "b=y;");
}

TEST(TarReader, LongNames) {
  const std::string name(300, 'n');
  EXPECT_EQ(Read(Entry("x", "package/" + name + '\0', 'L') + Entry("package/short", "1") + kEnd),
            name + "=1;");
  EXPECT_EQ(Read(Entry("x", "22 path=package/other\n", 'x') + Entry("package/short", "1") + kEnd),
            "other=1;");
  EXPECT_NE(Read(Entry("x", "24 path=package/../../o\n", 'x') + Entry("package/s", "1") + kEnd)
                .find("outside"),
            std::string::npos);
  EXPECT_NE(
      Read(Entry("x", "99999 path=a\n", 'x') + Entry("package/s", "1") + kEnd).find("no header"),
      std::string::npos);
}

TEST(TarReader, WhatIsDamaged) {
  const std::string good = Entry("package/a", "hello");
  EXPECT_NE(Read(good.substr(0, 515)).find("cut off"), std::string::npos);
  EXPECT_NE(Read(good.substr(0, 300)).find("cut off"), std::string::npos);
  std::string wrong = good;
  wrong[0] = 'q';
  EXPECT_NE(Read(wrong + kEnd).find("checksum"), std::string::npos);
  EXPECT_NE(Read(Entry("package/a", "", '0', "99999999999") + kEnd).find("damaged"),
            std::string::npos);
  EXPECT_NE(Read(Entry("package/a", "", '0', "77777777777") + kEnd).find("too large"),
            std::string::npos);
}

TEST(TarReader, Limits) {
  const std::string two = Entry("package/a", "12345") + Entry("package/b", "12345") + kEnd;
  EXPECT_NE(Read(two, SIZE_MAX, {.total = 9}).find("too much"), std::string::npos);
  EXPECT_NE(Read(two, SIZE_MAX, {.entries = 1}).find("too many"), std::string::npos);
  EXPECT_NE(Read(two, SIZE_MAX, {.name = 5}).find("too long"), std::string::npos);
}

}  // namespace
}  // namespace rt
