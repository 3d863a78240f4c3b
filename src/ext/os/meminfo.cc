#include "src/ext/os/meminfo.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>

#include "src/permissions/owned_fd.h"

namespace rt {
namespace {

// "MemTotal:       24683896 kB" -> bytes; 0 if there is no such line.
double Field(std::string_view text, std::string_view name) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    line.remove_prefix(name.size() + 1);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    uint64_t kilobytes = 0;
    std::from_chars(line.data(), line.data() + line.size(), kilobytes);
    return static_cast<double>(kilobytes) * 1024;
  }
  return 0;
}

}  // namespace

MemoryInfo ParseMemoryInfo(std::string_view text) {
  return {.total = Field(text, "MemTotal"),
          .free = Field(text, "MemFree"),
          .available = Field(text, "MemAvailable"),
          .buffers = Field(text, "Buffers"),
          .cached = Field(text, "Cached"),
          .swap_total = Field(text, "SwapTotal"),
          .swap_free = Field(text, "SwapFree")};
}

Result<MemoryInfo> ReadMemoryInfo() {
  const OwnedFd fd(open("/proc/meminfo", O_RDONLY | O_CLOEXEC));
  if (!fd) return Error::FromErrno(errno, "open", "/proc/meminfo");
  char text[8192];
  const ssize_t size = read(fd.get(), text, sizeof text);
  if (size < 0) return Error::FromErrno(errno, "read", "/proc/meminfo");
  return ParseMemoryInfo({text, static_cast<size_t>(size)});
}

}  // namespace rt
