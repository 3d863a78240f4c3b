// JoinPath: what becomes of dots, slashes and absolute paths.
#include "src/base/join_path.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(JoinPath, GoesBelowTheFolder) {
  EXPECT_EQ(JoinPath("/a/b", "c"), "/a/b/c");
  EXPECT_EQ(JoinPath("/a/b/", "./c/d"), "/a/b/c/d");
  EXPECT_EQ(JoinPath("/a/b", ""), "/a/b");
  EXPECT_EQ(JoinPath("/a/b", "."), "/a/b");
}

TEST(JoinPath, GoesUpNoFurtherThanTheRoot) {
  EXPECT_EQ(JoinPath("/a/b", "../c/"), "/a/c");
  EXPECT_EQ(JoinPath("/a", "../../../c"), "/c");
  EXPECT_EQ(JoinPath("/a", ".."), "/");
  EXPECT_EQ(JoinPath("", ""), "/");
}

TEST(JoinPath, AnAbsolutePathIsItself) {
  EXPECT_EQ(JoinPath("/a/b", "/c/../d//e/"), "/d/e");
  EXPECT_EQ(JoinPath("/a/b", "/"), "/");
}

TEST(JoinPath, ThreeDotsAreAName) {
  EXPECT_EQ(JoinPath("/a", ".../..b"), "/a/.../..b");
}

}  // namespace
}  // namespace rt
