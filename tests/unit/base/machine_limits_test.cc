// Limits of control groups, read from folders made for the test.
#include "src/base/machine_limits.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rt {
namespace {

class MachineLimits : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/rt_limits_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = root_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  CgroupPaths Paths() const {
    return {.membership = (root_ / "membership").string(), .root = (root_ / "fs").string()};
  }

  std::filesystem::path root_;
};

TEST_F(MachineLimits, WithoutControlGroupsTheMachineCounts) {
  EXPECT_GT(MemoryLimit(Paths()), size_t{64} << 20);
  EXPECT_GE(CpuLimit(Paths()), 1u);
}

TEST_F(MachineLimits, Version2) {
  Write("membership", "0::/a/b\n");
  Write("fs/a/b/memory.max", "67108864\n");
  Write("fs/a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(MemoryLimit(Paths()), size_t{67108864});
  EXPECT_EQ(CpuLimit(Paths()), 1u);
}

TEST_F(MachineLimits, AParentsLimitHoldsToo) {
  Write("membership", "0::/a/b\n");
  Write("fs/a/b/memory.max", "max\n");
  Write("fs/a/memory.max", "33554432\n");
  EXPECT_EQ(MemoryLimit(Paths()), size_t{33554432});
}

TEST_F(MachineLimits, Version1) {
  Write("membership", "11:cpu,cpuacct:/docker/x\n10:memory:/docker/x\n0::/\n");
  Write("fs/memory/docker/x/memory.limit_in_bytes", "50331648\n");
  Write("fs/cpu/docker/x/cpu.cfs_quota_us", "100000\n");
  Write("fs/cpu/docker/x/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(MemoryLimit(Paths()), size_t{50331648});
  EXPECT_EQ(CpuLimit(Paths()), 1u);
}

TEST_F(MachineLimits, NoLimitInVersion1) {
  const size_t machine = MemoryLimit({.membership = "/nonexistent", .root = "/nonexistent"});
  Write("membership", "10:memory:/\n11:cpu:/\n");
  Write("fs/memory/memory.limit_in_bytes", "9223372036854771712\n");
  Write("fs/cpu/cpu.cfs_quota_us", "-1\n");
  Write("fs/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(MemoryLimit(Paths()), machine);
  EXPECT_GE(CpuLimit(Paths()), 1u);
}

TEST_F(MachineLimits, InAContainerOnlyItsOwnRootIsThere) {
  Write("membership", "0::/../../kubepods/x\n");
  Write("fs/memory.max", "134217728\n");
  EXPECT_EQ(MemoryLimit(Paths()), size_t{134217728});
}

TEST_F(MachineLimits, GarbageIsNoLimit) {
  const size_t machine = MemoryLimit({.membership = "/nonexistent", .root = "/nonexistent"});
  Write("membership", "garbage\n:::\n0::/a\n");
  Write("fs/a/memory.max", "12x\n");
  Write("fs/a/cpu.max", "1 0\n");
  EXPECT_EQ(MemoryLimit(Paths()), machine);
  EXPECT_GE(CpuLimit(Paths()), 1u);
}

}  // namespace
}  // namespace rt
