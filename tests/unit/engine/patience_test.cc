// Patience: computing ends, and the isolate goes on.
#include "src/engine/patience.h"

#include "fixture.h"

namespace rt {
namespace {

class PatienceTest : public EngineFixture {
 protected:
  // Whether `source` ran to its end.
  bool Runs(const char* source, std::chrono::milliseconds most) {
    v8::HandleScope handles(isolate());
    v8::TryCatch caught(isolate());
    const Patience patience(isolate(), most);
    v8::Local<v8::Script> script;
    EXPECT_TRUE(
        v8::Script::Compile(context(), v8::String::NewFromUtf8(isolate(), source).ToLocalChecked())
            .ToLocal(&script));
    const bool runs = !script->Run(context()).IsEmpty();
    EXPECT_EQ(caught.HasTerminated(), !runs);
    return runs;
  }
};

TEST_F(PatienceTest, WhatEndsInTimeIsLeftAlone) {
  EXPECT_TRUE(Runs("1 + 1", std::chrono::seconds(60)));
}

TEST_F(PatienceTest, WhatDoesNotEndIsEndedAndTheNextRuns) {
  EXPECT_FALSE(Runs("for (;;) { try { for (;;); } catch {} finally { for (;;); } }",
                    std::chrono::milliseconds(20)));
  EXPECT_TRUE(Runs("for (let i = 0; i < 1000; i++);", std::chrono::seconds(60)));
}

}  // namespace
}  // namespace rt
