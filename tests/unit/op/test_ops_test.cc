// The ops of test_ops.h and their table, and what can be said of the table alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include "fixture.h"
#include "src/loop/pool_task.h"
#include "src/op/op.h"
#include "test_ops.h"

namespace rt {

// The address is shown nowhere; what matters is that it is neither null nor another class's.
class TestGc final : public GcObject {
 public:
  TestGc() : GcObject(GcTypeIdOf<TestGc>()) {}
  const char* GetHumanReadableName() const override { return "TestGc"; }
};

struct Options {
  std::string host_name;
  uint32_t port = 0;
  std::optional<bool> reuse_port;
};
RT_STRUCT(Options, RT_FIELD(host_name), RT_FIELD(port), RT_FIELD(reuse_port))

namespace {

TestState& Called(OpContext& cx) {
  TestState& state = cx.State<TestState>();
  ++state.calls;
  return state;
}

// ---- one op a type ----
bool op_bool(OpContext& cx, bool value) {
  return Called(cx), value;
}
int32_t op_i32(OpContext& cx, int32_t value) {
  return Called(cx), value;
}
uint32_t op_u32(OpContext& cx, uint32_t value) {
  return Called(cx), value;
}
double op_f64(OpContext& cx, double value) {
  return Called(cx), value;
}
int64_t op_i64(OpContext& cx, int64_t value) {
  return Called(cx), value;
}
uint64_t op_u64_max(OpContext& cx) {
  return Called(cx), uint64_t{1} << 53;
}
std::string op_string(OpContext& cx, std::string value) {
  return Called(cx), value;
}
std::string op_hex(OpContext& cx, std::string value) {
  Called(cx);
  std::string hex;
  for (const char c : value) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<uint8_t>(c) >> 4];
    hex += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return hex;
}
std::optional<std::string> op_optional(OpContext& cx, std::optional<std::string> value) {
  return Called(cx), value;
}
std::vector<std::string> op_strings(OpContext& cx, std::vector<std::string> list) {
  return Called(cx), list;
}
std::vector<std::vector<int32_t>> op_nested(OpContext& cx, std::vector<std::vector<int32_t>> list) {
  return Called(cx), list;
}
std::pair<uint32_t, std::string> op_pair(OpContext& cx) {
  return Called(cx), std::pair(7u, "seven");
}
Options op_struct(OpContext& cx, Options options) {
  return Called(cx), options;
}
double op_span_sum(OpContext& cx, std::span<uint8_t> bytes, uint32_t add) {
  Called(cx);
  double sum = add;
  for (const uint8_t byte : bytes) sum += byte;
  return sum;
}
double op_two_spans(OpContext& cx, std::span<uint8_t> first, std::span<uint8_t> second) {
  Called(cx);
  return static_cast<double>(first.size() * 1000 + second.size());
}
void op_fill(OpContext& cx, std::span<uint8_t> bytes) {
  Called(cx);
  for (uint8_t& byte : bytes) byte = 7;
}
std::string op_bytes_text(OpContext& cx, Bytes bytes) {
  return Called(cx), std::string(bytes.view());
}
void op_keep_bytes(OpContext& cx, Bytes bytes) {
  Called(cx).kept = std::move(bytes);
}
Bytes op_kept_bytes(OpContext& cx) {
  return Called(cx).kept;
}
Bytes op_make_bytes(OpContext& cx, uint32_t size) {
  Called(cx);
  Bytes bytes = Bytes::Allocate(size);
  for (uint32_t i = 0; i < size; ++i) bytes.data()[i] = static_cast<uint8_t>(i);
  return bytes;
}
v8::Local<v8::Value> op_any(OpContext& cx, v8::Local<v8::Value> value) {
  return Called(cx), value;
}
v8::Local<v8::Object> op_object(OpContext& cx, v8::Local<v8::Object> value) {
  return Called(cx), value;
}
v8::Local<v8::Function> op_function(OpContext& cx, v8::Local<v8::Function> value) {
  return Called(cx), value;
}
v8::Local<v8::String> op_local_string(OpContext& cx, v8::Local<v8::String> value) {
  return Called(cx), value;
}
v8::Local<v8::Array> op_array(OpContext& cx, v8::Local<v8::Array> value) {
  return Called(cx), value;
}
v8::Local<v8::Object> op_make_gc(OpContext& cx) {
  Called(cx);
  v8::Local<v8::Object> wrapper = GcWrapperTemplate(cx.isolate(), "TestGc")
                                      ->GetFunction(cx.v8_context())
                                      .ToLocalChecked()
                                      ->NewInstance(cx.v8_context())
                                      .ToLocalChecked();
  WrapGc(cx.isolate(), wrapper, MakeGc<TestGc>(cx.isolate()));
  return wrapper;
}
bool op_gc(OpContext& cx, TestGc* object) {
  return Called(cx), object != nullptr;
}

// ---- order and errors ----
void op_three(OpContext& cx, std::string, uint32_t, bool) {
  Called(cx);
}
Result<double> op_fails(OpContext& cx, uint32_t which) {
  Called(cx);
  switch (which) {
    case 0:
      return 1.5;
    case 1:
      return Error::Type("a type");
    case 2:
      return Error::Range("a range");
    case 3:
      return Error::FromErrno(ENOENT, "open", "x");
    case 4:
      return Error::Dom("AbortError", "gone");
    case 5:
      return Error::Make(ErrorClass::kSyntaxError, "syntax");
    case 6:
      return Error::Make(ErrorClass::kReferenceError, "reference");
    default:
      return Error::Make(ErrorClass::kNotCapable, "capable", "ERR_X");
  }
}
Result<std::string> op_too_large(OpContext& cx) {
  Called(cx);
  return std::string(static_cast<size_t>(v8::String::kMaxLength) + 1, 'x');
}

// ---- fast ----
int32_t op_fast_add(OpContext& cx, int32_t a, int32_t b) {
  return Called(cx), a + b;
}
// Tells the two paths apart: only a fast call runs without a JavaScript frame of its own to look
// at.
Result<uint32_t> op_fast_throws(OpContext& cx, bool fail) {
  Called(cx);
  if (fail) return Error::Make(ErrorClass::kNotFound, "fast and absent", "ENOENT");
  return 5u;
}
Result<void> op_fast_dom(OpContext& cx, bool fail) {
  Called(cx);
  if (fail) return Error::Dom("AbortError", "fast and gone");
  return {};
}
void op_fast_void(OpContext& cx, double, bool) {
  Called(cx);
}
int32_t op_slow_add(OpContext& cx, int32_t a, int32_t b) {
  return Called(cx), a + b;
}

// ---- async ----
Task<Result<uint32_t>> op_async_now(OpContext& cx, uint32_t value) {
  Called(cx);
  if (value == 0) co_return Error::Type("zero");
  co_return value;
}
// Uses the context again after each wait.
Task<Result<std::string>> op_async_wait(OpContext& cx, uint32_t which, std::string text) {
  Called(cx).log.push_back("start " + text);
  const int value = co_await cx.State<TestState>().signals[which];
  cx.State<TestState>().log.push_back("end " + text);
  if (value < 0) co_return Error::Make(ErrorClass::kTimedOut, std::string(cx.op_name()), "LATE");
  co_return text + std::to_string(value);
}
// Ends another call, then waits itself.
Task<Result<void>> op_async_swap(OpContext& cx, uint32_t ends, uint32_t waits) {
  Called(cx).signals[ends].Set(1);
  (void)co_await cx.State<TestState>().signals[waits];
  co_return {};
}
// Ends another call and has its own answer at once.
Task<Result<void>> op_async_end(OpContext& cx, uint32_t ends) {
  Called(cx).signals[ends].Set(1);
  co_return {};
}
Task<Result<double>> op_async_pool(OpContext& cx, Bytes bytes, double factor) {
  Called(cx);
  // Named, since GCC 12 destroys the captures of a lambda inside a co_await expression twice.
  auto add_up = [bytes = std::move(bytes)] {
    double total = 0;
    for (const uint8_t byte : bytes.span()) total += byte;
    return total;
  };
  const double sum = co_await OnPool(cx.loop(), std::move(add_up));
  cx.State<TestState>().log.push_back("pool");
  co_return sum* factor;
}
// Blocks a thread of the pool until the other end of a pipe says something.
Task<Result<double>> op_async_block(OpContext& cx, int32_t fd) {
  Called(cx);
  auto read_byte = [fd] {
    char byte = 0;
    return static_cast<double>(read(fd, &byte, 1));
  };
  co_return co_await OnPool(cx.loop(), std::move(read_byte));
}

// ---- authority ----
std::string op_read(OpContext& cx, Granted<Perm::kRead, PathTarget> path) {
  return Called(cx), path->path();
}
void op_string_then_read(OpContext& cx, std::string, Granted<Perm::kRead, PathTarget>, bool) {
  Called(cx);
}
Task<Result<std::string>> op_async_read(OpContext& cx, Granted<Perm::kRead, PathTarget> path) {
  Called(cx);
  co_return path->path();
}
std::string op_net(OpContext& cx, GrantedHostPort address) {
  return Called(cx), address->host;
}
Result<Rid> op_open(OpContext& cx, bool other) {
  Called(cx);
  if (other) return cx.resources().Add(MakeResource<OtherResource>());
  return cx.resources().Add(MakeResource<TestResource>());
}
Result<void> op_close(OpContext& cx, uint32_t rid) {
  return Called(cx), cx.resources().Close(rid);
}
bool op_ref(OpContext& cx, Ref<TestResource> resource) {
  return Called(cx), resource->closed;
}
std::string op_any_ref(OpContext& cx, Ref<Resource> resource) {
  return Called(cx), std::string(resource->name());
}

using None = NoPerm<"a test">;
constexpr std::array kOps = {
    RT_OP(op_bool, None, Fast::kOff),
    RT_OP(op_i32, None, Fast::kOff),
    RT_OP(op_u32, None, Fast::kOff),
    RT_OP(op_f64, None, Fast::kOff),
    RT_OP(op_i64, None),
    RT_OP(op_u64_max, None),
    RT_OP(op_string, None),
    RT_OP(op_hex, None),
    RT_OP(op_optional, None),
    RT_OP(op_strings, None),
    RT_OP(op_nested, None),
    RT_OP(op_pair, None),
    RT_OP(op_struct, None),
    RT_OP(op_span_sum, None, Fast::kRequire),
    RT_OP(op_two_spans, None, Fast::kRequire),
    RT_OP(op_fill, None, Fast::kOff),
    RT_OP(op_bytes_text, None),
    RT_OP(op_keep_bytes, None),
    RT_OP(op_kept_bytes, None),
    RT_OP(op_make_bytes, None),
    RT_OP(op_any, None),
    RT_OP(op_object, None),
    RT_OP(op_function, None),
    RT_OP(op_local_string, None),
    RT_OP(op_array, None),
    RT_OP(op_make_gc, None),
    RT_OP(op_gc, None),
    RT_OP(op_three, None),
    RT_OP(op_fails, None, Fast::kOff),
    RT_OP(op_too_large, None),
    RT_OP(op_fast_add, None, Fast::kRequire),
    RT_OP(op_fast_throws, None, Fast::kRequire),
    RT_OP(op_fast_dom, None, Fast::kRequire),
    RT_OP(op_fast_void, None, Fast::kRequire),
    RT_OP(op_slow_add, None, Fast::kOff),
    RT_OP(op_async_now, None),
    RT_OP(op_async_wait, None),
    RT_OP(op_async_swap, None),
    RT_OP(op_async_end, None),
    RT_OP(op_async_pool, None),
    RT_OP(op_async_block, None),
    RT_OP(op_read, Needs<Perm::kRead>),
    RT_OP(op_string_then_read, Needs<Perm::kRead>),
    RT_OP(op_async_read, Needs<Perm::kRead>),
    RT_OP(op_net, Needs<Perm::kNet>),
    RT_OP(op_open, None, Fast::kOff),
    RT_OP(op_close, None, Fast::kOff),
    RT_OP(op_ref, OnResource),
    RT_OP(op_any_ref, OnResource),
};
static_assert(UniqueNames(kOps));

const OpDecl& Row(std::string_view name) {
  for (const OpDecl& row : kOps) {
    if (row.name == name) return row;
  }
  RT_UNREACHABLE();
}

TEST(OpTable, ARowSaysWhatTheSignatureSays) {
  const OpDecl& row = Row("op_async_wait");
  EXPECT_EQ(row.kind, OpKind::kAsync);
  EXPECT_EQ(row.arity, 2);
  EXPECT_STREQ(row.argument_types[0], "u32");
  EXPECT_STREQ(row.argument_types[1], "string");
  EXPECT_STREQ(row.result_type, "string");
  EXPECT_FALSE(row.fast);
  EXPECT_EQ(row.permission.authority, Authority::kNone);
  EXPECT_STREQ(row.permission.why, "a test");
}

TEST(OpTable, FastFollowsFromTheTypesUnlessTurnedOff) {
  EXPECT_TRUE(Row("op_fast_throws").fast);
  EXPECT_TRUE(Row("op_span_sum").fast);
  EXPECT_FALSE(Row("op_slow_add").fast);
  EXPECT_FALSE(Row("op_string").fast);
  EXPECT_FALSE(Row("op_i64").fast);
  EXPECT_FALSE(Row("op_async_now").fast);
}

TEST(OpTable, NeedsAreAMaskOfPermissions) {
  EXPECT_EQ(Row("op_read").permission.authority, Authority::kNeeds);
  EXPECT_EQ(Row("op_read").permission.mask, PermBit(Perm::kRead));
  EXPECT_STREQ(Row("op_read").argument_types[0], "string");
  EXPECT_EQ(Row("op_ref").permission.authority, Authority::kOnResource);
}

TEST_F(OpFixture, FunctionsHaveTheOpsNameAndLengthAndAreNoConstructors) {
  EXPECT_EQ(Run("ops.op_three.name"), "op_three");
  EXPECT_EQ(Run("ops.op_three.length"), "3");
  EXPECT_EQ(Run("ops.op_async_wait.length"), "3");  // the promise's id comes first
  EXPECT_EQ(Run("new ops.op_three()"), "threw: TypeError: ops.op_three is not a constructor");
}

}  // namespace

