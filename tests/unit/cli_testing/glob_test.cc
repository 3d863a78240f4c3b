#include "src/cli/testing/glob.h"

#include <gtest/gtest.h>

namespace rt::cli {
namespace {

TEST(Glob, StarsStayInAName) {
  EXPECT_TRUE(GlobMatches("/a/*.js", "/a/b.js"));
  EXPECT_TRUE(GlobMatches("/a/*.js", "/a/.js"));
  EXPECT_FALSE(GlobMatches("/a/*.js", "/a/b/c.js"));
  EXPECT_TRUE(GlobMatches("/a/?.js", "/a/b.js"));
  EXPECT_FALSE(GlobMatches("/a?b", "/a/b"));
}

TEST(Glob, TwoStarsSpanFolders) {
  EXPECT_TRUE(GlobMatches("/a/**/*.js", "/a/b.js"));
  EXPECT_TRUE(GlobMatches("/a/**/*.js", "/a/b/c/d.js"));
  EXPECT_TRUE(GlobMatches("/a/**", "/a/b/c"));
  EXPECT_FALSE(GlobMatches("/a/**/x.js", "/a/b/yx.js"));
  EXPECT_FALSE(GlobMatches("/a/**/*.js", "/b/c.js"));
}

TEST(Glob, BracesAndBrackets) {
  EXPECT_TRUE(GlobMatches("/{a,b}/*.{js,ts}", "/b/c.ts"));
  EXPECT_FALSE(GlobMatches("/{a,b}/*.{js,ts}", "/c/c.ts"));
  EXPECT_TRUE(GlobMatches("/{a,{b,c}}", "/c"));
  EXPECT_TRUE(GlobMatches("/[a-c]x", "/bx"));
  EXPECT_FALSE(GlobMatches("/[!a-c]x", "/bx"));
  EXPECT_TRUE(GlobMatches("/[]]", "/]"));
}

TEST(Glob, WhatDoesNotCloseIsText) {
  EXPECT_TRUE(GlobMatches("/[a", "/[a"));
  EXPECT_TRUE(GlobMatches("/{a", "/{a"));
}

TEST(Glob, Folder) {
  EXPECT_EQ(GlobFolder("/a/b/*.ts"), "/a/b");
  EXPECT_EQ(GlobFolder("/a/{b,c}/d"), "/a");
  EXPECT_EQ(GlobFolder("/*"), "");
}

}  // namespace
}  // namespace rt::cli
