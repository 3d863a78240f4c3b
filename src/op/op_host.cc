#include "src/op/op_host.h"

#include "src/engine/strings.h"

namespace rt {

OpHost::OpHost(std::span<const Extension> extensions, std::unique_ptr<Loop> loop,
               Permissions permissions, RunInfo run_info, TraceOptions trace)
    : extensions_(extensions),
      loop_(std::move(loop)),
      permissions_(std::move(permissions)),
      tracer_(*this),
      async_calls_(*loop_),
      run_info_(std::move(run_info)) {
  size_t count = 0;
  for (const Extension& extension : extensions) count += extension.ops.size();
  contexts_.reserve(count);
  for (const Extension& extension : extensions) {
    states_.push_back(extension.make_state ? extension.make_state(*this) : nullptr);
    for (const OpDecl& decl : extension.ops) {
      contexts_.push_back(Context{this, &decl, &extension, states_.back().get()});
    }
  }
  tracer_.Configure(std::move(trace));
  external_references_.reserve(count * 4 + 1);
  for (Context& context : contexts_) {
    // What is lazy is in no snapshot; so programs that embed rt may add more of it.
    if (context.extension->lazy) continue;
    const OpDecl& decl = *context.decl;
    external_references_.push_back(reinterpret_cast<intptr_t>(&context));
    external_references_.push_back(reinterpret_cast<intptr_t>(decl.slow));
    if (decl.fast) {
      const v8::CFunction* function = decl.fast_function();
      external_references_.push_back(reinterpret_cast<intptr_t>(function->GetAddress()));
      external_references_.push_back(reinterpret_cast<intptr_t>(function->GetTypeInfo()));
    }
  }
  for (const Extension& extension : extensions) {
    for (intptr_t address : extension.external_references) external_references_.push_back(address);
  }
  external_references_.push_back(0);
}

OpHost::~OpHost() = default;

ExtensionState* OpHost::FindState(std::string_view extension) const {
  for (size_t i = 0; i < states_.size(); ++i) {
    if (extensions_[i].name == extension) return states_[i].get();
  }
  return nullptr;
}

void OpHost::AddExternalReference(const void* address) {
  RT_CHECK(isolate_ == nullptr);
  external_references_.back() = reinterpret_cast<intptr_t>(address);
  external_references_.push_back(0);
}

v8::Local<v8::Object> OpHost::InstallOps(v8::Local<v8::Context> context,
                                         const Extension& extension) {
  v8::EscapableHandleScope handles(isolate_);
  v8::Local<v8::Object> ops = v8::Object::New(isolate_);
  for (Context& row : contexts_) {
    if (row.extension != &extension) continue;
    const OpDecl& decl = *row.decl;
    const v8::CFunction* fast = decl.fast ? decl.fast_function() : nullptr;
    const int length = decl.arity + (decl.kind == OpKind::kAsync ? 1 : 0);
    v8::Local<v8::FunctionTemplate> made = v8::FunctionTemplate::New(
        isolate_, decl.slow, v8::External::New(isolate_, &row), {}, length,
        v8::ConstructorBehavior::kThrow, v8::SideEffectType::kHasSideEffect, fast);
    v8::Local<v8::String> name = ToInternalized(isolate_, decl.name);
    v8::Local<v8::Function> function = made->GetFunction(context).ToLocalChecked();
    function->SetName(name);
    ops->CreateDataProperty(context, name, function).Check();
  }
  return handles.Escape(ops);
}

v8::Local<v8::DictionaryTemplate> OpHost::ObjectTemplate(std::span<const std::string_view> names) {
  v8::Global<v8::DictionaryTemplate>& cached = object_templates_[names.data()];
  if (cached.IsEmpty()) {
    cached.Reset(isolate_,
                 v8::DictionaryTemplate::New(
                     isolate_, v8::MemorySpan<const std::string_view>(names.data(), names.size())));
  }
  return cached.Get(isolate_);
}

void OpHost::RaiseTicks(v8::Local<v8::Function> runner) {
  if (tick_runner_.IsEmpty()) tick_runner_.Reset(isolate_, runner);
  ticks_raised_ = true;
}

bool OpHost::RunTicks() {
  v8::HandleScope handles(isolate_);
  ticks_raised_ = false;
  v8::Local<v8::Context> context = isolate_->GetCurrentContext();
  return !tick_runner_.Get(isolate_)->Call(context, v8::Undefined(isolate_), 0, nullptr).IsEmpty();
}

void OpHost::RunMicrotasks() {
  const bool microtasks_first = std::exchange(modules_ran_, false);
  bool goes_on = microtasks_first || !ticks_raised_ || RunTicks();
  if (goes_on) isolate_->PerformMicrotaskCheckpoint();
  while (goes_on && ticks_raised_ && !exit_requested_ && !has_reported_exception()) {
    goes_on = RunTicks();
    if (goes_on) isolate_->PerformMicrotaskCheckpoint();
  }
  if (close_requested_) RequestExit(exit_code_);
}

void OpHost::Shutdown() {
  for (auto& state : states_) {
    if (state) state->Shutdown();
  }
  resources_.CloseAll();
  // Cancelled requests finish into tasks that nobody reads. A job on the pool is not waited for: it
  // may be in a call that never returns, such as opening a FIFO that has no other end.
  for (int turns = 0; async_calls_.pending_count() > 0 && turns < 1000; ++turns) {
    loop_->Poll(false);
    async_calls_.DropFinished();
  }
  async_calls_.Clear();
  tracer_.Configure({});
  states_.clear();
  for (Context& context : contexts_) context.state = nullptr;
  object_templates_.clear();
  pending_marker_.Reset();
  reported_exception_.Reset();
  tick_runner_.Reset();
  hooks_.Reset();
  errors_.Reset();
}

}  // namespace rt