Extension TestExtension() {
  return {
      .name = "test", .ops = kOps, .make_state = [](OpHost&) -> std::unique_ptr<ExtensionState> {
        return std::make_unique<TestState>();
      }};
}

// ---- the fixture ----

namespace {

// The promise ring of js/bootstrap, in short; `order` keeps what was delivered, and in which call.
constexpr char kBootstrap[] = R"js(
  var pending = new Map(), nextId = 1, order = [], delivered = 0;
  function call(name, ...args) {
    const id = nextId++;
    const value = ops[name](id, ...args);
    if (value !== marker) return value;
    return new Promise((resolve, reject) => pending.set(id, [resolve, reject]));
  }
  function deliver(...pairs) {
    ++delivered;
    for (let i = 0; i < pairs.length; i += 2) {
      const failed = pairs[i] < 0, id = failed ? ~pairs[i] : pairs[i];
      order.push((failed ? "!" : "") + id);
      const both = pending.get(id);
      pending.delete(id);
      both[failed ? 1 : 0](pairs[i + 1]);
    }
  }
)js";

}  // namespace

void OpFixture::Start(const PermissionOptions& permissions, TraceFilter trace) {
  extensions_[0] = TestExtension();
  host_ = std::make_unique<OpHost>(extensions_, std::move(*Loop::Create()),
                                   std::move(*Permissions::FromOptions(permissions)), RunInfo{},
                                   std::move(trace));
  isolate_ = NewIsolate({});
  host_->AttachIsolate(isolate_.get());
  v8::Isolate* isolate = isolate_.get();
  isolate->Enter();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  context_.Reset(isolate, context);
  v8::Context::Scope scope(context);
  v8::Local<v8::Symbol> marker = v8::Symbol::New(isolate, ToV8String(isolate, "pending"));
  host_->SetPendingMarker(marker);
  context->Global()->Set(context, ToV8String(isolate, "marker"), marker).Check();
  context->Global()
      ->Set(context, ToV8String(isolate, "ops"), host_->InstallOps(context, extensions_[0]))
      .Check();
  ASSERT_EQ(Run(std::string(kBootstrap) + "'ready'"), "ready");
}

