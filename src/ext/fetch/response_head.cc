// See the header.
#include "src/ext/fetch/response_head.h"

#include <llhttp.h>

#include <optional>

namespace rt {
namespace {

Error Bad(std::string_view what) {
  return Error::Make(ErrorClass::kInvalidData, "invalid HTTP response: " + std::string(what));
}

std::string_view TrimOws(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// What llhttp calls back with; views into the head.
struct Seen {
  struct Field {
    std::string_view name;
    std::string_view value;
  };
  std::vector<Field> fields;
  std::string_view reason;
  bool complete = false;

  static Seen& Of(llhttp_t* parser) { return *static_cast<Seen*>(parser->data); }
  static int OnStatus(llhttp_t* parser, const char* at, size_t length) {
    Of(parser).reason = {at, length};
    return 0;
  }
  static int OnField(llhttp_t* parser, const char* at, size_t length) {
    Of(parser).fields.push_back({{at, length}, {}});
    return Of(parser).fields.size() > kMaxResponseFields ? -1 : 0;
  }
  static int OnValue(llhttp_t* parser, const char* at, size_t length) {
    if (Of(parser).fields.empty()) return -1;
    Of(parser).fields.back().value = TrimOws({at, length});
    return 0;
  }
  static int OnComplete(llhttp_t* parser) {
    Of(parser).complete = true;
    parser->upgrade = 0;
    return 1;  // no body: BodyDecoder frames those
  }
};

const llhttp_settings_t* Settings() {
  static const llhttp_settings_t kSettings = [] {
    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    settings.on_status = &Seen::OnStatus;
    settings.on_header_field = &Seen::OnField;
    settings.on_header_value = &Seen::OnValue;
    settings.on_headers_complete = &Seen::OnComplete;
    return settings;
  }();
  return &kSettings;
}

// Whether a list (RFC 9110 5.6.1) has an element.
bool HasElement(std::string_view list, std::string_view lower) {
  for (;;) {
    const size_t comma = list.find(',');
    if (http::EqualsIgnoreCase(TrimOws(list.substr(0, comma)), lower)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

struct Framing {
  std::optional<uint64_t> length;
  int encodings = 0;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
};

Result<void> Note(std::string_view name, std::string_view value, Framing* framing) {
  if (name == "content-length") {
    // Not even the same twice: llhttp refuses that too.
    uint64_t length = 0;
    if (framing->length || !http::ParseContentLength(value, &length)) {
      return Bad("bad Content-Length");
    }
    framing->length = length;
  } else if (name == "transfer-encoding") {
    ++framing->encodings;
    framing->chunked = http::EqualsIgnoreCase(value, "chunked");
  } else if (name == "connection") {
    framing->close |= HasElement(value, "close");
    framing->keep_alive |= HasElement(value, "keep-alive");
  }
  return {};
}

Result<void> Decide(const Framing& framing, ResponseHead* head) {
  if (framing.encodings > 0) {
    // RFC 9112 6.1: what is not certain to be delimited alike by everybody is an attack.
    if (framing.encodings > 1 || !framing.chunked) return Bad("unknown Transfer-Encoding");
    if (framing.length) return Bad("Transfer-Encoding and Content-Length");
    if (head->http10) return Bad("Transfer-Encoding in HTTP/1.0");
    head->framing = ResponseHead::Framing::kChunked;
  } else if (framing.length) {
    head->framing = ResponseHead::Framing::kLength;
    head->length = *framing.length;
  }
  head->keep_alive = !framing.close && (!head->http10 || framing.keep_alive);
  return {};
}

}  // namespace

const http::Limits& ResponseLimits() {
  static const http::Limits kLimits = [] {
    http::Limits limits;
    limits.max_chunk_extension_bytes = 64 * 1024;
    limits.max_trailer_bytes = 64 * 1024;
    return limits;
  }();
  return kLimits;
}

Result<ResponseHead> ParseResponseHead(std::string_view bytes) {
  // status-line = HTTP-version SP status-code SP [ reason-phrase ]; the second SP is often missing.
  if (bytes.size() < 14 || !bytes.starts_with("HTTP/1.") || (bytes[7] != '0' && bytes[7] != '1') ||
      bytes[8] != ' ' || (bytes[12] != ' ' && bytes[12] != '\r')) {
    return Bad("bad status line");
  }
  ResponseHead head;
  head.http10 = bytes[7] == '0';
  for (size_t i = 9; i < 12; ++i) {
    if (bytes[i] < '0' || bytes[i] > '9') return Bad("bad status code");
    head.status = head.status * 10 + (bytes[i] - '0');
  }
  if (head.status < 100) return Bad("bad status code");

  Seen seen;
  seen.fields.reserve(16);
  llhttp_t parser;
  llhttp_init(&parser, HTTP_RESPONSE, Settings());
  parser.data = &seen;
  const llhttp_errno_t error = llhttp_execute(&parser, bytes.data(), bytes.size());
  if (seen.fields.size() > kMaxResponseFields) return Bad("too many header fields");
  if (error != HPE_OK || !seen.complete || parser.status_code != head.status) {
    const char* reason = llhttp_get_error_reason(&parser);
    return Bad(reason != nullptr && *reason != '\0' ? reason : "bad header");
  }
  head.reason = TrimOws(seen.reason);

  Framing framing;
  head.headers.reserve(seen.fields.size());
  for (const Seen::Field& field : seen.fields) {
    std::string name(field.name);
    if (name.empty() || field.name.data()[name.size()] != ':') return Bad("bad header name");
    for (char& c : name) {
      c = http::TokenLower(c);
      if (c == 0) return Bad("bad header name");
    }
    RT_TRY_VOID(Note(name, field.value, &framing));
    head.headers.push_back({std::move(name), std::string(field.value)});
  }
  RT_TRY_VOID(Decide(framing, &head));
  return head;
}

}  // namespace rt
