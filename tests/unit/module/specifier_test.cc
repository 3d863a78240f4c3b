// Specifiers, paths and file URLs, as tables: what resolves to what, and what is refused in which
// words.
#include "src/module/specifier.h"

#include <gtest/gtest.h>

#include <string>

namespace rt {
namespace {

// The value, or "error: message".
std::string Text(const Result<std::string>& result) {
  return result.ok() ? *result : "error: " + result.error().message;
}

TEST(ResolveSpecifier, Table) {
  constexpr const char* kReferrer = "file:///a/b/main.js";
  const struct {
    const char* specifier;
    const char* expected;
  } cases[] = {
      {"./x.js", "file:///a/b/x.js"},
      {"../x.js", "file:///a/x.js"},
      {"../../../../x.js", "file:///x.js"},
      {"/x.js", "file:///x.js"},
      {"./", "file:///a/b/"},
      {".", "file:///a/b/"},
      {"..", "file:///a/"},
      {"./.", "file:///a/b/"},
      {"./c/../x.js", "file:///a/b/x.js"},
      {"./x.js?v=1#part", "file:///a/b/x.js?v=1#part"},
      {"./with space.js", "file:///a/b/with%20space.js"},
      {"./with%20space.js", "file:///a/b/with%20space.js"},
      {"./h\xc3\xa9.js", "file:///a/b/h%C3%A9.js"},
      {"./%2e%2e/x.js", "file:///a/x.js"},
      {"file:///z.js", "file:///z.js"},
      {"FILE:///z.js", "file:///z.js"},
      {"https://example.com/x.js", "https://example.com/x.js"},
      {"HTTPS://EXAMPLE.com:443/x.js", "https://example.com/x.js"},
      {"data:text/javascript,1", "data:text/javascript,1"},
      {"node:fs", "node:fs"},
      {"x.js", "error: Relative import path \"x.js\" not prefixed with / or ./ or ../"},
      {"", "error: Relative import path \"\" not prefixed with / or ./ or ../"},
      {"lodash/fp", "error: Relative import path \"lodash/fp\" not prefixed with / or ./ or ../"},
      {".x.js", "error: Relative import path \".x.js\" not prefixed with / or ./ or ../"},
      {"..x.js", "error: Relative import path \"..x.js\" not prefixed with / or ./ or ../"},
      {"https://exa mple/",
       "error: Relative import path \"https://exa mple/\" not prefixed with / or ./ or ../"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(Text(ResolveSpecifier(each.specifier, kReferrer)), each.expected) << each.specifier;
  }
}

TEST(ResolveSpecifier, SeenFromOtherReferrers) {
  EXPECT_EQ(Text(ResolveSpecifier("./x.js", "https://h/a/b.js?q")), "https://h/a/x.js");
  EXPECT_EQ(Text(ResolveSpecifier("/x.js", "https://h/a/b.js")), "https://h/x.js");
  EXPECT_EQ(Text(ResolveSpecifier("./x.js", "data:text/javascript,1")),
            "error: Invalid URL: cannot resolve './x.js' from 'data:text/javascript,1'");
  EXPECT_EQ(Text(ResolveSpecifier("./x.js", "nonsense")),
            "error: Invalid URL: cannot resolve './x.js' from 'nonsense'");
  EXPECT_EQ(ResolveSpecifier("x", "file:///a").error().error_class, ErrorClass::kTypeError);
}

TEST(ResolveMain, Table) {
  const struct {
    const char* argument;
    const char* expected;
  } cases[] = {
      {"main.js", "file:///home/me/main.js"},
      {"./main.js", "file:///home/me/main.js"},
      {"../main.js", "file:///home/main.js"},
      {"../../../main.js", "file:///main.js"},
      {"/abs/main.js", "file:///abs/main.js"},
      {"sub/../main.js", "file:///home/me/main.js"},
      {"with space.js", "file:///home/me/with%20space.js"},
      {"100%.js", "file:///home/me/100%25.js"},
      {"%2e%2e/x.js", "file:///home/me/%252e%252e/x.js"},
      {"what?.js", "file:///home/me/what%3F.js"},
      {"a#b.js", "file:///home/me/a%23b.js"},
      {"back\\slash.js", "file:///home/me/back%5Cslash.js"},
      {"line\nbreak.js", "file:///home/me/line%0Abreak.js"},
      {"tab\t.js", "file:///home/me/tab%09.js"},
      {"h\xc3\xa9.js", "file:///home/me/h%C3%A9.js"},
      {"/C|/x.js", "file:///C%7C/x.js"},
      {"file:///x/../y.js", "file:///y.js"},
      {"https://example.com/a.js", "https://example.com/a.js"},
      {"a:b.js", "file:///home/me/a:b.js"},
      {"dir/we:ird.js", "file:///home/me/dir/we:ird.js"},
      {"./data:x.js", "file:///home/me/data:x.js"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(Text(ResolveMain(each.argument, "/home/me")), each.expected) << each.argument;
  }
  EXPECT_EQ(Text(ResolveMain("x.js", "/odd dir#1")), "file:///odd%20dir%231/x.js");
  EXPECT_EQ(Text(ResolveMain("x.js", "/")), "file:////x.js");
}

TEST(FileUrlToPath, Table) {
  const struct {
    const char* url;
    const char* expected;
  } cases[] = {
      {"file:///a/b.js", "/a/b.js"},
      {"file://localhost/a", "/a"},
      {"file:/a", "/a"},
      {"file:///a%20b", "/a b"},
      {"file:///a b", "/a b"},
      {"file:///h%C3%A9", "/h\xc3\xa9"},
      {"file:///%ff", "/\xff"},
      {"file:///a%23b%3Fc", "/a#b?c"},
      {"file:///a?query#part", "/a"},
      {"file:///a/../b", "/b"},
      {"file:///a/%2e%2e/b", "/b"},
      {"file:///100%", "/100%"},
      {"file:///%zz", "/%zz"},
      {"file:///%252F", "/%2F"},
      {"file:///a%5Cb", "/a\\b"},
      {"file:///", "/"},
      {"https://h/a", "error: Must be a file URL: 'https://h/a'"},
      {"/a", "error: Must be a file URL: '/a'"},
      {"", "error: Must be a file URL: ''"},
      {"file://host/a", "error: File URL must not name a host: 'file://host/a'"},
      {"file:///a%2Fb", "error: File URL path must not include encoded / or NUL: 'file:///a%2Fb'"},
      {"file:///a%2f", "error: File URL path must not include encoded / or NUL: 'file:///a%2f'"},
      {"file:///%00", "error: File URL path must not include encoded / or NUL: 'file:///%00'"},
      {"file:///a%00.js",
       "error: File URL path must not include encoded / or NUL: 'file:///a%00.js'"},
  };
  for (const auto& each : cases)
    EXPECT_EQ(Text(FileUrlToPath(each.url)), each.expected) << each.url;
  const std::string raw_nul("file:///a\0b", 11);
  EXPECT_FALSE(FileUrlToPath(raw_nul).ok());
}

TEST(PathToFileUrl, EncodesAndComesBack) {
  EXPECT_EQ(PathToFileUrl("/a b/c#d?e%f"), "file:///a%20b/c%23d%3Fe%25f");
  EXPECT_EQ(PathToFileUrl("/"), "file:///");
  for (const std::string path :
       {"/plain.js", "/a b", "/100%", "/a%20b", "/q?#", "/back\\slash",
        "/h\xc3\xa9\xf0\x9f\x98\x80", "/bad\xff\xfe", "/tab\tline\nreturn\r", "/\"<>`{}^|[]",
        "/C|/x", "/a;b=c&d", "/~user/:/@"}) {
    EXPECT_EQ(Text(FileUrlToPath(PathToFileUrl(path))), path);
  }
}

}  // namespace
}  // namespace rt
