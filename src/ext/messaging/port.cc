// Queues of messages; see port.h. Must never call a doorbell or drop a message while it holds a
// queue's lock: a message may own the ends of other channels.
#include "src/ext/messaging/port.h"

#include <algorithm>
#include <utility>

namespace rt {

void Doorbell::Ring(uint32_t id) {
  {
    const std::lock_guard lock(mutex_);
    if (silent_) return;
    rung_.push_back(id);
  }
  const std::lock_guard lock(wake_mutex_);
  if (wake_) wake_();
}

bool Doorbell::Next(uint32_t* id) {
  const std::lock_guard lock(mutex_);
  if (rung_.empty()) return false;
  *id = rung_.front();
  rung_.pop_front();
  return true;
}

bool Doorbell::empty() {
  const std::lock_guard lock(mutex_);
  return rung_.empty();
}

void Doorbell::Silence() {
  const std::lock_guard wake_lock(wake_mutex_);
  wake_ = nullptr;
  const std::lock_guard lock(mutex_);
  silent_ = true;
  rung_.clear();
}

void Inbox::Push(std::shared_ptr<Message> message) {
  std::shared_ptr<Doorbell> bell;
  uint32_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    // The message goes when the caller's pointer does: without the lock.
    if (abandoned_) return;
    messages_.push_back(message);
    bell = bell_;
    id = id_;
  }
  if (bell) bell->Ring(id);
}

std::shared_ptr<Message> Inbox::Pop() {
  const std::lock_guard lock(mutex_);
  if (messages_.empty()) return nullptr;
  std::shared_ptr<Message> message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

void Inbox::Start(std::shared_ptr<Doorbell> bell, uint32_t id) {
  size_t rings = 0;
  {
    const std::lock_guard lock(mutex_);
    bell_ = bell;
    id_ = id;
    rings = messages_.size() + (closed_ ? 1 : 0);
  }
  for (; rings > 0; --rings) bell->Ring(id);
}

void Inbox::Close() {
  std::shared_ptr<Doorbell> bell;
  uint32_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    bell = bell_;
    id = id_;
  }
  if (bell) bell->Ring(id);
}

bool Inbox::closed() {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void Inbox::Stop() {
  const std::lock_guard lock(mutex_);
  bell_ = nullptr;
}

std::deque<std::shared_ptr<Message>> Inbox::Abandon() {
  const std::lock_guard lock(mutex_);
  bell_ = nullptr;
  abandoned_ = true;
  return std::exchange(messages_, {});
}

std::pair<std::unique_ptr<PortEnd>, std::unique_ptr<PortEnd>> PortEnd::MakePair() {
  auto one = std::make_shared<Inbox>();
  auto two = std::make_shared<Inbox>();
  return {std::unique_ptr<PortEnd>(new PortEnd(one, two)),
          std::unique_ptr<PortEnd>(new PortEnd(two, one))};
}

PortEnd::~PortEnd() {
  // Nobody will read what waits. Ports in it may have messages with ports waiting, and so on: a
  // loop, since recursion could be as deep as a script likes.
  std::vector<std::unique_ptr<PortEnd>> ports;
  const auto drain = [&ports](Inbox& inbox) {
    for (const std::shared_ptr<Message>& message : inbox.Abandon()) message->TakePorts(ports);
  };
  drain(*own_);
  while (!ports.empty()) {
    const std::unique_ptr<PortEnd> port = std::move(ports.back());
    ports.pop_back();
    drain(port->inbox());
  }
  peer_->Close();
}

void PortEnd::Post(Message message) {
  if (own_->closed()) return;  // nobody is at the other end
  peer_->Push(std::make_shared<Message>(std::move(message)));
}

void BroadcastHub::Join(const std::string& name, std::shared_ptr<Inbox> inbox) {
  const std::lock_guard lock(mutex_);
  channels_[name].push_back(std::move(inbox));
}

void BroadcastHub::Leave(const std::string& name, const std::shared_ptr<Inbox>& inbox) {
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(name);
  if (found == channels_.end()) return;
  std::erase(found->second, inbox);
  if (found->second.empty()) channels_.erase(found);
}

void BroadcastHub::Post(const std::string& name, const std::shared_ptr<Inbox>& sender,
                        Message message) {
  std::vector<std::shared_ptr<Inbox>> receivers;
  {
    const std::lock_guard lock(mutex_);
    const auto found = channels_.find(name);
    if (found != channels_.end()) receivers = found->second;
  }
  const auto shared = std::make_shared<Message>(std::move(message));
  for (const std::shared_ptr<Inbox>& inbox : receivers) {
    if (inbox != sender) inbox->Push(shared);
  }
}

}  // namespace rt
