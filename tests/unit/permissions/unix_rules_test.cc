// Deny rules of `net` for unix sockets: the socket is hit whatever it is called, and keeps its
// name.
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "src/permissions/meta_sinks.h"
#include "src/permissions/net_sinks.h"
#include "src/permissions/sinks.h"
#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

// A socket that somebody listens on.
class UnixRules : public ::testing::Test {
 protected:
  UnixRules() {
    folder_.Folder("run");
    Listen("run/denied.sock");
    Listen("run/open.sock");
  }

  void Listen(const std::string& name) {
    OwnedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_ / name;
    ASSERT_LT(path.size(), sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    ASSERT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(listen(fd.get(), 1), 0);
    sockets_.push_back(std::move(fd));
  }

  Permissions Deny(const std::string& rule) const {
    PermissionOptions options;
    for (const Perm perm : {Perm::kRead, Perm::kWrite, Perm::kNet}) options[perm].allow_all = true;
    options[Perm::kNet].deny_list = {rule};
    return Make(options);
  }
  Permissions DenySocket() const { return Deny("unix:" + (folder_ / "run/denied.sock")); }

  Result<GrantedConnectUnix> Connect(Permissions& permissions, const std::string& name) const {
    return GrantAccess::CheckConnectUnix(permissions, folder_ / name, "");
  }

  TempFolder folder_;
  std::vector<OwnedFd> sockets_;
};

TEST_F(UnixRules, S26_OtherNamesOfADeniedSocket) {
  Permissions permissions = DenySocket();
  folder_.Link("soft.sock", "run/denied.sock");
  folder_.Link("way", "run");
  ASSERT_EQ(link((folder_ / "run/denied.sock").c_str(), (folder_ / "hard.sock").c_str()), 0);
  for (const char* name : {"run/denied.sock", "soft.sock", "way/denied.sock", "hard.sock"}) {
    EXPECT_TRUE(IsNotCapable(Connect(permissions, name))) << name;
  }
  EXPECT_TRUE(Connect(permissions, "run/open.sock").ok());
  // Renamed by somebody else, and its folder.
  ASSERT_EQ(rename((folder_ / "run/denied.sock").c_str(), (folder_ / "run/moved").c_str()), 0);
  EXPECT_TRUE(IsNotCapable(Connect(permissions, "run/moved")));
  ASSERT_EQ(rename((folder_ / "run").c_str(), (folder_ / "elsewhere").c_str()), 0);
  EXPECT_TRUE(IsNotCapable(Connect(permissions, "elsewhere/moved")));
  EXPECT_TRUE(Connect(permissions, "elsewhere/open.sock").ok());
}

TEST_F(UnixRules, S26_ASocketMadeAfterTheStart) {
  std::filesystem::remove(folder_ / "run/denied.sock");
  Permissions permissions = DenySocket();
  Listen("run/denied.sock");
  ASSERT_EQ(link((folder_ / "run/denied.sock").c_str(), (folder_ / "hard.sock").c_str()), 0);
  EXPECT_TRUE(IsNotCapable(Connect(permissions, "hard.sock")));
}

TEST_F(UnixRules, S35_ADeniedSocketKeepsItsName) {
  Permissions permissions = DenySocket();
  const auto rename = [&](const char* from, const char* to) {
    auto source = GrantAccess::CheckEntryReadWrite(permissions, folder_ / from, "");
    auto target = Entry<Perm::kWrite>(permissions, folder_ / to);
    if (!source.ok()) return Result<void>(source.TakeError());
    if (!target.ok()) return Result<void>(target.TakeError());
    return Rename(*source, *target, "rename");
  };
  EXPECT_TRUE(IsNotCapable(rename("run/denied.sock", "run/moved")));
  EXPECT_TRUE(IsNotCapable(rename("run", "elsewhere")));
  EXPECT_TRUE(rename("run/open.sock", "run/moved").ok());
  auto from = GrantAccess::CheckEntryReadWrite(permissions, folder_ / "run/denied.sock", "");
  auto to = GrantAccess::CheckEntryReadWrite(permissions, folder_ / "hard.sock", "");
  ASSERT_TRUE(from.ok() && to.ok());
  EXPECT_TRUE(IsNotCapable(Link(*from, *to, "link")));
  // Nor is there a way to make a link to it.
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckEverything<Perm::kWrite>(permissions, "")));
}

// A link that is changed between the two questions.
TEST_F(UnixRules, S26_TheFileThatWasFoundIsTheOneThatIsJudged) {
  Permissions permissions = DenySocket();
  folder_.Link("link", "run/denied.sock");
  auto found = GrantAccess::CheckPathReadWrite(permissions, folder_ / "link", "");
  ASSERT_TRUE(found.ok());
  std::filesystem::remove(folder_ / "link");
  folder_.Link("link", "run/open.sock");
  ASSERT_TRUE(Connect(permissions, "link").ok());
  EXPECT_TRUE(IsNotCapable(CheckSocketPlace(permissions, **found, NetUse::kConnect, "")));
  auto open = GrantAccess::CheckPathReadWrite(permissions, folder_ / "link", "");
  ASSERT_TRUE(open.ok());
  EXPECT_TRUE(CheckSocketPlace(permissions, **open, NetUse::kConnect, "").ok());
}

TEST_F(UnixRules, S25_OneUseDenied) {
  Permissions permissions = Deny("listen:unix:" + (folder_ / "run/denied.sock"));
  ASSERT_EQ(link((folder_ / "run/denied.sock").c_str(), (folder_ / "hard.sock").c_str()), 0);
  EXPECT_TRUE(Connect(permissions, "run/denied.sock").ok());
  EXPECT_TRUE(Connect(permissions, "hard.sock").ok());
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckListenUnix(permissions, folder_ / "hard.sock", "")));
}

}  // namespace
}  // namespace rt::test
