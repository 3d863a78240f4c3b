// The inspector's server: HTTP and WebSocket on a thread of its own, so that it answers whatever
// the program does. Each runtime of the process is a target with an address nobody can guess. It
// ends with the process. Must never wait for a runtime.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/engine/inspector_agent.h"
#include "src/permissions/owned_fd.h"
#include "src/runtime/live_runtimes.h"

namespace rt::cli {

struct InspectorAddress {
  std::string host = "127.0.0.1";
  uint16_t port = 9229;
};

// A port that is listened on and not yet served.
struct InspectorListener {
  InspectorAddress address;
  OwnedFd fd;
};

// "9229", "127.0.0.1:9229", "[::1]:0", "localhost"; empty: as it is.
Result<InspectorAddress> ParseInspectorAddress(const std::string& text);

class InspectorServer final : public LiveRuntimes::Listener {
 public:
  // Before the kernel's wall is up, which lets a program with limited permissions listen no more.
  static Result<InspectorListener> Listen(const InspectorAddress& address);
  // Starts the thread.
  static Result<std::shared_ptr<InspectorServer>> Start(InspectorListener listener,
                                                        std::shared_ptr<LiveRuntimes> live);
  ~InspectorServer() override = default;

  uint16_t port() const { return port_; }
  // "ws://127.0.0.1:9229/ws/…" of the main runtime, once it is there.
  std::string MainUrl();

  // On the runtime's thread: makes it a target, if it is none yet.
  void Attach(Runtime& runtime, const LiveRuntimes::Entry& entry);
  std::shared_ptr<InspectorAgent> AgentOf(uint64_t runtime_id);

  // The process ends: clients get what was sent to them, and are told. Returns when they have it,
  // or after so long. Not on the server's thread.
  void Finish(std::chrono::milliseconds patience);

  void RuntimeCame(Runtime& runtime, const LiveRuntimes::Entry& entry) override;
  void RuntimeGoes(Runtime& runtime, const LiveRuntimes::Entry& entry) override;

 private:
  struct Target {
    uint64_t runtime_id;
    std::string uuid;
    std::string title;
    std::string url;
    bool is_worker;
    std::shared_ptr<InspectorAgent> agent;
  };
  struct Connection;

  InspectorServer(InspectorAddress address, int listening, int wake);

  void Run();
  void Accept();
  // False: the connection is over.
  bool ReadFrom(Connection& connection);
  bool HandleHead(Connection& connection);
  bool FeedSocket(Connection& connection);
  bool WriteTo(Connection& connection);
  void End(Connection& connection);
  std::string ListAsJson(const std::string& host);
  void Wake();

  const InspectorAddress address_;
  const int listening_;
  const int wake_;
  uint16_t port_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;  // the thread's

  std::mutex mutex_;
  std::vector<Target> targets_;
  bool finishing_ = false;
  bool finished_ = false;
  std::condition_variable finished_changed_;
};

}  // namespace rt::cli
