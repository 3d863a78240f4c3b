// Ports below JavaScript: queues, announcements, closing, use from two threads.
#include "src/ext/messaging/port.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace rt {
namespace {

TEST(Port, WhatWaitsIsAnnouncedAtTheStart) {
  auto [one, two] = PortEnd::MakePair();
  one->Post(Message());
  one->Post(Message());
  int wakes = 0;
  auto bell = std::make_shared<Doorbell>([&] { ++wakes; });
  two->inbox().Start(bell, 5);
  EXPECT_EQ(wakes, 2);
  one->Post(Message());
  one.reset();
  EXPECT_EQ(wakes, 4);
  uint32_t id = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(bell->Next(&id));
    EXPECT_EQ(id, 5u);
    EXPECT_TRUE(two->inbox().Pop());
  }
  ASSERT_TRUE(bell->Next(&id));
  EXPECT_FALSE(two->inbox().Pop());
  EXPECT_TRUE(two->inbox().closed());
  EXPECT_FALSE(bell->Next(&id));
}

TEST(Port, WhatIsPushedAfterTheReceiverIsGoneIsDropped) {
  auto [one, two] = PortEnd::MakePair();
  two->inbox().Abandon();
  one->Post(Message());
  EXPECT_FALSE(two->inbox().Pop());
}

TEST(Port, ASilencedBellRingsNoMore) {
  auto [one, two] = PortEnd::MakePair();
  auto bell = std::make_shared<Doorbell>([] { FAIL(); });
  bell->Silence();
  two->inbox().Start(bell, 1);
  one->Post(Message());
  EXPECT_TRUE(bell->empty());
}

// Who is woken takes what came while the one who woke it is still in that call.
TEST(Port, RingsWithTheQueueFree) {
  auto [one, two] = PortEnd::MakePair();
  PortEnd* const receiver = two.get();
  std::shared_ptr<Doorbell> bell;
  bool taken = false;
  bell = std::make_shared<Doorbell>([&] {
    std::thread([&] {
      uint32_t id = 0;
      taken = bell->Next(&id) && id == 7 && receiver->inbox().Pop() != nullptr;
    }).join();
  });
  two->inbox().Start(bell, 7);
  one->Post(Message());
  EXPECT_TRUE(taken);
  bell->Silence();
}

TEST(Port, ManyThreads) {
  constexpr int kMessages = 5000;
  auto [one, two] = PortEnd::MakePair();
  std::atomic<int> rings = 0;
  auto bell = std::make_shared<Doorbell>([&] { ++rings; });
  two->inbox().Start(bell, 1);
  std::thread sender([&one = one] {
    for (int i = 0; i < kMessages; ++i) one->Post(Message());
    one.reset();
  });
  int received = 0;
  while (!two->inbox().closed() || !bell->empty()) {
    uint32_t id = 0;
    if (bell->Next(&id) && two->inbox().Pop()) ++received;
  }
  sender.join();
  EXPECT_EQ(received, kMessages);
  EXPECT_EQ(rings, kMessages + 1);
}

TEST(BroadcastHub, ReachesOthersOfTheName) {
  BroadcastHub hub;
  const auto a = std::make_shared<Inbox>();
  const auto b = std::make_shared<Inbox>();
  const auto other = std::make_shared<Inbox>();
  hub.Join("n", a);
  hub.Join("n", b);
  hub.Join("m", other);
  hub.Post("n", a, Message());
  EXPECT_FALSE(a->Pop());
  EXPECT_TRUE(b->Pop());
  EXPECT_FALSE(other->Pop());
  hub.Leave("n", b);
  hub.Post("n", a, Message());
  EXPECT_FALSE(b->Pop());
}

}  // namespace
}  // namespace rt
