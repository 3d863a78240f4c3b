// See the header.
#include "src/ext/fetch/connection_pool.h"

#include <algorithm>

namespace rt {

std::shared_ptr<H1Connection> ConnectionPool::Take(const std::string& key) {
  for (;;) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    std::shared_ptr<H1Connection> connection = Remove(found->second.back());
    // The loop may not have polled since the server closed it, and what is no idempotent request is
    // not sent twice.
    if (connection->IsQuiet()) return connection;
    connection->Close();
  }
}

void ConnectionPool::Put(const std::string& key, const std::shared_ptr<H1Connection>& connection) {
  auto& same = by_key_[key];
  if (closed_ || same.size() >= max_idle_) {
    if (same.empty()) by_key_.erase(key);
    connection->Close();
    return;
  }
  idle_.push_back({key, connection, loop_.NowMs()});
  const Entry entry = std::prev(idle_.end());
  same.push_back(entry);
  if (idle_.size() == 1) StartTimer();
  // Closed already: it is gone again when this returns.
  connection->WatchIdle([weak = weak_from_this(), entry] {
    if (const auto self = weak.lock()) self->Remove(entry);
  });
}

std::shared_ptr<H1Connection> ConnectionPool::Remove(Entry entry) {
  const auto found = by_key_.find(entry->key);
  std::erase(found->second, entry);
  if (found->second.empty()) by_key_.erase(found);
  std::shared_ptr<H1Connection> connection = std::move(entry->connection);
  idle_.erase(entry);
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
