// Path comparison: component by component, and the same as a naive model on random paths.
#include "src/permissions/path_scope.h"

#include <random>

#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

TEST(PathScope, Normalize) {
  EXPECT_EQ(NormalizeLexically("/a/./b//c/"), "/a/b/c");
  EXPECT_EQ(NormalizeLexically("/a/../../b"), "/b");
  EXPECT_EQ(NormalizeLexically("a/../b"), "b");
  EXPECT_EQ(NormalizeLexically("../x/../.."), "../..");
  EXPECT_EQ(NormalizeLexically("../../x/y/../z/"), "../../x/z");
  EXPECT_EQ(NormalizeLexically("a/b/../.."), ".");
  EXPECT_EQ(NormalizeLexically(""), ".");
  EXPECT_EQ(NormalizeLexically("/"), "/");
  EXPECT_EQ(NormalizeLexically("/.."), "/");
  EXPECT_EQ(NormalizeLexically("..."), "...");
  EXPECT_TRUE(HasDotDot("a/../b"));
  EXPECT_TRUE(HasDotDot(".."));
  EXPECT_TRUE(HasDotDot("a..b/.."));
  EXPECT_FALSE(HasDotDot("a..b/...c/d.."));
}

TEST(PathScope, S7_ComponentsNotCharacters) {
  EXPECT_TRUE(IsInside("/a/foo", "/a/foo"));
  EXPECT_TRUE(IsInside("/a/foo", "/a/foo/x"));
  EXPECT_FALSE(IsInside("/a/foo", "/a/foobar"));
  EXPECT_FALSE(IsInside("/a/foo", "/a/fo"));
  EXPECT_FALSE(IsInside("/a/foo", "/a"));
  EXPECT_TRUE(IsInside("/", "/anything"));
  EXPECT_FALSE(IsInside("/", "relative"));
}

TEST(PathScope, S7_RelativeEntriesAndTrailingSlashes) {
  const TempFolder folder;
  folder.Folder("sub");
  for (const char* entry : {"sub", "./sub/", "sub/.", "x/../sub"}) {
    EXPECT_EQ(PathScope::Make(entry, folder.path()).resolved(), folder / "sub") << entry;
  }
}

TEST(PathScope, S7_PropertyAgainstNaiveModel) {
  // The model: split into components, collapse, compare the lists.
  const auto components = [](const std::string& path) {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : path + "/") {
      if (c != '/') {
        part += c;
        continue;
      }
      if (part == ".." && !parts.empty()) parts.pop_back();
      if (!part.empty() && part != "." && part != "..") parts.push_back(part);
      part.clear();
    }
    return parts;
  };
  std::mt19937 random(7);
  const char* const kParts[] = {"a", "ab", "abc", "..", ".", "", "b", "a.", "...", "..a"};
  const auto make = [&] {
    std::string path = "/";
    const int count = static_cast<int>(random() % 6);
    for (int i = 0; i < count; ++i) {
      path += kParts[random() % std::size(kParts)];
      if (random() % 8 != 0) path += "/";
    }
    return path;
  };
  int inside = 0;
  for (int i = 0; i < 200000; ++i) {
    const std::string scope = make();
    const std::string path = make();
    const auto want = components(scope);
    const auto have = components(path);
    const bool expected =
        have.size() >= want.size() && std::equal(want.begin(), want.end(), have.begin());
    ASSERT_EQ(IsInside(NormalizeLexically(scope), NormalizeLexically(path)), expected)
        << scope << " " << path;
    inside += expected;
  }
  EXPECT_GT(inside, 1000);
}

}  // namespace
}  // namespace rt::test
