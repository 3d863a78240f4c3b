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

}  // namespace
}  // namespace rt
