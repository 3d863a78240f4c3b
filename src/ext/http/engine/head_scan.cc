// The scan itself: sixteen bytes at a time where SSE2 is there, one at a time elsewhere.
#include "src/ext/http/engine/head_scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace rt::http {
namespace {

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

}  // namespace

size_t FindControl(const char* data, size_t from, size_t size) {
  size_t at = from;
#if defined(__SSE2__)
  const __m128i last_control = _mm_set1_epi8(0x1f);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i del = _mm_set1_epi8(0x7f);
  for (; at + 16 <= size; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + at));
    // Unsigned byte <= 0x1f, without an unsigned compare: min(byte, 0x1f) == byte.
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i control =
        _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), low), _mm_cmpeq_epi8(bytes, del));
    if (const int mask = _mm_movemask_epi8(control); mask != 0) {
      return at + static_cast<size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
    }
  }
#endif
  while (at < size && !IsControl(data[at])) ++at;
  return at;
}

HeadScanner::State HeadScanner::Scan(const char* data, size_t size) {
  for (;;) {
    // A line that starts with white space continues the one before it (obs-fold), or is no request
    // line.
    if (offset_ == line_start_ && offset_ < size &&
        (data[offset_] == ' ' || data[offset_] == '\t')) {
      return State::kBad;
    }
    const size_t at = FindControl(data, offset_, size);
    offset_ = at;
    if (at == size) return State::kIncomplete;
    if (data[at] != '\r') return State::kBad;
    if (at + 1 == size) return State::kIncomplete;
    if (data[at + 1] != '\n') return State::kBad;
    offset_ = at + 2;
    if (at == line_start_) return State::kComplete;
    line_start_ = offset_;
    ++lines_;
  }
}

}  // namespace rt::http
