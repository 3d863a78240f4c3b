// llhttp's callbacks, and the rules about fields that belong together (RFC 9112 3.2, 6.1, 6.3).
#include "src/ext/http/engine/head_parser.h"

#include <cstring>

namespace rt::http {
namespace {

std::string_view TrimOws(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The white space at the end of a field is any of the two (RFC 9110 5.5); llhttp takes a tab after
// a length for a part of it.
void SpacesForTabsAtLineEnds(char* bytes, size_t size) {
  const char* const end = bytes + size;
  auto* tab = static_cast<char*>(std::memchr(bytes, '\t', size));
  while (tab != nullptr) {
    char* after = tab;
    while (after != end && (*after == ' ' || *after == '\t')) ++after;
    if (after != end && *after == '\r') std::memset(tab, ' ', static_cast<size_t>(after - tab));
    tab = static_cast<char*>(std::memchr(after, '\t', static_cast<size_t>(end - after)));
  }
}

// Those llhttp reads as they are.
bool IsUsualMethod(std::string_view method) {
  for (std::string_view usual : {"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    if (method == usual) return true;
  }
  return false;
}

}  // namespace

HeadParser::HeadParser(const Limits& limits) : limits_(limits) {
  llhttp_settings_init(&settings_);
  settings_.on_url = &OnUrl;
  settings_.on_header_field = &OnField;
  settings_.on_header_value = &OnValue;
  settings_.on_headers_complete = &OnHeadersComplete;
  llhttp_init(&parser_, HTTP_REQUEST, &settings_);
  parser_.data = this;
}

int HeadParser::OnUrl(llhttp_t* parser, const char* at, size_t length) {
  auto* self = static_cast<HeadParser*>(parser->data);
  // llhttp must have found the target where our own split of the request line found it.
  return self->SliceOf({at, length}).offset == self->head_->target.offset &&
                 length == self->head_->target.size
             ? 0
             : -1;
}

int HeadParser::OnField(llhttp_t* parser, const char* at, size_t length) {
  auto* self = static_cast<HeadParser*>(parser->data);
  self->head_->headers.push_back({self->SliceOf({at, length}), {}});
  return 0;
}

int HeadParser::OnValue(llhttp_t* parser, const char* at, size_t length) {
  auto* self = static_cast<HeadParser*>(parser->data);
  if (self->head_->headers.empty()) return -1;
  self->head_->headers.back().value = self->SliceOf(TrimOws({at, length}));
  return 0;
}

int HeadParser::OnHeadersComplete(llhttp_t* parser) {
  auto* self = static_cast<HeadParser*>(parser->data);
  self->complete_ = true;
  self->head_->keep_alive = llhttp_should_keep_alive(parser) != 0;
  self->head_->upgrade = parser->upgrade != 0;
  // Bodies are framed by BodyDecoder, and an upgrade is the program's decision: llhttp is done
  // here.
  parser->upgrade = 0;
  return 1;
}

Refusal HeadParser::Parse(char* bytes, size_t size, Head* head) {
  bytes_ = bytes;
  head_ = head;
  complete_ = false;
  head->headers.clear();
  head->host = {};
  head->content_length = 0;
  head->chunked = head->expects_continue = false;

  const auto* line_end = static_cast<const char*>(std::memchr(bytes, '\r', size));
  if (line_end == nullptr) return 400;
  RequestLine line;
  if (Refusal refusal = CheckRequestLine({bytes, static_cast<size_t>(line_end - bytes)},
                                         limits_.max_target_bytes, &line)) {
    return refusal;
  }
  head->method = SliceOf(line.method);
  head->target = SliceOf(line.target);
  head->minor_version = static_cast<uint8_t>(line.minor_version);
  head->is_head = line.method == "HEAD";
  std::string_view authority;
  if (!CheckTarget(line.method, line.target, &authority)) return 400;
  if (!authority.empty()) head->host = SliceOf(authority);

  SpacesForTabsAtLineEnds(bytes, size);
  llhttp_reset(&parser_);
  llhttp_errno_t error = HPE_OK;
  if (IsUsualMethod(line.method)) {
    error = llhttp_execute(&parser_, bytes, size);
  } else {
    // llhttp knows a list of methods, and reads some of them (PRI, those of RTSP) as other
    // protocols. Any token is a method (RFC 9110 9.1), and none but CONNECT, refused above, changes
    // how a head is read: to llhttp it is a GET.
    error = llhttp_execute(&parser_, "GET", 3);
    const size_t rest = line.method.size();
    if (error == HPE_OK) error = llhttp_execute(&parser_, bytes + rest, size - rest);
  }
  if (error != HPE_OK || !complete_) return 400;
  if (head->headers.size() > limits_.max_headers) return 431;
  return CheckFields();
}

Refusal HeadParser::CheckFields() {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  for (const HeaderSlices& header : head_->headers) {
    char* name = bytes_ + header.name.offset;
    if (header.name.size == 0 || name[header.name.size] != ':') return 400;
    for (uint32_t i = 0; i < header.name.size; ++i) {
      const char lower = TokenLower(name[i]);
      if (lower == 0) return 400;
      name[i] = lower;
    }
    // Only a handful of names matter here; their lengths keep the comparisons away from the others.
    const std::string_view field(name, header.name.size);
    const std::string_view value = header.value.In(bytes_);
    switch (field.size()) {
      case 4:
        if (field == "host") {
          if (++hosts > 1 || !IsValidHost(value)) return 400;
          if (head_->host.size == 0) head_->host = header.value;
        }
        break;
      case 6:
        if (field == "expect" && head_->minor_version > 0) {
          if (!EqualsIgnoreCase(value, "100-continue")) return 417;
          head_->expects_continue = true;
        }
        break;
      case 14:
        if (field == "content-length") {
          if (++lengths > 1 || !ParseContentLength(value, &head_->content_length)) return 400;
        }
        break;
      case 17:
        if (field == "transfer-encoding") {
          if (++encodings > 1 || head_->minor_version == 0) return 400;
          if (!EqualsIgnoreCase(value, "chunked")) return 400;
          head_->chunked = true;
        }
        break;
      default:
        break;
    }
  }
  if (lengths > 0 && encodings > 0) return 400;
  if (hosts == 0 && head_->minor_version > 0) return 400;
  return 0;
}

}  // namespace rt::http
