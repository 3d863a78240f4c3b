// The part of Engine that answers requests and hands out their bodies.
#include <algorithm>
#include <cstring>

#include "src/ext/http/engine/engine.h"
#include "src/ext/http/engine/h2_connection.h"

namespace rt::http {
namespace {

constexpr std::string_view kEmptyLine = "\r\n";

// "1a\r\n": the size line of a chunk.
size_t WriteChunkSize(size_t size, char* out) {
  char digits[16];
  size_t count = 0;
  do {
    digits[count++] = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size != 0);
  for (size_t i = 0; i < count; ++i) out[i] = digits[count - 1 - i];
  out[count] = '\r';
  out[count + 1] = '\n';
  return count + 2;
}

bool IsBodyless(int status) {
  return status == 204 || status == 304;
}

}  // namespace

Request* Engine::Answerable(RequestId id) {
  Request* request = pool_.Find(id);
  if (request == nullptr || request->finished) return nullptr;
  if (request->connection == nullptr) {
    pool_.Release(request);
    return nullptr;
  }
  return request;
}

sockaddr_storage Engine::PeerOf(RequestId id) {
  const Request* request = pool_.Find(id);
  if (request == nullptr || request->connection == nullptr) return {};
  return request->connection->peer();
}

// Null if it is too late. Nothing is released or sent when the head is refused.
Result<Request*> Engine::BeginResponse(RequestId id, const ResponseHead& head, bool* close) {
  RT_TRY_VOID(CheckResponseHead(head, close));
  Request* request = Answerable(id);
  if (request != nullptr && request->started) return Error::Type("Response already started");
  return request;
}

HeadOptions Engine::OptionsFor(Request* request, bool close) {
  HeadOptions options;
  options.keep_alive = !close && request->connection->CanKeepAlive(*request);
  options.http_1_0 = request->head.minor_version == 0;
  options.is_head = request->head.is_head;
  options.date = Date();
  options.keep_alive_field = request->server->keep_alive_field();
  return options;
}

Result<bool> Engine::Respond(RequestId id, const ResponseHead& head, std::string_view body) {
  bool close = false;
  RT_TRY(Request * request, BeginResponse(id, head, &close));
  if (request == nullptr) return false;
  if (request->stream_id != 0) {
    const bool bodyless = request->head.is_head || IsBodyless(head.status);
    if (!bodyless) request->response.Append(body);
    RespondH2(request, head, body.size(), bodyless || body.empty());
    return true;
  }
  HeadOptions options = OptionsFor(request, close);
  options.content_length = body.size();
  if (IsBodyless(head.status)) options.framing = Framing::kNone;
  request->close_after = !options.keep_alive;
  request->started = true;
  Output* out = request->connection->OutputFor(request);
  AppendResponseHead(head, options, out);
  if (options.framing == Framing::kLength && !request->head.is_head) out->Append(body);
  request->connection->Finish(request);
  return true;
}

// What the body is, is in request->response already.
void Engine::RespondH2(Request* request, const ResponseHead& head, size_t size, bool ends) {
  Connection* connection = request->connection;
  std::optional<uint64_t> length = size;
  if (IsBodyless(head.status)) length.reset();
  connection->h2()->SubmitHead(request, head, length, ends);
  connection->h2()->DataAdded(request, true);
  connection->Finish(request);
}

bool Engine::StartPlain(RequestId id, size_t size, Request** answered, char** room) {
  Request* request = Answerable(id);
  if (request == nullptr || request->started) return false;
  if (request->stream_id != 0) {
    request->plain_size = size;
    *answered = request;
    *room = request->head.is_head ? nullptr : request->response.Extend(size);
    return true;
  }
  const HeadOptions options = OptionsFor(request, false);
  request->close_after = !options.keep_alive;
  request->started = true;
  const std::string_view head = date_.plain_head();
  const std::string_view tail =
      options.keep_alive ? options.keep_alive_field : std::string_view("connection: close\r\n");
  const std::string_view old_version =
      options.http_1_0 && options.keep_alive ? "connection: keep-alive\r\n" : "";
  const bool with_body = !request->head.is_head;
  char digits[20];
  const size_t digit_count = WriteDecimal(size, digits);

  Output* out = request->connection->OutputFor(request);
  char* at = out->Extend(head.size() + digit_count + old_version.size() + tail.size() +
                         2 * kEmptyLine.size() + (with_body ? size : 0));
  for (std::string_view part :
       {head, std::string_view(digits, digit_count), kEmptyLine, old_version, tail, kEmptyLine}) {
    std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  *answered = request;
  *room = with_body ? at : nullptr;
  return true;
}

void Engine::FinishPlain(Request* request) {
  if (request->stream_id != 0) request->connection->h2()->SubmitPlain(request);
  request->connection->Finish(request);
}

bool Engine::RespondPlain(RequestId id, std::string_view body) {
  return RespondPlainWith(id, body.size(), [body](char* room) {
    if (!body.empty()) std::memcpy(room, body.data(), body.size());
  });
}

Result<bool> Engine::StartStream(RequestId id, const ResponseHead& head, const uint64_t* length) {
  bool close = false;
  RT_TRY(Request * request, BeginResponse(id, head, &close));
  if (request == nullptr) return false;
  HeadOptions options = OptionsFor(request, close);
  request->bodyless_response = request->head.is_head || IsBodyless(head.status);
  if (request->stream_id != 0) {
    std::optional<uint64_t> stated;
    if (length != nullptr && !IsBodyless(head.status)) {
      stated = *length;
      request->stream_has_length = true;
      request->stream_remaining = *length;
    }
    request->connection->h2()->SubmitHead(request, head, stated, request->bodyless_response);
    return true;
  }
  if (IsBodyless(head.status)) {
    options.framing = Framing::kNone;
  } else if (length != nullptr) {
    options.content_length = *length;
    request->stream_has_length = true;
    request->stream_remaining = *length;
  } else if (options.http_1_0) {
    options.framing = Framing::kClose;
    options.keep_alive = false;
  } else {
    options.framing = Framing::kChunked;
    request->chunked_response = true;
  }
  request->close_after = !options.keep_alive;
  request->started = true;
  AppendResponseHead(head, options, request->connection->OutputFor(request));
  return true;
}

Engine::Written Engine::WriteStream(RequestId id, std::string_view bytes) {
  Request* request = pool_.Find(id);
  if (request == nullptr || request->connection == nullptr || !request->started ||
      request->finished) {
    return Written::kGone;
  }
  if (!request->bodyless_response && !bytes.empty()) {
    Output* out = request->connection->OutputFor(request);
    if (request->chunked_response) {
      char size[20];
      out->Append({size, WriteChunkSize(bytes.size(), size)});
      out->Append(bytes);
      out->Append(kEmptyLine);
    } else {
      if (request->stream_has_length) {
        bytes = bytes.substr(
            0, static_cast<size_t>(std::min<uint64_t>(request->stream_remaining, bytes.size())));
        request->stream_remaining -= bytes.size();
      }
      out->Append(bytes);
    }
    if (request->stream_id != 0) request->connection->h2()->DataAdded(request, false);
  }
  return request->connection->IsCongested(*request) ? Written::kWait : Written::kGoOn;
}

void Engine::OnWritable(RequestId id, std::function<void()> callback) {
  Request* request = pool_.Find(id);
  if (request == nullptr || request->connection == nullptr) return callback();
  request->on_writable = std::move(callback);
}

bool Engine::EndStream(RequestId id) {
  Request* request = Answerable(id);
  if (request == nullptr || !request->started) return false;
  if (request->stream_has_length && request->stream_remaining > 0 && !request->bodyless_response) {
    request->connection->Abandon(request);
    return false;
  }
  if (request->chunked_response && !request->bodyless_response) {
    request->connection->OutputFor(request)->Append("0\r\n\r\n");
  }
  if (request->stream_id != 0) request->connection->h2()->DataAdded(request, true);
  request->connection->Finish(request);
  return true;
}

Result<bool> Engine::Upgrade(RequestId id, std::span<const HeaderPair> headers,
                             std::function<void(HandedOver)> receiver) {
  bool close = false;
  RT_TRY(Request * request,
         BeginResponse(id, {.status = 200, .status_text = {}, .headers = headers}, &close));
  if (request == nullptr) return false;
  if (!MayUpgrade(*request)) {
    return Error::Type("The request asks for no upgrade, or cannot be upgraded");
  }
  request->started = true;
  Output* out = request->connection->OutputFor(request);
  out->Append("HTTP/1.1 101 Switching Protocols\r\n");
  for (const HeaderPair& field : headers) {
    for (std::string_view part : {field.name, std::string_view(": "), field.value, kEmptyLine}) {
      out->Append(part);
    }
  }
  out->Append(kEmptyLine);
  request->connection->FinishAndHandOver(request, std::move(receiver));
  return true;
}

void Engine::Abandon(RequestId id) {
  if (Request* request = Answerable(id)) request->connection->Abandon(request);
}

void Engine::OnCancel(RequestId id, std::function<void(bool)> callback) {
  Request* request = pool_.Find(id);
  if (request == nullptr) return callback(false);
  if (request->connection == nullptr || request->connection->peer_gone()) return callback(true);
  if (auto before = std::exchange(request->on_cancel, nullptr)) {
    callback = [before = std::move(before), callback = std::move(callback)](bool gone) {
      before(gone);
      callback(gone);
    };
  }
  request->on_cancel = std::move(callback);
}

void Engine::OnCompleted(RequestId id, std::function<void(bool)> callback) {
  Request* request = pool_.Find(id);
  if (request == nullptr || request->connection == nullptr) return callback(false);
  request->on_completed = std::move(callback);
}

Engine::BodyRead Engine::ReadBody(RequestId id, size_t max_size, std::string* out) {
  out->clear();
  Request* request = pool_.Find(id);
  if (request == nullptr) return BodyRead::kError;
  RequestBody& body = request->body;
  if (body.error != BodyError::kNone) return BodyRead::kError;
  if (body.whole && !body.done) return BodyRead::kPending;
  if (body.available() > 0) {
    if (body.read_offset == 0 && body.data.size() <= max_size) {
      out->swap(body.data);
    } else {
      const size_t size = std::min(max_size, body.available());
      out->assign(body.data, body.read_offset, size);
      body.read_offset += size;
      if (body.available() == 0) {
        body.data.clear();
        body.read_offset = 0;
      }
    }
    if (!body.done && request->connection != nullptr) request->connection->WantBody(request);
    return BodyRead::kData;
  }
  return body.done ? BodyRead::kEnd : BodyRead::kPending;
}

Engine::BodyRead Engine::ReadBodyInto(RequestId id, std::span<uint8_t> out, size_t* size) {
  *size = 0;
  Request* request = pool_.Find(id);
  if (request == nullptr) return BodyRead::kError;
  RequestBody& body = request->body;
  if (body.error != BodyError::kNone) return BodyRead::kError;
  if (body.whole && !body.done) return BodyRead::kPending;
  if (body.available() == 0) return body.done ? BodyRead::kEnd : BodyRead::kPending;
  *size = std::min(out.size(), body.available());
  std::memcpy(out.data(), body.data.data() + body.read_offset, *size);
  body.read_offset += *size;
  if (body.available() == 0) {
    body.data.clear();
    body.read_offset = 0;
  }
  if (!body.done && request->connection != nullptr) request->connection->WantBody(request);
  return BodyRead::kData;
}

void Engine::ReadAhead(RequestId id, uint32_t size) {
  if (Request* request = pool_.Find(id)) request->body.read_ahead = size;
}

void Engine::OnBody(RequestId id, std::function<void()> callback) {
  Request* request = pool_.Find(id);
  if (request == nullptr) return callback();
  RequestBody& body = request->body;
  const bool ready = body.done || body.error != BodyError::kNone ||
                     request->connection == nullptr || (!body.whole && body.available() > 0);
  if (ready) return callback();
  body.waiter = std::move(callback);
  request->connection->WantBody(request);
}

void Engine::BufferBody(RequestId id) {
  Request* request = pool_.Find(id);
  if (request == nullptr) return;
  if (RequestBody& body = request->body; body.done) {
    // It was read ahead before anybody wanted it whole. The connection is in order: the program
    // answers.
    if (body.received > request->server->limits().max_buffered_body_bytes) {
      body.error = BodyError::kTooLarge;
      std::string().swap(body.data);
      body.read_offset = 0;
    }
    return;
  }
  request->body.whole = true;
  if (request->connection != nullptr) request->connection->WantBody(request);
}

BodyError Engine::BodyErrorOf(RequestId id) {
  const Request* request = pool_.Find(id);
  return request == nullptr ? BodyError::kAborted : request->body.error;
}

}  // namespace rt::http
