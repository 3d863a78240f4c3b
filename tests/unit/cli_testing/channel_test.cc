#include "src/cli/testing/channel.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace rt::cli {
namespace {

struct Heard {
  std::string all;
  ChannelReader::Sink sink() {
    return {.output = [this](std::string_view text) { all += "o:" + std::string(text) + ";"; },
            .event = [this](std::string_view text) { all += "e:" + std::string(text) + ";"; }};
  }
};

std::string ReadAll(int fd) {
  std::string text;
  char part[1000];
  for (ssize_t size; (size = read(fd, part, sizeof part)) > 0;) {
    text.append(part, static_cast<size_t>(size));
  }
  return text;
}

std::string Written(const ChannelNonce& nonce, const std::function<void(int)>& write_all) {
  int fds[2];
  EXPECT_EQ(pipe(fds), 0);
  std::thread writer([&] {
    write_all(fds[1]);
    close(fds[1]);
  });
  const std::string text = ReadAll(fds[0]);
  writer.join();
  close(fds[0]);
  return text;
}

TEST(Channel, EventsAndOutputKeepTheirOrder) {
  const ChannelNonce nonce = MakeNonce();
  const std::string bytes = Written(nonce, [&](int fd) {
    (void)!write(fd, "one", 3);
    WriteEvent(fd, nonce, "{1}");
    WriteEvent(fd, nonce, "{2}");
    (void)!write(fd, "two\n", 4);
  });
  // However the bytes arrive.
  for (size_t step : {bytes.size(), size_t{1}, size_t{7}}) {
    Heard heard;
    ChannelReader reader(nonce, heard.sink());
    std::string output;
    for (size_t at = 0; at < bytes.size(); at += step) reader.Feed(bytes.substr(at, step));
    reader.End();
    if (step == bytes.size()) {
      EXPECT_EQ(heard.all, "o:one;e:{1};e:{2};o:two\n;");
    }
    EXPECT_NE(heard.all.find("e:{1};e:{2};"), std::string::npos);
  }
}

TEST(Channel, LargeEventsAreCutAndJoined) {
  const ChannelNonce nonce = MakeNonce();
  const std::string large(100'000, 'x');
  Heard heard;
  ChannelReader reader(nonce, heard.sink());
  reader.Feed(Written(nonce, [&](int fd) { WriteEvent(fd, nonce, large); }));
  EXPECT_EQ(heard.all, "e:" + large + ";");
}

TEST(Channel, AnotherNonceIsOutput) {
  const ChannelNonce nonce = MakeNonce();
  const ChannelNonce other = MakeNonce();
  Heard heard;
  ChannelReader reader(nonce, heard.sink());
  reader.Feed(Written(nonce, [&](int fd) { WriteEvent(fd, other, "{\"kind\":\"done\"}"); }));
  reader.End();
  EXPECT_EQ(heard.all.find("e:"), std::string::npos);
}

TEST(Channel, TheStartOfANonceAtTheEndIsOutput) {
  const ChannelNonce nonce = MakeNonce();
  Heard heard;
  ChannelReader reader(nonce, heard.sink());
  reader.Feed("text" + std::string(nonce.data(), 5));
  EXPECT_EQ(heard.all, "o:text;");
  reader.End();
  EXPECT_EQ(heard.all, "o:text;o:" + std::string(nonce.data(), 5) + ";");
}

}  // namespace
}  // namespace rt::cli
