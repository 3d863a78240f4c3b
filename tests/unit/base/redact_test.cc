// Passwords do not get into messages.
#include "src/base/redact.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(RedactCredentials, S29_UserInformationIsBlanked) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://user:secret@example.com/a?b#c", "https://***@example.com/a?b#c"},
      {"https://token@example.com", "https://***@example.com"},
      {"http://a@b:c@d@example.com/", "http://***@example.com/"},
      {"proxy http://u:p@x:1 for https://u:p@y/z", "proxy http://***@x:1 for https://***@y/z"},
      {"user:secret@example.com:80", "***@example.com:80"},
      {"//u:p@host", "//***@host"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(RedactCredentials(text), expected);
}

TEST(RedactCredentials, OtherTextStays) {
  for (const char* text : {"", "example.com", "https://example.com/a@b?c@d", "unix:@name", "@name",
                           "a@b", "/a/b@c:d", "127.0.0.1:80", "npm:@scope/name@1.0", "//"}) {
    EXPECT_EQ(RedactCredentials(text), text);
  }
}

}  // namespace
}  // namespace rt
