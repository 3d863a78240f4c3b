// See the header.
#include "src/ext/fetch/decoded_body.h"

#include <algorithm>
#include <cstring>

namespace rt {
namespace {

constexpr size_t kRawChunk = 32 * 1024;
// More is nobody's idea of compression.
constexpr size_t kMaxEncodings = 4;

std::optional<CompressionFormat> FormatOf(std::string_view name) {
  if (http::EqualsIgnoreCase(name, "gzip") || http::EqualsIgnoreCase(name, "x-gzip")) {
    return CompressionFormat::kGzip;
  }
  if (http::EqualsIgnoreCase(name, "deflate")) return CompressionFormat::kDeflate;
  if (http::EqualsIgnoreCase(name, "br")) return CompressionFormat::kBrotli;
  if (http::EqualsIgnoreCase(name, "zstd")) return CompressionFormat::kZstd;
  return std::nullopt;
}

// The formats in the order they were applied; nothing if one is not known.
std::optional<std::vector<CompressionFormat>> EncodingsOf(const HeaderFields& headers) {
  std::vector<CompressionFormat> formats;
  for (const HeaderField& field : headers) {
    if (field.name != "content-encoding") continue;
    std::string_view list = field.value;
    for (;;) {
      const size_t comma = list.find(',');
      std::string_view name = list.substr(0, comma);
      while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
      while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
      if (!name.empty() && !http::EqualsIgnoreCase(name, "identity")) {
        const auto format = FormatOf(name);
        if (!format || formats.size() == kMaxEncodings) return std::nullopt;
        formats.push_back(*format);
      }
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return formats;
}

}  // namespace

Result<void> DecodeContent(HttpResponse& response) {
  if (!response.body) return {};
  const auto formats = EncodingsOf(response.headers);
  if (!formats || formats->empty()) return {};
  for (auto format = formats->rbegin(); format != formats->rend(); ++format) {
    auto codec = Codec::MakeDecompressor(*format);
    if (!codec) return Error::Range("Not enough memory to decode the body");
    response.body = std::make_unique<DecodedBody>(std::move(response.body), std::move(codec),
                                                  *format == CompressionFormat::kDeflate);
  }
  std::erase_if(response.headers, [](const HeaderField& field) {
    return field.name == "content-encoding" || field.name == "content-length";
  });
  return {};
}

void DecodedBody::TakeInput(Bytes input) {
  input_ = std::move(input);
  if (input_.empty() || began_) return;
  began_ = true;
  // RFC 1950: the low bits of the first byte name the method, which is 8.
  if (sniff_ && (input_.data()[0] & 0x0f) != 8) {
    if (auto raw = Codec::MakeDecompressor(CompressionFormat::kDeflateRaw)) codec_ = std::move(raw);
  }
}

Result<size_t> DecodedBody::Step(std::span<uint8_t> into) {
  if (ended_) {
    input_ = Bytes();  // what follows the end is nobody's
    return 0;
  }
  if (raw_ended_ && !began_) {
    ended_ = true;  // an empty body is no compressed data, and no error
    return 0;
  }
  if (input_.empty() && !began_) return 0;
  auto progress = codec_->Run(input_.span(), into, raw_ended_);
  if (!progress.ok()) {
    return Error::Make(ErrorClass::kInvalidData,
                       "error decoding response body: " + progress.error().message);
  }
  input_ = input_.Slice(progress->consumed);
  ended_ = progress->ended;
  if (raw_ended_ && !ended_ && progress->produced == 0) {
    return Error::Make(ErrorClass::kUnexpectedEof,
                       "error decoding response body: the compressed data ends in the middle");
  }
  return progress->produced;
}

Task<Result<size_t>> DecodedBody::Read(Bytes into) {
  if (ready_at_ < ready_.size()) {
    const size_t size = std::min(into.size(), ready_.size() - ready_at_);
    std::memcpy(into.data(), ready_.data() + ready_at_, size);
    ready_at_ += size;
    co_return size;
  }
  for (;;) {
    RT_CO_TRY(const size_t size, Step(into.span()));
    if (size > 0) co_return size;
    // Also after the end: the rest of the body frees the connection.
    if (raw_ended_) co_return 0;
    if (buffer_.empty()) buffer_ = Bytes::Allocate(kRawChunk);
    RT_CO_TRY(const size_t read, co_await raw_->Read(buffer_));
    raw_ended_ = read == 0;
    TakeInput(buffer_.Slice(0, read));
  }
}

std::optional<Bytes> DecodedBody::TakeArrived(size_t limit) {
  auto raw = raw_->TakeArrived(limit);
  if (!raw) return std::nullopt;
  TakeInput(std::move(*raw));
  raw_ended_ = true;
  for (;;) {
    const size_t before = ready_.size();
    if (before > limit) return std::nullopt;
    const size_t room = std::max<size_t>(4096, before);
    ready_.resize(before + room);
    const auto size = Step({reinterpret_cast<uint8_t*>(ready_.data()) + before, room});
    ready_.resize(before + (size.ok() ? *size : 0));
    // Read() meets the same error again, when what comes before it was read.
    if (!size.ok()) return std::nullopt;
    if (*size == 0) return Bytes::Copy(ready_);
  }
}

}  // namespace rt
