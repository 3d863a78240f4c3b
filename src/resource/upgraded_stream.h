// UpgradedStream: a connection that has left HTTP, on its way from whoever upgraded it to whoever
// speaks the new protocol. Scripts can only pass its rid on; closing it closes the connection.
// Runtime's thread; never runs JavaScript.
#pragma once

#include <string>
#include <utility>

#include "src/resource/stream_resource.h"

namespace rt {

class UpgradedStream final : public Resource {
 public:
  // `received`: what has come already and is to be taken before anything is read.
  UpgradedStream(Ref<StreamResource> stream, std::string received)
      : Resource(TypeIdOf<UpgradedStream>()),
        stream_(std::move(stream)),
        received_(std::move(received)) {}

  std::string_view name() const override { return "upgradedStream"; }
  void Close() override {
    if (const auto stream = std::exchange(stream_, {})) stream->Close();
  }

  // Null once it was taken or closed.
  Ref<StreamResource> TakeStream() { return std::exchange(stream_, {}); }
  std::string TakeReceived() { return std::exchange(received_, {}); }

 private:
  ~UpgradedStream() override {
    if (stream_) stream_->Close();
  }

  Ref<StreamResource> stream_;
  std::string received_;
};

}  // namespace rt
