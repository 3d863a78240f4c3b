// Memory of coroutine frames: used again, on whatever thread it comes back.
#include "src/loop/frame_pool.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

namespace rt {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kKeepsFrames = false;
#else
constexpr bool kKeepsFrames = true;
#endif

TEST(FramePool, WhatWasGivenUpIsTheNextOfItsSize) {
  if (!kKeepsFrames) GTEST_SKIP() << "sanitizers see every frame";
  void* const first = AllocateFrame(300);
  FreeFrame(first, 300);
  void* const larger = AllocateFrame(600);
  void* const same = AllocateFrame(400);  // in the same step
  EXPECT_NE(larger, first);
  EXPECT_EQ(same, first);
  FreeFrame(larger, 600);
  FreeFrame(same, 400);
}

TEST(FramePool, EverySizeHoldsWhatWasAskedFor) {
  for (const size_t size : {1u, 255u, 256u, 257u, 4096u, 4097u, 100'000u}) {
    for (int round = 0; round < 2; ++round) {
      void* const frame = AllocateFrame(size);
      std::memset(frame, 0xab, size);
      FreeFrame(frame, size);
    }
  }
}

TEST(FramePool, MoreThanAreKeptComeAndGo) {
  for (int round = 0; round < 2; ++round) {
    std::vector<void*> frames;
    for (int i = 0; i < 1000; ++i) {
      frames.push_back(AllocateFrame(512));
      std::memset(frames.back(), i, 512);
    }
    for (void* frame : frames) FreeFrame(frame, 512);
  }
}

TEST(FramePool, AFrameMayOutliveItsThread) {
  void* frame = nullptr;
  std::thread([&frame] {
    FreeFrame(AllocateFrame(128), 128);
    frame = AllocateFrame(256);
    std::memset(frame, 1, 256);
  }).join();
  FreeFrame(frame, 256);
}

// What a thread destroys last may hold a task.
struct FreesAtTheEnd {
  void* frame = nullptr;
  ~FreesAtTheEnd() {
    FreeFrame(frame, 64);
    FreeFrame(AllocateFrame(64), 64);
  }
};
TEST(FramePool, FramesComeBackAtTheEndOfTheThread) {
  std::thread([] {
    static thread_local FreesAtTheEnd last;
    last.frame = AllocateFrame(64);
  }).join();
}

}  // namespace
}  // namespace rt
