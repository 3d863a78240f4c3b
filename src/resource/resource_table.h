// The table of a runtime's open resources, by rid. A rid is a slot and a generation
// (base/slot_map.h): a stale one is BadResource and never names another's handle. 0, 1 and 2 are
// the standard streams.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/base/slot_map.h"
#include "src/resource/resource.h"

namespace rt {

// Told what opens and closes: how `rt test` finds what a test left open. Runtime's thread; may read
// V8's state, must not run JavaScript.
class ResourceObserver {
 public:
  // `maker`: the promise id of the async op that opened it, 0 when code that runs now did.
  virtual void ResourceAdded(Rid rid, std::string_view name, uint32_t maker) = 0;
  virtual void ResourceRemoved(Rid rid) = 0;

 protected:
  ~ResourceObserver() = default;
};

class ResourceTable {
 public:
  ResourceTable() = default;
  ~ResourceTable() { CloseAll(); }
  ResourceTable(const ResourceTable&) = delete;
  ResourceTable& operator=(const ResourceTable&) = delete;

  // Fails when 2^20 resources are open.
  Result<Rid> Add(Ref<Resource> resource);

  Result<Ref<Resource>> Get(Rid rid);

  // BadResource when stale, closed or of another type.
  template <class R>
  Result<Ref<R>> Get(Rid rid) {
    Ref<Resource>* found = resources_.Find(rid);
    if (!found || (*found)->type_id() != TypeIdOf<R>()) return Error::BadResource();
    return Ref<R>(static_cast<R*>(found->get()));
  }

  // Takes it out and closes it. BadResource when there is none.
  Result<void> Close(Rid rid);
  // Takes it out without closing: its new owner will.
  Result<Ref<Resource>> Take(Rid rid);

  void CloseAll();

  // (rid, name) of everything open, in slot order.
  std::vector<std::pair<Rid, std::string>> List();
  // Native memory of everything open, by name.
  std::map<std::string, size_t> NativeBytes();
  size_t size() const { return resources_.size(); }

  // Null: nobody. The observer outlives the table or is taken off before.
  void Observe(ResourceObserver* observer) { observer_ = observer; }
  // For which async op the next Add is, as ResourceObserver tells it.
  void set_maker(uint32_t promise_id) { maker_ = promise_id; }

 private:
  ResourceObserver* observer_ = nullptr;
  uint32_t maker_ = 0;
  SlotMap<Ref<Resource>> resources_;
};

}  // namespace rt
