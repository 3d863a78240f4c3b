// See the header.
#include "src/ext/http/engine/body_decoder.h"

#include <algorithm>

#include "src/ext/http/engine/head_check.h"

namespace rt::http {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// 2^52 bytes a chunk: more digits than any real sender needs, and far from overflow.
constexpr uint32_t kMaxSizeDigits = 13;

void SkipSpace(std::string_view* text) {
  text->remove_prefix(std::min(text->find_first_not_of(" \t"), text->size()));
}

bool TakeToken(std::string_view* text) {
  size_t size = 0;
  while (size < text->size() && TokenLower((*text)[size]) != 0) ++size;
  text->remove_prefix(size);
  return size > 0;
}

// After its first quote; there are no control characters.
bool TakeQuotedString(std::string_view* text) {
  for (size_t i = 0; i < text->size(); ++i) {
    if ((*text)[i] == '\\') {
      ++i;
    } else if ((*text)[i] == '"') {
      text->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

// chunk-ext of RFC 9112 7.1.1, not empty: who takes another thing for its end than the next server
// takes another thing for the next request.
bool IsChunkExtension(std::string_view text) {
  SkipSpace(&text);
  for (;;) {
    if (!text.starts_with(';')) return false;
    text.remove_prefix(1);
    SkipSpace(&text);
    if (!TakeToken(&text)) return false;
    SkipSpace(&text);
    if (text.starts_with('=')) {
      text.remove_prefix(1);
      SkipSpace(&text);
      if (text.starts_with('"')) {
        text.remove_prefix(1);
        if (!TakeQuotedString(&text)) return false;
      } else if (!TakeToken(&text)) {
        return false;
      }
      SkipSpace(&text);
    }
    if (text.empty()) return true;
  }
}

}  // namespace

void BodyDecoder::StartLength(uint64_t length) {
  state_ = State::kLength;
  remaining_ = length;
}

void BodyDecoder::StartChunked() {
  state_ = State::kSize;
  remaining_ = 0;
  size_digits_ = 0;
  extension_bytes_ = 0;
  extension_.clear();
  trailers_.clear();
  trailer_scanner_.Reset();
}

BodyDecoder::Step BodyDecoder::Next(std::string_view* input, std::string_view* piece) {
  if (state_ == State::kLength && remaining_ == 0) return Step::kEnd;
  while (!input->empty()) {
    switch (state_) {
      case State::kLength:
      case State::kData: {
        const size_t size = static_cast<size_t>(std::min<uint64_t>(remaining_, input->size()));
        *piece = input->substr(0, size);
        input->remove_prefix(size);
        remaining_ -= size;
        if (state_ == State::kData && remaining_ == 0) state_ = State::kDataCr;
        return Step::kData;
      }
      case State::kSize: {
        const char c = input->front();
        if (const int digit = HexValue(c); digit >= 0) {
          input->remove_prefix(1);
          if (remaining_ >> (4 * (kMaxSizeDigits - 1)) != 0) return Step::kBad;
          // Zeros in front are legal, but not for ever.
          if (size_digits_ < kMaxSizeDigits) {
            ++size_digits_;
          } else if (++extension_bytes_ > limits_.max_chunk_extension_bytes) {
            return Step::kBad;
          }
          remaining_ = remaining_ * 16 + static_cast<uint64_t>(digit);
          break;
        }
        if (size_digits_ == 0) return Step::kBad;
        if (c == ';' || c == ' ' || c == '\t') {
          state_ = State::kExtension;
        } else if (c == '\r') {
          input->remove_prefix(1);
          state_ = State::kSizeLf;
        } else {
          return Step::kBad;
        }
        break;
      }
      case State::kExtension: {
        const size_t end = FindControl(input->data(), 0, input->size());
        extension_bytes_ += static_cast<uint32_t>(end);
        if (extension_bytes_ > limits_.max_chunk_extension_bytes) return Step::kBad;
        extension_.append(input->substr(0, end));
        input->remove_prefix(end);
        if (input->empty()) break;
        if (input->front() != '\r' || !IsChunkExtension(extension_)) return Step::kBad;
        extension_.clear();
        input->remove_prefix(1);
        state_ = State::kSizeLf;
        break;
      }
      case State::kSizeLf:
        if (input->front() != '\n') return Step::kBad;
        input->remove_prefix(1);
        size_digits_ = 0;
        state_ = remaining_ == 0 ? State::kTrailers : State::kData;
        break;
      case State::kDataCr:
        if (input->front() != '\r') return Step::kBad;
        input->remove_prefix(1);
        state_ = State::kDataLf;
        break;
      case State::kDataLf:
        if (input->front() != '\n') return Step::kBad;
        input->remove_prefix(1);
        state_ = State::kSize;
        break;
      case State::kTrailers:
        return Trailers(input);
      case State::kEnd:
        return Step::kEnd;
    }
  }
  return state_ == State::kEnd ? Step::kEnd : Step::kMore;
}

BodyDecoder::Step BodyDecoder::Trailers(std::string_view* input) {
  const size_t before = trailers_.size();
  const size_t room =
      limits_.max_trailer_bytes + 2 - std::min<size_t>(before, limits_.max_trailer_bytes + 2);
  trailers_.append(input->substr(0, room));
  switch (trailer_scanner_.Scan(trailers_.data(), trailers_.size())) {
    case HeadScanner::State::kBad:
      return Step::kBad;
    case HeadScanner::State::kIncomplete:
      if (trailers_.size() - before < input->size()) return Step::kBad;  // over the limit
      input->remove_prefix(input->size());
      return Step::kMore;
    case HeadScanner::State::kComplete:
      break;
  }
  const size_t end = trailer_scanner_.head_size();
  input->remove_prefix(end - before);
  state_ = State::kEnd;
  return AreTrailersValid(std::string_view(trailers_).substr(0, end - 2)) ? Step::kEnd : Step::kBad;
}

// Trailers are read to be checked, then dropped: no interface of rt shows them (nor does fetch).
bool BodyDecoder::AreTrailersValid(std::string_view lines) {
  while (!lines.empty()) {
    const size_t end = lines.find('\r');
    const std::string_view line = lines.substr(0, end);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return false;
    std::string name(line.substr(0, colon));
    for (char& c : name) c = TokenLower(c);
    if (IsForbiddenTrailer(name)) return false;
    lines.remove_prefix(end + 2);
  }
  return true;
}

}  // namespace rt::http
