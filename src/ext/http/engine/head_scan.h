// HeadScanner: finds where a request head ends, byte by byte strict (RFC 9112 2.2, 5.2). It runs
// before llhttp, because llhttp 8.1.0 accepts bare LF and obs-fold, and two readers of one
// connection that disagree on where a head ends is what request smuggling is made of. Must never
// guess.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt::http {

class HeadScanner {
 public:
  enum class State : uint8_t {
    kIncomplete,  // call again with the same bytes and more after them
    kComplete,    // head_size() bytes, the empty line included
    kBad,         // bare CR, bare LF, NUL or another control, obs-fold: 400
  };

  // `data` starts at the first byte of the head. What was scanned by an earlier call is not looked
  // at again, so a head that arrives byte by byte costs what one that arrives at once costs.
  State Scan(const char* data, size_t size);

  size_t head_size() const { return offset_; }
  // Lines that are complete, the request line included.
  size_t lines() const { return lines_; }
  void Reset() { offset_ = line_start_ = lines_ = 0; }

 private:
  size_t offset_ = 0;
  size_t line_start_ = 0;
  size_t lines_ = 0;
};

// Offset of the first byte in [from, size) that is a control other than HTAB, or DEL; else `size`.
size_t FindControl(const char* data, size_t from, size_t size);

}  // namespace rt::http
