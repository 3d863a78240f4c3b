// gzip, zlib ("deflate") and raw deflate, on zlib; see codec.h.
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "src/ext/compression/codecs.h"

namespace rt {
namespace {

constexpr int kMaxWindow = 15;
constexpr int kMemoryLevel = 8;

// zlib's way to tell the three formats apart.
int WindowBits(CompressionFormat format) {
  if (format == CompressionFormat::kGzip) return kMaxWindow + 16;
  return format == CompressionFormat::kDeflateRaw ? -kMaxWindow : kMaxWindow;
}

uInt Clamp(size_t size) {
  return static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max()));
}

class ZlibCodec : public Codec {
 public:
  Result<Progress> Run(std::span<const uint8_t> in, std::span<uint8_t> out, bool finish) override {
    Progress progress;
    while (progress.produced < out.size() && !ended_) {
      const uInt room = Clamp(out.size() - progress.produced);
      const uInt input = Clamp(in.size() - progress.consumed);
      stream_.next_in = const_cast<Bytef*>(in.data() + progress.consumed);
      stream_.avail_in = input;
      stream_.next_out = out.data() + progress.produced;
      stream_.avail_out = room;
      const int code = Step(finish && progress.consumed + input == in.size());
      progress.consumed += input - stream_.avail_in;
      progress.produced += room - stream_.avail_out;
      if (code == Z_STREAM_END) ended_ = true;
      // Z_BUF_ERROR: no input left, or no room; both end the loop.
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return Corrupt(stream_.msg);
      if (stream_.avail_out > 0 && progress.consumed == in.size() && (!finish || code != Z_OK))
        break;
    }
    progress.ended = ended_;
    return progress;
  }

 protected:
  virtual int Step(bool finish) = 0;

  z_stream stream_{};
  bool ended_ = false;
};

class Deflater final : public ZlibCodec {
 public:
  explicit Deflater(CompressionFormat format) {
    ok_ = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WindowBits(format),
                       kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~Deflater() override {
    if (ok_) deflateEnd(&stream_);
  }
  bool ok() const { return ok_; }

 private:
  int Step(bool finish) override { return deflate(&stream_, finish ? Z_FINISH : Z_NO_FLUSH); }
  bool ok_ = false;
};

class Inflater final : public ZlibCodec {
 public:
  explicit Inflater(CompressionFormat format) {
    ok_ = inflateInit2(&stream_, WindowBits(format)) == Z_OK;
  }
  ~Inflater() override {
    if (ok_) inflateEnd(&stream_);
  }
  bool ok() const { return ok_; }

 private:
  int Step(bool) override {
    const int code = inflate(&stream_, Z_NO_FLUSH);
    // A preset dictionary is not part of any of the formats here.
    return code == Z_NEED_DICT ? Z_DATA_ERROR : code;
  }
  bool ok_ = false;
};

}  // namespace

std::unique_ptr<Codec> MakeDeflater(CompressionFormat format) {
  return MakeCodec<Deflater>(format);
}
std::unique_ptr<Codec> MakeInflater(CompressionFormat format) {
  return MakeCodec<Inflater>(format);
}

}  // namespace rt
