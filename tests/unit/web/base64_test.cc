// Base64 as atob and btoa need it: what the standard forgives, and what it does not.
#include "src/ext/web/base64.h"

#include <random>

#include "tests/unit/web/isolate_fixture.h"

namespace rt {
namespace {

class Base64Test : public IsolateFixture {
 protected:
  std::optional<std::u16string> Decode(std::u16string_view data) {
    const auto text = DecodeBase64(isolate(), Text(data));
    if (!text) return std::nullopt;
    return Units(*text);
  }
  std::optional<std::u16string> Encode(std::u16string_view data) {
    const auto text = EncodeBase64(isolate(), Text(data));
    if (!text) return std::nullopt;
    return Units(*text);
  }
};

TEST_F(Base64Test, Forgives) {
  EXPECT_EQ(Decode(u""), u"");
  EXPECT_EQ(Decode(u" Y\tQ\n=\f=\r"), u"a");
  EXPECT_EQ(Decode(u"YQ"), u"a");
  EXPECT_EQ(Decode(u"YR=="), u"a");
  EXPECT_EQ(Decode(u"  "), u"");
}

TEST_F(Base64Test, Refuses) {
  for (const char16_t* data : {u"a", u"=", u"==", u"YQ=", u"Y===", u"YQ===", u"YQ==YQ==", u"a-b_",
                               u"\xa0"
                               u"YQ==",
                               u"\x100", u"ab\vc", u"YWI=="}) {
    EXPECT_EQ(Decode(data), std::nullopt) << Text(data)->Length();
  }
  EXPECT_EQ(Encode(u"\x100"), std::nullopt);
}

TEST_F(Base64Test, RoundTrip) {
  std::mt19937 random(1);
  for (size_t size = 0; size < 200; ++size) {
    std::u16string data(size, u'\0');
    for (char16_t& unit : data) unit = static_cast<char16_t>(random() & 0xff);
    const std::optional<std::u16string> encoded = Encode(data);
    ASSERT_TRUE(encoded);
    EXPECT_EQ(encoded->size(), (size + 2) / 3 * 4);
    EXPECT_EQ(Decode(*encoded), data);
  }
}

}  // namespace
}  // namespace rt
