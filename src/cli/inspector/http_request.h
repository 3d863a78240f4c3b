// The little HTTP the inspector's server needs: GET requests with small heads. Anything else is an
// error with a status. No I/O.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "src/base/result.h"

namespace rt::cli {

struct InspectorRequest {
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case

  const std::string& Header(const std::string& name) const;
};

inline constexpr size_t kMaxInspectorHead = 16 * 1024;

// The head without its empty line.
Result<InspectorRequest> ParseInspectorRequest(std::string_view head);

// Whether `Host` is an address or localhost: a page of another site whose name was made to lead
// here (DNS rebinding) says its own.
bool IsLocalHost(std::string_view host);

std::string InspectorResponse(int status, std::string_view type, std::string_view body);

}  // namespace rt::cli
