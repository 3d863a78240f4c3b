// Text encodings: malformed input, byte order marks, and that cutting a stream changes nothing.
#include "src/ext/web/encoding.h"

#include <random>
#include <vector>

#include "tests/unit/web/isolate_fixture.h"

namespace rt {
namespace {

class EncodingTest : public IsolateFixture {
 protected:
  std::u16string Decode(const std::vector<uint8_t>& bytes, Encoding encoding = Encoding::kUtf8,
                        bool keep_bom = false) {
    auto text = DecodeText(isolate(), bytes, encoding, false, keep_bom);
    EXPECT_TRUE(text.ok());
    return text.ok() ? Units(*text) : u"";
  }
  bool IsMalformed(const std::vector<uint8_t>& bytes, Encoding encoding = Encoding::kUtf8) {
    auto text = DecodeText(isolate(), bytes, encoding, true, false);
    return !text.ok() && text.error().error_class == ErrorClass::kTypeError;
  }
  std::vector<uint8_t> Encode(std::u16string_view text) {
    v8::Local<v8::Uint8Array> array = EncodeUtf8(isolate(), Text(text)).ToLocalChecked();
    std::vector<uint8_t> bytes(array->ByteLength());
    array->CopyContents(bytes.data(), bytes.size());
    return bytes;
  }
};

TEST_F(EncodingTest, ReplacesEachMaximalSubpart) {
  EXPECT_EQ(Decode({0x61, 0xff, 0x62}),
            u"a\xfffd"
            u"b");
  EXPECT_EQ(Decode({0xf0, 0x9f, 0x98, 0x61}),
            u"\xfffd"
            u"a");
  EXPECT_EQ(Decode({0xed, 0xa0, 0x80}), u"\xfffd\xfffd\xfffd");
  EXPECT_EQ(Decode({0xc0, 0xaf}), u"\xfffd\xfffd");
  EXPECT_EQ(Decode({0xf4, 0x90, 0x80, 0x80}), u"\xfffd\xfffd\xfffd\xfffd");
}

TEST_F(EncodingTest, FatalRefusesMalformedInput) {
  EXPECT_TRUE(IsMalformed({0x61, 0xff}));
  EXPECT_TRUE(IsMalformed({0xe2, 0x82}));
  EXPECT_TRUE(IsMalformed({0xed, 0xa0, 0x80}));
  EXPECT_FALSE(IsMalformed({0xe2, 0x82, 0xac}));
  EXPECT_TRUE(IsMalformed({0x61}, Encoding::kUtf16Le));
  EXPECT_TRUE(IsMalformed({0x00, 0xdc}, Encoding::kUtf16Le));
  EXPECT_TRUE(IsMalformed({0x00, 0xd8, 0x61, 0x00}, Encoding::kUtf16Le));
}

TEST_F(EncodingTest, LongAndShortTextAgree) {
  std::vector<uint8_t> bytes(100, 0x61);
  bytes[99] = 0xff;
  EXPECT_EQ(Decode(bytes), std::u16string(99, u'a') + u"\xfffd");
  bytes.assign(100, 0xc3);
  for (size_t i = 1; i < bytes.size(); i += 2) bytes[i] = 0xa9;
  EXPECT_EQ(Decode(bytes), std::u16string(50, u'\xe9'));
}

TEST_F(EncodingTest, ByteOrderMarks) {
  EXPECT_EQ(Decode({0xef, 0xbb, 0xbf}), u"");
  EXPECT_EQ(Decode({0xef, 0xbb, 0xbf, 0x61}, Encoding::kUtf8, true),
            u"\xfeff"
            u"a");
  EXPECT_EQ(Decode({0xfe, 0xff, 0x00, 0x61}, Encoding::kUtf16Be), u"a");
  EXPECT_EQ(Decode({0xff, 0xfe, 0xff, 0xfe}, Encoding::kUtf16Le), u"\xfeff");
}

TEST_F(EncodingTest, Utf16EndsInTheMiddle) {
  EXPECT_EQ(Decode({0x61, 0x00, 0x62}, Encoding::kUtf16Le), u"a\xfffd");
  EXPECT_EQ(Decode({0x3d, 0xd8}, Encoding::kUtf16Le), u"\xfffd");
  EXPECT_EQ(Decode({0x3d, 0xd8, 0x00}, Encoding::kUtf16Le), u"\xfffd");
}

TEST_F(EncodingTest, Windows1252HasNoErrors) {
  EXPECT_EQ(Decode({0x41, 0x80, 0x9d, 0xff}, Encoding::kWindows1252), u"A\x20ac\x9d\xff");
}

TEST_F(EncodingTest, UnfinishedBytesOfUtf8) {
  const auto unfinished = [](std::vector<uint8_t> bytes) {
    return UnfinishedBytes(bytes, Encoding::kUtf8);
  };
  EXPECT_EQ(unfinished({}), 0u);
  EXPECT_EQ(unfinished({0x61}), 0u);
  EXPECT_EQ(unfinished({0xe2, 0x82}), 2u);
  EXPECT_EQ(unfinished({0xf0, 0x9f, 0x98}), 3u);
  EXPECT_EQ(unfinished({0xf0, 0x9f, 0x98, 0x80}), 0u);
  // The second byte already tells that nothing can follow.
  EXPECT_EQ(unfinished({0xed, 0xa0}), 0u);
  EXPECT_EQ(unfinished({0x80, 0x80, 0x80}), 0u);
}

TEST_F(EncodingTest, CuttingAStreamAnywhereGivesTheSameText) {
  std::mt19937 random(1);
  const std::vector<uint8_t> alphabet = {0x61, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0xef,
                                         0xf0, 0x9f, 0xf4, 0x8f, 0xff, 0xd8, 0xdc, 0x00};
  for (Encoding encoding : {Encoding::kUtf8, Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    for (int round = 0; round < 500; ++round) {
      std::vector<uint8_t> bytes(random() % 12);
      for (uint8_t& byte : bytes) byte = alphabet[random() % alphabet.size()];
      std::u16string joined;
      std::vector<uint8_t> pending;
      for (uint8_t byte : bytes) {
        pending.push_back(byte);
        const uint32_t rest = UnfinishedBytes(pending, encoding);
        ASSERT_LE(rest, pending.size());
        joined += Decode({pending.begin(), pending.end() - rest}, encoding, true);
        pending.erase(pending.begin(), pending.end() - rest);
      }
      joined += Decode(pending, encoding, true);
      ASSERT_EQ(joined, Decode(bytes, encoding, true));
    }
  }
}

TEST_F(EncodingTest, EncodesLoneSurrogatesAsReplacements) {
  EXPECT_EQ(Encode(u"a\xe9\x20ac"), (std::vector<uint8_t>{0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac}));
  EXPECT_EQ(Encode(u"\xd83d\xde00"), (std::vector<uint8_t>{0xf0, 0x9f, 0x98, 0x80}));
  EXPECT_EQ(Encode(u"\xd83d"), (std::vector<uint8_t>{0xef, 0xbf, 0xbd}));
  EXPECT_EQ(Encode(u""), std::vector<uint8_t>());
}

TEST_F(EncodingTest, EncodeIntoStopsAtWholeCharacters) {
  std::vector<uint8_t> target(4);
  EncodedInto done = EncodeUtf8Into(isolate(), Text(u"a\xe9\x20ac"), target);
  EXPECT_EQ(done.read, 2u);
  EXPECT_EQ(done.written, 3u);
  done = EncodeUtf8Into(isolate(), Text(u"a"), std::span<uint8_t>());
  EXPECT_EQ(done.read, 0u);
}

}  // namespace
}  // namespace rt
