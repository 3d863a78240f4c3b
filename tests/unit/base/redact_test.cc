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

TEST(RedactSecrets, WhatNamesSay) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://h/a?token=abc&b=1", "https://h/a?token=***&b=1"},
      {"https://u:p@h/?access_token=a#f", "https://***@h/?access_token=***#f"},
      {"authorization: Basic abc def", "authorization: ***"},
      {"x: Bearer abc.def", "x: Bearer ***"},
      {"{\"password\":\"a b\",\"c\":1}", "{\"password\":\"***\",\"c\":1}"},
      {"API_KEY=1;x=2", "API_KEY=***;x=2"},
      {"Cookie: a=b; c=d\r\nHost: h", "Cookie: ***\r\nHost: h"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(RedactSecrets(text), expected);
}

TEST(RedactSecrets, OtherTextStays) {
  for (const char* text : {"", "=", "token", "token=", "a=b", "https://h/?q=token", "key://x",
                           "monkey=1", "12:30", "Bearer", "file:///tokens/a.js:1:2"}) {
    EXPECT_EQ(RedactSecrets(text), text);
  }
}

}  // namespace
}  // namespace rt
