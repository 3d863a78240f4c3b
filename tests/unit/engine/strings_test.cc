// Text across the border: UTF-8 both ways, surrogates, NUL, and names of values for messages.
#include "src/engine/strings.h"

#include "fixture.h"

namespace rt {
namespace {

using StringsTest = EngineFixture;

TEST_F(StringsTest, ACharacterThatIsNotAsciiIsFoundWhereverItStands) {
  v8::HandleScope handles(isolate());
  for (size_t length = 1; length < 20; ++length) {
    const std::string ascii(length, 'a');
    EXPECT_EQ(ToUtf8(isolate(), ToOneByteString(isolate(), ascii)), ascii);
    for (size_t at = 0; at < length; ++at) {
      std::string latin1 = ascii;
      latin1[at] = '\xe9';
      std::string utf8 = ascii;
      utf8.replace(at, 1, "\xc3\xa9");
      EXPECT_EQ(ToUtf8(isolate(), ToOneByteString(isolate(), latin1)), utf8);
    }
  }
  const std::string longer(5000, 'a');
  EXPECT_EQ(ToUtf8(isolate(), ToOneByteString(isolate(), longer)), longer);
}

TEST_F(StringsTest, RoundTrips) {
  v8::HandleScope handles(isolate());
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("a\0b", 3), std::string("\xc3\xa9"),
        std::string("\xe2\x82\xac\xf0\x9f\x98\x80"), std::string(100000, 'x')}) {
    EXPECT_EQ(ToUtf8(isolate(), ToV8String(isolate(), text)), text);
  }
  EXPECT_EQ(ToUtf8(isolate(), ToOneByteString(isolate(), "\xe9")), "\xc3\xa9");
}

TEST_F(StringsTest, LoneSurrogatesAndBadUtf8BecomeReplacements) {
  v8::HandleScope handles(isolate());
  EXPECT_EQ(ToUtf8(isolate(), Eval("'\\ud83d'").As<v8::String>()), "\xef\xbf\xbd");
  EXPECT_EQ(ToUtf8(isolate(), Eval("'a\\ude00\\ud83d' + '\\ude00'").As<v8::String>()),
            "a\xef\xbf\xbd\xf0\x9f\x98\x80");
  EXPECT_EQ(ToUtf8(isolate(), ToV8String(isolate(),
                                         "a\xff"
                                         "b\xe2\x82")),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd");
}

TEST_F(StringsTest, TooLongIsEmptyNotACrash) {
  v8::HandleScope handles(isolate());
  const std::string text(static_cast<size_t>(v8::String::kMaxLength) + 1, 'x');
  EXPECT_TRUE(TryToV8String(isolate(), text).IsEmpty());
}

TEST_F(StringsTest, DescribesWithoutRunningCode) {
  v8::HandleScope handles(isolate());
  Eval("var ran = 0; function trap() { ++ran; return 'x'; }");
  const struct {
    const char* source;
    const char* expected;
  } cases[] = {
      {"undefined", "undefined"},
      {"null", "null"},
      {"true", "a boolean"},
      {"1.5", "a number"},
      {"1n", "a bigint"},
      {"''", "a string"},
      {"Symbol('x')", "a symbol"},
      {"[]", "an array"},
      {"class {}", "a function"},
      {"({toString: trap, [Symbol.toPrimitive]: trap, get [Symbol.toStringTag]() { return trap(); "
       "}})",
       "an object"},
      {"new Proxy({}, {get: trap, getPrototypeOf: trap})", "an object"},
      {"new Proxy(() => 1, {get: trap})", "a function"},
  };
  for (const auto& each : cases) {
    v8::Local<v8::Value> value = Eval(std::string("(") + each.source + ")");
    EXPECT_EQ(DescribeValue(isolate(), value), each.expected) << each.source;
  }
  EXPECT_EQ(EvalText("ran"), "0");
}

}  // namespace
}  // namespace rt
