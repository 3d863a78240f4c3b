// DateCache: the `date` field (RFC 9110 6.6.1, IMF-fixdate), formatted once a second, and with it
// the whole head of the commonest response, ready to copy. One per engine; never reads the clock
// otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rt::http {

// "Sun, 06 Nov 1994 08:49:37 GMT" for seconds since 1970; always 29 bytes.
void FormatHttpDate(int64_t seconds, char out[29]);

class DateCache {
 public:
  DateCache();

  // Brings the texts up to date; `now_ms` is the loop's monotonic clock, which is all that is read
  // while the second lasts.
  void Refresh(uint64_t now_ms) {
    if (now_ms >= next_refresh_ms_) Update(now_ms);
  }

  std::string_view date() const { return {date_, sizeof date_}; }
  // "HTTP/1.1 200 OK\r\ncontent-type: text/plain;charset=UTF-8\r\ndate: …\r\ncontent-length: "
  std::string_view plain_head() const { return plain_head_; }

 private:
  void Update(uint64_t now_ms);

  char date_[29];
  std::string plain_head_;
  size_t date_offset_;
  uint64_t next_refresh_ms_ = 0;
};

}  // namespace rt::http
