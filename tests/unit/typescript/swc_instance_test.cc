// The TypeScript parser as machine code: results, failures, traps it must survive, memory it must
// give back.
#include "src/typescript/swc_instance.h"

#include <gtest/gtest.h>

#include <thread>

namespace rt::typescript {
namespace {

using Mode = SwcInstance::Mode;
using Kind = SwcFailure::Kind;

SwcInstance::Options Strip() {
  return {.mode = Mode::kStrip, .filename = "a.ts"};
}
SwcInstance::Options Print() {
  return {.mode = Mode::kTransform, .filename = "a.ts", .source_map = true};
}

std::string Code(const std::variant<SwcOutput, SwcFailure>& result) {
  const auto* output = std::get_if<SwcOutput>(&result);
  return output ? output->code : "failed: " + std::get<SwcFailure>(result).message;
}

Kind KindOf(const std::variant<SwcOutput, SwcFailure>& result) {
  return std::get<SwcFailure>(result).kind;
}

std::string Nested(size_t depth) {
  return "let a = " + std::string(depth, '(') + "1" + std::string(depth, ')') + ";\n";
}

TEST(SwcInstance, StripsKeepingColumns) {
  SwcInstance swc;
  EXPECT_EQ(Code(swc.Transform("let a: number = 1;", Strip())), "let a         = 1;");
  EXPECT_EQ(Code(swc.Transform("", Strip())), "");
}

TEST(SwcInstance, PrintsWithSourceMap) {
  SwcInstance swc;
  auto result = swc.Transform("enum A { B = 2 }\nexport const b: A = A.B;", Print());
  const auto& output = std::get<SwcOutput>(result);
  EXPECT_NE(output.code.find("A[\"B\"] = 2"), std::string::npos) << output.code;
  EXPECT_NE(output.map.find("\"mappings\":\""), std::string::npos) << output.map;
}

TEST(SwcInstance, SaysWhatStrippingCannotDo) {
  SwcInstance swc;
  EXPECT_EQ(KindOf(swc.Transform("enum A {}", Strip())), Kind::kUnsupported);
  EXPECT_EQ(KindOf(swc.Transform("class A { constructor(public x: number) {} }", Strip())),
            Kind::kUnsupported);
}

TEST(SwcInstance, PlacesSyntaxErrors) {
  SwcInstance swc;
  const auto result = swc.Transform("let a = 1;\nlet x y;", Strip());
  const auto& failure = std::get<SwcFailure>(result);
  EXPECT_EQ(failure.kind, Kind::kSyntax);
  EXPECT_EQ(failure.start_line, 2);
  EXPECT_EQ(failure.start_column, 6);
}

TEST(SwcInstance, SurvivesDeepNesting) {
  SwcInstance swc;
  for (const size_t depth : {size_t{3000}, size_t{100'000}, size_t{2'000'000}}) {
    EXPECT_EQ(KindOf(swc.Transform(Nested(depth), Strip())), Kind::kTooDeep) << depth;
    EXPECT_EQ(swc.memory_bytes(), 0u);  // the broken instance is gone
    EXPECT_EQ(Code(swc.Transform("let a: 1;", Strip())), "let a   ;");
  }
  EXPECT_EQ(Code(swc.Transform(Nested(100), Strip())), Nested(100));
}

TEST(SwcInstance, RespectsASmallStack) {
  Kind kind{};
  // pthread's default here is megabytes; a thread with less must see an error as well, not a crash.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  pthread_t thread;
  auto run = [](void* data) -> void* {
    SwcInstance swc;
    *static_cast<Kind*>(data) = KindOf(swc.Transform(Nested(700), Print()));
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &kind), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  EXPECT_EQ(kind, Kind::kTooDeep);
}

TEST(SwcInstance, GivesMemoryOfBigFilesBack) {
  SwcInstance swc;
  std::string big;
  while (big.size() < (size_t{4} << 20)) big += "export const value: number = 1 + 2 * 3;\n";
  const auto result = swc.Transform(big, Strip());
  EXPECT_EQ(Code(result).size(), big.size());
  EXPECT_EQ(swc.memory_bytes(), 0u);
  EXPECT_EQ(Code(swc.Transform("let a: 1;", Strip())), "let a   ;");
  EXPECT_GT(swc.memory_bytes(), 0u);
  EXPECT_LE(swc.memory_bytes(), size_t{24} << 20);
}

TEST(SwcInstance, OneForEachThread) {
  std::vector<std::thread> threads;
  std::vector<std::string> codes(4);
  for (auto& code : codes) {
    threads.emplace_back([&code] {
      SwcInstance swc;
      for (int i = 0; i < 20; ++i) code = Code(swc.Transform("type A = 1; let b: A = 1;", Strip()));
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& code : codes) EXPECT_EQ(code, "            let b    = 1;");
}

TEST(SwcInstance, BytesThatAreNoTextAreNoCrash) {
  SwcInstance swc;
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 37 + i / 7);
  const auto result = swc.Transform(bytes, Strip());  // any answer will do
  EXPECT_EQ(Code(swc.Transform("let a: 1;", Strip())), "let a   ;") << result.index();
}

TEST(SwcInstance, WhatTakesTooLongIsEnded) {
  std::string source = "enum A { B }\n";
  for (int i = 0; i < 40'000; ++i) source += "function f" + std::to_string(i) + "() {}\n";
  SwcInstance swc;
  SwcInstance::Options options{.mode = SwcInstance::Mode::kTransform, .filename = "a.ts"};
  options.patience = std::chrono::milliseconds(50);
  EXPECT_EQ(KindOf(swc.Transform(source, options)), Kind::kTooSlow);
  EXPECT_EQ(swc.memory_bytes(), 0u);
  // The next file has an instance of its own, and its own time.
  options.patience = std::chrono::minutes(1);
  EXPECT_TRUE(std::holds_alternative<SwcOutput>(swc.Transform("enum A { B }", options)));
}

}  // namespace
}  // namespace rt::typescript
