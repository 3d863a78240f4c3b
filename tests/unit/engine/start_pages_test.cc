// StartPages: the first heap pages come from its region, each once; everything else is the
// allocator's below.
#include "src/engine/start_pages.h"

#include <gtest/gtest.h>
#include <libplatform/libplatform.h>
#include <sys/mman.h>

#include <set>
#include <thread>
#include <vector>

namespace rt {
namespace {

constexpr size_t kPage = StartPages::kHeapPage;
constexpr size_t kPages = StartPages::kSize / kPage;
using Access = v8::PageAllocator::Permission;

class StartPagesTest : public testing::Test {
 protected:
  char* Allocate(size_t length = kPage, size_t alignment = kPage,
                 Access access = Access::kReadWrite) {
    return static_cast<char*>(pages_.AllocatePages(nullptr, length, alignment, access));
  }
  // Whether the kernel keeps memory for the page at `address`.
  static bool IsResident(char* address) {
    unsigned char resident = 0;
    return mincore(address, 1, &resident) == 0 && (resident & 1) != 0;
  }

  const std::unique_ptr<v8::Platform> platform_ = v8::platform::NewSingleThreadedDefaultPlatform();
  StartPages pages_{platform_->GetPageAllocator()};
};

TEST_F(StartPagesTest, FirstHeapPagesFollowEachOther) {
  char* first = Allocate();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % (size_t{2} << 20), 0u);
  for (size_t i = 1; i < kPages; ++i) {
    char* page = Allocate();
    EXPECT_EQ(page, first + i * kPage);
    page[0] = page[kPage - 1] = 1;
  }
}

TEST_F(StartPagesTest, GoesOnWhenTheRegionIsUsedUp) {
  char* first = Allocate();
  for (size_t i = 1; i < kPages; ++i) Allocate();
  char* page = Allocate();
  ASSERT_NE(page, nullptr);
  EXPECT_TRUE(page < first || page >= first + StartPages::kSize);
  page[0] = 1;
  EXPECT_TRUE(pages_.FreePages(page, kPage));
  EXPECT_FALSE(IsResident(page));
}

TEST_F(StartPagesTest, OtherSizesAndAccessAreNotFromTheRegion) {
  char* first = Allocate();
  for (char* page : {Allocate(2 * kPage), Allocate(kPage / 2), Allocate(kPage, kPage / 2),
                     Allocate(kPage, kPage, Access::kNoAccess)}) {
    ASSERT_NE(page, nullptr);
    EXPECT_TRUE(page < first || page >= first + StartPages::kSize);
  }
  EXPECT_EQ(Allocate(), first + kPage);
}

TEST_F(StartPagesTest, AFreedPageGivesItsMemoryBackAndIsNotGivenAgain) {
  char* first = Allocate();
  char* second = Allocate();
  first[0] = second[0] = 1;
  EXPECT_TRUE(pages_.FreePages(first, kPage));
  EXPECT_FALSE(IsResident(first));
  EXPECT_TRUE(IsResident(second));
  EXPECT_EQ(Allocate(), second + kPage);
}

TEST_F(StartPagesTest, OthersNeverGetTheAddressesOfAFreedPage) {
  char* first = Allocate();
  char* second = Allocate();
  EXPECT_TRUE(pages_.FreePages(first, kPage));
  const size_t length = pages_.AllocatePageSize();
  char* other = static_cast<char*>(pages_.AllocatePages(first, length, length, Access::kReadWrite));
  ASSERT_NE(other, nullptr);
  EXPECT_TRUE(other < first || other >= first + StartPages::kSize);
  EXPECT_TRUE(pages_.FreePages(other, length));
  second[0] = 1;
}

TEST_F(StartPagesTest, AReleasedEndGoesWithItsPage) {
  char* first = Allocate();
  char* second = Allocate();
  first[kPage / 2] = second[0] = 1;
  EXPECT_TRUE(pages_.ReleasePages(first, kPage, kPage / 2));
  EXPECT_TRUE(pages_.FreePages(first, kPage / 2));
  EXPECT_FALSE(IsResident(first + kPage / 2));
  EXPECT_TRUE(IsResident(second));
}

TEST_F(StartPagesTest, ThreadsNeverGetTheSamePage) {
  std::vector<std::vector<char*>> got(4);
  std::vector<std::thread> threads;
  for (auto& mine : got) {
    threads.emplace_back([&] {
      for (size_t i = 0; i < kPages; ++i) mine.push_back(Allocate());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<char*> all;
  for (const auto& mine : got) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4 * kPages);
}

}  // namespace
}  // namespace rt
