// A connection with a filter: everything goes through it, and it is told when nothing has for a
// while.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "src/ext/http/engine/wire_filter.h"
#include "tests/unit/http/server_fixture.h"

namespace rt::http {
namespace {

std::string Mirrored(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out) c = static_cast<char>(c ^ 0x55);
  return out;
}

// Both directions are XORed; counts.
class Mirror final : public WireFilter {
 public:
  explicit Mirror(int* rests) : rests_(rests) {}
  State Receive(std::string_view bytes, std::string* plain, Output*) override {
    plain->append(Mirrored(bytes));
    return State::kOpen;
  }
  bool Send(std::string_view plain, Output* wire) override {
    wire->Append(Mirrored(plain));
    return true;
  }
  void End(Output*) override {}
  void Rest() override { ++*rests_; }

 private:
  int* rests_;
};

class WireFilterTest : public ServerTest {
 protected:
  void ListenMirrored(Limits limits = {}) {
    Listen(limits, [this] { return std::make_unique<Mirror>(&rests_); });
    AnswerPlain();
  }
  bool Ask(Client& client) {
    client.received.clear();
    client.Send(Mirrored("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    return Expect(client, Mirrored("\r\n\r\nok"));
  }
  int rests_ = 0;
};

TEST_F(WireFilterTest, BothDirectionsGoThroughIt) {
  ListenMirrored();
  Client client(port_);
  ASSERT_TRUE(Ask(client));
  EXPECT_TRUE(Mirrored(client.received).starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(WireFilterTest, RestsOnceEachTimeNothingMovedForAWhile) {
  Limits limits;
  limits.header_timeout_ms = 200;  // a tick comes four times in the shortest limit
  ListenMirrored(limits);
  Client client(port_);
  ASSERT_TRUE(Ask(client));
  ASSERT_TRUE(Until([&] { return rests_ > 0; }));
  Run(400);
  EXPECT_EQ(rests_, 1);
  ASSERT_TRUE(Ask(client)) << "it works again afterwards";
  ASSERT_TRUE(Until([&] { return rests_ > 1; }));
}

TEST_F(WireFilterTest, DoesNotRestWhileItWorks) {
  Limits limits;
  limits.header_timeout_ms = 2000;
  ListenMirrored(limits);
  Client client(port_);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(Ask(client));
    Run(50);
  }
  EXPECT_EQ(rests_, 0);
}

}  // namespace
}  // namespace rt::http
