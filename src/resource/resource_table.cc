#include "src/resource/resource_table.h"

namespace rt {

Result<Rid> ResourceTable::Add(Ref<Resource> resource) {
  Resource* const added = resource.get();
  auto rid = resources_.Insert(std::move(resource));
  if (!rid) return Error::Make(ErrorClass::kBusy, "Too many open resources");
  if (observer_) observer_->ResourceAdded(*rid, added->name(), maker_);
  maker_ = 0;
  return *rid;
}

Result<Ref<Resource>> ResourceTable::Get(Rid rid) {
  Ref<Resource>* found = resources_.Find(rid);
  if (!found) return Error::BadResource();
  return *found;
}

Result<Ref<Resource>> ResourceTable::Take(Rid rid) {
  auto taken = resources_.Remove(rid);
  if (!taken) return Error::BadResource();
  if (observer_) observer_->ResourceRemoved(rid);
  return std::move(*taken);
}

Result<void> ResourceTable::Close(Rid rid) {
  RT_TRY(Ref<Resource> resource, Take(rid));
  resource->Close();
  return {};
}

void ResourceTable::CloseAll() {
  // Closing one may close others that it owns, so look again after each.
  for (;;) {
    std::vector<Rid> rids;
    resources_.ForEach([&](Rid rid, Ref<Resource>&) { rids.push_back(rid); });
    if (rids.empty()) return;
    for (Rid rid : rids) (void)Close(rid);
  }
}

std::vector<std::pair<Rid, std::string>> ResourceTable::List() {
  std::vector<std::pair<Rid, std::string>> list;
  resources_.ForEach(
      [&](Rid rid, Ref<Resource>& resource) { list.emplace_back(rid, resource->name()); });
  return list;
}

std::map<std::string, size_t> ResourceTable::NativeBytes() {
  std::map<std::string, size_t> bytes;
  resources_.ForEach([&](Rid, Ref<Resource>& resource) {
    bytes[std::string(resource->name())] += resource->NativeBytes();
  });
  return bytes;
}

}  // namespace rt
