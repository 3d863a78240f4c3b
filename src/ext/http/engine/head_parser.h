// HeadParser: a complete request head, already delimited by HeadScanner, becomes a Head. llhttp
// reads it; head_check.h judges what llhttp let pass. Holds no state between heads: nothing one
// request says can change how the next is read.
#pragma once

#include <llhttp.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "src/ext/http/engine/head_check.h"
#include "src/ext/http/engine/limits.h"

namespace rt::http {

// A part of the head's bytes. An offset rather than a pointer: the bytes may be moved.
struct Slice {
  uint32_t offset = 0;
  uint32_t size = 0;
  std::string_view In(const char* base) const { return {base + offset, size}; }
};

struct HeaderSlices {
  Slice name;  // in lower case
  Slice value;
};

struct Head {
  Slice method;
  Slice target;
  // The authority of the request: the Host field's value, or the target's own. Empty only in
  // HTTP/1.0.
  Slice host;
  std::vector<HeaderSlices> headers;
  uint64_t content_length = 0;
  uint8_t minor_version = 1;
  bool is_head = false;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool upgrade = false;

  bool has_body() const { return chunked || content_length > 0; }
};

class HeadParser {
 public:
  explicit HeadParser(const Limits& limits);
  HeadParser(const HeadParser&) = delete;
  HeadParser& operator=(const HeadParser&) = delete;

  // Field names in `bytes` are put in lower case in place. `head` is overwritten; its vector keeps
  // its memory. 0, or the status to refuse with.
  Refusal Parse(char* bytes, size_t size, Head* head);

 private:
  static int OnUrl(llhttp_t* parser, const char* at, size_t length);
  static int OnField(llhttp_t* parser, const char* at, size_t length);
  static int OnValue(llhttp_t* parser, const char* at, size_t length);
  static int OnHeadersComplete(llhttp_t* parser);

  Slice SliceOf(std::string_view part) const {
    return {static_cast<uint32_t>(part.data() - bytes_), static_cast<uint32_t>(part.size())};
  }
  Refusal CheckFields();

  const Limits& limits_;
  llhttp_settings_t settings_;
  llhttp_t parser_;
  char* bytes_ = nullptr;
  Head* head_ = nullptr;
  bool complete_ = false;
};

}  // namespace rt::http
