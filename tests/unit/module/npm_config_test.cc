#include "src/module/npm/npm_config.h"

#include <gtest/gtest.h>

#include "src/module/remote/auth_tokens.h"

namespace rt {
namespace {

std::optional<std::string> Variable(const std::string& name) {
  return name == "TOKEN" ? std::optional<std::string>("t0k") : std::nullopt;
}

NpmConfig Read(std::string_view text) {
  NpmConfig config;
  const auto added = config.Add(text, ".npmrc", Variable);
  EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.error().message);
  return config;
}

TEST(NpmConfig, RegistriesAreOfScopesOrForAll) {
  NpmConfig config = Read(
      "; comment\n# another\n[section]\nregistry = http://a.test/npm  ; why\r\n"
      "@b:registry=\"http://b.test:8080\"\n");
  EXPECT_EQ(config.RegistryOf("x"), "http://a.test/npm/");
  EXPECT_EQ(config.RegistryOf("@b/x"), "http://b.test:8080/");
  EXPECT_EQ(config.RegistryOf("@bb/x"), "http://a.test/npm/");
  // The nearer file, read first, stays.
  EXPECT_TRUE(config.Add("registry=http://far.test/", "far", Variable).ok());
  EXPECT_EQ(config.RegistryOf("x"), "http://a.test/npm/");
  EXPECT_FALSE(config.Add("registry=file:///x", "bad", Variable).ok());
  EXPECT_TRUE(config.SetRegistry("http://env.test", "X").ok());
  EXPECT_EQ(config.RegistryOf("x"), "http://env.test/");
  EXPECT_FALSE(config.SetRegistry("nonsense", "X").ok());
}

TEST(NpmConfig, FetchTimeout) {
  EXPECT_EQ(Read("").fetch_timeout_ms(), 0u);
  EXPECT_EQ(Read("fetch-timeout=1500\nfetch-timeout=7").fetch_timeout_ms(), 1500u);
  // No limit is a day.
  EXPECT_EQ(Read("fetch-timeout = 0").fetch_timeout_ms(), 86'400'000u);
  EXPECT_EQ(Read("fetch-timeout=99999999999").fetch_timeout_ms(), 86'400'000u);
  NpmConfig config;
  ASSERT_TRUE(config.SetFetchTimeout("20", "X").ok());
  ASSERT_TRUE(config.Add("fetch-timeout=30", "/.npmrc", {}).ok());
  EXPECT_EQ(config.fetch_timeout_ms(), 20u);
  for (const char* text : {"", "x", "-1", "1s", "1.5"}) {
    EXPECT_FALSE(config.SetFetchTimeout(text, "X").ok()) << text;
  }
}

TEST(NpmConfig, VariablesAreReplaced) {
  const NpmConfig config = Read(
      "//a.test/:_authToken=${TOKEN}\n//b.test/:_authToken=${NONE}\n"
      "//c.test/:_authToken=x${NONE?}y\n//d.test/:_authToken=\\${TOKEN}\n");
  EXPECT_EQ(config.AuthorizationFor("http://a.test/x"), "Bearer t0k");
  EXPECT_EQ(config.AuthorizationFor("http://b.test/x"), "Bearer ${NONE}");
  EXPECT_EQ(config.AuthorizationFor("http://c.test/x"), "Bearer xy");
  EXPECT_EQ(config.AuthorizationFor("http://d.test/x"), "Bearer ${TOKEN}");
}

TEST(NpmConfig, LoginsGoWhereTheyBelong) {
  const NpmConfig config = Read(
      "//a.test/:_authToken=all\n//a.test/deep/:_auth=ZGVlcA==\n"
      "//b.test:81/:username=me\n//b.test:81/:_password=cHc=\n_authToken=nobody's\n");
  EXPECT_EQ(config.AuthorizationFor("https://a.test/x"), "Bearer all");
  EXPECT_EQ(config.AuthorizationFor("https://a.test/deep/x.tgz"), "Basic ZGVlcA==");
  EXPECT_EQ(config.AuthorizationFor("https://a.test/deeper"), "Bearer all");
  EXPECT_EQ(config.AuthorizationFor("http://b.test:81/x"), "Basic bWU6cHc=");
  EXPECT_EQ(config.AuthorizationFor("http://b.test/x"), "");
  EXPECT_EQ(config.AuthorizationFor("http://a.test.evil/x"), "");
  EXPECT_EQ(config.AuthorizationFor("http://evil/a.test/x"), "");
  NpmConfig bad;
  EXPECT_FALSE(bad.Add("//a.test/:_authToken=x\x01y", ".npmrc", Variable).ok());
}

TEST(AuthTokens, AreOfOneHost) {
  const AuthTokens tokens =
      AuthTokens::Parse("abc@a.test; me:p@ss@b.test:8080;nothing;@c.test;x@;t@[::1]:81");
  EXPECT_EQ(tokens.For("a.test", 0), "Bearer abc");
  EXPECT_EQ(tokens.For("a.test", 8080), "");
  EXPECT_EQ(tokens.For("sub.a.test", 0), "");
  EXPECT_EQ(tokens.For("b.test", 8080), "Basic bWU6cEBzcw==");
  EXPECT_EQ(tokens.For("c.test", 0), "");
  EXPECT_EQ(tokens.For("[::1]", 81), "Bearer t");
}

}  // namespace
}  // namespace rt
