#include "src/typescript/transpiler.h"

#include "src/typescript/code_frame.h"
#include "src/typescript/strip_review.h"
#include "src/typescript/utf8.h"

namespace rt::typescript {
namespace {

// Part of every cache key: whatever else may change what comes out.
constexpr std::string_view kPrinterVersion = "amaro 1.2.1; rt printer 1; ";
constexpr std::string_view kFallbackVersion = "; rt fallback 2; ";

// A larger file takes TypeScript's checker too long.
constexpr size_t kMaxSecondOpinion = size_t{2} << 20;

// Some code costs amaro the square of its length: ten thousands of functions, or of "else if". Then
// TypeScript has its turn, which takes 1.5 s for a megabyte, or says what is the matter.
constexpr size_t kLarge = size_t{256} << 10;
std::chrono::nanoseconds PatienceFor(size_t source_bytes) {
  if (source_bytes < kLarge) return {};
  return std::chrono::milliseconds(400) + std::chrono::nanoseconds(300 * source_bytes);
}

// amaro speaks of what stripping alone cannot do; printing can do all but this.
Error ParseError(const Transpiler::Input& input, std::string_view message,
                 const FrameRange& range) {
  return Error::Make(ErrorClass::kSyntaxError,
                     "The module's source code could not be parsed: " + std::string(message) +
                         CodeFrame(input.source, input.url, range));
}

Error FailureError(const Transpiler::Input& input, const SwcFailure& failure) {
  if (failure.kind == SwcFailure::Kind::kTooDeep) {
    return ParseError(input, "It is nested too deeply", {});
  }
  if (failure.kind == SwcFailure::Kind::kInternal) {
    std::string message = "The TypeScript parser gave up";
    if (!failure.message.empty()) message += " (" + failure.message + ")";
    return ParseError(input, message, {});
  }
  return ParseError(input, failure.message,
                    FromDisplayed(input.source, {failure.start_line, failure.start_column + 1,
                                                 failure.end_line, failure.end_column + 1}));
}

bool NeedsFallback(MediaType type, const CompilerOptions& options, std::string_view source) {
  if (type == MediaType::kTsx || type == MediaType::kJsx) return true;
  // Fields by assignment, not definition: only TypeScript rewrites those.
  return !options.define_class_fields && source.find("class") != std::string_view::npos;
}

}  // namespace

Transpiler::Transpiler(Options options)
    : options_(std::move(options)), cache_(options_.cache_folder) {}
Transpiler::~Transpiler() = default;

Result<TranspiledCode> Transpiler::Transpile(const Input& given) {
  Input input = given;
  std::string repaired;
  if (!IsUtf8(input.source)) {
    repaired = ReplaceInvalidUtf8(input.source);
    input.source = repaired;
  }
  CompilerOptions options;
  if (options_.compiler_options) {
    options = *options_.compiler_options;
  } else {
    RT_TRY(options, configs_.OptionsFor(input.config_path));
  }
  if (NeedsFallback(input.type, options, input.source)) return UseFallback(input, options);

  const auto patience =
      options_.make_fallback ? PatienceFor(input.source.size()) : std::chrono::nanoseconds();
  auto stripped = swc_.Transform(input.source, {.mode = SwcInstance::Mode::kStrip,
                                                .filename = std::string(input.url),
                                                .patience = patience});
  if (auto* output = std::get_if<SwcOutput>(&stripped)) {
    Review review =
        ReviewStripped(input.source, std::move(output->code), options.verbatim_module_syntax);
    if (review.verdict == Verdict::kFine) return TranspiledCode{std::move(review.code), {}};
    if (review.verdict == Verdict::kTypeScript) return UseFallback(input, options);
    return Print(input, options);
  }
  const SwcFailure& failure = std::get<SwcFailure>(stripped);
  if (failure.kind == SwcFailure::Kind::kUnsupported) return Print(input, options);
  // V8's stack, or another parser, may be up to it.
  if (failure.kind != SwcFailure::Kind::kSyntax) return UseFallback(input, options);
  return SecondOpinion(input, options, failure);
}

Result<TranspiledCode> Transpiler::SecondOpinion(const Input& input, const CompilerOptions& options,
                                                 const SwcFailure& failure) {
  if (options_.second_opinion && input.source.size() <= kMaxSecondOpinion) {
    auto output = UseFallback(input, options, /*strictly=*/true);
    if (output.ok()) return output;
  }
  return FailureError(input, failure);
}

Result<TranspiledCode> Transpiler::Print(const Input& input, const CompilerOptions& options) {
  const std::string key =
      OutputCache::KeyOf(input.source, std::string(kPrinterVersion) +
                                           std::string(ExtensionOf(input.type)) + options.ToJson());
  if (auto cached = cache_.Get(key)) return std::move(*cached);
  if (MayMergeDeclarations(input.source)) return UseFallback(input, options);
  auto printed = swc_.Transform(
      input.source, {.mode = SwcInstance::Mode::kTransform,
                     .filename = std::string(input.url),
                     .source_map = true,
                     .patience = options_.make_fallback ? PatienceFor(input.source.size())
                                                        : std::chrono::nanoseconds(),
                     .keep_unused_imports = options.verbatim_module_syntax});
  if (const auto* failure = std::get_if<SwcFailure>(&printed)) {
    if (failure->kind == SwcFailure::Kind::kSyntax) return SecondOpinion(input, options, *failure);
    return UseFallback(input, options);
  }
  auto& output = std::get<SwcOutput>(printed);
  if (MayHaveDecorators(output.code)) return UseFallback(input, options);
  TranspiledCode result{std::move(output.code), std::move(output.map)};
  cache_.Put(key, result);
  return result;
}

Result<TranspiledCode> Transpiler::UseFallback(const Input& input, const CompilerOptions& options,
                                               bool strictly) {
  // react-jsxdev writes the file's name into the code.
  const bool names_file = options.jsx == CompilerOptions::Jsx::kReactJsxDev;
  const std::string options_json = options.ToJson();
  const std::string file_name =
      names_file ? std::string(input.url) : "module" + std::string(ExtensionOf(input.type));
  const std::string key =
      OutputCache::KeyOf(input.source, "typescript 6.0.3" + std::string(kFallbackVersion) +
                                           file_name + " " + options_json);
  if (auto cached = cache_.Get(key)) return std::move(*cached);
  if (!fallback_ && options_.make_fallback) fallback_ = options_.make_fallback();
  if (!fallback_) {
    return Error::Make(
        ErrorClass::kNotSupported,
        "this executable is built without TypeScript's own transpiler, which JSX and "
        "decorators need: " +
            std::string(input.url));
  }
  SyntaxProblem problem;
  auto output = fallback_->Transpile({input.source, file_name, options_json, strictly}, &problem);
  if (!output.ok()) {
    if (problem.message.empty()) return output.TakeError();
    return ParseError(
        input, problem.message,
        {problem.line, problem.column, problem.line, problem.column + problem.length});
  }
  cache_.Put(key, *output);
  return output;
}

}  // namespace rt::typescript
