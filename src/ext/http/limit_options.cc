// See the header.
#include "src/ext/http/limit_options.h"

#include <cmath>
#include <string>

namespace rt {
namespace {

template <class T>
bool Set(const std::optional<double>& option, double least, double most, T* limit) {
  if (!option) return true;
  if (std::trunc(*option) != *option || !(*option >= least) || !(*option <= most)) return false;
  *limit = static_cast<T>(*option);
  return true;
}

}  // namespace

Result<http::Limits> ToLimits(const HttpLimitOptions& options) {
  constexpr double kDay = 24 * 3600 * 1000;
  constexpr double kMax53 = 9007199254740991;
  http::Limits limits;
  std::string wrong;
  const auto set = [&wrong](const char* name, const std::optional<double>& option, double least,
                            double most, auto* limit) {
    if (!wrong.empty() || Set(option, least, most, limit)) return;
    wrong.append("Invalid limit: '").append(name).append("' must be a whole number from ");
    wrong.append(std::to_string(static_cast<int64_t>(least))).append(" to ");
    wrong.append(std::to_string(static_cast<int64_t>(most)));
  };
  set("maxHeadBytes", options.max_head_bytes, 64, 16 << 20, &limits.max_head_bytes);
  set("maxTargetBytes", options.max_target_bytes, 1, 16 << 20, &limits.max_target_bytes);
  set("maxHeaders", options.max_headers, 1, 100'000, &limits.max_headers);
  set("maxConnections", options.max_connections, 1, 1 << 20, &limits.max_connections);
  set("maxPipelined", options.max_pipelined, 1, 10'000, &limits.max_pipelined);
  set("headerTimeoutMs", options.header_timeout_ms, 1, kDay, &limits.header_timeout_ms);
  set("bodyTimeoutMs", options.body_timeout_ms, 1, kDay, &limits.body_timeout_ms);
  set("minBodyRate", options.min_body_rate, 0, 1 << 30, &limits.min_body_rate);
  set("idleTimeoutMs", options.idle_timeout_ms, 1, kDay, &limits.idle_timeout_ms);
  set("writeTimeoutMs", options.write_timeout_ms, 1, kDay, &limits.write_timeout_ms);
  set("maxBodyBytes", options.max_body_bytes, 0, kMax53, &limits.max_body_bytes);
  set("maxBufferedBodyBytes", options.max_buffered_body_bytes, 0, kMax53,
      &limits.max_buffered_body_bytes);
  if (!wrong.empty()) return Error::Range(std::move(wrong));
  return limits;
}

}  // namespace rt
