// Message ports and broadcast channels below JavaScript: queues of messages between runtimes, which
// may be on different threads. Everything here may be used on any thread, and knows no isolate.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/ext/messaging/message.h"

namespace rt {

// How a runtime is told that one of its ports has something to take. The runtime owns it; ports
// that are elsewhere hold it too, so it can be silenced.
class Doorbell {
 public:
  // `wake` is called on the ringing thread.
  explicit Doorbell(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Ring(uint32_t id);
  // The next id that was rung; false: none.
  bool Next(uint32_t* id);
  bool empty();
  // The runtime ends: nothing is called any more.
  void Silence();

 private:
  // Who is woken looks what rang, at once and on another processor. It must not find that locked by
  // whoever is still in the call that woke it: it would fall asleep again.
  std::mutex wake_mutex_;       // taken first
  std::function<void()> wake_;  // under it
  std::mutex mutex_;
  bool silent_ = false;
  std::deque<uint32_t> rung_;
};

// One receiver's queue of messages, attached to a runtime or on its way between two.
class Inbox {
 public:
  void Push(std::shared_ptr<Message> message);
  // Null: empty.
  std::shared_ptr<Message> Pop();
  // From now on messages, those that wait too, are announced as `id`.
  void Start(std::shared_ptr<Doorbell> bell, uint32_t id);
  // The other side is gone: announced too.
  void Close();
  bool closed();
  // No more announcements; the messages stay.
  void Stop();
  // Nobody will read any more: what waits, and what is still pushed, is dropped. The caller takes
  // the ports out of what it gets.
  std::deque<std::shared_ptr<Message>> Abandon();

 private:
  std::mutex mutex_;
  std::deque<std::shared_ptr<Message>> messages_;
  std::shared_ptr<Doorbell> bell_;
  uint32_t id_ = 0;
  bool closed_ = false;
  bool abandoned_ = false;
};

// One end of a channel, owned by whoever has the MessagePort, or by the message it travels in. Its
// end closes the other side.
class PortEnd {
 public:
  static std::pair<std::unique_ptr<PortEnd>, std::unique_ptr<PortEnd>> MakePair();
  ~PortEnd();
  PortEnd(const PortEnd&) = delete;
  PortEnd& operator=(const PortEnd&) = delete;

  void Post(Message message);
  Inbox& inbox() { return *own_; }
  // Whether `other` is the other end of this one's channel.
  bool IsEntangledWith(const PortEnd& other) const { return other.own_ == peer_; }

 private:
  PortEnd(std::shared_ptr<Inbox> own, std::shared_ptr<Inbox> peer)
      : own_(std::move(own)), peer_(std::move(peer)) {}

  std::shared_ptr<Inbox> own_;
  std::shared_ptr<Inbox> peer_;
};

// The broadcast channels of a process: inboxes by name.
class BroadcastHub {
 public:
  void Join(const std::string& name, std::shared_ptr<Inbox> inbox);
  void Leave(const std::string& name, const std::shared_ptr<Inbox>& inbox);
  // To every channel of that name but the sender's.
  void Post(const std::string& name, const std::shared_ptr<Inbox>& sender, Message message);

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::shared_ptr<Inbox>>> channels_;
};

}  // namespace rt
