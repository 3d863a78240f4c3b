// The table of `rt ops`, with rows made up for it.
#include "src/op/op_table.h"

#include <gtest/gtest.h>

#include <array>

namespace rt {
namespace {

OpDecl Row(std::string_view name, OpKind kind, PermissionSpec permission) {
  OpDecl op{};
  op.name = name;
  op.kind = kind;
  op.permission = permission;
  op.result_type = "void";
  return op;
}

class OpTable : public testing::Test {
 protected:
  OpTable() {
    ops_[0] = Row("op_a_open", OpKind::kAsync, Needs<Perm::kRead, Perm::kWrite>::kSpec);
    ops_[0].arity = 2;
    ops_[0].argument_types[0] = "path";
    ops_[0].argument_types[1] = "string | null";
    ops_[0].result_type = "rid";
    ops_[1] = Row("op_a_now", OpKind::kSync, NoPerm<"the \"clock\" | coarse">::kSpec);
    ops_[1].fast = true;
    ops_[2] = Row("op_a_fetch", OpKind::kSync, InBody<"redirects", Perm::kNet>::kSpec);
    ops_[3] = Row("op_a_read", OpKind::kSync, OnResource::kSpec);
    extensions_[0] = {.name = "a", .ops = ops_};
    extensions_[1] = {.name = "empty", .ops = {}};
  }

  std::array<OpDecl, 4> ops_;
  std::array<Extension, 2> extensions_;
};

TEST_F(OpTable, TextIsAligned) {
  EXPECT_EQ(OpsAsText(extensions_),
            "NAME        KIND   FAST  PERMISSION            ARGUMENTS              RESULT\n"
            "op_a_open   async  -     read, write           (path, string | null)  rid\n"
            "op_a_now    sync   fast  none                  ()                     void\n"
            "op_a_fetch  sync   -     net (checked inside)  ()                     void\n"
            "op_a_read   sync   -     resource              ()                     void\n");
}

TEST_F(OpTable, Json) {
  const std::string json = OpsAsJson(std::span(extensions_));
  EXPECT_TRUE(json.starts_with(
      "[\n  {\"name\": \"op_a_open\", \"extension\": \"a\", \"kind\": \"async\", \"fast\": false, "
      "\"permissions\": [\"read\", \"write\"], \"authority\": \"needs\", \"why\": null, "
      "\"arguments\": [\"path\", \"string | null\"], \"result\": \"rid\"},\n"))
      << json;
  EXPECT_NE(json.find("\"why\": \"the \\\"clock\\\" | coarse\""), std::string::npos);
  EXPECT_TRUE(json.ends_with("}\n]\n"));
  EXPECT_EQ(OpsAsJson({}), "[]\n");
}

TEST_F(OpTable, Markdown) {
  const std::string text = OpsAsMarkdown(extensions_);
  EXPECT_NE(text.find("\n## a\n"), std::string::npos);
  EXPECT_EQ(text.find("## empty"), std::string::npos);
  EXPECT_NE(text.find("| `op_a_now` | sync, fast | none: the \"clock\" \\| coarse |  | void |\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("| `op_a_open` | async | read, write | path, string \\| null | rid |\n"),
            std::string::npos);
}

}  // namespace
}  // namespace rt
