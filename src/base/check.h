// RT_CHECK: stops the process when rt itself is broken. Never for anything a script, a peer, a file
// or the environment can cause: those return an Error.
#pragma once

namespace rt {

[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);

#define RT_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::rt::CheckFailed(#expression, __FILE__, __LINE__))

#define RT_UNREACHABLE() ::rt::CheckFailed("unreachable", __FILE__, __LINE__)

}  // namespace rt
