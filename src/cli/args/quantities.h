// Amounts on the command line: sizes and times with units.
#pragma once

#include <cstdint>
#include <string>

#include "src/base/result.h"

namespace rt::cli {

// Bytes: "1048576", "512k", "512m", "2g" (powers of 1024; "mb" and "mib" mean the same). At least
// 32 MiB, since a JavaScript heap does not work with less.
Result<uint64_t> ParseSize(const char* flag, const std::string& text);

// Milliseconds: "250ms", "10s", "2m", "1h"; a number alone is seconds. At least 1 ms.
Result<uint64_t> ParseDuration(const char* flag, const std::string& text);

}  // namespace rt::cli
