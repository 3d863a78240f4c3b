// Names to files as Node has it: node_modules, exports, imports, main, and what is refused.
#include "src/module/package_resolution.h"

#include <gtest/gtest.h>

#include <map>

namespace rt {
namespace {

class FakeFiles final : public PackageFiles {
 public:
  explicit FakeFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}
  Kind KindOf(const std::string& path) override {
    if (files_.contains(path)) return Kind::kFile;
    const auto below = files_.lower_bound(path + "/");
    return below != files_.end() && below->first.starts_with(path + "/") ? Kind::kFolder
                                                                         : Kind::kAbsent;
  }
  Result<std::optional<std::string>> Read(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  std::string RealPath(const std::string& path) override { return path; }

 private:
  std::map<std::string, std::string> files_;
};

// The path, or "!" and the code.
std::string Show(Result<std::string> result) {
  return result.ok() ? *result : "!" + result.error().code;
}

class PackageResolution : public testing::Test {
 protected:
  std::string Import(std::string_view name, const std::string& from = "/app/main.js") {
    return Show(resolver_.ResolveBare(name, from, ResolveFor::kImport));
  }
  std::string Require(std::string_view name, const std::string& from = "/app/main.js") {
    return Show(resolver_.ResolveBare(name, from, ResolveFor::kRequire));
  }

  FakeFiles files_{{
      {"/app/package.json", R"({"name": "app", "exports": {"./x": "./x.js"}, "imports": {
          "#dep": "plain", "#own/*": "./src/*.js", "#own/secret": null, "#fs": "node:fs",
          "#cond": {"require": "./c.cjs", "default": "./c.mjs"}, "#bad": "../up.js", "#self": "#self"}})"},
      {"/app/main.js", ""},
      {"/node_modules/up/index.js", ""},
      {"/app/node_modules/plain/package.json", R"({"main": "lib"})"},
      {"/app/node_modules/plain/lib/index.js", ""},
      {"/app/node_modules/plain/sub.js", ""},
      {"/app/node_modules/main/package.json", R"({"main": "./start"})"},
      {"/app/node_modules/main/start.js", ""},
      {"/app/node_modules/leaves/package.json", R"({"main": "../plain/sub.js"})"},
      {"/app/node_modules/inner/lib.js", ""},
      {"/app/node_modules/inner/folder/package.json", R"({"main": "../lib.js"})"},
      {"/app/node_modules/inner/other/package.json", R"({"main": "../../plain/sub.js"})"},
      {"/app/node_modules/@s/p/package.json", R"({"type": "module", "exports": {
          ".": {"import": "./i.mjs", "require": "./r.cjs"},
          "./feature/*": "./f/*.js", "./feature/private/*": null, "./feature/*.json": "./j/*.json",
          "./list": ["bad", "./ok.js"], "./out": "./../x.js", "./nm": "./node_modules/x.js",
          "./none": {"browser": "./b.js"}}})"},
      {"/app/node_modules/sugar/package.json", R"({"exports": "./only.js"})"},
      {"/app/node_modules/mixed/package.json",
       R"({"exports": {".": "./a.js", "import": "./b.js"}})"},
      {"/app/node_modules/broken/package.json", "{"},
  }};
  PackageResolver resolver_{files_};
};

TEST_F(PackageResolution, FindsPackagesUpwards) {
  EXPECT_EQ(Import("plain"), "/app/node_modules/plain/lib/index.js");
  EXPECT_EQ(Import("main"), "/app/node_modules/main/start.js");
  EXPECT_EQ(Import("up", "/app/src/deep/x.js"), "/node_modules/up/index.js");
  EXPECT_EQ(Import("absent"), "!ERR_MODULE_NOT_FOUND");
}

TEST_F(PackageResolution, NothingOutsideAPackageIsItsOwn) {
  EXPECT_EQ(Import("plain/../main/start.js"), "!ERR_INVALID_MODULE_SPECIFIER");
  EXPECT_EQ(Import("plain/../absent.js"), "!ERR_INVALID_MODULE_SPECIFIER");
  EXPECT_EQ(Require("plain/../main/start"), "!ERR_INVALID_MODULE_SPECIFIER");
  EXPECT_EQ(Import("plain/lib/../sub.js"), "/app/node_modules/plain/sub.js");
  EXPECT_EQ(Import("leaves"), "!ERR_INVALID_PACKAGE_TARGET");
  EXPECT_EQ(Require("leaves"), "!ERR_INVALID_PACKAGE_TARGET");
  EXPECT_EQ(Require("inner/folder"), "/app/node_modules/inner/lib.js");
  EXPECT_EQ(Require("inner/other"), "!ERR_INVALID_PACKAGE_TARGET");
}

TEST_F(PackageResolution, SubpathsWithoutExports) {
  EXPECT_EQ(Import("plain/sub.js"), "/app/node_modules/plain/sub.js");
  EXPECT_EQ(Import("plain/sub"), "!ERR_MODULE_NOT_FOUND");
  EXPECT_EQ(Require("plain/sub"), "/app/node_modules/plain/sub.js");
}

