#include "src/module/npm/npm_graph.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

// A registry in a map: name to versions, in JSON.
class Registry {
 public:
  void Publish(const std::string& name, const std::string& versions, const std::string& latest) {
    texts_[name] = "{\"versions\":" + versions + ",\"dist-tags\":{\"latest\":\"" + latest + "\"}}";
  }

  // Resolves `wanted` ("name@range") in `graph`; the error's message, or nothing.
  std::string Resolve(NpmGraph& graph, std::initializer_list<NpmRequest> wanted) {
    for (const NpmRequest& request : wanted) graph.Want(request);
    Packuments known;
    for (;;) {
      auto missing = graph.Advance(known);
      if (!missing.ok()) return missing.error().message;
      if (missing->empty()) return "";
      for (const auto& [name, anew] : *missing) {
        KnownPackument entry{.packument = {}, .is_fresh = true};
        if (texts_.contains(name)) {
          auto packument = Packument::Parse(texts_[name], name);
          EXPECT_TRUE(packument.ok());
          entry.packument = std::move(packument).value();
        }
        known.insert_or_assign(name, std::move(entry));
      }
    }
  }

 private:
  std::map<std::string, std::string> texts_;
};

std::string IdsOf(const NpmGraph& graph) {
  std::string text;
  for (const auto& [id, package] : graph.ToLock()) {
    text += (text.empty() ? "" : " ") + id;
    for (const auto& [name, target] : package.dependencies) text += "+" + name + "=" + target;
  }
  return text;
}

TEST(NpmGraph, OneVersionWhereRangesAllow) {
  Registry registry;
  registry.Publish("a", R"({"1.0.0":{"dependencies":{"c":"^1.0.0","b":"*"}}})", "1.0.0");
  registry.Publish("b", R"({"1.0.0":{"dependencies":{"c":"1 || 2"}}})", "1.0.0");
  registry.Publish("c", R"({"1.0.0":{},"1.5.0":{},"2.0.0":{}})", "2.0.0");
  NpmGraph graph;
  EXPECT_EQ(registry.Resolve(graph, {{"a", "1"}}), "");
  EXPECT_EQ(IdsOf(graph), "a@1.0.0+b=b@1.0.0+c=c@1.5.0 b@1.0.0+c=c@1.5.0 c@1.5.0");
  EXPECT_EQ(registry.Resolve(graph, {{"c", "2"}}), "");
  EXPECT_EQ(graph.packages()[*graph.Find({"c", "2"})].release->version, "2.0.0");
}

TEST(NpmGraph, CyclesEnd) {
  Registry registry;
  registry.Publish("a", R"({"1.0.0":{"dependencies":{"b":"1"}}})", "1.0.0");
  registry.Publish("b", R"({"1.0.0":{"dependencies":{"a":"1"}}})", "1.0.0");
  NpmGraph graph;
  EXPECT_EQ(registry.Resolve(graph, {{"a", "*"}}), "");
  EXPECT_EQ(graph.Closure(*graph.Find({"a", "*"})).size(), 2u);
}

TEST(NpmGraph, PeersAreTheUsers) {
  Registry registry;
  registry.Publish("app", R"({"1.0.0":{"dependencies":{"host":"1","plug":"1"}}})", "1.0.0");
  registry.Publish("host", R"({"1.0.0":{},"2.0.0":{}})", "2.0.0");
  registry.Publish("plug", R"({"1.0.0":{"peerDependencies":{"host":"*","none":"1"},
      "peerDependenciesMeta":{"none":{"optional":true}}}})",
                   "1.0.0");
  NpmGraph graph;
  EXPECT_EQ(registry.Resolve(graph, {{"app", "1"}}), "");
  EXPECT_EQ(IdsOf(graph),
            "app@1.0.0+host=host@1.0.0+plug=plug@1.0.0_host@1.0.0 host@1.0.0 "
            "plug@1.0.0_host@1.0.0+host=host@1.0.0");
}

TEST(NpmGraph, WhatThereIsNotIsNamed) {
  Registry registry;
  registry.Publish("a", R"({"1.0.0":{"dependencies":{"gone":"1"}},"2.0.0":{"dependencies":
      {"b":"git+ssh://x"}},"3.0.0":{"optionalDependencies":{"gone":"1","b":"http://x/y"}}})",
                   "1.0.0");
  const auto resolve = [&](const char* range) {
    NpmGraph graph;
    return registry.Resolve(graph, {{"a", range}});
  };
  EXPECT_EQ(resolve("1"), "npm package \"gone\" does not exist, which \"a@1.0.0\" needs");
  EXPECT_NE(resolve("2").find("not implemented"), std::string::npos);
  EXPECT_EQ(resolve("3"), "");
  EXPECT_EQ(resolve("4"), "Could not find npm package \"a\" matching \"4\"");
  EXPECT_EQ(resolve("tag"), "Could not find npm package \"a\" matching \"tag\"");
}

