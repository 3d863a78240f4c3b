// See the header. gmtime_r is not used: the arithmetic is shorter than what it drags in (time
// zones).
#include "src/ext/http/engine/date_cache.h"

#include <time.h>

#include <cstring>

namespace rt::http {
namespace {

void TwoDigits(char* out, int value) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
}

}  // namespace

void FormatHttpDate(int64_t seconds, char out[29]) {
  const int64_t days = seconds / 86400;
  const int rest = static_cast<int>(seconds % 86400);
  // Civil date from a day count, in eras of 400 years that start on 1 March of year 0.
  const int64_t shifted = days + 719468;
  const int64_t era = shifted / 146097;
  const int day_of_era = static_cast<int>(shifted - era * 146097);
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  const int day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const int month = shifted_month < 10 ? shifted_month + 2 : shifted_month - 10;  // 0 is January
  const int year = static_cast<int>(year_of_era + era * 400) + (month <= 1 ? 1 : 0);

  std::memcpy(out, "Thu, 00 Jan 0000 00:00:00 GMT", 29);
  std::memcpy(out, "ThuFriSatSunMonTueWed" + 3 * (days % 7), 3);
  TwoDigits(out + 5, day);
  std::memcpy(out + 8, "JanFebMarAprMayJunJulAugSepOctNovDec" + 3 * month, 3);
  TwoDigits(out + 12, year / 100 % 100);
  TwoDigits(out + 14, year % 100);
  TwoDigits(out + 17, rest / 3600);
  TwoDigits(out + 20, rest / 60 % 60);
  TwoDigits(out + 23, rest % 60);
}

DateCache::DateCache() {
  plain_head_ = "HTTP/1.1 200 OK\r\ncontent-type: text/plain;charset=UTF-8\r\ndate: ";
  date_offset_ = plain_head_.size();
  plain_head_ += "Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-length: ";
  FormatHttpDate(0, date_);
}

void DateCache::Update(uint64_t now_ms) {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  FormatHttpDate(now.tv_sec, date_);
  std::memcpy(plain_head_.data() + date_offset_, date_, sizeof date_);
  next_refresh_ms_ = now_ms + 1000 - static_cast<uint64_t>(now.tv_nsec / 1'000'000);
}

}  // namespace rt::http
