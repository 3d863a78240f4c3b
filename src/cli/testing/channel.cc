#include "src/cli/testing/channel.h"

#include <limits.h>
#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "src/base/check.h"

namespace rt::cli {
namespace {

constexpr size_t kHeader = sizeof(ChannelNonce) + 4;
constexpr size_t kLargest = PIPE_BUF - kHeader;  // a write of at most PIPE_BUF is not split
constexpr uint32_t kMore = 1u << 31;

// All or nothing, as pipes have it; standard output may have been made non-blocking.
void WriteFrame(int fd, const char* data, size_t size) {
  for (;;) {
    if (write(fd, data, size) >= 0) return;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return;
    pollfd wait{.fd = fd, .events = POLLOUT, .revents = 0};
    poll(&wait, 1, -1);
  }
}

}  // namespace

ChannelNonce MakeNonce() {
  ChannelNonce nonce;
  RT_CHECK(getrandom(nonce.data(), nonce.size(), 0) == static_cast<ssize_t>(nonce.size()));
  return nonce;
}

void WriteEvent(int fd, const ChannelNonce& nonce, std::string_view event) {
  char frame[PIPE_BUF];
  do {
    const size_t size = std::min(event.size(), kLargest);
    const uint32_t header = static_cast<uint32_t>(size) | (size < event.size() ? kMore : 0);
    std::memcpy(frame, nonce.data(), nonce.size());
    std::memcpy(frame + nonce.size(), &header, sizeof header);
    std::memcpy(frame + kHeader, event.data(), size);
    WriteFrame(fd, frame, kHeader + size);
    event.remove_prefix(size);
  } while (!event.empty());
}

void ChannelReader::Feed(std::string_view bytes) {
  pending_.append(bytes);
  const std::string_view mark(nonce_.data(), nonce_.size());
  size_t at = 0;
  for (;;) {
    const std::string_view rest = std::string_view(pending_).substr(at);
    size_t found = rest.find(mark);
    if (found == std::string_view::npos) {
      // The end may be the start of a mark.
      size_t keep = std::min(rest.size(), mark.size() - 1);
      while (keep > 0 && !mark.starts_with(rest.substr(rest.size() - keep))) --keep;
      if (rest.size() > keep) sink_.output(rest.substr(0, rest.size() - keep));
      at = pending_.size() - keep;
      break;
    }
    if (found > 0) sink_.output(rest.substr(0, found));
    at += found;
    if (pending_.size() - at < kHeader) break;
    uint32_t header;
    std::memcpy(&header, pending_.data() + at + mark.size(), sizeof header);
    const size_t size = header & ~kMore;
    if (pending_.size() - at < kHeader + size) break;
    event_.append(pending_, at + kHeader, size);
    at += kHeader + size;
    if ((header & kMore) != 0) continue;
    sink_.event(event_);
    event_.clear();
  }
  pending_.erase(0, at);
}

void ChannelReader::End() {
  if (!pending_.empty()) sink_.output(pending_);
  pending_.clear();
}

}  // namespace rt::cli