TEST(NpmGraph, TheLockFileReadsAsItWasWritten) {
  Registry registry;
  registry.Publish("@s/a", R"({"1.0.0":{"dependencies":{"c":"1","d":"npm:c@2"},
      "optionalDependencies":{"o":"1"},"dist":{"integrity":"sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA="}}})",
                   "1.0.0");
  registry.Publish("c", R"({"1.0.0":{},"2.0.0":{"bin":"x","hasInstallScript":true}})", "2.0.0");
  registry.Publish("o", R"({"1.0.0":{"os":["darwin"],"cpu":["arm64"],"deprecated":"old"}})",
                   "1.0.0");
  NpmGraph graph;
  ASSERT_EQ(registry.Resolve(graph, {{"@s/a", "1"}}), "");
  EXPECT_EQ(graph.Closure(*graph.Find({"@s/a", "1"})).size(), 3u);
  const LockedPackages written = graph.ToLock();
  const Json json = WriteLockedPackages(written);
  const auto read = ReadLockedPackages(json);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, written);
  NpmGraph again;
  ASSERT_TRUE(again.AddLocked(*read).ok());
  EXPECT_FALSE(again.AddLockedRequest({"@s/a", "1"}, "@s/a@9.0.0"));
  ASSERT_TRUE(again.AddLockedRequest({"@s/a", "1"}, "@s/a@1.0.0"));
  EXPECT_EQ(again.ToLock(), written);
  EXPECT_EQ(again.Closure(*again.Find({"@s/a", "1"})).size(), 3u);
}

TEST(LockedPackages, WhatDenoDoesNotWriteIsRefused) {
  for (const char* text :
       {R"([])", R"({"a":{}})", R"({"a@1":{}})", R"({"../a@1.0.0":{}})", R"({"a@1.0.0/..":{}})",
        R"({"a@1.0.0":[]})", R"({"a@1.0.0":{"integrity":5}})", R"({"a@1.0.0":{"integrity":""}})",
        R"({"a@1.0.0":{"integrity":"md5-abc"}})", R"({"a@1.0.0":{"integrity":"sha512-AAAA"}})",
        R"({"a@1.0.0":{"dependencies":["b"]}})", R"({"a@1.0.0":{"os":"linux"}})"}) {
    EXPECT_FALSE(ReadLockedPackages(*ParseJson(text)).ok()) << text;
  }
}

TEST(Packument, OldAndNewWithdrawnVersions) {
  auto packument = Packument::Parse(
      R"({"versions":{"1.0.0":{},"1.1.0":{"deprecated":"broken"},"2.0.0":{},"3.0.0-a":{}},
          "dist-tags":{"latest":"1.0.0","next":"3.0.0-a","odd":"7.0.0"}})",
      "p");
  ASSERT_TRUE(packument.ok());
  EXPECT_EQ(packument->Choose("*", {}), "1.0.0");
  EXPECT_EQ(packument->Choose("^1.0.0", {}), "1.0.0");
  EXPECT_EQ(packument->Choose("~1.1", {}), "1.1.0");
  EXPECT_EQ(packument->Choose(">1", {}), "2.0.0");
  EXPECT_EQ(packument->Choose("*", {"2.0.0"}), "2.0.0");
  EXPECT_EQ(packument->Choose("next", {}), "3.0.0-a");
  EXPECT_EQ(packument->Choose("odd", {}), "");
  EXPECT_EQ(packument->Choose("5", {}), "");
}

TEST(Packument, NamesThatAreFoldersOfTheirOwn) {
  for (const char* name : {"a", "@a/b", "A.b-c_d", "lodash.isplainobject"}) {
    EXPECT_TRUE(IsNpmName(name)) << name;
  }
  for (const char* name : {"", ".", "..", ".a", "@a", "a/b", "@a/..", "@../a", "@/a", "@a/",
                           "a/../b", "a b", "a%2f", "a\\b", "node_modules", "@a/b/c"}) {
    EXPECT_FALSE(IsNpmName(name)) << name;
  }
}

TEST(NpmRelease, PlatformsAreMatchedAsNpmDoes) {
  NpmRelease release;
  EXPECT_TRUE(release.FitsPlatform());
  release.os = {"darwin", "linux"};
  EXPECT_TRUE(release.FitsPlatform());
  release.os = {"!linux"};
  EXPECT_FALSE(release.FitsPlatform());
  release.os = {"!win32"};
  EXPECT_TRUE(release.FitsPlatform());
  release.libc = {"musl"};
  EXPECT_FALSE(release.FitsPlatform());
}

}  // namespace
}  // namespace rt
