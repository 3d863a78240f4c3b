// The lists rt record prints: smallest, quoted, valid JSON.
#include "src/permissions/grant_set.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(GrantSet, CoveredEntriesAreLeftOut) {
  GrantSet grants;
  grants.Add(Perm::kRead, "/p/data/a");
  grants.Add(Perm::kRead, "/p/data");
  grants.Add(Perm::kRead, "/p/database");
  grants.Add(Perm::kRead, "/etc/x");
  grants.Add(Perm::kNet, "connect:example.com:80");
  grants.Add(Perm::kNet, "example.com:80");
  grants.Add(Perm::kNet, "listen:127.0.0.1:0");
  grants.Add(Perm::kEnv, "HOME");
  grants.Add(Perm::kEnv, "HOME");
  EXPECT_EQ(grants.Flags("/p"),
            "--allow-read=/etc/x,data,database --allow-net=example.com:80,listen:127.0.0.1:0 "
            "--allow-env=HOME");
  EXPECT_EQ(grants.Config("/p"),
            "{\n  \"permissions\": {\n    \"default\": {\n"
            "      \"read\": [\"/etc/x\", \"data\", \"database\"],\n"
            "      \"net\": [\"example.com:80\", \"listen:127.0.0.1:0\"],\n"
            "      \"env\": [\"HOME\"]\n    }\n  }\n}\n");
}

TEST(GrantSet, AllOfAKindNeedsNoList) {
  GrantSet grants;
  grants.Add(Perm::kEnv, "HOME");
  grants.Add(Perm::kEnv, "");
  EXPECT_EQ(grants.Flags("/"), "--allow-env");
  EXPECT_NE(grants.Config("/").find("\"env\": true"), std::string::npos);
  EXPECT_EQ(GrantSet().Flags("/"), "");
  EXPECT_NE(GrantSet().Config("/").find("\"default\": {}"), std::string::npos);
}

TEST(GrantSet, TemporaryFilesAreGrantedByTheirFolder) {
  GrantSet grants;
  grants.AddTemporary("/tmp");
  grants.Add(Perm::kWrite, "/tmp");
  grants.Add(Perm::kWrite, "/tmp/8f3a/x");
  grants.Add(Perm::kRead, "/tmp/8f3a/x");
  EXPECT_EQ(grants.Flags("/home"), "--allow-read=/tmp --allow-write=/tmp");
}

TEST(GrantSet, NamesThatNeedQuoting) {
  GrantSet grants;
  grants.Add(Perm::kRead, "/p/a b,c'd");
  EXPECT_EQ(grants.Flags("/p"), "'--allow-read=a b,,c'\\''d'");
  EXPECT_EQ(JsonText("a\"\\\n\x7f\xff\u00e9\xed\xa0\x80"),
            "\"a\\\"\\\\\\u000a\\u007f\\ufffd\u00e9\\ufffd\\ufffd\\ufffd\"");
}

TEST(GrantSet, S37_NamesThatCannotBeShown) {
  GrantSet grants;
  grants.Add(Perm::kRead, "/p/a\n--allow-all\x1b[2J\u202e\u00e9'\\");
  EXPECT_EQ(grants.Flags("/p"),
            "$'--allow-read=a\\012--allow-all\\033[2J\\342\\200\\256\u00e9\\'\\\\'");
  EXPECT_NE(grants.Config("/p").find("\"a\\u000a--allow-all\\u001b[2J\\u202e\u00e9'\\\\\""),
            std::string::npos)
      << grants.Config("/p");
  EXPECT_EQ(JsonText("\U000e0041\u0085"), "\"\\udb40\\udc41\\u0085\"");
}

TEST(GrantSet, PortsTheSystemChoseAreNotKept) {
  GrantSet grants;
  grants.Add(Perm::kNet, "connect:127.0.0.1:36479");
  grants.Add(Perm::kNet, "connect:example.com:36479");
  EXPECT_EQ(grants.Flags("/"), "--allow-net=connect:127.0.0.1:36479,connect:example.com:36479");
  grants.Add(Perm::kNet, "listen:127.0.0.1:0");
  grants.Add(Perm::kNet, "connect:127.0.0.1:40001");
  grants.Add(Perm::kNet, "connect:127.0.0.1:80");
  EXPECT_EQ(grants.Flags("/"),
            "--allow-net=connect:127.0.0.1,connect:127.0.0.1:80,connect:example.com:36479,"
            "listen:127.0.0.1:0");
}

}  // namespace
}  // namespace rt
