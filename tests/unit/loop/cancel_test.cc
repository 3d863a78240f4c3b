// CancelToken: who is called, how often, and that an ended registration is never called, even while
// cancelling.
#include "src/loop/cancel.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rt {
namespace {

TEST(CancelToken, WithoutASourceIsNeverCancelled) {
  CancelToken token;
  EXPECT_FALSE(token.cancelled());
  auto registration = token.OnCancel([] { FAIL(); });
}

TEST(CancelToken, CallsBackOnceInOrder) {
  CancelSource source;
  std::string seen;
  auto first = source.token().OnCancel([&] { seen += 'a'; });
  auto second = source.token().OnCancel([&] { seen += 'b'; });
  EXPECT_FALSE(source.token().cancelled());
  source.Cancel();
  source.Cancel();
  EXPECT_EQ(seen, "ab");
  EXPECT_TRUE(source.token().cancelled());
}

TEST(CancelToken, RegisteringAfterwardsCallsBackAtOnce) {
  CancelSource source;
  source.Cancel();
  int called = 0;
  auto registration = source.token().OnCancel([&] { ++called; });
  EXPECT_EQ(called, 1);
}

TEST(CancelToken, EndedRegistrationsAreNotCalled) {
  CancelSource source;
  int called = 0;
  {
    auto registration = source.token().OnCancel([&] { ++called; });
  }
  auto moved_from = source.token().OnCancel([&] { called += 10; });
  auto moved_to = std::move(moved_from);
  source.Cancel();
  EXPECT_EQ(called, 10);
}

TEST(CancelToken, AssigningEndsTheOldRegistration) {
  CancelSource source;
  std::string seen;
  auto registration = source.token().OnCancel([&] { seen += 'a'; });
  registration = source.token().OnCancel([&] { seen += 'b'; });
  source.Cancel();
  EXPECT_EQ(seen, "b");
}

TEST(CancelToken, ACallbackMayEndALaterRegistration) {
  CancelSource source;
  std::string seen;
  std::optional<CancelToken::Registration> second;
  auto first = source.token().OnCancel([&] {
    seen += 'a';
    second.reset();  // what it would have touched is gone from here on
  });
  second.emplace(source.token().OnCancel([&] { seen += 'b'; }));
  source.Cancel();
  EXPECT_EQ(seen, "a");
}

TEST(CancelToken, ACallbackMayEndItsOwnRegistrationAndItsSource) {
  auto source = std::make_unique<CancelSource>();
  CancelToken token = source->token();
  std::optional<CancelToken::Registration> registration;
  int called = 0;
  registration.emplace(token.OnCancel([&] {
    ++called;
    registration.reset();
    source.reset();
  }));
  auto other = token.OnCancel([&] { ++called; });
  source->Cancel();
  EXPECT_EQ(called, 2);
  EXPECT_TRUE(token.cancelled());
}

TEST(CancelToken, OutlivesItsSource) {
  CancelToken token;
  CancelToken::Registration registration;
  {
    CancelSource source;
    token = source.token();
    registration = token.OnCancel([] { FAIL(); });
  }
  EXPECT_FALSE(token.cancelled());
}

}  // namespace
}  // namespace rt
