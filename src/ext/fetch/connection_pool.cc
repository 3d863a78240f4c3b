// See the header.
#include "src/ext/fetch/connection_pool.h"

#include <algorithm>

namespace rt {
namespace {

// Of servers without a connection at rest. What is known of them is where the next one rests.
constexpr size_t kMaxIdleServers = 64;

}  // namespace

std::shared_ptr<H1Connection> ConnectionPool::Take(const std::string& key, bool repeatable) {
  const auto server = by_key_.find(key);
  if (server == by_key_.end()) return nullptr;
  while (!server->second.empty()) {
    const Entry entry = server->second.back();
    const bool is_fresh = entry->turn == loop_.turn();
    std::shared_ptr<H1Connection> connection = Remove(entry);
    // The loop may not have polled since the server closed it, and what is no idempotent request is
    // not sent twice. Of a connection that was read in this very turn nothing new is to be learned.
    if ((repeatable && is_fresh) || connection->IsQuiet()) return connection;
    connection->Close();
  }
  return nullptr;
}

void ConnectionPool::Put(const std::string& key, const std::shared_ptr<H1Connection>& connection) {
  if (by_key_.size() >= kMaxIdleServers) {
    std::erase_if(by_key_, [](const auto& each) { return each.second.empty(); });
  }
  const auto server = by_key_.try_emplace(key).first;
  if (closed_ || server->second.size() >= max_idle_) {
    connection->Close();
    return;
  }
  if (spare_.empty()) spare_.emplace_back();
  const Entry entry = spare_.begin();
  idle_.splice(idle_.end(), spare_, entry);
  *entry = {server, connection, loop_.NowMs(), loop_.turn()};
  server->second.push_back(entry);
  if (idle_.size() == 1) StartTimer();
  // Closed already: it is gone again when this returns. Nobody but the pool holds what rests in it,
  // and it stops watching when the pool ends.
  connection->WatchIdle([this, entry] { Remove(entry); });
}

std::shared_ptr<H1Connection> ConnectionPool::Remove(Entry entry) {
  std::erase(entry->server->second, entry);
  std::shared_ptr<H1Connection> connection = std::move(entry->connection);
  if (spare_.empty()) {
    spare_.splice(spare_.end(), idle_, entry);
  } else {
    idle_.erase(entry);
  }
  connection->UnwatchIdle();
  return connection;
}

void ConnectionPool::Close() {
  closed_ = true;
  timer_.Stop();
  while (!idle_.empty()) Remove(idle_.begin())->Close();
}

void ConnectionPool::StartTimer() {
  if (!timeout_ms_ || idle_.empty()) return;
  const uint64_t due = idle_.front().since_ms + *timeout_ms_;
  const uint64_t now = loop_.NowMs();
  timer_.Start(due > now ? due - now : 0, [this] { Expire(); });
}

void ConnectionPool::Expire() {
  const uint64_t now = loop_.NowMs();
  while (!idle_.empty() && idle_.front().since_ms + *timeout_ms_ <= now) {
    Remove(idle_.begin())->Close();
  }
  StartTimer();
}

}  // namespace rt
