// Heads of HTTP/1.1 requests. What would end a line early never gets out (S50).
#pragma once

#include <string>

#include "src/ext/fetch/h1_connection.h"

namespace rt {

// TypeError for a method, target or field that cannot stand in a head.
Result<std::string> MakeRequestHead(const HttpRequest& request, const H1Route& route);
// The fields of an HTTP/2 request, those that begin with a colon first.
Result<HeaderFields> MakeH2Fields(const HttpRequest& request);
std::string MakeConnectHead(const std::string& authority, const std::string& proxy_authorization);

}  // namespace rt
