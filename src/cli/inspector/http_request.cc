#include "src/cli/inspector/http_request.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

namespace rt::cli {

const std::string& InspectorRequest::Header(const std::string& name) const {
  static const std::string kNone;
  const auto found = headers.find(name);
  return found == headers.end() ? kNone : found->second;
}

Result<InspectorRequest> ParseInspectorRequest(std::string_view head) {
  InspectorRequest request;
  size_t at = head.find("\r\n");
  const std::string_view line = head.substr(0, at);
  const size_t space = line.find(' ');
  const size_t second = line.rfind(' ');
  if (space == std::string_view::npos || second <= space ||
      !line.substr(second + 1).starts_with("HTTP/1.") || line[space + 1] != '/') {
    return Error::Type("bad request line");
  }
  if (line.substr(0, space) != "GET") return Error::Type("only GET");
  request.path = line.substr(space + 1, second - space - 1);
  while (at != std::string_view::npos && at + 2 < head.size()) {
    at += 2;
    const size_t end = head.find("\r\n", at);
    const std::string_view field = head.substr(at, end == std::string_view::npos ? end : end - at);
    at = end;
    const size_t colon = field.find(':');
    if (colon == std::string_view::npos || colon == 0) return Error::Type("bad header");
    std::string name(field.substr(0, colon));
    for (char& c : name) {
      if (static_cast<unsigned char>(c) <= ' ') return Error::Type("bad header");
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    std::string_view value = field.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
      value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    // Twice the same header: which one counts is what attacks are made of.
    if (!request.headers.emplace(std::move(name), value).second)
      return Error::Type("a header twice");
  }
  return request;
}

bool IsLocalHost(std::string_view host) {
  std::string name(host);
  if (name.starts_with('[')) {
    const size_t end = name.find(']');
    if (end == std::string::npos) return false;
    const std::string rest = name.substr(end + 1);
    if (!rest.empty() && rest[0] != ':') return false;
    name = name.substr(1, end - 1);
    in6_addr six;
    return inet_pton(AF_INET6, name.c_str(), &six) == 1;
  }
  name = name.substr(0, name.find(':'));
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (name == "localhost" || name == "localhost6") return true;
  in_addr four;
  return inet_pton(AF_INET, name.c_str(), &four) == 1;
}

std::string InspectorResponse(int status, std::string_view type, std::string_view body) {
  const char* const words = status == 200 ? "OK" : status == 404 ? "Not Found" : "Bad Request";
  return "HTTP/1.1 " + std::to_string(status) + " " + words +
         "\r\nContent-Type: " + std::string(type) +
         "; charset=UTF-8\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace rt::cli
