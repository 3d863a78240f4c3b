// ConnectionPool: connections of one HttpClient that rest between two exchanges, by what they are
// good for. One that dies, or rests too long, is closed and forgotten. Never keeps the program
// alive. Runtime's thread.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "src/ext/fetch/h1_connection.h"
#include "src/loop/loop_timer.h"

namespace rt {

class ConnectionPool {
 public:
  // No timeout: they rest as long as the peer lets them.
  ConnectionPool(Loop& loop, size_t max_idle_per_key, std::optional<uint64_t> idle_timeout_ms)
      : loop_(loop), max_idle_(max_idle_per_key), timeout_ms_(idle_timeout_ms), timer_(loop) {}
  ~ConnectionPool() { Close(); }
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // The one used last; null if there is none. `repeatable`: what is to be sent may be sent again if
  // the connection turns out to be closed.
  std::shared_ptr<H1Connection> Take(const std::string& key, bool repeatable);
  // Takes a connection that is free, or closes it.
  void Put(const std::string& key, const std::shared_ptr<H1Connection>& connection);
  // Closes what rests, and from now on what comes back.
  void Close();

  size_t idle() const { return idle_.size(); }

 private:
  struct Idle;
  using Entry = std::list<Idle>::iterator;
  using Servers = std::map<std::string, std::vector<Entry>, std::less<>>;
  struct Idle {
    Servers::iterator server;
    std::shared_ptr<H1Connection> connection;
    uint64_t since_ms;
    uint64_t turn;
  };

  std::shared_ptr<H1Connection> Remove(Entry entry);
  void Expire();
  void StartTimer();

  Loop& loop_;
  size_t max_idle_;
  std::optional<uint64_t> timeout_ms_;
  LoopTimer timer_;
  bool closed_ = false;
  std::list<Idle> idle_;   // the one that rests longest first
  std::list<Idle> spare_;  // a node for the next one: under load they come and go all the time
  Servers by_key_;
};

}  // namespace rt
