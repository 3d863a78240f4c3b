// The ops of the compression extension: a codec as an object of JavaScript, with the input it still
// has to work on.
#include "src/ext/compression/compression.h"
#include "src/op/op.h"

namespace rt {
namespace {

constexpr size_t kOutputChunk = 64 * 1024;

class CodecObject final : public GcObject {
 public:
  CodecObject(std::unique_ptr<Codec> made, bool compresses)
      : GcObject(GcTypeIdOf<CodecObject>()), codec(std::move(made)), compresses(compresses) {}
  const char* GetHumanReadableName() const override { return "rt::Codec"; }

  std::unique_ptr<Codec> codec;  // null: freed
  const bool compresses;
  Bytes input;
  size_t consumed = 0;
  bool finish = false;
  bool ended = false;
};

class CompressionState final : public ExtensionState {
 public:
  void Shutdown() override { wrapper_template.Reset(); }
  v8::Global<v8::FunctionTemplate> wrapper_template;
};

Result<v8::Local<v8::Object>> op_compression_make(OpContext& cx, uint32_t format, bool compress) {
  if (format >= kCompressionFormatCount) return Error::Range("unknown compression format");
  const auto which = static_cast<CompressionFormat>(format);
  std::unique_ptr<Codec> codec =
      compress ? Codec::MakeCompressor(which) : Codec::MakeDecompressor(which);
  if (!codec) return Error::Range("Not enough memory for a compression stream");
  v8::Isolate* isolate = cx.isolate();
  auto& made = cx.State<CompressionState>().wrapper_template;
  if (made.IsEmpty()) made.Reset(isolate, GcWrapperTemplate(isolate, "Codec"));
  v8::Local<v8::Object> wrapper;
  if (!made.Get(isolate)->InstanceTemplate()->NewInstance(cx.v8_context()).ToLocal(&wrapper)) {
    return Error::Range("Not enough memory for a compression stream");
  }
  WrapGc(isolate, wrapper, MakeGc<CodecObject>(isolate, std::move(codec), compress));
  return wrapper;
}

// Gives the codec its next input. The one before must be used up: op_compression_step said null.
void op_compression_push(OpContext&, CodecObject* object, Bytes input) {
  object->input = std::move(input);
  object->consumed = 0;
}

// The input is over.
void op_compression_finish(OpContext&, CodecObject* object) {
  object->finish = true;
}

// At most 64 KiB of output; null: all of the input is used up.
Result<std::optional<Bytes>> op_compression_step(OpContext&, CodecObject* object) {
  if (!object->codec) return Error::Type("the compression stream is closed");
  const auto rest = object->input.span().subspan(object->consumed);
  if (object->ended) {
    if (!rest.empty() && !object->compresses) {
      return Error::Type("There is data after the end of the compressed data");
    }
    return std::optional<Bytes>();
  }
  Bytes out = Bytes::Allocate(kOutputChunk);
  RT_TRY(const Codec::Progress progress, object->codec->Run(rest, out.span(), object->finish));
  object->consumed += progress.consumed;
  object->ended = progress.ended;
  if (progress.produced > 0) {
    if (progress.produced < kOutputChunk / 2) {
      // Little: not worth a chunk of memory.
      out = Bytes::Copy(out.view().substr(0, progress.produced));
    } else {
      out = Bytes(out.owner(), out.data(), progress.produced);
    }
    return std::optional<Bytes>(std::move(out));
  }
  if (object->ended && object->consumed < object->input.size()) {
    return Error::Type("There is data after the end of the compressed data");
  }
  object->input = Bytes();
  object->consumed = 0;
  if (object->finish && !object->ended) {
    return Error::Type("The compressed data ends in the middle");
  }
  return std::optional<Bytes>();
}

// Frees its memory before the collector would.
void op_compression_free(OpContext&, CodecObject* object) {
  object->codec.reset();
  object->input = Bytes();
}

constexpr std::array kOps = {
    RT_OP(op_compression_make, NoPerm<"pure">),   RT_OP(op_compression_push, NoPerm<"pure">),
    RT_OP(op_compression_finish, NoPerm<"pure">), RT_OP(op_compression_step, NoPerm<"pure">),
    RT_OP(op_compression_free, NoPerm<"pure">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension CompressionExtension() {
  return {.name = "compression",
          .ops = kOps,
          .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<CompressionState>();
          }};
}

}  // namespace rt