void OpFixture::Stop() {
  {
    v8::HandleScope handles(isolate_.get());
    host_->Shutdown();
    context_.Reset();
  }
  isolate_->Exit();
  isolate_.reset();
  host_.reset();
}

std::string OpFixture::Run(const std::string& source) {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = context_.Get(isolate);
  v8::Context::Scope scope(context);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> value;
  v8::Local<v8::String> text;
  const bool ran = v8::Script::Compile(context, ToV8String(isolate, source)).ToLocal(&script) &&
                   script->Run(context).ToLocal(&value);
  isolate->PerformMicrotaskCheckpoint();
  if (ran && value->IsSymbol()) return "a symbol";
  if (ran && value->ToString(context).ToLocal(&text)) return ToUtf8(isolate, text);
  if (!caught.HasCaught()) return "nothing";
  std::string message = ToUtf8(isolate, caught.Message()->Get());
  if (message.starts_with("Uncaught ")) message = message.substr(9);
  if (caught.Exception()->IsObject()) {
    v8::Local<v8::Value> code;
    if (caught.Exception()
            .As<v8::Object>()
            ->Get(context, ToV8String(isolate, "code"))
            .ToLocal(&code) &&
        code->IsString()) {
      message += " [" + ToUtf8(isolate, code.As<v8::String>()) + "]";
    }
  }
  return "threw: " + message;
}

void OpFixture::Deliver() {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = context_.Get(isolate);
  v8::Context::Scope scope(context);
  v8::Local<v8::Value> deliver =
      context->Global()->Get(context, ToV8String(isolate, "deliver")).ToLocalChecked();
  host_->async_calls().Deliver(isolate, context, deliver.As<v8::Function>());
  isolate->PerformMicrotaskCheckpoint();
}

void OpFixture::RunLoop() {
  while (host_->loop().alive() || host_->async_calls().HasFinished()) {
    if (!host_->async_calls().HasFinished()) host_->loop().Poll(true);
    if (host_->async_calls().HasFinished()) Deliver();
  }
}

}  // namespace rt
