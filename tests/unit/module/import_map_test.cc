// Import maps: matching, scopes, what is refused. After the examples of the HTML specification.
#include "src/module/import_map.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

constexpr char kBase[] = "file:///app/deno.json";

ImportMap Make(std::string_view text, std::vector<std::string>* warnings = nullptr) {
  std::vector<std::string> ignored;
  auto json = ParseJson(text);
  RT_CHECK(json.ok());
  auto map = ImportMap::Make(*json, kBase, warnings ? *warnings : ignored);
  RT_CHECK(map.ok());
  return std::move(map).value();
}

// The URL, "-" if the map says nothing, or "!" and the message.
std::string Resolve(const ImportMap& map, std::string_view specifier,
                    const std::string& referrer = "file:///app/main.js") {
  auto resolved = map.Resolve(specifier, referrer);
  if (!resolved.ok()) return "!" + resolved.error().message;
  return resolved->value_or("-");
}

TEST(ImportMap, ExactNamesAndPrefixes) {
  const ImportMap map = Make(R"({"imports": {
      "lib": "./vendor/lib.js", "lib/": "./vendor/lib/", "lib/deep/": "https://cdn.test/deep/",
      "/root.js": "./elsewhere.js", "https://a.test/": "./a/"}})");
  EXPECT_EQ(Resolve(map, "lib"), "file:///app/vendor/lib.js");
  EXPECT_EQ(Resolve(map, "lib/x/y.js"), "file:///app/vendor/lib/x/y.js");
  EXPECT_EQ(Resolve(map, "lib/deep/z.js"), "https://cdn.test/deep/z.js");
  EXPECT_EQ(Resolve(map, "library"), "-");
  EXPECT_EQ(Resolve(map, "/root.js"), "file:///app/elsewhere.js");
  EXPECT_EQ(Resolve(map, "https://a.test/b.js"), "file:///app/a/b.js");
  EXPECT_EQ(Resolve(map, "./main.js"), "-");
}

TEST(ImportMap, TheLongestScopeThatFitsCountsFirst) {
  const ImportMap map = Make(R"({"imports": {"a": "./a0.js", "b": "./b0.js"}, "scopes": {
      "./sub/": {"a": "./a1.js"}, "./sub/sub/": {"a": "./a2.js"}, "./one.js": {"a": "./a3.js"}}})");
  EXPECT_EQ(Resolve(map, "a"), "file:///app/a0.js");
  EXPECT_EQ(Resolve(map, "a", "file:///app/sub/x.js"), "file:///app/a1.js");
  EXPECT_EQ(Resolve(map, "a", "file:///app/sub/sub/x.js"), "file:///app/a2.js");
  EXPECT_EQ(Resolve(map, "b", "file:///app/sub/sub/x.js"), "file:///app/b0.js");
  EXPECT_EQ(Resolve(map, "a", "file:///app/one.js"), "file:///app/a3.js");
  EXPECT_EQ(Resolve(map, "a", "file:///app/one.jsx"), "file:///app/a0.js");
}

TEST(ImportMap, BadAddressesBlockAndWarn) {
  std::vector<std::string> warnings;
  const ImportMap map =
      Make(R"({"imports": {"a": null, "b": "bare", "c/": "./c.js", "": "./d.js"}})", &warnings);
  EXPECT_EQ(warnings.size(), 4u);
  for (const char* name : {"a", "b", "c/x"}) {
    EXPECT_NE(Resolve(map, name).find("blocked"), std::string::npos) << name;
  }
}

TEST(ImportMap, DoesNotClimbAboveItsPrefix) {
  const ImportMap map = Make(R"({"imports": {"lib/": "./vendor/lib/"}})");
  EXPECT_NE(Resolve(map, "lib/../../secret.js").find("climbs"), std::string::npos);
  EXPECT_EQ(Resolve(map, "lib/x/../y.js"), "file:///app/vendor/lib/y.js");
}

TEST(ImportMap, PrefixesDoNotApplyToUrlsThatAreNotSpecial) {
  const ImportMap map = Make(R"({"imports": {"npm:": "./x/", "data:text/": "./y/"}})");
  EXPECT_EQ(Resolve(map, "data:text/javascript,1"), "-");
}

TEST(ImportMap, PackagesAreExpandedForDenoJson) {
  ImportMap map = Make(R"({"imports": {"@std/path": "jsr:@std/path@1", "chalk": "npm:chalk@5",
                                       "own": "npm:own@1", "own/": "./own/"}})");
  map.ExpandPackages();
  EXPECT_EQ(Resolve(map, "@std/path"), "jsr:@std/path@1");
  EXPECT_EQ(Resolve(map, "@std/path/posix"), "jsr:/@std/path@1/posix");
  EXPECT_EQ(Resolve(map, "chalk/source"), "npm:/chalk@5/source");
  EXPECT_EQ(Resolve(map, "own/x.js"), "file:///app/own/x.js");
}

TEST(ImportMap, RefusesWrongShapes) {
  for (const char* text :
       {"[]", R"({"imports": []})", R"({"scopes": 1})", R"({"scopes": {"a": 1}})"}) {
    std::vector<std::string> warnings;
    auto json = ParseJson(text);
    EXPECT_FALSE(ImportMap::Make(*json, kBase, warnings).ok()) << text;
  }
}

}  // namespace
}  // namespace rt
