// What Receiver makes of frames, good and bad, however they are cut.
#include "src/websocket/receiver.h"

#include <gtest/gtest.h>

#include <vector>

namespace rt::ws {
namespace {

constexpr uint8_t kMask[4] = {0x12, 0x34, 0x56, 0x78};

struct Log final : ReceiverListener {
  bool OnMessage(IncomingMessage message) override {
    events.push_back((message.text ? "text:" : "binary:") + std::string(message.payload));
    ascii = message.ascii;
    return !pause;
  }
  bool OnPing(std::string_view payload) override {
    events.push_back("ping:" + std::string(payload));
    return true;
  }
  bool OnPong(std::string_view payload) override {
    events.push_back("pong:" + std::string(payload));
    return true;
  }
  void OnClose(uint16_t code, std::string_view reason) override {
    events.push_back("close:" + std::to_string(code) + ":" + std::string(reason));
  }
  std::vector<std::string> events;
  bool ascii = false;
  bool pause = false;
};

std::span<uint8_t> Span(std::string& bytes) {
  return {reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()};
}

// All at once; the code of the failure, or 0.
int FeedAll(Receiver& receiver, std::string bytes, Log& log) {
  const auto fed = receiver.Feed(Span(bytes), log);
  return fed.failure ? fed.failure->code : 0;
}

int FailureOf(std::string bytes, ReceiverOptions options = {}) {
  Receiver receiver(std::move(options));
  Log log;
  return FeedAll(receiver, std::move(bytes), log);
}

std::string FromClient(Opcode opcode, std::string_view payload, FrameOptions options = {}) {
  return MakeFrame(opcode, payload, kMask, options);
}

TEST(Receiver, FramesInOnePieceAndByteByByte) {
  const std::string longer(70'000, 'x');
  const std::string bytes =
      FromClient(Opcode::kText, "hello") + FromClient(Opcode::kPing, "p") +
      FromClient(Opcode::kText, "Gr\xc3", {.fin = false}) + FromClient(Opcode::kPong, "") +
      FromClient(Opcode::kContinuation, "\xbc\xc3", {.fin = false}) +
      FromClient(Opcode::kContinuation,
                 "\x9f"
                 "e") +
      FromClient(Opcode::kBinary, longer) + FromClient(Opcode::kBinary, std::string(200, 'y')) +
      FromClient(Opcode::kText, "") + FromClient(Opcode::kClose, ClosePayload(1000, "bye"));
  const std::vector<std::string> expected = {"text:hello",
                                             "ping:p",
                                             "pong:",
                                             "text:Gr\xc3\xbc\xc3\x9f"
                                             "e",
                                             "binary:" + longer,
                                             "binary:" + std::string(200, 'y'),
                                             "text:",
                                             "close:1000:bye"};
  for (const size_t step : {size_t{1}, size_t{2}, size_t{7}, size_t{4096}, bytes.size()}) {
    Receiver receiver({});
    Log log;
    for (size_t at = 0; at < bytes.size(); at += step) {
      std::string piece = bytes.substr(at, step);
      const auto fed = receiver.Feed(Span(piece), log);
      ASSERT_FALSE(fed.failure) << step << ": " << fed.failure->reason;
      ASSERT_EQ(fed.used, piece.size());
    }
    EXPECT_EQ(log.events, expected) << step;
    EXPECT_TRUE(receiver.closed());
  }
}

TEST(Receiver, SaysWhetherTextIsAscii) {
  Receiver receiver({});
  Log log;
  EXPECT_EQ(FeedAll(receiver, FromClient(Opcode::kText, std::string(99, 'a')), log), 0);
  EXPECT_TRUE(log.ascii);
  EXPECT_EQ(FeedAll(receiver, FromClient(Opcode::kText, "\xc3\xa4"), log), 0);
  EXPECT_FALSE(log.ascii);
}

TEST(Receiver, StopsAfterAMessageWhenTold) {
  Receiver receiver({});
  Log log;
  log.pause = true;
  const std::string one = FromClient(Opcode::kText, "1");
  std::string bytes = one + FromClient(Opcode::kText, "2");
  const auto fed = receiver.Feed(Span(bytes), log);
  EXPECT_EQ(fed.used, one.size());
  EXPECT_EQ(log.events, std::vector<std::string>{"text:1"});
  EXPECT_EQ(receiver.Feed(Span(bytes).subspan(fed.used), log).used, bytes.size() - one.size());
  EXPECT_EQ(log.events.back(), "text:2");
}

TEST(Receiver, RefusesTheWrongMasking) {
  EXPECT_EQ(FailureOf(MakeFrame(Opcode::kText, "a")), kProtocolError);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kText, "a"), {.role = Role::kClient}), kProtocolError);
  EXPECT_EQ(FailureOf(MakeFrame(Opcode::kText, "a"), {.role = Role::kClient}), 0);
}

