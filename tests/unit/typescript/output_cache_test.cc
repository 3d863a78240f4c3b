// The cache on disk: what was put is found again, and nothing torn, changed or foreign ever is.
#include "src/typescript/output_cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace rt::typescript {
namespace {

namespace fs = std::filesystem;

class OutputCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rt-cache-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path Entry() {
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) return entry.path();
    }
    return {};
  }
  size_t Files() {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      count += entry.is_regular_file();
    return count;
  }

  fs::path folder_;
};

TEST_F(OutputCacheTest, KeepsCodeAndMap) {
  const OutputCache cache(folder_.string() + "/new/folder");
  const std::string key = OutputCache::KeyOf("source", "settings");
  EXPECT_FALSE(cache.Get(key));
  cache.Put(key, {"code", "map"});
  const auto found = cache.Get(key);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->code, "code");
  EXPECT_EQ(found->map, "map");
  EXPECT_FALSE(cache.Get(OutputCache::KeyOf("source", "other")));
  EXPECT_FALSE(cache.Get(OutputCache::KeyOf("other", "settings")));
  EXPECT_EQ(Files(), 1u);  // no temporary file stays
}

TEST_F(OutputCacheTest, IgnoresTornEntries) {
  const OutputCache cache(folder_.string());
  const std::string key = OutputCache::KeyOf("a", "b");
  cache.Put(key, {std::string(1000, 'c'), "map"});
  const fs::path entry = Entry();
  for (uintmax_t size = fs::file_size(entry); size-- > 0; size -= std::min<uintmax_t>(size, 17)) {
    fs::resize_file(entry, size);
    EXPECT_FALSE(cache.Get(key)) << size;
  }
  cache.Put(key, {"again", ""});
  EXPECT_EQ(cache.Get(key)->code, "again");
}

TEST_F(OutputCacheTest, IgnoresChangedEntries) {
  const OutputCache cache(folder_.string());
  const std::string key = OutputCache::KeyOf("a", "b");
  cache.Put(key, {"code", "map"});
  const auto size = static_cast<std::streamoff>(fs::file_size(Entry()));
  for (std::streamoff at = 0; at < size; ++at) {
    std::fstream file(Entry(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char old = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(old ^ 1));
    file.close();
    EXPECT_FALSE(cache.Get(key)) << at;
    std::fstream back(Entry(), std::ios::in | std::ios::out | std::ios::binary);
    back.seekp(at);
    back.put(old);
  }
  EXPECT_TRUE(cache.Get(key));
}

TEST_F(OutputCacheTest, NowhereToWriteIsNoError) {
  std::ofstream(folder_ / "file") << "x";
  for (const std::string& folder :
       {std::string(), (folder_ / "file/below").string(), std::string("/proc/nowhere")}) {
    const OutputCache cache(folder);
    cache.Put(OutputCache::KeyOf("a", "b"), {"code", ""});
    EXPECT_FALSE(cache.Get(OutputCache::KeyOf("a", "b")));
  }
}

TEST_F(OutputCacheTest, ReadersSeeWholeEntriesOnly) {
  const OutputCache cache(folder_.string());
  const std::string key = OutputCache::KeyOf("a", "b");
  const std::string long_code(300'000, 'x');
  std::vector<std::thread> writers;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&] {
      for (int j = 0; j < 20; ++j) cache.Put(key, {long_code, "m"});
    });
  }
  cache.Put(key, {long_code, "m"});
  for (int i = 0; i < 100; ++i) {
    const auto found = cache.Get(key);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->code.size(), long_code.size());
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(Files(), 1u);
}

}  // namespace
}  // namespace rt::typescript
