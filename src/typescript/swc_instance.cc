#include "src/typescript/swc_instance.h"

#include <cstring>
#include <mutex>
#include <optional>

#include "src/base/cpu_watch.h"
#include "src/typescript/swc_state.h"

namespace rt::typescript {
namespace {

// More than this is given back after the file that needed it.
constexpr size_t kKeptMemory = size_t{24} << 20;

std::once_flag
    g_module_initialized;  // fills wasm2c's table of function types, which never changes again

SwcValue OptionsValue(const SwcInstance::Options& options) {
  SwcValue value = SwcValue::Object();
  const bool transform = options.mode == SwcInstance::Mode::kTransform;
  value.object->Set("mode", SwcValue::String(transform ? "transform" : "strip-only"));
  value.object->Set("module", SwcValue::Boolean(true));
  value.object->Set("filename", SwcValue::String(options.filename));
  value.object->Set("deprecatedTsModuleAsError", SwcValue::Boolean(false));
  if (transform) {
    value.object->Set("sourceMap", SwcValue::Boolean(options.source_map));
    SwcValue details = SwcValue::Object();
    details.object->Set("verbatimModuleSyntax", SwcValue::Boolean(options.keep_unused_imports));
    details.object->Set("nativeClassProperties", SwcValue::Boolean(true));
    details.object->Set("noEmptyExport", SwcValue::Boolean(true));
    value.object->Set("transform", std::move(details));
  }
  return value;
}

int NumberOf(const SwcObject& object, std::string_view key) {
  const SwcValue* value = object.Find(key);
  return value && value->kind == SwcValue::Kind::kNumber ? static_cast<int>(value->number) : 0;
}

std::string TextOf(const SwcObject& object, std::string_view key) {
  const SwcValue* value = object.Find(key);
  return value ? value->text : std::string();
}

SwcFailure FailureOf(const SwcValue& error) {
  SwcFailure failure;
  if (error.kind != SwcValue::Kind::kObject) {
    failure.message = error.text;
    return failure;
  }
  const std::string code = TextOf(*error.object, "code");
  failure.kind = code == "UnsupportedSyntax" ? SwcFailure::Kind::kUnsupported
                 : code == "InvalidSyntax"   ? SwcFailure::Kind::kSyntax
                                             : SwcFailure::Kind::kInternal;
  failure.message = TextOf(*error.object, "message");
  failure.start_line = NumberOf(*error.object, "startLine");
  failure.start_column = NumberOf(*error.object, "startColumn");
  failure.end_line = NumberOf(*error.object, "endLine");
  failure.end_column = NumberOf(*error.object, "endColumn");
  return failure;
}

}  // namespace

SwcInstance::SwcInstance() = default;
SwcInstance::~SwcInstance() {
  Reset();
}

void SwcInstance::Reset() {
  if (state_) Z_swc_free(&state_->module);
  state_.reset();
}

size_t SwcInstance::memory_bytes() const {
  return state_ ? state_->module.w2c_memory.size : 0;
}

std::variant<SwcOutput, SwcFailure> SwcInstance::Transform(std::string_view source,
                                                           const Options& options) {
  struct Call {
    State* state;
    bool fresh;
    uint32_t input;
    uint32_t options;
    uint32_t result = 0;
    bool failed = false;
  };
  const bool fresh = state_ == nullptr;
  if (fresh) {
    state_ = std::make_unique<State>();
    state_->module = {};
  }
  state_->panic.clear();
  state_->source = source;
  Call call{state_.get(), fresh, state_->values.Add(SwcValue()),
            state_->values.Add(OptionsValue(options))};
  state_->source_slot = call.input;
  // To generated code, which asks at every call, it is as if its stack were full.
  std::optional<CpuWatch> watch;
  if (options.patience.count() > 0) {
    watch.emplace(options.patience, [module = &state_->module] {
      __atomic_store_n(&module->rt_stack_limit, UINTPTR_MAX, __ATOMIC_RELAXED);
    });
  }
  const TrapKind trap = RunGuarded(
      [](void* data) {
        Call& here = *static_cast<Call*>(data);
        Z_swc_instance_t* module = &here.state->module;
        if (here.fresh) {
          std::call_once(g_module_initialized, Z_swc_init_module);
          Z_swc_instantiate(module, &here.state->imports);
          // Once: asking for the main thread's stack reads /proc/self/maps, and an instance stays
          // on its thread.
          module->rt_stack_limit = StackLimit();
        }
        const uint32_t out =
            Z_swcZ___wbindgen_add_to_stack_pointer(module, static_cast<uint32_t>(-16));
        Z_swcZ_transformSync(module, out, here.input, here.options);
        uint32_t words[3];  // value, error, whether it is the error
        std::memcpy(words, module->w2c_memory.data + out, sizeof words);
        Z_swcZ___wbindgen_add_to_stack_pointer(module, 16);
        here.failed = words[2] != 0;
        here.result = here.failed ? words[1] : words[0];
      },
      &call);
  state_->source = {};
  const bool is_late = watch && watch->Stop();
  if (trap != TrapKind::kNone) {
    SwcFailure failure;
    failure.kind = trap != TrapKind::kStack ? SwcFailure::Kind::kInternal
                   : is_late                ? SwcFailure::Kind::kTooSlow
                                            : SwcFailure::Kind::kTooDeep;
    failure.message = trap == TrapKind::kMemory
                          ? "no address space for the TypeScript parser (4 GiB; see ulimit -v)"
                          : std::move(state_->panic);
    Reset();
    return failure;
  }
  SwcValue result = state_->values.Take(call.result);
  // Done a moment before it would have been ended: its stack is full now.
  if (is_late || memory_bytes() > kKeptMemory) Reset();
  if (call.failed) return FailureOf(result);
  SwcOutput output;
  if (result.kind != SwcValue::Kind::kObject) {
    return SwcFailure{.message = "no result from the TypeScript parser"};
  }
  for (auto& [key, value] : result.object->properties) {
    if (key == "code") output.code = std::move(value.text);
    if (key == "map") output.map = std::move(value.text);
  }
  return output;
}

}  // namespace rt::typescript
