// See the header.
#include "src/ext/fetch/request_head.h"

namespace rt {
namespace {

bool IsTarget(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f) return false;
  }
  return true;
}

// Fetch's header value: anything but what ends a line. Other controls are the server's to refuse.
bool IsValue(std::string_view text) {
  return text.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

bool IsFraming(std::string_view name) {
  return name == "content-length" || name == "transfer-encoding" || name == "connection" ||
         name == "host" || name == "upgrade";
}

void Append(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

void AppendFraming(std::string& head, const HttpRequest& request) {
  if (request.source) {
    if (const auto size = request.source->size()) {
      Append(head, "content-length", std::to_string(*size));
    } else {
      Append(head, "transfer-encoding", "chunked");
    }
  } else if (request.body) {
    Append(head, "content-length", std::to_string(request.body->size()));
  } else if (request.method == "POST" || request.method == "PUT") {
    Append(head, "content-length", "0");
  }
}

}  // namespace

Result<std::string> MakeRequestHead(const HttpRequest& request, const H1Route& route) {
  if (!http::IsToken(request.method)) return Error::Type("Invalid HTTP method");
  if (!IsTarget(request.target)) return Error::Type("Invalid request target");
  if (!IsTarget(request.authority)) return Error::Type("Invalid host");
  std::string head;
  head.reserve(256);
  head.append(request.method).append(" ");
  if (route.absolute_form) {
    head.append(request.tls ? "https://" : "http://").append(request.authority);
  }
  head.append(request.target).append(" HTTP/1.1\r\n");
  const std::string* host = FindHeader(request.headers, "host");
  Append(head, "host", host != nullptr ? *host : request.authority);
  for (const HeaderField& field : request.headers) {
    if (!http::IsToken(field.name)) return Error::Type("Invalid header name");
    if (!IsValue(field.value)) return Error::Type("Invalid header value");
    if (!IsFraming(field.name)) Append(head, field.name, field.value);
  }
  if (!route.proxy_authorization.empty()) {
    Append(head, "proxy-authorization", route.proxy_authorization);
  }
  if (!request.upgrade.empty()) {
    if (request.body || request.source) return Error::Type("An upgrade has no body");
    if (!http::IsToken(request.upgrade)) return Error::Type("Invalid protocol to upgrade to");
    Append(head, "connection", "upgrade");
    Append(head, "upgrade", request.upgrade);
  }
  AppendFraming(head, request);
  head.append("\r\n");
  return head;
}

Result<HeaderFields> MakeH2Fields(const HttpRequest& request) {
  if (!http::IsToken(request.method)) return Error::Type("Invalid HTTP method");
  if (!IsTarget(request.target)) return Error::Type("Invalid request target");
  const std::string* host = FindHeader(request.headers, "host");
  const std::string& authority = host != nullptr ? *host : request.authority;
  if (!IsTarget(authority)) return Error::Type("Invalid host");
  HeaderFields fields{{":method", request.method},
                      {":scheme", request.tls ? "https" : "http"},
                      {":authority", authority},
                      {":path", request.target}};
  for (const HeaderField& field : request.headers) {
    HeaderField lower = field;
    if (!http::IsToken(lower.name)) return Error::Type("Invalid header name");
    if (!IsValue(lower.value)) return Error::Type("Invalid header value");
    for (char& c : lower.name) c = http::TokenLower(c);
    // RFC 9113 8.2.2: what is about a connection has no place here.
    const bool is_connections = IsFraming(lower.name) || lower.name == "keep-alive" ||
                                lower.name == "proxy-connection" ||
                                (lower.name == "te" && lower.value != "trailers");
    if (!is_connections) fields.push_back(std::move(lower));
  }
  std::string length;
  if (request.source && request.source->size()) length = std::to_string(*request.source->size());
  if (request.body) length = std::to_string(request.body->size());
  if (!request.source && !request.body && (request.method == "POST" || request.method == "PUT")) {
    length.assign(1, '0');
  }
  if (!length.empty()) fields.push_back({"content-length", std::move(length)});
  return fields;
}

std::string MakeConnectHead(const std::string& authority, const std::string& proxy_authorization) {
  std::string head = "CONNECT " + authority + " HTTP/1.1\r\n";
  Append(head, "host", authority);
  if (!proxy_authorization.empty()) Append(head, "proxy-authorization", proxy_authorization);
  return head + "\r\n";
}

}  // namespace rt
