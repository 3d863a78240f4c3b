#include "src/base/machine_limits.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace rt {
namespace {

// The files read here are short; what does not fit is not ours to understand.
std::string ReadSmallFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  char text[4096];
  const ssize_t size = read(fd, text, sizeof text);
  close(fd);
  return size > 0 ? std::string(text, static_cast<size_t>(size)) : std::string();
}

std::string_view TakeWord(std::string_view& text) {
  const size_t start = text.find_first_not_of(" \n");
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start);
  const std::string_view word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

// Nothing for "max", "-1" and what is no number.
std::optional<uint64_t> Number(std::string_view word) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

bool HasController(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    if (list.substr(0, comma) == name) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

// Folders of the control group for `controller` and its parents, nearest first. `v2` tells which
// hierarchy they belong to.
struct Folders {
  std::vector<std::string> paths;
  bool v2 = false;
};
Folders FoldersOf(const CgroupPaths& paths, std::string_view controller) {
  Folders folders;
  std::string group;
  std::string base;
  const std::string membership = ReadSmallFile(paths.membership);
  std::string_view lines = membership;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const size_t first = line.find(':');
    const size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    if (HasController(controllers, controller)) {
      group = path;
      base = paths.root + "/" + std::string(controller);
      folders.v2 = false;
      break;
    }
    if (controllers.empty() && line.starts_with("0:")) {
      group = path;
      base = paths.root;
      folders.v2 = true;
    }
  }
  if (base.empty()) return folders;
  // In a container the group's path may lead outside of what is mounted: its own root is then all
  // that can be seen, and the walk upwards ends there too.
  while (group.size() > 1) {
    folders.paths.push_back(base + group);
    group.resize(group.rfind('/'));
  }
  folders.paths.push_back(base);
  return folders;
}

MemoryBound FindMemoryBound(const CgroupPaths& paths) {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  MemoryBound bound;
  size_t& limit = bound.bytes;
  limit =
      pages > 0 && page_size > 0 ? static_cast<size_t>(pages) * static_cast<size_t>(page_size) : 0;
  const Folders folders = FoldersOf(paths, "memory");
  for (const std::string& folder : folders.paths) {
    const std::string text =
        ReadSmallFile(folder + (folders.v2 ? "/memory.max" : "/memory.limit_in_bytes"));
    std::string_view rest = text;
    const std::optional<uint64_t> bytes = Number(TakeWord(rest));
    if (!bytes || *bytes == 0 || (limit != 0 && *bytes >= limit)) continue;
    limit = *bytes;
    bound.of_group = true;
  }
  return bound;
}

}  // namespace

size_t MemoryLimit(const CgroupPaths& paths) {
  return FindMemoryBound(paths).bytes;
}

const MemoryBound& ProcessMemoryBound() {
  static const MemoryBound bound = FindMemoryBound({});
  return bound;
}

unsigned CpuLimit(const CgroupPaths& paths) {
  unsigned limit = 1;
  cpu_set_t mine;
  if (sched_getaffinity(0, sizeof mine, &mine) == 0) {
    limit = static_cast<unsigned>(std::max(CPU_COUNT(&mine), 1));
  } else if (const long online = sysconf(_SC_NPROCESSORS_ONLN); online > 0) {
    limit = static_cast<unsigned>(online);
  }
  const Folders folders = FoldersOf(paths, "cpu");
  for (const std::string& folder : folders.paths) {
    std::optional<uint64_t> quota;
    std::optional<uint64_t> period;
    if (folders.v2) {
      const std::string text = ReadSmallFile(folder + "/cpu.max");
      std::string_view rest = text;
      quota = Number(TakeWord(rest));
      period = Number(TakeWord(rest));
    } else {
      const std::string quota_text = ReadSmallFile(folder + "/cpu.cfs_quota_us");
      const std::string period_text = ReadSmallFile(folder + "/cpu.cfs_period_us");
      std::string_view quota_rest = quota_text;
      std::string_view period_rest = period_text;
      quota = Number(TakeWord(quota_rest));
      period = Number(TakeWord(period_rest));
    }
    if (!quota || !period || *period == 0) continue;
    const uint64_t cpus = std::max<uint64_t>((*quota + *period - 1) / *period, 1);
    limit = static_cast<unsigned>(std::min<uint64_t>(limit, cpus));
  }
  return limit;
}

}  // namespace rt
