// `Deno.serve({limits})`: the engine's limits as a program may set them, by the names of
// engine/limits.h in camelCase. Absent ones keep their defaults.
#pragma once

#include <optional>

#include "src/ext/http/engine/limits.h"
#include "src/op/convert.h"

namespace rt {

struct HttpLimitOptions {
  std::optional<double> max_head_bytes;
  std::optional<double> max_target_bytes;
  std::optional<double> max_headers;
  std::optional<double> max_connections;
  std::optional<double> max_pipelined;
  std::optional<double> header_timeout_ms;
  std::optional<double> body_timeout_ms;
  std::optional<double> min_body_rate;
  std::optional<double> idle_timeout_ms;
  std::optional<double> write_timeout_ms;
  std::optional<double> max_body_bytes;
  std::optional<double> max_buffered_body_bytes;
};
RT_STRUCT(HttpLimitOptions, RT_FIELD(max_head_bytes), RT_FIELD(max_target_bytes),
          RT_FIELD(max_headers), RT_FIELD(max_connections), RT_FIELD(max_pipelined),
          RT_FIELD(header_timeout_ms), RT_FIELD(body_timeout_ms), RT_FIELD(min_body_rate),
          RT_FIELD(idle_timeout_ms), RT_FIELD(write_timeout_ms), RT_FIELD(max_body_bytes),
          RT_FIELD(max_buffered_body_bytes))

// RangeError for a value that is no whole number or outside what the limit can be.
Result<http::Limits> ToLimits(const HttpLimitOptions& options);

}  // namespace rt
