// A text file's contents, decoded on the thread pool into the form V8 keeps strings in, so that the
// JavaScript thread has nothing left to do but to copy them, or not even that. No V8.
#pragma once

#include <cstdint>

#include "src/base/bytes.h"

namespace rt {

struct FileText {
  enum class Form : uint8_t {
    kLatin1,   // one byte a character; ASCII stays as it was read
    kUtf16,    // two bytes a code unit
    kInvalid,  // not UTF-8: what cannot be decoded is to become U+FFFD
  };
  Bytes bytes;
  Form form = Form::kLatin1;
};

// Any thread.
FileText DecodeFileText(Bytes utf8);

}  // namespace rt
