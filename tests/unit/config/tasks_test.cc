// Tasks as data: what is read, what fits a name, in which order they run.
#include "src/config/tasks.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

Result<std::vector<TaskDefinition>> Read(std::string_view text) {
  auto json = ParseJson(text);
  EXPECT_TRUE(json.ok());
  return TasksOfDenoJson(*json, "deno.json");
}

std::string Message(std::string_view text) {
  const auto tasks = Read(text);
  return tasks.ok() ? "" : tasks.error().message;
}

TEST(Tasks, BothForms) {
  const auto tasks = Read(R"({"tasks": {
    "a": "echo",
    "b": {"command": "run", "description": "d", "dependencies": ["a"]},
    "c": {"dependencies": []}
  }})");
  ASSERT_TRUE(tasks.ok());
  ASSERT_EQ(tasks->size(), 3u);
  EXPECT_EQ((*tasks)[0].command, "echo");
  EXPECT_EQ((*tasks)[1].description, "d");
  EXPECT_EQ((*tasks)[1].dependencies, std::vector<std::string>{"a"});
  EXPECT_FALSE((*tasks)[2].command);
}

TEST(Tasks, TheLastOfANameCounts) {
  const auto tasks = Read(R"({"tasks": {"a": "1", "b": "2", "a": "3"}})");
  ASSERT_TRUE(tasks.ok());
  ASSERT_EQ(tasks->size(), 2u);
  EXPECT_EQ((*tasks)[1].command, "3");
}

TEST(Tasks, OtherShapesAreErrors) {
  EXPECT_EQ(Message(R"({"tasks": []})"), "deno.json: \"tasks\" must be an object, not array");
  EXPECT_EQ(Message(R"({"tasks": {"a": 1}})"),
            "deno.json: task \"a\": must be a command or an object, not number");
  EXPECT_EQ(Message(R"({"tasks": {"a": {"dependencies": "b"}}})"),
            "deno.json: task \"a\": \"dependencies\" must be an array");
  EXPECT_EQ(Message(R"({"tasks": {"a": {"dependencies": [1]}}})"),
            "deno.json: task \"a\": \"dependencies\" must be names of tasks");
  EXPECT_EQ(Message(R"({"tasks": {"a": {"description": 1}}})"),
            "deno.json: task \"a\": \"description\" must be a string");
  EXPECT_EQ(Message(R"({})"), "");
}

TEST(Tasks, Names) {
  EXPECT_TRUE(TaskNameMatches("build", "build"));
  EXPECT_FALSE(TaskNameMatches("build", "builds"));
  EXPECT_TRUE(TaskNameMatches("build:*", "build:a:b"));
  EXPECT_FALSE(TaskNameMatches("build:*", "build"));
  EXPECT_TRUE(TaskNameMatches("*", ""));
  EXPECT_TRUE(TaskNameMatches("*a*b", "xaybab"));
  EXPECT_FALSE(TaskNameMatches("*a*b", "xayba"));
  EXPECT_FALSE(TaskNameMatches("a.c", "abc"));
}

TEST(Tasks, Order) {
  const auto tasks = Read(R"({"tasks": {
    "all": {"dependencies": ["b", "c"]}, "b": {"dependencies": ["d"]}, "c": {"dependencies": ["d"]},
    "d": "x"
  }})");
  ASSERT_TRUE(tasks.ok());
  const auto order = OrderTasks(*tasks, {0});
  ASSERT_TRUE(order.ok());
  EXPECT_EQ(*order, (std::vector<size_t>{3, 1, 2, 0}));
}

TEST(Tasks, Cycles) {
  const auto tasks = Read(R"({"tasks": {
    "a": {"dependencies": ["b"]}, "b": {"dependencies": ["c"]}, "c": {"dependencies": ["b"]},
    "self": {"dependencies": ["self"]}
  }})");
  ASSERT_TRUE(tasks.ok());
  EXPECT_EQ(OrderTasks(*tasks, {0}).error().message, "a -> b -> c -> b");
  EXPECT_EQ(OrderTasks(*tasks, {3}).error().message, "self -> self");
}

TEST(Tasks, AbsentDependency) {
  const auto tasks = Read(R"({"tasks": {"a": {"dependencies": ["b"]}}})");
  ASSERT_TRUE(tasks.ok());
  const auto order = OrderTasks(*tasks, {0});
  ASSERT_FALSE(order.ok());
  EXPECT_EQ(order.error().error_class, ErrorClass::kNotFound);
  EXPECT_EQ(order.error().message, "b");
}

TEST(Tasks, AChainIsNoRecursion) {
  std::vector<TaskDefinition> tasks;
  for (int i = 0; i < 100'000; ++i) {
    tasks.push_back(
        {.name = std::to_string(i), .command = {}, .description = {}, .dependencies = {}});
  }
  // Names are looked up one by one, so only the end of the chain is walked here.
  for (int i = 0; i < 2'000; ++i) tasks[i].dependencies = {std::to_string(i + 1)};
  const auto order = OrderTasks(tasks, {0});
  ASSERT_TRUE(order.ok());
  EXPECT_EQ(order->size(), 2'001u);
}

TEST(Tasks, ShellQuoting) {
  EXPECT_EQ(QuoteForShell("plain-1.txt"), "plain-1.txt");
  EXPECT_EQ(QuoteForShell(""), "''");
  EXPECT_EQ(QuoteForShell("a b"), "'a b'");
  EXPECT_EQ(QuoteForShell("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(QuoteForShell("a\nb"), "'a\nb'");
}

TEST(Tasks, Scripts) {
  auto json = ParseJson(R"({"scripts": {"a": "x", "b": 1}})");
  ASSERT_TRUE(json.ok());
  const auto scripts = ScriptsOfPackageJson(*json);
  ASSERT_EQ(scripts.size(), 1u);
  EXPECT_TRUE(scripts[0].is_script);
}

}  // namespace
}  // namespace rt
