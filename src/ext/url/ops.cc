// What js/ext/url/url.js calls. A URL crosses as its href plus eight offsets in memory both sides
// see, so that a parse makes at most one string, and none when the input already is its own href.
#include <algorithm>
#include <memory>

#include "src/base/redact.h"
#include "src/ext/url/search_params.h"
#include "src/ext/url/setters.h"
#include "src/ext/url/url.h"
#include "src/op/op.h"

namespace rt {
namespace {

using url::UrlOffsets;
using url::UrlRecord;

// The eight numbers of UrlOffsets, as a Uint32Array sees them.
static_assert(sizeof(UrlOffsets) == 8 * sizeof(uint32_t));

class UrlState final : public ExtensionState {
 public:
  // The memory JavaScript reads offsets from and writes them to. Made at run time, on first use:
  // what the snapshot holds could not be shared.
  v8::Local<v8::ArrayBuffer> Share(v8::Isolate* isolate) {
    if (!store_) store_ = v8::ArrayBuffer::NewBackingStore(isolate, sizeof(UrlOffsets));
    return v8::ArrayBuffer::New(isolate, store_);
  }

  // Null before Share().
  UrlOffsets* offsets() const {
    return store_ ? static_cast<UrlOffsets*>(store_->Data()) : nullptr;
  }

 private:
  std::shared_ptr<v8::BackingStore> store_;
};

Error NotShared() {
  return Error::Type("url: the offsets are not shared yet; was a URL made in the snapshot?");
}

v8::Local<v8::ArrayBuffer> op_url_offsets(OpContext& cx) {
  return cx.State<UrlState>().Share(cx.isolate());
}

// The characters of an ASCII string, in place; empty for any other string. While it exists nothing
// may allocate in V8's heap.
class AsciiView {
 public:
  AsciiView(v8::Isolate* isolate, v8::Local<v8::String> text) : view_(isolate, text) {
    if (!view_.is_one_byte()) return;
    uint8_t any = 0;
    for (uint32_t i = 0; i < view_.length(); ++i) any |= view_.data8()[i];
    if (any < 0x80) text_ = {reinterpret_cast<const char*>(view_.data8()), view_.length()};
  }
  std::string_view text() const { return text_; }

 private:
  v8::String::ValueView view_;
  std::string_view text_;
};

struct Parsed {
  enum Kind { kFailed, kUnchanged, kChanged } kind = kFailed;
  UrlOffsets at;
  std::string href;  // for kChanged

  void Take(std::optional<UrlRecord> record) {
    if (!record) return;
    kind = kChanged;
    at = record->at;
    href = std::move(record->href);
  }
};

// Failed also when a base that is not undefined does not parse.
Parsed Parse(v8::Isolate* isolate, v8::Local<v8::String> text, v8::Local<v8::Value> base) {
  Parsed result;
  std::optional<UrlRecord> base_record;
  if (base->IsString()) {
    base_record = url::ParseUrl(ToUtf8(isolate, base.As<v8::String>()));
    if (!base_record) return result;
  }
  const UrlRecord* base_url = base_record ? &*base_record : nullptr;
  {
    const AsciiView view(isolate, text);
    url::Scheme scheme;
    if (url::ScanSerialized(view.text(), result.at, scheme)) {
      result.kind = Parsed::kUnchanged;
      return result;
    }
    if (!view.text().empty()) {
      result.Take(url::ParseUnscannedUrl(view.text(), base_url));
      return result;
    }
  }
  result.Take(url::ParseUnscannedUrl(ToUtf8(isolate, text), base_url));
  return result;
}

// The href (`text` itself if nothing changed), with its offsets in the shared memory; null on
// failure. `base` is a string or undefined.
Result<v8::Local<v8::Value>> op_url_parse(OpContext& cx, v8::Local<v8::String> text,
                                          v8::Local<v8::Value> base) {
  UrlOffsets* shared = cx.State<UrlState>().offsets();
  if (shared == nullptr) return NotShared();
  v8::Isolate* isolate = cx.isolate();
  const Parsed parsed = Parse(isolate, text, base);
  if (parsed.kind == Parsed::kFailed) return v8::Null(isolate).As<v8::Value>();
  *shared = parsed.at;
  if (parsed.kind == Parsed::kUnchanged) return text.As<v8::Value>();
  return ToOneByteString(isolate, parsed.href).As<v8::Value>();
}

bool op_url_can_parse(OpContext& cx, v8::Local<v8::String> text, v8::Local<v8::Value> base) {
  return Parse(cx.isolate(), text, base).kind != Parsed::kFailed;
}

// For messages: text that may be or hold a URL, its user information blanked out.
std::string op_url_redact(OpContext&, std::string text) {
  return RedactCredentials(text);
}

bool InOrder(const UrlOffsets& at, size_t size) {
  const size_t places[] = {at.protocol_end,   at.username_end, at.host_start, at.host_end,
                           at.pathname_start, at.search_start, at.hash_start, size};
  return at.protocol_end > 0 && std::is_sorted(std::begin(places), std::end(places));
}

// Sets one component of the URL that `href` and the shared offsets describe. Returns the new href,
// with its offsets in the shared memory; null if the value is no URL (setting href) or the result
// would be too long.
Result<v8::Local<v8::Value>> op_url_set(OpContext& cx, std::string href, uint32_t setter,
                                        std::string value) {
  UrlOffsets* shared = cx.State<UrlState>().offsets();
  if (shared == nullptr) return NotShared();
  if (setter >= url::kSetterCount || !InOrder(*shared, href.size())) {
    return Error::Type("op_url_set: not a parsed URL");
  }
  UrlRecord record{std::move(href), *shared, url::Scheme::kOther};
  record.scheme = url::SchemeOf(record.Protocol().substr(0, record.at.protocol_end - 1));
  if (!url::SetComponent(record, static_cast<url::Setter>(setter), value)) {
    return v8::Null(cx.isolate()).As<v8::Value>();
  }
  *shared = record.at;
  return ToOneByteString(cx.isolate(), record.href).As<v8::Value>();
}

// [name, value, name, value, …]
std::vector<std::string> op_url_parse_form(OpContext&, std::string text) {
  return url::ParseForm(text);
}

std::string op_url_encode_form(OpContext&, std::string text) {
  std::string out;
  url::AppendFormPart(out, text);
  return out;
}

constexpr std::array kOps = {
    RT_OP(op_url_offsets, NoPerm<"memory of the caller">),
    RT_OP(op_url_parse, NoPerm<"pure function of text">),
    RT_OP(op_url_can_parse, NoPerm<"pure function of text">),
    RT_OP(op_url_redact, NoPerm<"pure function of text">),
    RT_OP(op_url_set, NoPerm<"pure function of text">),
    RT_OP(op_url_parse_form, NoPerm<"pure function of text">),
    RT_OP(op_url_encode_form, NoPerm<"pure function of text">),
};
static_assert(UniqueNames(kOps));

std::unique_ptr<ExtensionState> MakeState(OpHost&) {
  return std::make_unique<UrlState>();
}

}  // namespace

Extension UrlExtension() {
  return {.name = "url", .ops = kOps, .make_state = MakeState};
}

}  // namespace rt
