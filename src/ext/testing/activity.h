// What tests have started and not finished: async calls and resources, each with the async context
// it was started in and an error whose stack says where. Only what starts inside a context is kept.
// Runtime's thread. Never runs JavaScript.
#pragma once

#include <v8.h>

#include <map>
#include <string>
#include <string_view>

#include "src/op/op_host.h"

namespace rt {

class ActivityLog final : public AsyncCallObserver, public ResourceObserver {
 public:
  struct Start {
    std::string name;                 // of the op or the kind of resource
    v8::Global<v8::Value> context;    // what op_test_set_context had set
    v8::Global<v8::Value> error;      // made when it started
    const AsyncCall* call = nullptr;  // null for resources
  };

  explicit ActivityLog(OpHost& host) : host_(host) {}

  // From now on; before that, and after Stop, nobody is told anything.
  void Watch();
  void Stop();

  // Calls f(const Start&, bool is_call) for all that goes on.
  template <class F>
  void ForEach(F&& f) const {
    for (const auto& [id, start] : calls_) f(start, true);
    for (const auto& [rid, start] : resources_) f(start, false);
  }

  void CallPending(const AsyncCall& call) override;
  void CallFinished(const AsyncCall& call) override;
  void ResourceAdded(Rid rid, std::string_view name, uint32_t maker) override;
  void ResourceRemoved(Rid rid) override;

 private:
  OpHost& host_;
  bool watching_ = false;
  std::map<uint32_t, Start> calls_;  // by promise id
  std::map<Rid, Start> resources_;
};

}  // namespace rt
