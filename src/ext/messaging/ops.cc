// The ops of the messaging extension, and the ports a runtime holds. Ports are numbers to
// JavaScript; a number is never used again, so a stale one names nothing.
#include <unordered_map>

#include "src/ext/messaging/message.h"
#include "src/ext/messaging/messaging.h"
#include "src/ext/messaging/port.h"
#include "src/op/op.h"

namespace rt {
namespace {

class MessagingState final : public ExtensionState, public PortNames {
 public:
  explicit MessagingState(OpHost& host)
      : host_(host), bell_(std::make_shared<Doorbell>([&host] { host.RaiseMessages(); })) {
    // What this runtime's workers share with it.
    std::shared_ptr<BroadcastHub>& hub = host.run_info().hub;
    if (!hub) hub = std::make_shared<BroadcastHub>();
    hub_ = hub;
  }

  void Shutdown() override {
    bell_->Silence();
    for (auto& [id, entry] : entries_) {
      KeepAlive(entry, false);
      if (entry.broadcast) hub_->Leave(entry.name, entry.broadcast);
    }
    entries_.clear();
  }

  struct Entry {
    std::unique_ptr<PortEnd> port;     // a message port, or
    std::shared_ptr<Inbox> broadcast;  // a broadcast channel
    std::string name;                  // of the latter
    bool started = false;
    bool referenced = true;
    bool keeps_alive = false;
    std::string peer;  // who has the other end, if it is known
    std::string at;    // who made it, if it is noted
    uint64_t since_ms = 0;

    Inbox& inbox() { return port ? port->inbox() : *broadcast; }
  };

  void ListAlive(std::vector<AliveItem>* items) const override {
    for (const auto& [id, entry] : entries_) {
      if (!entry.keeps_alive) continue;
      AliveItem item{.what = "message port", .at = entry.at, .since_ms = entry.since_ms};
      if (entry.broadcast) {
        item.what = "BroadcastChannel";
        item.target = "\"" + entry.name + "\"";
      } else if (!entry.peer.empty()) {
        item.what = entry.peer;
      }
      items->push_back(std::move(item));
    }
  }

  uint32_t Adopt(std::unique_ptr<PortEnd> port) override { return Adopt(std::move(port), {}); }
  uint32_t Adopt(std::unique_ptr<PortEnd> port, std::string peer) {
    const uint32_t id = next_id_++;
    Entry& entry = entries_[id];
    entry.port = std::move(port);
    entry.peer = std::move(peer);
    Note(entry);
    return id;
  }
  std::unique_ptr<PortEnd> Take(uint32_t id) override {
    Entry* entry = Find(id);
    if (!entry || !entry->port) return nullptr;
    KeepAlive(*entry, false);
    std::unique_ptr<PortEnd> port = std::move(entry->port);
    port->inbox().Stop();
    entries_.erase(id);
    return port;
  }
  uint32_t Join(std::string name) {
    const uint32_t id = next_id_++;
    Entry& entry = entries_[id];
    entry.broadcast = std::make_shared<Inbox>();
    entry.name = std::move(name);
    Note(entry);
    hub_->Join(entry.name, entry.broadcast);
    Start(id, entry);
    return id;
  }
  void Start(uint32_t id, Entry& entry) {
    if (std::exchange(entry.started, true)) return;
    KeepAlive(entry, entry.referenced);
    entry.inbox().Start(bell_, id);
  }
  void SetReferenced(Entry& entry, bool on) {
    entry.referenced = on;
    KeepAlive(entry, on && entry.started);
  }
  void Close(uint32_t id) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;
    // What it waited with may close further ports: take it out first.
    Entry entry = std::move(found->second);
    entries_.erase(found);
    KeepAlive(entry, false);
    if (entry.broadcast) hub_->Leave(entry.name, entry.broadcast);
  }
  Entry* Find(uint32_t id) {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
  }

  Doorbell& bell() { return *bell_; }
  BroadcastHub& hub() { return *hub_; }

 private:
  void Note(Entry& entry) {
    entry.since_ms = host_.loop().NowMs();
    if (host_.tracer().options().origins) entry.at = host_.tracer().CallerPlace();
  }
  void KeepAlive(Entry& entry, bool on) {
    if (entry.keeps_alive == on) return;
    entry.keeps_alive = on;
    if (on) {
      host_.loop().AddRef();
    } else {
      host_.loop().ReleaseRef();
    }
  }

