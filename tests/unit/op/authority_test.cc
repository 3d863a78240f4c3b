// Permissions and resources as arguments: refused before the body runs, and only real rids are
// accepted.
#include <gtest/gtest.h>

#include "fixture.h"

namespace rt {
namespace {

class AuthorityTest : public OpFixture {
 protected:
  static PermissionOptions Allow(Perm perm, std::vector<std::string> list) {
    PermissionOptions options;
    options.no_prompt = true;
    options[perm].allow_all = list.empty();
    options[perm].allow_list = std::move(list);
    return options;
  }
};

TEST_F(AuthorityTest, RefusesBeforeTheBodyRuns) {
  EXPECT_EQ(
      Run("ops.op_read('/etc/passwd')"),
      "threw: Error: Requires read access to \"/etc/passwd\", run again with the --allow-read "
      "flag");
  EXPECT_EQ(Run("call('op_async_read', '/etc/passwd')").substr(0, 35),
            "threw: Error: Requires read access ");
  EXPECT_EQ(
      Run("ops.op_net({host: 'example.com', port: 80})"),
      "threw: Error: Requires net access to \"example.com:80\", run again with the --allow-net "
      "flag");
  EXPECT_EQ(state().calls, 0);
  EXPECT_EQ(host().async_calls().pending_count(), 0u);
}

TEST_F(AuthorityTest, RunsWhenGranted) {
  Restart(Allow(Perm::kRead, {}), {});
  EXPECT_EQ(Run("ops.op_read('/etc/passwd')"), "/etc/passwd");
  EXPECT_EQ(Run("call('op_async_read', 'x')"), "x");
  EXPECT_EQ(state().calls, 2);
}

TEST_F(AuthorityTest, AGrantCoversWhatItNames) {
  Restart(Allow(Perm::kNet, {"a.example:1"}), {});
  EXPECT_EQ(Run("ops.op_net({host: 'A.example.', port: 1})"), "a.example");
  EXPECT_EQ(Run("ops.op_net({host: 'a.example', port: 2})").substr(0, 13), "threw: Error:");
  EXPECT_EQ(Run("ops.op_net({host: 'a.example', port: undefined})").substr(0, 13), "threw: Error:");
}

TEST_F(AuthorityTest, MalformedTargetsAreTypeErrorsNotRefusals) {
  EXPECT_EQ(Run("ops.op_read(1)"),
            "threw: TypeError: op_read: argument 1 must be a string, not a number");
  EXPECT_EQ(Run("ops.op_net({host: 'a', port: 65536})"),
            "threw: TypeError: op_net: argument 1 must be a port number, not a number");
  EXPECT_EQ(Run("ops.op_net('a:1')"),
            "threw: TypeError: op_net: argument 1 must be an object, not a string");
}

// What is asked depends on the order of the arguments: nothing after the refused one is looked at,
// and a bad one before it is reported without asking.
TEST_F(AuthorityTest, TheCheckHasItsPlaceAmongTheArguments) {
  EXPECT_EQ(Run("ops.op_string_then_read(1, '/x', 'not a boolean')"),
            "threw: TypeError: op_string_then_read: argument 1 must be a string, not a number");
  EXPECT_EQ(Run("ops.op_string_then_read('', '/x', 'not a boolean')"),
            "threw: Error: Requires read access to \"/x\", run again with the --allow-read flag");
}

TEST_F(AuthorityTest, Resources) {
  EXPECT_EQ(Run("var a = ops.op_open(false), b = ops.op_open(true); [a, b].join()"), "0,1");
  EXPECT_EQ(Run("ops.op_ref(a)"), "false");
  EXPECT_EQ(Run("ops.op_any_ref(a) + ops.op_any_ref(b)"), "testother");
  const std::string bad = "threw: Error: Bad resource ID [EBADF]";
  EXPECT_EQ(Run("ops.op_ref(b)"), bad);  // another type
  EXPECT_EQ(Run("ops.op_ref(7)"), bad);
  EXPECT_EQ(Run("ops.op_ref(4294967295)"), bad);
  Run("ops.op_close(a)");
  EXPECT_EQ(Run("ops.op_ref(a)"), bad);
  EXPECT_EQ(Run("ops.op_any_ref(a)"), bad);
  EXPECT_EQ(Run("ops.op_close(a)"), bad);
}

TEST_F(AuthorityTest, AStaleRidStaysStaleWhenItsSlotIsReused) {
  EXPECT_EQ(Run("const first = ops.op_open(false); ops.op_close(first); let hits = 0;"
                "for (let i = 0; i < 200; ++i) { const r = ops.op_open(false);"
                "  try { ops.op_ref(first); ++hits; } catch {} ops.op_close(r); } hits"),
            "0");
}

TEST_F(AuthorityTest, ShutdownClosesResourcesAndState) {
  Run("ops.op_open(false)");
  Ref<TestResource> held = *host().resources().Get<TestResource>(0);
  TestState* kept = &state();
  EXPECT_EQ(kept->shutdowns, 0);
  Stop();
  EXPECT_TRUE(held->closed);
  held = Ref<TestResource>();
  Start({}, {});
}

}  // namespace
}  // namespace rt
