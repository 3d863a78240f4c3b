// Async ops: at once or later, in which order they are delivered, and what happens to those never
// finished.
#include <gtest/gtest.h>
#include <unistd.h>

#include "fixture.h"

namespace rt {
namespace {

using AsyncTest = OpFixture;

TEST_F(AsyncTest, EndingAtOnceGivesTheValueItself) {
  EXPECT_EQ(Run("typeof call('op_async_now', 7)"), "number");
  EXPECT_EQ(Run("call('op_async_now', 7)"), "7");
  EXPECT_EQ(Run("call('op_async_now', 0)"), "threw: TypeError: zero");
  EXPECT_EQ(host().async_calls().pending_count(), 0u);
  EXPECT_FALSE(host().loop().alive());
}

TEST_F(AsyncTest, BadArgumentsThrowBeforeAnythingStarts) {
  EXPECT_EQ(Run("call('op_async_wait', 0, 1)"),
            "threw: TypeError: op_async_wait: argument 2 must be a string, not a number");
  EXPECT_EQ(state().calls, 0);
}

TEST_F(AsyncTest, EndingLaterGivesAPromise) {
  Run("var out = 'none'; call('op_async_wait', 0, 'a').then((v) => out = v);");
  EXPECT_EQ(host().async_calls().pending_count(), 1u);
  EXPECT_TRUE(host().loop().alive());
  state().signals[0].Set(5);
  EXPECT_EQ(host().async_calls().pending_count(), 0u);
  EXPECT_FALSE(host().loop().alive());
  EXPECT_TRUE(host().async_calls().HasFinished());
  EXPECT_EQ(Run("out"), "none");  // not before the delivery
  Deliver();
  EXPECT_EQ(Run("out"), "a5");
  EXPECT_FALSE(host().async_calls().HasFinished());
}

TEST_F(AsyncTest, RejectsWithTheErrorsClassAndCode) {
  Run("var out; call('op_async_wait', 1, 'a').catch((e) => out = e.message + e.code);");
  state().signals[1].Set(-1);
  Deliver();
  EXPECT_EQ(Run("out"), "op_async_waitLATE");
}

TEST_F(AsyncTest, OneDeliveryInTheOrderTheyFinished) {
  Run("for (let i = 0; i < 4; ++i) call('op_async_wait', i, 'op' + i).then(() => {}, () => {});");
  for (int which : {2, 0, 3, 1}) {
    state().signals[which].Set(which == 0 ? -1 : 1);
  }
  Deliver();
  EXPECT_EQ(Run("order.join()"), "3,!1,4,2");
  EXPECT_EQ(Run("delivered"), "1");
  EXPECT_EQ(state().log,
            (std::vector<std::string>{"start op0", "start op1", "start op2", "start op3", "end op2",
                                      "end op0", "end op3", "end op1"}));
}

TEST_F(AsyncTest, ManyAreDeliveredInSeveralCallsInOrder) {
  Run("var done = 0; for (let i = 0; i < 5000; ++i)"
      "  call('op_async_pool', new Uint8Array(1), i).then(() => ++done);");
  RunLoop();
  EXPECT_EQ(Run("done"), "5000");
  EXPECT_EQ(Run("pending.size"), "0");
}

TEST_F(AsyncTest, WhatADeliveryStartsComesWithALaterOne) {
  Run("var out; call('op_async_wait', 0, 'a').then(() => call('op_async_wait', 1, 'b'))"
      "  .then((v) => out = v);");
  state().signals[1].Set(2);  // its answer is there before it asks
  state().signals[0].Set(1);
  Deliver();
  EXPECT_EQ(Run("out"), "b2");
}

TEST_F(AsyncTest, OwnsItsArgumentsWhileItWaits) {
  Run("var out; { const b = new Uint8Array(1000).fill(2); call('op_async_pool', b, 0.5)"
      "  .then((v) => out = v); b.buffer.transfer(); }");
  isolate()->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection);
  RunLoop();
  EXPECT_EQ(Run("out"), "1000");
  EXPECT_EQ(state().log, std::vector<std::string>{"pool"});
}

TEST_F(AsyncTest, UnreferencedOnesDoNotKeepTheProgramAlive) {
  Run("call('op_async_wait', 0, 'a').then(() => {});");
  AsyncCalls& calls = host().async_calls();
  EXPECT_TRUE(calls.SetReferenced(1, false));
  EXPECT_TRUE(calls.SetReferenced(1, false));
  EXPECT_FALSE(host().loop().alive());
  EXPECT_TRUE(calls.SetReferenced(1, true));
  EXPECT_TRUE(host().loop().alive());
  EXPECT_TRUE(calls.SetReferenced(1, false));
  EXPECT_FALSE(calls.SetReferenced(99, false));
  state().signals[0].Set(1);
  EXPECT_EQ(host().loop().refs(), 0u);
  EXPECT_FALSE(calls.SetReferenced(1, true));
  Deliver();
}

TEST_F(AsyncTest, ShutdownDropsWhatNeverEnds) {
  Run("call('op_async_wait', 0, 'a'); call('op_async_wait', 1, 'b');");
  state().signals[1].Set(1);  // finished, never delivered
  Stop();
  Start({}, {});
}

TEST_F(AsyncTest, ReferencingFindsOldAndNewOnes) {
  Run("for (let i = 0; i < 4; ++i) call('op_async_wait', i, 'x').then(() => {});");
  AsyncCalls& calls = host().async_calls();
  state().signals[1].Set(1);  // the last takes its place
  for (uint32_t id : {4u, 1u, 3u}) EXPECT_TRUE(calls.SetReferenced(id, false)) << id;
  EXPECT_FALSE(calls.SetReferenced(2, false));
  EXPECT_FALSE(host().loop().alive());
  Deliver();
}

TEST_F(AsyncTest, ShutdownDoesNotWaitForAJobThatIsStuck) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  // More than the pool has threads.
  Run("for (let i = 0; i < 10; ++i) call('op_async_block', " + std::to_string(ends[0]) + ");");
  EXPECT_EQ(host().loop().pool_work(), 10u);
  Stop();
  Start({}, {});
  EXPECT_EQ(Run("1 + 1"), "2");
  close(ends[1]);  // reads end
}

TEST_F(AsyncTest, ShutdownLeavesPoolWorkToItself) {
  Run("for (let i = 0; i < 20; ++i) call('op_async_pool', new Uint8Array(3000000), 1);");
  Stop();
  Start({}, {});
}

}  // namespace
}  // namespace rt
