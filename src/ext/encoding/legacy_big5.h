// The part of the Big5 index that ICU does not have; see legacy_big5.cc. Data only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt {

struct Big5Addition {
  uint16_t bytes;  // lead, trail
  char16_t code_point;
};
extern const Big5Addition kBig5Additions[];
extern const size_t kBig5AdditionCount;

}  // namespace rt
