// A program that embeds rt: runs a script that may read the folder it lies in, and has a feature of
// ours, `text`:
//   await text.countWords(path)    words of a file; asynchronous, asks for read permission
//   new text.Tally()               counts words; in C++, freed by the garbage collector
//
//   embed <script> [argument …]
#include <rt/op.h>
#include <rt/rt.h>
#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <filesystem>
#include <map>

namespace {

using namespace rt;

// ---- an object that JavaScript holds and the collector frees

class Tally final : public GcObject {
 public:
  Tally() : GcObject(GcTypeIdOf<Tally>()) {}
  const char* GetHumanReadableName() const override { return "Tally"; }

  uint32_t Add(std::string word) { return ++counts_[std::move(word)]; }

 private:
  std::map<std::string, uint32_t> counts_;
};

// What the feature keeps in each runtime.
class TextState final : public ExtensionState {
 public:
  // Handles of V8 go before the isolate does.
  void Shutdown() override { tally_template.Reset(); }
  v8::Global<v8::FunctionTemplate> tally_template;
};

v8::MaybeLocal<v8::Value> op_text_make_tally(OpContext& cx) {
  return MakeWrapped<Tally>(cx.isolate(), cx.State<TextState>().tally_template, "Tally");
}

// Anything but a Tally is a TypeError before this is entered.
uint32_t op_text_tally(OpContext&, Tally* tally, std::string word) {
  return tally->Add(std::move(word));
}

// ---- a function that does not block the event loop

Result<uint32_t> CountWords(const Granted<Perm::kRead, PathTarget>& path) {
  RT_TRY(const OwnedFd file, OpenForRead(path, "countWords"));
  uint32_t words = 0;
  bool in_word = false;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t size = read(file.get(), buffer, sizeof buffer);
    if (size < 0) return Error::FromErrno(errno, "read");
    if (size == 0) return words;
    for (ssize_t i = 0; i < size; ++i) {
      const bool is_space = std::isspace(static_cast<unsigned char>(buffer[i])) != 0;
      if (!is_space && !in_word) ++words;
      in_word = !is_space;
    }
  }
}

// The argument's type is the permission check: without it there is no `path`.
Task<Result<uint32_t>> op_text_count_words(OpContext& cx, Granted<Perm::kRead, PathTarget> path) {
  return OnPool(cx.loop(), [path = std::move(path)] { return CountWords(path); });
}

constexpr std::array kOps = {
    RT_OP(op_text_make_tally, NoPerm<"an object in memory">),
    RT_OP(op_text_tally, NoPerm<"an object in memory">),
    RT_OP(op_text_count_words, Needs<Perm::kRead>),
};
static_assert(UniqueNames(kOps));

const Extension kText{
    .name = "text",
    .ops = kOps,
    .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
      return std::make_unique<TextState>();
    },
};

// What scripts see of it. JavaScript coerces; ops take exact types only.
constexpr char kScript[] = R"js(
class Tally {
  #handle = ops.op_text_make_tally();
  add(word) {
    return ops.op_text_tally(this.#handle, `${word}`);
  }
}
globalThis.text = Object.freeze({
  Tally,
  async countWords(path) {
    return await ops.op_text_count_words(`${path}`);
  },
});
)js";

int Fail(const std::string& message) {
  std::fprintf(stderr, "embed: %s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return Fail("usage: embed <script> [argument …]");
  std::string error;
  if (!embed::Initialize({}, &error)) return Fail(error);
  embed::RuntimeOptions options;
  const std::string folder = std::filesystem::path(argv[1]).parent_path().string();
  options.permissions["read"].allow = {folder.empty() ? "." : folder};
  options.args.assign(argv + 2, argv + argc);
  options.features.push_back({&kText, kScript});
  auto runtime = embed::Runtime::Create(options, &error);
  if (!runtime) return Fail(error);
  return runtime->RunFile(argv[1]);
}