TEST_F(PackageResolution, ExportsByCondition) {
  EXPECT_EQ(Import("@s/p"), "/app/node_modules/@s/p/i.mjs");
  EXPECT_EQ(Require("@s/p"), "/app/node_modules/@s/p/r.cjs");
  EXPECT_EQ(Import("sugar"), "/app/node_modules/sugar/only.js");
  EXPECT_EQ(Import("sugar/x"), "!ERR_PACKAGE_PATH_NOT_EXPORTED");
}

TEST_F(PackageResolution, ExportPatterns) {
  EXPECT_EQ(Import("@s/p/feature/a/b"), "/app/node_modules/@s/p/f/a/b.js");
  EXPECT_EQ(Import("@s/p/feature/a.json"), "/app/node_modules/@s/p/j/a.json");
  EXPECT_EQ(Import("@s/p/feature/private/x"), "!ERR_PACKAGE_PATH_NOT_EXPORTED");
  EXPECT_EQ(Import("@s/p/feature/"), "!ERR_PACKAGE_PATH_NOT_EXPORTED");
  EXPECT_EQ(Import("@s/p/list"), "/app/node_modules/@s/p/ok.js");
  EXPECT_EQ(Import("@s/p/none"), "!ERR_PACKAGE_PATH_NOT_EXPORTED");
}

TEST_F(PackageResolution, TargetsStayInThePackage) {
  EXPECT_EQ(Import("@s/p/out"), "!ERR_INVALID_PACKAGE_TARGET");
  EXPECT_EQ(Import("@s/p/nm"), "!ERR_INVALID_PACKAGE_TARGET");
  EXPECT_EQ(Import("@s/p/feature/../../x"), "!ERR_INVALID_MODULE_SPECIFIER");
  EXPECT_EQ(Import("@s/p/feature/%2e%2e/x"), "!ERR_INVALID_MODULE_SPECIFIER");
  EXPECT_EQ(Import("@s/p/feature/NODE_modules/x"), "!ERR_INVALID_MODULE_SPECIFIER");
}

TEST_F(PackageResolution, PrivateImports) {
  EXPECT_EQ(Import("#dep"), "/app/node_modules/plain/lib/index.js");
  EXPECT_EQ(Import("#own/a"), "/app/src/a.js");
  EXPECT_EQ(Import("#own/secret"), "!ERR_PACKAGE_IMPORT_NOT_DEFINED");
  EXPECT_EQ(Import("#fs"), "node:fs");
  EXPECT_EQ(Import("#cond"), "/app/c.mjs");
  EXPECT_EQ(Require("#cond"), "/app/c.cjs");
  EXPECT_EQ(Import("#bad"), "!ERR_INVALID_PACKAGE_TARGET");
  EXPECT_EQ(Import("#nope"), "!ERR_PACKAGE_IMPORT_NOT_DEFINED");
  EXPECT_EQ(Import("#self"), "!ERR_INVALID_MODULE_SPECIFIER");
  EXPECT_EQ(Import("#"), "!ERR_INVALID_MODULE_SPECIFIER");
}

TEST_F(PackageResolution, APackageMayNameItself) {
  EXPECT_EQ(Import("app/x"), "/app/x.js");
}

TEST_F(PackageResolution, BrokenConfigurations) {
  EXPECT_EQ(Import("mixed"), "!ERR_INVALID_PACKAGE_CONFIG");
  EXPECT_EQ(Import("broken"), "!ERR_INVALID_PACKAGE_CONFIG");
}

TEST_F(PackageResolution, BadNames) {
  for (const char* name : {"@scope", ".hidden", "a%2f", "a\\b", "", "@/x"}) {
    EXPECT_EQ(Import(name), "!ERR_INVALID_MODULE_SPECIFIER") << name;
  }
}

TEST_F(PackageResolution, ScopesEndAtNodeModules) {
  auto scope = resolver_.ScopeOf("/app/node_modules/x.js");
  ASSERT_TRUE(scope.ok());
  EXPECT_EQ(*scope, nullptr);
  EXPECT_EQ((*resolver_.ScopeOf("/app/a/b/c.js"))->folder, "/app");
  EXPECT_TRUE((*resolver_.ScopeOf("/app/node_modules/@s/p/i.mjs"))->type ==
              PackageJson::Type::kModule);
}

TEST(ParsePackageName, NameRangeSubpath) {
  const auto parsed = ParsePackageName("@a/b@^1.2/c/d.js");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->name, "@a/b");
  EXPECT_EQ(parsed->range, "^1.2");
  EXPECT_EQ(parsed->subpath, "./c/d.js");
  EXPECT_EQ(ParsePackageName("x")->subpath, ".");
  EXPECT_FALSE(ParsePackageName("x@"));
}

}  // namespace
}  // namespace rt
