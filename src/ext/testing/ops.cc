// The ops of js/testing. They are for rt's own runner: no script can import them.
#include "src/engine/strings.h"
#include "src/ext/testing/activity.h"
#include "src/ext/testing/testing.h"
#include "src/op/op.h"

namespace rt {

// One kind of permission for a test: mode "inherit", "none", "all" or "list".
struct TestPermission {
  std::string name;
  std::string mode;
  std::vector<std::string> list;
};
RT_STRUCT(TestPermission, RT_FIELD(name), RT_FIELD(mode), RT_FIELD(list))

namespace {

class TestingState final : public ExtensionState {
 public:
  explicit TestingState(OpHost& host) : activity(host) {}
  void Shutdown() override { activity.Stop(); }

  ActivityLog activity;
  std::optional<Permissions> own_permissions;  // while a test has others
};

void op_test_send(OpContext& cx, std::string event) {
  if (TestHost* host = cx.host().run_info().test_host) host->Send(event);
}

std::string op_test_format_failure(OpContext& cx, v8::Local<v8::Value> error) {
  TestHost* host = cx.host().run_info().test_host;
  return host ? host->FormatFailure(error) : std::string();
}

// The async context: V8 hands it on to everything that follows from what runs now.
v8::Local<v8::Value> op_test_context(OpContext& cx) {
  return cx.isolate()->GetContinuationPreservedEmbedderData();
}

void op_test_set_context(OpContext& cx, v8::Local<v8::Value> context) {
  cx.isolate()->SetContinuationPreservedEmbedderData(context);
}

void op_test_watch_activity(OpContext& cx) {
  cx.State<TestingState>().activity.Watch();
}

// [is op, name, context, error] of all that goes on and keeps the program alive or a handle open.
v8::Local<v8::Value> op_test_activity(OpContext& cx) {
  v8::Isolate* isolate = cx.isolate();
  std::vector<v8::Local<v8::Value>> list;
  cx.State<TestingState>().activity.ForEach([&](const ActivityLog::Start& start, bool is_call) {
    if (is_call && !start.call->referenced()) return;
    v8::Local<v8::Value> entry[] = {v8::Boolean::New(isolate, is_call),
                                    ToV8String(isolate, start.name), start.context.Get(isolate),
                                    start.error.Get(isolate)};
    list.push_back(v8::Array::New(isolate, entry, 4));
  });
  return v8::Array::New(isolate, list.data(), list.size());
}

// Until op_test_restore_permissions: less than the file has.
Result<void> op_test_restrict_permissions(OpContext& cx, std::vector<TestPermission> rules) {
  auto& state = cx.State<TestingState>();
  RestrictOptions options;
  for (TestPermission& rule : rules) {
    const auto perm = PermFromName(rule.name);
    if (!perm) return Error::Type("unknown permission \"" + rule.name + "\"");
    using Mode = RestrictOptions::Mode;
    options[*perm] = {.mode = rule.mode == "none"   ? Mode::kNone
                              : rule.mode == "all"  ? Mode::kAll
                              : rule.mode == "list" ? Mode::kList
                                                    : Mode::kInherit,
                      .list = std::move(rule.list)};
  }
  if (state.own_permissions) return Error::Type("permissions are restricted already");
  RT_TRY(Permissions restricted, Permissions::Restrict(cx.permissions(), options));
  state.own_permissions.emplace(std::move(cx.permissions()));
  cx.permissions() = std::move(restricted);
  return {};
}

void op_test_restore_permissions(OpContext& cx) {
  auto& state = cx.State<TestingState>();
  if (!state.own_permissions) return;
  cx.permissions() = std::move(*state.own_permissions);
  state.own_permissions.reset();
}

constexpr std::array kOps = {
    RT_OP(op_test_send, NoPerm<"rt's own test runner">),
    RT_OP(op_test_format_failure, NoPerm<"rt's own test runner">),
    RT_OP(op_test_context, NoPerm<"rt's own test runner">),
    RT_OP(op_test_set_context, NoPerm<"rt's own test runner">),
    RT_OP(op_test_watch_activity, NoPerm<"rt's own test runner">),
    RT_OP(op_test_activity, NoPerm<"rt's own test runner">),
    RT_OP(op_test_restrict_permissions, NoPerm<"only takes away">),
    RT_OP(op_test_restore_permissions, NoPerm<"what the file was given">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension TestingExtension() {
  return {.name = "testing",
          .ops = kOps,
          .make_state = [](OpHost& host) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<TestingState>(host);
          },
          .lazy = true};
}

}  // namespace rt
