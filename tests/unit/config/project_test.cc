// deno.json: finding it, its errors, its warnings.
#include "src/config/project.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace rt {
namespace {

class Project : public testing::Test {
 protected:
  Project() {
    std::string pattern = testing::TempDir() + "rt-project-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~Project() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, std::string_view text) {
    const std::string path = folder_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }

  std::string folder_;
};

TEST_F(Project, IsFoundUpwards) {
  const std::string path = Write("deno.jsonc", "{/* c */ \"name\": \"x\",}");
  Write("a/b/c.js", "");
  auto found = FindProjectConfig(folder_ + "/a/b");
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->path, path);
  EXPECT_EQ((*found)->folder, folder_);
  EXPECT_EQ(*(*found)->json.FindString("name"), "x");
}

TEST_F(Project, TheNearerOneCountsAndJsonBeforeJsonc) {
  Write("deno.json", "{}");
  Write("a/deno.jsonc", "{}");
  const std::string path = Write("a/deno.json", "{}");
  EXPECT_EQ((*FindProjectConfig(folder_ + "/a"))->path, path);
}

TEST_F(Project, ErrorsNameFileAndPlace) {
  const std::string bad = Write("bad.json", "{\n  \"a\" 1}");
  auto result = ReadProjectConfig(bad);
  ASSERT_FALSE(result.ok());
  EXPECT_TRUE(result.error().message.starts_with(bad + ":2:")) << result.error().message;
  EXPECT_NE(ReadProjectConfig(Write("list.json", "[]")).error().message.find("object"),
            std::string::npos);
  EXPECT_EQ(ReadProjectConfig(folder_ + "/absent.json").error().error_class, ErrorClass::kNotFound);
}

TEST_F(Project, WarnsOfWrongTypes) {
  const std::string path = Write("deno.json", R"({
    "tasks": 5, "nodeModulesDir": "bananas", "test": { "include": "x", "exclude": ["a", 1] },
    "bench": [], "lock": { "frozen": "yes" }, "exclude": ["ok"], "vendor": true
  })");
  auto config = ReadProjectConfig(path);
  ASSERT_TRUE(config.ok());
  const std::vector<std::string> expected = {
      path + ": \"bench\" must be an object, not such a list",
      path + ": \"tasks\" must be an object, not a number",
      path + ": \"lock.frozen\" must be true or false, not a string",
      path + ": \"test.exclude\" must be a list of strings, not such a list",
      path + ": \"test.include\" must be a list of strings, not a string",
      path +
          ": \"nodeModulesDir\" must be \"auto\", \"manual\", \"none\", true or false, "
          "not \"bananas\"",
  };
  EXPECT_EQ(config->warnings, expected);
  auto tasks = ReadProjectConfig(Write("b/deno.json", R"({"tasks": {"a": 5, "b": "x", "c": {}}})"));
  ASSERT_EQ(tasks->warnings.size(), 1u);
  EXPECT_NE(tasks->warnings[0].find("\"tasks.a\" must be a command or an object, not a number"),
            std::string::npos);
}

TEST_F(Project, WarnsOfUnknownCompilerOptions) {
  auto config = ReadProjectConfig(
      Write("deno.json", R"({"compilerOptions": {"jsxImportSorce": "x", "strict": true}})"));
  ASSERT_TRUE(config.ok());
  ASSERT_EQ(config->warnings.size(), 1u);
  EXPECT_NE(config->warnings[0].find("unknown key \"compilerOptions.jsxImportSorce\"; did you mean "
                                     "\"compilerOptions.jsxImportSource\"?"),
            std::string::npos);
}

TEST_F(Project, WarnsOfUnknownKeys) {
  auto config = ReadProjectConfig(
      Write("deno.json", R"({"import": {}, "tasks": {}, "zzzzzz": 1, "unstable": ["kv"]})"));
  ASSERT_TRUE(config.ok());
  ASSERT_EQ(config->warnings.size(), 3u);
  EXPECT_NE(config->warnings[0].find("did you mean \"imports\"?"), std::string::npos);
  EXPECT_EQ(config->warnings[1].find("did you mean"), std::string::npos);
  EXPECT_NE(config->warnings[2].find("ignored"), std::string::npos);
}

TEST_F(Project, WarnsOfUnknownKeysBelow) {
  auto config = ReadProjectConfig(Write("deno.json", R"({
    "tasks": {"a": {"comand": "x"}, "b": "y", "c": {"command": "z", "dependencies": []}},
    "test": {"includes": [], "exclude": []}, "lock": {"frosen": true}, "bench": 1,
    "compilerOptions": {"anything": 1}})"));
  ASSERT_TRUE(config.ok());
  const std::string prefix = config->path + ": unknown key ";
  ASSERT_EQ(config->warnings.size(), 5u);
  EXPECT_EQ(config->warnings[3], prefix + "\"compilerOptions.anything\"");
  EXPECT_EQ(config->warnings[4], config->path + ": \"bench\" must be an object, not a number");
  EXPECT_EQ(config->warnings[0], prefix + "\"test.includes\"; did you mean \"test.include\"?");
  EXPECT_EQ(config->warnings[1], prefix + "\"lock.frosen\"; did you mean \"lock.frozen\"?");
  EXPECT_EQ(config->warnings[2], prefix + "\"tasks.a.comand\"; did you mean \"tasks.a.command\"?");
}

}  // namespace
}  // namespace rt