TEST(Receiver, RefusesReservedBitsAndOpcodes) {
  for (const int bits : {0x40, 0x20, 0x10}) {
    std::string frame = FromClient(Opcode::kText, "a");
    frame[0] = static_cast<char>(frame[0] | bits);
    EXPECT_EQ(FailureOf(frame), kProtocolError) << bits;
  }
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    EXPECT_EQ(FailureOf(FromClient(static_cast<Opcode>(opcode), "")), kProtocolError) << opcode;
  }
  // The first bytes are enough: nobody waits for a header that cannot become right.
  EXPECT_EQ(FailureOf(FromClient(static_cast<Opcode>(3), "").substr(0, 2)), kProtocolError);
}

TEST(Receiver, RefusesBadControlFrames) {
  EXPECT_EQ(FailureOf(FromClient(Opcode::kPing, "", {.fin = false})), kProtocolError);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kPing, std::string(126, 'x'))), kProtocolError);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kPing, std::string(125, 'x'))), 0);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kClose, "x")), kProtocolError);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kClose, ClosePayload(1000, "\xff"))), kInvalidPayload);
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code)};
    EXPECT_EQ(FailureOf(FromClient(Opcode::kClose, payload)), kProtocolError) << code;
  }
  for (const int code : {1000, 1003, 1007, 1014, 3000, 4999}) {
    std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code)};
    EXPECT_EQ(FailureOf(FromClient(Opcode::kClose, payload)), 0) << code;
  }
}

TEST(Receiver, RefusesFragmentsOutOfOrder) {
  EXPECT_EQ(FailureOf(FromClient(Opcode::kContinuation, "a")), kProtocolError);
  EXPECT_EQ(
      FailureOf(FromClient(Opcode::kText, "a", {.fin = false}) + FromClient(Opcode::kText, "b")),
      kProtocolError);
}

TEST(Receiver, RefusesTextThatIsNotUtf8) {
  for (const char* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
                           "\xf0\x80\x80\x80", "a\x80"}) {
    EXPECT_EQ(FailureOf(FromClient(Opcode::kText, text)), kInvalidPayload) << text;
  }
  // At once, not at the end of the message.
  EXPECT_EQ(FailureOf(FromClient(Opcode::kText, "\xff", {.fin = false})), kInvalidPayload);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kBinary, "\xff")), 0);
}

TEST(Receiver, RefusesMessagesBeyondTheLimit) {
  const ReceiverOptions options{.max_message_size = 100};
  EXPECT_EQ(FailureOf(FromClient(Opcode::kBinary, std::string(100, 'x')), options), 0);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kBinary, std::string(101, 'x')), options), kMessageTooBig);
  // By the header alone.
  EXPECT_EQ(FailureOf(FromClient(Opcode::kBinary, std::string(101, 'x')).substr(0, 6), options),
            kMessageTooBig);
  EXPECT_EQ(FailureOf(FromClient(Opcode::kBinary, std::string(60, 'x'), {.fin = false}) +
                          FromClient(Opcode::kContinuation, std::string(60, 'x')),
                      options),
            kMessageTooBig);
}

TEST(Receiver, RefusesImpossibleLengths) {
  const std::string mask(4, '\0');
  EXPECT_EQ(FailureOf(std::string("\x82\xff\x80\0\0\0\0\0\0\0", 10) + mask), kProtocolError);
  EXPECT_EQ(FailureOf(std::string("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10) + mask),
            kMessageTooBig);
  // Not the shortest form.
  EXPECT_EQ(FailureOf(std::string("\x82\xfe\x00\x05", 4) + mask), kProtocolError);
  EXPECT_EQ(FailureOf(std::string("\x82\xff\0\0\0\0\0\0\x01\0", 10) + mask), kProtocolError);
}

TEST(Receiver, EmptyFragmentsWithoutEndAreRefused) {
  Receiver receiver({});
  Log log;
  int failure = FeedAll(receiver, FromClient(Opcode::kText, "", {.fin = false}), log);
  std::string flood;
  for (int i = 0; i < 1024; ++i) flood += FromClient(Opcode::kContinuation, "", {.fin = false});
  for (int i = 0; i < 300 && failure == 0; ++i) failure = FeedAll(receiver, flood, log);
  EXPECT_EQ(failure, kMessageTooBig);
}

TEST(Receiver, TakesNothingAfterAFailure) {
  Receiver receiver({});
  Log log;
  EXPECT_EQ(FeedAll(receiver, MakeFrame(Opcode::kText, "a"), log), kProtocolError);
  EXPECT_EQ(FeedAll(receiver, FromClient(Opcode::kText, "a"), log), kProtocolError);
  EXPECT_TRUE(log.events.empty());
}

}  // namespace
}  // namespace rt::ws
