// compilerOptions: which file counts, what it may say, and what of it is an error.
#include "src/typescript/config_finder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace rt::typescript {
namespace {

namespace fs = std::filesystem;
using Jsx = CompilerOptions::Jsx;

class ConfigFinderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rt-config-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  Result<CompilerOptions> Find(const std::string& name) {
    return ConfigFinder().OptionsFor((folder_ / name).string());
  }

  fs::path folder_;
};

TEST_F(ConfigFinderTest, DefaultsWithoutFiles) {
  EXPECT_EQ(*Find("a/b/c.ts"), CompilerOptions());
  EXPECT_EQ(*ConfigFinder().OptionsFor(""), CompilerOptions());
}

TEST_F(ConfigFinderTest, NearestWithOptionsCounts) {
  Write("tsconfig.json",
        R"({"compilerOptions": {"jsx": "React-JSX", "jsxImportSource": "preact"}})");
  Write("a/deno.json", R"({"tasks": {}})");
  Write("a/b/deno.jsonc",
        "{ // note\n \"compilerOptions\": {\"experimentalDecorators\": true,}, }");
  EXPECT_EQ(Find("a/x.ts")->jsx, Jsx::kReactJsx);
  EXPECT_EQ(Find("a/x.ts")->jsx_import_source, "preact");
  EXPECT_TRUE(Find("a/b/x.ts")->experimental_decorators);
  EXPECT_EQ(Find("a/b/x.ts")->jsx, Jsx::kReact);
}

TEST_F(ConfigFinderTest, FollowsExtends) {
  Write("base.json", R"({"compilerOptions": {"jsxFactory": "h", "verbatimModuleSyntax": true}})");
  Write("node_modules/@x/conf/tsconfig.json",
        R"({"compilerOptions": {"jsxFragmentFactory": "F"}})");
  Write("tsconfig.json",
        R"({"extends": ["./base", "@x/conf"], "compilerOptions": {"jsxFactory": "k"}})");
  const auto options = Find("x.tsx");
  EXPECT_EQ(options->jsx_factory, "k");
  EXPECT_EQ(options->jsx_fragment_factory, "F");
  EXPECT_TRUE(options->verbatim_module_syntax);
}

TEST_F(ConfigFinderTest, ErrorsNameTheFile) {
  for (const char* text :
       {"{", R"({"compilerOptions": 1})", R"({"compilerOptions": {"jsx": 1}})",
        R"({"compilerOptions": {"jsx": "preserve"}})", R"({"compilerOptions": {"jsx": "what"}})",
        R"({"compilerOptions": {"experimentalDecorators": "yes"}})",
        R"({"extends": "./missing.json"})", R"({"extends": "./tsconfig.json"})"}) {
    Write("tsconfig.json", text);
    const auto options = Find("x.ts");
    ASSERT_FALSE(options.ok()) << text;
    EXPECT_NE(options.error().message.find("tsconfig.json"), std::string::npos);
  }
}

TEST_F(ConfigFinderTest, AMissingAndABrokenBaseLookAlike) {
  Write("tsconfig.json", R"({"extends": "./base.json"})");
  const std::string missing = Find("x.ts").error().message;
  Write("base.json", "not JSON");
  EXPECT_EQ(Find("x.ts").error().message, missing);
}

}  // namespace
}  // namespace rt::typescript
