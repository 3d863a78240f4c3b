// Repairs of stripped code: statement boundaries, imports of types, and what is left to others.
#include "src/typescript/strip_review.h"

#include <gtest/gtest.h>

#include "src/typescript/swc_instance.h"

namespace rt::typescript {
namespace {

Review Of(const std::string& source, bool keep = false) {
  SwcInstance swc;
  auto stripped = swc.Transform(source, {.filename = "a.ts"});
  auto* output = std::get_if<SwcOutput>(&stripped);
  EXPECT_NE(output, nullptr) << std::get<SwcFailure>(stripped).message;
  return output ? ReviewStripped(source, output->code, keep) : Review{Verdict::kTransform, {}};
}

// The code with runs of blanks as one.
std::string Code(const std::string& source, bool keep = false) {
  const Review review = Of(source, keep);
  EXPECT_EQ(review.verdict, Verdict::kFine);
  std::string code;
  for (const char c : review.code) {
    if (c != ' ' || (!code.empty() && code.back() != ' ')) code += c;
  }
  return code;
}

TEST(StripReview, EndsStatementsBeforeRemovedDeclarations) {
  EXPECT_EQ(Code("let a=1\ntype X=number\n;[1].forEach(f)"), "let a=1\n; \n [1].forEach(f)");
  EXPECT_EQ(Code("let a=b\ninterface I { x: 1 }\n(c)"), "let a=b\n; \n(c)");
  EXPECT_EQ(Code("let a=b\ndeclare const z: {\n x: 1 }\n`t`"), "let a=b\n; \n \n`t`");
  EXPECT_EQ(Code("let a=b // x\nimport type { T } from 't'\n/re/.test(c)"),
            "let a=b // x\n; \n/re/.test(c)");
}

TEST(StripReview, EndsMembersBeforeRemovedMembers) {
  EXPECT_EQ(Code("class A { a=1\ndeclare b:number\n[\"c\"]=2 }"), "class A { a=1\n; \n[\"c\"]=2 }");
  EXPECT_EQ(Code("class A { a=1\npublic [\"c\"]=2 }"), "class A { a=1\n; [\"c\"]=2 }");
  EXPECT_EQ(Code("abstract class A { a=1\nabstract x: number\n*g() {} }"),
            "class A { a=1\n; \n*g() {} }");
}

TEST(StripReview, LeavesExpressionsThatGoOn) {
  EXPECT_EQ(Code("f<{\n type: string }>\n(x)"), "f \n \n(x)");
  EXPECT_EQ(Code("let a = b as any\n+ 1"), "let a = b \n+ 1");
  EXPECT_EQ(Code("const f = g<{\n readonly [k: string]: 1 }>\n`t`"), "const f = g \n \n`t`");
}

TEST(StripReview, RemovesImportsOfTypes) {
  EXPECT_EQ(Code("import { T, v } from 'm'; v as T;"), "import { v } from 'm'; v ;");
  EXPECT_EQ(Code("import { T } from 'm';\nlet a: T;"), "; \nlet a ;");
  EXPECT_EQ(Code("import D, { type T } from 'm';\nlet a: D;"), "; \nlet a ;");
  EXPECT_EQ(Code("import D, * as ns from 'm'; D;"), "import D from 'm'; D;");
  EXPECT_EQ(Code("import D, * as ns from 'm'; ns;"), "import * as ns from 'm'; ns;");
  EXPECT_EQ(Code("import { a as b, c as d } from 'm'; d;"), "import { c as d } from 'm'; d;");
  EXPECT_EQ(Code("import { T } from 'm' with { type: 'json' };\nx"), "; \nx");
}

TEST(StripReview, KeepsImportsThatAreUsed) {
  for (const char* source :
       {"import 'm';", "import { a } from 'm'; export { a };",
        "import a from 'm'; export default a;", "import { a } from 'm'; x = `${a}`;",
        "import { a } from 'm'; x = { a };", "import { a } from 'm'; x ? a : b;",
        "import * as a from 'm'; a.b;", "import a, { b } from 'm'; a(b);",
        "f(a); import { a } from 'm';", "import { a } from 'm'; /[/]'/.test(x) / a;",
        "const x = import.meta.url; import('y');"}) {
    EXPECT_EQ(Of(source).code, source);
  }
}

TEST(StripReview, KeepsAllImportsWhenAsked) {
  EXPECT_EQ(Of("import { T } from 'm';", true).code, "import { T } from 'm';");
}

TEST(StripReview, PropertiesAreNoUse) {
  EXPECT_EQ(Code("import { T } from 'm';\nx.T; y = { T: 1, a: { T: 2 } };"),
            "; \nx.T; y = { T: 1, a: { T: 2 } };");
}

TEST(StripReview, KeepsColumnsOfWideCharacters) {
  const Review review = Of("let a: 'ä€😀' = 1; b;");
  EXPECT_EQ(review.verdict, Verdict::kFine);
  EXPECT_EQ(review.code, "let a         = 1; b;");
}

TEST(StripReview, FindsWhatOnlyTypeScriptKnows) {
  EXPECT_EQ(Of("@d class A {}").verdict, Verdict::kTypeScript);
  EXPECT_EQ(Of("class A { accessor x = 1 }").verdict, Verdict::kTypeScript);
  EXPECT_EQ(Of("class A { static accessor #x = 1 }").verdict, Verdict::kTypeScript);
  EXPECT_EQ(
      Of("// @d\nconst a = '@d', accessor = `@`; a.accessor; class B { accessor() {} }").verdict,
      Verdict::kFine);
}

TEST(StripReview, MayHaveDecorators) {
  EXPECT_TRUE(MayHaveDecorators("@a class B {}"));
  EXPECT_TRUE(MayHaveDecorators("class B { accessor c = 1 }"));
  EXPECT_FALSE(MayHaveDecorators("/* @a */ 'accessor x'"));
}

TEST(StripReview, FindsDeclarationsThatMerge) {
  EXPECT_TRUE(MayMergeDeclarations("namespace A { }\nexport namespace A { }"));
  EXPECT_TRUE(MayMergeDeclarations("enum A { X } const enum\n A { Y = X }"));
  EXPECT_FALSE(MayMergeDeclarations("namespace A { } namespace B { } enum C { }"));
  EXPECT_FALSE(MayMergeDeclarations("my_enum A; enums A"));
}

TEST(StripReview, LostMeansPrintAnew) {
  EXPECT_EQ(ReviewStripped("let \\u0061 = 1", "let \\u0061 = 1", false).verdict,
            Verdict::kTransform);
  EXPECT_EQ(ReviewStripped("abc", "ab", false).verdict, Verdict::kTransform);
}

}  // namespace
}  // namespace rt::typescript
