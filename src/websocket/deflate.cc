// The two directions of permessage-deflate. What is agreed on is in deflate_params.cc.
#include "src/websocket/deflate.h"

#include <algorithm>
#include <climits>

#include "src/base/check.h"

namespace rt::ws {
namespace {

constexpr size_t kStep = 16 * 1024;
constexpr std::string_view kTail{"\x00\x00\xff\xff", 4};

Bytef* In(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

}  // namespace

Deflater::Deflater(int window_bits, bool no_context_takeover)
    : no_context_takeover_(no_context_takeover) {
  // zlib makes no raw stream with a window of 8 bits, and what 9 makes fits no such window: whoever
  // negotiates must not agree to it.
  RT_CHECK(window_bits >= 9 && window_bits <= 15);
  RT_CHECK(deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, 8,
                        Z_DEFAULT_STRATEGY) == Z_OK);
}

Deflater::~Deflater() {
  deflateEnd(&stream_);
}

void Deflater::Compress(std::string_view message, std::string* out) {
  if (message.empty()) {
    // zlib has nothing to flush: one byte it is (RFC 7692 section 7.2.3.6).
    out->push_back('\0');
    return;
  }
  const size_t start = out->size();
  size_t left = message.size();
  stream_.next_in = In(message);
  stream_.avail_in = 0;
  bool flushed = false;
  while (!flushed) {
    if (stream_.avail_in == 0 && left > 0) {
      stream_.avail_in = static_cast<uInt>(std::min<size_t>(left, INT_MAX));
      left -= stream_.avail_in;
    }
    const size_t at = out->size();
    out->resize(at + kStep);
    stream_.next_out = reinterpret_cast<Bytef*>(out->data() + at);
    stream_.avail_out = kStep;
    const int status = deflate(&stream_, left > 0 ? Z_NO_FLUSH : Z_SYNC_FLUSH);
    RT_CHECK(status == Z_OK || status == Z_BUF_ERROR);
    flushed = left == 0 && stream_.avail_in == 0 && stream_.avail_out > 0;
    out->resize(at + kStep - stream_.avail_out);
  }
  RT_CHECK(out->size() - start >= kTail.size());
  out->resize(out->size() - kTail.size());
  if (no_context_takeover_) RT_CHECK(deflateReset(&stream_) == Z_OK);
}

Inflater::Inflater(int window_bits, bool no_context_takeover)
    : no_context_takeover_(no_context_takeover) {
  RT_CHECK(window_bits >= 8 && window_bits <= 15);
  RT_CHECK(inflateInit2(&stream_, -window_bits) == Z_OK);
}

Inflater::~Inflater() {
  inflateEnd(&stream_);
}

Inflater::Outcome Inflater::Add(std::string_view piece, size_t limit, std::string* out) {
  while (!piece.empty() || stream_.avail_out == 0) {
    if (ended_) {
      // BFINAL=1 in the middle (section 7.2.3.4): the stream goes on with a new one.
      if (piece.empty()) break;
      if (inflateReset(&stream_) != Z_OK) return Outcome::kMalformed;
      ended_ = false;
    }
    const auto offered = static_cast<uInt>(std::min<size_t>(piece.size(), INT_MAX));
    stream_.next_in = In(piece);
    stream_.avail_in = offered;
    const size_t at = out->size();
    // A byte more than allowed shows that there is more.
    const size_t room = std::min(kStep, limit - at + 1);
    out->resize(at + room);
    stream_.next_out = reinterpret_cast<Bytef*>(out->data() + at);
    stream_.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream_, Z_SYNC_FLUSH);
    out->resize(at + room - stream_.avail_out);
    piece.remove_prefix(offered - stream_.avail_in);
    if (out->size() > limit) {
      out->resize(limit);
      return Outcome::kTooLarge;
    }
    if (status == Z_STREAM_END) {
      ended_ = true;
      continue;
    }
    // Nothing in, or nothing out, was possible: all of it is there.
    if (status == Z_BUF_ERROR) break;
    if (status != Z_OK) return Outcome::kMalformed;
  }
  return piece.empty() ? Outcome::kDone : Outcome::kMalformed;
}

Inflater::Outcome Inflater::EndMessage(size_t limit, std::string* out) {
  // A final block has no tail to be completed with.
  Outcome outcome = Outcome::kDone;
  if (!ended_) outcome = Add(kTail, limit, out);
  if (no_context_takeover_ || ended_) {
    RT_CHECK(inflateReset(&stream_) == Z_OK);
    ended_ = false;
  }
  stream_.avail_out = 1;
  return outcome;
}

}  // namespace rt::ws
