// See the header.
#include "src/ext/net/connect.h"

#include <memory>

#include "src/loop/event.h"
#include "src/loop/loop_timer.h"

namespace rt {
namespace {

// The attempts under way. Lives in the frame of ConnectToAny.
class Race {
 public:
  Race(Loop& loop, GrantedAddresses addresses, ConnectOptions& options)
      : loop_(loop), addresses_(std::move(addresses)), options_(options), timer_(loop) {}

  Task<Result<Ref<SocketStream>>> Run() {
    const auto registration = options_.cancel.OnCancel([this] { Wake(); });
    StartNext();
    for (;;) {
      if (options_.cancel.cancelled()) co_return InterruptedError();
      if (auto winner = TakeWinner()) {
        co_return MakeResource<SocketStream>(loop_, std::move(winner), SocketStream::Kind::kTcp);
      }
      if (attempts_.empty()) {
        if (next_ == addresses_.size()) co_return std::move(*last_error_);
        StartNext();
        continue;
      }
      if (delay_over_ && next_ < addresses_.size()) {
        StartNext();
        continue;
      }
      co_await wake_;
    }
  }

 private:
  struct Attempt final : IoWaiter {
    Race* race = nullptr;
    std::unique_ptr<SocketPoll> poll;
    bool ready = false;
    void OnIoReady() override {
      ready = true;
      race->Wake();
    }
  };

  void Wake() { wake_.Set(true); }

  void StartNext() {
    delay_over_ = false;
    const GrantedSocketAddress& address = addresses_[next_++];
    auto attempt = std::make_unique<Attempt>();
    attempt->race = this;
    auto connecting = ConnectTcpSocket(address, options_.from);
    if (!connecting.ok()) return Fail(connecting.TakeError());
    attempt->ready = !connecting->pending;
    auto poll = SocketPoll::Create(loop_, connecting->fd.Release());
    if (!poll.ok()) return Fail(poll.TakeError());
    attempt->poll = std::move(poll).value();
    if (!attempt->ready) attempt->poll->Wait(IoDirection::kWrite, attempt.get());
    attempts_.push_back(std::move(attempt));
    if (next_ < addresses_.size()) {
      timer_.Start(options_.attempt_delay_ms, [this] {
        delay_over_ = true;
        Wake();
      });
    }
  }

  void Fail(Error error) {
    last_error_ = std::move(error);
    // No need to wait for the delay: the next may start.
    delay_over_ = true;
  }

  // The first attempt that is connected; those that failed are taken out.
  std::unique_ptr<SocketPoll> TakeWinner() {
    for (size_t i = 0; i < attempts_.size();) {
      Attempt& attempt = *attempts_[i];
      if (!attempt.ready) {
        ++i;
        continue;
      }
      attempt.ready = false;
      auto finished = FinishConnect(attempt.poll->fd());
      if (!finished.ok()) {
        Fail(finished.TakeError());
        attempts_.erase(attempts_.begin() + static_cast<ptrdiff_t>(i));
      } else if (*finished) {
        return std::move(attempt.poll);
      } else {
        attempt.poll->Wait(IoDirection::kWrite, &attempt);
        ++i;
      }
    }
    return nullptr;
  }

  Loop& loop_;
  GrantedAddresses addresses_;
  ConnectOptions& options_;
  size_t next_ = 0;
  std::vector<std::unique_ptr<Attempt>> attempts_;
  std::optional<Error> last_error_;
  bool delay_over_ = false;
  LoopTimer timer_;
  Signal<bool> wake_;
};

bool IsV6(const GrantedSocketAddress& address) {
  return address->storage.ss_family == AF_INET6;
}

}  // namespace

GrantedAddresses InterleaveFamilies(GrantedAddresses addresses) {
  GrantedAddresses v6;
  GrantedAddresses v4;
  for (GrantedSocketAddress& address : addresses) {
    (IsV6(address) ? v6 : v4).push_back(std::move(address));
  }
  GrantedAddresses mixed;
  for (size_t i = 0; i < v6.size() || i < v4.size(); ++i) {
    if (i < v6.size()) mixed.push_back(std::move(v6[i]));
    if (i < v4.size()) mixed.push_back(std::move(v4[i]));
  }
  return mixed;
}

Task<Result<Ref<SocketStream>>> ConnectToAny(Loop& loop, GrantedAddresses addresses,
                                             ConnectOptions options) {
  if (options.race) {
    addresses = InterleaveFamilies(std::move(addresses));
  } else {
    addresses.erase(addresses.begin() + 1, addresses.end());
  }
  Race race(loop, std::move(addresses), options);
  co_return co_await race.Run();
}

Task<Result<Ref<SocketStream>>> ConnectTcp(Loop& loop, Permissions& permissions,
                                           Granted<Perm::kNet, HostPort> host,
                                           ConnectOptions options) {
  RT_CO_TRY(GrantedAddresses addresses,
            co_await LookupHost(loop, permissions, std::move(host), SOCK_STREAM, options.cancel));
  co_return co_await ConnectToAny(loop, std::move(addresses), std::move(options));
}

}  // namespace rt
