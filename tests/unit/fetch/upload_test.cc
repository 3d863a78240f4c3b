// Request bodies, and cancelling at every moment while both directions of a connection are waited
// for.
#include "src/ext/fetch/upload_channel.h"
#include "tests/unit/fetch/client_fixture.h"

namespace rt {
namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class UploadTest : public ClientTest {
 protected:
  HttpRequest PostTo(uint16_t port) { return RequestTo(port, "POST"); }
};

TEST_F(UploadTest, BytesHaveALength) {
  auto& server = Serve({{{"hello", kOk}}});
  HttpRequest request = PostTo(server.port());
  request.body = Bytes::Copy("hello");
  auto response = Send(std::move(request));
  EXPECT_EQ(Text(response), "ok");
  EXPECT_NE(server.received(0).find("\r\ncontent-length: 5\r\n\r\nhello"), std::string::npos);
  EXPECT_EQ(client_->idle_connections(), 1u);
}

TEST_F(UploadTest, PiecesAreChunked) {
  auto& server = Serve({{{"0\r\n\r\n", kOk}}});
  auto channel = MakeResource<UploadChannel>(std::nullopt);
  HttpRequest request = PostTo(server.port());
  request.source = channel->source();
  auto sending = client_->Send(std::move(request));
  sending.Start(nullptr);
  EXPECT_EQ(*Finish(channel->Write(Bytes::Copy("hello"))), 5u);
  EXPECT_EQ(*Finish(channel->Write(Bytes::Copy("!"))), 1u);
  EXPECT_TRUE(Finish(channel->CloseWrite()).ok());
  while (!sending.done()) loop_->Poll(true);
  auto response = sending.TakeValue();
  EXPECT_EQ(Text(response), "ok");
  EXPECT_NE(server.received(0).find("\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"),
            std::string::npos);
}

TEST_F(UploadTest, AChannelThatIsDroppedFailsTheRequest) {
  auto& server = Serve({{{"never", kOk}}});
  auto channel = MakeResource<UploadChannel>(std::nullopt);
  HttpRequest request = PostTo(server.port());
  request.source = channel->source();
  auto sending = client_->Send(std::move(request));
  sending.Start(nullptr);
  while (server.connections() == 0) loop_->Poll(true);
  Turn();
  channel->Close();
  while (!sending.done()) loop_->Poll(true);
  auto response = sending.TakeValue();
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().message, "the request's body was aborted");
}

TEST_F(UploadTest, AnswerBeforeTheEnd) {
  auto& server = Serve({{{"\r\n\r\n", kOk}}});
  auto channel = MakeResource<UploadChannel>(std::nullopt);
  HttpRequest request = PostTo(server.port());
  request.source = channel->source();
  auto response = Send(std::move(request));
  EXPECT_EQ(Text(response), "ok");
  EXPECT_EQ(client_->idle_connections(), 0u);  // the peer still expects the body
  auto written = Finish(channel->Write(Bytes::Copy("late")));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().error_class, ErrorClass::kBrokenPipe);
}

TEST_F(UploadTest, CancelledWhileBothDirectionsWait) {
  // The server reads nothing, so that the upload waits to write while the head is waited for.
  auto& server = Serve({{{"", ""}}});
  for (const size_t turns : {0u, 1u, 3u, 10u}) {
    CancelSource source;
    HttpRequest request = PostTo(server.port());
    request.body = Bytes::Allocate(64 << 20);
    request.cancel = source.token();
    auto sending = client_->Send(std::move(request));
    sending.Start(nullptr);
    for (size_t i = 0; i < turns; ++i) loop_->Poll(true);
    source.Cancel();
    while (!sending.done()) loop_->Poll(true);
    auto response = sending.TakeValue();
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().error_class, ErrorClass::kInterrupted);
  }
}

TEST_F(UploadTest, TheBodyIsCancelledWhileItIsRead) {
  auto& server = Serve({{{"\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}}});
  auto response = Send(PostTo(server.port()));
  ASSERT_TRUE(response.ok());
  auto reading = response->body->Read(Bytes::Allocate(16));
  reading.Start(nullptr);
  EXPECT_FALSE(reading.done());
  response->body->Cancel();
  ASSERT_TRUE(reading.done());
  EXPECT_FALSE(reading.TakeValue().ok());
}

TEST_F(UploadTest, TasksMayBeDroppedAtAnyTime) {
  auto& server = Serve({{{"", ""}}});
  for (const size_t turns : {0u, 1u, 2u, 5u}) {
    HttpRequest request = PostTo(server.port());
    request.body = Bytes::Allocate(16 << 20);
    auto sending = client_->Send(std::move(request));
    sending.Start(nullptr);
    for (size_t i = 0; i < turns; ++i) loop_->Poll(false);
  }
  Turn();
}

}  // namespace
}  // namespace rt
