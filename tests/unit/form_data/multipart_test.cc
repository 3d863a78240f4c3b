// The multipart parser, also over inputs no client would send.
#include "src/ext/form_data/multipart.h"

#include <gtest/gtest.h>

#include <random>

namespace rt {
namespace {

auto Parse(std::string_view body, std::string_view boundary = "B") {
  return ParseMultipart({reinterpret_cast<const uint8_t*>(body.data()), body.size()}, boundary);
}

const char kWhole[] =
    "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
    "--B\r\nContent-Disposition: form-data; name=\"b\"; filename=\"f%22\"\r\nContent-Type: "
    "x/y\r\n\r\n"
    "\r\n--\r\n--B--\r\n";

TEST(Multipart, FindsParts) {
  const auto parts = Parse(kWhole);
  ASSERT_TRUE(parts.ok());
  ASSERT_EQ(parts->size(), 2u);
  const MultipartPart& a = (*parts)[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_FALSE(a.filename);
  EXPECT_EQ(a.end - a.start, 1);
  const MultipartPart& b = (*parts)[1];
  EXPECT_EQ(b.filename, "f\"");
  EXPECT_EQ(b.content_type, "x/y");
  EXPECT_EQ(b.end - b.start, 4);
}

struct QuotedName {
  const char* disposition;
  const char* filename;
};
const QuotedName kQuoted[] = {
    {R"(name="a"; filename="x\"y.txt")", R"(x"y.txt)"},
    {R"(filename="x\"; name=\"b.txt"; name="a")", R"(x"; name="b.txt)"},
    {R"(name="a"; filename="\"")", R"(")"},
    {R"(name="a"; filename="x%22y%41")", R"(x"y%41)"},
    // A backslash that is one.
    {R"(name="a"; filename="C:\dir\y.txt")", R"(C:\dir\y.txt)"},
    {R"(name="a"; filename="C:\dir\")", R"(C:\dir\)"},
    {R"(filename="C:\" ; name="a")", R"(C:\)"},
    {R"(name="a"; filename="x\\y")", R"(x\\y)"},
    {R"(name="a"; filename="x\\")", R"(x\\)"},
};

TEST(Multipart, ReadsQuotedNames) {
  for (const QuotedName& each : kQuoted) {
    const std::string body = "--B\r\nContent-Disposition: form-data; " +
                             std::string(each.disposition) + "\r\n\r\n1\r\n--B--\r\n";
    const auto parts = Parse(body);
    ASSERT_TRUE(parts.ok()) << each.disposition;
    EXPECT_EQ(parts.value()[0].name, "a") << each.disposition;
    EXPECT_EQ(parts.value()[0].filename, each.filename) << each.disposition;
  }
}

TEST(Multipart, RefusesNamesThatDoNotEnd) {
  for (const char* bad : {R"(name="a)", R"(name="a\)", R"(name="a"b")", R"(name="a\"b; c)"}) {
    const std::string body =
        "--B\r\nContent-Disposition: form-data; " + std::string(bad) + "\r\n\r\n1\r\n--B--\r\n";
    EXPECT_FALSE(Parse(body).ok()) << bad;
  }
}

TEST(Multipart, RefusesBoundariesThatAreNone) {
  EXPECT_FALSE(Parse(kWhole, "").ok());
  EXPECT_FALSE(Parse(kWhole, std::string(kMaxBoundary + 1, 'B')).ok());
}

// Whatever the bytes: an answer, with every part inside of the body.
TEST(Multipart, SurvivesChangedBodies) {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"\r\n", "--B", "--", "\"", ";", ":", "=", "name", "\r", "%0"};
  for (int round = 0; round < 20'000; ++round) {
    std::string body = kWhole;
    for (uint32_t changes = random() % 6; changes > 0; --changes) {
      const size_t at = random() % (body.size() + 1);
      if (random() % 2) {
        body.insert(at, pieces[random() % std::size(pieces)]);
      } else {
        body.erase(at, random() % 5);
      }
    }
    const auto parts = Parse(body);
    if (!parts.ok()) continue;
    for (const MultipartPart& part : *parts) {
      ASSERT_LE(0, part.start);
      ASSERT_LE(part.start, part.end);
      ASSERT_LE(part.end, static_cast<double>(body.size()));
    }
  }
}

}  // namespace
}  // namespace rt
