// Signals a script listens to. Needs no permission: a script may know what its own process is told.
#include <signal.h>
#include <uv.h>

#include <utility>

#include "src/ext/process/process.h"
#include "src/loop/event.h"
#include "src/op/op.h"

namespace rt {
namespace {

class SignalResource final : public Resource {
 public:
  static Result<Ref<SignalResource>> Create(Loop& loop, int number) {
    auto resource = MakeResource<SignalResource>(number);
    auto* handle = new uv_signal_t();
    if (const int status = uv_signal_init(loop.uv(), handle); status < 0) {
      delete handle;
      return Error::FromErrno(status, "signal");
    }
    handle->data = resource.get();
    resource->handle_ = handle;
    const auto arrived = [](uv_signal_t* signal, int) {
      auto* self = static_cast<SignalResource*>(signal->data);
      ++self->arrived_;
      if (self->waiter_.waiting()) self->waiter_.Set(true);
    };
    if (const int status = uv_signal_start(handle, arrived, number); status < 0) {
      resource->Close();
      return Error::FromErrno(status, "signal");
    }
    return resource;
  }
  explicit SignalResource(int number) : Resource(TypeIdOf<SignalResource>()), number_(number) {}

  std::string_view name() const override { return "signal"; }
  void Close() override {
    if (handle_ == nullptr) return;
    uv_signal_stop(handle_);
    uv_close(reinterpret_cast<uv_handle_t*>(std::exchange(handle_, nullptr)),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_signal_t*>(closed); });
    // libuv leaves the default behind, which would end the process at the next broken pipe.
    if (number_ == SIGPIPE || number_ == SIGXFSZ) signal(number_, SIG_IGN);
    if (waiter_.waiting()) waiter_.Set(false);
  }

  // True: it arrived (once more). False: closed.
  Task<Result<bool>> Next() {
    const Ref<SignalResource> keep(this);
    if (arrived_ == 0 && handle_ != nullptr) (void)co_await waiter_;
    if (arrived_ == 0) co_return false;
    --arrived_;
    co_return handle_ != nullptr;
  }

 private:
  ~SignalResource() override = default;

  int number_;
  uv_signal_t* handle_ = nullptr;
  uint32_t arrived_ = 0;
  Signal<bool> waiter_;
};

Result<Rid> op_signal_bind(OpContext& cx, int32_t number) {
  RT_TRY(auto resource, SignalResource::Create(cx.loop(), number));
  return cx.resources().Add(std::move(resource));
}

Task<Result<bool>> op_signal_next(OpContext&, Ref<SignalResource> signal) {
  return signal->Next();
}

constexpr std::array kOps = {
    RT_OP(op_signal_bind, NoPerm<"what the script's own process is told, as in Deno">),
    RT_OP(op_signal_next, OnResource),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension SignalExtension() {
  return {.name = "signal", .ops = kOps};
}

}  // namespace rt
