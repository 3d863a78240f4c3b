// What is typed into the REPL, as text.
#include "src/typescript/repl_input.h"

#include <gtest/gtest.h>

namespace rt::typescript {
namespace {

TEST(ReplInput, Finished) {
  for (const char* text :
       {"", "1", "f()", "a => {}", "`a${b}`", "'a", "}", "/* a */", "// (", "/(/"}) {
    EXPECT_TRUE(IsFinished(text)) << text;
  }
  for (const char* text : {"f(", "{", "[1,\n2", "`a", "`a${", "`a${b}", "/* a", "1 /* a\n"}) {
    EXPECT_FALSE(IsFinished(text)) << text;
  }
  // What follows an operator is still to come.
  for (const char* text :
       {"let z =", "let z = // soon", "x =>", "1 +", "a ?\?=", "a ? b :", "f.", "a?.", "1,",
        "typeof", "class A extends", "if (a) {} else", "type A = B |"}) {
    EXPECT_FALSE(IsFinished(text)) << text;
  }
  for (const char* text : {"a++", "a--", "a!", "let a: Array<B<C>>", "type A = B<C>", "a.in",
                           "a?.new", "let z = 1", "x => x", "'='", "/=/", "`=`", "// ="}) {
    EXPECT_TRUE(IsFinished(text)) << text;
  }
  // A mistake is finished: V8 says what it is.
  EXPECT_TRUE(IsFinished("(')"));
  EXPECT_TRUE(IsFinished("(]"));
}

TEST(ReplInput, SplitsIntoInputs) {
  using Inputs = std::vector<std::string>;
  EXPECT_EQ(SplitInputs(""), Inputs());
  EXPECT_EQ(SplitInputs("\n \n"), Inputs());
  EXPECT_EQ(SplitInputs("let x = 1\nlet x = 2"), Inputs({"let x = 1", "let x = 2"}));
  EXPECT_EQ(SplitInputs("f(1,\n\n2)\n\n\n3\n"), Inputs({"f(1,\n\n2)", "3"}));
  EXPECT_EQ(SplitInputs("a =\n1\n[2]"), Inputs({"a =\n1", "[2]"}));
  EXPECT_EQ(SplitInputs("a\n  .b()\n\n  ?.c\n.5"), Inputs({"a\n  .b()\n  ?.c", ".5"}));
  EXPECT_EQ(SplitInputs("if (a) {\n}\nelse {\n}\nelsewhere"),
            Inputs({"if (a) {\n}\nelse {\n}", "elsewhere"}));
  EXPECT_EQ(SplitInputs("`a\n\nb`\n(open"), Inputs({"`a\n\nb`", "(open"}));
}

TEST(ReplInput, Objects) {
  EXPECT_TRUE(LooksLikeObject("{}"));
  EXPECT_TRUE(LooksLikeObject(" { a: 1 }\n"));
  EXPECT_FALSE(LooksLikeObject("{};"));
  EXPECT_FALSE(LooksLikeObject("a {}"));
  EXPECT_FALSE(LooksLikeObject("{"));
}

TEST(ReplInput, Imports) {
  EXPECT_EQ(ImportsToCalls("import 'a'"), "await import('a');");
  EXPECT_EQ(ImportsToCalls("import a from 'm';"), "const { default: a } = await import('m');");
  EXPECT_EQ(ImportsToCalls("import { a, b as c } from \"m\""),
            "const { a, b: c } = await import(\"m\");");
  EXPECT_EQ(ImportsToCalls("import * as n from 'm'"), "const n = await import('m');");
  EXPECT_EQ(ImportsToCalls("import d, { a } from 'm'"),
            "const { default: d, a } = await import('m');");
  EXPECT_EQ(ImportsToCalls("import d, * as n from 'm'"),
            "const n = await import('m'); const { default: d } = n;");
  EXPECT_EQ(ImportsToCalls("import j from 'm' with { type: \"json\" }"),
            "const { default: j } = await import('m', { with: { type: \"json\" } });");
  EXPECT_EQ(ImportsToCalls("import { type A, b } from 'm'"), "const { b } = await import('m');");
  EXPECT_EQ(ImportsToCalls("import {\na,\n} from 'm'\nx"),
            "const { a } = await import('m')\n\n;\nx");
  EXPECT_EQ(ImportsToCalls("1; import 'a'; import 'b'"),
            "1; await import('a'); await import('b');");
}

TEST(ReplInput, OtherTextStays) {
  for (const char* text :
       {"import('a')", "import.meta", "import type { A } from 'm'", "'import a from b'", "a.import",
        "import", "import {", "import { a", "import x = require('y')", "({ import: 1 })",
        "f(\nimport\n)", "export { a }", "export default 1", "exports.a = 1"}) {
    EXPECT_EQ(ImportsToCalls(text), text);
  }
  EXPECT_EQ(ImportsToCalls("export const a = 1"), "       const a = 1");
}

TEST(ReplInput, Completion) {
  const auto place = [](std::string_view before) {
    const CompletionPlace found = PlaceToComplete(before);
    return found.possible ? found.object + "|" + std::string(before.substr(found.start)) : "none";
  };
  EXPECT_EQ(place(""), "|");
  EXPECT_EQ(place("con"), "|con");
  EXPECT_EQ(place("a + con"), "|con");
  EXPECT_EQ(place("Deno.re"), "Deno|re");
  EXPECT_EQ(place("f(a.b?.c."), "a.b?.c|");
  EXPECT_EQ(place("'x'.to"), "'x'|to");
  EXPECT_EQ(place("f().a"), "none");
  EXPECT_EQ(place("a[0].b"), "none");
  EXPECT_EQ(place("'con"), "none");
  EXPECT_EQ(place("1 // con"), "none");
  EXPECT_EQ(place("."), "none");
}

TEST(ReplInput, Colors) {
  const std::string_view text = "let a = \"x\"; // y";
  std::string all;
  for (const ColoredPart& part : Colors(text)) {
    all += std::string(part.color) + ":" +
           std::string(text.substr(part.start, part.end - part.start)) + " ";
  }
  EXPECT_EQ(all, "36:let 32:\"x\" 90:// y ");
}

}  // namespace
}  // namespace rt::typescript
