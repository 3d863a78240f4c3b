// Happy Eyeballs (RFC 8305): the order of addresses, moving on from one that fails or is silent,
// and cancelling.
#include "src/ext/net/connect.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "src/ext/net/addresses.h"

namespace rt {
namespace {

class ConnectTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = Loop::Create();
    ASSERT_TRUE(loop.ok());
    loop_ = std::move(loop).value();
    PermissionOptions options;
    options.AllowAll();
    auto permissions = Permissions::FromOptions(options);
    ASSERT_TRUE(permissions.ok());
    permissions_.emplace(std::move(permissions).value());
  }

  GrantedSocketAddress Grant(const char* ip, uint16_t port) {
    auto host = GrantAccess::CheckNet(*permissions_, {ip, port}, "test");
    RT_CHECK(host.ok());
    const SocketAddress address = ToSocketAddress(*IpAddress::Parse(ip), port);
    auto granted = GrantAccess::CheckResolved(*permissions_, *host, address.get(), address.length);
    RT_CHECK(granted.ok());
    return std::move(granted).value();
  }

  uint16_t PortOf(const OwnedFd& fd) {
    return static_cast<uint16_t>(ToInetName(LocalAddressOf(fd.get())).port);
  }
  OwnedFd Listen(int backlog = 16) {
    auto fd = ListenTcpSocket(Grant("127.0.0.1", 0), {.backlog = backlog, .reuse_port = false});
    RT_CHECK(fd.ok());
    return std::move(fd).value();
  }

  Result<Ref<SocketStream>> Finish(Task<Result<Ref<SocketStream>>> task) {
    task.Start(nullptr);
    while (!task.done()) loop_->Poll(true);
    return task.TakeValue();
  }

  std::unique_ptr<Loop> loop_;
  std::optional<Permissions> permissions_;
};

TEST_F(ConnectTest, FamiliesAlternateV6First) {
  const GrantedAddresses mixed =
      InterleaveFamilies({Grant("192.0.2.1", 1), Grant("192.0.2.2", 1), Grant("2001:db8::1", 1),
                          Grant("192.0.2.3", 1)});
  std::string order;
  for (const auto& address : mixed) order += ToInetName(address->storage).hostname + " ";
  EXPECT_EQ(order, "2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3 ");
}

TEST_F(ConnectTest, GoesOnFromARefusedAddress) {
  const OwnedFd listener = Listen();
  auto connected =
      Finish(ConnectToAny(*loop_, {Grant("::1", 1), Grant("127.0.0.1", PortOf(listener))}, {}));
  ASSERT_TRUE(connected.ok());
  EXPECT_EQ(ToInetName(PeerAddressOf((*connected)->fd())).hostname, "127.0.0.1");
}

TEST_F(ConnectTest, WithoutARaceOnlyTheFirst) {
  const OwnedFd listener = Listen();
  ConnectOptions options;
  options.race = false;
  auto connected = Finish(
      ConnectToAny(*loop_, {Grant("127.0.0.1", 1), Grant("127.0.0.1", PortOf(listener))}, options));
  ASSERT_FALSE(connected.ok());
  EXPECT_EQ(connected.error().error_class, ErrorClass::kConnectionRefused);
}

TEST_F(ConnectTest, AllRefused) {
  auto connected = Finish(ConnectToAny(*loop_, {Grant("127.0.0.1", 1), Grant("::1", 1)}, {}));
  ASSERT_FALSE(connected.ok());
  EXPECT_EQ(connected.error().message, "Connection refused (os error 111)");
}

TEST_F(ConnectTest, CancelledBeforeItStarts) {
  CancelSource source;
  source.Cancel();
  const OwnedFd listener = Listen();
  ConnectOptions options;
  options.cancel = source.token();
  auto connected = Finish(ConnectToAny(*loop_, {Grant("127.0.0.1", PortOf(listener))}, options));
  ASSERT_FALSE(connected.ok());
  EXPECT_EQ(connected.error().error_class, ErrorClass::kInterrupted);
}

TEST_F(ConnectTest, ADroppedAttemptLeavesNothing) {
  const OwnedFd listener = Listen();
  {
    auto task = ConnectToAny(*loop_, {Grant("127.0.0.1", PortOf(listener))}, {});
    task.Start(nullptr);
  }
  loop_->Poll(false);
}

}  // namespace
}  // namespace rt