  OpHost& host_;
  std::shared_ptr<Doorbell> bell_;
  std::shared_ptr<BroadcastHub> hub_;
  std::unordered_map<uint32_t, Entry> entries_;
  uint32_t next_id_ = 1;
};

// An empty result leaves the exception pending: V8 throws it when the op returns.
v8::Local<v8::Value> op_structured_clone(OpContext& cx, v8::Local<v8::Value> value,
                                         v8::Local<v8::Array> buffers, v8::Local<v8::Array> objects,
                                         v8::Local<v8::Object> delegate) {
  const v8::Local<v8::Value> nothing = v8::Undefined(cx.isolate());
  auto& ports = cx.State<MessagingState>();
  std::optional<Message> message =
      WriteMessage(cx.host(), cx.v8_context(), ports, delegate, value, buffers, objects);
  if (!message) return nothing;
  return ReadMessage(cx.host(), cx.v8_context(), ports, delegate, *message).FromMaybe(nothing);
}

std::pair<uint32_t, uint32_t> op_message_port_pair(OpContext& cx) {
  auto [one, two] = PortEnd::MakePair();
  auto& state = cx.State<MessagingState>();
  const uint32_t first = state.Adopt(std::move(one));
  return {first, state.Adopt(std::move(two))};
}

// Posts to the other end; to nobody when the port is closed. The exception of a value that cannot
// be serialized stays pending.
void op_message_port_post(OpContext& cx, uint32_t id, v8::Local<v8::Value> value,
                          v8::Local<v8::Array> buffers, v8::Local<v8::Array> objects,
                          v8::Local<v8::Object> delegate) {
  auto& state = cx.State<MessagingState>();
  std::optional<Message> message =
      WriteMessage(cx.host(), cx.v8_context(), state, delegate, value, buffers, objects);
  // Serializing ran JavaScript: the port may be gone only now.
  MessagingState::Entry* entry = state.Find(id);
  if (!message || !entry || !entry->port) return;
  message->cause = cx.host().tracer().cause();
  entry->port->Post(std::move(*message));
}

void op_message_port_start(OpContext& cx, uint32_t id) {
  auto& state = cx.State<MessagingState>();
  if (MessagingState::Entry* entry = state.Find(id)) state.Start(id, *entry);
}

void op_message_port_set_ref(OpContext& cx, uint32_t id, bool on) {
  auto& state = cx.State<MessagingState>();
  if (MessagingState::Entry* entry = state.Find(id)) state.SetReferenced(*entry, on);
}

void op_message_port_close(OpContext& cx, uint32_t id) {
  cx.State<MessagingState>().Close(id);
}

uint32_t op_broadcast_join(OpContext& cx, std::string name) {
  return cx.State<MessagingState>().Join(std::move(name));
}

void op_broadcast_post(OpContext& cx, uint32_t id, v8::Local<v8::Value> value,
                       v8::Local<v8::Object> delegate) {
  auto& state = cx.State<MessagingState>();
  v8::Isolate* isolate = cx.isolate();
  std::optional<Message> message =
      WriteMessage(cx.host(), cx.v8_context(), state, delegate, value, v8::Array::New(isolate),
                   v8::Array::New(isolate), Readers::kMany);
  MessagingState::Entry* entry = state.Find(id);
  if (message && entry && entry->broadcast) {
    message->cause = cx.host().tracer().cause();
    state.hub().Post(entry->name, entry->broadcast, std::move(*message));
  }
}

// The numbers are those js/ext/messaging/message_port.js uses.
enum Delivery : uint32_t { kMessage, kMessageError, kClosed };

v8::Local<v8::Value> Delivered(v8::Isolate* isolate, uint32_t id, Delivery kind,
                               v8::Local<v8::Value> data, v8::Local<v8::Value> ports) {
  v8::Local<v8::Value> parts[] = {v8::Integer::NewFromUnsigned(isolate, id),
                                  v8::Integer::NewFromUnsigned(isolate, kind), data, ports};
  return v8::Array::New(isolate, parts, std::size(parts));
}

// What came in next, for any started port: [id, kind, data, ports]; undefined: nothing.
v8::Local<v8::Value> op_message_take(OpContext& cx, v8::Local<v8::Object> delegate) {
  v8::Isolate* isolate = cx.isolate();
  auto& state = cx.State<MessagingState>();
  const v8::Local<v8::Value> nothing = v8::Undefined(isolate);
  uint32_t id = 0;
  while (state.bell().Next(&id)) {
    MessagingState::Entry* entry = state.Find(id);
    if (!entry || !entry->started) continue;
    const std::shared_ptr<Message> message = entry->inbox().Pop();
    if (!message) {
      if (!entry->inbox().closed()) continue;
      state.Close(id);
      return Delivered(isolate, id, kClosed, nothing, nothing);
    }
    cx.host().tracer().SetCause(message->cause);
    std::vector<v8::Local<v8::Value>> ports;
    v8::TryCatch caught(isolate);
    v8::Local<v8::Value> data;
    if (!ReadMessage(cx.host(), cx.v8_context(), state, delegate, *message, &ports)
             .ToLocal(&data)) {
      if (!caught.CanContinue()) {
        caught.ReThrow();
        return nothing;
      }
      return Delivered(isolate, id, kMessageError, caught.Exception(), nothing);
    }
    v8::Local<v8::Value> list = nothing;
    if (!ports.empty()) list = v8::Array::New(isolate, ports.data(), ports.size());
    return Delivered(isolate, id, kMessage, data, list);
  }
  return nothing;
}

constexpr std::array kOps = {
    RT_OP(op_structured_clone, NoPerm<"copies the script's own value">),
    RT_OP(op_message_port_pair, NoPerm<"stays in the process">),
    RT_OP(op_message_port_post, NoPerm<"stays in the process">),
    RT_OP(op_message_port_start, NoPerm<"the script's own port">),
    RT_OP(op_message_port_set_ref, NoPerm<"the script's own port">),
    RT_OP(op_message_port_close, NoPerm<"the script's own port">),
    RT_OP(op_message_take, NoPerm<"the script's own port">),
    RT_OP(op_broadcast_join, NoPerm<"stays in the process">),
    RT_OP(op_broadcast_post, NoPerm<"stays in the process">),
};
static_assert(UniqueNames(kOps));

constexpr std::string_view kName = "messaging";

}  // namespace

uint32_t AdoptPort(OpHost& host, std::unique_ptr<PortEnd> port, std::string peer) {
  return static_cast<MessagingState*>(host.FindState(kName))
      ->Adopt(std::move(port), std::move(peer));
}

Extension MessagingExtension() {
  return {.name = kName,
          .ops = kOps,
          .make_state = [](OpHost& host) -> std::unique_ptr<ExtensionState> {
            return std::make_unique<MessagingState>(host);
          }};
}

}  // namespace rt
