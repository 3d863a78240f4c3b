// import() calls that can be found without running the code.
#include "src/typescript/dynamic_imports.h"

#include <gtest/gtest.h>

namespace rt::typescript {
namespace {

std::string Found(std::string_view code) {
  std::string text;
  for (const auto& import : FindDynamicImports(code)) {
    text += import.specifier + (import.type.empty() ? "" : "#" + import.type) + "@" +
            std::to_string(import.line) + ":" + std::to_string(import.column) + " ";
  }
  return text;
}

TEST(DynamicImports, Plain) {
  EXPECT_EQ(Found("await import('./a.js');\n  import(\"b\")"), "./a.js@1:7 b@2:3 ");
  EXPECT_EQ(Found("import(`./a.js`)"), "./a.js@1:1 ");
}

TEST(DynamicImports, Types) {
  EXPECT_EQ(Found("import('a', { with: { type: 'json' } }); import('b')"), "a#json@1:1 b@1:42 ");
  EXPECT_EQ(Found("import('a', { with: { 'type': \"text\" }, })"), "a#text@1:1 ");
}

TEST(DynamicImports, ComputedOnesAreNot) {
  EXPECT_EQ(Found("import(a); import('a' + b); import(`a${b}`); import('a\\n')"), "");
}

TEST(DynamicImports, OtherThingsAreNot) {
  EXPECT_EQ(Found("import x from 'a'; import.meta; a.import('b'); // import('c')\n'import(\"d\")'"),
            "");
}

TEST(DynamicImports, Nested) {
  EXPECT_EQ(Found("f(import('a'), import('b', g(import('c'))))"), "a@1:3 b@1:16 ");
}

TEST(DynamicImports, BrokenCode) {
  EXPECT_EQ(Found("import('a"), "");
  EXPECT_EQ(Found("import("), "");
  EXPECT_EQ(Found("import('a',"), "a@1:1 ");
}

std::string Required(std::string_view code) {
  std::string text;
  for (const std::string& name : FindRequires(code)) text += name + " ";
  return text;
}

TEST(FindRequires, CallsWithText) {
  EXPECT_EQ(Required("const a = require('./a'), b = require(\"b\"); require(`c`);"), "./a b c ");
  EXPECT_EQ(Required("require('a'); require('a'); require.resolve('d', {})"), "a d ");
}

TEST(FindRequires, OtherThingsAreNot) {
  EXPECT_EQ(Required("x.require('a'); require(a); require('a' + b); require; require.main"), "");
  EXPECT_EQ(Required("// require('a')\n'require(\"b\")'; /require('c')/; requires('d')"), "");
}

}  // namespace
}  // namespace rt::typescript
