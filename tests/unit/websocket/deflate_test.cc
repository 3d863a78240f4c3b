// permessage-deflate: messages there and back, bombs, and what may be negotiated.
#include "src/websocket/deflate.h"

#include <gtest/gtest.h>

#include "src/websocket/receiver.h"

namespace rt::ws {
namespace {

constexpr uint8_t kMask[4] = {1, 2, 3, 4};

struct Last final : ReceiverListener {
  bool OnMessage(IncomingMessage message) override {
    payload = std::string(message.payload);
    ++count;
    return true;
  }
  bool OnPing(std::string_view) override { return true; }
  bool OnPong(std::string_view) override { return true; }
  void OnClose(uint16_t, std::string_view) override {}
  std::string payload;
  int count = 0;
};

int Feed(Receiver& receiver, std::string bytes, Last& last) {
  const auto fed = receiver.Feed({reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()}, last);
  return fed.failure ? fed.failure->code : 0;
}

std::string Compressed(Deflater& deflater, std::string_view message) {
  std::string out;
  deflater.Compress(message, &out);
  return out;
}

TEST(Deflate, ThereAndBack) {
  for (const bool fresh : {false, true}) {
    DeflateParams params;
    params.client_no_context_takeover = fresh;
    Deflater deflater(15, fresh);
    Receiver receiver({.deflate = params});
    Last last;
    for (const std::string& message :
         {std::string("hello"), std::string(), std::string("hello"), std::string(300'000, 'z')}) {
      const std::string frame =
          MakeFrame(Opcode::kText, Compressed(deflater, message), kMask, {.compressed = true});
      EXPECT_EQ(Feed(receiver, frame, last), 0);
      EXPECT_EQ(last.payload, message);
    }
    EXPECT_EQ(last.count, 4);
  }
}

TEST(Deflate, OneMessageInFragments) {
  Deflater deflater(15, true);
  const std::string body = Compressed(deflater, "fragments of one compressed message");
  Receiver receiver({.deflate = DeflateParams{}});
  Last last;
  EXPECT_EQ(
      Feed(receiver,
           MakeFrame(Opcode::kText, body.substr(0, 5), kMask, {.fin = false, .compressed = true}) +
               MakeFrame(Opcode::kContinuation, body.substr(5), kMask),
           last),
      0);
  EXPECT_EQ(last.payload, "fragments of one compressed message");
}

TEST(Deflate, ABombStopsAtTheLimit) {
  Deflater deflater(15, true);
  const std::string body = Compressed(deflater, std::string(50'000'000, '\0'));
  ASSERT_LT(body.size(), 60'000u);
  Receiver receiver({.max_message_size = 1'000'000, .deflate = DeflateParams{}});
  Last last;
  EXPECT_EQ(Feed(receiver, MakeFrame(Opcode::kBinary, body, kMask, {.compressed = true}), last),
            kMessageTooBig);
  EXPECT_EQ(last.count, 0);
  EXPECT_LE(receiver.held_bytes(), 4'000'000u);
}

TEST(Deflate, ExactlyTheLimitIsAllowed) {
  Deflater deflater(15, true);
  Receiver receiver({.max_message_size = 100'000, .deflate = DeflateParams{}});
  Last last;
  const std::string full(100'000, 'a');
  EXPECT_EQ(
      Feed(receiver,
           MakeFrame(Opcode::kBinary, Compressed(deflater, full), kMask, {.compressed = true}),
           last),
      0);
  EXPECT_EQ(last.payload.size(), full.size());
}

TEST(Deflate, GarbageAndBadTextAreRefused) {
  Deflater deflater(15, true);
  Last last;
  Receiver garbage({.deflate = DeflateParams{}});
  EXPECT_EQ(Feed(garbage, MakeFrame(Opcode::kText, "\xff\xff\xff\xff", kMask, {.compressed = true}),
                 last),
            kInvalidPayload);
  Receiver text({.deflate = DeflateParams{}});
  EXPECT_EQ(
      Feed(text,
           MakeFrame(Opcode::kText, Compressed(deflater, "\xff"), kMask, {.compressed = true}),
           last),
      kInvalidPayload);
  // RSV1 is for the first frame of a data message alone.
  Receiver control({.deflate = DeflateParams{}});
  EXPECT_EQ(Feed(control, MakeFrame(Opcode::kPing, "", kMask, {.compressed = true}), last),
            kProtocolError);
}

TEST(Deflate, AFinalBlockEndsNoConnection) {
  // "Hello" as in RFC 7692 section 7.2.3.4: a block with BFINAL, then an empty byte.
  const std::string body("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8);
  Receiver receiver({.deflate = DeflateParams{}});
  Last last;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Feed(receiver, MakeFrame(Opcode::kText, body, kMask, {.compressed = true}), last), 0);
    EXPECT_EQ(last.payload, "Hello");
  }
}

TEST(DeflateParams, Offers) {
  EXPECT_TRUE(AcceptDeflateOffer("permessage-deflate"));
  EXPECT_TRUE(AcceptDeflateOffer("permessage-deflate; client_max_window_bits"));
  EXPECT_TRUE(AcceptDeflateOffer("foo; bar=\"x\", permessage-deflate; server_max_window_bits=10"));
  EXPECT_EQ(
      AcceptDeflateOffer("permessage-deflate; server_max_window_bits=10")->server_max_window_bits,
      10);
  EXPECT_FALSE(AcceptDeflateOffer(""));
  EXPECT_FALSE(AcceptDeflateOffer("x-webkit-deflate-frame"));
  EXPECT_FALSE(AcceptDeflateOffer("permessage-deflate; server_max_window_bits=8"));
  EXPECT_FALSE(AcceptDeflateOffer("permessage-deflate; server_max_window_bits=16"));
  EXPECT_FALSE(AcceptDeflateOffer("permessage-deflate; server_max_window_bits"));
  EXPECT_FALSE(AcceptDeflateOffer("permessage-deflate; unknown"));
  EXPECT_FALSE(AcceptDeflateOffer("permessage-deflate; server_no_context_takeover=1"));
  EXPECT_FALSE(AcceptDeflateOffer("permessage-deflate;;"));
  // The second offer is one that can be met.
  EXPECT_TRUE(
      AcceptDeflateOffer("permessage-deflate; server_max_window_bits=8, "
                         "permessage-deflate"));
}

TEST(DeflateParams, Answers) {
  EXPECT_EQ(ReadDeflateAnswer("").kind, AnswerKind::kNone);
  EXPECT_EQ(ReadDeflateAnswer("permessage-deflate").kind, AnswerKind::kDeflate);
  EXPECT_EQ(ReadDeflateAnswer("permessage-deflate; client_max_window_bits=12")
                .params.client_max_window_bits,
            12);
  for (const char* bad :
       {"foo", "permessage-deflate, permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8", "permessage-deflate; x", ";",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover"}) {
    EXPECT_EQ(ReadDeflateAnswer(bad).kind, AnswerKind::kInvalid) << bad;
  }
  const auto params = AcceptDeflateOffer("permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(DeflateAnswer(*params),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "server_max_window_bits=10");
}

}  // namespace
}  // namespace rt::ws
