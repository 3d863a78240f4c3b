// Sizes for people to read.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace rt::cli {

// "512B", "1.5KB", "20.3MB": powers of 1024.
inline std::string SizeText(uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + "B";
  constexpr const char* kUnits[] = {"KB", "MB", "GB", "TB"};
  double size = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < sizeof kUnits / sizeof *kUnits) {
    size /= 1024;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", size);
  std::string number = text;
  while (number.ends_with('0')) number.pop_back();
  if (number.ends_with('.')) number.pop_back();
  return number + kUnits[unit];
}

}  // namespace rt::cli
