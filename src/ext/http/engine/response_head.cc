// See the header.
#include "src/ext/http/engine/response_head.h"

#include <string>

#include "src/ext/http/engine/head_check.h"

namespace rt::http {
namespace {

enum class Special : uint8_t { kNone, kDate, kContentLength, kDrop };

// Fields of which the engine, not the program, has the last word.
Special Classify(std::string_view name) {
  switch (name.size()) {
    case 4:
      return EqualsIgnoreCase(name, "date") ? Special::kDate : Special::kNone;
    case 10:
      return EqualsIgnoreCase(name, "connection") || EqualsIgnoreCase(name, "keep-alive")
                 ? Special::kDrop
                 : Special::kNone;
    case 14:
      return EqualsIgnoreCase(name, "content-length") ? Special::kContentLength : Special::kNone;
    case 17:
      return EqualsIgnoreCase(name, "transfer-encoding") ? Special::kDrop : Special::kNone;
    default:
      return Special::kNone;
  }
}

bool HasCloseToken(std::string_view value) {
  while (!value.empty()) {
    const size_t comma = value.find(',');
    std::string_view token = value.substr(0, comma);
    while (!token.empty() && (token.front() == ' ' || token.front() == '\t'))
      token.remove_prefix(1);
    while (!token.empty() && (token.back() == ' ' || token.back() == '\t')) token.remove_suffix(1);
    if (EqualsIgnoreCase(token, "close")) return true;
    if (comma == std::string_view::npos) break;
    value.remove_prefix(comma + 1);
  }
  return false;
}

void AppendField(std::string_view name, std::string_view value, Output* out) {
  char* room = out->Extend(name.size() + value.size() + 4);
  if (!name.empty()) std::memcpy(room, name.data(), name.size());
  room += name.size();
  *room++ = ':';
  *room++ = ' ';
  if (!value.empty()) std::memcpy(room, value.data(), value.size());
  room += value.size();
  *room++ = '\r';
  *room = '\n';
}

}  // namespace

size_t WriteDecimal(uint64_t value, char* out) {
  char digits[20];
  size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  for (size_t i = 0; i < count; ++i) out[i] = digits[count - 1 - i];
  return count;
}

Result<void> CheckResponseHead(const ResponseHead& head, bool* close) {
  if (head.status < 200 || head.status > 599) {
    return Error::Range("Invalid status code: " + std::to_string(head.status) +
                        " (must be from 200 to 599)");
  }
  if (!IsFieldValue(head.status_text)) return Error::Type("Invalid status text");
  for (const HeaderPair& header : head.headers) {
    if (!IsToken(header.name)) return Error::Type("Invalid header name");
    if (!IsFieldValue(header.value)) {
      return Error::Type("Invalid value of header \"" + std::string(header.name) + "\"");
    }
    if (header.name.size() == 10 && EqualsIgnoreCase(header.name, "connection") &&
        HasCloseToken(header.value)) {
      *close = true;
    }
  }
  return {};
}

void AppendResponseHead(const ResponseHead& head, const HeadOptions& options, Output* out) {
  char status[3] = {static_cast<char>('0' + head.status / 100),
                    static_cast<char>('0' + head.status / 10 % 10),
                    static_cast<char>('0' + head.status % 10)};
  out->Append("HTTP/1.1 ");
  out->Append({status, 3});
  out->Append(" ");
  out->Append(head.status_text.empty() ? ReasonPhrase(head.status) : head.status_text);
  out->Append("\r\n");

  bool has_date = false;
  std::string_view stated_length;
  for (const HeaderPair& header : head.headers) {
    switch (Classify(header.name)) {
      case Special::kDrop:
        continue;
      case Special::kContentLength:
        stated_length = header.value;
        continue;
      case Special::kDate:
        has_date = true;
        break;
      case Special::kNone:
        break;
    }
    AppendField(header.name, header.value, out);
  }
  if (!has_date) AppendField("date", options.date, out);

  switch (options.framing) {
    case Framing::kLength: {
      uint64_t length = options.content_length;
      // A HEAD response without a body may say how long the body would be.
      if (options.is_head && length == 0) ParseContentLength(stated_length, &length);
      char digits[20];
      AppendField("content-length", {digits, WriteDecimal(length, digits)}, out);
      break;
    }
    case Framing::kChunked:
      out->Append("transfer-encoding: chunked\r\n");
      break;
    case Framing::kClose:
    case Framing::kNone:
      break;
  }
  if (!options.keep_alive) {
    out->Append("connection: close\r\n");
  } else {
    if (options.http_1_0) out->Append("connection: keep-alive\r\n");
    out->Append(options.keep_alive_field);
  }
  out->Append("\r\n");
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
#define RT_PHRASE(code, text) \
  case code:                  \
    return text;
    RT_PHRASE(100, "Continue")
    RT_PHRASE(200, "OK")
    RT_PHRASE(201, "Created")
    RT_PHRASE(202, "Accepted")
    RT_PHRASE(203, "Non-Authoritative Information")
    RT_PHRASE(204, "No Content")
    RT_PHRASE(205, "Reset Content")
    RT_PHRASE(206, "Partial Content")
    RT_PHRASE(207, "Multi-Status")
    RT_PHRASE(208, "Already Reported")
    RT_PHRASE(226, "IM Used")
    RT_PHRASE(300, "Multiple Choices")
    RT_PHRASE(301, "Moved Permanently")
    RT_PHRASE(302, "Found")
    RT_PHRASE(303, "See Other")
    RT_PHRASE(304, "Not Modified")
    RT_PHRASE(305, "Use Proxy")
    RT_PHRASE(307, "Temporary Redirect")
    RT_PHRASE(308, "Permanent Redirect")
    RT_PHRASE(400, "Bad Request")
    RT_PHRASE(401, "Unauthorized")
    RT_PHRASE(402, "Payment Required")
    RT_PHRASE(403, "Forbidden")
    RT_PHRASE(404, "Not Found")
    RT_PHRASE(405, "Method Not Allowed")
    RT_PHRASE(406, "Not Acceptable")
    RT_PHRASE(407, "Proxy Authentication Required")
    RT_PHRASE(408, "Request Timeout")
    RT_PHRASE(409, "Conflict")
    RT_PHRASE(410, "Gone")
    RT_PHRASE(411, "Length Required")
    RT_PHRASE(412, "Precondition Failed")
    RT_PHRASE(413, "Payload Too Large")
    RT_PHRASE(414, "URI Too Long")
    RT_PHRASE(415, "Unsupported Media Type")
    RT_PHRASE(416, "Range Not Satisfiable")
    RT_PHRASE(417, "Expectation Failed")
    RT_PHRASE(418, "I'm a teapot")
    RT_PHRASE(421, "Misdirected Request")
    RT_PHRASE(422, "Unprocessable Entity")
    RT_PHRASE(423, "Locked")
    RT_PHRASE(424, "Failed Dependency")
    RT_PHRASE(425, "Too Early")
    RT_PHRASE(426, "Upgrade Required")
    RT_PHRASE(428, "Precondition Required")
    RT_PHRASE(429, "Too Many Requests")
    RT_PHRASE(431, "Request Header Fields Too Large")
    RT_PHRASE(451, "Unavailable For Legal Reasons")
    RT_PHRASE(500, "Internal Server Error")
    RT_PHRASE(501, "Not Implemented")
    RT_PHRASE(502, "Bad Gateway")
    RT_PHRASE(503, "Service Unavailable")
    RT_PHRASE(504, "Gateway Timeout")
    RT_PHRASE(505, "HTTP Version Not Supported")
    RT_PHRASE(506, "Variant Also Negotiates")
    RT_PHRASE(507, "Insufficient Storage")
    RT_PHRASE(508, "Loop Detected")
    RT_PHRASE(510, "Not Extended")
    RT_PHRASE(511, "Network Authentication Required")
#undef RT_PHRASE
    default:
      return "";
  }
}

}  // namespace rt::http
